package search

import (
	"maps"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
	"github.com/cct-mi/cct/store"
)

// maxJoin is how many words may be one that was cut: "open street map".
const maxJoin = 4

// names are those of products and terms that are one word, sorted.
type names []string

// join tries the unit at i and those after it as one word, and says how many it took.
func (r *repairer) join(i int) (int, error) {
	for n := min(maxJoin, len(r.p.units)-i); n > 1; n-- {
		window := r.p.units[i : i+n]
		if !oneBlankApart(window) {
			continue
		}
		w, discount, err := r.joined(window, r.knows[i:i+n])
		if err != nil {
			return 0, err
		}
		if w != "" {
			first, last := window[0], window[n-1]
			r.put(r.Library.word(french.Token{Term: w, Start: first.Start, End: last.End, Position: first.Position}), discount, true)
			r.changes = append(r.changes, change{first.Start, last.End, []string{w}})
			return n, nil
		}
	}
	return 0, nil
}

func oneBlankApart(units []french.Word) bool {
	for i, u := range units {
		if len(u.Parts) > 0 || i > 0 && u.Start != units[i-1].End+1 {
			return false
		}
	}
	return true
}

// joined gives the one word that neighbours are, exact or one edit away; "" when they
// are several.
func (r *repairer) joined(units []french.Word, knows []bool) (w string, discount float64, err error) {
	var parts []string
	for _, u := range units {
		parts = append(parts, u.Term)
	}
	if w = strings.Join(parts, ""); len(w) < 6 {
		return "", 0, nil
	}
	if slices.Contains(knows, false) && r.joins < maxJoined {
		r.joins++
		if ok, err := r.lexicon.oneWord(w); err != nil || ok {
			return w, 1, err
		}
		if r.nears < maxNear && len(units) == 2 && correctable(w) && !french.IsEveryday(units[0].Term, units[0].Stem) && !french.IsEveryday(units[1].Term, units[1].Stem) {
			r.nears++
			if near, discount, err := r.lexicon.nearlyJoined(w, units); err != nil || near != "" {
				return near, discount, err
			}
		}
	}
	return r.joinedName(w, parts)
}

// joinedName tries neighbours that are words by themselves as a product's or a term's
// name, exact or one edit away; not where the content has them side by side.
func (r *repairer) joinedName(w string, parts []string) (string, float64, error) {
	names, err := r.lexicon.names()
	if err != nil || len(w) < 8 && !names.has(w) {
		return "", 0, err
	}
	name, distance := names.nearest(w)
	if name == "" {
		return "", 0, nil
	}
	if docs, err := r.scorer.withPhrase(parts); err != nil || len(docs) > 0 {
		return "", 0, err
	}
	return name, max(1-2*distance/float64(len(w)), .2), nil
}

// nearlyJoined finds the word one edit away from two neighbours joined. A slip across
// the blank is likely only when one side alone is no better.
func (lex *lexicon) nearlyJoined(w string, units []french.Word) (string, float64, error) {
	words, err := lex.words()
	if err != nil {
		return "", 0, err
	}
	best, at := 9.0, ""
	for _, near := range nearWords(words, w, 1) {
		if d := editDistance(w, near); d < best && len(near) > max(len(units[0].Term), len(units[1].Term))+1 {
			best, at = d, near
		}
	}
	return at, max(1-2*best/float64(len(w)), .2), nil
}

// joinedToStop tries an unknown word with the stop word before or after it: a blank too
// many made one of a word's half ("rése aux").
func (r *repairer) joinedToStop(u french.Word) (french.Word, error) {
	if len(u.Parts) > 0 {
		return french.Word{}, nil
	}
	all := r.p.all
	i := slices.IndexFunc(all, func(o french.Word) bool { return o.Start == u.Start })
	for _, pair := range [][2]int{{i, i + 1}, {i - 1, i}} {
		if i < 0 || pair[0] < 0 || pair[1] == len(all) {
			continue
		}
		a, b := all[pair[0]], all[pair[1]]
		if !a.Stop && !b.Stop || len(a.Parts)+len(b.Parts) > 0 || a.End+1 != b.Start || len(a.Term)+len(b.Term) < 5 {
			continue
		}
		w := a.Term + b.Term
		if ok, err := r.lexicon.oneWord(w); err != nil || ok {
			return r.Library.word(french.Token{Term: w, Start: a.Start, End: b.End, Position: a.Position}), err
		}
	}
	return french.Word{}, nil
}

// oneWord says whether two words written without their blank are a word of the
// content or of the thesaurus.
func (lex *lexicon) oneWord(w string) (bool, error) {
	if n, err := lex.count(fieldExact, w); err != nil || n > 0 {
		return n > 0, err
	}
	if len(w) >= 7 && correctable(w) {
		if ok, err := lex.known(w, lex.stems.Stem(w)); err != nil || ok {
			return ok, err
		}
	}
	all, err := lex.thesaurus.vocabulary()
	if err != nil || !all.has(w) {
		return false, err
	}
	return lex.thesaurus.leads(w)
}

func (n names) has(w string) bool {
	_, ok := slices.BinarySearch(n, w)
	return ok
}

// nearest is the name that a word is, but for one slip; "" when there is none.
func (n names) nearest(w string) (name string, distance float64) {
	if n.has(w) {
		return w, 0
	}
	from, _ := slices.BinarySearch(n, w[:1])
	var alike []string
	for _, candidate := range n[from:] {
		if candidate[0] != w[0] {
			break
		}
		if len(candidate) >= len(w)-1 && len(candidate) <= len(w)+1 && len(candidate) > 7 {
			alike = append(alike, candidate)
		}
	}
	distance = 1.01
	for _, candidate := range nearWords(alike, w, 1) {
		if d := editDistance(w, candidate); d < distance {
			name, distance = candidate, d
		}
	}
	return name, distance
}

// learnNames adds those of a record, if it is a product or a term.
func learnNames(known map[string]bool, r *content.Record) {
	if r.Kind != content.KindProduit && r.Kind != content.KindTerme {
		return
	}
	for _, w := range titleWords(calledBy(r)) {
		if len(w) > 5 && correctable(w) && !french.IsForm(w) {
			known[w] = true
		}
	}
}

func writeNames(known map[string]bool, w *store.Writer) error {
	return w.Put(bucketTables, listNames, []byte(strings.Join(slices.Sorted(maps.Keys(known)), "\n")))
}

func (lex *lexicon) readNames() (names, error) {
	b, err := lex.store.Get(bucketTables, listNames)
	return strings.Fields(string(b)), err
}
