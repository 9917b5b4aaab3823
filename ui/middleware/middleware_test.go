package middleware

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// ask puts one request to a handler; edit may change it first.
func ask(t *testing.T, h http.Handler, path string, edit func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.RemoteAddr, r.Host = "192.0.2.7:1234", "cct.exemple.fr"
	if edit != nil {
		edit(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func page(body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, body)
	})
}

func proxies(t *testing.T, list string) []netip.Prefix {
	t.Helper()
	p, err := ParseProxies(list)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestHost(t *testing.T) {
	for _, c := range []struct {
		name, host string
		o          Options
		want       int
	}{
		{"loopback, by name", "localhost:8080", Options{Loopback: true}, 200},
		{"loopback, by address", "127.0.0.1:8080", Options{Loopback: true}, 200},
		{"loopback, IPv6", "[::1]:8080", Options{Loopback: true}, 200},
		{"loopback, rebinding", "evil.example:8080", Options{Loopback: true}, 421},
		{"loopback, look-alike", "127.0.0.1.evil.example", Options{Loopback: true}, 421},
		{"loopback behind a proxy, declared", "cct.exemple.fr", Options{Loopback: true, AllowedHosts: []string{"cct.exemple.fr"}}, 200},
		{"anywhere", "cct.exemple.fr", Options{}, 200},
		{"declared, other case", "CCT.Exemple.FR:443", Options{AllowedHosts: []string{"cct.exemple.fr"}}, 200},
		{"declared, another", "autre.exemple.fr", Options{AllowedHosts: []string{"cct.exemple.fr"}}, 421},
		{"sub-domain", "a.exemple.fr", Options{AllowedHosts: []string{"*.exemple.fr"}}, 200},
		{"not the domain's neighbour", "aexemple.fr", Options{AllowedHosts: []string{"*.exemple.fr"}}, 421},
		{"a probe on the machine", "127.0.0.1:8080", Options{AllowedHosts: []string{"cct.exemple.fr"}}, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := ask(t, New(page("x"), c.o), "/", func(r *http.Request) { r.Host = c.host })
			if w.Code != c.want {
				t.Errorf("Host %s: %d, want %d", c.host, w.Code, c.want)
			}
		})
	}
}

func TestForwardedCountsFromTrustedProxiesOnly(t *testing.T) {
	for _, c := range []struct{ name, trust, remote, forwarded, client, origin string }{
		{"nobody trusted", "", "10.0.0.1:1", "203.0.113.9", "10.0.0.1", "http://cct.exemple.fr"},
		{"trusted", "10.0.0.0/8", "10.0.0.1:1", "203.0.113.9", "203.0.113.9", "https://public.exemple.fr"},
		{"from elsewhere", "10.0.0.0/8", "192.0.2.7:1", "203.0.113.9", "192.0.2.7", "http://cct.exemple.fr"},
		{"forged first hop", "10.0.0.0/8", "10.0.0.1:1", "1.1.1.1, 203.0.113.9", "203.0.113.9", "https://public.exemple.fr"},
		{"two proxies", "10.0.0.0/8", "10.0.0.1:1", "203.0.113.9, 10.0.0.2", "203.0.113.9", "https://public.exemple.fr"},
		{"garbage", "10.0.0.0/8", "10.0.0.1:1", "not an address", "10.0.0.1", "https://public.exemple.fr"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var client, origin string
			h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				client, origin = requestOf(r.Context()).client.String(), Origin(r)
			}), Options{TrustedProxies: proxies(t, c.trust)})
			ask(t, h, "/", func(r *http.Request) {
				r.RemoteAddr = c.remote
				r.Header.Set("X-Forwarded-For", c.forwarded)
				r.Header.Set("X-Forwarded-Proto", "https")
				r.Header.Set("X-Forwarded-Host", "public.exemple.fr")
			})
			if client != c.client || origin != c.origin {
				t.Errorf("got %s at %s, want %s at %s", client, origin, c.client, c.origin)
			}
		})
	}
}

