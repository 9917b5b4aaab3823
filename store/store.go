// Package store keeps an edition and its index in one bbolt file that can
// always be thrown away: a cache of what the content folder gives.
//
// A file is built beside its place, closed, sealed and renamed, and from then
// on only read; so several processes share it, and a process killed at any
// moment leaves either the old file or the new one. The seal is a trailer after
// bbolt's own pages, with the length and the CRC-32C of all that comes before:
// one look at the bytes proves the whole file intact before bbolt maps it. That
// matters because bbolt has no checksums of its pages, and a truncated file
// that is mapped kills the process (SIGBUS). Should somebody cut or overwrite it
// later on, Read and what is built on it give ErrDamaged.
//
// The stamp says what the file was built from. Whatever is wrong with it
// (another stamp, damage, no right to write, a full disk) ends in a store that
// works, elsewhere if need be, and a Notice that says so.
package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	bolt "go.etcd.io/bbolt"
)

// lockTimeout bounds the wait for another process's lock; bbolt alone would
// wait for ever.
const lockTimeout = 2 * time.Second

// Keys of the bucket that holds what the store says of itself.
var (
	metaBucket = []byte("meta")
	stampKey   = []byte("stamp")
	builtKey   = []byte("built")
)

// Notice is something that the user should know: the store was rebuilt, or is
// not where it was asked for, and why. In French.
type Notice string

// Options say where the store is and what it must hold. Whatever is at Path is
// replaced: Claim tells whether it may be, where somebody chose it.
type Options struct {
	Path  string                                     // the file; "" keeps it in memory
	Stamp string                                     // what it must have been built from
	Build func(ctx context.Context, w *Writer) error // called when the file is missing, different or damaged
}

// Store is a finished store, open for reading by any number of goroutines.
type Store struct {
	path    string
	rebuilt bool
	built   time.Time
	temp    func() error // removes the file, which is ours alone; nil when it stays

	db     *bolt.DB
	tx     *bolt.Tx                     // the one that all reads share: see reuse
	memory map[string]map[string][]byte // instead of db

	damaged  atomic.Bool // a read failed: the file changed under us
	checksum string      // of the file; "" in memory
	closing  []func() error

	// mu keeps Close from pulling the map from under a reader. Readers only try it:
	// they may be within one another, and fail only once Close waits for them.
	mu     sync.RWMutex
	closed bool
}

