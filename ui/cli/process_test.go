package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built is the folder of the program that binary built, "" while it has not.
var built string

// binary builds the real program once, where any user may run it.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "cct-programme-")
	if err != nil {
		return "", err
	}
	built = dir
	if err := os.Chmod(dir, 0o755); err != nil {
		return "", err
	}
	name := filepath.Join(dir, "cct")
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	c := exec.Command("go", "build", "-buildvcs=false", "-o", name, "github.com/cct-mi/cct")
	c.Env = append(os.Environ(), "HOME="+realHome, "XDG_CACHE_HOME="+realCache)
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, out)
	}
	return name, nil
})

// process is the real program, with a cache folder of its own and nothing else
// of the machine's.
func process(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	name, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	c := exec.CommandContext(t.Context(), name, args...)
	c.Env = []string{"HOME=" + home, "XDG_CACHE_HOME=" + filepath.Join(home, ".cache"), "LocalAppData=" + home, "PATH=" + os.Getenv("PATH"), "CCT_CONTENT=" + little(t), "SystemRoot=" + os.Getenv("SystemRoot")}
	return c
}

// little is the small edition that the site's tests use.
func little(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join(here, "../testdata/contenu"))
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// server is the real program in service.
type server struct {
	*exec.Cmd
	url   string
	ended chan error
	mu    sync.Mutex
	said  bytes.Buffer
}

var ready = regexp.MustCompile(`^(?:cct: |\{.*"msg":")prêt en \d+ ms — (http\S+) — \d+ pages?, \d+ exigences?, \d+ produits? \(édition .+\)`)

// serving starts a server and waits for its ready line; the server ends with the test.
func serving(t *testing.T, c *exec.Cmd) *server {
	t.Helper()
	s := &server{Cmd: c, ended: make(chan error, 1)}
	errs, err := c.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	found := make(chan string, 1)
	go func() {
		for lines := bufio.NewScanner(errs); lines.Scan(); {
			s.mu.Lock()
			s.said.WriteString(lines.Text() + "\n")
			s.mu.Unlock()
			if m := ready.FindStringSubmatch(lines.Text()); m != nil {
				found <- m[1]
			}
		}
		close(found)
		s.ended <- c.Wait()
	}()
	t.Cleanup(func() { _ = c.Process.Kill() }) // it may have ended
	url, ok := <-found
	if !ok {
		t.Fatalf("no ready line: %s", s.output())
	}
	s.url = url
	return s
}

func (s *server) output() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.said.String()
}

func (s *server) get(t *testing.T, path string) string {
	t.Helper()
	r, err := http.Get(s.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != 200 {
		t.Fatalf("%s: %d, %v, %s", path, r.StatusCode, err, b)
	}
	return string(b)
}

// stop asks the server to end as an init does.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if runtime.GOOS == "windows" {
		_ = s.Process.Kill()
		<-s.ended
		return
	}
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := <-s.ended; err != nil {
		t.Errorf("after SIGTERM: %v: %s", err, s.output())
	}
}

func TestServe(t *testing.T) {
	s := serving(t, process(t, "serve", "--listen", "127.0.0.1:0", "--base-path", "/cct"))
	if !strings.HasSuffix(s.url, "/cct/") {
		t.Errorf("ready at %s", s.url)
	}
	if body := s.get(t, "exigences/EX2"); !strings.Contains(body, "Sauvegarde sur stockage objet") || strings.Contains(body, "/arret") {
		t.Error("the page lacks its requirement, or a service has a stop button")
	}
	s.get(t, "api/v1/search?q=sauvegarde")
	s.get(t, "health")
	s.get(t, "metrics")
	// The port is taken for another one, and that is said in one line.
	c := process(t, "serve", "--listen", strings.TrimSuffix(strings.TrimPrefix(s.url, "http://"), "/cct/"))
	out, err := c.CombinedOutput()
	if c.ProcessState.ExitCode() != failed || strings.Count(string(out), "\n") != 1 || !strings.Contains(string(out), "est déjà pris") || !strings.Contains(string(out), "--listen") {
		t.Errorf("port in use: %v: %s", err, out)
	}
	s.stop(t)
	if lines := strings.Count(s.output(), "\n"); lines != 3 || !strings.Contains(s.output(), "cct: arrêt demandé") || !strings.HasSuffix(s.output(), "cct: arrêté\n") {
		t.Errorf("more than the ready line and the end:\n%s", s.output())
	}
}

