package cli

import (
	"bytes"
	"context"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the transcripts in testdata as the program answers now")

// Where the tests started, and the folders that the go tool needs.
var here, realHome, realCache string

// TestMain gives the tests a cache folder of their own.
func TestMain(m *testing.M) {
	flag.Parse()
	cache, err := os.MkdirTemp("", "cct-cache-")
	if err != nil {
		panic(err)
	}
	if here, err = os.Getwd(); err != nil {
		panic(err)
	}
	realHome, realCache = os.Getenv("HOME"), os.Getenv("XDG_CACHE_HOME")
	for _, name := range []string{"XDG_CACHE_HOME", "LocalAppData", "HOME"} {
		os.Setenv(name, cache)
	}
	code := m.Run()
	os.RemoveAll(cache)
	os.RemoveAll(built)
	os.Exit(code)
}

// result is what a run of the program leaves.
type result struct {
	code           int
	stdout, stderr string
}

// cct runs the program in this process, with the variables that env gives and
// nothing on its input.
func cct(t testing.TB, env map[string]string, args ...string) result {
	t.Helper()
	return cctReading(t, "", env, args...)
}

func cctReading(t testing.TB, stdin string, env map[string]string, args ...string) result {
	t.Helper()
	var out, errs bytes.Buffer
	code := Run(context.Background(), Env{Args: args, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs, Getenv: func(name string) string { return env[name] }})
	return result{code, out.String(), errs.String()}
}

// desk is a folder with what the transcripts use: the little edition in
// "contenu", and files that cite it. It becomes the current folder.
func desk(t testing.TB) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "contenu"), os.DirFS("../testdata/contenu")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS("testdata/bureau")); err != nil {
		t.Fatal(err)
	}
	switch t := t.(type) {
	case *testing.T:
		t.Chdir(dir)
	case *testing.B:
		t.Chdir(dir)
	}
}

// TestTranscripts runs testdata/*.txt: "$ command" lines, each with what it must
// print. Lines on standard error begin with "! ", an exit code that is not 0 is
// a line "= code", a comment begins with "// ". VARIABLE=value may precede the command. -update writes them
// anew; read the difference before you commit it.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcript", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			name, err := filepath.Abs(file)
			if err != nil {
				t.Fatal(err)
			}
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			desk(t)
			want := strings.ReplaceAll(string(b), "\r\n", "\n")
			var got strings.Builder
			for line := range strings.Lines(want) {
				line = strings.TrimSuffix(line, "\n")
				switch {
				case strings.HasPrefix(line, "// "):
					apart(&got)
					got.WriteString(line + "\n")
				case strings.HasPrefix(line, "$ "):
					apart(&got)
					got.WriteString(line + "\n" + answer(t, line[2:]))
				}
			}
			if got.String() == want {
				return
			}
			if *update {
				if err := os.WriteFile(name, []byte(got.String()), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			t.Errorf("%s: the program answers otherwise; -update writes what it says now.\n%s", file, firstDifference(want, got.String()))
		})
	}
}

// apart leaves a blank line after an answer.
func apart(b *strings.Builder) {
	s := strings.TrimSuffix(b.String(), "\n")
	if last := s[strings.LastIndex(s, "\n")+1:]; s != "" && !strings.HasPrefix(last, "// ") {
		b.WriteString("\n")
	}
}

// answer runs one line of a transcript and writes what came of it.
func answer(t *testing.T, line string) string {
	t.Helper()
	words := shellWords(line)
	env := map[string]string{"CCT_CONTENT": "contenu"}
	for len(words) > 0 && strings.Contains(words[0], "=") {
		name, value, _ := strings.Cut(words[0], "=")
		env[name] = value
		words = words[1:]
	}
	if len(words) == 0 || words[0] != "cct" {
		t.Fatalf("%q does not run cct", line)
	}
	stdin := ""
	if n := len(words); n > 2 && words[n-2] == "<" {
		b, err := os.ReadFile(words[n-1])
		if err != nil {
			t.Fatal(err)
		}
		stdin, words = string(b), words[:n-2]
	}
	r := cctReading(t, stdin, env, words[1:]...)
	var b strings.Builder
	b.WriteString(steady(r.stdout))
	if r.stdout != "" && !strings.HasSuffix(r.stdout, "\n") {
		b.WriteString("\n")
	}
	for l := range strings.Lines(steady(r.stderr)) {
		b.WriteString("! " + l)
	}
	if r.code != 0 {
		b.WriteString("= " + strconv.Itoa(r.code) + "\n")
	}
	return b.String()
}

var passing = []struct {
	seen *regexp.Regexp
	as   string
}{
	{regexp.MustCompile(`"took_ms":[0-9.]+`), `"took_ms":0`},
	{regexp.MustCompile(`\d+ ms`), `0 ms`},
	{regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+(Z|[+-]\d\d:\d\d)`), `0000-00-00T00:00:00Z`},
	{regexp.MustCompile(`\d\d/\d\d/\d{4}`), `00/00/0000`},
	{regexp.MustCompile(regexp.QuoteMeta(runtime.Version())), `go1.x`},
	{regexp.MustCompile(runtime.GOOS + "/" + runtime.GOARCH), `os/arch`},
	{regexp.MustCompile(`Bleve v[0-9.]+`), `Bleve v2.x`},
}

// steady leaves out of an answer what differs from one run or machine to the next.
func steady(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	for _, p := range passing {
		s = p.seen.ReplaceAllString(s, p.as)
	}
	return s
}

// shellWords parts a line at its blanks, except within quotes.
func shellWords(line string) (words []string) {
	var word strings.Builder
	quote, open := rune(0), false
	for _, r := range line + " " {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '\'' || r == '"'):
			quote, open = r, true
		case quote == 0 && r == ' ':
			if open || word.Len() > 0 {
				words = append(words, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteRune(r)
		}
	}
	return words
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(w), len(g)) {
		a, b := "(end)", "(end)"
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			b = g[i]
		}
		if a != b {
			return "line " + strconv.Itoa(i+1) + "\nwant " + a + "\ngot  " + b
		}
	}
	return ""
}
