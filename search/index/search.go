package index

import (
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

// Search gives size documents of a ranking, the best first, from the place from on,
// which is 0 for the best.
func (x *Index) Search(ctx context.Context, r Ranking, from, size int, explain bool) ([]Match, error) {
	request := bleve.NewSearchRequestOptions(&rankingQuery{r, x}, size, from, explain)
	result, err := x.bleve.SearchInContext(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("chercher : %w", err)
	}
	best := make([]Match, 0, len(result.Hits))
	for _, hit := range result.Hits {
		m := Match{Document: x.document(hit.IndexInternalID), Score: hit.Score}
		if hit.Expl != nil {
			for _, part := range hit.Expl.Children {
				m.Why = append(m.Why, Reason{part.Message, part.Value})
			}
		}
		best = append(best, m)
	}
	return best, nil
}

// rankingQuery is a ranking as a query of Bleve's.
type rankingQuery struct {
	ranking Ranking
	index   *Index
}

// Searcher makes the query's searcher; it is Bleve that calls it.
func (q *rankingQuery) Searcher(ctx context.Context, _ api.IndexReader, _ mapping.IndexMapping, o search.SearcherOptions) (search.Searcher, error) {
	next, err := q.ranking(ctx, o.Explain)
	if err != nil {
		return nil, err
	}
	return &rankingSearcher{next: next, index: q.index, explain: o.Explain}, nil
}

// rankingSearcher gives a ranking's documents to Bleve's collector.
type rankingSearcher struct {
	next    func() (Match, bool)
	index   *Index
	explain bool
}

// unreadID is the id of every match. Bleve would look up that of each of the best in the
// index, and nobody reads it: a match is known by its number.
const unreadID = "-"

func (s *rankingSearcher) Next(ctx *search.SearchContext) (*search.DocumentMatch, error) {
	m, ok := s.next()
	if !ok {
		return nil, nil
	}
	d := ctx.DocumentMatchPool.Get()
	d.IndexInternalID = api.NewIndexInternalID(d.IndexInternalID, uint64(s.index.places[m.Document]))
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
func (s *rankingSearcher) Count() uint64              { return uint64(len(s.index.numbers)) }
func (s *rankingSearcher) Min() int                   { return 0 }
func (s *rankingSearcher) Size() int                  { return 0 }
func (s *rankingSearcher) DocumentMatchPoolSize() int { return 1 }
