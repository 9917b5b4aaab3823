package search

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	"github.com/blevesearch/vellum/levenshtein"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/cct-mi/cct/store"
)

// The index is made of segments, which are what Bleve's scorch keeps its index
// in. They are read where they lie in the store's map. Scorch itself, which looks
// after segments that come and go, is left out: ours never change, and without it
// a start needs no files of its own, and 8 ms less.

// half is a part of the fields, in segments of its own.
type half struct {
	name   string
	fields []int
}

// halves are made side by side; a term is looked up in one of them.
var halves = [...]half{
	{"stems", []int{fieldLabel, fieldTitle, fieldPath, fieldBody}},
	{"words", []int{fieldExact}},
}

func halfOf(field int) int {
	if field == fieldExact {
		return 1
	}
	return 0
}

// part is a segment and the ordinal of its first document.
type part struct {
	first uint32
	*zap.SegmentBase
}

// segments are the index, opened.
type segments struct {
	halves  [len(halves)][]part
	read    func(func() error) error // guards what reads the segments
	cursors sync.Pool
}

// segmentKey names a segment in the store.
func segmentKey(half int, first uint32) string {
	return fmt.Sprintf("%s/%08x", halves[half].name, first)
}

// openSegments opens the segments of the store in place.
func openSegments(st *store.Store) (*segments, error) {
	keys, err := st.Keys(bucketIndex)
	if err != nil {
		return nil, err
	}
	x := &segments{read: st.Read}
	for _, key := range keys {
		name, number, _ := strings.Cut(key, "/")
		at := slices.IndexFunc(halves[:], func(h half) bool { return h.name == name })
		first, err := strconv.ParseUint(number, 16, 32)
		if err != nil || at < 0 {
			return nil, wrapf(store.ErrDamaged, "lire l’index (%s)", key)
		}
		b, err := st.Mapped(bucketIndex, key)
		if err != nil {
			return nil, err
		}
		err = st.Read(func() error {
			s, err := openSegment(b)
			x.halves[at] = append(x.halves[at], part{uint32(first), s})
			return err
		})
		if err != nil {
			return nil, wrapf(err, "ouvrir l’index")
		}
	}
	for _, parts := range x.halves {
		if len(parts) == 0 {
			return nil, wrapf(store.ErrDamaged, "lire l’index")
		}
	}
	x.cursors.New = func() any { return &cursor{} }
	return x, nil
}

var errSegment = errors.New("l’index n’est pas de la forme attendue")

// openSegment reads the end of a segment, which says where its parts are (the
// format is described in zapx, zap.md).
func openSegment(b []byte) (*zap.SegmentBase, error) {
	if len(b) < zap.FooterSize {
		return nil, errSegment
	}
	end := b[len(b)-zap.FooterSize:]
	idLength, documents, stored, sections := binary.BigEndian.Uint32(end), binary.BigEndian.Uint64(end[4:]), binary.BigEndian.Uint64(end[12:]), binary.BigEndian.Uint64(end[20:])
	chunks, version, sum := binary.BigEndian.Uint32(end[28:]), binary.BigEndian.Uint32(end[32:]), binary.BigEndian.Uint32(end[36:])
	if version != zap.Version || idLength != 0 {
		return nil, errSegment
	}
	return zap.InitSegmentBase(b[:len(b)-zap.FooterSize], sum, chunks, documents, stored, sections, nil, &segment.Stats{})
}

// makeSegment makes a segment of documents.
func makeSegment(documents []index.Document) (*zap.SegmentBase, error) {
	s, _, err := new(zap.ZapPlugin).New(documents)
	if err != nil {
		return nil, wrapf(err, "construire l’index")
	}
	base, ok := s.(*zap.SegmentBase)
	if !ok {
		return nil, errSegment
	}
	return base, nil
}

// bytesOf writes a segment out.
func bytesOf(s *zap.SegmentBase) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(s.Size() + zap.FooterSize)
	_, err := s.WriteTo(&b)
	return b.Bytes(), err
}

// cursor is what reading postings needs beside the segments, kept for the next
// reader: dictionaries are not for several goroutines.
type cursor struct {
	dictionaries [fields][]*zap.Dictionary
	list         segment.PostingsList
	postings     segment.PostingsIterator
}

func (c *cursor) dictionary(x *segments, field, i int) (*zap.Dictionary, error) {
	parts := x.halves[halfOf(field)]
	if c.dictionaries[field] == nil {
		c.dictionaries[field] = make([]*zap.Dictionary, len(parts))
	}
	if c.dictionaries[field][i] == nil {
		d, err := parts[i].Dictionary(fieldNames[field])
		if err != nil {
			return nil, err
		}
		c.dictionaries[field][i] = d.(*zap.Dictionary)
	}
	return c.dictionaries[field][i], nil
}