// Open opens the file if it is whole and bears the stamp, else builds it anew,
// beside it and then in its place. When another process holds the place, or it
// cannot be written, the store is a temporary file, or stays in memory. The
// error is Build's, or ctx's.
func Open(ctx context.Context, o Options) (*Store, []Notice, error) {
	var notices []Notice
	if o.Path == "" {
		s, err := inMemory(ctx, o)
		return s, nil, err
	}
	s, err := reuse(o.Path, o.Stamp)
	if err == nil {
		return s, nil, nil
	}
	fault := ""
	if why := (*unusable)(nil); errors.As(err, &why) {
		fault = why.notice
	}
	w, err := collect(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	s, err = w.place(o.Path, o.Stamp)
	if err == nil {
		if fault != "" {
			notices = append(notices, Notice(fmt.Sprintf("le fichier %s %s : il est refait", o.Path, fault)))
		}
		return s, notices, nil
	}
	if fault != "" {
		fault += " et "
	}
	reason := fault + "ne peut pas être écrit (" + Reason(err) + ")"
	temp, remove, err := TempFolder()
	if err == nil {
		if s, err = w.place(filepath.Join(temp, "cct.db"), o.Stamp); err == nil {
			s.temp = remove
			return s, append(notices, Notice(fmt.Sprintf("le fichier %s %s : cette fois, un fichier temporaire le remplace ; indiquez un autre emplacement par --store", o.Path, reason))), nil
		}
		err = errors.Join(err, remove())
	}
	return w.keep(), append(notices, Notice(fmt.Sprintf("le fichier %s %s, ni aucun fichier temporaire (%s) : tout reste en mémoire, et sera refait au prochain démarrage", o.Path, reason, Reason(err)))), nil
}

// Get reads a value; nil without an error when there is none. The caller owns it.
func (s *Store) Get(bucket, key string) (value []byte, err error) {
	err = s.View(bucket, func(get func(string) []byte) error {
		if v := get(key); v != nil {
			value = append([]byte{}, v...)
		}
		return nil
	})
	return value, err
}

// View reads several values of a bucket in one transaction. get gives nil for a
// key that is not there; what it gives must not be changed, nor used after View
// returns.
func (s *Store) View(bucket string, read func(get func(key string) []byte) error) (err error) {
	return s.Read(func() error {
		if s.db == nil {
			values := s.memory[bucket]
			return read(func(key string) []byte { return values[key] })
		}
		b := s.tx.Bucket([]byte(bucket))
		return read(func(key string) []byte {
			if b == nil {
				return nil
			}
			return b.Get([]byte(key))
		})
	})
}

// Mapped gives a value where it lies: in the file's map, mostly. Nothing is
// copied, so it must not be changed, and is read within Read alone; after Close it
// is not there.
func (s *Store) Mapped(bucket, key string) (value []byte, err error) {
	err = s.View(bucket, func(get func(string) []byte) error {
		if value = get(key); value == nil {
			return fmt.Errorf("lire %s : %w", bucket, ErrDamaged)
		}
		return nil
	})
	return value, err
}

// Read calls do, which reads what Mapped gave. A file that changed under us makes
// it ErrDamaged, and Close waits for do to end.
func (s *Store) Read(do func() error) (err error) {
	if !s.mu.TryRLock() {
		return errClosed
	}
	defer s.mu.RUnlock()
	if s.closed {
		return errClosed
	}
	defer s.guard(&err)()
	return do()
}

// Keys lists a bucket's keys in byte order.
func (s *Store) Keys(bucket string) (keys []string, err error) {
	err = s.Read(func() error {
		if s.db == nil {
			for k := range s.memory[bucket] {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			return nil
		}
		b := s.tx.Bucket([]byte(bucket))
		if b == nil {
			return nil
		}
		return b.ForEach(func(k, _ []byte) error {
			keys = append(keys, string(k))
			return nil
		})
	})
	return keys, err
}

var errClosed = errors.New("l’édition a été fermée entre-temps")

// ErrDamaged says that a file sealed as whole no longer reads as such: it
// changed under us. Whoever meets it opens the store again.
var ErrDamaged = errors.New("le fichier est abîmé")

// Damaged says whether a read failed because the file changed after it was
// opened: whoever serves it opens it again.
func (s *Store) Damaged() bool { return s.damaged.Load() }

// guard turns what a read of a file that changed under us may do into an error:
// a page that makes no sense, or one that is no longer there (a fault of the
// memory map, which would else end the process).
func (s *Store) guard(err *error) func() {
	old := debug.SetPanicOnFault(true)
	return func() {
		debug.SetPanicOnFault(old)
		if p := recover(); p != nil {
			s.damaged.Store(true)
			*err = fmt.Errorf("lire %s : %w (%v)", cmp.Or(s.path, "la base"), ErrDamaged, p)
		}
	}
}

// damage turns a panic of bbolt on a page that makes no sense into an error.
func damage(path string, err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("lire %s : %w (%v)", path, ErrDamaged, p)
	}
}

// Path is the file in use; "" when the store is in memory.
func (s *Store) Path() string { return s.path }

// Temporary says whether the store goes when it is closed, because its place can't be
// written.
func (s *Store) Temporary() bool { return s.temp != nil || s.path == "" }

// Rebuilt says whether Open built the store rather than reusing it.
func (s *Store) Rebuilt() bool { return s.rebuilt }

// Built is when the store was built, to the second.
func (s *Store) Built() time.Time { return s.built }

// AtClose has do called when the store is closed, once nobody reads it: whoever
// uses a Folder lets go of its files there.
func (s *Store) AtClose(do func() error) { s.atClose(do) }

func (s *Store) atClose(do func() error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = append(s.closing, do)
}

// Close frees the file and removes it if it was temporary.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed, s.memory = true, nil
	var err error
	for _, do := range slices.Backward(s.closing) {
		err = errors.Join(err, do())
	}
	if s.db == nil {
		return err
	}
	err = errors.Join(err, s.tx.Rollback(), s.db.Close())
	if s.temp != nil {
		err = errors.Join(err, s.temp())
	}
	return err
}

// Writer takes the values of a store under construction. It keeps them until
// all are known, because bbolt writes sorted keys several times faster, and
// because a Build that fails must leave nothing. Safe for several goroutines.
type Writer struct {
	mu      sync.Mutex
	buckets map[string]map[string][]byte
	built   time.Time
	path    string // of the store, where its folder is there; else ""
}

// InFolder calls do with a folder for working files, which goes when do returns:
// beside the store, where the user expects them, and if that fails among the
// system's.
func (w *Writer) InFolder(do func(dir string) error) error {
	if w.path != "" && inFolder(filepath.Dir(w.path), filepath.Base(w.path)+unfinished, do) == nil {
		return nil
	}
	return inFolder("", tempPrefix, do)
}

func inFolder(parent, prefix string, do func(dir string) error) (err error) {
	t, err := newTempFolder(parent, prefix)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, t.remove()) }()
	return do(t.path)
}

