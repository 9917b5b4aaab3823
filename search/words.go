package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cct-mi/cct/store"
)

// surfaces learns how the content spells each word, so that a correction or a
// completion shows "sécurité" and "PostgreSQL" where the index holds securite
// and postgresql.
type surfaces map[string]map[string]int

func newSurfaces() surfaces { return surfaces{} }

func (s surfaces) add(text string) {
	for _, t := range tokenize(text) {
		if len(t.word) < 3 || t.word[0] >= '0' && t.word[0] <= '9' {
			continue
		}
		spelt := text[t.start:t.end]
		if !t.capitals && !strings.ContainsFunc(spelt[1:], unicode.IsUpper) && !inSentence(text[:t.start]) {
			spelt = strings.ToLower(spelt)
		}
		m := s[t.word]
		if m == nil {
			m = map[string]int{}
			s[t.word] = m
		}
		m[spelt]++
	}
}

// inSentence says whether what comes after a text goes on a sentence, so that its
// capital is a name's.
func inSentence(before string) bool {
	before = strings.TrimRight(before, " \u00a0'’(«\"")
	last, _ := utf8.DecodeLastRuneInString(before)
	return unicode.IsLetter(last) || last == ','
}

// write keeps the commonest spelling of each word that is not spelt as folded.
func (s surfaces) write(w *store.Writer) error {
	for word, spellings := range s {
		best := ""
		for sp, n := range spellings {
			if best == "" || cmp.Or(cmp.Compare(n, spellings[best]), strings.Compare(best, sp)) > 0 {
				best = sp
			}
		}
		if best == word {
			continue
		}
		if err := w.Put(bucketWords, word, []byte(best)); err != nil {
			return err
		}
	}
	return nil
}

// spell gives folded words as the content spells them.
func (l *Library) spell(words ...string) []string {
	out := slices.Clone(words)
	// A word that can't be read is shown as folded: only its accents are lost.
	_ = l.store.View(bucketWords, func(get func(string) []byte) error {
		for i, w := range words {
			if v := get(w); v != nil {
				out[i] = string(v)
			}
		}
		return nil
	})
	return out
}