// open finds a term in a part; count is the number of documents that hold it.
func (c *cursor) open(x *segments, field, i int, term string) (count uint64, err error) {
	d, err := c.dictionary(x, field, i)
	if err != nil {
		return 0, err
	}
	if c.list, err = d.PostingsList([]byte(term), nil, c.list); err != nil {
		return 0, err
	}
	return c.list.Count(), nil
}

// iterate begins to read the postings that open found.
func (c *cursor) iterate(locations bool) segment.PostingsIterator {
	c.postings = c.list.Iterator(true, false, locations, c.postings)
	return c.postings
}

// guarded reads the segments about a term.
func (x *segments) guarded(term string, do func() error) error {
	if err := x.read(do); err != nil {
		return wrapf(err, "lire l’index pour « %s »", term)
	}
	return nil
}

func (x *segments) cursor() *cursor { return x.cursors.Get().(*cursor) }

// with lends a cursor to a reader of the field's parts.
func (x *segments) with(field int, term string, do func(c *cursor, parts []part) error) error {
	return x.guarded(term, func() error {
		c := x.cursor()
		if err := do(c, x.halves[halfOf(field)]); err != nil {
			return err // a cursor that failed is not lent again
		}
		x.cursors.Put(c)
		return nil
	})
}

// each reads a term's postings in a field, in the order of the documents.
func (x *segments) each(field int, term string, do func(doc uint32, freq uint64)) error {
	return x.with(field, term, func(c *cursor, parts []part) error {
		for i, p := range parts {
			n, err := c.open(x, field, i, term)
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			it := c.iterate(false)
			for {
				posting, err := it.Next()
				if err != nil {
					return err
				}
				if posting == nil {
					break
				}
				do(p.first+uint32(posting.Number()), posting.Frequency())
			}
		}
		return nil
	})
}

// count is the number of documents that hold a term in a field.
func (x *segments) count(field int, term string) (total uint64, err error) {
	err = x.with(field, term, func(c *cursor, parts []part) error {
		for i := range parts {
			n, err := c.open(x, field, i, term)
			if err != nil {
				return err
			}
			total += n
		}
		return nil
	})
	return total, err
}

// together calls do for each document where the terms stand in order in a
// field, each at most gap words after the one before.
func (x *segments) together(field int, terms []string, gap int, do func(doc uint32, times int)) error {
	return x.guarded(strings.Join(terms, " "), func() error {
		cursors := make([]*cursor, len(terms))
		for i := range cursors {
			cursors[i] = x.cursor()
		}
		for i := range x.halves[halfOf(field)] {
			if err := x.togetherIn(i, cursors, field, terms, gap, do); err != nil {
				return err
			}
		}
		for _, c := range cursors {
			x.cursors.Put(c)
		}
		return nil
	})
}

func (x *segments) togetherIn(part int, cursors []*cursor, field int, terms []string, gap int, do func(doc uint32, times int)) error {
	rarest, least := 0, uint64(0)
	for i, c := range cursors {
		n, err := c.open(x, field, part, terms[i])
		if err != nil || n == 0 {
			return err
		}
		if i == 0 || n < least {
			rarest, least = i, n
		}
	}
	for _, c := range cursors {
		c.iterate(true)
	}
	positions := make([][]uint64, len(terms))
	at := make([]segment.Posting, len(terms))
	first := x.halves[halfOf(field)][part].first
	for {
		lead, err := cursors[rarest].postings.Next()
		if err != nil || lead == nil {
			return err
		}
		at[rarest] = lead
		ok := true
		for i, c := range cursors {
			if at[i] == nil || at[i].Number() < lead.Number() {
				if at[i], err = c.postings.Advance(lead.Number()); err != nil || at[i] == nil {
					return err
				}
			}
			if at[i].Number() != lead.Number() {
				ok = false
				break
			}
			positions[i] = places(positions[i][:0], at[i])
		}
		if !ok {
			continue
		}
		if n := inOrder(positions, gap); n > 0 {
			do(first+uint32(lead.Number()), n)
		}
	}
}

// places adds the sorted positions of a posting to list.
func places(list []uint64, p segment.Posting) []uint64 {
	from := len(list)
	for _, l := range p.Locations() {
		list = append(list, l.Pos())
	}
	slices.Sort(list[from:])
	return list
}

