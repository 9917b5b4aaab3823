// Package search answers questions about an edition.
//
// [Build] writes an edition and its index, [Open] opens them as a [Library]. A face reads
// its parameters with [ParseRequest] and asks [Library.Search]; a question then goes
//
//   - through its syntax (syntax.go) and the ids that it may name (ids.go, named.go);
//   - to what it means (understand.go): words repaired (repair.go, join.go, correct.go),
//     widened by the thesaurus (thesaurus.go), and what it leaves out (negation.go);
//   - to the documents (score.go, rank.go) that filters keep (restrict.go, facets.go);
//   - back as an [Answer] with its snippets (snippet.go) and whether it is sure
//     (confidence.go).
//
// [Library.Suggest] completes what is being typed, [Library.Mentions] finds the ids that
// any text cites. What a French word is, package french says; what the index holds,
// package index.
package search

import (
	"context"
	"encoding/binary"
	"errors"
	"runtime"
	"sync"
	"time"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
	"github.com/cct-mi/cct/search/index"
	"github.com/cct-mi/cct/store"
	"golang.org/x/sync/semaphore"
)

// Library is an edition opened for reading: its pages and records, and the
// index over them. It may be used by several goroutines at once.
type Library struct {
	catalog  *content.Catalog
	store    *store.Store
	editions *Editions // that it is one of; nil when it was opened alone
	tables   *tables
	stems    *french.Stemmer
	lemmas   french.Lemmatizer

	index                         *postings
	ids, spelt, forms, expansions func() (packed, error) // read when they are first asked for

	families    func() (map[string]*family, error) // of ids
	words       func() ([]string, error)           // of the content, in byte order
	alike       func() ([]heardTerm, error)        // words by their sound
	names       func() (names, error)              // of products and terms
	statuses    func() (map[uint32]string, error)  // of products and rules
	vocabulary  func() (vocabulary, error)         // terms of the thesaurus
	scratch     sync.Pool
	cores       *semaphore.Weighted
	findings    *memo[string, *found] // where terms of the thesaurus stand
	recent      *memo[uint32, *shown]
	corrections *memo[string, corrected]

	completions func() (*completions, error)
}

// Open opens what Build wrote. The library reads the store as long as it is used:
// once the store is closed, its answers are errors.
func Open(st *store.Store) (_ *Library, err error) {
	cat, err := content.OpenCatalog(st.Get)
	if err != nil {
		return nil, err
	}
	l := &Library{catalog: cat, store: st, stems: &french.Stemmer{},
		findings: newMemo[string, *found](findingsKept), recent: newMemo[uint32, *shown](recentKept), corrections: newMemo[string, corrected](correctionsKept)}
	if l.tables, err = readTables(st); err != nil {
		return nil, err
	}
	for name, list := range map[string]*func() (packed, error){listIDs: &l.ids, listWords: &l.spelt, listForms: &l.forms, listExpand: &l.expansions} {
		*list = sync.OnceValues(func() (packed, error) { return st.Mapped(bucketTables, name) })
	}
	l.vocabulary, l.families = sync.OnceValues(l.readVocabulary), sync.OnceValues(l.readFamilies) // no start waits for them
	l.words, l.alike = sync.OnceValues(l.readWords), sync.OnceValues(l.readAlike)
	l.names = sync.OnceValues(l.readNames)
	l.statuses = sync.OnceValues(l.readStatuses)
	if err := l.openIndex(); err != nil {
		return nil, err
	}
	l.cores = semaphore.NewWeighted(int64(runtime.GOMAXPROCS(0)))
	l.scratch.New = func() any { return newScratch(len(l.tables.kinds), l.tables.pageCount) }
	l.completions = sync.OnceValues(l.learnCompletions)
	return l, nil
}

// Warm reads what the first misspelt word and the first id need, before somebody waits
// for it.
func (l *Library) Warm() error {
	_, err := l.alike()
	_, idErr := l.families()
	return errors.Join(err, idErr)
}

// turnWithin is how long a search may wait for its turn.
const turnWithin = 10 * time.Second

// turn waits for a core to score documents on, in the order in which searches ask
// for one, and gives the memory for it: each takes some bytes for every document,
// so that more at once would cost memory and gain no time.
func (l *Library) turn(ctx context.Context) (s *scratch, release func(), err error) {
	ctx, cancel := context.WithTimeout(ctx, turnWithin)
	defer cancel()
	if err := l.cores.Acquire(ctx, 1); err != nil {
		return nil, nil, wrapf(err, "attendre son tour")
	}
	s = l.scratch.Get().(*scratch)
	return s, func() {
		s.reset()
		l.scratch.Put(s)
		l.cores.Release(1)
	}, nil
}

// openIndex opens the index, from files if a folder can be written for them, else
// in memory.
func (l *Library) openIndex() error {
	list, err := l.store.Get(bucketTables, "numbers")
	if err != nil {
		return err
	}
	var x *index.Index
	if folder, err := l.store.Folder(bucketIndex); err == nil && list != nil {
		numbers := make([]uint32, len(list)/4)
		for i := range numbers {
			numbers[i] = binary.LittleEndian.Uint32(list[4*i:])
		}
		err := l.store.Read(func() (err error) {
			x, err = index.Open(folder, numbers)
			return err
		})
		if err != nil {
			return errors.Join(store.ErrDamaged, err)
		}
	} else if x, err = l.indexInMemory(); err != nil {
		return err
	}
	l.store.AtClose(x.Close)
	l.index = &postings{x, l.store.Read}
	return nil
}

// indexInMemory makes the index anew from the documents.
func (l *Library) indexInMemory() (*index.Index, error) {
	return index.InMemory(func(add func(index.Document) error) error {
		for n := range l.tables.kinds {
			e, err := l.entry(uint32(n))
			if err != nil {
				return err
			}
			if err := add(e.words(french.Tokenize(e.pageTitle), french.Tokenize(pathText(e)))); err != nil {
				return err
			}
		}
		return nil
	})
}

// entry reads one document.
func (l *Library) entry(n uint32) (*entry, error) {
	list, err := l.entries([]uint32{n})
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

// entries reads several documents in one go.
func (l *Library) entries(list []uint32) ([]*entry, error) {
	out := make([]*entry, len(list))
	blocks := map[string]packed{}
	for i, n := range list {
		came := int(l.tables.came[n])
		key := blockKey(came / entriesInBlock)
		if blocks[key] == nil {
			b, err := l.store.Get(bucketEntries, key)
			if err != nil {
				return nil, err
			}
			blocks[key] = b
		}
		err := l.store.Read(func() (err error) { // a block that makes no sense panics
			out[i], err = decodeEntry(blocks[key].value(came % entriesInBlock))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Catalog gives the edition's pages and records.
func (l *Library) Catalog() *content.Catalog { return l.catalog }
