package search

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestPassages(t *testing.T) {
	sentence := "Une phrase de sept mots en tout. "
	for _, c := range []struct {
		name, text string
		want       int
	}{
		{"empty", "", 1},
		{"short", strings.Repeat(sentence, 30), 1},
		{"long", strings.Repeat(sentence, 90), 4},
		{"a little more than three", strings.Repeat(sentence, 68), 3},
		{"without an end of sentence", strings.Repeat("mot ", 1000), 4},
		{"one word", strings.Repeat("m", 10_000), 1},
	} {
		got := passages(c.text)
		if len(got) != c.want {
			t.Errorf("%s: %d passages, not %d", c.name, len(got), c.want)
		}
		if a, b := strings.Fields(strings.Join(got, " ")), strings.Fields(c.text); len(a) != len(b) {
			t.Errorf("%s: %d words of %d are left", c.name, len(a), len(b))
		}
	}
}

// TestLongSectionIsOneHit asks for what stands at the end of a long page without
// headings: it is found there, counted once, and shown by the right passage.
func TestLongSectionIsOneHit(t *testing.T) {
	filler := strings.Repeat("Le texte parle longuement du service et de ses usages. ", 200)
	l := library(t, fstest.MapFS{
		"long.md":  {Data: []byte("# Manuel\n\n" + filler + "\n\nLe préavis de résiliation est de trois mois. " + filler)},
		"court.md": {Data: []byte("# Résumé\n\nLe service et ses usages, avec la résiliation.")},
	})
	a := ask(t, l, Request{Query: "préavis de résiliation"})
	if len(a.Hits) != 2 || a.Hits[0].Page.Source != "long.md" || !strings.Contains(a.Hits[0].Snippet, "trois mois") {
		t.Errorf("hits %v, the first shown as %q", idsOf(a), a.Hits[0].Snippet)
	}
	if a.Total != 2 {
		t.Errorf("%d hits in all: a section counts once", a.Total)
	}
}
