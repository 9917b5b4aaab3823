package search

import (
	"errors"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cct-mi/cct/search/french"
	"github.com/cct-mi/cct/store"
)

// surfaces learns how the content spells each word, so that a correction or a
// completion shows "sécurité" and "PostgreSQL" where the index holds securite
// and postgresql.
type surfaces map[string]spellings

// spellings are those of one word: most words have one.
type spellings struct {
	first string
	times int
	more  map[string]int
}

func (s *spellings) count(spelt string, n int) {
	switch {
	case s.times == 0 || s.first == spelt:
		s.first, s.times = spelt, s.times+n
	case s.more == nil:
		s.more = map[string]int{spelt: n}
	default:
		s.more[spelt] += n
	}
}

// best is the commonest.
func (s *spellings) best() string {
	best, times := s.first, s.times
	for sp, n := range s.more {
		if n > times || n == times && sp < best {
			best, times = sp, n
		}
	}
	return best
}

// add counts the words of a text, cut into tokens.
func (s surfaces) add(text string, tokens []french.Token) {
	for _, t := range tokens {
		if len(t.Term) < 3 || t.Term[0] >= '0' && t.Term[0] <= '9' {
			continue
		}
		spelt := text[t.Start:t.End]
		if !t.Capitals && !strings.ContainsFunc(spelt[1:], unicode.IsUpper) && !inSentence(text[:t.Start]) {
			spelt = strings.ToLower(spelt)
		}
		w := s[t.Term]
		w.count(spelt, 1)
		s[t.Term] = w
	}
}

// merge adds what another part of the content has counted.
func (s surfaces) merge(other surfaces) {
	for word, o := range other {
		w := s[word]
		w.count(o.first, o.times)
		for spelt, n := range o.more {
			w.count(spelt, n)
		}
		s[word] = w
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
	spelt := map[string][]byte{}
	for word, w := range s {
		best := w.best()
		if best == word {
			continue
		}
		spelt[word] = []byte(best)
	}
	p, err := packMap(spelt)
	return errors.Join(err, w.Put(bucketTables, listWords, p))
}

// spell gives folded words as the content spells them.
func (l *Library) spell(words ...string) []string {
	out := slices.Clone(words)
	// A word that can't be read is shown as folded: only its accents are lost.
	_ = l.store.Read(func() error {
		for i, w := range words {
			if v := l.spelt.get(w); v != nil {
				out[i] = string(v)
			}
		}
		return nil
	})
	return out
}
