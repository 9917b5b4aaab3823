package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const module = "github.com/cct-mi/cct"

// mayImport is the house's plan: data flows one way, and a package knows only
// what is below it. The middleware stands between the network and the site and
// knows nothing of the product.
var mayImport = map[string]string{
	"":               "ui/cli",
	"content":        "",
	"store":          "store/filestate",
	"content/ingest": "content store/filestate content/ingest/links content/ingest/markdown content/ingest/records",

	"content/ingest/markdown": "content",
	"content/ingest/records":  "content content/ingest/markdown",
	"content/ingest/links":    "content content/ingest/markdown",

	"store/filestate": "",
	"content/profile": "content",
	"content/history": "content",
	"search/index":    "search/french",
	"search":          "content content/history store search/french search/index",
	"search/french":   "",
	"ui/middleware":   "",
	"ui/cite":         "content content/history search", // the one reader of ids is the search's
	"ui/address":      "content search",
	"ui/export":       "content content/history content/profile ui/address",
	"ui/markdown":     "content content/history search ui/address",
	"ui/report":       "content",
	"ui/mcp":          "content content/history content/profile search ui/address ui/api ui/cite ui/markdown ui/middleware",
	"ui/api":          "content content/history content/profile search store ui/address ui/export ui/middleware",
	"ui":              "content content/history content/profile search store ui/address ui/api ui/export ui/markdown ui/middleware",
	"ui/cli":          "content content/history content/ingest content/profile store search ui ui/address ui/api ui/middleware ui/export ui/cite ui/markdown ui/mcp ui/report",
	"deploy/release":  "",
}

// owners are the only packages that may import a module from outside.
var owners = map[string]string{
	"github.com/yuin/goldmark":                        "content/ingest/markdown",
	"go.yaml.in/yaml/v3":                              "content/ingest/markdown ui/export",
	"golang.org/x/net":                                "content/ingest/markdown content/ingest/records content/ingest/links ui ui/address ui/markdown",
	"golang.org/x/text":                               "content/ingest/markdown content/ingest/links search search/french ui ui/export",
	"github.com/BurntSushi/toml":                      "content/ingest/markdown",
	"golang.org/x/sync":                               "search",
	"github.com/klauspost/compress":                   "store ui/middleware",
	"github.com/gofrs/flock":                          "store",
	"go.etcd.io/bbolt":                                "store",
	"github.com/bits-and-blooms/bloom/v3":             "search/french",
	"github.com/blevesearch/bleve/v2":                 "search/index search/french",
	"github.com/blevesearch/bleve_index_api":          "search/index",
	"github.com/JohannesKaufmann/html-to-markdown/v2": "ui/markdown",
	"github.com/gorilla/mux":                          "ui ui/api",
	"github.com/VictoriaMetrics/metrics":              "ui/middleware",
	"golang.org/x/time":                               "ui/middleware",
	"github.com/modelcontextprotocol/go-sdk":          "ui/mcp",
	"github.com/fsnotify/fsnotify":                    "ui/cli",
	"github.com/xuri/excelize/v2":                     "ui/export",
	"github.com/spf13/cobra":                          "ui/cli",
	"github.com/spf13/pflag":                          "ui/cli",
	"golang.org/x/term":                               "ui/cli",
	"golang.org/x/sys":                                "ui/cli ui/middleware",
}

func TestImportGraph(t *testing.T) {
	for _, goos := range []string{"linux", "windows", "darwin"} {
		c := exec.Command("go", "list", "-json=ImportPath,Imports,Standard", "./...")
		c.Env = append(c.Environ(), "GOOS="+goos, "CGO_ENABLED=0")
		out, err := c.Output()
		if err != nil {
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				t.Fatalf("%s: %s", err, exit.Stderr)
			}
			t.Fatal(err)
		}
		d := json.NewDecoder(strings.NewReader(string(out)))
		seen := 0
		for {
			var p struct {
				ImportPath string
				Imports    []string
			}
			if err := d.Decode(&p); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
			allowed, ok := mayImport[name]
			if !ok {
				t.Errorf("%s has no place in the plan: give it one in mayImport", name)
				continue
			}
			seen++
			for _, i := range p.Imports {
				if own, ok := strings.CutPrefix(i, module+"/"); ok {
					if !slices.Contains(strings.Fields(allowed), own) {
						t.Errorf("%s imports %s: what is lower does not know what is higher", name, own)
					}
					continue
				}
				if first, _, _ := strings.Cut(i, "/"); !strings.Contains(first, ".") {
					continue // the standard library
				}
				owner := ""
				for m, by := range owners {
					if i == m || strings.HasPrefix(i, m+"/") {
						owner = by
					}
				}
				if !slices.Contains(strings.Fields(owner), name) {
					t.Errorf("%s imports %s, which belongs to: %q", name, i, owner)
				}
			}
		}
		if seen != len(mayImport) {
			t.Errorf("%s: %d packages, the plan has %d", goos, seen, len(mayImport))
		}
	}
}

