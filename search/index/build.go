package index

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
)

// batchSize is how many documents Bleve takes at a time. It holds the documents
// of a batch in memory, and makes a segment of them.
const batchSize = 1000

// Builder makes an index.
type Builder struct {
	index   bleve.Index
	batch   *bleve.Batch
	size    int // of a batch
	batches int
	count   uint32
}

// NewBuilder begins an index in a folder that is not there yet, or in memory when
// folder is "".
func NewBuilder(folder string) (*Builder, error) {
	x, err := bleve.NewUsing(folder, indexMapping(), scorch.Name, scorch.Name, nil)
	if err != nil {
		return nil, fmt.Errorf("créer l’index : %w", err)
	}
	return &Builder{index: x, batch: x.NewBatch(), size: batchSize}, nil
}

// Add indexes a document. The first is number 0, the next 1.
func (b *Builder) Add(d Document) error {
	if err := b.batch.Index(string(binary.BigEndian.AppendUint32(nil, b.count)), d.fields()); err != nil {
		return fmt.Errorf("indexer un document : %w", err)
	}
	b.count++
	if b.batch.Size() >= b.size {
		return b.flush()
	}
	return nil
}

func (b *Builder) flush() error {
	if b.batch.Size() == 0 {
		return nil
	}
	if err := b.index.Batch(b.batch); err != nil {
		return fmt.Errorf("écrire l’index : %w", err)
	}
	b.batches++
	b.batch.Reset()
	return nil
}

// Finish copies the finished index to a folder, which Open then opens, and closes
// the builder. numbers gives for each of Bleve's numbers the one that Add gave.
func (b *Builder) Finish(ctx context.Context, folder string) (numbers []uint32, err error) {
	defer func() { err = errors.Join(err, b.index.Close()) }()
	if err := b.flush(); err != nil {
		return nil, err
	}
	if err := b.merge(ctx); err != nil {
		return nil, err
	}
	if numbers, err = b.numbers(); err != nil {
		return nil, err
	}
	// The builder's own folder also holds what was merged since; a copy does not.
	copied, ok := b.index.(bleve.IndexCopyable)
	if !ok {
		return nil, errors.New("écrire l’index : cet index ne se copie pas")
	}
	if err := copied.CopyTo(bleve.FileSystemDirectory(folder)); err != nil {
		return nil, fmt.Errorf("écrire l’index : %w", err)
	}
	return numbers, nil
}

// Abandon closes a builder that is not finished.
func (b *Builder) Abandon() error { return b.index.Close() }

// merge makes one segment of many, which is faster to search.
func (b *Builder) merge(ctx context.Context) error {
	if b.batches < 2 {
		return nil
	}
	advanced, err := b.index.Advanced()
	if err != nil {
		return err
	}
	if s, ok := advanced.(*scorch.Scorch); ok {
		if err := s.ForceMerge(ctx, nil); err != nil {
			return fmt.Errorf("réunir les parties de l’index : %w", err)
		}
	}
	return nil
}

// numbers reads which document has which of Bleve's numbers.
func (b *Builder) numbers() ([]uint32, error) {
	advanced, err := b.index.Advanced()
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
	numbers := make([]uint32, 0, b.count)
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
func InMemory(each func(add func(Document) error) error) (*Index, error) {
	b, err := NewBuilder("")
	if err != nil {
		return nil, err
	}
	err = each(b.Add)
	if err == nil {
		err = b.flush()
	}
	if err != nil {
		return nil, errors.Join(err, b.Abandon())
	}
	numbers, err := b.numbers()
	if err != nil {
		return nil, errors.Join(err, b.Abandon())
	}
	return opened(b.index, numbers)
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
