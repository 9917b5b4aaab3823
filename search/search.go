package search

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/cct-mi/cct/search/french"
)

// maxConcepts is how many things a query may ask about: they are bits of a word.
const maxConcepts = 60

// question is a query made ready: what to look for, and what was done to it.
type question struct {
	parsed
	repaired
	concepts []*concept
	expanded []Expansion
	naming
}

// Search answers one question. It fails only when ctx ends or the store is damaged.
func (l *Library) Search(ctx context.Context, r Request) (*Answer, error) {
	began := time.Now()
	if r.Limit <= 0 {
		r.Limit = 10
	}
	a := &Answer{
		Query: r.Query, Limit: r.Limit, Offset: max(r.Offset, 0), Edition: l.catalog.Head().Name,
		Unknown: []string{}, Expanded: []Expansion{}, Suggestions: []string{}, Hits: []Hit{},
		Facets: Facets{Type: []FacetValue{}, Theme: []FacetValue{}, Level: []FacetValue{}},
	}
	q, err := l.understand(ctx, r)
	if err != nil {
		return nil, err
	}
	s := l.scratch.Get().(*scratch)
	defer func() {
		s.reset()
		l.scratch.Put(s)
	}()
	ranking := &ranking{Library: l, question: q, scratch: s, counts: newCounts(l.tables)}
	if err := ranking.answer(ctx, r, a); err != nil {
		return nil, err
	}
	a.Unknown = append(a.Unknown, q.missing...)
	if len(q.documents) == 0 && len(q.missing) == 0 {
		a.Unknown = append(a.Unknown, q.repaired.unknown...)
	}
	if q.repaired.text != "" {
		a.Corrected = q.repaired.text
	}
	a.Expanded = append(a.Expanded, q.expanded...)
	if len(q.missing) > 0 {
		a.Confident = len(q.documents) > 0
		a.Suggestions = append(a.Suggestions, q.nearest...)
	}
	if len(a.Suggestions) == 0 {
		a.Suggestions = l.otherQueries(q, a)
	}
	a.TookMS = float64(time.Since(began).Microseconds()) / 1000
	return a, nil
}

// understand parses, repairs and widens a query.
func (l *Library) understand(ctx context.Context, r Request) (*question, error) {
	q := &question{parsed: l.parse(r.Query, l.stems)}
	q.types = append(slices.Clone(r.Types), q.types...)
	q.themes = append(slices.Clone(r.Themes), q.themes...)
	q.levels = append(slices.Clone(r.Levels), q.levels...)
	var err error
	if q.naming, err = l.named(q.parsed.text); err != nil {
		return nil, err
	}
	var before []span
	if !r.NoExpand && len(q.documents) == 0 {
		if before, err = l.widen(q.parsed.units, q.parsed.all); err != nil {
			return nil, err
		}
	}
	off := r.NoCorrect || len(q.missing) > 0 || len(q.documents) > 0
	q.repaired, err = l.repair(q.parsed, l.stems, off, func(i int) bool {
		return slices.ContainsFunc(before, func(s span) bool { return i >= s.from && i < s.to })
	})
	if err != nil {
		return nil, err
	}
	spans := before
	if q.repaired.text != "" && !r.NoExpand {
		if spans, err = l.widen(q.repaired.units, q.parsed.all); err != nil {
			return nil, err
		}
	}
	// Concepts: one for each word, a compound giving its whole and its parts.
	byUnit := make([][]*concept, len(q.repaired.units))
	seen := map[string]*concept{}
	add := func(i int, c *concept) {
		if old, ok := seen[c.Stem]; ok {
			byUnit[i] = append(byUnit[i], old)
			return
		}
		if len(q.concepts) >= maxConcepts {
			return
		}
		seen[c.Stem] = c
		q.concepts = append(q.concepts, c)
		byUnit[i] = append(byUnit[i], c)
	}
	for i, u := range q.repaired.units {
		c := &concept{Word: u, stems: []string{u.Stem}, discount: q.repaired.discount[i], shown: l.spell(u.Term)[0]}
		if u.End <= len(q.parsed.text) && !q.corrected[i] {
			c.shown = q.parsed.text[u.Start:u.End]
		}
		if len(u.Parts) == 0 {
			c.exact = french.IsStopWord(u.Term) && !u.Capitals
			if c.prefixes, err = l.longer(u.Stem); err != nil {
				return nil, err
			}
			add(i, c)
			continue
		}
		if u.Signed() && slices.ContainsFunc(spans, func(sp span) bool { return sp.from <= i && i < sp.to }) {
			add(i, c) // a name with a sign is not the word without it
			continue
		}
		whole, err := l.known(u.Term, u.Stem)
		if err != nil {
			return nil, err
		}
		if whole {
			ordinary, err := l.ordinary(u.Parts)
			if err != nil {
				return nil, err
			}
			whole = !ordinary
		}
		if whole {
			add(i, c)
		}
		said := slices.ContainsFunc(u.Parts, french.Token.Means)
		for _, p := range u.Parts {
			if (said || whole) && !p.Means() {
				continue
			}
			pc := &concept{Word: l.word(p), discount: 1, shown: q.parsed.text[p.Start:p.End]}
			pc.stems = []string{pc.Stem}
			add(i, pc)
		}
	}
	for _, sp := range spans {
		e := Expansion{With: []string{}}
		var with []*widened
		for _, w := range sp.with {
			wd, err := l.widenedOf(w.Text)
			if err != nil {
				return nil, err
			}
			if len(wd.docs) > 0 {
				with = append(with, &widened{found: wd, far: w.Far})
				e.With = append(e.With, w.Text)
			}
		}
		if len(with) == 0 {
			continue
		}
		var words []string
		for i := sp.from; i < sp.to; i++ {
			words = append(words, l.spell(q.repaired.units[i].Term)...)
			if !q.corrected[i] {
				u := q.repaired.units[i]
				words[len(words)-1] = q.parsed.text[u.Start:u.End]
			}
			for _, c := range byUnit[i] {
				c.with = append(c.with, with...)
			}
		}
		e.Term = strings.Join(words, " ")
		if first, last := q.repaired.units[sp.from], q.repaired.units[sp.to-1]; !slices.Contains(q.corrected[sp.from:sp.to], true) {
			e.Term = q.parsed.text[first.Start:last.End] // with the stop words between: "mot de passe"
		}
		q.expanded = append(q.expanded, e)
	}
	return q, nil
}

