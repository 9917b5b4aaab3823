package search

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
)

// TestRelevanceConfidence asks what the content answers and what it does not: the rule
// of confidence is tuned on every other line of each, and checked on those between.
func TestRelevanceConfidence(t *testing.T) {
	l := library(t, content.Embedded())
	type half struct {
		asked, wrong int
		queries      []string
	}
	by := map[string]*[2]half{"+": {}, "-": {}}
	for _, line := range linesOf(t, "testdata/relevance/confidence.txt") {
		sign, query, _ := strings.Cut(line, " ")
		halves := by[sign]
		h := &halves[(halves[0].asked+halves[1].asked)%2]
		h.asked++
		if a := ask(t, l, Request{Query: query}); (a.Confident && len(a.Hits) > 0) != (sign == "+") {
			h.wrong++
			h.queries = append(h.queries, query)
		}
	}
	var b strings.Builder
	for _, sign := range []string{"+", "-"} {
		for i, name := range []string{"tuned", "checked"} {
			h := by[sign][i]
			fmt.Fprintf(&b, "%s %-7s %3d, wrong %2d: %s\n", sign, name, h.asked, h.wrong, strings.Join(h.queries, "; "))
			if most := map[string]float64{"+": .03, "-": .2}[sign]; float64(h.wrong) > most*float64(h.asked) {
				t.Errorf("%s %s: %d of %d wrong", sign, name, h.wrong, h.asked)
			}
		}
	}
	golden(t, "confidence.golden", b.String())
}
