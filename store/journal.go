package store

import (
	"bufio"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Journal keeps the steps of a long build as they are done, so that a build that
// is interrupted goes on where it stopped. It is a file beside the store's: an
// entry after the other, each with its CRC-32C, and whatever follows a damaged
// or unfinished one is left out. Like the store it may be thrown away at any
// moment. It begins with our mark: a file without it is another's, and links are
// not followed. Safe for several goroutines.
type Journal struct {
	mu     sync.Mutex
	path   string
	file   *os.File
	out    *bufio.Writer
	values map[string]journalEntry // of the run before
	failed bool                    // the disk takes no more: the build goes on without
}

type journalEntry struct {
	at     int64
	length int
	crc    uint32
}

// journalName is what a store's journal is called after it.
const journalName = ".lectures"

// OpenJournal opens the journal of the store at path; nil, which is an empty
// journal that keeps nothing, when it can't be written.
func OpenJournal(path string) *Journal {
	if path == "" || os.MkdirAll(filepath.Dir(path), 0o700) != nil {
		return nil
	}
	if st, err := os.Lstat(path + journalName); err == nil && !st.Mode().IsRegular() {
		return nil
	}
	f, err := os.OpenFile(path+journalName, os.O_RDWR|os.O_CREATE|notFollowed, 0o600)
	if err != nil {
		return nil
	}
	if !journalMarked(f) {
		f.Close()
		return nil
	}
	j := &Journal{path: path + journalName, file: f, values: map[string]journalEntry{}}
	end := j.scan()
	if _, err := f.Seek(end, io.SeekStart); err != nil || f.Truncate(end) != nil {
		f.Close()
		return nil
	}
	j.out = bufio.NewWriterSize(f, 1<<20)
	return j
}

// journalMark begins every journal of ours.
const journalMark = "cct-lectures-1\n"

// journalMarked says whether a file is ours: it bears the mark, or a part of it
// and nothing more (empty, or cut), and then gets it.
func journalMarked(f *os.File) bool {
	head := make([]byte, len(journalMark))
	n, err := f.ReadAt(head, 0)
	if n == len(head) {
		return string(head) == journalMark
	}
	if !errors.Is(err, io.EOF) || !strings.HasPrefix(journalMark, string(head[:n])) {
		return false
	}
	_, err = f.WriteAt([]byte(journalMark), 0)
	return err == nil
}

// An entry is the lengths of its key and value and the CRC of both, four bytes
// each, then the key and the value.
const journalHead = 12

// maxJournalKey and maxJournalValue refuse lengths that damage makes up.
const (
	maxJournalKey   = 1 << 10
	maxJournalValue = 1 << 30
)

// scan learns where each value is, and gives the end of the last whole entry.
func (j *Journal) scan() (end int64) {
	end = int64(len(journalMark))
	size, err := j.file.Seek(0, io.SeekEnd)
	if err != nil {
		return end
	}
	var head [journalHead]byte
	key := make([]byte, maxJournalKey)
	for {
		if _, err := j.file.ReadAt(head[:], end); err != nil {
			return end
		}
		k, v := int64(binary.LittleEndian.Uint32(head[:])), int64(binary.LittleEndian.Uint32(head[4:]))
		if k == 0 || k > maxJournalKey || v > maxJournalValue || end+journalHead+k+v > size {
			return end
		}
		if _, err := j.file.ReadAt(key[:k], end+journalHead); err != nil {
			return end
		}
		j.values[string(key[:k])] = journalEntry{end + journalHead + k, int(v), binary.LittleEndian.Uint32(head[8:])}
		end += journalHead + k + v
	}
}

// Get gives what an earlier run has kept; nil when it has not, or it is damaged.
func (j *Journal) Get(key string) []byte {
	if j == nil {
		return nil
	}
	e, ok := j.values[key] // not written after OpenJournal
	if !ok {
		return nil
	}
	b := make([]byte, e.length)
	if _, err := j.file.ReadAt(b, e.at); err != nil || sumOf(key, b) != e.crc {
		return nil
	}
	return b
}

func sumOf(key string, value []byte) uint32 {
	return crc32.Update(crc32.Checksum([]byte(key), castagnoli), castagnoli, value)
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Put keeps a value for a later run. What can't be written is done again then.
func (j *Journal) Put(key string, value []byte) {
	if j == nil || key == "" || len(key) > maxJournalKey || len(value) > maxJournalValue {
		return
	}
	head := make([]byte, 0, journalHead+len(key))
	head = binary.LittleEndian.AppendUint32(head, uint32(len(key)))
	head = binary.LittleEndian.AppendUint32(head, uint32(len(value)))
	head = binary.LittleEndian.AppendUint32(head, sumOf(key, value))
	head = append(head, key...)
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed {
		return
	}
	_, err := j.out.Write(head)
	if err == nil {
		_, err = j.out.Write(value)
	}
	j.failed = err != nil
}

// Close ends the run and leaves the journal to the next one.
func (j *Journal) Close() error {
	if j == nil {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return errors.Join(j.out.Flush(), j.file.Close())
}

// Remove ends the run and the journal: the build is done.
func (j *Journal) Remove() error {
	if j == nil {
		return nil
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	return errors.Join(j.file.Close(), os.Remove(j.path))
}