// TestMainIsTheEdge keeps the process's edge small: all else must be a function
// that tests can call.
func TestMainIsTheEdge(t *testing.T) {
	out, err := exec.CommandContext(context.Background(), "go", "list", "-f", "{{.GoFiles}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(out)); got != "[main.go]" {
		t.Errorf("package main is made of %s", got)
	}
}

// BenchmarkStart times whole processes, from their start to the first answer:
// without a store, and with the one that an earlier start left. It also gives
// the memory that the process then holds.
func BenchmarkStart(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "cct")
	build := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, ".")
	build.Env = append(build.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	if st, err := os.Stat(binary); err == nil {
		b.Run("binary", func(b *testing.B) { b.ReportMetric(float64(st.Size())/(1<<20), "MiB"); b.ReportMetric(0, "ns/op") })
	}
	official := filepath.Join("..", "shared", "corpus", "2025-01", "content", "fr")
	for _, c := range []struct{ name, content string }{{"embedded", ""}, {"official", official}, {"six-editions", filepath.Join("..", "shared", "corpus")}} {
		if _, err := os.Stat(c.content); c.content != "" && err != nil {
			continue
		}
		for _, kept := range []bool{false, true} {
			name := c.name + "/first"
			if kept {
				name = c.name + "/again"
			}
			b.Run(name, func(b *testing.B) {
				dir := b.TempDir()
				if kept {
					firstAnswer(b, binary, c.content, filepath.Join(dir, "cct.db"))
				}
				var took []time.Duration
				var memory []float64
				for i := range b.N {
					store := filepath.Join(dir, "cct.db")
					if !kept {
						store = filepath.Join(dir, fmt.Sprint("cct", i, ".db"))
					}
					d, m := firstAnswer(b, binary, c.content, store)
					took, memory = append(took, d), append(memory, m)
				}
				slices.Sort(took)
				slices.Sort(memory)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-median")
				b.ReportMetric(memory[len(memory)/2], "MiB-resident")
			})
		}
	}
}

// firstAnswer starts the program, asks it one question, and gives how long that
// took and the resident memory in MiB (0 where the system does not tell).
func firstAnswer(b *testing.B, binary, content, store string) (time.Duration, float64) {
	b.Helper()
	c := exec.Command(binary, "serve", "--listen", "127.0.0.1:0", "--store", store, "--content", content)
	lines, err := c.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() {
		c.Process.Signal(os.Interrupt)
		c.Wait()
	}()
	s := bufio.NewScanner(lines)
	for s.Scan() {
		if _, rest, ok := strings.Cut(s.Text(), "http://"); ok {
			host, _, _ := strings.Cut(rest, "/")
			w, err := http.Get("http://" + host + "/api/v1/search?q=sauvegarde")
			if err != nil {
				b.Fatal(err)
			}
			_, err = io.Copy(io.Discard, w.Body)
			w.Body.Close()
			if err != nil || w.StatusCode != http.StatusOK {
				b.Fatal(w.Status, err)
			}
			took := time.Since(began)
			time.Sleep(300 * time.Millisecond) // memory at rest
			return took, resident(c.Process.Pid)
		}
	}
	b.Fatal("it never said that it was ready")
	return 0, 0
}

// resident is the process's resident memory in MiB.
func resident(pid int) float64 {
	status, err := os.ReadFile(fmt.Sprint("/proc/", pid, "/status"))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			var kib float64
			fmt.Sscan(rest, &kib)
			return kib / 1024
		}
	}
	return 0
}

