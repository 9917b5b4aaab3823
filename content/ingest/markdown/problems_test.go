package markdown

import (
	"strings"
	"testing"
)

// TestProblemsAreCounted: beyond a number, problems that are alike are counted, not named.
func TestProblemsAreCounted(t *testing.T) {
	p := &Problems{File: "a.md"}
	for i := range 1000 {
		p.Problem(i+1, "lien-casse", "le lien %d", i)
	}
	p.Problem(3, "image-cassee", "une image")
	if len(p.List) != maxAlike+1 || p.List[maxAlike-2].What != "le lien 198" || !strings.HasSuffix(p.List[maxAlike-1].What, ": 801") || p.List[maxAlike-1].Line != 200 {
		t.Errorf("%d problems, %+v", len(p.List), p.List[maxAlike-1])
	}
	p.Limit(5)
	p.Problem(2000, "lien-casse", "encore un")
	if len(p.List) != 6 || p.List[3].What != "le lien 3" || !strings.HasSuffix(p.List[4].What, ": 997") {
		t.Errorf("after the limit: %d problems, %+v", len(p.List), p.List)
	}
}
