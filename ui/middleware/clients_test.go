package middleware

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// listening serves a site behind the middleware on a real socket.
func listening(t *testing.T, site http.Handler, o Options) (*httptest.Server, *Server) {
	t.Helper()
	s := httptest.NewUnstartedServer(nil)
	server := NewServer(New(site, o), o)
	s.Config = server.Server
	s.Start()
	t.Cleanup(s.Close)
	return s, server
}

func dial(t *testing.T, s *httptest.Server) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// TestSlowReaders: hundreds of connections that ask and never read take nothing
// from the others.
func TestSlowReaders(t *testing.T) {
	body := strings.Repeat("exigence ", 100_000)
	s, _ := listening(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, body+r.URL.RawQuery) }), Options{})
	for i := range 270 {
		c := dial(t, s)
		c.(*net.TCPConn).SetReadBuffer(4096)
		for j := range 20 {
			fmt.Fprintf(c, "GET /?%d HTTP/1.1\r\nHost: cct.exemple.fr\r\n\r\n", (i+j)%10)
		}
	}
	for i := range 20 {
		w, err := http.Get(s.URL + fmt.Sprint("/?autre", i))
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, w.Body)
		w.Body.Close()
		if w.StatusCode != http.StatusOK || err != nil || n < int64(len(body)) {
			t.Errorf("another reader gets %s, %d bytes, %v", w.Status, n, err)
		}
	}
}

// TestUnreadIsBounded: what is made for one client and never read stays within a
// limit, and the rest is refused with an answer.
func TestUnreadIsBounded(t *testing.T) {
	c := newClients(Options{})
	one, other := netip.MustParsePrefix("192.0.2.7/32"), netip.MustParsePrefix("192.0.2.8/32")
	big := func(who netip.Prefix) *answer { return &answer{body: make([]byte, 4<<20), owner: who} }
	held := 0
	first := big(one)
	for a := first; c.hold(a); a = big(one) {
		held++
	}
	if held == 0 || held*4<<20 > maxUnread {
		t.Errorf("%d answers of 4 MiB are held for one", held)
	}
	if !c.hold(first) {
		t.Error("the same answer is not shared")
	}
	if a := big(other); !c.hold(a) {
		t.Error("another client is refused")
	} else {
		c.drop(a)
	}
	c.drop(first)
	c.drop(first)
	if !c.hold(big(one)) {
		t.Error("what was read is still counted")
	}
}

// TestConnectionsOfOneAddress: one too many gets an answer, not a drop.
func TestConnectionsOfOneAddress(t *testing.T) {
	s, server := listening(t, page("x"), Options{})
	codes := map[int]int{}
	var all []net.Conn
	for range maxConnections + 20 {
		all = append(all, dial(t, s))
	}
	for _, c := range all {
		fmt.Fprint(c, "GET / HTTP/1.1\r\nHost: cct.exemple.fr\r\n\r\n")
		w, err := http.ReadResponse(bufio.NewReader(c), nil)
		if err != nil {
			t.Fatal(err)
		}
		codes[w.StatusCode]++
		w.Body.Close()
	}
	if codes[200] < 64 || codes[429] == 0 || codes[200]+codes[429] != len(all) {
		t.Errorf("codes %v", codes)
	}
	for _, c := range all {
		c.Close()
	}
	for range 500 { // until the server has seen the ends
		server.clients.mu.Lock()
		left := len(server.clients.byNetwork)
		server.clients.mu.Unlock()
		if left == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("what has ended is still counted")
}

func TestTrustedProxiesAreNotBounded(t *testing.T) {
	c := newClients(Options{TrustedProxies: proxies(t, "10.0.0.0/8")})
	for address, want := range map[string]string{"10.1.2.3": "invalid Prefix", "192.0.2.7": "192.0.2.7/32", "2001:db8::1:2:3:4": "2001:db8::/64"} {
		if got := c.networkOf(netip.MustParseAddr(address)).String(); got != want {
			t.Errorf("%s counts for %s, want %s", address, got, want)
		}
	}
}

// TestShareOfOneAddress: one client's flood leaves places to the others.
func TestShareOfOneAddress(t *testing.T) {
	enter, leave := make(chan bool, 1000), make(chan bool)
	h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { enter <- true; <-leave }), Options{Concurrency: 200})
	var crowd sync.WaitGroup
	var refused atomic.Int64
	for i := range 150 {
		crowd.Go(func() {
			if w := ask(t, h, fmt.Sprint("/", i), nil); w.Code == http.StatusTooManyRequests {
				refused.Add(1)
			}
		})
	}
	for range makingAtOnce {
		<-enter
	}
	for refused.Load() < 50 {
		time.Sleep(time.Millisecond)
	}
	crowd.Go(func() {
		if w := ask(t, h, "/autre", func(r *http.Request) { r.RemoteAddr = "192.0.2.8:1" }); w.Code != http.StatusOK {
			t.Errorf("another client gets %d", w.Code)
		}
	})
	go func() {
		for range 101 {
			leave <- true
		}
	}()
	crowd.Wait()
	if refused.Load() != 50 {
		t.Errorf("%d of 150 are refused, want 50", refused.Load())
	}
}