// readme is what the two languages of the README must have in common.
type readme struct {
	levels   []int      // of the headings
	commands []string   // lines of code, without their comments
	code     [][]string // what stands between backquotes, by section, sorted
	figures  [][]string // numbers, by section, sorted, as English writes them
}

var (
	inlineCode = regexp.MustCompile("`[^`]+`")
	figure     = regexp.MustCompile(`[0-9]+(?:\.[0-9]+)*`)
	thousands  = map[bool]*regexp.Regexp{false: regexp.MustCompile(`([0-9]),([0-9]{3})\b`), true: regexp.MustCompile(`([0-9])[ \x{a0}\x{202f}]([0-9]{3})\b`)}
	decimal    = regexp.MustCompile(`([0-9]),([0-9])`)
)

func readReadme(t *testing.T, name string, french bool) (r readme) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r.code, r.figures = [][]string{nil}, [][]string{nil}
	fence := ""
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "```") {
			if fence == "" {
				fence = strings.TrimSpace(line)
			} else {
				fence = ""
			}
			continue
		}
		if fence != "" {
			if fence == "```sh" {
				command, _, _ := strings.Cut(line, " #")
				r.commands = append(r.commands, strings.TrimSpace(command))
			}
			continue
		}
		if marks := len(line) - len(strings.TrimLeft(line, "#")); marks > 0 {
			r.levels = append(r.levels, marks)
			r.code, r.figures = append(r.code, nil), append(r.figures, nil)
		}
		last := len(r.code) - 1
		r.code[last] = append(r.code[last], inlineCode.FindAllString(line, -1)...)
		prose := inlineCode.ReplaceAllString(line, "")
		prose = thousands[french].ReplaceAllString(prose, "$1$2")
		if french {
			prose = decimal.ReplaceAllString(prose, "$1.$2")
		}
		r.figures[last] = append(r.figures[last], figure.FindAllString(prose, -1)...)
	}
	for i := range r.code {
		slices.Sort(r.code[i])
		slices.Sort(r.figures[i])
	}
	return r
}

// TestReadmes: both languages say the same: headings, commands, names, figures.
func TestReadmes(t *testing.T) {
	english, french := readReadme(t, "README.md", false), readReadme(t, "README.fr.md", true)
	if !slices.Equal(english.levels, french.levels) {
		t.Fatalf("headings: %v in English, %v in French", english.levels, french.levels)
	}
	if !slices.Equal(english.commands, french.commands) {
		t.Errorf("commands:\n%q in English\n%q in French", english.commands, french.commands)
	}
	for i := range english.code {
		if !slices.Equal(english.code[i], french.code[i]) {
			t.Errorf("names of section %d:\n%q in English\n%q in French", i, english.code[i], french.code[i])
		}
		if !slices.Equal(english.figures[i], french.figures[i]) {
			t.Errorf("figures of section %d:\n%q in English\n%q in French", i, english.figures[i], french.figures[i])
		}
	}
}

// TestReadmeExamples runs the README's commands for a workstation as they stand, in
// what looks like a clone.
func TestReadmeExamples(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("no bash to run the README's examples")
	}
	clone := t.TempDir()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"content", "README.md", "examples"} {
		if err := os.Symlink(filepath.Join(here, name), filepath.Join(clone, name)); err != nil {
			t.Skip("no symbolic links here:", err)
		}
	}
	build := exec.Command("go", "build", "-o", filepath.Join(clone, "cct"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	ran := 0
	for _, command := range readReadme(t, "README.md", false).commands {
		if strings.HasPrefix(command, "./cct mcp") {
			break // what follows serves until it is stopped, or needs what a clone has not
		}
		if !strings.HasPrefix(command, "./cct ") {
			continue
		}
		if _, err := exec.LookPath("jq"); err != nil && strings.Contains(command, "| jq") {
			continue
		}
		c := exec.Command("bash", "-o", "pipefail", "-c", command)
		c.Dir, c.Env = clone, append(os.Environ(), "CCT_STORE="+filepath.Join(clone, "cct.db"))
		out, err := c.CombinedOutput()
		var exit *exec.ExitError
		unfilled := strings.Contains(command, "--check") && errors.As(err, &exit) && exit.ExitCode() == 1
		if err != nil && !unfilled {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
		ran++
	}
	if ran < 5 {
		t.Errorf("only %d commands were run", ran)
	}
}
