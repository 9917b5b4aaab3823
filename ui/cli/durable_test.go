package cli

import (
	"bytes"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestDamagedStore cuts, flips and overwrites the store at many places: every
// start finds what is sought, and says that the file was made again.
func TestDamagedStore(t *testing.T) {
	desk(t)
	env := map[string]string{"CCT_CONTENT": "contenu", "CCT_STORE": "cct.db"}
	search := func() result { return cct(t, env, "search", "--format", "tsv", "-n", "1", "EX2") }
	want := search()
	if want.code != done || want.stderr != "" {
		t.Fatalf("exit %d: %s", want.code, want.stderr)
	}
	whole, err := os.ReadFile("cct.db")
	if err != nil {
		t.Fatal(err)
	}
	noise := make([]byte, 9000)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range noise {
		noise[i] = byte(r.Uint32())
	}
	for n := range 10 {
		at := n * len(whole) / 10
		for name, b := range map[string][]byte{
			"cut":         whole[:at],
			"flipped":     append(append(bytes.Clone(whole[:at]), whole[at]^0x20), whole[at+1:]...),
			"overwritten": append(append(bytes.Clone(whole[:at]), noise[:min(len(noise), len(whole)-at)]...), whole[min(len(whole), at+len(noise)):]...),
			"grown":       append(append(bytes.Clone(whole[:at]), noise...), whole[at:]...),
		} {
			if err := os.WriteFile("cct.db", b, 0o600); err != nil {
				t.Fatal(err)
			}
			got := search()
			if got.code != done || got.stdout != want.stdout || !strings.Contains(got.stderr, "il est refait") || strings.Count(got.stderr, "\n") != 1 {
				t.Errorf("%s at byte %d of %d: exit %d, %q, %q", name, at, len(whole), got.code, got.stdout, got.stderr)
			}
		}
	}
	if again := search(); again.stderr != "" {
		t.Errorf("after all that: %s", again.stderr)
	}
}

// TestDamagedInService cuts the store under a server: it goes on, and makes the
// store again.
func TestDamagedInService(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a mapped file can't be cut there")
	}
	store := filepath.Join(t.TempDir(), "cct.db")
	s := serving(t, process(t, "serve", "--listen", "127.0.0.1:0", "--store", store))
	if err := os.Truncate(store, 8192); err != nil {
		t.Fatal(err)
	}
	for n := 0; ; n++ {
		// Each address is new, so that no answer kept from before hides the fault.
		r, err := http.Get(fmt.Sprintf("%sexigences/EX2?essai=%d", s.url, n))
		if err != nil {
			t.Fatalf("%v: %s", err, s.output())
		}
		r.Body.Close()
		if strings.Contains(s.output(), "elle est refaite") && r.StatusCode == 200 {
			break
		}
		if r.StatusCode != 200 && r.StatusCode != 503 {
			t.Errorf("status %d", r.StatusCode)
		}
		select {
		case <-t.Context().Done():
			t.Fatal("never made again")
		case err := <-s.ended:
			t.Fatalf("the server ended: %v: %s", err, s.output())
		case <-time.After(50 * time.Millisecond):
		}
	}
	s.get(t, "exigences/EX2")
	s.stop(t)
}

// TestOddPlaces: the program, the store and the content under names that scripts
// and old programs stumble over.
func TestOddPlaces(t *testing.T) {
	name, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "Clé USB d’été", "l'œuvre d'Hélène & Cie", "100% [test] #1 日本")
	if err := os.CopyFS(filepath.Join(dir, "mon contenu"), os.DirFS("../testdata/contenu")); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	exe := filepath.Join(dir, "le cct"+filepath.Ext(name))
	if err := os.WriteFile(exe, b, 0o755); err != nil {
		t.Fatal(err)
	}
	for n, cache := range []string{filepath.Join(dir, "mon cache"), dir} {
		c := process(t, "search", "--format", "tsv", "-n", "1", "EX2")
		c.Path, c.Dir = exe, dir
		c.Env = append(c.Env, "XDG_CACHE_HOME="+cache, "LocalAppData="+cache, "CCT_CONTENT=mon contenu")
		if n == 1 {
			c.Args = append(c.Args, "--store", "ma base.db")
		}
		out, err := c.CombinedOutput()
		if err != nil || !strings.HasPrefix(string(out), "EX2\t") {
			t.Errorf("%v: %s", err, out)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "ma base.db")); err != nil {
		t.Error(err)
	}
	if m, _ := fs.Glob(os.DirFS(filepath.Join(dir, "mon cache", "cct")), "cct*.db"); len(m) != 1 {
		t.Errorf("in the cache folder: %v", m)
	}
}