func TestListsAreRead(t *testing.T) {
	if _, err := ParseProxies("10.0.0.0/8, ::1,192.0.2.7"); err != nil {
		t.Error(err)
	}
	if _, err := ParseProxies("10.0.0.0/99"); err == nil || !strings.Contains(err.Error(), "10.0.0.0/99") {
		t.Errorf("a bad prefix gives %v", err)
	}
	if _, err := ParseHosts("cct.exemple.fr,*.exemple.fr"); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{"https://cct.exemple.fr", "cct.exemple.fr:80", "*"} {
		if _, err := ParseHosts(bad); err == nil {
			t.Errorf("%s is taken for a host", bad)
		}
	}
}

func TestRatePerClient(t *testing.T) {
	h := New(page("x"), Options{Rate: 1, CacheBytes: -1})
	codes := map[int]int{}
	for range 40 {
		w := ask(t, h, "/", nil)
		codes[w.Code]++
		if w.Code == 429 && (w.Header().Get("Retry-After") == "" || !strings.HasPrefix(w.Header().Get("RateLimit"), `"poste";r=0;t=`) || w.Header().Get("RateLimit-Policy") != `"poste";q=10;w=10`) {
			t.Fatalf("429 with %v", w.Header())
		}
	}
	if codes[200] < 10 || codes[429] < 25 || codes[200]+codes[429] != 40 {
		t.Errorf("codes %v, want a burst of ten and then 429", codes)
	}
	if w := ask(t, h, "/", func(r *http.Request) { r.RemoteAddr = "192.0.2.8:1" }); w.Code != 200 {
		t.Errorf("another client is refused: %d", w.Code)
	}
}

func TestRateMemoryIsBounded(t *testing.T) {
	l := &limiter{rate: 1, burst: 1, byClient: map[netip.Prefix]*list.Element{}}
	for i := range maxClients + 50 {
		l.wait(netip.AddrFrom4([4]byte{10, byte(i >> 16), byte(i >> 8), byte(i)}), time.Now())
	}
	if len(l.byClient) != maxClients || l.recent.Len() != maxClients {
		t.Errorf("%d clients kept, want %d", len(l.byClient), maxClients)
	}
}

func TestConcurrencyIsBounded(t *testing.T) {
	enter, leave := make(chan bool), make(chan bool)
	h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { enter <- true; <-leave }), Options{Concurrency: 2, CacheBytes: -1})
	var wg sync.WaitGroup
	for i := range 2 {
		wg.Go(func() { h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", fmt.Sprint("/", i), nil)) })
		<-enter
	}
	w := ask(t, h, "/", nil)
	if w.Code != 503 || w.Header().Get("Retry-After") != "1" {
		t.Errorf("the third gets %d, Retry-After %q", w.Code, w.Header().Get("Retry-After"))
	}
	leave <- true
	leave <- true
	wg.Wait()
}

func TestWorkEndsWhenTheClientLeaves(t *testing.T) {
	ended := make(chan error, 1)
	h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done(); ended <- r.Context().Err() }), Options{})
	ctx, leave := context.WithCancel(context.Background())
	go leave()
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil).WithContext(ctx))
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("the work ended by %v", err)
	}
}

func TestNotReadyYet(t *testing.T) {
	var up atomic.Bool
	h := New(page("x"), Options{Ready: up.Load, BasePath: "/cct"})
	for path, want := range map[string]int{"/cct/": 503, "/cct/ready": 503, "/cct/health": 200, "/cct/metrics": 200} {
		if w := ask(t, h, path, nil); w.Code != want {
			t.Errorf("%s while starting: %d, want %d", path, w.Code, want)
		}
	}
	up.Store(true)
	for _, path := range []string{"/cct/", "/cct/ready", "/cct/health"} {
		if w := ask(t, h, path, nil); w.Code != 200 {
			t.Errorf("%s once ready: %d", path, w.Code)
		}
	}
}

