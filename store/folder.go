package store

import (
	"encoding/hex"
	"encoding/json"
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
	path, err := os.MkdirTemp(parent, prefix+"*")
	if err != nil {
		return nil, err
	}
	t := &tempFolder{path: path, lock: flock.New(filepath.Join(path, lockName))}
	if ok, err := t.lock.TryRLock(); err != nil || !ok {
		return nil, errors.Join(fmt.Errorf("verrouiller %s", path), err, os.RemoveAll(path))
	}
	return t, nil
}

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
	_ = lock.Close() // an open file can't be removed on every system
	_ = os.RemoveAll(path)
}

// keptFrom is the size from which on the files of a bucket are kept beside the
// store: writing less takes some milliseconds.
const keptFrom = 8 << 20

// Folder gives a folder that holds the files of a bucket, as PutFile has written
// them, named after their keys. It is there until the store is closed. Where no
// folder can be written, the error says why.
func (s *Store) Folder(bucket string) (string, error) {
	files, size, err := s.files(bucket)
	if err != nil {
		return "", err
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
}

// files lists the files of a bucket, and about how much they hold.
func (s *Store) files(bucket string) (files []storedFile, size int, err error) {
	keys, err := s.Keys(bucket)
	if err != nil {
		return nil, 0, err
	}
	if len(keys) == 0 {
		return nil, 0, fmt.Errorf("lire %s : %w", bucket, fs.ErrNotExist)
	}
	err = s.Read(func() error {
		for _, key := range keys {
			name, _, _ := strings.Cut(key, "\x00")
			if len(files) == 0 || files[len(files)-1].name != name {
				if !filepath.IsLocal(filepath.FromSlash(name)) {
					return fmt.Errorf("écrire %s : %w", name, fs.ErrInvalid)
				}
				files = append(files, storedFile{name: name})
			}
			last := &files[len(files)-1]
			last.keys = append(last.keys, key)
			size += len(s.stored(bucket, key))
		}
		return nil
	})
	return files, size, err
}

// writeFiles writes the files of a bucket to a folder.
func (s *Store) writeFiles(folder, bucket string, files []storedFile) error {
	for _, file := range files {
		name := filepath.Join(folder, filepath.FromSlash(file.name))
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

// manifestName is the file that ends a kept folder: it says what its files are,
// and is written last.
const manifestName = "manifeste.json"

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
	sweepKept(parent, name)
	if err := s.writeKept(t, bucket, files); err != nil {
		return "", errors.Join(err, t.remove())
	}
	if err := errors.Join(t.lock.Close(), os.Rename(t.path, path)); err != nil {
		_ = os.RemoveAll(t.path) // another process was faster, or one uses a damaged folder
	}
	return path, s.useKept(path, files)
}

// unfinishedFolder begins the name of a kept folder that is being written.
const unfinishedFolder = "en-cours-"

// writeKept writes a kept folder, its manifest last.
func (s *Store) writeKept(t *tempFolder, bucket string, files []storedFile) error {
	if err := s.writeFiles(t.path, bucket, files); err != nil {
		return err
	}
	m, err := manifestOf(t.path, files)
	if err != nil {
		return err
	}
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(t.path, manifestName), b, 0o600)
}

// fileState is what tells whether a file is as it was written.
type fileState struct {
	Name     string
	Size     int64
	Modified time.Time
}

func manifestOf(folder string, files []storedFile) ([]fileState, error) {
	var m []fileState
	for _, file := range files {
		i, err := os.Stat(filepath.Join(folder, filepath.FromSlash(file.name)))
		if err != nil {
			return nil, err
		}
		m = append(m, fileState{file.name, i.Size(), i.ModTime().UTC()})
	}
	return m, nil
}

var errKept = errors.New("le dossier de l’index n’est pas tel qu’il a été écrit")

// useKept holds a kept folder until the store is closed, if it is whole; one that
// is not, and that nobody uses, is removed.
func (s *Store) useKept(path string, files []storedFile) error {
	b, err := os.ReadFile(filepath.Join(path, manifestName))
	if err != nil {
		removeUnused(path)
		return err
	}
	lock := flock.New(filepath.Join(path, lockName))
	if ok, err := lock.TryRLock(); err != nil || !ok {
		return errors.Join(errKept, err)
	}
	var want []fileState
	got, err := manifestOf(path, files)
	if err == nil {
		err = json.Unmarshal(b, &want)
	}
	if err == nil && !sameFiles(got, want) {
		err = errKept
	}
	if err != nil {
		err = errors.Join(err, lock.Close())
		removeUnused(path)
		return err
	}
	s.AtClose(lock.Close)
	return nil
}

func sameFiles(a, b []fileState) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || a[i].Size != b[i].Size || !a[i].Modified.Equal(b[i].Modified) {
			return false
		}
	}
	return true
}

// sweepKept removes the kept folders of other states of a store that no process
// uses any more.
func sweepKept(parent, current string) {
	list, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, e := range list {
		if e.IsDir() && e.Name() != current && keptName(e.Name()) {
			removeUnused(filepath.Join(parent, e.Name()))
		}
	}
}

// keptName says whether a folder bears a name that keptFolder gives.
func keptName(name string) bool {
	sum, _, ok := strings.Cut(name, "-")
	return ok && len(sum) == checksumDigits && strings.Trim(sum, "0123456789abcdef") == ""
}
