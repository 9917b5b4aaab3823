package cli

import (
	"bytes"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fifo makes a FIFO that nobody feeds.
func fifo(t *testing.T, path string) string {
	t.Helper()
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestStoreThatIsNotOurs: what --store must not replace is refused, and stays.
func TestStoreThatIsNotOurs(t *testing.T) {
	dir := t.TempDir()
	keys := filepath.Join(dir, "mots.kdbx")
	if err := os.WriteFile(keys, []byte("\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5 secrets"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, err := os.Stat(keys)
	if err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "lien.db")
	if err := os.Symlink(keys, link); err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "socket")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, store := range []string{keys, link, socket, dir, "/dev/null", fifo(t, filepath.Join(dir, "fifo"))} {
		for _, command := range [][]string{{"index"}, {"search", "EX2"}, {"serve", "--listen", "127.0.0.1:0"}} {
			c := process(t, append(command, "--store", store)...)
			out, err := c.CombinedOutput()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != failed || bytes.Count(out, []byte("\n")) != 1 || !strings.Contains(string(out), "rien n’y est touché") {
				t.Errorf("%s --store %s: %v: %s", command[0], store, err, out)
			}
		}
	}
	if after, err := os.Stat(keys); err != nil || !os.SameFile(before, after) || !after.ModTime().Equal(before.ModTime()) || after.Size() != before.Size() {
		t.Errorf("%s was touched: %v", keys, err)
	}
	if out, err := process(t, "index", "--force", "--store", link).CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	if to, err := os.Readlink(link); err != nil || to != keys {
		t.Errorf("the link: %s, %v", to, err)
	}
	if out, err := process(t, "index", "--store", keys).CombinedOutput(); err != nil || !strings.Contains(string(out), "déjà à jour") {
		t.Errorf("after --force: %v: %s", err, out)
	}
}

// TestOnlyRegularFilesAreOpened gives a FIFO wherever a file is expected.
func TestOnlyRegularFilesAreOpened(t *testing.T) {
	dir := t.TempDir()
	pipe := fifo(t, filepath.Join(dir, "fifo"))
	for _, args := range [][]string{
		{"--audit", pipe}, {"--query-log", pipe}, {"--query-log", "/dev/full"}, {"--tls-cert", pipe, "--tls-key", pipe}, {"--content", pipe},
	} {
		c := process(t, append([]string{"serve", "--listen", "127.0.0.1:0", "--store", filepath.Join(dir, "cct.db")}, args...)...)
		out, err := c.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != failed || bytes.Count(out, []byte("\n")) != 1 {
			t.Errorf("%v: %v: %s", args, err, out)
		}
	}
	content := filepath.Join(dir, "contenu")
	if err := os.CopyFS(content, os.DirFS(little(t))); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(content, "synonymes.txt"))
	fifo(t, filepath.Join(content, "synonymes.txt"))
	fifo(t, filepath.Join(content, "page.md"))
	fifo(t, filepath.Join(content, "image.png"))
	fifo(t, filepath.Join(dir, "contenu.db.manifeste"))
	fifo(t, filepath.Join(dir, "contenu.db.lectures"))
	c := process(t, "search", "--content", content, "--store", filepath.Join(dir, "contenu.db"), "EX2")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("FIFOs in the content: %v: %s", err, out)
	}
}

// TestSignalsAlwaysEnd: what is read from may never answer.
func TestSignalsAlwaysEnd(t *testing.T) {
	dir := t.TempDir()
	pipe := fifo(t, filepath.Join(dir, "fifo"))
	for _, args := range [][]string{{"cite", pipe}, {"export", "--check", pipe}, {"cite", "-"}} {
		c := process(t, args...)
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(300 * time.Millisecond) // it waits by now
		if err := c.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		err = c.Wait() // the test's own limit is what a hang meets
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != failed {
			t.Errorf("%v: %v", args, err)
		}
	}
}
