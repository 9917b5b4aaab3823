package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/cct-mi/cct/search/french"
)

// maxConcepts is how many things a query may ask about: they are bits of a word.
const maxConcepts = 60

// question is a query made ready: what to look for, and what was done to it.
type question struct {
	parsed
	repaired
	naming
	concepts []*concept
	expanded []Expansion
	unwanted []string // folded words that count against a document
}

// understand parses, repairs and widens a query.
func (l *Library) understand(ctx context.Context, r Request) (*question, error) {
	q := &question{parsed: l.parse(r.Query)}
	f := &q.parsed.filters
	f.types, f.themes, f.levels = slices.Concat(r.Types, f.types), slices.Concat(r.Themes, f.themes), slices.Concat(r.Levels, f.levels)
	var err error
	if q.naming, err = l.ids.named(q.parsed.text); err != nil {
		return nil, err
	}
	named := len(q.documents) > 0
	var spans []span
	if !r.NoExpand && !named {
		if spans, err = l.thesaurus.widen(q.parsed.units, q.parsed.all); err != nil {
			return nil, err
		}
	}
	q.repaired, err = l.repair(q.parsed, spans, r.NoCorrect || named || len(q.missing) > 0)
	if err != nil {
		return nil, err
	}
	if q.repaired.text != "" && !r.NoExpand {
		if spans, err = l.thesaurus.widen(q.repaired.units, q.parsed.all); err != nil {
			return nil, err
		}
	}
	b := &conceptBuilder{Library: l, q: q, spans: spans, byUnit: make([][]*concept, len(q.repaired.units)), seen: map[string]*concept{}}
	for i, u := range q.repaired.units {
		if r.NoExpand {
			u.Means = ""
		}
		if err := b.addUnit(i, u); err != nil {
			return nil, err
		}
	}
	for _, sp := range spans {
		if err := errors.Join(b.expand(sp), b.nameUnknown(sp)); err != nil {
			return nil, err
		}
	}
	if err := b.negate(); err != nil {
		return nil, err
	}
	for _, p := range q.prefixes {
		if err := b.addPrefix(p); err != nil {
			return nil, err
		}
	}
	return q, ctx.Err()
}

// conceptBuilder makes a question's concepts: one for each word, a compound giving its
// whole and its parts.
type conceptBuilder struct {
	*Library
	q      *question
	spans  []span // of the thesaurus, in the question's units
	byUnit [][]*concept
	seen   map[string]*concept // by stem
}

func (b *conceptBuilder) add(unit int, c *concept) {
	if old, ok := b.seen[c.Stem]; ok {
		b.byUnit[unit] = append(b.byUnit[unit], old)
		return
	}
	if len(b.q.concepts) >= maxConcepts {
		return
	}
	b.seen[c.Stem] = c
	b.q.concepts = append(b.q.concepts, c)
	b.byUnit[unit] = append(b.byUnit[unit], c)
}

// shown is a unit as someone typed it, or as the content spells it when it was
// corrected.
func (b *conceptBuilder) shown(unit int) string {
	u := b.q.repaired.units[unit]
	if u.End <= len(b.q.parsed.text) && !b.q.corrected[unit] {
		return b.q.parsed.text[u.Start:u.End]
	}
	return b.lexicon.spell(u.Term)[0]
}

// addUnit adds the concepts of one word of the question.
func (b *conceptBuilder) addUnit(i int, u french.Word) (err error) {
	c := &concept{Word: u, stems: []string{u.Stem}, discount: b.q.repaired.discount[i], shown: b.shown(i)}
	if len(u.Parts) == 0 {
		c.exact = french.IsStopWord(u.Term) && !u.Capitals
		if c.prefixes, err = b.scorer.longer(u.Stem); err != nil {
			return err
		}
		if u.Means != "" { // the word that is typed weighs less
			c.Term, c.stems, c.prefixes = u.Means, []string{b.stems.Stem(u.Means)}, append(slices.Clone(c.prefixes), u.Stem)
		}
		b.add(i, c)
		return nil
	}
	inThesaurus := slices.ContainsFunc(b.spans, func(sp span) bool { return sp.from <= i && i < sp.to })
	if u.Signed() && inThesaurus {
		b.add(i, c) // a name with a sign is not the word without it
		return nil
	}
	whole, err := b.countsWhole(u)
	if err != nil {
		return err
	}
	if whole {
		b.add(i, c)
	}
	said := slices.ContainsFunc(u.Parts, french.Token.Means)
	for _, p := range u.Parts {
		if (said || whole) && !p.Means() {
			continue
		}
		pc := &concept{Word: b.word(p), discount: 1, shown: b.q.parsed.text[p.Start:p.End]}
		pc.stems = []string{pc.Stem}
		b.add(i, pc)
	}
	return nil
}