// TestOneFlight: who asks for the same at the same time gets the same bytes, made once.
func TestOneFlight(t *testing.T) {
	var asked atomic.Int64
	goOn := make(chan bool)
	h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		<-goOn
		io.WriteString(w, strings.Repeat("x", 3<<20))
	}), Options{CacheBytes: -1})
	var crowd sync.WaitGroup
	for range 50 {
		crowd.Go(func() {
			if w := ask(t, h, "/api/v1/pages", nil); w.Code != 200 || w.Body.Len() != 3<<20 {
				t.Errorf("%d, %d bytes", w.Code, w.Body.Len())
			}
		})
	}
	time.Sleep(50 * time.Millisecond) // for most to be there; the rest makes it once more
	close(goOn)
	crowd.Wait()
	if n := asked.Load(); n > 5 {
		t.Errorf("made %d times", n)
	}
}

// TestFlightIsNotShared: what is for one client alone, or whose client left, is made
// for each.
func TestFlightIsNotShared(t *testing.T) {
	var asked atomic.Int64
	began, goOn := make(chan bool, 10), make(chan bool)
	h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		began <- true
		<-goOn
		w.Header().Set("Cache-Control", "no-store")
		fmt.Fprint(w, n)
	}), Options{})
	var got [2]string
	var crowd sync.WaitGroup
	for i := range got {
		crowd.Go(func() { got[i] = ask(t, h, "/jeton", nil).Body.String() })
	}
	<-began
	close(goOn)
	crowd.Wait()
	if got[0] == got[1] {
		t.Errorf("both got %q", got[0])
	}
}

// TestManyGreatAnswers: those that stream are few at once, and the rest is refused.
func TestManyGreatAnswers(t *testing.T) {
	goOn := make(chan bool)
	passed := make(chan bool, 100)
	h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := w.Write(make([]byte, largestBuffered+1)); err == nil {
			passed <- true
			<-goOn
		}
	}), Options{})
	var crowd sync.WaitGroup
	for i := range maxStreams {
		crowd.Go(func() { ask(t, h, fmt.Sprint("/", i), nil) })
		<-passed
	}
	if w := ask(t, h, "/encore", nil); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("one too many: %d", w.Code)
	}
	close(goOn)
	crowd.Wait()
	if w := ask(t, h, "/ensuite", nil); w.Code != http.StatusOK {
		t.Errorf("afterwards: %d", w.Code)
	}
}

