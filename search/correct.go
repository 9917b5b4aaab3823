package search

import (
	"math"
	"slices"
	"strings"

	index "github.com/blevesearch/bleve_index_api"
)

// correction is a known word in the place of an unknown one.
type correction struct {
	words    []string // folded; two when a blank was missing
	distance float64  // edits, those of a keyboard counted less
}

// Words with figures or signs are names and ids: a near one is another thing,
// so only words of letters are corrected.
func correctable(w string) bool {
	if len(w) < 4 || len(w) > 40 {
		return false
	}
	for i := 0; i < len(w); i++ {
		if w[i] < 'a' || w[i] > 'z' {
			return false
		}
	}
	return true
}

// correct finds the likeliest known word for an unknown one, by a noisy
// channel: how often the content uses the candidate, against how unlikely the
// slip is (20 times a full edit; Kernighan, Church, Gale 1990, simplified).
func (l *Library) correct(w string) (correction, bool, error) {
	if !correctable(w) {
		return correction{}, false, nil
	}
	best, found := correction{}, false
	score := 0.0
	try := func(words []string, distance float64, df uint64) {
		s := math.Log(float64(df)) - distance*math.Log(20)
		if !found || s > score+1e-9 || s > score-1e-9 && strings.Join(words, " ") < strings.Join(best.words, " ") {
			best, score, found = correction{words, distance}, s, true
		}
	}
	near, err := l.near(w, editsAllowed(w))
	if err != nil {
		return best, false, err
	}
	for _, n := range near {
		if len(n.Term) < 3 || strings.ContainsAny(n.Term, "0123456789+#.") {
			continue
		}
		d := slips(w, n.Term)
		if d > float64(editsAllowed(w)) {
			continue
		}
		if n.Term[0] != w[0] {
			d += math.Log(3) / math.Log(20)
		}
		df, err := l.count(fieldExact, n.Term)
		if err != nil {
			return best, false, err
		}
		if df > 0 {
			try([]string{n.Term}, d, df)
		}
	}
	for cut := 2; cut <= len(w)-3; cut++ { // a missing blank
		a, b := w[:cut], w[cut:]
		if len(a) < 3 && !stopWords[a] {
			continue
		}
		dfa, err := l.count(fieldExact, a)
		if err != nil {
			return best, false, err
		}
		if dfa == 0 && !stopWords[a] {
			continue
		}
		dfb, err := l.count(fieldExact, b)
		if err != nil {
			return best, false, err
		}
		if dfb == 0 {
			continue
		}
		if stopWords[a] {
			dfa = dfb
		}
		try([]string{a, b}, 1, min(dfa, dfb))
	}
	return best, found, nil
}

func editsAllowed(w string) int {
	if len(w) >= 7 {
		return 2
	}
	return 1
}

// near lists the words of the content within some edits of w.
func (l *Library) near(w string, edits int) ([]index.DictEntry, error) {
	fuzzy, ok := l.reader.(index.IndexReaderFuzzy)
	if !ok {
		return nil, nil
	}
	d, err := fuzzy.FieldDictFuzzy(fieldNames[fieldExact], w, edits, "")
	if err != nil {
		return nil, wrapf(err, "chercher des mots proches de « %s »", w)
	}
	defer d.Close()
	var out []index.DictEntry
	for len(out) < 200 {
		e, err := d.Next()
		if err != nil {
			return nil, wrapf(err, "chercher des mots proches de « %s »", w)
		}
		if e == nil {
			break
		}
		out = append(out, *e)
	}
	return out, nil
}

// rows of the AZERTY keyboard: a slip of the finger is likelier than another
// letter.
var keyRows = []string{"azertyuiop", "qsdfghjklm", "wxcvbn"}

var adjacent = func() map[[2]byte]bool {
	m := map[[2]byte]bool{}
	for r, row := range keyRows {
		for i := range len(row) {
			for _, other := range []int{r, r + 1} {
				if other >= len(keyRows) {
					continue
				}
				for j := max(i-1, 0); j <= i+1 && j < len(keyRows[other]); j++ {
					m[[2]byte{row[i], keyRows[other][j]}] = true
					m[[2]byte{keyRows[other][j], row[i]}] = true
				}
			}
		}
	}
	return m
}()