func TestHealthSearches(t *testing.T) {
	var broken error
	h := New(page("x"), Options{Version: "1.2.3", Check: func(context.Context) error { return broken }})
	w := ask(t, h, "/health", nil)
	if w.Code != 200 || w.Header().Get("Content-Type") != "application/health+json" {
		t.Fatalf("%d %s", w.Code, w.Header().Get("Content-Type"))
	}
	var body struct{ Status, ReleaseID string }
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil || body.Status != "pass" || body.ReleaseID != "1.2.3" {
		t.Errorf("%v %+v", err, body)
	}
	broken = errors.New("index fermé")
	if w := ask(t, h, "/health", nil); w.Code != 503 || !strings.Contains(w.Body.String(), "index fermé") {
		t.Errorf("a search that fails gives %d %s", w.Code, w.Body)
	}
	if w := ask(t, h, "/health", func(r *http.Request) { r.Method = "POST" }); w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD, OPTIONS" {
		t.Errorf("POST gives %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestMetricsHoldNoQuery(t *testing.T) {
	h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Searched(r.Context(), r.URL.Query().Get("q"), r.URL.Query().Get("q") != "secretvide")
	}), Options{Route: func(string) string { return "/recherche" }})
	ask(t, h, "/recherche?q=secretplein", nil)
	ask(t, h, "/recherche?q=secretvide", nil)
	ask(t, h, "/recherche?q=secretvide", nil) // kept: counts all the same
	out := ask(t, h, "/metrics", nil).Body.String()
	for _, want := range []string{
		`cct_http_requests_total{route="/recherche",method="GET",code="200"} 3`, "cct_searches_total 3", "cct_searches_without_result_total 2",
		`cct_http_request_duration_seconds_bucket{route="/recherche",le="`, "process_resident_memory_bytes", "go_goroutines",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in the metrics", want)
		}
	}
	if strings.Contains(out, "secret") {
		t.Error("the metrics hold the text of a query")
	}
}

func TestLogHoldsNothingPersonal(t *testing.T) {
	var out bytes.Buffer
	h := New(page("x"), Options{Log: slog.New(slog.NewJSONHandler(&out, nil)), AccessLog: true, Route: func(string) string { return "/exigences/{id}" }, TrustedProxies: proxies(t, "192.0.2.0/24")})
	w := ask(t, h, "/exigences/EX7?q=secret", func(r *http.Request) {
		r.Header.Set("X-Request-Id", "abc-1")
		r.Header.Set("Traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	})
	if w.Header().Get("X-Request-Id") != "abc-1" {
		t.Errorf("the proxy's id is lost: %q", w.Header().Get("X-Request-Id"))
	}
	line := out.String()
	for _, want := range []string{`"requete":"abc-1"`, `"route":"/exigences/{id}"`, `"statut":200`, `"trace_id":"0af7651916cd43dd8448eb211c80319c"`} {
		if !strings.Contains(line, want) {
			t.Errorf("no %s in %s", want, line)
		}
	}
	for _, never := range []string{"secret", "EX7", "192.0.2.7"} {
		if strings.Contains(line, never) {
			t.Errorf("%s is in the log: %s", never, line)
		}
	}
	if id := ask(t, h, "/", func(r *http.Request) { r.RemoteAddr = "198.51.100.1:1"; r.Header.Set("X-Request-Id", "forged") }).Header().Get("X-Request-Id"); id == "forged" || len(id) != 16 {
		t.Errorf("a stranger's id is taken: %q", id)
	}
}

// TestBusyIsNoFault: an operator who is woken by errors sleeps through a start.
func TestBusyIsNoFault(t *testing.T) {
	var out bytes.Buffer
	status := http.StatusServiceUnavailable
	h := New(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }), Options{Log: slog.New(slog.NewTextHandler(&out, nil))})
	ask(t, h, "/a", nil)
	if !strings.Contains(out.String(), "level=WARN") {
		t.Errorf("503: %s", &out)
	}
	out.Reset()
	status = http.StatusInternalServerError
	ask(t, h, "/a", nil)
	if !strings.Contains(out.String(), "level=ERROR") {
		t.Errorf("500: %s", &out)
	}
}

// TestConnectionFaultsHoldNoAddress: what net/http itself says of a connection
// names its client.
func TestConnectionFaultsHoldNoAddress(t *testing.T) {
	var out bytes.Buffer
	l := ErrorLog(slog.New(slog.NewTextHandler(&out, nil)))
	for _, client := range []string{"192.0.2.7:53616", "[2001:db8::7]:443", "[fe80::7%eth0]:443", "[::ffff:192.0.2.7]:80"} {
		out.Reset()
		l.Printf("http: TLS handshake error from %s: tls: client offered only unsupported versions", client)
		if s := out.String(); strings.Contains(s, "192.0.2.7") || strings.Contains(s, "db8") || strings.Contains(s, "fe80") || !strings.Contains(s, "unsupported versions") || !strings.Contains(s, "level=WARN") {
			t.Errorf("%s: %s", client, s)
		}
	}
}

// TestAnswersLastADay: an export says the day on which it was made.
func TestAnswersLastADay(t *testing.T) {
	asked, day := 0, "2025-01-18"
	h := newCache(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		io.WriteString(w, day)
	}), Options{CacheBytes: 1 << 20, Generation: func() string { return "1" }}, newClients(Options{}), newMetrics(Options{}))
	h.today = func() string { return day }
	ask(t, h, "/a", nil)
	ask(t, h, "/a", nil)
	day = "2025-01-19"
	if w := ask(t, h, "/a", nil); w.Body.String() != day || asked != 2 {
		t.Errorf("%s on %s, the handler was asked %d times", w.Body, day, asked)
	}
}

