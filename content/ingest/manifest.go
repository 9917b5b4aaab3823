package ingest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/cct-mi/cct/content/ingest/records"
)

// Manifest says what the files of a folder were when they were last read, so that a
// start reads only those that changed since.
type Manifest map[string]FileSum

// FileSum is a file as it was read.
type FileSum struct {
	State string // its size, times and place on the disk, as the system tells them
	Sum   string // SHA-256 of its content, in hexadecimal
}

// settled is how old a file's last change must be for its times to tell the next
// one: some file systems count in steps of two seconds.
const settled = 3 * time.Second

// stateOf tells a file's state from what the system says of it; "" when that does
// not tell whether it changes, or it changed just now: it is then always read.
func stateOf(i fs.FileInfo, now time.Time) string {
	if i == nil || i.ModTime().IsZero() || now.Sub(i.ModTime()) < settled {
		return ""
	}
	changed, place, ok := changeOf(i)
	if !ok || !changed.IsZero() && now.Sub(changed) < settled {
		return ""
	}
	return fmt.Sprintf("%d.%d.%d.%d", i.Size(), i.ModTime().UnixNano(), changed.UnixNano(), place)
}

// HashWith is Hash. It reads the files that differ from what known says, or that
// leave a doubt, and gives what it knows now.
func HashWith(folder fs.FS, known Manifest) (hash string, now Manifest, err error) {
	l, err := list(folder)
	if err != nil {
		return "", nil, err
	}
	hash, now = l.hash(folder, known)
	return hash, now, nil
}

func (l *listing) hash(folder fs.FS, known Manifest) (string, Manifest) {
	started, all, now := time.Now(), sha256.New(), Manifest{}
	one := func(name string) {
		state := stateOf(l.infos[name], started)
		sum := known[name].Sum
		if state == "" || state != known[name].State {
			var err error
			if sum, err = sumOf(folder, name); errors.Is(err, fs.ErrNotExist) {
				return
			} else if err != nil { // a problem of Load's
				state, sum = "", "illisible"
			}
		}
		fmt.Fprintf(all, "%s\x00%s\x00", name, sum)
		if state != "" {
			now[name] = FileSum{state, sum}
		}
	}
	for _, name := range l.names {
		one(name)
	}
	one(synonymsFile)
	one(records.SchemaFile)
	for _, name := range l.tables {
		one(name)
	}
	for _, name := range l.images {
		if i := l.infos[name]; i != nil {
			fmt.Fprintf(all, "%s\x00%d\x00%d\x00", name, i.Size(), i.ModTime().UnixNano())
		}
	}
	return hex.EncodeToString(all.Sum(nil)), now
}

// sumOf reads a file.
func sumOf(folder fs.FS, name string) (sum string, err error) {
	f, err := folder.Open(name)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	h := sha256.New()
	if _, err := io.Copy(h, io.LimitReader(f, maxFile+1)); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