// stranger runs c as a user who owns nothing, which only root can ask for.
func stranger(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can become somebody else")
	}
	setpriv, err := exec.LookPath("setpriv")
	if err != nil {
		t.Skip("no setpriv to become somebody else")
	}
	c.Args = append([]string{"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--", c.Path}, c.Args[1:]...)
	c.Path = setpriv
}

// TestNothingCanBeWritten: neither the home, nor the current folder, nor any
// temporary one. All stays in memory, with one warning.
func TestNothingCanBeWritten(t *testing.T) {
	for name, scratch := range map[string]bool{"mémoire": false, "un fichier temporaire le remplace": true} {
		locked, temp := lockedFolder(t), lockedFolder(t)
		if scratch {
			if err := os.Chmod(temp, 0o777); err != nil {
				t.Fatal(err)
			}
		}
		c := process(t, "search", "-n", "1", "--format", "tsv", "EX1")
		c.Dir = locked
		c.Env = []string{"HOME=" + locked, "TMPDIR=" + temp, "PATH=" + os.Getenv("PATH")}
		stranger(t, c)
		var out, errs bytes.Buffer
		c.Stdout, c.Stderr = &out, &errs
		if err := c.Run(); err != nil || !strings.HasPrefix(out.String(), "EX1\t") || strings.Count(errs.String(), "\n") != 1 || !strings.Contains(errs.String(), name) || !strings.Contains(errs.String(), "les droits manquent") {
			t.Errorf("%s: %v: %s%s", name, err, out.String(), errs.String())
		}
		for _, dir := range []string{locked, temp} {
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("left in %s: %v, %v", dir, left, err)
			}
		}
	}
}

// lockedFolder is one that a stranger may enter and not change.
func lockedFolder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "cct-verrou-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	return dir
}

// TestNoHome: a service account without any home nor variable.
func TestNoHome(t *testing.T) {
	c := process(t, "search", "-n", "1", "--format", "tsv", "EX1")
	temp := t.TempDir()
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "TMPDIR=" + temp, "TMP=" + temp, "SystemRoot=" + os.Getenv("SystemRoot")}
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil || !strings.HasPrefix(out.String(), "EX1\t") || !strings.Contains(errs.String(), "--store") || strings.Count(errs.String(), "\n") != 1 {
		t.Errorf("%v: %s%s", err, out.String(), errs.String())
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("left in the temporary folder: %v, %v", left, err)
	}
}

// TestFullDisk puts the cache on a file system too small for the store.
func TestFullDisk(t *testing.T) {
	small := t.TempDir()
	if runtime.GOOS != "linux" || exec.Command("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", small).Run() != nil {
		t.Skip("no small file system can be mounted here")
	}
	defer func() {
		if out, err := exec.Command("umount", small).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}()
	for temp, want := range map[string]string{small: "mémoire", t.TempDir(): "un fichier temporaire le remplace"} {
		c := process(t, "search", "-n", "1", "--format", "tsv", "EX1")
		c.Env = []string{"HOME=" + small, "XDG_CACHE_HOME=" + small, "TMPDIR=" + temp, "PATH=" + os.Getenv("PATH")}
		var out, errs bytes.Buffer
		c.Stdout, c.Stderr = &out, &errs
		if err := c.Run(); err != nil || !strings.HasPrefix(out.String(), "EX1\t") || !strings.Contains(errs.String(), want) || !strings.Contains(errs.String(), "le disque est plein") {
			t.Errorf("%v: %s%s", err, out.String(), errs.String())
		}
	}
}

