package search

import (
	"github.com/cct-mi/cct/search/french"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// repaired is what was done to the units of a query.
type repaired struct {
	units     []french.Word
	discount  []float64 // of each unit: 1 as typed, less the more it was corrected
	corrected []bool
	unknown   []string // as typed
	text      string   // the query's text with corrections, "" when there is none
}

// repair corrects the unknown words of a query: joined to their neighbour, cut
// in two, or replaced.
func (l *Library) repair(p parsed, st *french.Stemmer, off bool, inThesaurus func(i int) bool) (repaired, error) {
	var r repaired
	knows := make([]bool, len(p.units))
	for i, u := range p.units {
		k, err := l.known(u.Term, u.Stem)
		if err != nil {
			return r, err
		}
		if !k && len(u.Parts) > 0 {
			k = true
			for _, t := range u.Parts {
				pk, err := l.known(t.Term, st.Stem(t.Term))
				if err != nil {
					return r, err
				}
				k = k && (pk || french.IsStopWord(t.Term))
			}
		}
		knows[i] = k || inThesaurus(i)
	}
	type change struct {
		start, end int
		words      []string
	}
	var changes []change
	put := func(u french.Word, discount float64, corrected bool) {
		r.units, r.discount, r.corrected = append(r.units, u), append(r.discount, discount), append(r.corrected, corrected)
	}
	for i := 0; i < len(p.units); i++ {
		u := p.units[i]
		// A word cut in two by mistake: "elastic search".
		if !off && i+1 < len(p.units) && (!knows[i] || !knows[i+1]) && p.units[i+1].Start == u.End+1 {
			w, discount, err := l.joined(u, p.units[i+1])
			if err != nil {
				return r, err
			}
			if w != "" {
				put(l.word(french.Token{Term: w, Start: u.Start, End: p.units[i+1].End, Position: u.Position}), discount, true)
				changes = append(changes, change{u.Start, p.units[i+1].End, []string{w}})
				i++
				continue
			}
		}
		if knows[i] {
			put(u, 1, false)
			continue
		}
		if !off {
			whole, err := l.joinedToIdle(p.all, u)
			if err != nil {
				return r, err
			}
			if whole.Term != "" {
				put(whole, 1, true)
				changes = append(changes, change{whole.Start, whole.End, []string{whole.Term}})
				continue
			}
		}
		if len(u.Parts) > 1 && !off { // a compound: each part by itself
			any := false
			for _, t := range u.Parts {
				pu := l.word(t)
				if french.IsStopWord(t.Term) {
					continue
				}
				k, err := l.known(pu.Term, pu.Stem)
				if err != nil {
					return r, err
				}
				if k {
					put(pu, 1, false)
					any = true
					continue
				}
				c, ok, err := l.correctUnit(p.text, pu)
				if err != nil {
					return r, err
				}
				if !ok {
					r.unknown = append(r.unknown, p.text[t.Start:t.End])
					put(pu, 1, false)
					continue
				}
				any = true
				changes = append(changes, change{t.Start, t.End, c.words})
				for _, w := range c.words {
					put(l.word(french.Token{Term: w, Start: t.Start, End: t.End, Position: t.Position}), max(1-2*c.distance/float64(len(pu.Term)), .2), true)
				}
			}
			if any {
				continue
			}
			put(u, 1, false)
			continue
		}
		if !off {
			c, ok, err := l.correctUnit(p.text, u)
			if err != nil {
				return r, err
			}
			if ok {
				changes = append(changes, change{u.Start, u.End, c.words})
				for _, w := range c.words {
					if french.IsStopWord(w) {
						continue
					}
					put(l.word(french.Token{Term: w, Start: u.Start, End: u.End, Position: u.Position}), max(1-2*c.distance/float64(len(u.Term)), .2), true)
				}
				continue
			}
		}
		r.unknown = append(r.unknown, p.text[u.Start:u.End])
		put(u, 1, false)
	}
	if len(changes) > 0 {
		var b strings.Builder
		at := 0
		for _, c := range changes {
			b.WriteString(p.text[at:c.start])
			b.WriteString(strings.Join(l.spell(c.words...), " "))
			at = c.end
		}
		b.WriteString(p.text[at:])
		r.text = b.String()
	}
	return r, nil
}

// correctUnit corrects a word of a query. A name, with a capital inside the
// query, is rather one that the content lacks.
func (l *Library) correctUnit(text string, u french.Word) (correction, bool, error) {
	c, ok, err := l.correct(u.Term, u.Stem)
	first, _ := utf8.DecodeRuneInString(text[u.Start:])
	if ok && u.Start > 0 && unicode.IsUpper(first) && !u.Capitals && (len(u.Term) < 5 || c.distance > 1.5 && !anagram(u.Term, strings.Join(c.words, ""))) {
		ok = false
	}
	return c, ok, err
}

// joined tries two neighbours as one word, exact or one edit away; "" when they
// are two.
func (l *Library) joined(a, b french.Word) (w string, discount float64, err error) {
	if len(a.Parts) > 0 || len(b.Parts) > 0 || len(a.Term)+len(b.Term) < 6 {
		return "", 0, nil
	}
	w = a.Term + b.Term
	if ok, err := l.oneWord(w); err != nil || ok {
		return w, 1, err
	}
	if !correctable(w) || french.IsEveryday(a.Term, a.Stem) || french.IsEveryday(b.Term, b.Stem) {
		return "", 0, nil
	}
	near, err := l.near(w, 1)
	if err != nil || len(near) == 0 {
		return "", 0, err
	}
	// A slip across the blank is likely only when one side alone is no better.
	slices.SortFunc(near, func(x, y term) int { return strings.Compare(x.text, y.text) })
	best, at := 9.0, ""
	for _, e := range near {
		if d := slips(w, e.text); d < best && len(e.text) > max(len(a.Term), len(b.Term))+1 {
			best, at = d, e.text
		}
	}
	return at, max(1-2*best/float64(len(w)), .2), nil
}

// joinedToIdle tries an unknown word with the stop word before or after it: a
// blank too many made one of a word's half ("rése aux").
func (l *Library) joinedToIdle(all []french.Word, u french.Word) (french.Word, error) {
	if len(u.Parts) > 0 {
		return french.Word{}, nil
	}
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
		if ok, err := l.oneWord(w); err != nil || ok {
			return l.word(french.Token{Term: w, Start: a.Start, End: b.End, Position: a.Position}), err
		}
	}
	return french.Word{}, nil
}

// oneWord says whether two words written without their blank are a word of the
// content or of the thesaurus.
func (l *Library) oneWord(w string) (bool, error) {
	if n, err := l.count(fieldExact, w); err != nil || n > 0 {
		return n > 0, err
	}
	if len(w) >= 7 && correctable(w) {
		if ok, err := l.known(w, l.stems.Stem(w)); err != nil || ok {
			return ok, err
		}
	}
	all, err := l.vocabulary()
	if err != nil || !all.has(w) {
		return false, err
	}
	return l.leads(w)
}
