package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"github.com/cct-mi/cct/content/ingest/records"
	"github.com/cct-mi/cct/store/filestate"
)

// Manifest says what the files of a folder were when they were last read, so that a
// start reads only those that changed since.
type Manifest struct {
	Seen  string                    // names the states of all files together; "" when one of them leaves a doubt
	Hash  string                    // what Hash gave for them
	Files func() map[string]FileSum // by path; asked for where Seen is not what it was
}

// FileSum is a file as it was read.
type FileSum struct {
	State string // as the system tells it, see filestate
	Sum   string // SHA-256 of its content, in hexadecimal
}

// HashWith is Hash. It reads the files that differ from what known says, or that
// leave a doubt, and gives what it knows now: known itself where nothing changed.
func HashWith(folder fs.FS, known Manifest) (now Manifest, err error) {
	l, err := list(folder)
	if err != nil {
		return Manifest{}, err
	}
	return l.hash(folder, known, time.Now()), nil
}

// hashed lists the files whose content Hash names; the two by their names need not be
// there.
func (l *listing) hashed() []string {
	return slices.Concat(l.names, []string{synonymsFile, records.SchemaFile}, l.tables)
}

// seen names the states of all files that Hash looks at; "" when one of them does
// not tell whether it changes, or changed just now.
func (l *listing) seen(now time.Time) string {
	h, line := sha256.New(), []byte{}
	for _, name := range l.hashed() {
		info := l.infos[name]
		absent := info == nil && (name == synonymsFile || name == records.SchemaFile)
		state := filestate.Of(info).At(now)
		if state == "" && !absent {
			return ""
		}
		line = append(append(append(append(line[:0], name...), 0), state...), 0)
		h.Write(line)
	}
	l.writeImages(h)
	return hex.EncodeToString(h.Sum(nil))
}

// writeImages names the images by path, size and time.
func (l *listing) writeImages(w io.Writer) {
	for _, name := range l.images {
		if i := l.infos[name]; i != nil {
			fmt.Fprintf(w, "%s\x00%d\x00%d\x00", name, i.Size(), i.ModTime().UnixNano())
		}
	}
}

// hash is HashWith for a folder that was listed just before now.
func (l *listing) hash(folder fs.FS, known Manifest, now time.Time) Manifest {
	seen := l.seen(now)
	if seen != "" && seen == known.Seen {
		return known
	}
	before, files := map[string]FileSum{}, map[string]FileSum{}
	if known.Files != nil {
		before = known.Files()
	}
	all, buffer := sha256.New(), make([]byte, 32<<10)
	for _, name := range l.hashed() {
		state := filestate.Of(l.infos[name]).At(now)
		sum := before[name].Sum
		if state == "" || state != before[name].State {
			var err error
			sum, err = sumOf(folder, name, buffer)
			absent := errors.Is(err, fs.ErrNotExist)
			if err != nil && (!absent || l.infos[name] != nil) {
				seen = "" // nothing tells when it can be read again
			}
			if absent {
				continue
			}
			if err != nil { // a problem of Load's
				state, sum = "", "illisible"
			}
		}
		fmt.Fprintf(all, "%s\x00%s\x00", name, sum)
		if state != "" {
			files[name] = FileSum{state, sum}
		}
	}
	l.writeImages(all)
	return Manifest{seen, hex.EncodeToString(all.Sum(nil)), func() map[string]FileSum { return files }}
}

// sumOf reads a file through the buffer.
func sumOf(folder fs.FS, name string, buffer []byte) (sum string, err error) {
	f, err := folder.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if _, err := io.CopyBuffer(h, io.LimitReader(f, maxFile+1), buffer); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
