package search

import (
	"cmp"
	"container/heap"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/index"
)

// candidate is a document with its score.
type candidate struct {
	doc   uint32
	score float64
}

// better orders candidates: the higher score first, and of equal ones the lower
// id, in whose order documents are numbered.
func better(a, b candidate) int {
	if c := cmp.Compare(b.score, a.score); c != 0 {
		return c
	}
	return cmp.Compare(a.doc, b.doc)
}

// leaders keeps the best of the candidates that it is given, as many as its size. Once
// full it is a heap, the least of them at its root.
type leaders struct {
	size int
	list []candidate
}

func (l *leaders) Len() int           { return len(l.list) }
func (l *leaders) Less(i, j int) bool { return better(l.list[i], l.list[j]) > 0 }
func (l *leaders) Swap(i, j int)      { l.list[i], l.list[j] = l.list[j], l.list[i] }
func (l *leaders) Push(any)           { panic("leaders are added") }
func (l *leaders) Pop() any           { panic("leaders are replaced") }

func (l *leaders) add(c candidate) {
	switch {
	case len(l.list) < l.size:
		if l.list = append(l.list, c); len(l.list) == l.size {
			heap.Init(l)
		}
	case better(c, l.list[0]) < 0:
		l.list[0] = c
		heap.Fix(l, 0)
	}
}

// ranking is the scoring of the documents for one question.
type ranking struct {
	*Library
	*question
	request   Request
	scratch   *scratch
	counts    *counts     // of the documents that the filters keep
	total     int         // how many these are
	list      []candidate // the best of them, in order
	confident bool        // the best answer the question

	mass                  float64              // what all the question's words weigh
	contributions         []map[uint32]float64 // of each concept, by document, for an explanation
	closeness             map[uint32]float64   // of a document's words, likewise
	named                 map[uint32]int       // documents that the question names → their place
	types, themes, levels []bool
	tests                 []kept          // that a document must pass
	unwantedIn            map[uint32]bool // documents that speak of what the question leaves out
	only                  map[uint32]bool // exigences to keep; nil keeps all
}

// namedFirst is what sets a document that the question names before the next, and
// before all others: more than any score.
const namedFirst = 1e6

// begin ranks all documents, and then gives those that may be on the page that is asked
// for one by one: it is an index.Ranking.
func (r *ranking) begin(ctx context.Context, explain bool) (func() (index.Match, bool), error) {
	if err := r.scoreConcepts(ctx, explain); err != nil {
		return nil, err
	}
	r.list = r.leading(max(r.request.Offset+r.request.Limit, rerank))
	if err := r.addNearness(r.list, explain); err != nil {
		return nil, err
	}
	var err error
	if r.confident, err = r.sure(r.list); err != nil {
		return nil, err
	}
	rest := r.list
	return func() (m index.Match, ok bool) {
		if len(rest) == 0 {
			return m, false
		}
		m = index.Match{Document: rest[0].doc, Score: rest[0].score}
		if explain {
			m.Why = r.parts(m.Document)
		}
		rest = rest[1:]
		return m, true
	}, nil
}

// leading scores every document, counts those that the filters keep, and gives so many
// of the best, in order.
func (r *ranking) leading(size int) []candidate {
	documents := r.scratch.inOrder()
	first := leaders{size: size, list: make([]candidate, 0, min(size, len(documents)))}
	for next := 0; next < len(documents); {
		d, score, kept := r.best(documents, &next)
		if kept && r.counts.add(r.tables, d, r.types, r.themes, r.levels) {
			r.total++
			first.add(candidate{d, score})
		}
	}
	slices.SortFunc(first.list, better)
	return first.list
}

// best gives the best of the passages of one section, which stand one after the
// other from next on, and leads next past them; kept is false when the filters keep
// none. Most documents are their only passage.
func (r *ranking) best(documents []uint32, next *int) (best uint32, score float64, kept bool) {
	for first := *next; *next < len(documents); *next++ {
		d := documents[*next]
		if *next > first && !r.tables.sameSection(documents[*next-1], d) {
			break
		}
		if !r.keeps(d) {
			continue
		}
		if s := r.score(d); !kept || s > score {
			best, score, kept = d, s, true
		}
	}
	return best, score, kept
}

