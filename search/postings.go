package search

import (
	"context"
	"slices"
	"strings"

	"github.com/cct-mi/cct/search/index"
)

// postings are the index, read under the store's guard: a file that is cut while
// it is read is an error, and Close waits for who reads.
type postings struct {
	*index.Index
	read   func(func() error) error
	recent *memo[termOf, []posting]
	places *memo[termOf, *places]
}

// termOf is a term of a field.
type termOf struct {
	field index.Field
	text  string
}

// posting is a document that holds a term, and how often.
type posting struct{ doc, times uint32 }

// places are where a term stands in some documents, in rising order.
type places struct {
	docs      []uint32
	spans     [][2]uint32 // of each document, in positions
	positions []uint32
}

// in gives the positions in a document, in rising order; none where the term does not
// stand.
func (p *places) in(doc uint32) []uint32 {
	i, ok := slices.BinarySearch(p.docs, doc)
	if !ok {
		return nil
	}
	return p.positions[p.spans[i][0]:p.spans[i][1]]
}

// Questions share words: what was read lately is kept, in bytes, but for what is long,
// which would drive out all others.
const (
	postingsKept = 2 << 20
	postingsLong = 4096 // documents
	placesKept   = 2 << 20
	placesLong   = 256 // documents: reading all of them costs little more than the few asked for
)

func newPostings(x *index.Index, read func(func() error) error) *postings {
	return &postings{x, read, newMemo[termOf, []posting](postingsKept), newMemo[termOf, *places](placesKept)}
}

// guarded reads the index about a term.
func (p *postings) guarded(term string, do func() error) error {
	if err := p.read(do); err != nil {
		return wrapf(err, "lire l’index pour « %s »", term)
	}
	return nil
}

// search gives size documents of a ranking, the best first, from the place from on.
func (p *postings) search(ctx context.Context, r index.Ranking, from, size int, explain bool) (best []index.Match, err error) {
	err = p.read(func() (err error) {
		best, err = p.Search(ctx, r, from, size, explain)
		return err
	})
	return best, err
}

// each reads a term's postings in a field.
func (p *postings) each(f index.Field, term string, do func(doc uint32, times int)) error {
	if list, ok := p.recent.get(termOf{f, term}); ok {
		for _, one := range list {
			do(one.doc, int(one.times))
		}
		return nil
	}
	var list []posting
	err := p.guarded(term, func() error {
		return p.Each(f, term, func(doc uint32, times int) {
			if len(list) <= postingsLong {
				list = append(list, posting{doc, uint32(times)})
			}
			do(doc, times)
		})
	})
	if err == nil && len(list) <= postingsLong {
		p.recent.keep(termOf{f, strings.Clone(term)}, slices.Clone(list), 100+len(term)+8*len(list))
	}
	return err
}

// count is the number of documents that hold a term in a field.
func (p *postings) count(f index.Field, term string) (total uint64, err error) {
	if list, ok := p.recent.get(termOf{f, term}); ok {
		return uint64(len(list)), nil
	}
	err = p.guarded(term, func() error {
		n, err := p.Count(f, term)
		total = uint64(n)
		return err
	})
	return total, err
}

// together calls do for each document where the terms stand in order in a
// field, each at most gap words after the one before.
func (p *postings) together(f index.Field, terms []string, gap int, do func(doc uint32, times int)) error {
	return p.guarded(strings.Join(terms, " "), func() error { return p.Together(f, terms, gap, do) })
}

// holders says which of some documents hold a term in a field.
func (p *postings) holders(f index.Field, term string, documents []uint32) ([]bool, error) {
	hold := make([]bool, len(documents))
	err := p.each(f, term, func(doc uint32, _ int) {
		if i := slices.Index(documents, doc); i >= 0 {
			hold[i] = true
		}
	})
	return hold, err
}

// placesIn gives where a term stands in some documents, which come in rising order.
func (p *postings) placesIn(f index.Field, term string, documents []uint32) (*places, error) {
	key := termOf{f, term}
	if kept, ok := p.places.get(key); ok {
		return kept, nil
	}
	list, ok := p.recent.get(key)
	if !ok || len(list) > placesLong {
		return p.readPlaces(f, term, documents)
	}
	documents = make([]uint32, len(list))
	for i, one := range list {
		documents[i] = one.doc
	}
	slices.Sort(documents)
	all, err := p.readPlaces(f, term, documents)
	if err == nil {
		p.places.keep(termOf{f, strings.Clone(term)}, all, 100+len(term)+12*len(documents)+4*len(all.positions))
	}
	return all, err
}

func (p *postings) readPlaces(f index.Field, term string, documents []uint32) (*places, error) {
	all := &places{docs: documents, spans: make([][2]uint32, len(documents))}
	err := p.guarded(term, func() error {
		return p.Positions(f, term, documents, func(i int, positions []uint32) {
			from := len(all.positions)
			all.positions = append(all.positions, positions...)
			all.spans[i] = [2]uint32{uint32(from), uint32(len(all.positions))}
		})
	})
	return all, err
}

// term is a word of the index and the number of documents that hold it.
type term struct {
	text string
	df   uint64
}

func termsOf(found []index.Term) []term {
	list := make([]term, len(found))
	for i, t := range found {
		list[i] = term{t.Text, uint64(t.Count)}
	}
	return list
}

// beginning lists the terms of a field that begin with a prefix.
func (p *postings) beginning(f index.Field, prefix string, limit int) (list []term, err error) {
	err = p.guarded(prefix+"…", func() error {
		found, err := p.Beginning(f, prefix, limit)
		list = termsOf(found)
		return err
	})
	return list, err
}
