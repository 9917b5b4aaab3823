// Command peers holds cct beside SQLite FTS5 and plain Bleve: the same Markdown
// files, the same questions, one run. It prints the README's table.
//
//	go run . -cct ../../cct -content DOSSIER -copies 100 -questions FICHIER.jsonl
//
// A row is a heading's text or a record, as cct reads them; the peers are given them
// ready, in a file, while cct's own build reads the Markdown. FTS5 folds accents
// (unicode61) and gives bm25, a snippet and the count of hits; Bleve has its French
// analyser, its snippets and no facet; cct does all that it does. Build is a whole
// process, with its greatest memory; start is a whole process to its first answer.
// Times of a search are measured in process, and exclude HTTP.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"math"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/cct-mi/cct/content/ingest"
)

// row is what is searched.
type row struct{ ID, Title, Text string }

// peer is an engine held beside cct.
type peer interface {
	build(path string, rows func(yield func(row) error) error) error
	open(path string) (search func(question string) error, err error)
}

var peers = map[string]peer{"fts5": fts5{}, "bleve": plainBleve{}}

func main() {
	log.SetFlags(0)
	cct := flag.String("cct", "cct", "the program to hold beside the others")
	content := flag.String("content", "", "a folder of Markdown files")
	copies := flag.Int("copies", 1, "how many times its text is indexed")
	alone := flag.Bool("alone", false, "leave the others out")
	file := flag.String("questions", "", `one {"query": "…"} or {"text": "…"} a line`)
	flag.Parse()
	if flag.NArg() > 0 { // this program, called by itself
		if err := run(flag.Args()); err != nil {
			log.Fatal(err)
		}
		return
	}
	questions, err := readQuestions(*file)
	if err != nil {
		log.Fatal(err)
	}
	if *alone {
		peers = nil
	}
	if err := compare(*cct, *content, *copies, questions, *file); err != nil {
		log.Fatal(err)
	}
}

// figures are what the table shows of one engine.
type figures struct {
	build, start  time.Duration
	startCPU      time.Duration
	cpu           time.Duration // of building
	memory, size  float64       // MiB
	median, worst time.Duration
}

