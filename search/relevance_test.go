package search

import (
	"bufio"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/cct-mi/cct/content"
	"golang.org/x/text/unicode/norm"
)

// The relevance of the search is measured, not asserted: each collection of
// judged queries gives a table, and the table is a golden file. A change of the
// ranking shows as a difference to accept by
//
//	go test ./search -run Relevance -update
var update = flag.Bool("update", false, "write the golden files anew")

// judgement is what a judged query must find: a page, mostly an anchor in it.
type judgement struct {
	Page, Anchor, Within string
	Alt                  []string
	Grade                int
	WithinGrade          int `json:"within_grade"`
}

type judged struct {
	ID, Query, Class string
	Judgements       []judgement
}

var (
	tagged   = regexp.MustCompile(`<[^>]+>`)
	notAlnum = regexp.MustCompile(`[^0-9a-z]+`)
	pageEnd  = regexp.MustCompile(`(\.md|\.html|/index)?/?$`)
	shortID  = regexp.MustCompile(`^[a-z]{1,3}[0-9]+$`)
)

// plain is a name without accents, case and signs.
func plain(s string) string {
	s = strings.NewReplacer("œ", "oe", "æ", "ae").Replace(strings.ToLower(tagged.ReplaceAllString(s, " ")))
	var b strings.Builder
	for _, r := range norm.NFKD.String(s) {
		if !unicode.Is(unicode.M, r) {
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(notAlnum.ReplaceAllString(b.String(), " "))
}

func sameName(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	if a == b {
		return true
	}
	x, y := strings.ReplaceAll(a, " ", ""), strings.ReplaceAll(b, " ", "")
	return x == y && (len(x) > 12 || shortID.MatchString(x))
}

func pageName(s string) string {
	s, _, _ = strings.Cut(s, "#")
	return strings.ToLower(pageEnd.ReplaceAllString(s, ""))
}

// earned is the grade that a hit earns from a judgement, and whether it is the
// judged thing itself rather than what encloses it.
func earned(j judgement, h Hit) (int, bool) {
	if pageName(j.Page) != pageName(h.Page.Source) {
		return 0, false
	}
	if j.Anchor == "" {
		return j.Grade, true
	}
	names := []string{plain(j.Anchor)}
	for _, a := range j.Alt {
		names = append(names, plain(a))
	}
	got := []string{plain(h.ID), plain(h.Heading), plain(h.Title)}
	for _, x := range names {
		for _, y := range got {
			if sameName(x, y) {
				return j.Grade, true
			}
		}
	}
	if w := plain(j.Within); w != "" && slices.ContainsFunc(got, func(y string) bool { return sameName(w, y) }) {
		if j.WithinGrade > 0 {
			return j.WithinGrade, false
		}
		return max(1, j.Grade-1), false
	}
	if n := len(h.Path); n > 0 && slices.ContainsFunc(names, func(x string) bool { return sameName(x, plain(h.Path[n-1])) }) {
		return max(1, j.Grade-1), false
	}
	return 0, false
}

func dcg(grades []int) (sum float64) {
	for i, g := range grades {
		sum += (math.Exp2(float64(g)) - 1) / math.Log2(float64(i)+2)
	}
	return sum
}

// ndcg is the normalised discounted cumulative gain of the first ten.
func ndcg(grades, ideal []int) float64 {
	slices.SortFunc(ideal, func(a, b int) int { return cmp.Compare(b, a) })
	best := dcg(ideal[:min(10, len(ideal))])
	if best == 0 {
		return 0
	}
	return dcg(grades[:min(10, len(grades))]) / best
}

// pageScore and rowScore are NDCG@10 by pages, and by sections and rows: a hit
// is paid for one judgement and each judgement pays once.
func pageScore(q judged, hits []Hit) float64 {
	grade := map[string]int{}
	for _, j := range q.Judgements {
		grade[pageName(j.Page)] = max(grade[pageName(j.Page)], j.Grade)
	}
	var seen []string
	var got, ideal []int
	for _, h := range hits {
		if p := pageName(h.Page.Source); !slices.Contains(seen, p) {
			seen = append(seen, p)
			got = append(got, grade[p])
		}
	}
	for _, g := range grade {
		ideal = append(ideal, g)
	}
	return ndcg(got, ideal)
}

func rowScore(q judged, hits []Hit) (score float64, ok bool) {
	if !slices.ContainsFunc(q.Judgements, func(j judgement) bool { return j.Anchor != "" }) {
		return 0, false
	}
	left := slices.Clone(q.Judgements)
	var got, ideal []int
	for _, j := range q.Judgements {
		ideal = append(ideal, j.Grade)
	}
	for _, h := range hits[:min(10, len(hits))] {
		best, bestExact := 0, false
		var paid []int
		for i, j := range left {
			g, exact := earned(j, h)
			switch {
			case g == 0:
			case exact && !bestExact:
				best, bestExact, paid = g, true, []int{i}
			case exact:
				best, paid = max(best, g), append(paid, i)
			case !bestExact && g > best:
				best, paid = g, []int{i}
			}
		}
		for k := len(paid) - 1; k >= 0; k-- {
			left = slices.Delete(left, paid[k], paid[k]+1)
		}
		got = append(got, best)
	}
	return ndcg(got, ideal), true
}

// table runs a judged set and lays its figures out by class.
func table(t *testing.T, l *Library, set []judged, perQuery bool) string {
	t.Helper()
	type sums struct{ n, rows, page, row float64 }
	by := map[string]*sums{}
	var classes []string
	negatives, rejected, silent := 0, 0, 0
	for _, q := range set {
		a := ask(t, l, Request{Query: q.Query})
		if len(q.Judgements) == 0 {
			negatives++
			if !a.Confident || len(a.Hits) == 0 {
				rejected++
			} else if perQuery {
				t.Logf("accepted: %q → %v", q.Query, idsOf(a)[:min(3, len(a.Hits))])
			}
			continue
		}
		if !a.Confident || len(a.Hits) == 0 {
			silent++
			if perQuery {
				t.Logf("not sure: %q → %v", q.Query, idsOf(a)[:min(3, len(a.Hits))])
			}
		}
		p := pageScore(q, a.Hits)
		r, anchored := rowScore(q, a.Hits)
		if perQuery && (p < .8 || anchored && r < .7) {
			t.Logf("%-12s %-50s page %.3f row %.3f %v", q.Class, q.Query, p, r, idsOf(a)[:min(5, len(a.Hits))])
		}
		for _, c := range []string{"all", q.Class} {
			if by[c] == nil {
				by[c] = &sums{}
				classes = append(classes, c)
			}
			by[c].n++
			by[c].page += p
			if anchored {
				by[c].rows++
				by[c].row += r
			}
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%-12s %4s  %-6s %-6s   NDCG@10, higher is better\n", "class", "n", "page", "row")
	for _, c := range classes {
		s := by[c]
		fmt.Fprintf(&b, "%-12s %4.0f  %.3f  %.3f\n", c, s.n, s.page/s.n, s.row/max(s.rows, 1))
	}
	fmt.Fprintf(&b, "negatives rejected %d/%d; questions left without a sure answer %d\n", rejected, negatives, silent)
	return b.String()
}

func readJudged(t *testing.T, file string) (set []judged) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<22)
	for s.Scan() {
		if strings.TrimSpace(s.Text()) == "" {
			continue
		}
		var q judged
		if err := json.Unmarshal(s.Bytes(), &q); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		set = append(set, q)
	}
	return set
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	t.Log("\n" + got)
	file := filepath.Join("testdata", "relevance", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the ranking changed; if for the better, accept it with -update. It was:\n%s", want)
	}
}

// TestRelevanceOfficialCorpus is the judged set on the official corpus.
func TestRelevanceOfficialCorpus(t *testing.T) {
	dir := shared(t)
	l := open(t, filepath.Join(dir, "corpus/2025-01/content/fr"))
	golden(t, "official.golden", table(t, l, readJudged(t, filepath.Join(dir, "relevance/dev.jsonl")), testing.Verbose()))
}

// TestRelevanceHeldOut are our own queries on the official corpus, written
// before the ranking was tuned.
func TestRelevanceHeldOut(t *testing.T) {
	dir := shared(t)
	l := open(t, filepath.Join(dir, "corpus/2025-01/content/fr"))
	golden(t, "held-out.golden", table(t, l, readJudged(t, "testdata/relevance/held-out.jsonl"), testing.Verbose()))
}

// TestRelevanceClasses are queries of every class on the official corpus, written
// and judged before any of their results was seen.
func TestRelevanceClasses(t *testing.T) {
	dir := shared(t)
	l := open(t, filepath.Join(dir, "corpus/2025-01/content/fr"))
	golden(t, "classes.golden", table(t, l, readJudged(t, "testdata/relevance/classes.jsonl"), testing.Verbose()))
}

// TestRelevanceEmbedded are questions on the content that comes with the
// program.
func TestRelevanceEmbedded(t *testing.T) {
	l := library(t, content.Embedded())
	golden(t, "embedded.golden", table(t, l, readJudged(t, "testdata/relevance/embedded.jsonl"), testing.Verbose()))
}

// TestRelevanceOpen are the open part of a larger judged set on the embedded
// content.
func TestRelevanceOpen(t *testing.T) {
	dir := shared(t)
	l := library(t, content.Embedded())
	golden(t, "open.golden", table(t, l, readJudged(t, filepath.Join(dir, "relevance/embedded-open.jsonl")), testing.Verbose()))
}

// TestRelevanceGeneralFrench is a public set of questions on encyclopedia
// passages (PIAF 1.0): what helps the CCT must not harm French.
func TestRelevanceGeneralFrench(t *testing.T) {
	dir := filepath.Join(shared(t), "relevance/piaf")
	fs := fstest.MapFS{}
	lines(t, filepath.Join(dir, "corpus.jsonl"), func(b []byte) {
		var d struct {
			ID          string `json:"_id"`
			Title, Text string
		}
		if err := json.Unmarshal(b, &d); err != nil {
			t.Fatal(err)
		}
		title, err := json.Marshal(d.Title)
		if err != nil {
			t.Fatal(err)
		}
		fs[d.ID+".md"] = &fstest.MapFile{Data: []byte("---\ntitle: " + string(title) + "\n---\n\n" + strings.ReplaceAll(d.Text, "\n", "\n\n") + "\n")}
	})
	right := map[string]string{}
	lines(t, filepath.Join(dir, "qrels.tsv"), func(b []byte) {
		if f := strings.Split(string(b), "\t"); len(f) == 3 && f[2] != "score" {
			right[f[0]] = f[1] + ".md"
		}
	})
	l := library(t, fs)
	n, sum, first, sure := 0.0, 0.0, 0.0, 0.0
	lines(t, filepath.Join(dir, "queries.jsonl"), func(b []byte) {
		var q struct {
			ID   string `json:"_id"`
			Text string
		}
		if err := json.Unmarshal(b, &q); err != nil {
			t.Fatal(err)
		}
		a := ask(t, l, Request{Query: q.Text})
		n++
		if a.Confident {
			sure++
		}
		for i, h := range a.Hits {
			if h.Page.Source == right[q.ID] {
				sum += 1 / math.Log2(float64(i)+2)
				if i == 0 {
					first++
				}
			}
		}
	})
	golden(t, "piaf.golden", fmt.Sprintf("questions %.0f\nNDCG@10   %.3f\nfirst     %.3f\nconfident %.3f\n", n, sum/n, first/n, sure/n))
}

func lines(t *testing.T, file string, do func([]byte)) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<22)
	for s.Scan() {
		do(s.Bytes())
	}
}