// TestKilledWhileBuilding kills the program sooner and later; the next start is
// whole, and what is left behind is no store.
func TestKilledWhileBuilding(t *testing.T) {
	for n := range 7 {
		cache := t.TempDir()
		run := func() *exec.Cmd {
			c := process(t, "search", "-n", "1", "--format", "tsv", "EX1")
			c.Env = append(c.Env, "CCT_CONTENT=", "XDG_CACHE_HOME="+cache, "LocalAppData="+cache)
			return c
		}
		killed := run()
		if err := killed.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(n*n) * 12 * time.Millisecond)
		_ = killed.Process.Kill() // it may have ended
		_ = killed.Wait()
		out, err := run().CombinedOutput()
		if err != nil || !strings.HasPrefix(string(out), "EX1\t") || strings.Contains(string(out), "! ") || strings.Contains(string(out), "cct:") {
			t.Errorf("killed after %d steps: %v: %s", n, err, out)
		}
	}
}

// TestTwoOnOneStore: two servers share a store, also when they start together.
func TestTwoOnOneStore(t *testing.T) {
	store := filepath.Join(t.TempDir(), "cct.db")
	var both [2]*server
	var starts sync.WaitGroup
	for i := range both {
		c := process(t, "serve", "--listen", "127.0.0.1:0", "--store", store)
		starts.Go(func() { both[i] = serving(t, c) })
	}
	starts.Wait()
	for _, s := range both {
		if s == nil {
			t.FailNow()
		}
		s.get(t, "exigences/EX2")
	}
	both[0].stop(t)
	both[1].get(t, "recherche?q=sauvegarde")
	both[1].stop(t)
}

// TestNothingWrittenOutsideTheCache watches every call that could write: only the
// cache and the system's folder for temporary files may be, and nothing stays there.
func TestNothingWrittenOutsideTheCache(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil || exec.Command(strace, "-o", os.DevNull, "true").Run() != nil {
		t.Skip("no strace that may trace here")
	}
	writes := regexp.MustCompile(`\b(?:open(?:at)?\(.*O_(?:WRONLY|RDWR|CREAT)|mkdir(?:at)?\(|rename(?:at2?)?\(|symlink(?:at)?\(|link(?:at)?\(|truncate\(|chmod\(|fchmodat2?\(|mknod(?:at)?\()`)
	paths := regexp.MustCompile(`"((?:[^"\\]|\\.)*)"`)
	watched := func(t *testing.T, c *exec.Cmd, run func(*exec.Cmd)) {
		cache, temporary, trace := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "trace")
		c.Args = append([]string{"strace", "-f", "-qq", "-s", "4096", "-e", "trace=file", "-o", trace, c.Path}, c.Args[1:]...)
		c.Path = strace
		c.Env = append(c.Env, "XDG_CACHE_HOME="+cache, "TMPDIR="+temporary)
		run(c)
		if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
			t.Errorf("left among the temporary files: %v %v", left, err)
		}
		b, err := os.ReadFile(trace)
		if err != nil {
			t.Fatal(err)
		}
		inside := 0
		for line := range strings.Lines(string(b)) {
			if !writes.MatchString(line) {
				continue
			}
			for _, m := range paths.FindAllStringSubmatch(line, -1) {
				switch {
				case m[1] == cache || strings.HasPrefix(m[1], cache+"/"):
					inside++
				case strings.HasPrefix(m[1], "/dev/"), strings.HasPrefix(m[1], temporary+"/"):
				default:
					t.Errorf("writes outside the cache folder: %s", line)
				}
			}
		}
		if inside == 0 {
			t.Error("no write was seen at all: the trace says nothing")
		}
	}
	t.Run("search", func(t *testing.T) {
		watched(t, process(t, "search", "sauvegarde"), func(c *exec.Cmd) {
			if out, err := c.CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
		})
	})
	t.Run("serve", func(t *testing.T) {
		watched(t, process(t, "serve", "--listen", "127.0.0.1:0"), func(c *exec.Cmd) {
			s := serving(t, c)
			s.get(t, "recherche?q=sauvegarde")
			s.get(t, "api/v1/applicable?format=xlsx")
			// The tracer hands the signal on, and ends as the program does.
			if err := exec.Command("pkill", "-TERM", "-P", fmt.Sprint(c.Process.Pid)).Run(); err != nil {
				t.Fatal(err)
			}
			if err := <-s.ended; err != nil {
				t.Errorf("%v: %s", err, s.output())
			}
		})
	})
}