// slips is the optimal string alignment distance (Damerau, Levenshtein), where
// neighbouring keys, swapped letters and a letter doubled or not doubled cost
// less than 1.
func slips(a, b string) float64 {
	const far = 1e9
	prev2, prev, cur := make([]float64, len(b)+1), make([]float64, len(b)+1), make([]float64, len(b)+1)
	for j := range prev {
		prev[j] = float64(j)
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = float64(i)
		for j := 1; j <= len(b); j++ {
			sub := 0.0
			if a[i-1] != b[j-1] {
				sub = 1
				if adjacent[[2]byte{a[i-1], b[j-1]}] {
					sub = .8
				}
			}
			del, ins := 1.0, 1.0
			if i > 1 && a[i-1] == a[i-2] {
				del = .7
			}
			if j > 1 && b[j-1] == b[j-2] {
				ins = .7
			}
			best := min(prev[j-1]+sub, prev[j]+del, cur[j-1]+ins)
			swap := far
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] && a[i-1] != a[i-2] {
				swap = prev2[j-2] + .8
			}
			cur[j] = min(best, swap)
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return prev[len(b)]
}

// known says whether a word, as typed, leads anywhere: as an exact word, or by
// its stem.
func (l *Library) known(word, stem string) (bool, error) {
	if n, err := l.count(fieldExact, word); err != nil || n > 0 {
		return n > 0, err
	}
	for _, f := range []int{fieldBody, fieldLabel, fieldTitle, fieldPath} {
		if n, err := l.count(f, stem); err != nil || n > 0 {
			return n > 0, err
		}
	}
	return false, nil
}

// count is the number of documents that hold a term in a field.
func (l *Library) count(field int, term string) (uint64, error) {
	r, err := l.reader.TermFieldReader(l.background, []byte(term), fieldNames[field], false, false, false)
	if err != nil {
		return 0, wrapf(err, "compter « %s »", term)
	}
	n := r.Count()
	return n, r.Close()
}

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
		if knows[i] {
			// A word cut in two by mistake: "elastic search".
			if i+1 < len(p.units) && !knows[i+1] && !off {
				ok, err := l.joinUnits(p.units[i], p.units[i+1], st, put, func(w string) { changes = append(changes, change{u.start, p.units[i+1].end, []string{w}}) })
				if err != nil {
					return r, err
				}
				if ok {
					i++
					continue
				}
			}
			put(u, 1, false)
			continue
		}
		if !off && i+1 < len(p.units) {
			ok, err := l.joinUnits(p.units[i], p.units[i+1], st, put, func(w string) { changes = append(changes, change{u.start, p.units[i+1].end, []string{w}}) })
			if err != nil {
				return r, err
			}
			if ok {
				i++
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
				c, ok, err := l.correct(pu.word)
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
			c, ok, err := l.correct(u.word)
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

// joinUnits tries two neighbours as one word, exact or one edit away.
func (l *Library) joinUnits(a, b unit, st *stems, put func(unit, float64, bool), changed func(string)) (bool, error) {
	if len(a.parts) > 0 || len(b.parts) > 0 || len(a.word)+len(b.word) < 6 || a.question || b.question {
		return false, nil
	}
	w := a.word + b.word
	n, err := l.count(fieldExact, w)
	if err != nil {
		return false, err
	}
	discount := 1.0
	if n == 0 {
		if !correctable(w) {
			return false, nil
		}
		near, err := l.near(w, 1)
		if err != nil || len(near) == 0 {
			return false, err
		}
		// A slip across the blank is likely only when one side alone is no better.
		slices.SortFunc(near, func(x, y index.DictEntry) int { return strings.Compare(x.Term, y.Term) })
		best, at := 9.0, ""
		for _, e := range near {
			if d := slips(w, e.Term); d < best && len(e.Term) > max(len(a.word), len(b.word))+1 {
				best, at = d, e.Term
			}
		}
		if at == "" {
			return false, nil
		}
		w, discount = at, max(1-2*best/float64(len(w)), .2)
	}
	put(unit{word: w, stem: st.stem(w), start: a.start, end: b.end, at: a.at}, discount, true)
	changed(w)
	return true, nil
}
