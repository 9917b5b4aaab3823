package store

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"
	bolt "go.etcd.io/bbolt"
)

// Writer takes the values of a store under construction, or of a space of one. It
// writes them to the working file as they come, some MiB at a time, so that memory
// does not grow with the store. Safe for several goroutines.
type Writer struct {
	*construction
	space string // prefix of the names of its buckets
}

// construction is what all spaces of a store under construction share.
type construction struct {
	mu      sync.Mutex
	pending map[string]map[string][]byte // not written yet; all of them when db is nil
	size    int                          // of pending
	encoder *zstd.Encoder
	failed  error // what came of writing to the place

	db    *bolt.DB
	work  *tempFolder // holds the working file
	path  string      // where the store goes; "" in memory
	temp  func() error
	built time.Time
}

// flushAt is how much is written in one transaction.
const flushAt = 4 << 20

// pageSize is that of the file. Values are some hundred bytes to some kilobytes:
// in pages of 4 KiB a quarter of the file would be empty.
const pageSize = 16 << 10

func newMemoryWriter() (*Writer, error) {
	e, err := newEncoder()
	if err != nil {
		return nil, err
	}
	return &Writer{construction: &construction{pending: map[string]map[string][]byte{}, encoder: e, built: time.Now().Truncate(time.Second)}}, nil
}

// newWriter begins a store that goes to path.
func newWriter(path string) (*Writer, error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	work, err := newTempFolder(dir, filepath.Base(path)+unfinished)
	if err != nil {
		return nil, err
	}
	w, err := newMemoryWriter()
	if err != nil {
		return nil, err
	}
	w.path, w.work = path, work
	// The checksum is what makes the file count, so bbolt's own fsyncs are left out.
	w.db, err = bolt.Open(w.file(), 0o600, &bolt.Options{Timeout: lockTimeout, NoSync: true, NoGrowSync: true, NoFreelistSync: true, PageSize: pageSize})
	if err != nil {
		return nil, errors.Join(err, work.remove())
	}
	return w, nil
}

// newTempWriter begins a store in a temporary file.
func newTempWriter() (*Writer, error) {
	dir, remove, err := TempFolder()
	if err != nil {
		return nil, err
	}
	w, err := newWriter(filepath.Join(dir, "cct.db"))
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	w.temp = remove
	return w, nil
}

// file is the working file.
func (c *construction) file() string { return filepath.Join(c.work.path, "cct.db") }

// Space gives a part of the store that has buckets of its own.
func (w *Writer) Space(name string) *Writer {
	return &Writer{w.construction, w.space + spaceOf(name)}
}

// Put keeps a value, compressed where that makes it shorter. The key must not be
// empty; a second value replaces the first.
func (w *Writer) Put(bucket, key string, value []byte) error {
	return w.put(bucket, key, value, w.encoder)
}

// PutPlain keeps a value as it is, so that it can be read where it lies.
func (w *Writer) PutPlain(bucket, key string, value []byte) error {
	return w.put(bucket, key, value, nil)
}

func (w *Writer) put(bucket, key string, value []byte, e *zstd.Encoder) error {
	bucket = w.space + bucket
	if bucket == "" || key == "" || bucket == string(metaBucket) {
		return fmt.Errorf("écrire %q/%q : cette clé n’est pas permise", bucket, key)
	}
	if len(key) > bolt.MaxKeySize {
		return fmt.Errorf("écrire dans %s : la clé « %s… » est trop longue (%d octets, %d au plus)", bucket, key[:40], len(key), bolt.MaxKeySize)
	}
	stored := encode(e, bucket, key, value)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed != nil {
		return w.failed
	}
	b := w.pending[bucket]
	if b == nil {
		b = map[string][]byte{}
		w.pending[bucket] = b
	}
	b[key] = stored
	w.size += len(key) + len(stored)
	if w.db != nil && w.size >= flushAt {
		return w.flush()
	}
	return nil
}

// filePart is how much of a file goes into a value.
const filePart = 1 << 20