// positions reads the postings of a term in some documents, in rising order; do
// is called, with its place in the list, for each that holds the term.
func (x *segments) positions(field int, term string, documents []uint32, do func(i int, p segment.Posting)) error {
	return x.with(field, term, func(c *cursor, parts []part) error {
		from := 0
		for k, p := range parts {
			to := len(documents)
			if k+1 < len(parts) {
				to, _ = slices.BinarySearch(documents, parts[k+1].first)
			}
			if from == to {
				continue
			}
			n, err := c.open(x, field, k, term)
			if err != nil {
				return err
			}
			if n > 0 {
				if err := visit(c.iterate(true), documents[from:to], p.first, func(i int, p segment.Posting) { do(from+i, p) }); err != nil {
					return err
				}
			}
			from = to
		}
		return nil
	})
}

func visit(it segment.PostingsIterator, documents []uint32, first uint32, do func(i int, p segment.Posting)) error {
	var at segment.Posting
	for i, d := range documents {
		n := uint64(d - first)
		if at == nil || at.Number() < n {
			var err error
			if at, err = it.Advance(n); err != nil || at == nil {
				return err
			}
		}
		if at.Number() == n {
			do(i, at)
		}
	}
	return nil
}

// term is a word of the index and the number of documents that hold it.
type term struct {
	text string
	df   uint64
}

// terms lists at most limit terms of a field, in byte order, as begin finds them
// in a part's dictionary.
func (x *segments) terms(field int, about string, limit int, begin func(*zap.Dictionary) segment.DictionaryIterator) (list []term, err error) {
	err = x.with(field, about, func(c *cursor, parts []part) error {
		for i := range parts {
			d, err := c.dictionary(x, field, i)
			if err != nil {
				return err
			}
			it := begin(d)
			for range limit {
				e, err := it.Next()
				if err != nil {
					return err
				}
				if e == nil {
					break
				}
				list = append(list, term{e.Term, e.Count})
			}
		}
		return nil
	})
	if err != nil || len(x.halves[halfOf(field)]) == 1 {
		return list, err
	}
	slices.SortFunc(list, func(a, b term) int { return strings.Compare(a.text, b.text) })
	merged := list[:0]
	for _, t := range list {
		if n := len(merged); n > 0 && merged[n-1].text == t.text {
			merged[n-1].df += t.df
			continue
		}
		merged = append(merged, t)
	}
	return merged[:min(len(merged), limit)], nil
}

// beginning lists the terms of a field that begin with a prefix.
func (x *segments) beginning(field int, prefix string, limit int) ([]term, error) {
	return x.terms(field, prefix+"…", limit, func(d *zap.Dictionary) segment.DictionaryIterator {
		return d.AutomatonIterator(nil, []byte(prefix), after(prefix))
	})
}

// after is the first key past all that begin with a prefix; nil when there is none.
func after(prefix string) []byte {
	end := []byte(prefix)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i]++; end[i] != 0 {
			return end[:i+1]
		}
	}
	return nil
}

// slipsAway are the automata of words within one and two edits, a swap being
// one. Their tables take 8 ms to make, so only a word that is not known has
// them made.
var slipsAway = [...]func() (*levenshtein.LevenshteinAutomatonBuilder, error){automata(1), automata(2)}

func automata(edits uint8) func() (*levenshtein.LevenshteinAutomatonBuilder, error) {
	return sync.OnceValues(func() (*levenshtein.LevenshteinAutomatonBuilder, error) {
		return levenshtein.NewLevenshteinAutomatonBuilder(edits, true)
	})
}

// near lists the terms of a field within one or two edits of a word, without
// the numbers of their documents.
func (x *segments) near(field int, word string, edits, limit int) ([]term, error) {
	b, err := slipsAway[edits-1]()
	if err != nil {
		return nil, wrapf(err, "chercher des mots proches de « %s »", word)
	}
	dfa, err := b.BuildDfa(word, uint8(edits))
	if err != nil {
		return nil, wrapf(err, "chercher des mots proches de « %s »", word)
	}
	return x.terms(field, word, limit, func(d *zap.Dictionary) segment.DictionaryIterator {
		return d.AutomatonIteratorOmitCount(dfa, nil, nil)
	})
}

// inOrder counts the places where one position of each list follows the other
// within gap.
func inOrder(positions [][]uint64, gap int) int {
	n := 0
	for _, start := range positions[0] {
		at, ok := start, true
		for _, list := range positions[1:] {
			i, _ := slices.BinarySearch(list, at+1)
			if i == len(list) || list[i] > at+uint64(gap) {
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
