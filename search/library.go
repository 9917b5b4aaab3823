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
	index    *postings
	stems    *french.Stemmer

	documents *documents
	ids       *identifiers
	lexicon   *lexicon
	thesaurus *thesaurus
	scorer    *scorer

	completions func() (*completions, error)
	scratch     sync.Pool
	cores       *semaphore.Weighted
}

// Open opens what Build wrote. The library reads the store as long as it is used:
// once the store is closed, its answers are errors. Lists that no start waits for are
// read when they are first asked for.
func Open(st *store.Store) (_ *Library, err error) {
	go french.Load()
	cat, err := content.OpenCatalog(st.Get)
	if err != nil {
		return nil, err
	}
	l := &Library{catalog: cat, store: st, stems: &french.Stemmer{}}
	if l.tables, err = readTables(st); err != nil {
		return nil, err
	}
	l.completions = readCompletions(st)
	l.documents = newDocuments(l)
	if err := l.openIndex(); err != nil {
		return nil, err
	}
	l.scorer = newScorer(l)
	l.thesaurus = newThesaurus(l)
	l.lexicon = newLexicon(l)
	l.ids = newIdentifiers(l)
	l.cores = semaphore.NewWeighted(int64(runtime.GOMAXPROCS(0)))
	l.scratch.New = func() any { return newScratch(len(l.tables.kinds), l.tables.pageCount) }
	return l, nil
}

// mapped gives a list in the store's map, which is found when it is first asked for.
func mapped(st *store.Store, name string) func() (packed, error) {
	return sync.OnceValues(func() (packed, error) { return st.Mapped(bucketTables, name) })
}

// Warm reads what the first misspelt word and the first id need, before somebody waits
// for it.
func (l *Library) Warm() error {
	_, err := l.lexicon.alike()
	_, idErr := l.ids.families()
	return errors.Join(err, idErr)
}

// turnWithin is how long a search may wait for its turn.
const turnWithin = 10 * time.Second

// turn waits for a core to score documents on, in the order in which searches ask
// for one, and gives the memory for it: each takes some bytes for every document,
// so that more at once would cost memory and gain no time.
func (l *Library) turn(ctx context.Context) (s *scratch, release func(), err error) {
	if !l.cores.TryAcquire(1) { // it gives nobody a turn before those who wait
		ctx, cancel := context.WithTimeout(ctx, turnWithin)
		defer cancel()
		if err := l.cores.Acquire(ctx, 1); err != nil {
			return nil, nil, wrapf(err, "attendre son tour")
		}
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
	} else if x, err = l.documents.indexInMemory(); err != nil {
		return err
	}
	l.store.AtClose(x.Close)
	l.index = newPostings(x, l.store.Read)
	return nil
}

// Catalog gives the edition's pages and records.
func (l *Library) Catalog() *content.Catalog { return l.catalog }
