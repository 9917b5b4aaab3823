package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

// fill is a Build that counts its calls.
func fill(calls *int) func(context.Context, *Writer) error {
	return func(ctx context.Context, w *Writer) error {
		*calls++
		for i := range 300 {
			if err := w.Put("pages", fmt.Sprintf("p%03d", i), bytes.Repeat([]byte{byte(i)}, 500)); err != nil {
				return err
			}
		}
		return w.Put("tables", "n", []byte("300"))
	}
}

func mustOpen(t *testing.T, o Options) (*Store, []Notice) {
	t.Helper()
	s, notices, err := Open(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	whole(t, s)
	return s, notices
}

// whole reads everything back.
func whole(t *testing.T, s *Store) {
	t.Helper()
	for i := range 300 {
		v, err := s.Get("pages", fmt.Sprintf("p%03d", i))
		if err != nil || len(v) != 500 || v[0] != byte(i) {
			t.Fatalf("p%03d: %d bytes, %v", i, len(v), err)
		}
	}
	if keys, err := s.Keys("pages"); err != nil || len(keys) != 300 || keys[0] != "p000" {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	if v, err := s.Get("pages", "absent"); v != nil || err != nil {
		t.Fatalf("a key that is not there: %v, %v", v, err)
	}
	if v, err := s.Get("absent", "p001"); v != nil || err != nil {
		t.Fatalf("a bucket that is not there: %v, %v", v, err)
	}
}

func TestSecondStartReuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dossier à créer", "cct.db")
	calls := 0
	s, notices := mustOpen(t, Options{path, "a", fill(&calls)})
	if !s.Rebuilt() || len(notices) != 0 || s.Path() != path {
		t.Errorf("first start: rebuilt %v, notices %v, path %s", s.Rebuilt(), notices, s.Path())
	}
	built := s.Built()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s, notices = mustOpen(t, Options{path, "a", fill(&calls)})
	if s.Rebuilt() || calls != 1 || len(notices) != 0 || !s.Built().Equal(built) {
		t.Errorf("second start: rebuilt %v, %d builds, notices %v", s.Rebuilt(), calls, notices)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(left) != 1 {
		t.Errorf("left beside the store: %v", left)
	}
}

// TestAnythingElseIsRebuilt breaks the file in every way; it must be rebuilt and
// that must be said.
func TestAnythingElseIsRebuilt(t *testing.T) {
	spoil := func(change func([]byte) []byte) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, change(b), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, harm := range map[string]func(*testing.T, string){
		"empty":              spoil(func(b []byte) []byte { return nil }),
		"one byte":           spoil(func(b []byte) []byte { return b[:1] }),
		"cut in half":        spoil(func(b []byte) []byte { return b[:len(b)/2] }),
		"cut by one byte":    spoil(func(b []byte) []byte { return b[:len(b)-1] }),
		"cut by a page":      spoil(func(b []byte) []byte { return b[:len(b)-4096] }),
		"longer":             spoil(func(b []byte) []byte { return append(b, 0) }),
		"first byte flipped": spoil(func(b []byte) []byte { b[0] ^= 1; return b }),
		"middle bit flipped": spoil(func(b []byte) []byte { b[len(b)/2] ^= 4; return b }),
		"last byte flipped":  spoil(func(b []byte) []byte { b[len(b)-1] ^= 1; return b }),
		"zeroes":             spoil(func(b []byte) []byte { return make([]byte, len(b)) }),
		"a text":             spoil(func(b []byte) []byte { return []byte("ceci n’est pas une base") }),
		"noise over it":      spoil(func(b []byte) []byte { copy(b[4096:], bytes.Repeat([]byte{0xff}, 9000)); return b }),
		"another stamp": func(t *testing.T, path string) {
			calls := 0
			s, _, err := Open(context.Background(), Options{path, "older", fill(&calls)})
			if err != nil {
				t.Fatal(err)
			}
			s.Close()
		},
		"a bbolt file of another program": func(t *testing.T, path string) {
			os.Remove(path)
			db, err := bolt.Open(path, 0o600, nil)
			if err != nil {
				t.Fatal(err)
			}
			db.Close()
		},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "cct.db")
			calls := 0
			s, _ := mustOpen(t, Options{path, "a", fill(&calls)})
			s.Close()
			harm(t, path)
			s, notices := mustOpen(t, Options{path, "a", fill(&calls)})
			if calls != 2 || !s.Rebuilt() || len(notices) != 1 || !strings.Contains(string(notices[0]), "refait") || s.Path() != path {
				t.Errorf("%d builds, rebuilt %v, at %s, notices %v", calls, s.Rebuilt(), s.Path(), notices)
			}
		})
	}
}