// TestVaryIsKept: what stands around the middleware may make answers vary too.
func TestVaryIsKept(t *testing.T) {
	inner := New(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, strings.Repeat("exigence ", 300))
	}), Options{})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Origin")
		inner.ServeHTTP(w, r)
	})
	for range 2 {
		if got := ask(t, h, "/a", nil).Header().Values("Vary"); !slices.Equal(got, []string{"Origin", "Accept-Encoding"}) {
			t.Errorf("Vary: %q", got)
		}
	}
}

func TestPanicIsAnError500(t *testing.T) {
	var out bytes.Buffer
	h := New(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("boum") }), Options{Log: slog.New(slog.NewTextHandler(&out, nil))})
	w := ask(t, h, "/", nil)
	if w.Code != 500 || strings.Contains(w.Body.String(), "boum") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if !strings.Contains(out.String(), "boum") {
		t.Error("the panic is not logged")
	}
}

func TestAnswersAreKeptUntilTheEditionChanges(t *testing.T) {
	asked, generation := 0, "1"
	body := strings.Repeat("exigence ", 300)
	h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, body)
	}), Options{Generation: func() string { return generation }})
	first := ask(t, h, "/a?x=1", nil)
	tag := first.Header().Get("ETag")
	if tag == "" || first.Body.String() != body {
		t.Fatalf("ETag %q, %d bytes", tag, first.Body.Len())
	}
	if w := ask(t, h, "/a?x=1", func(r *http.Request) { r.Header.Set("If-None-Match", `"other", `+tag) }); w.Code != 304 || w.Body.Len() != 0 {
		t.Errorf("If-None-Match: %d with %d bytes", w.Code, w.Body.Len())
	}
	if w := ask(t, h, "/a?x=1", func(r *http.Request) { r.Method = "HEAD" }); w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Length") != fmt.Sprint(len(body)) {
		t.Errorf("HEAD: %d, %d bytes, Content-Length %s", w.Code, w.Body.Len(), w.Header().Get("Content-Length"))
	}
	w := ask(t, h, "/a?x=1", func(r *http.Request) { r.Header.Set("Accept-Encoding", "br, gzip;q=0.5") })
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := io.ReadAll(z); err != nil || string(plain) != body {
		t.Errorf("the compressed answer is another: %v", err)
	}
	if w := ask(t, h, "/a?x=1", func(r *http.Request) { r.Header.Set("Accept-Encoding", "gzip;q=0") }); w.Header().Get("Content-Encoding") != "" {
		t.Error("compressed for a client that refuses it")
	}
	if asked != 1 {
		t.Errorf("the handler was asked %d times, want once", asked)
	}
	ask(t, h, "/a?x=2", nil)
	generation = "2"
	ask(t, h, "/a?x=1", nil)
	if asked != 3 {
		t.Errorf("the handler was asked %d times, want 3: another address, another edition", asked)
	}
}

