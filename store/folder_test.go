package store

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

func isThere(t *testing.T, path string) bool {
	t.Helper()
	_, err := os.Stat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return err == nil
}

// putFile keeps a file of the bucket "index".
func putFile(t *testing.T, w *Writer, name, text string) error {
	path := filepath.Join(t.TempDir(), "fichier")
	return errors.Join(os.WriteFile(path, []byte(text), 0o600), w.PutFile("index", name, path))
}

// TestTempFolders: those of killed processes go, those in use stay.
func TestTempFolders(t *testing.T) {
	temporary := t.TempDir()
	t.Setenv("TMPDIR", temporary)
	t.Setenv("TMP", temporary)
	folder := func(name string, locked bool) string {
		path := filepath.Join(temporary, name)
		if err := os.MkdirAll(filepath.Join(path, "dedans"), 0o700); err != nil {
			t.Fatal(err)
		}
		if locked {
			if err := os.WriteFile(filepath.Join(path, lockName), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return path
	}
	killed, young, old, foreign := folder("cct-tmp-1", true), folder("cct-tmp-2", false), folder("cct-tmp-3", false), folder("cct-autre", true)
	used, remove, err := TempFolder()
	if err != nil {
		t.Fatal(err)
	}
	long := time.Now().Add(-2 * unlocked)
	if err := os.Chtimes(old, long, long); err != nil {
		t.Fatal(err)
	}
	next, removeNext, err := TempFolder()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{killed: false, young: true, old: false, foreign: true, used: true, next: true} {
		if isThere(t, path) != want {
			t.Errorf("%s: there %v, want %v", path, !want, want)
		}
	}
	if err := errors.Join(remove(), removeNext()); err != nil || isThere(t, used) || isThere(t, next) {
		t.Errorf("removed: %v", err)
	}
}

// TestFolder writes values as files, and takes them away on closing.
func TestFolder(t *testing.T) {
	s, _, err := Open(context.Background(), Options{Stamp: "a", Build: func(_ context.Context, w *Writer) error {
		return errors.Join(putFile(t, w, "sous/un", "1"), putFile(t, w, "deux", "22"))
	}})
	if err != nil {
		t.Fatal(err)
	}
	dir, err := s.Folder("index")
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "sous", "un")); err != nil || string(b) != "1" {
		t.Errorf("%q %v", b, err)
	}
	if _, err := s.Folder("rien"); err == nil {
		t.Error("a folder of nothing")
	}
	closed := false
	s.AtClose(func() error { closed = isThere(t, dir); return nil })
	if err := s.Close(); err != nil || !closed || isThere(t, dir) {
		t.Errorf("after closing: %v, called before the folder went %v", err, closed)
	}
}

// TestKeptFolder: much to write stays beside the store, is found again, made anew
// when it was changed, and goes once the store is another.
func TestKeptFolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cct.db")
	opened := func(stamp string) (*Store, string) {
		t.Helper()
		s, _, err := Open(context.Background(), Options{Path: path, Stamp: stamp, Build: func(_ context.Context, w *Writer) error {
			return putFile(t, w, "gros", strings.Repeat(stamp, keptFrom))
		}})
		if err != nil {
			t.Fatal(err)
		}
		dir, err := s.Folder("index")
		if err != nil {
			t.Fatal(err)
		}
		return s, dir
	}
	first, dir := opened("a")
	if filepath.Dir(dir) != path+keptSuffix {
		t.Fatalf("kept in %s", dir)
	}
	second, again := opened("a") // another process, at once
	if again != dir {
		t.Errorf("the second opening uses %s", again)
	}
	if err := errors.Join(first.Close(), second.Close()); err != nil || !isThere(t, dir) {
		t.Fatalf("after closing: %v", err)
	}
	gros := filepath.Join(dir, "gros")
	kept, err := os.Stat(gros)
	if err != nil {
		t.Fatal(err)
	}
	b := []byte(strings.Repeat("a", keptFrom))
	b[keptFrom/2] = 'b'
	for what, harm := range map[string]func() error{
		"a byte, and its time set back": func() error {
			return errors.Join(os.WriteFile(gros, b, 0o600), os.Chtimes(gros, kept.ModTime(), kept.ModTime()))
		},
		"a cut":        func() error { return os.Truncate(gros, 3) },
		"an extension": func() error { return os.WriteFile(gros, make([]byte, keptFrom+1), 0o600) },
	} {
		if err := harm(); err != nil {
			t.Fatal(err)
		}
		s, dir := opened("a")
		if b, err := os.ReadFile(filepath.Join(dir, "gros")); err != nil || len(b) != keptFrom || strings.Trim(string(b), "a") != "" {
			t.Errorf("%s: what was changed is used: %d bytes, %v", what, len(b), err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	third, dir := opened("a")
	other, next := opened("b")
	if next == dir || !isThere(t, dir) {
		t.Errorf("a folder in use went: %s, then %s", dir, next)
	}
	if err := errors.Join(third.Close(), other.Close()); err != nil {
		t.Fatal(err)
	}
	last, _ := opened("c")
	defer last.Close()
	if isThere(t, dir) || isThere(t, next) {
		t.Error("folders of former states stay")
	}
}

// TestKeptFolderInUseIsNotReplaced: a damaged folder that a process uses stays,
// and another one serves.
func TestKeptFolderInUseIsNotReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cct.db")
	build := func(_ context.Context, w *Writer) error { return putFile(t, w, "gros", strings.Repeat("a", keptFrom)) }
	s, _, err := Open(context.Background(), Options{Path: path, Stamp: "a", Build: build})
	if err != nil {
		t.Fatal(err)
	}
	dir, err := s.Folder("index")
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	lock := flock.New(filepath.Join(dir, lockName))
	if ok, err := lock.TryRLock(); !ok || err != nil {
		t.Fatal(ok, err)
	}
	defer lock.Close()
	if err := os.Truncate(filepath.Join(dir, "gros"), 3); err != nil {
		t.Fatal(err)
	}
	again, _, err := Open(context.Background(), Options{Path: path, Stamp: "a", Build: build})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	other, err := again.Folder("index")
	if err != nil || other == dir {
		t.Fatalf("%s, %v", other, err)
	}
	if i, err := os.Stat(filepath.Join(other, "gros")); err != nil || i.Size() != keptFrom {
		t.Errorf("%v %v", i, err)
	}
}

// TestFoldersMadeAtOnce: who sweeps never takes the folder that another is just making.
func TestFoldersMadeAtOnce(t *testing.T) {
	parent := t.TempDir()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				f, err := newTempFolder(parent, "essai-")
				if err != nil {
					t.Error(err)
					return
				}
				sweepFolders(parent, "essai-")
				if err := os.WriteFile(filepath.Join(f.path, "index"), nil, 0o600); err != nil {
					t.Error(err)
				}
				if err := f.remove(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