// finished builds a store, closes it, and gives its file.
func finished(t *testing.T) (path string, b []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "cct.db")
	calls := 0
	s, _ := mustOpen(t, Options{path, "a", fill(&calls)})
	s.Close()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, b
}

// TestCutAnywhere cuts the file at many places: it is never mapped.
func TestCutAnywhere(t *testing.T) {
	path, b := finished(t)
	for size := 0; size < len(b); size += 1021 {
		if err := os.WriteFile(path, b[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := verify(path); err == nil {
			t.Errorf("a cut at byte %d goes unnoticed", size)
		}
	}
}

// TestEveryBitCounts flips bits all over the file: none may go unnoticed.
func TestEveryBitCounts(t *testing.T) {
	path, b := finished(t)
	for at := 0; at < len(b); at += 997 {
		b[at] ^= 0x10
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := verify(path); err == nil {
			t.Errorf("a flip of byte %d goes unnoticed", at)
		}
		b[at] ^= 0x10
	}
}

func TestUnwritablePlace(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	calls := 0
	s, notices := mustOpen(t, Options{filepath.Join(file, "cct.db"), "a", fill(&calls)})
	if len(notices) != 1 || !strings.Contains(string(notices[0]), "ne peut pas être écrit (un dossier du chemin est un fichier) : cette fois, un fichier temporaire") || calls != 1 {
		t.Errorf("notices %v, %d builds", notices, calls)
	}
	temp := filepath.Dir(s.Path())
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(temp); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary folder stays: %v", err)
	}
	// Nor any temporary folder: it all stays in memory.
	t.Setenv("TMPDIR", file)
	t.Setenv("TMP", file)
	s, notices = mustOpen(t, Options{filepath.Join(file, "cct.db"), "a", fill(&calls)})
	if len(notices) != 1 || !strings.Contains(string(notices[0]), "mémoire") || s.Path() != "" {
		t.Errorf("notices %v, path %s", notices, s.Path())
	}
}

func TestBuildThatFailsLeavesWhatWasThere(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cct.db")
	calls := 0
	s, _ := mustOpen(t, Options{path, "a", fill(&calls)})
	s.Close()
	broken := errors.New("plus d’encre")
	if _, _, err := Open(context.Background(), Options{path, "b", func(context.Context, *Writer) error { return broken }}); !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
	s, _ = mustOpen(t, Options{path, "a", fill(&calls)})
	if calls != 1 || s.Rebuilt() {
		t.Error("the failed build took the old file away")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := Open(ctx, Options{filepath.Join(t.TempDir(), "x.db"), "b", fill(&calls)}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestStoppedBuildLeavesNothing: once its end is asked for, a build that goes on for a
// while has no files any more, whichever step it is at.
func TestStoppedBuildLeavesNothing(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file can't be removed: the next start does it")
	}
	value := make([]byte, 100<<10)
	_, _ = rand.NewChaCha8([32]byte{}).Read(value) // not to be compressed: it is written as it comes
	for _, step := range []string{"before the first value", "after many values", "at the end"} {
		dir := t.TempDir()
		ctx, cancel := context.WithCancel(t.Context())
		_, _, err := Open(ctx, Options{filepath.Join(dir, "cct.db"), "a", func(_ context.Context, w *Writer) error {
			folder, _, err := w.Folder()
			if err != nil {
				t.Fatal(err)
			}
			if step != "before the first value" {
				for i := range 100 {
					if err := w.Put("b", fmt.Sprint(i), value); err != nil {
						t.Fatal(err)
					}
				}
			}
			cancel()
			if step == "at the end" {
				return nil
			}
			for began := time.Now(); len(names(t, dir)) > 0; time.Sleep(time.Millisecond) {
				if time.Since(began) > 2*time.Minute {
					t.Fatalf("%s: %q is still there", step, names(t, dir))
				}
			}
			return os.WriteFile(filepath.Join(folder, "segment"), nil, 0o600)
		}})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", step, err)
		}
		if left := names(t, dir); len(left) > 0 {
			t.Errorf("%s: %q is left", step, left)
		}
	}
}

func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}

func TestSeveralOpenersShare(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cct.db")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			calls := 0
			s, _, err := Open(context.Background(), Options{path, "a", fill(&calls)})
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if v, err := s.Get("tables", "n"); string(v) != "300" || err != nil {
				t.Errorf("%q, %v", v, err)
			}
		})
	}
	wg.Wait()
	if _, _, err := verify(path); err != nil {
		t.Errorf("after eight at once: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(left) != 1 {
		t.Errorf("left beside the store: %v", left)
	}
}