// PutFile keeps a file's content under a key, part by part. Folder gives it back.
func (w *Writer) PutFile(bucket, key, path string) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	sum := checksum{}
	part := make([]byte, filePart)
	for i := 0; ; i++ {
		n, err := io.ReadFull(f, part)
		sum.CRC, sum.Size = crc32.Update(sum.CRC, castagnoli, part[:n]), sum.Size+int64(n)
		if n > 0 || i == 0 {
			if err := w.Put(bucket, partKey(key, i), part[:n]); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	b := binary.LittleEndian.AppendUint32(nil, sum.CRC)
	return w.Put(bucket, key+sumKey, binary.LittleEndian.AppendUint64(b, uint64(sum.Size)))
}

// sumKey follows a file's key in the key of its checksum, and stands after those of its
// parts.
const sumKey = "\x00somme"

// partKey is the key of a part of a file.
func partKey(key string, part int) string { return fmt.Sprintf("%s\x00%06d", key, part) }

// flush writes what is pending, with the keys in order: bbolt writes them several
// times faster so.
func (w *construction) flush() (err error) {
	defer func() {
		if err != nil {
			w.failed = err
		}
	}()
	defer damage(w.path, &err)
	err = w.db.Update(func(tx *bolt.Tx) error {
		for _, name := range sorted(w.pending) {
			b, err := tx.CreateBucketIfNotExists([]byte(name))
			if err != nil {
				return err
			}
			b.FillPercent = 1 // keys come in order
			for _, key := range sorted(w.pending[name]) {
				if err := b.Put([]byte(key), w.pending[name][key]); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	w.pending, w.size = map[string]map[string][]byte{}, 0
	return nil
}

// Folder makes a folder for working files, which goes when remove is called: beside
// the store, where the user expects them, else among the system's.
func (w *Writer) Folder() (path string, remove func() error, err error) {
	if w.work != nil {
		if t, err := newTempFolder(w.work.path, "travail-"); err == nil {
			return t.path, t.remove, nil
		}
	}
	return TempFolder()
}

// finish ends the store: it writes the stamp last, adds the checksum, renames it into
// place and opens it for reading. It gives up when ours says that the working file is no
// longer kept.
func (w *Writer) finish(stamp string, ours func() bool) (*Store, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.failed != nil {
		return nil, w.failed
	}
	if w.db == nil {
		return &Store{opened: &opened{memory: w.pending, rebuilt: true, built: w.built}}, nil
	}
	if err := w.flush(); err != nil {
		return nil, err
	}
	if err := w.close(stamp); err != nil {
		return nil, err
	}
	sum, err := appendTrailer(w.file())
	if err != nil {
		return nil, err
	}
	if !ours() {
		return nil, context.Canceled
	}
	if err := os.Rename(w.file(), w.path); err != nil {
		return nil, err
	}
	s, err := open(w.path, stamp, sum, proofsOf(w.path, sum))
	if err != nil {
		return nil, err
	}
	s.rebuilt, s.temp, w.temp = true, w.temp, nil
	return s, nil
}

// close writes what the store says of itself, and closes the working file.
func (w *construction) close(stamp string) (err error) {
	defer damage(w.path, &err)
	err = w.db.Update(func(tx *bolt.Tx) error {
		meta, err := tx.CreateBucket(metaBucket)
		if err != nil {
			return err
		}
		return errors.Join(meta.Put(builtKey, []byte(w.built.Format(time.RFC3339))), meta.Put(stampKey, []byte(stamp)))
	})
	err = errors.Join(err, w.db.Close())
	w.db = nil
	return err
}

// abandon removes the working files, and a temporary store that was not finished.
func (w *Writer) abandon() error {
	var err error
	if w.db != nil {
		err = w.db.Close()
	}
	return errors.Join(err, w.removeFiles())
}

func (w *Writer) removeFiles() (err error) {
	if w.work != nil {
		err = w.work.remove()
	}
	if w.temp != nil {
		err = errors.Join(err, w.temp())
	}
	return err
}

func sorted[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// unfinished follows the store's name in the names of the folders in which it is
// built.
const unfinished = ".en-cours-"