// TestStopLosesNothing: under load, whoever is told to stop answers all that reached
// it; then connections are refused, which clients can tell from a lost answer.
func TestStopLosesNothing(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{}
	server := NewServer(New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Millisecond)
		io.WriteString(w, "entier")
	}), o), o)
	go server.Serve(l.(*net.TCPListener))
	url := "http://" + l.Addr().String() + "/"
	var answers, lost, unready atomic.Int64
	var resting atomic.Bool
	var crowd sync.WaitGroup
	for i := range 16 {
		crowd.Go(func() {
			c := &http.Client{Transport: &http.Transport{}}
			defer c.CloseIdleConnections()
			for n := 0; !resting.Load(); n++ {
				path := fmt.Sprint("?", i, "-", n)
				if n%50 == 49 {
					path = "ready"
				}
				w, err := c.Get(url + path)
				if errors.Is(err, syscall.ECONNREFUSED) {
					return
				}
				if err == nil {
					_, err = io.Copy(io.Discard, w.Body)
					w.Body.Close()
					if path == "ready" && w.StatusCode == http.StatusServiceUnavailable {
						unready.Add(1)
					}
				}
				if err != nil {
					lost.Add(1)
					t.Log(err)
				}
				answers.Add(1)
			}
		})
	}
	time.Sleep(200 * time.Millisecond)
	if os.Getenv("CCT_LOAD") == "" { // else they go on until nothing listens any more
		time.AfterFunc(500*time.Millisecond, func() { resting.Store(true) })
	}
	if err := server.Stop(); err != nil {
		t.Error(err)
	}
	crowd.Wait()
	if lost.Load() > 0 || unready.Load() == 0 {
		t.Errorf("%d of %d answers lost; /ready failed %d times", lost.Load(), answers.Load(), unready.Load())
	}
}

// TestOperations: a platform asks by a pod's address; the public comes by a proxy.
func TestOperations(t *testing.T) {
	o := Options{BasePath: "/cct", AllowedHosts: []string{"cct.exemple.fr"}}
	pod := func(r *http.Request) { r.Host = "10.42.0.17:8080" }
	proxy := func(r *http.Request) { r.Header.Set("X-Forwarded-For", "203.0.113.9") }
	apart := o
	apart.MetricsApart = true
	for _, c := range []struct {
		what string
		h    http.Handler
		path string
		edit func(*http.Request)
		want int
	}{
		{"a page by the pod's address", New(page("x"), o), "/cct/", pod, 421},
		{"Prometheus", New(page("x"), o), "/cct/metrics", pod, 200},
		{"a probe", New(page("x"), o), "/cct/ready", pod, 200},
		{"the public", New(page("x"), o), "/cct/metrics", proxy, 403},
		{"the public's probe", New(page("x"), o), "/cct/health", proxy, 200},
		{"metrics apart", New(page("x"), apart), "/cct/metrics", pod, 404},
		{"on their port", New(page("x"), apart).Operations, "/cct/metrics", pod, 200},
		{"on their port, without the base path", New(page("x"), apart).Operations, "/metrics", proxy, 200},
		{"a page on that port", New(page("x"), apart).Operations, "/cct/", pod, 404},
	} {
		if w := ask(t, c.h, c.path, c.edit); w.Code != c.want {
			t.Errorf("%s: %d, want %d", c.what, w.Code, c.want)
		}
	}
}

// TestRateCountsOperations: they cost too.
func TestRateCountsOperations(t *testing.T) {
	for _, path := range []string{"/health", "/metrics", "/ready"} {
		h := New(page("x"), Options{Rate: 1})
		codes := map[int]int{}
		for range 30 {
			codes[ask(t, h, path, nil).Code]++
		}
		if codes[429] < 15 {
			t.Errorf("%s: %v", path, codes)
		}
	}
}

// TestMetricsAreDescribed: each family has its help and its type, in Prometheus' form.
func TestMetricsAreDescribed(t *testing.T) {
	h := New(page("x"), Options{Version: "1", IndexBuilt: time.Now})
	ask(t, h, "/", nil)
	help, kind := map[string]bool{}, map[string]string{}
	for line := range strings.Lines(ask(t, h, "/metrics", nil).Body.String()) {
		words := strings.Fields(line)
		switch {
		case strings.HasPrefix(line, "# HELP ") && len(words) > 3:
			help[words[2]] = true
		case strings.HasPrefix(line, "# TYPE "):
			kind[words[2]] = words[3]
		case strings.HasPrefix(line, "#"):
			t.Errorf("a line without a meaning: %s", line)
		default:
			name, _, _ := strings.Cut(words[0], "{")
			for _, suffix := range []string{"_bucket", "_sum", "_count"} {
				if base := strings.TrimSuffix(name, suffix); kind[base] == "histogram" || kind[base] == "summary" {
					name = base
				}
			}
			if !help[name] || kind[name] == "" {
				t.Errorf("%s has no help or no type", name)
			}
		}
	}
	if len(help) < 20 {
		t.Errorf("only %d metrics", len(help))
	}
}