func TestErrorsAndNoStoreAreNotKept(t *testing.T) {
	asked := 0
	h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if r.URL.Path == "/absent" {
			http.Error(w, "absent", 404)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		io.WriteString(w, "x")
	}), Options{})
	for range 2 {
		if w := ask(t, h, "/absent", nil); w.Code != 404 || !strings.Contains(w.Body.String(), "absent") {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		ask(t, h, "/frais", nil)
	}
	if asked != 4 {
		t.Errorf("asked %d times, want 4", asked)
	}
}

func TestLargeAnswersStream(t *testing.T) {
	const size = largestBuffered + 100_000
	h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/csv")
		for range size / 1000 {
			w.Write(bytes.Repeat([]byte("x"), 1000))
		}
	}), Options{})
	if w := ask(t, h, "/", nil); w.Code != 200 || w.Body.Len() != size/1000*1000 || w.Header().Get("Content-Type") != "text/csv" {
		t.Errorf("%d, %d bytes", w.Code, w.Body.Len())
	}
}

// TestLargeAnswersAreConditional: an answer that streams past the cache still
// gives a 304 when its handler named it.
func TestLargeAnswersAreConditional(t *testing.T) {
	h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `W/"grand"`)
		w.Header().Set("Content-Type", "application/json")
		for range 600 {
			w.Write(bytes.Repeat([]byte("x"), 16<<10))
		}
	}), Options{})
	w := ask(t, h, "/grand", func(r *http.Request) { r.Header.Set("If-None-Match", `W/"grand"`) })
	if w.Code != http.StatusNotModified || w.Body.Len() > 0 || w.Header().Get("ETag") != `W/"grand"` {
		t.Errorf("%d, %d bytes, %v", w.Code, w.Body.Len(), w.Header())
	}
	if w := ask(t, h, "/grand", func(r *http.Request) { r.Header.Set("If-None-Match", `W/"autre"`) }); w.Code != http.StatusOK || w.Body.Len() != 9600<<10 {
		t.Errorf("%d, %d bytes", w.Code, w.Body.Len())
	}
}

func TestAnswersMemoryIsBounded(t *testing.T) {
	a := newCache(page(strings.Repeat("x", 3000)), Options{CacheBytes: 100_000, Generation: func() string { return "" }}, newClients(Options{}), newMetrics(Options{}))
	for i := range 500 {
		ask(t, a, fmt.Sprint("/", i), nil)
	}
	if a.size > a.limit || a.recent.Len() != len(a.byKey) || len(a.byKey) == 0 {
		t.Errorf("%d bytes kept in %d answers, limit %d", a.size, len(a.byKey), a.limit)
	}
}

func TestQueryLog(t *testing.T) {
	file := filepath.Join(t.TempDir(), "sans-resultat.tsv")
	l, err := OpenQueryLog(file)
	if err != nil {
		t.Fatal(err)
	}
	h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		Searched(r.Context(), r.URL.Query().Get("q"), r.URL.Query().Get("found") == "yes")
	}), Options{QueryLog: l})
	for _, q := range []string{"q=blockchain", "q=sauvegarde&found=yes", "q=jean.dupont%40exemple.fr+06+12+34+56+78", "q=a%0Ab", "q=%3D1%2B1", "q=+%40SUM(A1)", "q=%EF%BC%9D1", "q=a%E2%80%AEgpj.b%E2%80%A8c", "q=%E2%80%AE"} {
		ask(t, h, "/?"+q, nil)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	day := time.Now().Format(time.DateOnly)
	if want := day + "\tblockchain\n" + day + "\t… …\n" + day + "\ta b\n" + day + "\t'=1+1\n" + day + "\t'@SUM(A1)\n" + day + "\t'＝1\n" + day + "\tagpj.b c\n"; string(b) != want {
		t.Errorf("got %q, want %q", b, want)
	}
}

