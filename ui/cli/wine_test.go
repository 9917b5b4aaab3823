package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// underWine is the Windows program, under a Wine of its own.
type underWine struct{ exe, prefix string }

func newWine(t *testing.T) *underWine {
	t.Helper()
	if os.Getenv("CCT_WINE") == "" {
		t.Skip("set CCT_WINE=1 to run it: it builds the Windows program and starts it under Wine")
	}
	for _, name := range []string{"wine", "wineboot", "wineserver", "x86_64-w64-mingw32-gcc"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed here: Windows is not tested", name)
		}
	}
	dir := t.TempDir()
	w := &underWine{filepath.Join(dir, "cct.exe"), filepath.Join(dir, "préfixe")}
	build := exec.Command("go", "build", "-trimpath", "-o", w.exe, "github.com/cct-mi/cct")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=windows", "GOARCH=amd64", "GOFLAGS=-buildvcs=false")
	stub := exec.Command("x86_64-w64-mingw32-gcc", "-shared", "-O2", "-o", filepath.Join(dir, "bcryptprimitives.dll"), "testdata/processprng.c", "-ladvapi32")
	boot := exec.Command("wineboot", "-i")
	boot.Env = w.env()
	for _, c := range []*exec.Cmd{build, stub, boot} {
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", c.Args, err, out)
		}
	}
	t.Cleanup(func() {
		end := exec.Command("wineserver", "-k")
		end.Env = w.env()
		_ = end.Run() // it may have ended
	})
	dll, err := os.ReadFile(filepath.Join(dir, "bcryptprimitives.dll"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(w.prefix, "drive_c/windows/system32/bcryptprimitives.dll"), dll, 0o755); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *underWine) env(more ...string) []string {
	return append(append(os.Environ(), "WINEPREFIX="+w.prefix, "WINEDEBUG=-all", "BROWSER=hostname", "LC_ALL=C.UTF-8"), more...)
}

func (w *underWine) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, "wine", append([]string{w.exe}, args...)...)
	c.Env = w.env()
	c.WaitDelay = 5 * time.Second
	return c
}

// run gives what a command says and its exit code.
func (w *underWine) run(t *testing.T, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	c := w.command(t.Context(), args...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return out.String(), errs.String(), c.ProcessState.ExitCode()
}

// TestWindowsUnderWine does with the Windows program what an agent does.
func TestWindowsUnderWine(t *testing.T) {
	w := newWine(t)
	if out, errs, code := w.run(t, "version"); code != done || !strings.Contains(out, "windows/amd64") {
		t.Fatalf("version: exit %d: %s%s", code, out, errs)
	}
	for range 2 { // a first start, and one over the store that it left
		if out, errs, code := w.run(t, "search", "-n", "1", "--format", "tsv", "EX1"); code != done || !strings.HasPrefix(out, "EX1\t") {
			t.Errorf("search: exit %d: %s%s", code, out, errs)
		}
	}
	if out, _, code := w.run(t, "search", "-n", "1", "--format", "tsv", "hébergement", "données"); code != done || !strings.Contains(out, "é") {
		t.Errorf("accents: exit %d: %s", code, out)
	}

	// Long paths, with accents and spaces, for the content and the store.
	deep := filepath.Join(t.TempDir(), "Clé USB d’été", strings.Repeat("un dossier très profond/", 14))
	if err := os.CopyFS(filepath.Join(deep, "mon contenu"), os.DirFS(little(t))); err != nil {
		t.Fatal(err)
	}
	onZ := func(path string) string { return `Z:` + strings.ReplaceAll(path, "/", `\`) }
	store := filepath.Join(deep, "ma base d’essai.db")
	for range 2 {
		out, errs, code := w.run(t, "search", "--content", onZ(filepath.Join(deep, "mon contenu")), "--store", onZ(store), "-n", "1", "--format", "tsv", "EX2")
		if code != done || !strings.HasPrefix(out, "EX2\t") {
			t.Errorf("under a path of %d characters: exit %d: %s%s", len(store), code, out, errs)
		}
	}
	if st, err := os.Stat(store); err != nil || st.Size() == 0 {
		t.Errorf("no store at the end of a long path: %v", err)
	}

	// An export, and what it reads back.
	annex := filepath.Join(t.TempDir(), "réponse été.xlsx")
	if out, errs, code := w.run(t, "export", "--type", "cloud-native", "--format", "xlsx", "--output", onZ(annex)); code != done {
		t.Errorf("export: exit %d: %s%s", code, out, errs)
	}
	theirs, errs, code := w.run(t, "export", "--check", onZ(annex))
	here := process(t, "export", "--check", annex)
	here.Env = append(here.Env, "CCT_CONTENT=")
	ours, _ := here.Output() // its exit code is compared
	if strings.ReplaceAll(strings.ReplaceAll(theirs, "\r", ""), onZ(annex), annex) != string(ours) || code != here.ProcessState.ExitCode() || len(ours) == 0 {
		t.Errorf("read back, exit %d: %s%s\nhere, exit %d: %s", code, theirs, errs, here.ProcessState.ExitCode(), ours)
	}

	w.serves(t)
}

// serves starts the site as a double click does, once more beside it, and once more
// on its port.
func (w *underWine) serves(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	c := w.command(ctx, "serve", "--open")
	errs, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() {
		end()
		_ = c.Wait() // it was killed
	}()
	var said bytes.Buffer
	url := ""
	for b := make([]byte, 4096); url == ""; {
		n, err := errs.Read(b)
		said.Write(b[:n])
		for line := range strings.Lines(said.String()) {
			if m := ready.FindStringSubmatch(strings.TrimSpace(line)); m != nil {
				url = m[1]
			}
		}
		if err != nil {
			t.Fatalf("it never was ready: %s", said.String())
		}
	}
	go io.Copy(io.Discard, errs)
	r, err := http.Get(url + "exigences/EX1")
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil || r.StatusCode != http.StatusOK || !strings.Contains(string(page), "EX1") {
		t.Errorf("the page: %d, %v", r.StatusCode, err)
	}
	if _, said, code := w.run(t, "serve", "--open"); code != done || !strings.Contains(said, "déjà en service, ouverture de "+url) {
		t.Errorf("a double start: exit %d: %s", code, said)
	}
	if _, said, code := w.run(t, "serve", "--listen", strings.Split(url, "/")[2]); code != failed || !strings.Contains(said, "est déjà pris") {
		t.Errorf("the port is taken: exit %d: %s", code, said)
	}
}
