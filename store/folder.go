package store

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Some values must be files to be read, as those of the search index. They are
// written to a folder before they are used: a temporary one, or, where there is
// much to write, one beside the store that the next start finds again.
//
// Whoever uses such a folder holds a lock on a file in it, so that another process
// can tell a folder in use from the remains of a process that was killed.

// lockName is the file in a folder that its users hold a lock on.
const lockName = "verrou"

// tempPrefix begins the names of the temporary folders that this program makes.
const tempPrefix = "cct-tmp-"

// tempFolder is a temporary folder of this process.
type tempFolder struct {
	path string
	lock *flock.Flock
}

// TempFolder makes a temporary folder, after it has removed those that killed
// processes left. It goes when remove is called.
func TempFolder() (path string, remove func() error, err error) {
	t, err := newTempFolder("", tempPrefix)
	if err != nil {
		return "", nil, err
	}
	return t.path, t.remove, nil
}

// newTempFolder makes a folder among others of its prefix in parent, "" being the
// system's folder for temporary files.
func newTempFolder(parent, prefix string) (*tempFolder, error) {
	if parent == "" {
		parent = os.TempDir()
	}
	sweepFolders(parent, prefix)
	for attempt := 1; ; attempt++ {
		path, err := os.MkdirTemp(parent, prefix+"*")
		if err != nil {
			return nil, err
		}
		t := &tempFolder{path: path, lock: flock.New(filepath.Join(path, lockName))}
		if err = t.hold(); err == nil {
			return t, nil
		}
		err = errors.Join(fmt.Errorf("verrouiller %s : %w", path, err), t.lock.Close(), os.RemoveAll(path))
		if attempt == lockAttempts {
			return nil, err
		}
	}
}

// lockAttempts bounds how many folders are made until one is ours: another process
// that sweeps may come between the making of a folder's lock and its locking.
const lockAttempts = 10

// hold locks the folder, and says whether the lock is still the one in it: who has
// locked it before us has removed it since.
func (t *tempFolder) hold() error {
	if ok, err := t.lock.TryRLock(); err != nil || !ok {
		return errors.Join(errSwept, err)
	}
	held, err := t.lock.Stat()
	if err != nil {
		return err
	}
	there, err := os.Stat(t.lock.Path())
	if err != nil {
		return err
	}
	if !os.SameFile(held, there) {
		return errSwept
	}
	return nil
}

var errSwept = errors.New("un autre processus le prend pour un reste")

func (t *tempFolder) remove() error {
	err := t.lock.Close()
	_ = os.RemoveAll(t.path) // what another program keeps open, as an antivirus does, a later start sweeps
	return err
}

// unlocked is how old a folder without its lock must be before it is removed: its
// maker may just be about to lock it.
const unlocked = time.Minute

// sweepFolders removes the folders of a prefix that no process uses any more. What
// can't be removed costs disk space alone, and is tried again by a later start.
func sweepFolders(parent, prefix string) {
	list, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, e := range list {
		if e.IsDir() && strings.HasPrefix(e.Name(), prefix) {
			removeUnused(filepath.Join(parent, e.Name()))
		}
	}
}

// removeUnused removes a folder of ours unless a process uses it.
func removeUnused(path string) {
	name := filepath.Join(path, lockName)
	if _, err := os.Stat(name); err != nil {
		if i, err := os.Stat(path); err != nil || time.Since(i.ModTime()) < unlocked {
			return
		}
		_ = os.RemoveAll(path)
		return
	}
	lock := flock.New(name)
	if ok, err := lock.TryLock(); err != nil || !ok {
		return
	}
	// The lock is held while the folder goes, so that its maker, if it was just about to
	// lock it, finds it gone. Where an open file can't be removed, the rest goes first.
	err := os.RemoveAll(path)
	_ = lock.Close()
	if err != nil {
		_ = os.RemoveAll(path)
	}
}

// keptFrom is the size from which on the files of a bucket are kept beside the
// store: writing less takes no longer than looking for what is kept.
const keptFrom = 1 << 20

// Folder gives a folder that holds the files of a bucket, as PutFile has written
// them, named after their keys. It is there until the store is closed. Where no
// folder can be written, the error says why.
func (s *Store) Folder(bucket string) (string, error) {
	files, err := s.files(bucket)
	if err != nil {
		return "", err
	}
	size := int64(0)
	for _, f := range files {
		size += f.sum.Size
	}
	if size >= keptFrom && s.path != "" && s.temp == nil {
		if path, err := s.keptFolder(bucket, files); err == nil {
			return path, nil
		}
	}
	t, err := newTempFolder("", tempPrefix)
	if err != nil {
		return "", err
	}
	if err := s.writeFiles(t.path, bucket, files); err != nil {
		return "", errors.Join(err, t.remove())
	}
	s.AtClose(t.remove)
	return t.path, nil
}