// TestPut refuses what bbolt would, before it is too late.
func TestPut(t *testing.T) {
	_, _, err := Open(context.Background(), Options{"", "a", func(_ context.Context, w *Writer) error {
		for _, c := range []struct{ bucket, key string }{{"", "k"}, {"b", ""}, {"meta", "k"}, {"b", strings.Repeat("k", 40_000)}} {
			if w.Put(c.bucket, c.key, nil) == nil {
				t.Errorf("%.10q/%.10q is taken", c.bucket, c.key)
			}
		}
		return w.Put("b", "k", nil)
	}})
	if err != nil {
		t.Fatal(err)
	}
}

func TestClosedStore(t *testing.T) {
	calls := 0
	for _, path := range []string{"", filepath.Join(t.TempDir(), "cct.db")} {
		s, _, err := Open(context.Background(), Options{path, "a", fill(&calls)})
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(s.Close(), s.Close()); err != nil {
			t.Errorf("closing twice: %v", err)
		}
		if _, err := s.Get("pages", "p001"); err == nil {
			t.Error("a closed store answers")
		}
	}
}

// TestFileCutUnderAReader: the memory map of a file that was cut raises a fault
// that would end the process.
func TestFileCutUnderAReader(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a mapped file can't be cut there")
	}
	path := filepath.Join(t.TempDir(), "cct.db")
	calls := 0
	s, _ := mustOpen(t, Options{path, "a", fill(&calls)})
	if err := os.Truncate(path, 4096); err != nil {
		t.Fatal(err)
	}
	// Many readers at once: none may wait for ever for one that fell.
	var readers sync.WaitGroup
	var fell atomic.Int32
	for range 8 {
		readers.Go(func() {
			for i := range 300 {
				_, err := s.Get("pages", fmt.Sprintf("p%03d", i))
				if errors.Is(err, ErrDamaged) {
					fell.Add(1)
				} else if err != nil {
					t.Error(err)
				}
			}
			if _, err := s.Keys("pages"); !errors.Is(err, ErrDamaged) {
				t.Errorf("keys: %v", err)
			}
		})
	}
	readers.Wait()
	if fell.Load() == 0 || !s.Damaged() {
		t.Errorf("%d reads fell, damaged %v", fell.Load(), s.Damaged())
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// TestValueAlteredInPlace: each value, short ones too, is held to its checksum and its
// place when it is read.
func TestValueAlteredInPlace(t *testing.T) {
	for _, value := range []string{"court", strings.Repeat("long ", 100)} {
		e, err := newEncoder()
		if err != nil {
			t.Fatal(err)
		}
		stored := encode(e, "pages", "a", []byte(value))
		if v, err := decode("pages", "a", stored); err != nil || string(v) != value {
			t.Fatalf("%q, %v", v, err)
		}
		for at := range stored {
			stored[at] ^= 0x10
			if v, err := decode("pages", "a", stored); !errors.Is(err, ErrDamaged) {
				t.Errorf("byte %d of %.5q: %q, %v", at, value, v, err)
			}
			stored[at] ^= 0x10
		}
		for _, place := range [][2]string{{"pages", "b"}, {"autres", "a"}, {"page", "sa"}} {
			if _, err := decode(place[0], place[1], stored); !errors.Is(err, ErrDamaged) {
				t.Errorf("a value of another place is read at %v: %v", place, err)
			}
		}
		if _, err := decode("pages", "a", nil); !errors.Is(err, ErrDamaged) {
			t.Errorf("an empty value: %v", err)
		}
	}
}

// The tests below start this test binary again as a process of its own.
const childEnv = "CCT_STORE_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childEnv); path != "" {
		calls := 0
		s, notices, err := Open(context.Background(), Options{path, "child", func(ctx context.Context, w *Writer) error {
			fmt.Println("building")
			return fill(&calls)(ctx, w)
		}})
		if err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		v, err := s.Get("tables", "n")
		fmt.Println("open", string(v), err, notices)
		if os.Getenv("CCT_STORE_STAY") != "" {
			time.Sleep(time.Minute)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func child(path string, env ...string) *exec.Cmd {
	c := exec.Command(os.Args[0])
	c.Env = append(append(os.Environ(), childEnv+"="+path), env...)
	return c
}

// TestKilledAtAnyMoment kills a process that builds, sooner and later; the next
// start must be whole each time.
func TestKilledAtAnyMoment(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("sends SIGKILL")
	}
	for delay := range 24 {
		path := filepath.Join(t.TempDir(), "cct.db")
		c := child(path)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(delay*delay) * 150 * time.Microsecond)
		_ = c.Process.Kill() // it may have ended
		_ = c.Wait()
		calls := 0
		s, _, err := Open(context.Background(), Options{path, "child", fill(&calls)})
		if err != nil {
			t.Fatal(err)
		}
		whole(t, s)
		if s.Path() != path {
			t.Errorf("killed after %d: the store is at %s", delay, s.Path())
		}
		s.Close()
	}
}

