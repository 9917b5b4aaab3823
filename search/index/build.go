package index

import (
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// batchSize is how many documents Bleve takes at a time. It holds the documents
// of a batch in memory, and makes a segment of them: of more documents, those say
// less twice.
const batchSize = 1000

// mergeAtOnce is how many segments Bleve makes one of at a time: each time a document
// is written again, and all of them are in memory together.
const mergeAtOnce = 50

// Builder makes an index in files.
type Builder struct {
	index  bleve.Builder
	folder string
	count  uint32
}

// NewBuilder begins an index in a folder that is not there yet. work is a folder for
// what is not wanted any more once the index is finished; whoever gives up a builder
// removes both.
func NewBuilder(folder, work string) (*Builder, error) {
	return newBuilder(folder, work, batchSize, mergeAtOnce)
}

func newBuilder(folder, work string, batch, merge int) (*Builder, error) {
	x, err := bleve.NewBuilder(folder, newMapping(), map[string]any{"buildPathPrefix": work, "batchSize": batch, "mergeMax": merge})
	if err != nil {
		return nil, fmt.Errorf("créer l’index : %w", err)
	}
	return &Builder{index: x, folder: folder}, nil
}

// Add indexes a document. The first is number 0, the next 1.
func (b *Builder) Add(d Document) error {
	if err := b.index.Index(key(b.count), d); err != nil {
		return fmt.Errorf("indexer un document : %w", err)
	}
	b.count++
	return nil
}

// key is a document's id for Bleve.
func key(n uint32) string { return string(binary.BigEndian.AppendUint32(nil, n)) }

// Finish ends the index, which Open then opens. numbers gives for each of Bleve's
// numbers the one that Add gave.
func (b *Builder) Finish() (numbers []uint32, err error) {
	if err := b.index.Close(); err != nil {
		return nil, fmt.Errorf("écrire l’index : %w", err)
	}
	x, err := openFolder(b.folder)
	if err != nil {
		return nil, err
	}
	numbers, err = numbersOf(x)
	return numbers, errors.Join(err, x.Close())
}

// numbersOf reads which document has which of Bleve's numbers.
func numbersOf(x bleve.Index) ([]uint32, error) {
	advanced, err := x.Advanced()
	if err != nil {
		return nil, err
	}
	r, err := advanced.Reader()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	ids, err := r.DocIDReaderAll()
	if err != nil {
		return nil, err
	}
	defer ids.Close()
	var numbers []uint32
	for {
		id, err := ids.Next()
		if err != nil {
			return nil, err
		}
		if id == nil {
			break
		}
		key, err := r.ExternalID(id)
		if err != nil {
			return nil, err
		}
		if len(key) != 4 || id.Value() != uint64(len(numbers)) {
			return nil, errNumbers
		}
		numbers = append(numbers, binary.BigEndian.Uint32([]byte(key)))
	}
	return numbers, nil
}

// InMemory makes an index that needs no file. each calls add for the documents,
// in the order of their numbers.
func InMemory(each func(add func(Document) error) error) (_ *Index, err error) {
	x, err := bleve.NewUsing("", newMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("créer l’index : %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, x.Close())
		}
	}()
	batch, count := x.NewBatch(), uint32(0)
	flush := func() error {
		err := x.Batch(batch)
		batch.Reset()
		return err
	}
	err = each(func(d Document) error {
		count++
		if err := batch.Index(key(count-1), d); err != nil || batch.Size() < batchSize {
			return err
		}
		return flush()
	})
	if err == nil {
		err = flush()
	}
	if err != nil {
		return nil, fmt.Errorf("indexer en mémoire : %w", err)
	}
	numbers, err := numbersOf(x)
	if err != nil {
		return nil, err
	}
	return opened(x, numbers)
}

// Files are the names of an index's files in its folder, with slashes.
func Files(folder string) ([]string, error) {
	var out []string
	for _, pattern := range []string{"*", filepath.Join("store", "*")} {
		names, err := filepath.Glob(filepath.Join(folder, pattern))
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			rel, err := filepath.Rel(folder, name)
			if err != nil {
				return nil, err
			}
			if rel != "store" {
				out = append(out, filepath.ToSlash(rel))
			}
		}
	}
	return out, nil
}
