// Package index is the Bleve index of an edition: what is indexed and how, how
// it is built, opened and asked. It knows documents by their numbers and words by
// their terms; what a word is, package french says, and what a document is worth,
// package search.
//
// A [Builder] takes the documents one by one and leaves an index in a folder;
// [Open] opens such a folder read-only, [InMemory] makes an index that needs
// none. [Index.Search] runs a ranking as a query of Bleve's; [Index.Each],
// [Index.Together] and [Index.Positions] read postings, [Index.Beginning]
// the terms.
//
// Bleve numbers documents in an order of its own, which differs from one build to the
// next. All numbers here are the caller's: Open
// is given the table that leads from the one to the other.
package index

import (
	"context"
	"errors"
	"fmt"

	"github.com/blevesearch/bleve/v2"
	api "github.com/blevesearch/bleve_index_api"
)

// Field is a field of the index.
type Field int

// The fields. All but the last hold stems, without stop words. Exact holds every
// word of label, title and body as folded, for phrases, correction, completion, and
// to tell the word asked for from others of its family.
const (
	Label Field = iota // what names the document
	Title              // of its page
	Path               // the headings above it
	Body               // what it says
	Exact
	Fields // how many there are
)

var fieldNames = [Fields]string{"label", "title", "path", "body", "exact"}

func (f Field) String() string { return fieldNames[f] }

// Index is an opened index. It may be used by several goroutines at once.
type Index struct {
	bleve   bleve.Index
	reader  api.IndexReader
	numbers []uint32 // by Bleve's number → the caller's
	places  []uint32 // by the caller's number → Bleve's
}

// readerCache is how many readers of a field Bleve keeps for the next question.
const readerCache = 4

// Open opens a folder that a Builder left. numbers is what Finish gave with it.
func Open(folder string, numbers []uint32) (*Index, error) {
	b, err := openFolder(folder)
	if err != nil {
		return nil, err
	}
	return opened(b, numbers)
}

func openFolder(folder string) (bleve.Index, error) {
	b, err := bleve.OpenUsing(folder, map[string]any{"read_only": true, "bolt_timeout": "2s", "fieldTFRCacheThreshold": readerCache})
	if err != nil {
		return nil, fmt.Errorf("ouvrir l’index : %w", err)
	}
	return b, nil
}

var errNumbers = errors.New("l’index et la table de ses documents ne vont pas ensemble")

func opened(b bleve.Index, numbers []uint32) (_ *Index, err error) {
	x := &Index{bleve: b, numbers: numbers, places: make([]uint32, len(numbers))}
	defer func() {
		if err != nil {
			err = errors.Join(err, x.Close())
		}
	}()
	advanced, err := b.Advanced()
	if err != nil {
		return nil, err
	}
	if x.reader, err = advanced.Reader(); err != nil {
		return nil, err
	}
	if count, err := x.reader.DocCount(); err != nil || count != uint64(len(numbers)) {
		return nil, errors.Join(errNumbers, err)
	}
	for place, n := range numbers {
		if int(n) >= len(numbers) {
			return nil, errNumbers
		}
		x.places[n] = uint32(place)
	}
	return x, nil
}

// Close frees the index; nothing may read it any more.
func (x *Index) Close() error {
	var err error
	if x.reader != nil {
		err = x.reader.Close()
	}
	return errors.Join(err, x.bleve.Close())
}

// document is the caller's number of a document.
func (x *Index) document(id api.IndexInternalID) uint32 { return x.numbers[id.Value()] }

// postings opens the postings of a term.
func (x *Index) postings(f Field, term string, positions bool) (api.TermFieldReader, error) {
	return x.reader.TermFieldReader(context.Background(), []byte(term), f.String(), true, false, positions)
}