func TestForwardedPrefix(t *testing.T) {
	for _, c := range []struct{ name, base, trust, prefix, path, want, seen string }{
		{"taken off", "/", "192.0.2.7", "/cct", "/recherche", "/cct/recherche", "/cct"},
		{"with a slash", "/", "192.0.2.7", "/outils/cct/", "/", "/outils/cct/", "/outils/cct"},
		{"the base path, taken off", "/cct", "192.0.2.7", "/cct", "/recherche", "/cct/recherche", ""},
		{"the base path, left on", "/cct", "192.0.2.7", "/cct", "/cct/recherche", "/cct/recherche", ""},
		{"before the base path", "/cct", "192.0.2.7", "/outils", "/cct/recherche", "/outils/cct/recherche", "/outils"},
		{"from anybody", "/", "10.0.0.0/8", "/cct", "/recherche", "/recherche", ""},
		{"another host", "/", "192.0.2.7", "//ailleurs.fr", "/recherche", "/recherche", ""},
		{"upwards", "/", "192.0.2.7", "/../x", "/recherche", "/recherche", ""},
		{"markup", "/", "192.0.2.7", "/<b>", "/recherche", "/recherche", ""},
		{"root", "/", "192.0.2.7", "/", "/recherche", "/recherche", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var path, prefix string
			h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { path, prefix = r.URL.Path, Prefix(r.Context()) }), Options{BasePath: c.base, TrustedProxies: proxies(t, c.trust)})
			ask(t, h, c.path, func(r *http.Request) { r.Header.Set("X-Forwarded-Prefix", c.prefix) })
			if path != c.want || prefix != c.seen {
				t.Errorf("the site sees %s under %q, want %s under %q", path, prefix, c.want, c.seen)
			}
		})
	}
	h := New(page("x"), Options{TrustedProxies: proxies(t, "192.0.2.7")})
	if w := ask(t, h, "/ready", func(r *http.Request) { r.Header.Set("X-Forwarded-Prefix", "/cct") }); w.Code != 200 || w.Body.String() == "x" {
		t.Errorf("/ready under a prefix: %d %s", w.Code, w.Body)
	}
}

// TestStreamsTakeNoTurn: a handler that flushes streams to its client, and the making
// of other answers does not wait for it; what is sent by POST is written whole.
func TestStreamsTakeNoTurn(t *testing.T) {
	goOn := make(chan bool)
	flushed := make(chan bool, 100)
	h := New(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/flux" {
			io.WriteString(w, "data: 1\n\n")
			w.(http.Flusher).Flush()
			flushed <- true
			<-goOn
			return
		}
		body, err := io.ReadAll(r.Body)
		fmt.Fprint(w, r.Method, " ", string(body), err == nil)
	}), Options{})
	var crowd sync.WaitGroup
	for range makingAtOnce + 4 {
		crowd.Go(func() {
			ask(t, h, "/flux", func(r *http.Request) { r.Header.Set("Accept", "application/json, text/event-stream") })
		})
	}
	for range makingAtOnce + 4 {
		<-flushed
	}
	if w := ask(t, h, "/a", nil); w.Code != http.StatusOK {
		t.Errorf("beside streams: %d", w.Code)
	}
	if w := ask(t, h, "/mcp", func(r *http.Request) { r.Method, r.Body = http.MethodPost, io.NopCloser(strings.NewReader("x")) }); w.Body.String() != "POST xtrue" {
		t.Errorf("by POST: %d %s", w.Code, w.Body)
	}
	close(goOn)
	crowd.Wait()
}
