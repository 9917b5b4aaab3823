package store

import (
	"encoding/json"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/cct-mi/cct/store/filestate"
)

// checksum is the CRC-32C of a file's first bytes, and how many they are.
type checksum struct {
	CRC  uint32
	Size int64
}

// checksumOf reads what r still has.
func checksumOf(r io.Reader) (checksum, error) {
	h := crc32.New(castagnoli)
	n, err := io.CopyBuffer(h, onlyReader{r}, make([]byte, 256<<10))
	return checksum{h.Sum32(), n}, err
}

// onlyReader hides the other methods of a reader, so that the buffer is used.
type onlyReader struct{ io.Reader }

// proofs say of which large files a start has compared every byte with a checksum, and
// in what state the system showed them then. As long as a state is the same nobody has
// written to the file, and it is not read whole again. Where the system tells no change
// time, or the file has just changed, it always is. They are notes in the folder beside
// the store; a store without such a folder is small, and read whole at each start.
type proofs struct {
	store string // path of the store
	note  string // path of the notes
	now   time.Time

	mu     sync.Mutex
	states map[string]string // by the file's path, from the store's folder
	more   bool              // than the notes hold
}

// proofSuffix follows a store's checksum in the name of its notes.
const proofSuffix = "-lus.json"

// proofsOf reads the notes about a store in the state that sum names.
func proofsOf(path, sum string) *proofs {
	p := &proofs{store: path, note: filepath.Join(path+keptSuffix, sum+proofSuffix), now: time.Now(), states: map[string]string{}}
	if i, err := os.Lstat(p.note); err != nil || !i.Mode().IsRegular() {
		return p
	}
	b, err := os.ReadFile(p.note)
	if err != nil || json.Unmarshal(b, &p.states) != nil || p.states == nil {
		p.states = map[string]string{}
	}
	return p
}

// proves says whether the first bytes of an open file are those that want names.
func (p *proofs) proves(f *os.File, want checksum) (bool, error) {
	i, err := f.Stat()
	if err != nil {
		return false, err
	}
	name, state := p.name(f.Name()), ""
	if s := filestate.Of(i); s.Sure {
		state = s.At(p.now)
	}
	p.mu.Lock()
	known := state != "" && p.states[name] == state
	p.mu.Unlock()
	if known {
		return true, nil
	}
	got, err := checksumOf(io.NewSectionReader(f, 0, want.Size))
	if err != nil || got != want {
		return false, err
	}
	if state != "" {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.states[name], p.more = state, true
	}
	return true, nil
}

// name is what the notes call a file.
func (p *proofs) name(path string) string {
	return filepath.ToSlash(strings.TrimPrefix(path, filepath.Dir(p.store)+string(filepath.Separator)))
}

// save keeps the notes for the next start, which else reads the files again.
func (p *proofs) save() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.more {
		return nil
	}
	b, err := json.Marshal(p.states)
	if err != nil {
		return err
	}
	if err := os.Remove(p.note); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(p.note, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // no link is followed
	if err != nil {
		return err
	}
	_, err = f.Write(b)
	p.more = false
	return errors.Join(err, f.Close())
}
