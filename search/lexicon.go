package search

import (
	"slices"
	"strings"
	"sync"

	"github.com/cct-mi/cct/search/french"
	"github.com/cct-mi/cct/search/index"
	"github.com/cct-mi/cct/store"
)

// lexicon knows the words of the content: which there are, how they are spelt, and
// what a word that isn't among them was meant to be.
type lexicon struct {
	store       *store.Store
	index       *postings
	stems       *french.Stemmer
	thesaurus   *thesaurus
	spelt       func() (packed, error)
	alike       func() ([]heardTerm, error) // words by their sound
	words       func() ([]string, error)    // of the content, in byte order
	names       func() (names, error)       // of products and terms
	corrections *memo[string, corrected]
}

func newLexicon(l *Library) *lexicon {
	lex := &lexicon{store: l.store, index: l.index, stems: l.stems, thesaurus: l.thesaurus,
		spelt: mapped(l.store, listWords), corrections: newMemo[string, corrected](correctionsKept)}
	lex.words, lex.alike, lex.names = sync.OnceValues(lex.readWords), sync.OnceValues(lex.readAlike), sync.OnceValues(lex.readNames)
	return lex
}

// knownUnit says whether a word leads anywhere, whole or by all of its parts.
func (lex *lexicon) knownUnit(u french.Word) (bool, error) {
	known, err := lex.knownWord(u)
	if err != nil || known || len(u.Parts) == 0 {
		return known, err
	}
	for _, t := range u.Parts {
		if known, err := lex.known(t.Term, lex.stems.Stem(t.Term)); err != nil || !known && !french.IsStopWord(t.Term) {
			return false, err
		}
	}
	return true, nil
}

// knownWord says whether the content holds a word, or one of its family. What is no
// form of French is of a family only when it begins like it: "Envoy" is not "envoi".
func (lex *lexicon) knownWord(u french.Word) (bool, error) {
	if n, err := lex.count(fieldExact, u.Term); err != nil || n > 0 {
		return n > 0, err
	}
	known, err := lex.known(u.Term, u.Stem)
	return known && (french.IsForm(u.Term) || strings.HasPrefix(u.Term, u.Stem)), err
}

// known says whether a word, as typed, leads anywhere: as an exact word, or by
// its stem.
func (lex *lexicon) known(word, stem string) (bool, error) {
	if n, err := lex.count(fieldExact, word); err != nil || n > 0 {
		return n > 0, err
	}
	for _, f := range []index.Field{fieldBody, fieldLabel, fieldTitle, fieldPath} {
		if n, err := lex.count(f, stem); err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}

// count is the number of documents that hold a term in a field.
func (lex *lexicon) count(field index.Field, term string) (uint64, error) {
	return lex.index.count(field, term)
}

// spell gives folded words as the content spells them.
func (lex *lexicon) spell(words ...string) []string {
	out := slices.Clone(words)
	// A word that can't be read is shown as folded: only its accents are lost.
	_ = lex.store.Read(func() error {
		spelt, err := lex.spelt()
		if err != nil {
			return err
		}
		for i, w := range words {
			if v := spelt.get(w); v != nil {
				out[i] = string(v)
			}
		}
		return nil
	})
	return out
}

// ordinary says whether a compound is made of words that the content knows by
// themselves. It counts by them alone: "assurance-vie" would otherwise weigh
// thrice, and more where its hyphen is written than where it is not.
func (lex *lexicon) ordinary(parts []french.Token) (bool, error) {
	for _, p := range parts {
		if len(p.Term) < 3 || p.Term[0] <= '9' || !p.Means() {
			return false, nil
		}
		if known, err := lex.known(p.Term, lex.stems.Stem(p.Term)); err != nil || !known {
			return false, err
		}
	}
	return true, nil
}
