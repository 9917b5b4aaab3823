package search

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/cct-mi/cct/content"

	"github.com/cct-mi/cct/store"
)

// shared is the folder of the official corpus and the judged queries; a test
// that needs it is skipped where it is not.
func shared(tb testing.TB) string {
	tb.Helper()
	dir := os.Getenv("CCT_SHARED")
	if dir == "" {
		dir = "../../shared"
	}
	if _, err := os.Stat(filepath.Join(dir, "corpus")); err != nil {
		tb.Skip("the folder shared, with the official corpus, is not beside the project")
	}
	return dir
}

// open makes a library of a folder, its store a file as in the product.
func open(tb testing.TB, dir string) *Library {
	tb.Helper()
	return opened(tb, stored(tb, os.DirFS(dir), filepath.Join(tb.TempDir(), "cct.db")))
}

// queriesOf reads the queries of a judged set.
func queriesOf(tb testing.TB, file string) []string {
	tb.Helper()
	f, err := os.Open(file)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var out []string
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<22)
	for s.Scan() {
		var q struct{ Query, Text string }
		if err := json.Unmarshal(s.Bytes(), &q); err != nil {
			tb.Fatal(err)
		}
		out = append(out, q.Query+q.Text)
	}
	return out
}

// measure searches each query in turn and reports the median and the 99th
// percentile of one whole search, in microseconds.
func measure(b *testing.B, l *Library, queries []string) {
	ctx := context.Background()
	for _, q := range queries {
		if _, err := l.Search(ctx, Request{Query: q}); err != nil {
			b.Fatal(err)
		}
	}
	var took []time.Duration
	i := 0
	for b.Loop() {
		began := time.Now()
		if _, err := l.Search(ctx, Request{Query: queries[i%len(queries)]}); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
		i++
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1000, "µs-median")
	b.ReportMetric(float64(took[len(took)*99/100].Nanoseconds())/1000, "µs-p99")
}

// BenchmarkSearch is a whole search on the official corpus, snippets and facets
// included.
func BenchmarkSearch(b *testing.B) {
	dir := shared(b)
	measure(b, open(b, filepath.Join(dir, "corpus/2025-01/content/fr")), queriesOf(b, filepath.Join(dir, "relevance/dev.jsonl")))
}

// BenchmarkSuggest is one keystroke of the search field.
func BenchmarkSuggest(b *testing.B) {
	dir := shared(b)
	l := open(b, filepath.Join(dir, "corpus/2025-01/content/fr"))
	typed := []string{"sa", "sau", "sauveg", "EX3", "authent", "base de d", "mco", "héberg", "poste de tra"}
	i := 0
	for b.Loop() {
		if _, err := l.Suggest(context.Background(), typed[i%len(typed)], 8); err != nil {
			b.Fatal(err)
		}
		i++
	}
}

// BenchmarkOpen is what a restart pays for the store and the index, closing
// included.
func BenchmarkOpen(b *testing.B) {
	dir := shared(b)
	path := filepath.Join(b.TempDir(), "cct.db")
	if err := stored(b, os.DirFS(filepath.Join(dir, "corpus/2025-01/content/fr")), path).Close(); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		st, notices, err := store.Open(context.Background(), store.Options{Path: path, Stamp: "essai"})
		if err != nil || len(notices) > 0 {
			b.Fatal(notices, err)
		}
		if _, err := Open(st); err != nil {
			b.Fatal(err)
		}
		if err := st.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

// large is the general French collection cut in sentences and repeated with
// other numbers until it has some 80,000 documents.
func large(b *testing.B, documents int) fstest.MapFS {
	f, err := os.Open(filepath.Join(shared(b), "relevance/piaf/corpus.jsonl"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var texts []string
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<22)
	for s.Scan() {
		var d struct{ Title, Text string }
		if err := json.Unmarshal(s.Bytes(), &d); err != nil {
			b.Fatal(err)
		}
		for sentence := range strings.SplitSeq(d.Text, ". ") {
			if len(sentence) > 30 {
				texts = append(texts, "## "+d.Title+"\n\n"+sentence+".\n\n")
			}
		}
	}
	fs := fstest.MapFS{}
	for n := 0; n < documents; {
		var page strings.Builder
		fmt.Fprintf(&page, "---\ntitle: Page %d\n---\n\n", len(fs))
		for range 40 {
			page.WriteString(texts[n*7919%len(texts)])
			n++
		}
		fs[fmt.Sprintf("dossier-%d/page-%d.md", len(fs)%20, len(fs))] = &fstest.MapFile{Data: []byte(page.String())}
	}
	return fs
}

// BenchmarkSearchLarge is a whole search among 80,000 documents; it also
// reports how long they took to build, in seconds.
func BenchmarkSearchLarge(b *testing.B) {
	fs := large(b, 80_000)
	began := time.Now()
	st := stored(b, fs, filepath.Join(b.TempDir(), "cct.db"))
	built := time.Since(began)
	l := opened(b, st)
	measure(b, l, queriesOf(b, filepath.Join(shared(b), "relevance/piaf/queries.jsonl"))[:200])
	b.ReportMetric(built.Seconds(), "s-build")
}

// BenchmarkWorstQueries asks what costs most: misspelt words, stars, synonyms,
// exclusions. A question of every day is the measure.
func BenchmarkWorstQueries(b *testing.B) {
	l := library(b, content.Embedded())
	for name, query := range map[string]string{
		"everyday": "sauvegarde des données", "misspelt": strings.Repeat("sovegardex otentifikasion konteneurz ", 14)[:MaxQuery],
		"strangers": "abcdefg bcdefgh cdefghi defghij efghijk fghijkl ghijklm hijklmn ijklmno jklmnop klmnopq lmnopqr mnopqrs nopqrst opqrstu pqrstuv",
		"synonyms":  "mco sso api rgaa waf pca pra dns vpn ldap ntp sql nosql ci cd devops siem soc rssi fssi dinum anssi cnil rgpd rgs rgi",
		"stars":     "ap* co* de* ser*", "exclusions": strings.Repeat("-application -service -api -mot -donnée ", 10),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := l.Search(b.Context(), Request{Query: query}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