// countsWhole says whether a compound counts as one word beside its parts: when the
// content writes it so, unless it is made of ordinary words.
func (b *conceptBuilder) countsWhole(u french.Word) (bool, error) {
	if known, err := b.lexicon.known(u.Term, u.Stem); err != nil || !known {
		return false, err
	}
	ordinary, err := b.lexicon.ordinary(u.Parts)
	return !ordinary, err
}

// expand adds what the thesaurus leads to from a run of the question's words.
func (b *conceptBuilder) expand(sp span) error {
	e := Expansion{With: make([]string, 0, len(sp.with))}
	with := make([]*widened, 0, len(sp.with))
	for _, w := range sp.with {
		found, err := b.scorer.widenedOf(w.Text)
		if err != nil {
			return err
		}
		if len(found.docs) > 0 {
			with = append(with, &widened{found: found, far: w.Far})
			e.With = append(e.With, w.Text)
		}
	}
	if len(with) == 0 {
		return nil
	}
	var shown []string
	for i := sp.from; i < sp.to; i++ {
		shown = append(shown, b.shown(i))
		for _, c := range b.byUnit[i] {
			c.with = append(c.with, with...)
		}
	}
	e.Term = strings.Join(shown, " ")
	if !slices.Contains(b.q.corrected[sp.from:sp.to], true) { // with the stop words between: "mot de passe"
		e.Term = b.q.parsed.text[b.q.repaired.units[sp.from].Start:b.q.repaired.units[sp.to-1].End]
	}
	b.q.expanded = append(b.q.expanded, e)
	return nil
}

// nameUnknown notes a name of the market that the edition does not hold: what the
// thesaurus leads to is found in its place.
func (b *conceptBuilder) nameUnknown(sp span) error {
	if slices.ContainsFunc(sp.with, func(w widening) bool { return !w.Name }) || slices.Contains(b.q.corrected[sp.from:sp.to], true) {
		return nil
	}
	var list []string
	for _, u := range b.q.repaired.units[sp.from:sp.to] {
		list = append(list, u.Term)
	}
	if !slices.ContainsFunc(list, func(word string) bool { return !french.IsForm(word) }) {
		return nil // words of the language: "ancienne version"
	}
	docs, err := b.scorer.withPhrase(list)
	if err == nil && len(docs) == 0 {
		units := b.q.repaired.units
		b.q.repaired.unknown = append(b.q.repaired.unknown, b.q.parsed.text[units[sp.from].Start:units[sp.to-1].End])
	}
	return err
}

// prefixWords is how many words may stand for a word with a star.
const prefixWords = 64

// addPrefix adds what a word with a star stands for: every word that begins so, and
// the ids.
func (b *conceptBuilder) addPrefix(head string) error {
	terms, err := b.index.beginning(fieldExact, head, prefixWords)
	if err != nil {
		return err
	}
	f := &found{text: head}
	t := tally{at: map[uint32]int{}}
	for _, term := range terms {
		if err := b.index.each(fieldExact, term.text, func(d uint32, times int) { t.add(d, b.scorer.normed(fieldExact, d, times)) }); err != nil {
			return err
		}
		f.stems = appendOnce(f.stems, b.stems.Stem(term.text))
	}
	f.docs, f.tf, f.idf = t.docs, t.tf, idfOf(len(b.tables.kinds), len(t.docs))
	if len(f.docs) == 0 {
		b.q.relaxed = append(b.q.relaxed, fmt.Sprintf("aucun mot ne commence par « %s »", head))
		b.q.repaired.unknown = append(b.q.repaired.unknown, head+"*")
	}
	c := &concept{Word: french.Word{Token: french.Token{Term: head + "*"}, Stem: head + "*"}, discount: 1, shown: head + "*", with: []*widened{{found: f}}}
	b.q.concepts = append(b.q.concepts, c)
	if strings.ContainsAny(head, "0123456789") {
		ids, err := b.ids.idsFrom(head)
		if err != nil {
			return err
		}
		b.q.documents = appendNew(b.q.documents, ids...)
	}
	return nil
}

func appendOnce(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}
