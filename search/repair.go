package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// repaired is what was done to the units of a query.
type repaired struct {
	units     []unit
	discount  []float64 // of each unit: 1 as typed, less the more it was corrected
	corrected []bool
	unknown   []string // as typed
	text      string   // the query's text with corrections, "" when there is none
}

// repair corrects the unknown words of a query: joined to their neighbour, cut
// in two, or replaced.
func (l *Library) repair(p parsed, st *stems, off bool, inThesaurus func(i int) bool) (repaired, error) {
	var r repaired
	knows := make([]bool, len(p.units))
	for i, u := range p.units {
		k, err := l.known(u.word, u.stem)
		if err != nil {
			return r, err
		}
		if !k && len(u.parts) > 0 {
			k = true
			for _, t := range u.parts {
				pk, err := l.known(t.word, st.stem(t.word))
				if err != nil {
					return r, err
				}
				k = k && (pk || stopWords[t.word])
			}
		}
		knows[i] = k || inThesaurus(i)
	}
	type change struct {
		start, end int
		words      []string
	}
	var changes []change
	put := func(u unit, discount float64, corrected bool) {
		r.units, r.discount, r.corrected = append(r.units, u), append(r.discount, discount), append(r.corrected, corrected)
	}
	for i := 0; i < len(p.units); i++ {
		u := p.units[i]
		// A word cut in two by mistake: "elastic search".
		if !off && i+1 < len(p.units) && (!knows[i] || !knows[i+1]) && p.units[i+1].start == u.end+1 {
			w, discount, err := l.joined(u, p.units[i+1])
			if err != nil {
				return r, err
			}
			if w != "" {
				put(unit{word: w, stem: st.stem(w), start: u.start, end: p.units[i+1].end, at: u.at}, discount, true)
				changes = append(changes, change{u.start, p.units[i+1].end, []string{w}})
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
			if whole.word != "" {
				put(whole, 1, true)
				changes = append(changes, change{whole.start, whole.end, []string{whole.word}})
				continue
			}
		}
		if len(u.parts) > 1 && !off { // a compound: each part by itself
			any := false
			for _, t := range u.parts {
				pu := unit{word: t.word, stem: st.stem(t.word), start: t.start, end: t.end, at: t.pos, capitals: t.capitals}
				if stopWords[t.word] {
					continue
				}
				k, err := l.known(pu.word, pu.stem)
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
					r.unknown = append(r.unknown, p.text[t.start:t.end])
					put(pu, 1, false)
					continue
				}
				any = true
				changes = append(changes, change{t.start, t.end, c.words})
				for _, w := range c.words {
					put(unit{word: w, stem: st.stem(w), start: t.start, end: t.end, at: t.pos}, max(1-2*c.distance/float64(len(pu.word)), .2), true)
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
				changes = append(changes, change{u.start, u.end, c.words})
				for _, w := range c.words {
					if stopWords[w] {
						continue
					}
					put(unit{word: w, stem: st.stem(w), start: u.start, end: u.end, at: u.at}, max(1-2*c.distance/float64(len(u.word)), .2), true)
				}
				continue
			}
		}
		r.unknown = append(r.unknown, p.text[u.start:u.end])
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
func (l *Library) correctUnit(text string, u unit) (correction, bool, error) {
	c, ok, err := l.correct(u.word, u.stem)
	first, _ := utf8.DecodeRuneInString(text[u.start:])
	if ok && u.start > 0 && unicode.IsUpper(first) && !u.capitals && (len(u.word) < 5 || c.distance > 1.5 && !anagram(u.word, strings.Join(c.words, ""))) {
		ok = false
	}
	return c, ok, err
}

// joined tries two neighbours as one word, exact or one edit away; "" when they
// are two.
func (l *Library) joined(a, b unit) (w string, discount float64, err error) {
	if len(a.parts) > 0 || len(b.parts) > 0 || len(a.word)+len(b.word) < 6 {
		return "", 0, nil
	}
	w = a.word + b.word
	if ok, err := l.oneWord(w); err != nil || ok {
		return w, 1, err
	}
	if !correctable(w) || everyday(a.word, a.stem) || everyday(b.word, b.stem) {
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
		if d := slips(w, e.text); d < best && len(e.text) > max(len(a.word), len(b.word))+1 {
			best, at = d, e.text
		}
	}
	return at, max(1-2*best/float64(len(w)), .2), nil
}

// joinedToIdle tries an unknown word with the stop word before or after it: a
// blank too many made one of a word's half ("rése aux").
func (l *Library) joinedToIdle(all []unit, u unit) (unit, error) {
	if len(u.parts) > 0 {
		return unit{}, nil
	}
	i := slices.IndexFunc(all, func(o unit) bool { return o.start == u.start })
	for _, pair := range [][2]int{{i, i + 1}, {i - 1, i}} {
		if i < 0 || pair[0] < 0 || pair[1] == len(all) {
			continue
		}
		a, b := all[pair[0]], all[pair[1]]
		if !a.idle && !b.idle || len(a.parts)+len(b.parts) > 0 || a.end+1 != b.start || len(a.word)+len(b.word) < 5 {
			continue
		}
		w := a.word + b.word
		if ok, err := l.oneWord(w); err != nil || ok {
			return unit{word: w, stem: l.stems.stem(w), start: a.start, end: b.end, at: a.at}, err
		}
	}
	return unit{}, nil
}

// oneWord says whether two words written without their blank are a word of the
// content or of the thesaurus.
func (l *Library) oneWord(w string) (bool, error) {
	if n, err := l.count(fieldExact, w); err != nil || n > 0 {
		return n > 0, err
	}
	if len(w) >= 7 && correctable(w) {
		if ok, err := l.known(w, l.stems.stem(w)); err != nil || ok {
			return ok, err
		}
	}
	all, err := l.vocabulary()
	if err != nil || !all.has(w) {
		return false, err
	}
	return l.leads(w)
}