// scoreConcepts adds up the scores of all concepts.
func (r *ranking) scoreConcepts(ctx context.Context, explain bool) error {
	for i, c := range r.concepts {
		if err := ctx.Err(); err != nil {
			return err
		}
		var contributions map[uint32]float64
		if explain {
			contributions = map[uint32]float64{}
			r.contributions = append(r.contributions, contributions)
		}
		if err := r.scorer.scoreConcept(r.scratch, c, i, contributions); err != nil {
			return err
		}
		if !c.found { // an unknown word weighs as the rarest would
			c.idf = idfOf(len(r.tables.kinds), 0)
		}
		r.mass += c.idf
	}
	if r.listing() {
		for d := range r.tables.kinds {
			r.scratch.touch(uint32(d))
		}
	}
	r.require()
	r.named = map[uint32]int{}
	for i, d := range r.question.documents {
		r.named[d] = i
		r.scratch.touch(d)
	}
	return nil
}

// require keeps the documents that hold all that ET ties together, if there are any.
func (r *ranking) require() {
	var mask uint64
	for _, p := range r.required {
		for i, c := range r.concepts {
			if c.Start >= p.start && c.Start < p.end && i < 64 {
				mask |= 1 << i
			}
		}
	}
	if mask == 0 {
		return
	}
	all := func(d uint32) bool { return r.scratch.mask[d]&mask == mask }
	if slices.ContainsFunc(r.scratch.touched, all) {
		r.tests = append(r.tests, all)
		return
	}
	r.relaxed = append(r.relaxed, "aucun texte n’a à la fois ce que « ET » relie : chaque mot est cherché")
}

// keeps says whether a document is among those that the question and its caller
// allow.
func (r *ranking) keeps(d uint32) bool {
	t := r.tables
	for _, keeps := range r.tests {
		if !keeps(d) {
			return false
		}
	}
	if r.only != nil && t.kindNames[t.kinds[d]] == content.KindExigence && !r.only[d] {
		return false
	}
	return true
}

// score is what a document is worth, but for the nearness of its words.
func (r *ranking) score(d uint32) float64 {
	score := r.scratch.score[d]
	if r.mass > 0 {
		score += pageWeight * float64(r.scratch.pageScore[r.tables.pages[d]])
		score *= r.cover(d)
		score *= r.prior(d)
		score += r.title(d)
	}
	if len(r.named) == 0 {
		return score
	}
	if i, ok := r.named[d]; ok {
		score += namedFirst * float64(len(r.question.documents)-i)
	}
	return score
}

// cover is the factor for how much of the question a document covers.
func (r *ranking) cover(d uint32) float64 {
	return 1 - coverWeight + coverWeight*float64(r.scratch.cover[d])/max(r.mass, 1e-9)
}

// prior is what a document's nature is worth for the question, whatever its words.
func (r *ranking) prior(d uint32) float64 {
	if r.tables.points[d] == 1 {
		return pointerWeight
	}
	weight := r.tables.weights[r.tables.kinds[d]]
	if r.tables.leaving[d] == 1 {
		weight *= leavingWeight
	}
	if r.unwantedIn[d] {
		weight *= unwantedWeight
	}
	return weight
}

// nature says in words why a document has its prior.
func (r *ranking) nature(d uint32) string {
	switch {
	case r.unwantedIn[d]:
		return "la question écarte ce dont il parle"
	case r.tables.points[d] == 1:
		return "un renvoi compte moins que ce à quoi il renvoie"
	case r.tables.leaving[d] == 1:
		return "un produit à quitter compte moins que celui à employer"
	case r.prior(d) > 1:
		return "ce qui engage compte plus"
	}
	return "une ligne de tableau ou une définition compte moins que ce qui engage"
}

// title is the bonus of a document whose title is the question: its whole label,
// or its name when the label also holds an id or other names.
func (r *ranking) title(d uint32) float64 {
	n := len(r.concepts)
	if n == 0 || r.tables.points[d] == 1 || int(r.scratch.label[d]) != n {
		return 0
	}
	switch {
	case int(r.tables.lengths[d][fieldLabel]) == n:
		return r.mass + 1
	case int(r.tables.names[d]) == n && r.tables.kindNames[r.tables.kinds[d]] != content.KindSection:
		return nameWeight * (r.mass + 1)
	}
	return 0
}

