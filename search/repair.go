package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cct-mi/cct/search/french"
)

// repaired is what was done to the units of a query.
type repaired struct {
	units     []french.Word
	discount  []float64 // of each unit: 1 as typed, less the more it was corrected
	corrected []bool
	unknown   []string // as typed
	text      string   // the query's text with corrections, "" when there is none
}

// repairer repairs the units of a query one after the other.
type repairer struct {
	*Library
	repaired
	p       parsed
	knows   []bool
	changes []change
	joins   int // neighbours tried as one word
	nears   int // … also with a slip
	before  map[string]attempt
}

// attempt is what was found for a word that the query holds again.
type attempt struct {
	correction
	found bool
}

// change is what stands in a part of the query's text instead.
type change struct {
	start, end int
	words      []string
}

// repair corrects the unknown words of a query: joined to their neighbours, cut in
// two, or replaced. off leaves them as they are; those that the thesaurus knows, in
// spans, are known.
func (l *Library) repair(p parsed, spans []span, off bool) (repaired, error) {
	p.units = slices.Clone(p.units)
	r := repairer{Library: l, p: p, knows: make([]bool, len(p.units))}
	for i, u := range p.units {
		u, err := r.asID(u)
		if err != nil {
			return r.repaired, err
		}
		r.p.units[i] = u
		known, err := r.knownUnit(u)
		if err != nil {
			return r.repaired, err
		}
		r.knows[i] = known || slices.ContainsFunc(spans, func(s span) bool { return i >= s.from && i < s.to })
	}
	for i := 0; i < len(p.units); {
		n, err := r.unit(i, off)
		if err != nil {
			return r.repaired, err
		}
		i += n
	}
	r.write()
	return r.repaired, nil
}

// asID gives an id within a question as the content writes it: "ex041" as ex41.
func (l *Library) asID(u french.Word) (french.Word, error) {
	if len(u.Parts) == 0 || !strings.ContainsAny(u.Term, "0123456789") {
		return u, nil
	}
	key := idKey(u.Term)
	if key == u.Term {
		return u, nil
	}
	list, err := l.ordinals(key)
	if err != nil || len(list) == 0 {
		return u, err
	}
	u.Term, u.Stem, u.Parts = key, l.stems.Stem(key), nil
	return u, nil
}

// knownUnit says whether a word leads anywhere, whole or by all of its parts.
func (l *Library) knownUnit(u french.Word) (bool, error) {
	known, err := l.knownWord(u)
	if err != nil || known || len(u.Parts) == 0 {
		return known, err
	}
	for _, t := range u.Parts {
		if known, err := l.known(t.Term, l.stems.Stem(t.Term)); err != nil || !known && !french.IsStopWord(t.Term) {
			return false, err
		}
	}
	return true, nil
}

// knownWord says whether the content holds a word, or one of its family. What is no
// form of French is of a family only when it begins like it: "Envoy" is not "envoi".
func (l *Library) knownWord(u french.Word) (bool, error) {
	if n, err := l.count(fieldExact, u.Term); err != nil || n > 0 {
		return n > 0, err
	}
	known, err := l.known(u.Term, u.Stem)
	return known && (french.IsForm(u.Term) || strings.HasPrefix(u.Term, u.Stem)), err
}

// unit repairs the units from i on, and says how many.
func (r *repairer) unit(i int, off bool) (int, error) {
	u := r.p.units[i]
	if !off {
		if n, err := r.join(i); err != nil || n > 0 {
			return n, err
		}
	}
	if r.knows[i] {
		r.put(u, 1, false)
		return 1, nil
	}
	if off {
		r.leave(u)
		return 1, nil
	}
	whole, err := r.joinedToStop(u)
	if err != nil {
		return 0, err
	}
	if whole.Term != "" {
		r.put(whole, 1, true)
		r.changes = append(r.changes, change{whole.Start, whole.End, []string{whole.Term}})
		return 1, nil
	}
	if len(u.Parts) > 1 {
		return 1, r.compound(u)
	}
	return 1, r.word(u)
}

func (r *repairer) put(u french.Word, discount float64, corrected bool) {
	r.units, r.discount, r.corrected = append(r.units, u), append(r.discount, discount), append(r.corrected, corrected)
}

// leave keeps a word that nothing knows: it stands for itself alone.
func (r *repairer) leave(u french.Word) {
	r.unknown = append(r.unknown, r.p.text[u.Start:u.End])
	if len(u.Parts) == 0 {
		u.Stem = u.Term
	}
	r.put(u, 1, false)
}

// Bounds on what is looked for in a query: each takes longer than the rest of a search.
const (
	maxCorrected = 4  // words to correct
	maxJoined    = 20 // neighbours to try as one word
	maxNear      = 3  // … also with a slip
)

// word corrects an unknown word, or leaves it.
func (r *repairer) word(u french.Word) error {
	c, ok, err := r.lookFor(u)
	if err != nil {
		return err
	}
	if !ok {
		r.leave(u)
		return nil
	}
	r.changes = append(r.changes, change{u.Start, u.End, c.words})
	for _, w := range c.words {
		if !french.IsStopWord(w) {
			r.put(r.Library.word(french.Token{Term: w, Start: u.Start, End: u.End, Position: u.Position}), c.discount(u.Term), true)
		}
	}
	return nil
}

