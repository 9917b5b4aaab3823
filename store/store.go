// Package store keeps editions and their indexes in one bbolt file that can always
// be thrown away: a cache of what content folders give.
//
// Open gives a finished Store, or has its Build write one through a Writer. Buckets
// stand in spaces: Writer.Space and Store.Space give a part of the file with
// buckets of its own, so that several editions stand side by side under their
// names. Values are compressed one by one; a file (the search index has some) is
// kept in parts, and Store.Folder puts the files of a bucket where others can open
// them.
//
// A file is built beside its place in bounded transactions, closed, given a checksum and
// renamed, and from then on only read; so several processes share it, and a process
// killed at any moment leaves either the old file or the new one. The checksum is a
// trailer after bbolt's own pages, with the length and the CRC-32C of all that comes
// before: one look at the bytes proves the whole file intact before bbolt maps it.
// That matters because bbolt has no checksums of its pages, and a truncated file
// that is mapped kills the process (SIGBUS). A large store is not looked at again while
// the system shows that nobody has written to it (see proofs). Each value bears a checksum of
// its own, which is held to when it is read: should somebody cut or overwrite the file
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

// Store is a finished store, or a space of one, open for reading by any number of
// goroutines.
type Store struct {
	*opened
	space string // prefix of the names of its buckets
}

// opened is what all spaces of a store share.
type opened struct {
	path    string
	rebuilt bool
	built   time.Time
	temp    func() error // removes the file, which is ours alone; nil when it stays

	db     *bolt.DB
	tx     *bolt.Tx                     // the one that all reads share: see reuse
	memory map[string]map[string][]byte // instead of db

	damaged  atomic.Bool // a read failed: the file changed under us
	checksum string      // of the file; "" in memory
	proven   *proofs     // files that were read whole; nil in memory
	closing  []func() error

	// mu keeps Close from pulling the map from under a reader. Readers only try it:
	// they may be within one another, and fail only once Close waits for them.
	mu     sync.RWMutex
	closed bool
}

// spaceOf gives the prefix of a space's buckets.
func spaceOf(name string) string { return name + "/" }

// Space gives a part of the store that has buckets of its own, as Writer.Space has
// written it. It is closed with the store.
func (s *Store) Space(name string) *Store { return &Store{s.opened, s.space + spaceOf(name)} }

// Open opens the file if it is whole and bears the stamp, else builds it anew,
// beside it and then in its place. When another process holds the place, or it
// cannot be written, the store is a temporary file, or stays in memory: Build is
// then called again. The error is Build's, or ctx's.
func Open(ctx context.Context, o Options) (*Store, []Notice, error) {
	if o.Path == "" {
		s, _, err := build(ctx, o, newMemoryWriter)
		return s, nil, err
	}
	s, err := reuse(o.Path, o.Stamp)
	if err == nil {
		sweepFolders(filepath.Dir(o.Path), filepath.Base(o.Path)+unfinished) // of builds that were killed
		return s, nil, nil
	}
	fault := ""
	if why := (*unusable)(nil); errors.As(err, &why) {
		fault = why.notice
	}
	s, refused, err := build(ctx, o, func() (*Writer, error) { return newWriter(o.Path) })
	if err != nil {
		return nil, nil, err
	}
	if s != nil {
		if fault == "" {
			return s, nil, nil
		}
		return s, []Notice{Notice(fmt.Sprintf("le fichier %s %s : il est refait", o.Path, fault))}, nil
	}
	if fault != "" {
		fault += " et "
	}
	reason := fault + "ne peut pas être écrit (" + Reason(refused) + ")"
	s, refused, err = build(ctx, o, newTempWriter)
	if err != nil {
		return nil, nil, err
	}
	if s != nil {
		return s, []Notice{Notice(fmt.Sprintf("le fichier %s %s : cette fois, un fichier temporaire le remplace ; indiquez un autre emplacement par --store", o.Path, reason))}, nil
	}
	s, _, err = build(ctx, o, newMemoryWriter)
	return s, []Notice{Notice(fmt.Sprintf("le fichier %s %s, ni aucun fichier temporaire (%s) : tout reste en mémoire, et sera refait au prochain démarrage", o.Path, reason, Reason(refused)))}, err
}