func compare(cct, content string, copies int, questions []string, file string) error {
	work, err := os.MkdirTemp("", "peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	folder := filepath.Join(work, "content")
	for i := range copies {
		if err := os.CopyFS(filepath.Join(folder, fmt.Sprint("copie-", i)), os.DirFS(content)); err != nil {
			return err
		}
	}
	list := filepath.Join(work, "rows.jsonl")
	rows, text, err := writeRows(list, content, copies)
	if err != nil {
		return err
	}
	all := map[string]figures{}
	if all["cct"], err = measureCCT(cct, folder, filepath.Join(work, "cct.db"), questions); err != nil {
		return fmt.Errorf("cct: %w", err)
	}
	for name := range peers {
		if all[name], err = measurePeer(name, list, filepath.Join(work, name), file); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	fmt.Printf("%d rows, %.1f MB of text, %d questions\n\n", rows, float64(text)/1e6, len(questions))
	fmt.Println("| | build | its CPU | its memory | size ÷ text | start to first answer | its CPU | median | 99th percentile |\n|---|---|---|---|---|---|---|---|---|")
	for _, name := range []string{"cct", "fts5", "bleve"} {
		f, measured := all[name]
		if !measured {
			continue
		}
		fmt.Printf("| %s | %.1f s | %.1f s | %.0f MiB | %.1f | %d ms | %d ms | %.2f ms | %.1f ms |\n", name, f.build.Seconds(), f.cpu.Seconds(), f.memory, f.size*(1<<20)/float64(text),
			f.start.Milliseconds(), f.startCPU.Milliseconds(), ms(f.median), ms(f.worst))
	}
	return nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// process runs a process, and gives how long it took, its CPU and its greatest memory.
func process(name string, args ...string) (took, cpu time.Duration, memory float64, out []byte, err error) {
	c := exec.Command(name, args...)
	var b bytes.Buffer
	c.Stdout, c.Stderr = &b, os.Stderr
	began := time.Now()
	err = c.Run()
	took = time.Since(began)
	if u, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		memory = float64(u.Maxrss) / 1024
	}
	return took, c.ProcessState.UserTime() + c.ProcessState.SystemTime(), memory, b.Bytes(), err
}

func measurePeer(name, rows, path, questions string) (f figures, err error) {
	self, err := os.Executable()
	if err != nil {
		return f, err
	}
	if f.build, f.cpu, f.memory, _, err = process(self, "build", name, rows, path); err != nil {
		return f, err
	}
	f.size = sizeOf(path)
	if f.start, f.startCPU, _, _, err = process(self, "search", name, path, ""); err != nil {
		return f, err
	}
	_, _, _, out, err := process(self, "search", name, path, questions)
	if err != nil {
		return f, err
	}
	var took []time.Duration
	if err := json.Unmarshal(out, &took); err != nil {
		return f, err
	}
	f.median, f.worst = percentiles(took)
	return f, nil
}

// run is one of this program's own processes: build PEER ROWS PATH, or search
// PEER PATH QUESTIONS, "" being one question.
func run(args []string) error {
	if len(args) != 4 {
		return errors.New("build PEER ROWS PATH, or search PEER PATH QUESTIONS")
	}
	p := peers[args[1]]
	if args[0] == "build" {
		return p.build(args[3], readRows(args[2]))
	}
	search, err := p.open(args[2])
	if err != nil {
		return err
	}
	if args[3] == "" {
		return search("sauvegarde")
	}
	questions, err := readQuestions(args[3])
	if err != nil {
		return err
	}
	for _, q := range questions { // once unmeasured, as for cct
		if err := search(q); err != nil {
			return err
		}
	}
	var took []time.Duration
	for _, q := range questions {
		began := time.Now()
		if err := search(q); err != nil {
			return err
		}
		took = append(took, time.Since(began))
	}
	return json.NewEncoder(os.Stdout).Encode(took)
}

func measureCCT(cct, folder, store string, questions []string) (f figures, err error) {
	if f.build, f.cpu, f.memory, _, err = process(cct, "index", "--content", folder, "--store", store); err != nil {
		return f, err
	}
	f.size = sizeOf(store)
	time.Sleep(4 * time.Second)                                                                                               // what has just changed is always read whole
	if _, _, _, _, err = process(cct, "search", "--content", folder, "--store", store, "-n", "1", "sauvegarde"); err != nil { // what a first start keeps beside it
		return f, err
	}
	if f.start, f.startCPU, _, _, err = process(cct, "search", "--content", folder, "--store", store, "-n", "1", "sauvegarde"); err != nil {
		return f, err
	}
	c := exec.Command(cct, "serve", "--listen", "127.0.0.1:0", "--content", folder, "--store", store)
	said, err := c.StderrPipe()
	if err != nil {
		return f, err
	}
	if err := c.Start(); err != nil {
		return f, err
	}
	defer func() {
		_ = c.Process.Signal(os.Interrupt)
		_ = c.Wait()
	}()
	address := ""
	for lines := bufio.NewScanner(said); address == "" && lines.Scan(); {
		if _, rest, ok := strings.Cut(lines.Text(), "http://"); ok {
			address, _, _ = strings.Cut(rest, "/")
		}
	}
	go io.Copy(io.Discard, said)
	var took []time.Duration
	for round := range 2 { // once unmeasured; another limit, so that no answer comes from the cache
		for _, q := range questions {
			r, err := http.Get("http://" + address + fmt.Sprintf("/api/v1/search?limit=%d&q=", 9+round) + url.QueryEscape(q))
			if err != nil {
				return f, err
			}
			var a struct {
				TookMS float64 `json:"took_ms"`
			}
			err = json.NewDecoder(r.Body).Decode(&a)
			r.Body.Close()
			if err != nil {
				return f, err
			}
			if round == 1 {
				took = append(took, time.Duration(a.TookMS*float64(time.Millisecond)))
			}
		}
	}
	f.median, f.worst = percentiles(took)
	return f, nil
}

func percentiles(took []time.Duration) (median, worst time.Duration) {
	slices.Sort(took)
	return took[len(took)/2], took[int(math.Ceil(float64(len(took))*.99))-1]
}

// sizeOf is what a file or a folder takes, in MiB.
func sizeOf(path string) float64 {
	total := int64(0)
	_ = filepath.WalkDir(path, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			if i, err := d.Info(); err == nil {
				total += i.Size()
			}
		}
		return nil
	})
	return float64(total) / (1 << 20)
}

func readQuestions(file string) (list []string, err error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	for line := range bytes.Lines(b) {
		var q struct{ Query, Text string }
		if err := json.Unmarshal(line, &q); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		list = append(list, q.Query+q.Text)
	}
	return list, nil
}

// rowsOf gives the rows of a folder of Markdown as cct reads it, as many times as
// asked: the text under each heading, and each record.
func rowsOf(folder string, copies int, yield func(row) error) error {
	var rows []row
	_, err := ingest.Stream(context.Background(), os.DirFS(folder), ingest.Options{}, func(p ingest.Part) error {
		for _, s := range p.Page.Sections {
			if s.Record == "" {
				rows = append(rows, row{p.Page.ID + "#" + s.Anchor, s.Heading, s.Text})
			}
		}
		for _, r := range p.Records {
			rows = append(rows, row{r.ID, r.Title, r.Text})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for i := range copies {
		for _, r := range rows {
			r.ID = fmt.Sprint(i, "/", r.ID)
			if err := yield(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeRows keeps the rows in a file, an object a line, and says what they are.
func writeRows(path, folder string, copies int) (rows, text int, err error) {
	f, err := os.Create(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	lines := json.NewEncoder(w)
	err = rowsOf(folder, copies, func(r row) error {
		rows, text = rows+1, text+len(r.Title)+len(r.Text)
		return lines.Encode(r)
	})
	if err == nil {
		err = w.Flush()
	}
	return rows, text, err
}

// readRows gives the rows that writeRows kept.
func readRows(path string) func(yield func(row) error) error {
	return func(yield func(row) error) error {
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		for lines := json.NewDecoder(bufio.NewReader(f)); ; {
			var r row
			if err := lines.Decode(&r); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
			if err := yield(r); err != nil {
				return err
			}
		}
	}
}
