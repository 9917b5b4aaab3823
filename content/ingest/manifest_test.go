package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// TestHashWith: only what may have changed is read, and a file replaced by one of
// the same size and time is still noticed.
func TestHashWith(t *testing.T) {
	dir := t.TempDir()
	long := time.Now().Add(-time.Hour)
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, long, long); err != nil {
			t.Fatal(err)
		}
	}
	write("a.md", "# Un\n")
	write("b.md", "# Deux\n")
	folder := os.DirFS(dir)
	hash := func(known Manifest) (string, Manifest) {
		t.Helper()
		h, now, err := HashWith(folder, known)
		if err != nil {
			t.Fatal(err)
		}
		return h, now
	}
	plain, err := Hash(folder)
	if err != nil {
		t.Fatal(err)
	}
	first, now := hash(nil)
	if first != plain {
		t.Error("the manifest changes the hash")
	}
	if len(now) > 0 && now["a.md"].State != "" && time.Since(long) < settled {
		t.Errorf("a file that has just changed is taken for settled: %v", now)
	}
	// What is known is not read: a wrong sum shows that.
	states := Manifest{}
	l, err := list(folder)
	if err != nil {
		t.Fatal(err)
	}
	later := time.Now().Add(2 * settled)
	for name, i := range l.infos {
		if states[name] = (FileSum{stateOf(i, later), "essai"}); states[name].State == "" {
			t.Fatalf("%s: its state does not tell", name)
		}
	}
	if first, _ := l.hash(folder, nil); first != plain {
		t.Error("two listings differ")
	}
	write("b.md", "# Trop\n") // same size, same time
	again, err := list(folder)
	if err != nil {
		t.Fatal(err)
	}
	for name := range states {
		same := stateOf(again.infos[name], later) == states[name].State
		if _, _, tells := changeOf(again.infos[name]); name == "b.md" && same && tells && !changedIsZero(again, name) {
			t.Error("b.md was replaced, and nothing tells")
		}
		if name == "a.md" && !same {
			t.Error("a.md is as it was")
		}
	}
	if second, _ := hash(nil); second == first {
		t.Error("another content has the same hash")
	}
}

// changedIsZero says whether the system tells no change time.
func changedIsZero(l *listing, name string) bool {
	changed, _, _ := changeOf(l.infos[name])
	return changed.IsZero()
}

// TestBounded: the limit of files is the caller's.
func TestBounded(t *testing.T) {
	folder := fstest.MapFS{}
	for i := range 5 {
		folder[fmt.Sprintf("p%d.md", i)] = &fstest.MapFile{Data: []byte("# Page\n")}
	}
	if _, err := Hash(Bounded{folder, 5}); err != nil {
		t.Error(err)
	}
	if _, err := Hash(Bounded{folder, 4}); err == nil || !strings.Contains(err.Error(), "--max-files") {
		t.Errorf("five files where four are allowed: %v", err)
	}
}
