package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// terminal is a pseudo-terminal of so many columns; read gives what was written
// to it once its end for the program is closed.
func terminal(t *testing.T, columns int) (tty *os.File, read func() string) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skip("no pseudo-terminal here: ", err)
	}
	t.Cleanup(func() { master.Close() })
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Skip("no pseudo-terminal here: ", err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: uint16(columns)}); err != nil {
		t.Fatal(err)
	}
	if tty, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0); err != nil {
		t.Skip("no pseudo-terminal here: ", err)
	}
	all := make(chan string, 1)
	go func() {
		var b bytes.Buffer
		_, _ = io.Copy(&b, master) // ends by an error when the other end is closed
		all <- strings.ReplaceAll(b.String(), "\r\n", "\n")
	}()
	return tty, func() string {
		tty.Close()
		return <-all
	}
}

// TestTerminal: colours on a terminal alone, unless its owner wants none, and
// lines no longer than it is wide.
func TestTerminal(t *testing.T) {
	desk(t)
	for _, c := range []struct {
		name    string
		columns int
		env     map[string]string
		colour  bool
		widest  int
	}{
		{"wide", 200, nil, true, widest},
		{"narrow", 50, nil, true, 50},
		{"tiny", 10, nil, true, narrowest},
		{"no colour asked", 60, map[string]string{"NO_COLOR": "1"}, false, 60},
		{"dumb", 60, map[string]string{"TERM": "dumb"}, false, 60},
	} {
		t.Run(c.name, func(t *testing.T) {
			tty, read := terminal(t, c.columns)
			code := Run(context.Background(), Env{Args: []string{"search", "--content", "contenu", "sauvegarde"}, Stdin: strings.NewReader(""), Stdout: tty, Stderr: io.Discard, Getenv: func(n string) string { return c.env[n] }})
			out := read()
			if code != done || !strings.Contains(out, "Sauvegarde sur stockage objet") {
				t.Fatalf("exit %d: %q", code, out)
			}
			if strings.Contains(out, "\x1b[") != c.colour {
				t.Errorf("colours: %v: %q", !c.colour, out)
			}
			if c.colour && !strings.Contains(out, "\x1b[1;33mSauvegarde\x1b[0m") && !strings.Contains(out, "\x1b[1;33msauvegarde\x1b[0m") {
				t.Errorf("the words found are not marked: %q", out)
			}
			for line := range strings.Lines(out) {
				if n := visible(strings.TrimSuffix(line, "\n")); n > c.widest && strings.Contains(strings.TrimSpace(line), " ") && !strings.Contains(line, " · /") {
					t.Errorf("%d characters on a line of %d: %q", n, c.widest, line)
				}
				if !utf8.ValidString(line) {
					t.Errorf("not UTF-8: %q", line)
				}
			}
			if strings.Count(out, "\x1b[") != 2*strings.Count(out, "\x1b[0m") {
				t.Errorf("a colour is not closed: %q", out)
			}
		})
	}
}

// TestSixtyColumns: at 60 columns no command writes a line that the terminal would
// break within a word.
func TestSixtyColumns(t *testing.T) {
	desk(t)
	lines := []string{"help", "search sauvegarde", "search --explain mco", "show EX1 EX2", "show presentation", "show 1166", "applicable", "applicable --type cloud-native --marche oui", "version"}
	for _, c := range commands() {
		lines = append(lines, "help "+c.name)
	}
	for _, line := range lines {
		tty, read := terminal(t, 60)
		Run(context.Background(), Env{Args: strings.Fields(line), Stdin: strings.NewReader(""), Stdout: tty, Stderr: io.Discard, Getenv: func(n string) string { return map[string]string{"CCT_CONTENT": "contenu"}[n] }})
		for l := range strings.Lines(read()) {
			text := strings.TrimSpace(l)
			if n := visible(strings.TrimSuffix(l, "\n")); n > 60 && strings.Contains(text, " ") {
				t.Errorf("cct %s: %d characters: %q", line, n, l)
			}
		}
	}
}

// TestWorkbookOnATerminal is refused with what to do instead.
func TestWorkbookOnATerminal(t *testing.T) {
	desk(t)
	tty, read := terminal(t, 80)
	var errs bytes.Buffer
	code := Run(context.Background(), Env{Args: []string{"export", "--content", "contenu", "--format", "xlsx"}, Stdin: strings.NewReader(""), Stdout: tty, Stderr: &errs, Getenv: func(string) string { return "" }})
	if out := read(); code != wrongUse || out != "" || !strings.Contains(errs.String(), "--output") {
		t.Errorf("exit %d, %q, %s", code, out, errs.String())
	}
}
