package search

import (
	"slices"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
)

// proposalsAreReal: what completion proposes as a search is a word or a term of the
// edition or the thesaurus, or words that stand side by side in a text; a record has the
// title and the address that the edition gives it.
func proposalsAreReal(t *testing.T, l *Library) {
	vocabulary, err := l.thesaurus.vocabulary()
	if err != nil {
		t.Fatal(err)
	}
	for _, typed := range strings.Split("mot|mot d|mot de p|cloud nat|est-ce que j|comment sau|plan de|haute d|quels log|les sauv|données pers|sauvegarde quot|chiffrement des d|code sou|base de d|mise en pr|un api|normes|sill|EX3|librof", "|") {
		list, err := l.Suggest(t.Context(), typed, 8)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range list {
			if s.Type != "" && s.Type != content.KindSection {
				r, err := l.catalog.Record(s.Type, s.ID)
				if err != nil || r.URL() != s.URL || r.Title != s.Text {
					t.Errorf("%q proposes %v, which the edition has otherwise (%v)", typed, s, err)
				}
			}
			if s.Type != "" || vocabulary.has(typedKey(french.Tokenize(s.Text))) {
				continue
			}
			docs, err := l.scorer.withPhrase(words(s.Text))
			if err != nil || len(docs) == 0 {
				t.Errorf("%q proposes %q, which stands nowhere (%v)", typed, s.Text, err)
			}
		}
	}
}

// proposalsReached: what people type leads to what they mean, the record before the
// word.
func proposalsReached(t *testing.T, l *Library) {
	for typed, want := range map[string]string{
		"mot de p": "mot de passe", "quelle base de": "base de données", "pagi": "pagination", "kuberntes": "EX-1561", "postgrs": "AT-1541", "EX3": "EX3", "librof": "PT-1349", "rga": "rgaa", "ex 33": "EX33",
	} {
		list, err := l.Suggest(t.Context(), typed, 8)
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(list, func(s Suggestion) bool { return s.Text == want || s.ID == want })
		word := slices.IndexFunc(list, func(s Suggestion) bool { return s.Type == "" })
		if at < 0 || list[at].Type != "" && word >= 0 && word < at {
			t.Errorf("%q proposes %v, want %s before any word", typed, list, want)
		}
	}
}
