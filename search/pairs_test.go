package search

import (
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
)

// agreement says how alike two answers are: the share of the first five hits
// that both have (Jaccard), and whether the first is the same.
func agreement(a, b *Answer) (float64, bool) {
	x, y := firstIDs(a, 5), firstIDs(b, 5)
	if len(x) == 0 && len(y) == 0 {
		return 1, true
	}
	in := map[string]bool{}
	for _, id := range x {
		in[id] = true
	}
	both := 0
	for _, id := range y {
		if in[id] {
			both++
		}
	}
	return float64(both) / float64(len(x)+len(y)-both), len(x) > 0 && len(y) > 0 && x[0] == y[0]
}

func firstIDs(a *Answer, n int) (out []string) {
	for _, h := range a.Hits[:min(n, len(a.Hits))] {
		out = append(out, string(h.Type)+" "+h.ID+" "+h.URL)
	}
	return out
}

// TestPairsAgree asks for one thing in two ways: singular and plural, masculine
// and feminine, a verb and its participle lead to the same answers.
func TestPairsAgree(t *testing.T) {
	l := library(t, content.Embedded())
	pairs, same, first := 0.0, 0.0, 0.0
	for _, line := range linesOf(t, "testdata/relevance/pairs.txt") {
		one, other, _ := strings.Cut(line, " ; ")
		share, firsts := agreement(ask(t, l, Request{Query: one}), ask(t, l, Request{Query: other}))
		pairs, same = pairs+1, same+share
		if firsts {
			first++
		}
		if share < 1 || !firsts {
			t.Logf("%.2f, first alike: %v: %q and %q", share, firsts, one, other)
		}
	}
	t.Logf("%.0f pairs: the first five agree at %.3f, the first in %.0f", pairs, same/pairs, first)
	if same/pairs < .9 || first/pairs < .96 {
		t.Error("the first five must agree at .9, the first hit in 96 of 100")
	}
}
