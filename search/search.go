package search

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/cct-mi/cct/search/french"
)

// Search answers one question. It fails only when ctx ends or the store is damaged.
func (l *Library) Search(ctx context.Context, r Request) (*Answer, error) {
	began := time.Now()
	if r.Limit <= 0 {
		r.Limit = 10
	}
	r.Offset = max(r.Offset, 0)
	a := &Answer{
		Query: r.Query, Limit: r.Limit, Offset: r.Offset, Edition: l.catalog.Head().Name,
		Unknown: []string{}, Relaxed: []string{}, Expanded: []Expansion{}, Suggestions: []string{}, Hits: []Hit{},
		Facets: Facets{Type: []FacetValue{}, Theme: []FacetValue{}, Level: []FacetValue{}},
	}
	q, err := l.understand(ctx, r)
	if err != nil {
		return nil, err
	}
	s, release, err := l.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	ranking := &ranking{Library: l, question: q, request: r, scratch: s, counts: newCounts(l.tables)}
	if err := ranking.answer(ctx, a); err != nil {
		return nil, err
	}
	a.Unknown = append(a.Unknown, q.missing...)
	if len(q.documents) == 0 && len(q.missing) == 0 {
		a.Unknown = append(a.Unknown, q.repaired.unknown...)
	}
	a.Relaxed = append(a.Relaxed, q.relaxed...)
	if q.listing() {
		a.Confident = a.Total > 0
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

func hitOf(e *entry, score float64) Hit {
	return Hit{
		ID: e.id, Type: e.kind, Title: e.title, URL: e.url, Heading: e.heading, Path: e.path,
		Page:  PageRef{ID: e.pageID, Title: e.pageTitle, URL: e.pageURL, Source: e.source},
		Theme: e.theme, Level: e.level, OwnLevel: e.ownLevel, Status: e.status, Score: score,
	}
}

// onlyOf gives the documents of the exigences to keep.
func (ids *identifiers) onlyOf(exigences map[string]bool) (map[uint32]bool, error) {
	if exigences == nil {
		return nil, nil
	}
	out := map[uint32]bool{}
	for id, keep := range exigences {
		if !keep {
			continue
		}
		list, err := ids.ordinals(idKey(id))
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
