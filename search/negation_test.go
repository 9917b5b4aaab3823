package search

import (
	"testing"
	"testing/fstest"
)

// TestNegationOfANameThatTheThesaurusKnows: a name is left out although it has other
// names, and its expansion is not said; a sentence in « ne … pas » leaves nothing out, nor
// does a question that would have nothing else.
func TestNegationOfANameThatTheThesaurusKnows(t *testing.T) {
	l := library(t, fstest.MapFS{
		"a.md":          {Data: []byte("# Premier\n\nUne sauvegarde va sur S3, sur S3 la sauvegarde reste.\n")},
		"b.md":          {Data: []byte("# Second\n\nUne sauvegarde va sur bande.\n")},
		"synonymes.txt": {Data: []byte("s3, stockage objet\nstockage objet, ceph\n")},
	})
	for query, want := range map[string]string{
		"sauvegarde sauf s3": "b", "sauvegarde pas S3": "b", "sauvegarde hors S3": "b",
		"la sauvegarde n’est pas sur S3": "a", "hors S3": "a",
	} {
		a := ask(t, l, Request{Query: query})
		if len(a.Hits) == 0 || a.Hits[0].Page.ID != want || want == "b" && len(a.Expanded) > 0 {
			t.Errorf("%q finds %q first, want %s; expanded %v", query, idsOf(a), want, a.Expanded)
		}
	}
}

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
		"base de données pas relationnelle": "b", "base de données excepté relationnelle": "b",
	} {
		if a := ask(t, l, Request{Query: query}); len(a.Hits) == 0 || a.Hits[0].Page.ID != want {
			t.Errorf("%q finds %q first, want %s", query, idsOf(a), want)
		}
	}
}