// TestDoubleClick: the first start serves and opens the browser, the second opens
// the page of the first and ends, the button in the page ends the first.
func TestDoubleClick(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the browser of this test is a shell script")
	}
	home := t.TempDir()
	opened := filepath.Join(home, "opened")
	browser := filepath.Join(home, "navigateur")
	if err := os.WriteFile(browser, []byte("#!/bin/sh\necho \"$1\" >>'"+opened+"'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	click := func(args ...string) *exec.Cmd {
		c := process(t, append([]string{"--open"}, args...)...)
		c.Env = []string{"HOME=" + home, "XDG_CACHE_HOME=" + home, "PATH=" + os.Getenv("PATH"), "BROWSER=" + browser}
		return c
	}
	shown := func(n int) []string {
		for {
			b, err := os.ReadFile(opened)
			if lines := strings.Fields(string(b)); err == nil && len(lines) >= n {
				return lines
			}
			select {
			case <-t.Context().Done():
				t.Fatal("the browser was not opened")
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
	first := serving(t, click())
	if got := shown(1); got[0] != first.url || !strings.HasPrefix(first.url, "http://127.0.0.1:") {
		t.Errorf("opened %v, ready at %s", got, first.url)
	}
	out, err := click().CombinedOutput()
	if got := shown(2); err != nil || got[1] != first.url || !strings.Contains(string(out), "déjà en service") {
		t.Errorf("second start: %v: %s; opened %v", err, out, got)
	}
	// One that asks for an address of its own gets it.
	third := serving(t, click("--listen", "127.0.0.1:0"))
	if got := shown(3); got[2] != third.url || third.url == first.url {
		t.Errorf("third start: opened %v, ready at %s", got, third.url)
	}
	third.stop(t)

	token := regexp.MustCompile(`name="jeton" value="(\w+)"`).FindStringSubmatch(first.get(t, ""))
	if token == nil {
		t.Fatal("no button to end the program")
	}
	r, err := http.PostForm(first.url+"arret", map[string][]string{"jeton": {"autre"}})
	if err != nil || r.StatusCode != 403 {
		t.Fatalf("another token: %v, %v", r, err)
	}
	r.Body.Close()
	r, err = http.PostForm(first.url+"arret", map[string][]string{"jeton": {token[1]}})
	if err != nil || r.StatusCode != 200 {
		t.Fatalf("the button: %v, %v", r, err)
	}
	r.Body.Close()
	if err := <-first.ended; err != nil {
		t.Errorf("ended by its button: %v: %s", err, first.output())
	}
	// A note of one that died leads nowhere: the next start serves.
	if err := os.WriteFile(filepath.Join(home, "cct", "en-service.json"), []byte(`{"url":"`+first.url+`","process":1,"program":"dev sans commit"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	again := serving(t, click())
	again.stop(t)
	if _, err := os.Stat(filepath.Join(home, "cct", "en-service.json")); err == nil {
		t.Error("the note of a server that ended stays")
	}
}

// TestPortTaken: a double-click takes any free port when 8080 is another's.
func TestPortTaken(t *testing.T) {
	if l, err := (&program{config: config{listen: defaultListen}}).listener(false); err == nil {
		defer l.Close() // else another program holds it already, which does as well
	}
	c := process(t, "--open")
	c.Env = append(c.Env, "BROWSER=true", "CCT_CONTENT="+little(t))
	s := serving(t, c)
	if strings.HasSuffix(s.url, ":8080/") || !strings.HasPrefix(s.url, "http://127.0.0.1:") {
		t.Errorf("ready at %s", s.url)
	}
	s.get(t, "exigences")
	s.stop(t)
}

// TestClosedPipe: who reads our output may leave; that is no failure.
func TestClosedPipe(t *testing.T) {
	for _, args := range [][]string{{"search", "sauvegarde"}, {"export", "--format", "json"}, {"help"}, {"man"}, {"check"}, {"cite", filepath.Join(here, "testdata/bureau/dossier.md")}} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		c := process(t, args...)
		var errs bytes.Buffer
		c.Stdout, c.Stderr = w, &errs
		r.Close()
		err = c.Run()
		w.Close()
		if err != nil || strings.Contains(errs.String(), "pipe") {
			t.Errorf("cct %v: %v: %s", args, err, errs.String())
		}
	}
}

// TestFullOutput: a disk that takes no more is a failure, and is said.
func TestFullOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("no /dev/full here")
	}
	defer full.Close()
	c := process(t, "search", "sauvegarde")
	var errs bytes.Buffer
	c.Stdout, c.Stderr = full, &errs
	if err := c.Run(); c.ProcessState.ExitCode() != failed || !strings.Contains(errs.String(), "le disque est plein") {
		t.Errorf("%v: %s", err, errs.String())
	}
}

// TestInterrupted: Ctrl-C ends a server with code 0.
func TestInterrupted(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("sends SIGINT")
	}
	s := serving(t, process(t, "serve", "--listen", "127.0.0.1:0"))
	if err := s.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := <-s.ended; err != nil {
		t.Errorf("after SIGINT: %v: %s", err, s.output())
	}
}
