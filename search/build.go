package search

import (
	"context"
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/index"
	"github.com/cct-mi/cct/store"
)

// Version names the form of what Build writes and the analysis behind it; it is
// part of the store's stamp, so that a program with another one rebuilds.
const Version = "10"

// Fields of the index.
const (
	fieldLabel = index.Label
	fieldTitle = index.Title
	fieldPath  = index.Path
	fieldBody  = index.Body
	fieldExact = index.Exact
	fieldLemma = index.Lemma
	fields     = index.Fields
)

// Build writes the edition and its index to w.
func Build(ctx context.Context, ed *content.Edition, w *store.Writer) error {
	entries := entriesOf(ed)
	if len(entries) == 0 {
		return errors.New("le contenu ne donne rien à chercher : ses pages sont vides")
	}
	// What search needs beside the index is written while the index is made.
	beside := make(chan error, 1)
	go func() { beside <- errors.Join(writeDocuments(ed, entries, w), writeTables(entries, w)) }()
	err := writeIndex(ctx, entries, w)
	return errors.Join(err, <-beside)
}

// writeDocuments writes all but the index.
func writeDocuments(ed *content.Edition, entries []*entry, w *store.Writer) error {
	if err := ed.Write(w.Put); err != nil {
		return err
	}
	list := make([][]byte, len(entries))
	for i, e := range entries {
		list[i] = e.encode()
	}
	p, err := pack(len(list), func(i int) (string, []byte) { return "", list[i] })
	if err := errors.Join(err, w.Put(bucketTables, listEntries, p)); err != nil {
		return err
	}
	if err := writeIDs(ed, entries, w); err != nil {
		return err
	}
	return writeExpansions(ed, w)
}

// writeIndex writes the files of the Bleve index. Where no folder can be written
// for it there are none: Open then makes the index in memory.
func writeIndex(ctx context.Context, entries []*entry, w *store.Writer) error {
	_ = w.InFolder(func(dir string) error { return indexIn(ctx, dir, entries, w) })
	return ctx.Err()
}

// indexIn makes the index in a working folder, and writes its files.
func indexIn(ctx context.Context, dir string, entries []*entry, w *store.Writer) error {
	b, err := index.NewBuilder(filepath.Join(dir, "building"))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err = errors.Join(ctx.Err(), b.Add(e.indexed())); err != nil {
			return errors.Join(err, b.Abandon())
		}
	}
	finished := filepath.Join(dir, "finished")
	numbers, err := b.Finish(ctx, finished)
	if err != nil {
		return err
	}
	names, err := index.Files(finished)
	if err != nil {
		return err
	}
	for _, name := range names {
		file, err := os.ReadFile(filepath.Join(finished, filepath.FromSlash(name)))
		if err == nil {
			err = w.Put(bucketIndex, name, file)
		}
		if err != nil {
			return wrapf(err, "écrire l’index")
		}
	}
	list := make([]byte, 0, 4*len(numbers))
	for _, n := range numbers {
		list = binary.LittleEndian.AppendUint32(list, n)
	}
	return w.Put(bucketTables, "numbers", list)
}

// writeTables writes what ranking needs of each document, and how words are spelt.
func writeTables(entries []*entry, w *store.Writer) error {
	t := tablesOf(entries)
	parts := make([]surfaces, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for part := range parts {
		parts[part] = surfaces{}
		wg.Go(func() {
			for i := part; i < len(entries); i += len(parts) {
				t.lengths[i] = measured(entries[i], parts[part])
			}
		})
	}
	wg.Wait()
	for _, more := range parts[1:] {
		parts[0].merge(more)
	}
	return errors.Join(t.write(w), parts[0].write(w))
}

// writeIDs notes which documents an id names.
func writeIDs(ed *content.Edition, entries []*entry, w *store.Writer) error {
	ordinal := map[string]uint32{}
	for i, e := range entries {
		if e.kind != content.KindSection {
			ordinal[string(e.kind)+"/"+e.id] = uint32(i)
		}
	}
	byKey := map[string][]uint32{}
	for _, r := range ed.Records {
		n, ok := ordinal[string(r.Kind)+"/"+r.ID]
		if !ok {
			continue
		}
		for _, key := range idKeys(r) {
			byKey[key] = append(byKey[key], n)
		}
	}
	// A number names the rule before the products that bear it.
	rank := func(n uint32) int {
		return slices.Index([]content.Kind{content.KindExigence, content.KindRegle, content.KindProduit}, entries[n].kind)
	}
	ids := map[string][]byte{}
	for k, list := range byKey {
		slices.SortStableFunc(list, func(a, b uint32) int { return rank(a) - rank(b) })
		b := []byte{}
		for _, n := range list {
			b = binary.BigEndian.AppendUint32(b, n)
		}
		ids[k] = b
	}
	p, err := packMap(ids)
	return errors.Join(err, w.Put(bucketTables, listIDs, p))
}