// TestFullDisk bounds the size of files, as a full disk does.
func TestFullDisk(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		t.Skip("no shell to bound a file's size with")
	}
	path := filepath.Join(t.TempDir(), "cct.db")
	c := exec.Command(sh, "-c", `ulimit -f 20; trap '' XFSZ; exec "$0"`, os.Args[0])
	c.Env = append(os.Environ(), childEnv+"="+path)
	out, err := c.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "open 300") || !strings.Contains(string(out), "mémoire") || !strings.Contains(string(out), "la taille permise est dépassée") {
		t.Errorf("%v: %s", err, out)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(left) != 0 {
		t.Errorf("left on the full disk: %v", left)
	}
}

// TestAnotherProcessHoldsIt: a second process reads the same file.
func TestAnotherProcessHoldsIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cct.db")
	c := child(path, "CCT_STORE_STAY=1")
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	}()
	buf := make([]byte, 4096)
	for said := ""; !strings.Contains(said, "open"); {
		n, err := out.Read(buf)
		if err != nil {
			t.Fatal(said, err)
		}
		said += string(buf[:n])
	}
	calls := 0
	s, notices := mustOpen(t, Options{path, "child", fill(&calls)})
	if calls != 0 || s.Path() != path || len(notices) != 0 {
		t.Errorf("%d builds, at %s, notices %v", calls, s.Path(), notices)
	}
	// And one with another content takes the place without disturbing it.
	mustOpen(t, Options{path, "newer", fill(&calls)})
	if calls != 1 {
		t.Errorf("%d builds", calls)
	}
}

// TestWorkingFolder: it stands beside the store, goes after use, and what a
// killed build left of one is swept, whatever the path's signs.
func TestWorkingFolder(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "clé [1]")
	path := filepath.Join(parent, "cct.db")
	left := path + unfinished + "1234"
	if err := os.MkdirAll(filepath.Join(left, "dedans"), 0o700); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-2 * unlocked)
	if err := os.Chtimes(left, old, old); err != nil {
		t.Fatal(err)
	}
	var used []string
	s, _, err := Open(context.Background(), Options{Path: path, Stamp: "a", Build: func(_ context.Context, w *Writer) error {
		dir, remove, err := w.Folder()
		if err != nil {
			return err
		}
		used = append(used, dir)
		return errors.Join(os.WriteFile(filepath.Join(dir, "essai"), nil, 0o600), remove())
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if len(used) != 1 || !strings.HasPrefix(used[0], path+unfinished) {
		t.Errorf("working folders %v", used)
	}
	for _, dir := range append(used, left) {
		if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is still there (%v)", dir, err)
		}
	}
}

// TestSpacesAndFiles: a space has buckets of its own, values come back as they
// were whatever their length, and a file of many parts as one file.
func TestSpacesAndFiles(t *testing.T) {
	long := make([]byte, 2*filePart+17)
	for i := range long {
		long[i] = byte(i * i >> 7)
	}
	source := filepath.Join(t.TempDir(), "source")
	if err := os.WriteFile(source, long, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"", filepath.Join(t.TempDir(), "cct.db")} {
		s, _, err := Open(context.Background(), Options{Path: path, Stamp: "a", Build: func(_ context.Context, w *Writer) error {
			one, two := w.Space("2025-01"), w.Space("2026-01")
			text := strings.Repeat("compressible ", 500)
			return errors.Join(
				one.Put("pages", "a", []byte("un")), two.Put("pages", "a", []byte("deux")), two.Put("pages", "long", []byte(text)), one.PutPlain("pages", "plain", []byte(text)),
				one.Put("pages", "vide", nil), two.PutFile("index", "dossier/gros", source), two.PutFile("index", "vide", os.DevNull),
			)
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct{ space, key, want string }{{"2025-01", "a", "un"}, {"2026-01", "a", "deux"}, {"2026-01", "long", strings.Repeat("compressible ", 500)}, {"2025-01", "vide", ""}} {
			if v, err := s.Space(c.space).Get("pages", c.key); err != nil || v == nil || string(v) != c.want {
				t.Errorf("%s %s: %.40q, %v", c.space, c.key, v, err)
			}
		}
		if v, err := s.Get("pages", "a"); err != nil || v != nil {
			t.Errorf("outside its space: %q %v", v, err)
		}
		if v, err := s.Space("2025-01").Mapped("pages", "plain"); err != nil || len(v) != 6500 {
			t.Errorf("mapped: %d bytes, %v", len(v), err)
		}
		dir, err := s.Space("2026-01").Folder("index")
		if err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(filepath.Join(dir, "dossier", "gros")); err != nil || !bytes.Equal(b, long) {
			t.Errorf("the file has %d bytes, %v", len(b), err)
		}
		if i, err := os.Stat(filepath.Join(dir, "vide")); err != nil || i.Size() != 0 {
			t.Errorf("the empty file: %v", err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}
