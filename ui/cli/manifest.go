package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content/ingest"
)

// manifests are what is known of the files of the content folders, by the folder's
// path. They are kept beside the store, so that a start reads only what changed;
// without them it reads all.
type manifests struct {
	path  string
	known map[string]ingest.Manifest
	now   map[string]ingest.Manifest // as seen since
}

// manifestSuffix is what the file is called after the store.
const manifestSuffix = ".manifeste"

// manifestForm is the file's first line: its name and its form. A line for each folder
// follows, then, after an empty line, the files of each, which most starts need not
// look at.
const (
	manifestName = "cct manifeste "
	manifestForm = manifestName + "2"
)

// readManifests reads what an earlier start has kept beside the store at path. A
// file that is cut or not of this form is as none.
func readManifests(path string) *manifests {
	m := &manifests{path: path + manifestSuffix, known: map[string]ingest.Manifest{}, now: map[string]ingest.Manifest{}}
	if st, err := os.Lstat(m.path); err == nil && !st.Mode().IsRegular() {
		m.path = "" // a link, or what might never end
		return m
	}
	b, err := os.ReadFile(m.path)
	all := string(b)
	if err == nil && !strings.HasPrefix(all, manifestName) {
		m.path = "" // somebody else's
	}
	text, whole := strings.CutSuffix(all, "\n.\n")
	if err != nil || !whole {
		return m
	}
	head, files, _ := strings.Cut(text, "\n\n")
	lines := strings.Split(head, "\n")
	if lines[0] != manifestForm {
		return m
	}
	byFolder := sync.OnceValue(func() map[string]map[string]ingest.FileSum { return manifestFiles(files) })
	for _, line := range lines[1:] {
		if part := strings.SplitN(line, "\t", 3); len(part) == 3 {
			m.known[part[2]] = ingest.Manifest{Seen: part[0], Hash: part[1], Files: func() map[string]ingest.FileSum { return byFolder()[part[2]] }}
		}
	}
	return m
}

// manifestFiles reads the files of each folder: a line with its path, then one for each.
func manifestFiles(text string) map[string]map[string]ingest.FileSum {
	all := map[string]map[string]ingest.FileSum{}
	var folder map[string]ingest.FileSum
	for line := range strings.SplitSeq(text, "\n") {
		switch part := strings.SplitN(line, "\t", 3); len(part) {
		case 1:
			folder = map[string]ingest.FileSum{}
			all[line] = folder
		case 3:
			if folder != nil {
				folder[part[2]] = ingest.FileSum{State: part[0], Sum: part[1]}
			}
		}
	}
	return all
}

// hash names the content of a folder, dir being its path.
func (m *manifests) hash(folder fs.FS, dir string) (string, error) {
	if m == nil || dir == "" || strings.ContainsAny(dir, "\t\n") {
		return ingest.Hash(folder)
	}
	now, err := ingest.HashWith(folder, m.known[dir])
	if err == nil {
		m.now[dir] = now
	}
	return now.Hash, err
}

// save keeps what is known now for the next start. What can't be written is read
// again then.
func (m *manifests) save() {
	if m.path == "" || len(m.now) == 0 || m.same() {
		return
	}
	var b bytes.Buffer
	fmt.Fprintln(&b, manifestForm)
	for dir, now := range m.now {
		fmt.Fprintf(&b, "%s\t%s\t%s\n", now.Seen, now.Hash, dir)
	}
	fmt.Fprintln(&b)
	for dir, now := range m.now {
		fmt.Fprintln(&b, dir)
		for name, sum := range now.Files() {
			if !strings.Contains(name, "\n") {
				fmt.Fprintf(&b, "%s\t%s\t%s\n", sum.State, sum.Sum, name)
			}
		}
	}
	b.WriteString(".\n")
	f, err := os.CreateTemp(filepath.Dir(m.path), filepath.Base(m.path)+".*")
	if err != nil {
		return
	}
	_, err = b.WriteTo(f)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), m.path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
}

// same says whether nothing is known that was not.
func (m *manifests) same() bool {
	if len(m.now) != len(m.known) {
		return false
	}
	for dir, now := range m.now {
		if now.Seen == "" || now.Seen != m.known[dir].Seen {
			return false
		}
	}
	return true
}
