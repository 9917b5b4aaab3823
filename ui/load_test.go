package ui

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/middleware"
)

// served puts a site behind the middleware on a real socket, as the program does.
func served(t testing.TB, lib *search.Library, o middleware.Options) *httptest.Server {
	t.Helper()
	site := newSite(t, lib, Options{})
	o.Loopback, o.Refuse, o.Route = true, site.Refuse, site.Route
	return started(t, Secure(middleware.New(site, o)))
}

func started(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	s.Config = middleware.NewServer(h, middleware.Options{}).Server
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// clients shares connections among so many, as a proxy does.
func clients(n int) *http.Client {
	return &http.Client{Transport: &http.Transport{MaxIdleConns: n, MaxIdleConnsPerHost: n, DisableCompression: true}}
}

// wordsOf gathers the words of the edition's titles, to ask with.
func wordsOf(t testing.TB, c *content.Catalog) []string {
	t.Helper()
	seen := map[string]bool{}
	var words []string
	for _, kind := range []content.Kind{content.KindExigence, content.KindProduit, content.KindRegle, content.KindTerme} {
		records, err := c.Records(kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			for w := range strings.FieldsSeq(r.Name) {
				if !seen[w] {
					seen[w] = true
					words = append(words, w)
				}
			}
		}
	}
	if len(words) < 20 {
		t.Fatalf("only %d words to ask with", len(words))
	}
	return words
}

// questions makes n different addresses of the API out of two or three words.
func questions(words []string, n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[string]bool{}
	var all []string
	for len(all) < n {
		q := words[r.IntN(len(words))] + " " + words[r.IntN(len(words))]
		if r.IntN(2) == 0 {
			q += " " + words[r.IntN(len(words))]
		}
		if a := "/api/v1/search?q=" + url.QueryEscape(q); !seen[a] {
			seen[a] = true
			all = append(all, a)
		}
	}
	return all
}

// fetch reads an answer to its end and gives its status and length.
func fetch(c *http.Client, address string) (status, length int, err error) {
	w, err := c.Get(address)
	if err != nil {
		return 0, 0, err
	}
	defer w.Body.Close()
	n, err := io.Copy(io.Discard, w.Body)
	return w.StatusCode, int(n), err
}

// BenchmarkLoad compares, with 32 clients, a handler that answers a constant of
// the same size, questions that are always worked out anew, 1,500 different ones, and
// the same ten over and over. It gives the 99th percentile of an answer too.
func BenchmarkLoad(b *testing.B) {
	lib := embeddedLibrary(b)
	site, forgetful := served(b, lib, middleware.Options{}), served(b, lib, middleware.Options{CacheBytes: -1})
	many := questions(wordsOf(b, lib.Catalog()), 1500)
	c := clients(32)
	size := 0
	for _, q := range many[:100] {
		_, n, err := fetch(c, site.URL+q)
		if err != nil {
			b.Fatal(err)
		}
		size += n
	}
	body := []byte(strings.Repeat("x", size/100))
	constant := started(b, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write(body)
	}))
	for _, run := range []struct {
		name      string
		base      string
		addresses []string
	}{{"constant", constant.URL, []string{"/"}}, {"worked out anew", forgetful.URL, many}, {"1500 different", site.URL, many}, {"same ten", site.URL, many[:10]}} {
		b.Run(run.name, func(b *testing.B) {
			var next atomic.Int64
			took := make([]time.Duration, b.N)
			b.SetParallelism((32 + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					n, began := int(next.Add(1))-1, time.Now()
					a := run.addresses[n%len(run.addresses)]
					if status, _, err := fetch(c, run.base+a); err != nil || status != http.StatusOK {
						b.Errorf("%s: %d %v", a, status, err)
						return
					}
					took[n] = time.Since(began)
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
		})
	}
}

// TestCrowd: 64 clients at full speed against narrow limits. Each gets an
// answer, and it is one of three.
func TestCrowd(t *testing.T) {
	lib := little(t)
	for _, limits := range []middleware.Options{{}, {Concurrency: 4, CacheBytes: -1}, {Rate: 50}} {
		site := served(t, lib, limits)
		all := questions(wordsOf(t, lib.Catalog()), 100)
		c := clients(64)
		var counts [600]atomic.Int64
		var crowd sync.WaitGroup
		for i := range 64 {
			crowd.Go(func() {
				for j := range 40 {
					status, _, err := fetch(c, site.URL+all[(i*7+j)%len(all)])
					if err != nil {
						t.Error(err)
						return
					}
					counts[status].Add(1)
				}
			})
		}
		crowd.Wait()
		ok, busy, greedy := counts[200].Load(), counts[503].Load(), counts[429].Load()
		if ok == 0 || ok+busy+greedy != 64*40 {
			t.Errorf("%d answers 200, %d 503, %d 429 of %d", ok, busy, greedy, 64*40)
		}
		if limits.Rate > 0 && greedy == 0 {
			t.Error("nobody was told to slow down")
		}
	}
}

// signs is what random questions are made of: letters, operators, the marks of
// query languages, and bytes that are no text.
var signs = []string{"a", "é", "sauvegarde", " ", " ", "\"", "-", ":", "type:", "level:primordial", "*", "?", "~", "^", "(", ")", "[", "]", "{", "}", "\\", "/", "EX", "EX33", "2.2.1", "AND", "OR", "NOT", "+", "!", "&&", "||", "\x00", "\xff", "’", "œ", "日本", "🔒", "%", "<b>", "\n", "1", "0"}

func randomQuestion(r *rand.Rand) string {
	var q strings.Builder
	for range r.IntN(14) {
		q.WriteString(signs[r.IntN(len(signs))])
	}
	if r.IntN(50) == 0 {
		return strings.Repeat(q.String()+"x", 60)
	}
	return q.String()
}

// TestRandomQueries: no question, whatever it holds, is an error of ours.
func TestRandomQueries(t *testing.T) {
	site := newSite(t, little(t), Options{})
	r := rand.New(rand.NewPCG(3, 4))
	for i := range 5000 {
		q := randomQuestion(r)
		path := [...]string{"/recherche", "/api/v1/search", "/api/v1/suggest"}[i%3]
		if w := ask(site, path, "q="+url.QueryEscape(q)); w.Code >= 500 {
			t.Errorf("%s %q: %d", path, q, w.Code)
		}
	}
}

// TestSoak runs for as long as CCT_SOAK says ("10m") and looks for growth of
// memory and of open files once the first fifth has filled what is kept.
func TestSoak(t *testing.T) {
	long, err := time.ParseDuration(os.Getenv("CCT_SOAK"))
	if err != nil {
		t.Skip("set CCT_SOAK to a duration, such as 10m, to run it")
	}
	lib := embeddedLibrary(t)
	site := served(t, lib, middleware.Options{})
	words := wordsOf(t, lib.Catalog())
	paths := []string{"/", "/exigences", "/mon-application?type=cloud-native", "/produits", "/pages", "/api/v1/exigences", "/api/v1/applicable?format=xlsx"}
	ctx, stop := context.WithTimeout(t.Context(), long)
	defer stop()
	c := clients(64)
	var asked, broken atomic.Int64
	var crowd sync.WaitGroup
	for i := range 64 {
		crowd.Go(func() {
			r := rand.New(rand.NewPCG(5, uint64(i)))
			for ctx.Err() == nil {
				a := "/recherche?q=" + url.QueryEscape(words[r.IntN(len(words))]+" "+words[r.IntN(len(words))])
				switch r.IntN(10) {
				case 0:
					a = paths[r.IntN(len(paths))]
				case 1:
					a = "/recherche?q=" + url.QueryEscape(randomQuestion(r))
				}
				status, _, err := fetch(c, site.URL+a)
				asked.Add(1)
				if err != nil || status >= 500 {
					broken.Add(1)
					t.Logf("%s: %d %v", a, status, err)
				}
			}
		})
	}
	time.Sleep(long / 5)
	heap, files := held(t)
	crowd.Wait()
	c.CloseIdleConnections()
	heapAfter, filesAfter := held(t)
	t.Logf("%d requests in %v: heap %d then %d KiB, %d then %d open files", asked.Load(), long, heap>>10, heapAfter>>10, files, filesAfter)
	if broken.Load() > 0 {
		t.Errorf("%d requests failed", broken.Load())
	}
	if heapAfter > heap+heap/4+(4<<20) || filesAfter > files+2 {
		t.Error("it grows")
	}
}

// held gives the live heap in bytes and how many files the process has open.
func held(t *testing.T) (heap uint64, files int) {
	t.Helper()
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	if entries, err := os.ReadDir("/proc/self/fd"); err == nil {
		files = len(entries)
	}
	return m.HeapAlloc, files
}

// TestQuestionsDiffer keeps the benchmark honest.
func TestQuestionsDiffer(t *testing.T) {
	all := questions([]string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}, 150)
	seen := map[string]bool{}
	for _, q := range all {
		seen[q] = true
	}
	if len(seen) != 150 {
		t.Error(fmt.Sprint(len(seen), " different questions of 150"))
	}
}
