package search

import (
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/store"
)

// widening is what a word or a phrase leads to besides itself.
type widening struct {
	Text     string `json:"t"`           // as the thesaurus writes it
	Capitals bool   `json:"c,omitempty"` // holds only when the query's word is in capitals
}

// maxWidenings bounds what one word may lead to.
const maxWidenings = 12

// longestTerm is the most words that a term of the thesaurus may have to be
// recognised in a query.
const longestTerm = 6

// writeExpansions merges the thesaurus that comes with the program, the
// folder's own and what its glossary says, into one list by term.
func writeExpansions(ed *content.Edition, w *store.Writer) error {
	own, err := embeddedSynonyms()
	if err != nil {
		return err
	}
	byKey := map[string][]widening{}
	st := &stems{}
	addGroup := func(g content.Synonym) {
		for i, from := range g.Terms {
			if g.OneWay && i > 0 {
				break
			}
			for _, key := range termKeys(from.Text, st) {
				for j, to := range g.Terms {
					if i == j || slices.Contains(termKeys(to.Text, st), key) {
						continue
					}
					wd := widening{to.Text, from.Capitals}
					if !slices.ContainsFunc(byKey[key], func(o widening) bool { return foldWord(o.Text) == foldWord(wd.Text) }) {
						byKey[key] = append(byKey[key], wd)
					}
				}
			}
		}
	}
	for _, g := range own {
		addGroup(g)
	}
	for _, g := range ed.Synonyms {
		addGroup(g)
	}
	for _, r := range ed.Records {
		if r.Kind != content.KindTerme || len(r.Terme.Aliases) == 0 {
			continue
		}
		g := content.Synonym{Terms: []content.SynonymTerm{{Text: r.Terme.Term, Capitals: ambiguous(r.Terme.Term)}}}
		for _, a := range r.Terme.Aliases {
			g.Terms = append(g.Terms, content.SynonymTerm{Text: a, Capitals: ambiguous(a)})
		}
		addGroup(g)
	}
	for key, list := range byKey {
		if len(list) > maxWidenings {
			list = list[:maxWidenings]
		}
		b, err := json.Marshal(list)
		if err != nil {
			return err
		}
		if err := w.Put(bucketExpand, key, b); err != nil {
			return err
		}
	}
	return nil
}

func embeddedSynonyms() ([]content.Synonym, error) {
	f, err := content.Embedded().Open("synonymes.txt")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	groups, _ := content.ParseSynonyms(f) // its faults are ingest's to report
	return groups, nil
}

// ambiguous says whether an acronym reads like a French word when it is not in
// capitals.
func ambiguous(term string) bool {
	w := foldWord(term)
	return allCapitals(term) && (stopWords[w] || len(w) <= 2)
}

// termKeys are the keys under which a term is looked up: its stems in order,
// without stop words; a compound counts whole and in parts.
func termKeys(term string, st *stems) []string {
	tokens := tokenize(term)
	var whole, parts []string
	for _, t := range tokens {
		if stopWords[t.word] && len(tokens) > 1 && !t.capitals {
			continue
		}
		switch {
		case t.joined:
			whole = append(whole, st.stem(t.word))
			if strings.ContainsAny(t.word, "+#.") {
				parts = append(parts, t.word)
			}
		case t.part:
			parts = append(parts, st.stem(t.word))
		default:
			whole = append(whole, st.stem(t.word))
			parts = append(parts, st.stem(t.word))
		}
	}
	keys := []string{}
	for _, k := range []string{strings.Join(whole, " "), strings.Join(parts, " ")} {
		if k != "" && len(k) <= 200 && !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// span is a run of the query's words that the thesaurus knows.
type span struct {
	from, to int // units, to excluded
	with     []widening
}

// widen finds the terms of the thesaurus in a query, the longest first; spans
// do not overlap.
func (l *Library) widen(units []unit) ([]span, error) {
	var spans []span
	err := l.store.View(bucketExpand, func(get func(string) []byte) error {
		for i := 0; i < len(units); {
			step := 1
			for n := min(longestTerm, len(units)-i); n >= 1; n-- {
				var key []string
				capitals := true
				for _, u := range units[i : i+n] {
					key = append(key, u.stem)
					capitals = capitals && u.capitals
				}
				b := get(strings.Join(key, " "))
				if b == nil {
					continue
				}
				var list []widening
				if err := json.Unmarshal(b, &list); err != nil {
					return wrapf(err, "lire les synonymes de « %s »", strings.Join(key, " "))
				}
				list = slices.DeleteFunc(list, func(w widening) bool { return w.Capitals && !capitals })
				if len(list) == 0 {
					continue
				}
				spans = append(spans, span{i, i + n, list})
				step = n
				break
			}
			i += step
		}
		return nil
	})
	slices.SortStableFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	return spans, err
}