// build builds a store with the writer that begin gives. refused says why the
// place can't be written, if that is why there is no store.
func build(ctx context.Context, o Options, begin func() (*Writer, error)) (s *Store, refused, err error) {
	w, refused := begin()
	if refused != nil {
		return nil, refused, nil
	}
	defer func() { err = errors.Join(err, w.abandon()) }()
	// Who asked for the end does not wait for a step that can't be interrupted, such as
	// joining the parts of a large index: the process may be gone before it is over.
	ours := context.AfterFunc(ctx, func() { _ = w.removeFiles() })
	defer ours()
	if err := errors.Join(o.Build(ctx, w), ctx.Err()); err != nil {
		if w.failed != nil && ctx.Err() == nil {
			return nil, w.failed, nil
		}
		return nil, nil, err
	}
	if s, refused = w.finish(o.Stamp, ours); s == nil {
		err = ctx.Err()
	}
	return s, refused, err
}

// Get reads a value; nil without an error when there is none. The caller owns it.
func (s *Store) Get(bucket, key string) (value []byte, err error) {
	err = s.Read(func() error {
		stored := s.stored(bucket, key)
		if stored == nil {
			return nil
		}
		v, err := s.decoded(bucket, key, stored)
		if err == nil && stored[beforeIt-1] == plain {
			v = append([]byte{}, v...)
		}
		value = v
		return err
	})
	return value, err
}

// Mapped gives a value that PutPlain has written where it lies: in the file's map,
// mostly. Nothing is copied, so it must not be changed, and is read within Read
// alone; after Close it is not there.
func (s *Store) Mapped(bucket, key string) (value []byte, err error) {
	err = s.Read(func() error {
		stored := s.stored(bucket, key)
		if stored == nil {
			return fmt.Errorf("lire %s : %w", bucket, ErrDamaged)
		}
		value, err = s.decoded(bucket, key, stored)
		return err
	})
	return value, err
}

// stored is a value as it is kept; nil when there is none.
func (s *Store) stored(bucket, key string) []byte {
	if s.db == nil {
		return s.memory[s.space+bucket][key]
	}
	b := s.tx.Bucket([]byte(s.space + bucket))
	if b == nil {
		return nil
	}
	return b.Get([]byte(key))
}

func (s *Store) decoded(bucket, key string, stored []byte) ([]byte, error) {
	v, err := decode(s.space+bucket, key, stored)
	if err != nil {
		s.damaged.Store(true)
		err = fmt.Errorf("lire %s : %w", cmp.Or(s.path, "la base"), err)
	}
	return v, err
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
	defer s.guard(debug.SetPanicOnFault(true), &err)
	return do()
}

// Keys lists a bucket's keys in byte order.
func (s *Store) Keys(bucket string) (keys []string, err error) {
	err = s.Read(func() error {
		if s.db == nil {
			for k := range s.memory[s.space+bucket] {
				keys = append(keys, k)
			}
			slices.Sort(keys)
			return nil
		}
		b := s.tx.Bucket([]byte(s.space + bucket))
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

// ErrDamaged says that a file whose checksum was right no longer reads as such: it
// changed under us. Whoever meets it opens the store again.
var ErrDamaged = errors.New("le fichier est abîmé")

// Damaged says whether a read failed because the file changed after it was
// opened: whoever serves it opens it again.
func (s *Store) Damaged() bool { return s.damaged.Load() }

// guard turns what a read of a file that changed under us may do into an error:
// a page that makes no sense, or one that is no longer there (a fault of the
// memory map, which would else end the process). It is deferred by the read, which has
// faults panic; before says whether they did.
func (s *Store) guard(before bool, err *error) {
	debug.SetPanicOnFault(before)
	if p := recover(); p != nil {
		s.damaged.Store(true)
		*err = fmt.Errorf("lire %s : %w (%v)", cmp.Or(s.path, "la base"), ErrDamaged, p)
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
func (s *Store) AtClose(do func() error) {
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

// reuse opens a file if its checksum is right and it bears the stamp. Its error is
// *unusable.
func reuse(path, stamp string) (*Store, error) {
	sum, proven, err := verify(path)
	if err != nil {
		return nil, err
	}
	return open(path, stamp, sum, proven)
}

// open opens a finished file that bears the stamp. Its error is *unusable.
//
// One read transaction lasts as long as the store: bbolt reads the file while it
// holds the lock under which transactions begin, so that a fault there (a file
// cut under us) would leave every other reader, and Close, waiting for ever.
// Reading a transaction that is not writable changes nothing in it but counters,
// which are atomic; so goroutines may share it.
func open(path, stamp, sum string, proven *proofs) (_ *Store, err error) {
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
	s := &Store{opened: &opened{path: path, db: db, tx: tx, checksum: sum, proven: proven}}
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
