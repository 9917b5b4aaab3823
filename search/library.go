// Package search answers questions about an edition: French analysis, ranking,
// facets, snippets, suggestions.
package search

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/blevesearch/bleve/v2/index/scorch"
	index "github.com/blevesearch/bleve_index_api"
	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/store"
)

// Library is an edition opened for reading: its pages and records, and the
// index over them. It may be used by several goroutines at once.
type Library struct {
	catalog *content.Catalog
	store   *store.Store
	tables  *tables
	stems   *stems

	index      index.Index
	reader     index.IndexReader
	dir        string          // of the index's files, "" when they are in memory or already unlinked
	background context.Context // of the counts that no request owns

	prefixes   map[string][]int  // letters of ids → their numbers, sorted
	vocabulary func() vocabulary // terms of the thesaurus
	scratch    sync.Pool

	completions func() (*completions, error)
	closeOnce   sync.Once
	closed      error
}

// Open opens what Build wrote. tempDirs are folders to try, in order, for the
// index's files; when none can be written, the index is built in memory.
func Open(ctx context.Context, st *store.Store, tempDirs ...string) (_ *Library, err error) {
	cat, err := content.OpenCatalog(st.Get)
	if err != nil {
		return nil, err
	}
	l := &Library{catalog: cat, store: st, stems: &stems{}, background: context.Background(), prefixes: map[string][]int{}}
	if l.tables, err = readTables(st); err != nil {
		return nil, err
	}
	b, err := st.Get(bucketTables, "prefixes")
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(b, &l.prefixes); err != nil {
		return nil, wrapf(err, "lire les identifiants de l’index")
	}
	if b, err = st.Get(bucketTables, "vocabulary"); err != nil {
		return nil, err
	}
	l.vocabulary = sync.OnceValue(func() vocabulary { return readVocabulary(b) }) // no start waits for it
	for _, numbers := range l.prefixes {
		slices.Sort(numbers)
	}
	if l.tables.numbers != nil {
		err = l.openFiles(append(tempDirs, os.TempDir()))
	}
	if l.reader == nil {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if merr := l.openMemory(ctx); merr != nil {
			return nil, errors.Join(err, merr)
		}
	}
	l.scratch.New = func() any { return newScratch(len(l.tables.kinds), l.tables.pageCount) }
	l.completions = sync.OnceValues(l.learnCompletions)
	return l, nil
}

// indexDirs is how the folders of opened indexes are named.
const indexDirs = "cct-index-"

// openFiles writes the index's files to the first folder that takes them and
// maps them.
func (l *Library) openFiles(dirs []string) error {
	names, err := l.store.Keys(bucketIndex)
	if err != nil || len(names) == 0 {
		return err
	}
	var failed []error
	for _, parent := range dirs {
		if parent == "" {
			continue
		}
		sweepIndexes(parent)
		dir, err := os.MkdirTemp(parent, indexDirs)
		if err != nil {
			failed = append(failed, err)
			continue
		}
		err = l.writeFiles(dir, names)
		if err == nil {
			l.index, l.reader, err = openScorch(dir)
		}
		if err != nil {
			failed = append(failed, err, os.RemoveAll(dir))
			continue
		}
		// Where an open file may be unlinked, nothing is left behind even by a
		// process that is killed; elsewhere Close removes the folder.
		if os.RemoveAll(dir) != nil {
			l.dir = dir
		}
		return nil
	}
	return errors.Join(failed...)
}

func (l *Library) writeFiles(dir string, names []string) error {
	for _, name := range names {
		err := l.store.View(bucketIndex, func(get func(string) []byte) error {
			return os.WriteFile(filepath.Join(dir, filepath.FromSlash(name)), get(name), 0o600)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// abandoned is the age from which a folder of an index belongs to no start that
// is still under way.
const abandoned = 10 * time.Minute

// sweepIndexes removes what killed processes left. Where files in use can be
// renamed they were unlinked at once, so an old folder is nobody's; where they
// can't, the renaming fails and spares those in use.
func sweepIndexes(parent string) {
	left, _ := filepath.Glob(filepath.Join(parent, indexDirs+"*"))
	for _, dir := range left {
		if st, err := os.Lstat(dir); err != nil || !st.IsDir() || time.Since(st.ModTime()) < abandoned {
			continue
		}
		gone := dir + ".ancien"
		if strings.HasSuffix(dir, ".ancien") {
			gone = dir
		} else if os.Rename(dir, gone) != nil {
			continue
		}
		_ = os.RemoveAll(gone) // what stays is tried again at the next start
	}
}

// openMemory indexes the documents again, in memory.
func (l *Library) openMemory(ctx context.Context) error {
	ix, err := scorch.NewScorch(scorch.Name, map[string]any{"path": ""}, index.NewAnalysisQueue(1))
	if err != nil {
		return wrapf(err, "préparer l’index en mémoire")
	}
	if err := ix.Open(); err != nil {
		return wrapf(err, "préparer l’index en mémoire")
	}
	batch := index.NewBatch()
	flush := func() error {
		err := ix.Batch(batch)
		batch = index.NewBatch()
		return err
	}
	n := len(l.tables.kinds)
	l.tables.lengths = make([]lengths, n)
	err = eachAnalysed(ctx, n, func(i int) (*entry, error) { return l.entry(uint32(i)) }, func(i int, a *analysed) error {
		l.tables.lengths[i] = a.length
		d := indexed(uint32(i), a)
		for _, f := range d.Fields {
			f.Analyze()
		}
		batch.Update(d)
		if (i+1)%chunk == 0 {
			return flush()
		}
		return nil
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return errors.Join(wrapf(err, "construire l’index en mémoire"), ix.Close())
	}
	r, err := ix.Reader()
	if err != nil {
		return errors.Join(err, ix.Close())
	}
	if l.tables.numbers, err = numbersOf(r, n); err != nil {
		return errors.Join(err, r.Close(), ix.Close())
	}
	l.tables.finish()
	l.index, l.reader = ix, r
	return nil
}

// entry reads one document.
func (l *Library) entry(n uint32) (*entry, error) {
	b, err := l.store.Get(bucketEntries, ordinalKey(n))
	if err != nil {
		return nil, err
	}
	if b == nil {
		return nil, fmt.Errorf("document %d : %w", n, store.ErrDamaged)
	}
	return decodeEntry(b)
}

// entries reads several documents in one go.
func (l *Library) entries(list []uint32) ([]*entry, error) {
	out := make([]*entry, len(list))
	err := l.store.View(bucketEntries, func(get func(string) []byte) error {
		for i, n := range list {
			b := get(ordinalKey(n))
			if b == nil {
				return fmt.Errorf("document %d : %w", n, store.ErrDamaged)
			}
			e, err := decodeEntry(b)
			if err != nil {
				return err
			}
			out[i] = e
		}
		return nil
	})
	return out, err
}

// Catalog gives the edition's pages and records.
func (l *Library) Catalog() *content.Catalog { return l.catalog }

// Close frees the index and its temporary files; the store stays open.
func (l *Library) Close() error {
	l.closeOnce.Do(func() {
		l.closed = errors.Join(l.reader.Close(), l.index.Close())
		if l.dir != "" {
			// A virus scanner may still hold a file: what stays is swept by a later
			// start, and the answer that was given is no failure.
			_ = os.RemoveAll(l.dir)
		}
	})
	return l.closed
}