// storedFile is a file of a bucket, part by part.
type storedFile struct {
	name string
	keys []string
	sum  checksum
}

// files lists the files of a bucket.
func (s *Store) files(bucket string) (files []storedFile, err error) {
	keys, err := s.Keys(bucket)
	if err != nil {
		return nil, err
	}
	if len(keys) == 0 {
		return nil, fmt.Errorf("lire %s : %w", bucket, fs.ErrNotExist)
	}
	var f storedFile
	for _, key := range keys {
		name, whole := strings.CutSuffix(key, sumKey)
		if !whole {
			f.keys = append(f.keys, key)
			continue
		}
		if f.name = filepath.FromSlash(name); !filepath.IsLocal(f.name) {
			return nil, fmt.Errorf("écrire %s : %w", name, fs.ErrInvalid)
		}
		sum, err := s.Get(bucket, key)
		if err != nil {
			return nil, err
		}
		if len(sum) != 12 {
			return nil, fmt.Errorf("lire %s : %w", name, ErrDamaged)
		}
		f.sum = checksum{binary.LittleEndian.Uint32(sum), int64(binary.LittleEndian.Uint64(sum[4:]))}
		files, f = append(files, f), storedFile{}
	}
	return files, nil
}

// writeFiles writes the files of a bucket to a folder.
func (s *Store) writeFiles(folder, bucket string, files []storedFile) error {
	for _, file := range files {
		name := filepath.Join(folder, file.name)
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			return err
		}
		if err := s.writeFile(name, bucket, file.keys); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) writeFile(name, bucket string, keys []string) (err error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for _, key := range keys {
		part, err := s.Get(bucket, key)
		if err != nil {
			return err
		}
		if _, err := f.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// keptSuffix is what the folder beside a store is called after it. In it there is
// a folder for each state of the store that is in use.
const keptSuffix = ".index"

// keptFolder gives the folder beside the store that holds the files of a bucket,
// and writes it unless it is there and whole. It is named after the store's
// checksum.
func (s *Store) keptFolder(bucket string, files []storedFile) (string, error) {
	parent := s.path + keptSuffix
	name := s.checksum + "-" + hex.EncodeToString([]byte(s.space+bucket))
	path := filepath.Join(parent, name)
	if s.useKept(path, files) == nil {
		return path, nil
	}
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return "", err
	}
	t, err := newTempFolder(parent, unfinishedFolder)
	if err != nil {
		return "", err
	}
	sweepKept(parent, s.checksum)
	if err := s.writeFiles(t.path, bucket, files); err != nil {
		return "", errors.Join(err, t.remove())
	}
	if err := errors.Join(t.lock.Close(), os.Rename(t.path, path)); err != nil {
		_ = os.RemoveAll(t.path) // another process was faster, or one uses a damaged folder
	}
	return path, s.useKept(path, files)
}

// unfinishedFolder begins the name of a kept folder that is being written.
const unfinishedFolder = "en-cours-"

var errKept = errors.New("le dossier de l’index n’est pas tel qu’il a été écrit")

// useKept holds a kept folder until the store is closed, if it is whole; one that
// is not, and that nobody uses, is removed.
func (s *Store) useKept(path string, files []storedFile) error {
	lock := flock.New(filepath.Join(path, lockName))
	if ok, err := lock.TryRLock(); err != nil || !ok {
		return errors.Join(errKept, err)
	}
	for _, file := range files {
		if err := s.proven.holds(filepath.Join(path, file.name), file.sum); err != nil {
			err = errors.Join(err, lock.Close())
			removeUnused(path)
			return err
		}
	}
	_ = s.proven.save() // else the next start reads them again
	s.AtClose(lock.Close)
	return nil
}

// holds says what is wrong with a file that must have a checksum, and nothing beyond.
func (p *proofs) holds(path string, want checksum) (err error) {
	i, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if !i.Mode().IsRegular() || i.Size() != want.Size {
		return errKept
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	whole, err := p.proves(f, want)
	if err == nil && !whole {
		err = errKept
	}
	return err
}

// sweepKept removes what other states of a store than the one named have left, unless
// a process uses it.
func sweepKept(parent, sum string) {
	list, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, e := range list {
		if !strings.HasPrefix(e.Name(), sum) && keptName(e.Name()) {
			removeUnused(filepath.Join(parent, e.Name()))
		}
	}
}

// keptName says whether a name begins with the checksum of a store.
func keptName(name string) bool {
	sum, _, ok := strings.Cut(name, "-")
	return ok && len(sum) == checksumDigits && strings.Trim(sum, "0123456789abcdef") == ""
}
