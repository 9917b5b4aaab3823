package search

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
)

// relatedWords is how many of a record's words, the rarest, say what it is
// about.
const relatedWords = 12

// Related lists the records and sections nearest in subject to a record, the
// nearest first: what its rarest words find. Nothing is related to an id that
// does not exist.
func (l *Library) Related(ctx context.Context, kind content.Kind, id string, limit int) ([]Hit, error) {
	rec, err := l.catalog.Record(kind, id)
	if err != nil {
		return []Hit{}, nil
	}
	if limit <= 0 {
		limit = 5
	}
	type term struct {
		word, stem string
		points     float64
	}
	byStem := map[string]*term{}
	var order []*term
	n := len(l.tables.kinds)
	for i, t := range french.Tokenize(join(rec.Name, rec.Text)) {
		if i > 600 || t.IsStop() || t.Joined || strings.ContainsAny(t.Term, "0123456789") || len(t.Term) < 3 {
			continue
		}
		st := l.stems.Stem(t.Term)
		if old := byStem[st]; old != nil {
			old.points *= 1.2
			continue
		}
		df, err := l.lexicon.count(fieldBody, st)
		if err != nil {
			return nil, err
		}
		if df < 2 { // nothing else holds it
			continue
		}
		byStem[st] = &term{t.Term, st, idfOf(n, int(df))}
		order = append(order, byStem[st])
	}
	slices.SortStableFunc(order, func(a, b *term) int { return cmp.Compare(b.points, a.points) })
	if len(order) == 0 {
		return []Hit{}, nil
	}
	s, release, err := l.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	mass := 0.0
	for i, t := range order[:min(len(order), relatedWords)] {
		c := &concept{Word: french.Word{Token: french.Token{Term: t.word}, Stem: t.stem}, stems: []string{t.stem}, discount: 1}
		if err := l.scorer.scoreConcept(s, c, i, nil); err != nil {
			return nil, err
		}
		mass += c.idf
	}
	var list []candidate
	for _, d := range s.touched {
		cover := float64(s.cover[d]) / mass
		if cover < .25 {
			continue
		}
		list = append(list, candidate{d, s.score[d] * (1 - coverWeight + coverWeight*cover)})
	}
	slices.SortFunc(list, better)
	hits := []Hit{}
	pages := map[string]int{}
	for _, c := range list {
		if len(hits) == limit {
			break
		}
		e, err := l.documents.entry(c.doc)
		if err != nil {
			return nil, err
		}
		if e.kind == kind && e.id == id || e.kind == content.KindLigne || l.tables.points[c.doc] == 1 || pages[e.pageID] >= max(2, limit/2) && e.kind == content.KindSection {
			continue
		}
		pages[e.pageID]++
		hits = append(hits, hitOf(e, c.score))
	}
	return hits, nil
}