// Put keeps a value, which the caller must not change afterwards. The key must
// not be empty; a second value replaces the first.
func (w *Writer) Put(bucket, key string, value []byte) error {
	if bucket == "" || key == "" || bucket == string(metaBucket) {
		return fmt.Errorf("écrire %q/%q : cette clé n’est pas permise", bucket, key)
	}
	if len(key) > bolt.MaxKeySize {
		return fmt.Errorf("écrire dans %s : la clé « %s… » est trop longue (%d octets, %d au plus)", bucket, key[:40], len(key), bolt.MaxKeySize)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	b := w.buckets[bucket]
	if b == nil {
		b = map[string][]byte{}
		w.buckets[bucket] = b
	}
	if value == nil {
		value = []byte{}
	}
	b[key] = value
	return nil
}

func collect(ctx context.Context, o Options) (*Writer, error) {
	w := &Writer{buckets: map[string]map[string][]byte{}, built: time.Now().Truncate(time.Second)}
	if o.Path != "" && os.MkdirAll(filepath.Dir(o.Path), 0o700) == nil {
		w.path = o.Path
	}
	if err := o.Build(ctx, w); err != nil {
		return nil, err
	}
	return w, ctx.Err()
}

func inMemory(ctx context.Context, o Options) (*Store, error) {
	w, err := collect(ctx, o)
	if err != nil {
		return nil, err
	}
	return w.keep(), nil
}

func (w *Writer) keep() *Store {
	return &Store{memory: w.buckets, rebuilt: true, built: w.built}
}

// place writes the store beside path, seals it, renames it into place and opens
// it for reading.
func (w *Writer) place(path, stamp string) (_ *Store, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	work, err := newTempFolder(filepath.Dir(path), filepath.Base(path)+unfinished)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, work.remove()) }()
	temp := filepath.Join(work.path, "cct.db")
	if err := w.write(temp, stamp); err != nil {
		return nil, err
	}
	sum, err := seal(temp)
	if err != nil {
		return nil, err
	}
	if err := os.Rename(temp, path); err != nil {
		return nil, err
	}
	s, err := open(path, stamp, sum)
	if err != nil {
		return nil, err
	}
	s.rebuilt = true
	return s, nil
}

// write fills a bbolt file in one transaction, with the keys in order and the
// stamp last. The seal comes after it and is what makes the file count, so
// bbolt's own fsyncs are left out.
func (w *Writer) write(path, stamp string) (err error) {
	defer damage(path, &err)
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: lockTimeout, NoSync: true, NoGrowSync: true, NoFreelistSync: true, InitialMmapSize: w.size()})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range sorted(w.buckets) {
			b, err := tx.CreateBucket([]byte(name))
			if err != nil {
				return err
			}
			b.FillPercent = 1 // nothing is added later
			for _, key := range sorted(w.buckets[name]) {
				if err := b.Put([]byte(key), w.buckets[name][key]); err != nil {
					return err
				}
			}
		}
		meta, err := tx.CreateBucket(metaBucket)
		if err != nil {
			return err
		}
		if err := meta.Put(builtKey, []byte(w.built.Format(time.RFC3339))); err != nil {
			return err
		}
		return meta.Put(stampKey, []byte(stamp))
	})
	return errors.Join(err, db.Close())
}

// size is about what the file will take. bbolt maps that much at once: each time
// that it must map more, it first copies all that is not yet written.
func (w *Writer) size() int {
	n := 1 << 16
	for _, b := range w.buckets {
		for k, v := range b {
			n += len(k) + len(v) + entryRoom
		}
	}
	return n
}

// entryRoom is what an entry takes beside its key and value, its share of a page
// that is not full included.
const entryRoom = 512

func sorted[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// reuse opens a file if its seal is whole and it bears the stamp. Its error is
// *unusable.
func reuse(path, stamp string) (*Store, error) {
	sum, err := verify(path)
	if err != nil {
		return nil, err
	}
	return open(path, stamp, sum)
}

// open opens a sealed file that bears the stamp. Its error is *unusable.
//
// One read transaction lasts as long as the store: bbolt reads the file while it
// holds the lock under which transactions begin, so that a fault there (a file
// cut under us) would leave every other reader, and Close, waiting for ever.
// Reading a transaction that is not writable changes nothing in it but counters,
// which are atomic; so goroutines may share it.
func open(path, stamp, sum string) (_ *Store, err error) {
	defer func() {
		if err != nil && !errors.As(err, new(*unusable)) {
			err = &unusable{notice: "ne peut pas être ouvert (" + err.Error() + ")"}
		}
	}()
	defer damage(path, &err)
	db, err := bolt.Open(path, 0o600, &bolt.Options{ReadOnly: true, Timeout: lockTimeout})
	if err != nil {
		return nil, err
	}
	tx, err := db.Begin(false)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s := &Store{path: path, db: db, tx: tx, checksum: sum}
	if err := s.check(stamp); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// check reads what the file says of itself, and compares it with the stamp.
func (s *Store) check(stamp string) (err error) {
	meta := s.tx.Bucket(metaBucket)
	if meta == nil {
		return &unusable{notice: "n’a pas été écrit par ce programme"}
	}
	if got := string(meta.Get(stampKey)); got != stamp {
		return &unusable{notice: "vient d’un autre contenu ou d’une autre version du programme"}
	}
	s.built, err = time.Parse(time.RFC3339, string(meta.Get(builtKey)))
	return err
}

// unfinished follows the store's name in the names of the folders in which it is
// built.
const unfinished = ".en-cours-"
