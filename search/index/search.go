package index

import (
	"container/heap"
	"context"
	"fmt"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/search"
	api "github.com/blevesearch/bleve_index_api"
)

// Match is a document with its score, and what the score is made of when that is
// asked for.
type Match struct {
	Document uint32
	Score    float64
	Why      []Reason
}

// Reason is a part of a score.
type Reason struct {
	What   string
	Points float64
}

// Ranking begins the scoring of the documents for one search. next gives them one
// by one, each once, until ok is false: of equal scores Bleve puts the one that
// came first before the others.
type Ranking func(ctx context.Context, explain bool) (next func() (m Match, ok bool), err error)

// Search gives the size best documents of a ranking, the best first, and how
// many it gave in all.
func (x *Index) Search(ctx context.Context, r Ranking, size int, explain bool) (best []Match, total int, err error) {
	q := &rankingQuery{ranking: r, index: x, size: size}
	request := bleve.NewSearchRequestOptions(q, size, 0, explain)
	result, err := x.bleve.SearchInContext(ctx, request)
	if err != nil {
		return nil, 0, fmt.Errorf("chercher : %w", err)
	}
	for _, hit := range result.Hits {
		m := Match{Document: x.document(hit.IndexInternalID), Score: hit.Score}
		if hit.Expl != nil {
			for _, part := range hit.Expl.Children {
				m.Why = append(m.Why, Reason{part.Message, part.Value})
			}
		}
		best = append(best, m)
	}
	return best, q.total, nil
}

// rankingQuery is a ranking as a query of Bleve's.
type rankingQuery struct {
	ranking Ranking
	index   *Index
	size    int // how many are wanted
	total   int // how many the ranking gave
}

// Searcher makes the query's searcher; it is Bleve that calls it.
func (q *rankingQuery) Searcher(ctx context.Context, _ api.IndexReader, _ mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	next, err := q.ranking(ctx, o.Explain)
	if err != nil {
		return nil, err
	}
	return &rankingSearcher{next: next, query: q, explain: o.Explain}, nil
}

// rankingSearcher gives Bleve's collector what of the ranking may be among the first.
type rankingSearcher struct {
	next    func() (Match, bool)
	query   *rankingQuery
	explain bool
	first   scores // the best so far, as many as are wanted
}

// scores is a heap, the least score at its root.
type scores []float64

func (s scores) Len() int           { return len(s) }
func (s scores) Less(i, j int) bool { return s[i] < s[j] }
func (s scores) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *scores) Push(x any)        { *s = append(*s, x.(float64)) }
func (s *scores) Pop() any          { panic("scores only grow") }

// mayBeFirst says whether a score may be among the first, after those before it. What
// is as good as the last of them came later, so that Bleve would put it behind.
func (s *rankingSearcher) mayBeFirst(score float64) bool {
	if len(s.first) < s.query.size {
		heap.Push(&s.first, score)
		return true
	}
	if len(s.first) == 0 || score <= s.first[0] {
		return false
	}
	s.first[0] = score
	heap.Fix(&s.first, 0)
	return true
}

// unreadID is the id of every match. Bleve would look up that of each of the best in the
// index, and nobody reads it: a match is known by its number.
const unreadID = "-"

func (s *rankingSearcher) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	m, ok := s.next()
	for ; ok; m, ok = s.next() {
		s.query.total++
		if s.mayBeFirst(m.Score) {
			break
		}
	}
	if !ok {
		return nil, nil
	}
	d := ctx.DocumentMatchPool.Get()
	d.IndexInternalID = api.NewIndexInternalID(d.IndexInternalID, uint64(s.query.index.places[m.Document]))
	d.ID = unreadID
	d.Score = m.Score
	if s.explain {
		d.Expl = &search.Explanation{Value: m.Score, Message: "score"}
		for _, part := range m.Why {
			d.Expl.Children = append(d.Expl.Children, &search.Explanation{Value: part.Points, Message: part.What})
		}
	}
	return d, nil
}

// Advance is for searchers within others; a ranking is always the whole query.
func (s *rankingSearcher) Advance(ctx *search.SearchContext, id api.IndexInternalID) (*search.DocumentMatch, error) {
	for {
		d, err := s.Next(ctx)
		if err != nil || d == nil || d.IndexInternalID.Compare(id) >= 0 {
			return d, err
		}
		ctx.DocumentMatchPool.Put(d)
	}
}

func (s *rankingSearcher) Close() error               { return nil }
func (s *rankingSearcher) Weight() float64            { return 1 }
func (s *rankingSearcher) SetQueryNorm(float64)       {}
func (s *rankingSearcher) Count() uint64              { return uint64(len(s.query.index.numbers)) }
func (s *rankingSearcher) Min() int                   { return 0 }
func (s *rankingSearcher) Size() int                  { return 0 }
func (s *rankingSearcher) DocumentMatchPoolSize() int { return 1 }