// answer fills an answer with the hits of its request, their facets and whether
// they are sure.
func (r *ranking) answer(ctx context.Context, a *Answer) (err error) {
	r.types, r.themes, r.levels = r.tables.filters(&r.question.parsed)
	if r.tests, err = r.restrict(r.question); err != nil {
		return err
	}
	if r.only, err = r.ids.onlyOf(r.request.Only); err != nil {
		return err
	}
	for _, w := range r.unwanted {
		docs, err := r.scorer.withWords([]string{w})
		if err != nil {
			return err
		}
		if r.unwantedIn == nil {
			r.unwantedIn = docs
		} else {
			maps.Copy(r.unwantedIn, docs)
		}
	}
	page, err := r.index.search(ctx, r.begin, r.request.Offset, r.request.Limit, r.request.Explain)
	if err != nil {
		return err
	}
	r.unpin(page)
	a.Total, a.Facets, a.Confident = r.total, r.counts.facets(r.tables, r.catalog.Head().Levels), r.confident
	if len(r.question.documents) > 0 {
		if a.Direct, err = r.ids.direct(r.question.documents); err != nil {
			return err
		}
	}
	documents := make([]uint32, len(page))
	for i, m := range page {
		documents[i] = m.Document
	}
	shown, err := r.documents.shown(documents)
	if err != nil {
		return err
	}
	m := r.marker(r.question)
	a.Hits = make([]Hit, 0, len(shown))
	for i, e := range shown {
		h := hitOf(e.entry, page[i].Score)
		h.Title, h.Snippet = e.shownTitle, m.snippet(e)
		if r.request.Explain {
			h.Why = r.reasons(e.entry, page[i])
		}
		a.Hits = append(a.Hits, h)
	}
	return nil
}

// addNearness adds to the first documents of a list what the order of their words
// is worth, and sorts the list anew. What each got is kept for an explanation.
func (r *ranking) addNearness(list []candidate, explain bool) error {
	head := list[:min(len(list), rerank)]
	documents := make([]uint32, len(head))
	for i, c := range head {
		documents[i] = c.doc
	}
	near := make([]float64, len(head))
	if err := r.scorer.nearness(r.concepts, documents, r.scratch, near); err != nil {
		return err
	}
	if explain {
		r.closeness = make(map[uint32]float64, len(head))
	}
	for i := range head {
		d := head[i].doc
		bonus := near[i] * r.cover(d)
		bonus *= r.prior(d)
		head[i].score += bonus
		if explain {
			r.closeness[d] = bonus
		}
	}
	slices.SortFunc(list, better)
	return nil
}

// unpin gives the documents of a page that the question names a score just above the
// others': that they come first says nothing of how much better they are.
func (r *ranking) unpin(page []index.Match) {
	top := 0.0
	for _, c := range r.list {
		if _, ok := r.named[c.doc]; !ok {
			top = max(top, c.score)
		}
	}
	for i := range page {
		if k, ok := r.named[page[i].Document]; ok {
			page[i].Score = top + float64(len(r.question.documents)-k)
		}
	}
}

// parts are what a document's score is made of: first each concept in turn, 0
// where it does not stand, then the rest.
func (r *ranking) parts(d uint32) []index.Reason {
	var out []index.Reason
	cover, total := r.cover(d), 0.0
	for i, c := range r.concepts {
		points := r.contributions[i][d] * cover
		out, total = append(out, index.Reason{What: fmt.Sprintf("« %s »", c.shown), Points: points}), total+points
	}
	if p := pageWeight * float64(r.scratch.pageScore[r.tables.pages[d]]) * cover; p > 0 {
		out, total = append(out, index.Reason{What: "la page qui le contient", Points: p}), total+p
	}
	if f := r.prior(d); f != 1 {
		out = append(out, index.Reason{What: r.nature(d), Points: total * (f - 1)})
	}
	if bonus := r.title(d); bonus > 0 {
		out = append(out, index.Reason{What: "son titre est la question", Points: bonus})
	}
	return out
}

// reasons puts a hit's score in words, the weightiest first.
func (r *ranking) reasons(e *entry, m index.Match) []Reason {
	if _, ok := r.named[m.Document]; ok {
		return []Reason{{"l’identifiant cherché", m.Score}}
	}
	out := []Reason{}
	for i, p := range m.Why {
		if i < len(r.concepts) {
			if p.Points == 0 {
				continue
			}
			p.What += " " + r.places(e, r.concepts[i])
		}
		out = append(out, Reason{p.What, p.Points})
	}
	if near := r.closeness[m.Document]; near != 0 {
		what := "des mots voisins, comme dans la question"
		if near < 0 {
			what = "des mots loin les uns des autres"
		}
		at := len(out)
		if r.title(m.Document) > 0 {
			at--
		}
		out = slices.Insert(out, at, Reason{what, near})
	}
	slices.SortStableFunc(out, func(a, b Reason) int { return cmp.Compare(b.Points, a.Points) })
	return out
}
