package search

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	segment "github.com/blevesearch/scorch_segment_api/v2"
	zap "github.com/blevesearch/zapx/v17"
	"github.com/cct-mi/cct/content/ingest"
)

// named is a document under a name, as scorch wants it.
type named struct {
	document
	id string
}

func (n named) ID() string { return n.id }

type name struct {
	key
	value []byte
}

func (n *name) Value() []byte { return n.value }
func (n *name) AnalyzedTokenFrequencies() index.TokenFrequencies {
	return index.TokenFrequencies{string(n.value): &index.TokenFreq{Term: n.value}}
}

// TestSegmentsAreBlevesIndex reads the postings of every term from Bleve's own
// index of the same documents: they must be ours.
func TestSegmentsAreBlevesIndex(t *testing.T) {
	ed, err := ingest.Load(context.Background(), small, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	entries := entriesOf(ed)
	ours := library(t, small).segments
	for half := range halves {
		ix, err := scorch.NewScorch(scorch.Name, map[string]any{"path": ""}, index.NewAnalysisQueue(1))
		if err != nil {
			t.Fatal(err)
		}
		if err := ix.Open(); err != nil {
			t.Fatal(err)
		}
		batch := index.NewBatch()
		for i, e := range entries {
			a := newAnalyser(new([len(halves)]forms))
			documents, _ := a.analyse(e)
			d := documents[half].(document)
			d[0] = &name{value: []byte(ordinalKey(uint32(i)))}
			batch.Update(named{d, ordinalKey(uint32(i))})
		}
		if err := ix.Batch(batch); err != nil {
			t.Fatal(err)
		}
		theirs, err := ix.Reader()
		if err != nil {
			t.Fatal(err)
		}
		terms := 0
		for _, f := range halves[half].fields {
			list, err := ours.terms(f, "", 1<<20, func(d *zap.Dictionary) segment.DictionaryIterator { return d.AutomatonIterator(nil, nil, nil) })
			if err != nil {
				t.Fatal(err)
			}
			dict, err := theirs.FieldDict(fieldNames[f])
			if err != nil {
				t.Fatal(err)
			}
			for _, tm := range list {
				terms++
				e, err := dict.Next()
				if err != nil || e == nil || e.Term != tm.text || e.Count != tm.df {
					t.Fatalf("%s: our term %v, theirs %v %v", fieldNames[f], tm, e, err)
				}
				r, err := theirs.TermFieldReader(context.Background(), []byte(tm.text), fieldNames[f], true, false, true)
				if err != nil {
					t.Fatal(err)
				}
				want := map[uint32]string{}
				for {
					d, err := r.Next(nil)
					if err != nil {
						t.Fatal(err)
					}
					if d == nil {
						break
					}
					id, err := theirs.ExternalID(d.ID)
					if err != nil {
						t.Fatal(err)
					}
					var at []uint64
					for _, v := range d.Vectors {
						at = append(at, v.Pos)
					}
					slices.Sort(at)
					want[binary.BigEndian.Uint32([]byte(id))] = fmt.Sprint(d.Freq, at)
				}
				got := map[uint32]string{}
				var documents []uint32
				if err := ours.each(f, tm.text, func(d uint32, freq uint64) {
					got[d] = fmt.Sprint(freq, []uint64(nil))
					documents = append(documents, d)
				}); err != nil {
					t.Fatal(err)
				}
				if !slices.IsSorted(documents) {
					t.Errorf("%s %q: %v is not in order", fieldNames[f], tm.text, documents)
				}
				if positioned(f) {
					if err := ours.positions(f, tm.text, documents, func(i int, p segment.Posting) {
						got[documents[i]] = fmt.Sprint(p.Frequency(), places(nil, p))
					}); err != nil {
						t.Fatal(err)
					}
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s %q: ours %v, theirs %v", fieldNames[f], tm.text, got, want)
				}
			}
			if e, err := dict.Next(); err != nil || e != nil {
				t.Errorf("%s: they have %v more, %v", fieldNames[f], e, err)
			}
		}
		if terms < 50 {
			t.Errorf("%s: only %d terms", halves[half].name, terms)
		}
		if err := theirs.Close(); err != nil {
			t.Error(err)
		}
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	}
}
