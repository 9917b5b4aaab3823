package index

import (
	"cmp"
	"errors"
	"slices"

	api "github.com/blevesearch/bleve_index_api"
)

// Each calls do for each document that holds a term in a field, with how often;
// in no order that a caller may rely on.
func (x *Index) Each(f Field, term string, do func(doc uint32, times int)) (err error) {
	r, err := x.postings(f, term, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	var posting api.TermFieldDoc
	for {
		p, err := r.Next(posting.Reset())
		if err != nil || p == nil {
			return err
		}
		do(x.document(p.ID), int(p.Freq))
	}
}

// Count is the number of documents that hold a term in a field.
func (x *Index) Count(f Field, term string) (int, error) {
	r, err := x.postings(f, term, false)
	if err != nil {
		return 0, err
	}
	return int(r.Count()), r.Close()
}

// cursor reads the postings of a term in rising order, with their positions.
type cursor struct {
	reader    api.TermFieldReader
	posting   api.TermFieldDoc
	at        *api.TermFieldDoc // nil at the end, and before the first
	started   bool
	positions []uint32
}

// to moves to a document, or the next that holds the term. It says whether it is
// that document.
func (c *cursor) to(id api.IndexInternalID) (found bool, err error) {
	if !c.started || c.at != nil && c.at.ID.Compare(id) < 0 {
		c.started = true
		if c.at, err = c.reader.Advance(id, c.posting.Reset()); err != nil {
			return false, err
		}
	}
	return c.at != nil && c.at.ID.Equals(id), nil
}

// places are the positions where the term stands, in order.
func (c *cursor) places() []uint32 {
	c.positions = c.positions[:0]
	for _, v := range c.at.Vectors {
		c.positions = append(c.positions, uint32(v.Pos))
	}
	slices.Sort(c.positions)
	return c.positions
}

// Together calls do for each document where the terms stand in order in a field,
// each at most gap words after the one before, with how often they do; in no order
// that a caller may rely on.
func (x *Index) Together(f Field, terms []string, gap int, do func(doc uint32, times int)) (err error) {
	cursors := make([]*cursor, len(terms))
	defer func() {
		for _, c := range cursors {
			if c != nil {
				err = errors.Join(err, c.reader.Close())
			}
		}
	}()
	rarest := 0
	for i, term := range terms {
		r, err := x.postings(f, term, true)
		if err != nil {
			return err
		}
		cursors[i] = &cursor{reader: r}
		if r.Count() == 0 {
			return nil
		}
		if r.Count() < cursors[rarest].reader.Count() {
			rarest = i
		}
	}
	lead := cursors[rarest]
	positions := make([][]uint32, len(terms))
	for {
		lead.started = true
		if lead.at, err = lead.reader.Next(lead.posting.Reset()); err != nil || lead.at == nil {
			return err
		}
		all := true
		for i, c := range cursors {
			if all, err = c.to(lead.at.ID); err != nil {
				return err
			}
			if !all {
				break
			}
			positions[i] = c.places()
		}
		if !all {
			continue
		}
		if n := inOrder(positions, gap); n > 0 {
			do(x.document(lead.at.ID), n)
		}
	}
}

// inOrder counts the places where one position of each list follows the other
// within gap.
func inOrder(positions [][]uint32, gap int) int {
	n := 0
	for _, start := range positions[0] {
		at, ok := start, true
		for _, list := range positions[1:] {
			i, _ := slices.BinarySearch(list, at+1)
			if i == len(list) || list[i] > at+uint32(gap) {
				ok = false
				break
			}
			at = list[i]
		}
		if ok {
			n++
		}
	}
	return n
}

// Positions calls do for each of some documents that holds a term in a field,
// with its place in the list and the sorted positions of the term, which are the
// caller's until do returns.
func (x *Index) Positions(f Field, term string, documents []uint32, do func(i int, positions []uint32)) (err error) {
	if len(documents) == 0 {
		return nil
	}
	order := make([]int, len(documents))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(x.places[documents[a]], x.places[documents[b]]) })
	r, err := x.postings(f, term, true)
	if err != nil {
		return err
	}
	c := &cursor{reader: r}
	defer func() { err = errors.Join(err, r.Close()) }()
	if r.Count() == 0 {
		return nil
	}
	var id api.IndexInternalID
	for _, i := range order {
		id = api.NewIndexInternalID(id, uint64(x.places[documents[i]]))
		found, err := c.to(id)
		if err != nil {
			return err
		}
		if found {
			do(i, c.places())
		}
		if c.at == nil {
			return nil
		}
	}
	return nil
}

// Term is a term of the index and the number of documents that hold it.
type Term struct {
	Text  string
	Count int
}

// Beginning lists at most limit terms of a field that begin with a prefix, in
// byte order.
func (x *Index) Beginning(f Field, prefix string, limit int) ([]Term, error) {
	d, err := x.reader.FieldDictPrefix(f.String(), []byte(prefix))
	if err != nil {
		return nil, err
	}
	return terms(d, limit)
}

func terms(d api.FieldDict, limit int) (list []Term, err error) {
	defer func() { err = errors.Join(err, d.Close()) }()
	for len(list) < limit {
		e, err := d.Next()
		if err != nil || e == nil {
			return list, err
		}
		list = append(list, Term{e.Term, int(e.Count)})
	}
	return list, nil
}
