package cli

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// jsonLines reads a log of which each line is an object, and gives their messages.
func jsonLines(t *testing.T, log string) (messages []string) {
	t.Helper()
	for line := range strings.Lines(log) {
		var l struct{ Time, Level, Msg string }
		if err := json.Unmarshal([]byte(line), &l); err != nil || l.Time == "" || l.Level == "" || l.Msg == "" {
			t.Errorf("no line of a JSON log: %v: %s", err, line)
		}
		messages = append(messages, l.Msg)
	}
	return messages
}

// TestLogInJSON: each line is JSON, from the start to the end, a failure's too.
func TestLogInJSON(t *testing.T) {
	s := serving(t, process(t, "serve", "--listen", "127.0.0.1:0", "--log", "json", "--access-log"))
	s.get(t, "exigences/EX2")
	s.stop(t)
	messages := jsonLines(t, s.output())
	all := strings.Join(messages, "\n")
	if len(messages) < 4 || !strings.HasPrefix(all, "prêt en ") || runtime.GOOS != "windows" && (!strings.Contains(all, "(SIGTERM)") || messages[len(messages)-1] != "arrêté") {
		t.Errorf("the log says: %s", all)
	}
	for _, args := range [][]string{{"--listen", strings.Split(s.url, "/")[2], "--content", "/n/existe/pas"}, {"--listen", "203.0.113.1:1"}, {"--tls-cert", "x"}} {
		c := process(t, append([]string{"serve", "--log", "json"}, args...)...)
		out, err := c.CombinedOutput()
		if messages := jsonLines(t, string(out)); err == nil || len(messages) != 1 || c.ProcessState.ExitCode() < wrongUse {
			t.Errorf("%v: exit %d: %s", args, c.ProcessState.ExitCode(), out)
		}
	}
}

// TestMetricsListen: the metrics have a port of their own, and the site has none.
func TestMetricsListen(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	apart := free.Addr().String()
	free.Close()
	s := serving(t, process(t, "serve", "--listen", "127.0.0.1:0", "--metrics-listen", apart, "--base-path", "/cct"))
	s.get(t, "exigences/EX2")
	for address, want := range map[string]int{s.url + "metrics": 404, s.url + "ready": 200, "http://" + apart + "/metrics": 200, "http://" + apart + "/ready": 200, "http://" + apart + "/cct/health": 200} {
		r, err := http.Get(address)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r.Body)
		r.Body.Close()
		if err != nil || r.StatusCode != want {
			t.Errorf("%s: %d, %v", address, r.StatusCode, err)
		}
		if strings.HasSuffix(address, "/metrics") && want == 200 && !strings.Contains(string(b), "# HELP cct_http_requests_total ") {
			t.Errorf("%s: %.200s", address, b)
		}
	}
	s.stop(t)
}

// TestForwardedPrefix: behind a proxy that takes a prefix off, every address that an
// answer holds has it.
func TestForwardedPrefix(t *testing.T) {
	s := serving(t, process(t, "serve", "--listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.1"))
	for path, want := range map[string]string{
		"exigences/EX2":        `href="/outils/cct/exigences"`,
		"recherche?q=x":        `action="/outils/cct/recherche"`,
		"api/v1/exigences/EX2": `"url":"/outils/cct/exigences/EX2"`,
		"nulle-part":           `href="/outils/cct/`,
	} {
		r, err := http.NewRequest(http.MethodGet, s.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Forwarded-Prefix", "/outils/cct")
		w, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(w.Body)
		w.Body.Close()
		if err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s: no %s: %d, %v", path, want, w.StatusCode, err)
		}
		for _, bare := range []string{`href="/exigences`, `src="/static`, `"url":"/exigences`} {
			if strings.Contains(string(b), bare) {
				t.Errorf("%s holds %s", path, bare)
			}
		}
		if own := s.get(t, strings.Replace(path, "nulle-part", "", 1)); strings.Contains(own, "/outils/") {
			t.Errorf("%s without the proxy holds the prefix", path)
		}
	}
}

// TestCrossOriginIsForTheAPIAlone: a page can carry the token of the stop button.
func TestCrossOriginIsForTheAPIAlone(t *testing.T) {
	s := serving(t, process(t, "serve", "--listen", "127.0.0.1:0", "--base-path", "/cct", "--cors", "*"))
	for path, want := range map[string]string{"api/v1/exigences": "*", "x/api/v1/exigences": "", "pages/api/v1/": "", "exigences/EX2": "", "api/v1/n-existe-pas": "*"} {
		r, err := http.Get(s.url + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if got := r.Header.Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}
