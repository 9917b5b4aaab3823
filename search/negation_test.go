package search

import (
	"testing"
	"testing/fstest"
)

func TestNegation(t *testing.T) {
	l := library(t, fstest.MapFS{
		"a.md": {Data: []byte("# Relationnel\n\nUne base de données relationnelle garde les données en tables.\n")},
		"b.md": {Data: []byte("# Documents\n\nUne base de données garde les données en documents.\n")},
		"c.md": {Data: []byte("# Ailleurs\n\nCe qui est hors nuage public reste en salle. Le nuage est public.\n")},
		"d.md": {Data: []byte("# Nuage\n\nLe nuage public reçoit les applications du nuage public.\n")},
	})
	for query, want := range map[string]string{
		"base de données non relationnelle": "b", "base de données hors relationnel": "b", "base de données relationnelle": "a",
		"hors nuage public": "c", "nuage public": "d",
	} {
		if a := ask(t, l, Request{Query: query}); len(a.Hits) == 0 || a.Hits[0].Page.ID != want {
			t.Errorf("%q finds %q first, want %s", query, idsOf(a), want)
		}
	}
}
