package search

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
)

// TestRelevanceConfidence asks what the content answers and what it does not: the rule
// of confidence is tuned on every other line of each, and checked on those between.
func TestRelevanceConfidence(t *testing.T) {
	golden(t, "confidence.golden", confidence(t, "testdata/relevance/confidence.txt", .2))
}

// TestRelevanceKnownWords asks in words that the content all knows: half of what they
// ask together it does not answer.
func TestRelevanceKnownWords(t *testing.T) {
	golden(t, "known-words.golden", confidence(t, "testdata/relevance/known-words.txt", .6))
}

// confidence lays out what is answered wrongly of the lines of a file: "+ what the
// content answers", "- what it does not". At most a share of the latter may be accepted.
func confidence(t *testing.T, file string, accepted float64) string {
	t.Helper()
	l := library(t, content.Embedded())
	type half struct {
		asked, wrong int
		queries      []string
	}
	by := map[string]*[2]half{"+": {}, "-": {}}
	for _, line := range linesOf(t, file) {
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
			if most := map[string]float64{"+": .03, "-": accepted}[sign]; float64(h.wrong) > most*float64(h.asked) {
				t.Errorf("%s %s: %d of %d wrong", sign, name, h.wrong, h.asked)
			}
		}
	}
	return b.String()
}

// TestRelevanceQuestions are whole questions, as people ask them: where the first right
// answer stands.
func TestRelevanceQuestions(t *testing.T) {
	l := library(t, content.Embedded())
	asked, reciprocal, unsure := 0, 0.0, 0
	var late []string
	for _, line := range linesOf(t, "testdata/relevance/questions.txt") {
		query, answers, _ := strings.Cut(line, " ; ")
		a := ask(t, l, Request{Query: query})
		at := slices.IndexFunc(a.Hits, func(h Hit) bool {
			return slices.ContainsFunc(strings.Fields(answers), func(want string) bool {
				return h.ID == want || h.Page.ID == want || strings.ContainsAny(want, "-#") && strings.HasPrefix(h.ID, want)
			})
		})
		asked++
		if !a.Confident {
			unsure++
		}
		if at >= 0 {
			reciprocal += 1 / float64(at+1)
		}
		if at < 0 || at > 2 {
			late = append(late, query)
		}
	}
	golden(t, "questions.golden", fmt.Sprintf("questions %d, mean reciprocal rank %.3f, not sure %d\nnot among the first three: %s\n", asked, reciprocal/float64(asked), unsure, strings.Join(late, "; ")))
}