// ordinary says whether a compound is made of words that the content knows by
// themselves. It counts by them alone: "assurance-vie" would otherwise weigh
// thrice, and more where its hyphen is written than where it is not.
func (l *Library) ordinary(parts []french.Token) (bool, error) {
	for _, p := range parts {
		if len(p.Term) < 3 || p.Term[0] <= '9' || !p.Means() {
			return false, nil
		}
		if known, err := l.known(p.Term, l.stems.Stem(p.Term)); err != nil || !known {
			return false, err
		}
	}
	return true, nil
}

// sure is the one rule of confidence: the share of the question that the best
// document covers, in idf, a corrected word counting less the more it was
// changed; times how strong the match is against what a full match would give.
func (l *Library) sure(s *scratch, q *question, top candidate, mass float64) bool {
	if mass == 0 {
		return false
	}
	covered := 0.0
	for i, c := range q.concepts {
		if s.mask[top.doc]&(1<<i) != 0 {
			covered += c.idf * c.discount
		}
	}
	return covered/mass*min(1, top.score/mass) >= doubt
}

func hitOf(e *entry, score float64) Hit {
	return Hit{
		ID: e.id, Type: e.kind, Title: e.title, URL: e.url, Heading: e.heading, Path: e.path,
		Page:  PageRef{ID: e.pageID, Title: e.pageTitle, URL: e.pageURL, Source: e.source},
		Theme: e.theme, Level: e.level, Status: e.status, Score: score,
	}
}

// restrict gives the test that quotes and exclusions ask for; nil when there is
// none. A phrase that stands nowhere restricts nothing: its words are searched.
func (l *Library) restrict(q *question) (func(uint32) bool, error) {
	var must []map[uint32]bool
	for _, words := range q.phrases {
		docs := map[uint32]bool{}
		var err error
		if len(words) == 1 {
			err = l.segments.each(fieldExact, words[0], func(d uint32, _ int) { docs[d] = true })
		} else {
			err = l.segments.together(fieldExact, words, 1, func(d uint32, _ int) { docs[d] = true })
		}
		if err != nil {
			return nil, err
		}
		if len(docs) > 0 {
			must = append(must, docs)
		}
	}
	not := map[uint32]bool{}
	for _, st := range q.not {
		for f := fieldLabel; f <= fieldBody; f++ {
			if err := l.segments.each(f, st, func(d uint32, _ int) { not[d] = true }); err != nil {
				return nil, err
			}
		}
	}
	if len(must) == 0 && len(not) == 0 {
		return nil, nil
	}
	return func(d uint32) bool {
		for _, m := range must {
			if !m[d] {
				return false
			}
		}
		return !not[d]
	}, nil
}

// onlyOf gives the documents of the exigences to keep.
func (l *Library) onlyOf(ids map[string]bool) (map[uint32]bool, error) {
	if ids == nil {
		return nil, nil
	}
	out := map[uint32]bool{}
	for id, keep := range ids {
		if !keep {
			continue
		}
		list, err := l.ordinals(idKey(id))
		if err != nil {
			return nil, err
		}
		for _, d := range list {
			out[d] = true
		}
	}
	return out, nil
}

// places says where a concept stands in a document.
func (l *Library) places(e *entry, c *concept) string {
	own := map[string]bool{}
	for _, st := range c.stems {
		own[st] = true
	}
	var in []string
	for _, f := range []struct{ name, text string }{{"le titre", e.label}, {"le titre de la page", e.pageTitle}, {"le chemin", strings.Join(below(e), "\n")}, {"le texte", e.body}} {
		if slices.ContainsFunc(french.Tokenize(f.text), func(t french.Token) bool { return own[l.stems.Stem(t.Term)] }) {
			in = append(in, f.name)
		}
	}
	if len(in) > 0 {
		return "dans " + strings.Join(in, " et ")
	}
	for _, w := range c.with {
		if len(w.docs) > 0 {
			return "par un terme proche"
		}
	}
	return "par un mot de la même famille"
}
