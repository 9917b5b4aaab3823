package search

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cct-mi/cct/search/french"
	"github.com/cct-mi/cct/store"
)

// surfaces learns the content's words and how it spells each, so that a correction or
// a completion shows "sécurité" and "PostgreSQL" where the index holds securite
// and postgresql.
type surfaces map[string]*spellings

// spellings are those of one word: most words have one.
type spellings struct {
	first string
	times int
	more  map[string]int
}

func (s *spellings) count(spelt string, n int) {
	switch {
	case s.times == 0:
		s.first, s.times = strings.Clone(spelt), n // not to hold the text
	case s.first == spelt:
		s.times += n
	case s.more == nil:
		s.more = map[string]int{strings.Clone(spelt): n}
	case s.more[spelt] > 0:
		s.more[spelt] += n
	default:
		s.more[strings.Clone(spelt)] = n
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
		if !spellable(t.Term) {
			continue
		}
		spelt := text[t.Start:t.End]
		if !t.Capitals && !strings.ContainsFunc(spelt[1:], unicode.IsUpper) && !inSentence(text[:t.Start]) {
			spelt = strings.ToLower(spelt)
		}
		s.of(t.Term).count(spelt, 1)
	}
}

// know notes words without their spelling.
func (s surfaces) know(tokens []french.Token) {
	for _, t := range tokens {
		if spellable(t.Term) {
			s.of(t.Term)
		}
	}
}

// spellable says of a term that it is a word of some letters.
func spellable(term string) bool { return len(term) >= 3 && (term[0] < '0' || term[0] > '9') }

func (s surfaces) of(term string) *spellings {
	w := s[term]
	if w == nil {
		w = &spellings{}
		s[strings.Clone(term)] = w // not to hold the text
	}
	return w
}

// merge adds what another part of the content has counted.
func (s surfaces) merge(other surfaces) {
	for word, o := range other {
		w := s.of(word)
		if o.times > 0 {
			w.count(o.first, o.times)
		}
		for spelt, n := range o.more {
			w.count(spelt, n)
		}
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
		if best := w.best(); best != word && best != "" {
			spelt[word] = []byte(best)
		}
	}
	p, err := packMap(spelt)
	return errors.Join(err, w.Put(bucketTables, listWords, p))
}

// writeForms keeps which words are forms of one: a question that has one of them is
// answered by all.
func (s surfaces) writeForms(w *store.Writer) error {
	forms := map[string][]byte{}
	for _, word := range slices.Sorted(maps.Keys(s)) {
		if lemma := french.Lemma(word); lemma != word {
			if forms[lemma] != nil {
				forms[lemma] = append(forms[lemma], ' ')
			}
			forms[lemma] = append(forms[lemma], word...)
		}
	}
	p, err := packMap(forms)
	return errors.Join(err, w.Put(bucketTables, listForms, p))
}

// eachForm reads the postings of all forms of a word.
func (sc *scorer) eachForm(word string, do func(doc uint32, times int)) error {
	lemma := sc.lemmas.Lemma(word)
	forms := []string{lemma}
	err := sc.store.Read(func() error {
		all, err := sc.forms()
		if err == nil {
			forms = append(forms, strings.Fields(string(all.get(lemma)))...)
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, form := range forms {
		if err := sc.index.each(fieldExact, form, do); err != nil {
			return err
		}
	}
	return nil
}