func TestQueryLogIsCapped(t *testing.T) {
	l, err := OpenQueryLog(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	l.size = queryLogBytes - 5
	if err := l.add("encore", time.Now()); err == nil {
		t.Error("it grows past its limit")
	}
	if err := l.add("encore", time.Now()); err != nil {
		t.Errorf("the limit is said twice: %v", err)
	}
}

// writePair writes a certificate for name and its key.
func writePair(t *testing.T, cert, key, name string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	kd, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: kd}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCertificateIsReloaded(t *testing.T) {
	cert, key := filepath.Join(t.TempDir(), "c.pem"), filepath.Join(t.TempDir(), "k.pem")
	if _, err := TLS(cert, key, nil); err == nil || !strings.Contains(err.Error(), "c.pem") {
		t.Errorf("a missing certificate gives %v", err)
	}
	writePair(t, cert, key, "premier")
	var warned int
	conf, err := TLS(cert, key, func(error) { warned++ })
	if err != nil {
		t.Fatal(err)
	}
	if conf.MinVersion != tls.VersionTLS12 {
		t.Errorf("least version %x", conf.MinVersion)
	}
	for _, id := range conf.CipherSuites {
		if name := tls.CipherSuiteName(id); strings.Contains(name, "CBC") || !strings.HasPrefix(name, "TLS_ECDHE_") {
			t.Errorf("it offers %s", name)
		}
	}
	p := &pair{cert: cert, key: key, warn: func(error) { warned++ }}
	if err := p.load(); err != nil {
		t.Fatal(err)
	}
	name := func() string {
		p.checked = time.Time{} // as if the time between two looks had passed
		c, err := p.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		leaf, err := x509.ParseCertificate(c.Certificate[0])
		if err != nil {
			t.Fatal(err)
		}
		return leaf.Subject.CommonName
	}
	if got := name(); got != "premier" {
		t.Errorf("serves %s", got)
	}
	writePair(t, cert, key, "second")
	if got := name(); got != "second" {
		t.Errorf("serves %s after the change", got)
	}
	if err := os.WriteFile(key, []byte("abîmé"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := name(); got != "second" || warned != 1 {
		t.Errorf("a broken key: serves %s, warned %d times", got, warned)
	}
}

func TestHSTSOverTLSAlone(t *testing.T) {
	h := New(page("x"), Options{HSTS: true})
	if got := ask(t, h, "/", nil).Header().Get("Strict-Transport-Security"); got != "" {
		t.Errorf("HSTS over plain HTTP: %s", got)
	}
	if got := ask(t, h, "/", func(r *http.Request) { r.TLS = &tls.ConnectionState{} }).Header().Get("Strict-Transport-Security"); got == "" {
		t.Error("no HSTS over TLS")
	}
}

// TestCompressedAheadIsNotKept: what a handler compressed itself for one client
// must not reach another that cannot read it.
func TestCompressedAheadIsNotKept(t *testing.T) {
	site := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Vary", "Accept-Encoding")
		if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write([]byte("zipped"))
			return
		}
		w.Write([]byte("plain"))
	})
	h := New(site, Options{})
	for _, c := range []struct{ accepts, want string }{{"gzip", "zipped"}, {"", "plain"}, {"gzip", "zipped"}} {
		r := httptest.NewRequest(http.MethodGet, "/static/x.css", nil)
		r.Header.Set("Accept-Encoding", c.accepts)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if c.accepts == "" && w.Body.String() != c.want {
			t.Errorf("accepting %q: %q, want %q", c.accepts, w.Body.String(), c.want)
		}
	}
}

// TestStopLetsRequestsEnd: an answer under way when the service is told to stop
// reaches its client whole.
func TestStopLetsRequestsEnd(t *testing.T) {
	began, goOn := make(chan struct{}), make(chan struct{})
	s := httptest.NewUnstartedServer(nil)
	server := NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(began)
		<-goOn
		io.WriteString(w, "entier")
	}), Options{})
	s.Config = server.Server
	s.Start()
	defer s.Close()
	got := make(chan string, 1)
	go func() {
		w, err := http.Get(s.URL)
		if err != nil {
			got <- err.Error()
			return
		}
		defer w.Body.Close()
		body, err := io.ReadAll(w.Body)
		if err != nil {
			got <- err.Error()
			return
		}
		got <- string(body)
	}()
	<-began
	stopped := make(chan error, 1)
	go func() { stopped <- server.Stop() }()
	close(goOn)
	if body := <-got; body != "entier" {
		t.Errorf("the client got %q", body)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}