// lookFor corrects a word once, and no more words than a query may cost.
func (r *repairer) lookFor(u french.Word) (correction, bool, error) {
	if old, ok := r.before[u.Term]; ok {
		return old.correction, old.found, nil
	}
	if len(r.before) == maxCorrected {
		return correction{}, false, nil
	}
	c, ok, err := r.correctUnit(r.p.text, u)
	if r.before == nil {
		r.before = map[string]attempt{}
	}
	r.before[u.Term] = attempt{c, ok}
	return c, ok, err
}

// compound repairs each part of a compound by itself.
func (r *repairer) compound(u french.Word) error {
	before := len(r.units)
	found := false
	for _, t := range u.Parts {
		if french.IsStopWord(t.Term) {
			continue
		}
		part := r.Library.word(t)
		known, err := r.known(part.Term, part.Stem)
		if err != nil {
			return err
		}
		if known {
			r.put(part, 1, false)
			found = true
			continue
		}
		unknown := len(r.unknown)
		if err := r.word(part); err != nil {
			return err
		}
		found = found || len(r.unknown) == unknown
	}
	if !found { // nothing of it is known: it stays whole
		r.units, r.discount, r.corrected = r.units[:before], r.discount[:before], r.corrected[:before]
		r.put(u, 1, false)
	}
	return nil
}

// write gives the query's text with the changes.
func (r *repairer) write() {
	if len(r.changes) == 0 {
		return
	}
	var b strings.Builder
	at := 0
	for _, c := range r.changes {
		b.WriteString(r.p.text[at:c.start])
		spelt := r.spell(c.words...)
		if len(spelt) == 3 && spelt[1] == "a" { // "miseajour"
			spelt[1] = "à"
		}
		b.WriteString(strings.Join(spelt, " "))
		at = c.end
	}
	b.WriteString(r.p.text[at:])
	r.text = b.String()
}

// correctUnit corrects a word of a query. A name, with a capital inside the query, is
// rather one that the content lacks.
func (l *Library) correctUnit(text string, u french.Word) (correction, bool, error) {
	c, ok, err := l.correct(u.Term, u.Stem)
	first, _ := utf8.DecodeRuneInString(text[u.Start:])
	if ok && u.Start > 0 && unicode.IsUpper(first) && !u.Capitals && (len(u.Term) < 5 || c.distance > 1.5 && !anagram(u.Term, strings.Join(c.words, ""))) {
		ok = false
	}
	return c, ok, err
}

// maxJoin is how many words may be one that was cut: "open street map".
const maxJoin = 4

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
		if ok, err := r.oneWord(w); err != nil || ok {
			return w, 1, err
		}
		if r.nears < maxNear && len(units) == 2 && correctable(w) && !french.IsEveryday(units[0].Term, units[0].Stem) && !french.IsEveryday(units[1].Term, units[1].Stem) {
			r.nears++
			if near, discount, err := r.nearlyJoined(w, units); err != nil || near != "" {
				return near, discount, err
			}
		}
	}
	return r.joinedName(w, parts)
}

// joinedName tries neighbours that are words by themselves as a product's or a term's
// name, exact or one edit away; not where the content has them side by side.
func (r *repairer) joinedName(w string, parts []string) (string, float64, error) {
	names, err := r.names()
	if err != nil || len(w) < 8 && !names.has(w) {
		return "", 0, err
	}
	name, distance := names.nearest(w)
	if name == "" {
		return "", 0, nil
	}
	if docs, err := r.withPhrase(parts); err != nil || len(docs) > 0 {
		return "", 0, err
	}
	return name, max(1-2*distance/float64(len(w)), .2), nil
}

// nearlyJoined finds the word one edit away from two neighbours joined. A slip across
// the blank is likely only when one side alone is no better.
func (l *Library) nearlyJoined(w string, units []french.Word) (string, float64, error) {
	near, err := l.near(w, 1)
	if err != nil || len(near) == 0 {
		return "", 0, err
	}
	slices.SortFunc(near, func(x, y term) int { return strings.Compare(x.text, y.text) })
	best, at := 9.0, ""
	for _, e := range near {
		if d := slips(w, e.text); d < best && len(e.text) > max(len(units[0].Term), len(units[1].Term))+1 {
			best, at = d, e.text
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
		if ok, err := r.oneWord(w); err != nil || ok {
			return r.Library.word(french.Token{Term: w, Start: a.Start, End: b.End, Position: a.Position}), err
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

// names are those of products and terms that are one word, sorted.
type names []string

func (n names) has(w string) bool {
	_, ok := slices.BinarySearch(n, w)
	return ok
}

// nearest is the name that a word is, but for one slip; "" when there is none.
func (n names) nearest(w string) (name string, distance float64) {
	if n.has(w) {
		return w, 0
	}
	distance = 1.01
	for _, candidate := range n {
		if candidate[0] == w[0] && len(candidate) >= len(w)-1 && len(candidate) <= len(w)+1 && len(candidate) > 7 {
			if d := slips(w, candidate); d < distance {
				name, distance = candidate, d
			}
		}
	}
	return name, distance
}

func (l *Library) readNames() (names, error) {
	c, err := l.completions()
	if err != nil {
		return nil, err
	}
	var out names
	for _, w := range c.words {
		if len(w.word) > 5 && c.items[w.item].names && correctable(w.word) && !french.IsForm(w.word) {
			out = append(out, w.word)
		}
	}
	return slices.Compact(out), nil // completions are sorted
}
