package ingest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/cct-mi/cct/store/filestate"
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
	plain, err := Hash(folder)
	if err != nil {
		t.Fatal(err)
	}
	l, err := list(folder)
	if err != nil {
		t.Fatal(err)
	}
	first := l.hash(folder, Manifest{}, time.Now())
	if first.Hash != plain {
		t.Error("the manifest changes the hash")
	}
	if sure := filestate.Of(l.infos["a.md"]).Sure; sure && first.Seen != "" {
		t.Error("files that have just changed leave no doubt")
	}
	// What is known is not read: a wrong sum shows that.
	later := time.Now().Add(2 * filestate.Settled)
	states := map[string]FileSum{}
	for name, i := range l.infos {
		if states[name] = (FileSum{filestate.Of(i).At(later), "essai"}); states[name].State == "" {
			t.Fatalf("%s: its state does not tell", name)
		}
	}
	seen := l.seen(later)
	if seen == "" {
		t.Error("files that changed long ago leave a doubt")
	}
	write("b.md", "# Trop\n") // same size, same time
	again, err := list(folder)
	if err != nil {
		t.Fatal(err)
	}
	sure := filestate.Of(again.infos["b.md"]).Sure
	for name := range states {
		same := filestate.Of(again.infos[name]).At(later) == states[name].State
		if name == "b.md" && same && sure {
			t.Error("b.md was replaced, and nothing tells")
		}
		if name == "a.md" && !same {
			t.Error("a.md is as it was")
		}
	}
	if sure && again.seen(later) == seen {
		t.Error("b.md was replaced, and the folder looks as before")
	}
	if second := again.hash(folder, first, later); second.Hash == plain {
		t.Error("another content has the same hash")
	}
}

// TestKnownFolder: where all looks as it did, what was known is given back unread; where
// a file differs, the others are not read.
func TestKnownFolder(t *testing.T) {
	dir := t.TempDir()
	folder, later := os.DirFS(dir), time.Now().Add(time.Hour)
	hash := func(known Manifest) Manifest {
		t.Helper()
		l, err := list(folder)
		if err != nil {
			t.Fatal(err)
		}
		return l.hash(folder, known, later)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("a.md", "# Un\n")
	write("b.md", "# Deux\n")
	known := hash(Manifest{})
	known.Hash = "essai"
	if now := hash(known); now.Hash != "essai" {
		t.Errorf("an unchanged folder was read: %v", now)
	}
	write("b.md", "# Trois\n")
	wrong := known.Files()
	wrong["a.md"] = FileSum{wrong["a.md"].State, "essai"}
	if now := hash(known); now.Hash == "essai" || now.Files()["a.md"].Sum != "essai" || now.Files()["b.md"] == wrong["b.md"] {
		t.Errorf("a changed folder: %v, %v", now, now.Files())
	}
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
