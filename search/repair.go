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
		u, err := r.ids.asID(u)
		if err != nil {
			return r.repaired, err
		}
		r.p.units[i] = u
		known, err := r.lexicon.knownUnit(u)
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
func (ids *identifiers) asID(u french.Word) (french.Word, error) {
	if len(u.Parts) == 0 || !strings.ContainsAny(u.Term, "0123456789") {
		return u, nil
	}
	key := idKey(u.Term)
	if key == u.Term {
		return u, nil
	}
	list, err := ids.ordinals(key)
	if err != nil || len(list) == 0 {
		return u, err
	}
	u.Term, u.Stem, u.Parts = key, ids.stems.Stem(key), nil
	return u, nil
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
	c, ok, err := r.lexicon.correctUnit(r.p.text, u)
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
		known, err := r.lexicon.known(part.Term, part.Stem)
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
		spelt := r.lexicon.spell(c.words...)
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
func (lex *lexicon) correctUnit(text string, u french.Word) (correction, bool, error) {
	c, ok, err := lex.correct(u.Term, u.Stem)
	first, _ := utf8.DecodeRuneInString(text[u.Start:])
	if ok && u.Start > 0 && unicode.IsUpper(first) && !u.Capitals && (len(u.Term) < 5 || c.distance > 1.5 && !anagram(u.Term, strings.Join(c.words, ""))) {
		ok = false
	}
	return c, ok, err
}
