package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// realClient skips a test of a foreign program where it is not asked for, or not
// installed, which it says.
func realClient(t *testing.T, names ...string) {
	t.Helper()
	if os.Getenv("CCT_CLIENTS") == "" {
		t.Skip("set CCT_CLIENTS=1 to run it: it starts other programs")
	}
	for _, name := range names {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed here: this one is not tested", name)
		}
	}
}

// freePort is a port that nothing listened on a moment ago.
func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// inFront starts a program that serves an address, and ends it with the test.
func inFront(t *testing.T, address, name string, args ...string) {
	t.Helper()
	ctx, end := context.WithCancel(context.Background())
	c := exec.CommandContext(ctx, name, args...)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) }
	c.WaitDelay = 5 * time.Second
	var said strings.Builder
	c.Stdout, c.Stderr = &said, &said
	c.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_DATA_HOME="+t.TempDir())
	if err := c.Start(); err != nil {
		end()
		t.Fatal(err)
	}
	t.Cleanup(func() {
		end()
		_ = c.Wait() // it was interrupted
		if t.Failed() {
			t.Logf("%s: %s", name, said.String())
		}
	})
	for range 300 {
		if conn, err := net.Dial("tcp", address); err == nil {
			conn.Close()
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("%s does not listen on %s", name, address)
}

// proxies are the reverse proxies that are in use, each with the configuration that
// passes PATH on to UPSTREAM, and takes it off where STRIP ends in "/".
var proxies = []struct {
	name, program string
	config        string
	args          func(file string) []string
}{
	{"nginx", "nginx", `daemon off;
pid DIR/pid;
error_log stderr;
events {}
http {
  access_log off;
  client_body_temp_path DIR/body; proxy_temp_path DIR/proxy; fastcgi_temp_path DIR/fastcgi; uwsgi_temp_path DIR/uwsgi; scgi_temp_path DIR/scgi;
  server {
    listen 127.0.0.1:PORT;
    location PATH/ {
      proxy_pass http://UPSTREAMSTRIP;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Prefix PATH;
    }
  }
}
`, func(file string) []string { return []string{"-e", "stderr", "-c", file} }},
	{"Apache", "apache2", `ServerRoot DIR
DefaultRuntimeDir DIR
PidFile DIR/pid
ErrorLog /dev/stderr
ServerName localhost
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
LoadModule headers_module /usr/lib/apache2/modules/mod_headers.so
User www-data
Group www-data
Listen 127.0.0.1:PORT
RequestHeader set X-Forwarded-Prefix PATH
RequestHeader set X-Forwarded-Proto http
AllowEncodedSlashes NoDecode
ProxyPass PATH/ http://UPSTREAMPASSED nocanon
`, func(file string) []string { return []string{"-X", "-f", file} }},
	{"Caddy", "caddy", `{
	admin off
	auto_https off
}
http://127.0.0.1:PORT {
	HANDLE PATH/* {
		reverse_proxy UPSTREAM {
			header_up X-Forwarded-Prefix PATH
		}
	}
}
`, func(file string) []string { return []string{"run", "--adapter", "caddyfile", "--config", file} }},
}

// TestBehindRealProxies: under a path that the proxy takes off, or leaves on, all
// addresses lead back through it, and what is the operator's stays with them.
func TestBehindRealProxies(t *testing.T) {
	for _, proxy := range proxies {
		for _, strips := range []bool{true, false} {
			t.Run(fmt.Sprint(proxy.name, " strips ", strips), func(t *testing.T) {
				realClient(t, proxy.program)
				args := []string{"serve", "--listen", "127.0.0.1:0", "--trusted-proxies", "127.0.0.1", "--allowed-hosts", "cct.exemple.fr"}
				if !strips {
					args = append(args, "--base-path", "/outils/cct")
				}
				s := serving(t, process(t, args...))
				upstream, err := url.Parse(s.url)
				if err != nil {
					t.Fatal(err)
				}
				dir, port := t.TempDir(), freePort(t)
				if err := os.Chmod(dir, 0o755); err != nil {
					t.Fatal(err)
				}
				r := strings.NewReplacer("DIR", dir, "PORT", port, "PATH", "/outils/cct", "UPSTREAMSTRIP", upstream.Host+map[bool]string{true: "/", false: ""}[strips],
					"UPSTREAMPASSED", upstream.Host+map[bool]string{true: "/", false: "/outils/cct/"}[strips], "UPSTREAM", upstream.Host, "HANDLE", map[bool]string{true: "handle_path", false: "handle"}[strips])
				file := filepath.Join(dir, "conf")
				if err := os.WriteFile(file, []byte(r.Replace(proxy.config)), 0o644); err != nil {
					t.Fatal(err)
				}
				inFront(t, "127.0.0.1:"+port, proxy.program, proxy.args(file)...)
				for path, want := range map[string]struct {
					status int
					holds  string
				}{
					"/":                        {200, `action="/outils/cct/recherche"`},
					"/exigences/EX2":           {200, `href="/outils/cct/exigences"`},
					"/api/v1/exigences/EX2":    {200, `"url":"/outils/cct/exigences/EX2"`},
					"/opensearch.xml":          {200, `http://cct.exemple.fr/outils/cct/recherche`},
					"/api/v1/nulle-part":       {404, `"status":404`},
					"/recherche?q=sauvegarde":  {200, `/outils/cct/exigences/EX2`},
					"/health":                  {200, `"pass"`},
					"/metrics":                 {403, ``},
					"/pages/a%2Fb?q=%E2%82%AC": {404, ``},
				} {
					ask, err := http.NewRequest(http.MethodGet, "http://127.0.0.1:"+port+"/outils/cct"+path, nil)
					if err != nil {
						t.Fatal(err)
					}
					ask.Host = "cct.exemple.fr"
					if proxy.name == "Caddy" { // its site has one name here
						ask.Host = "127.0.0.1:" + port
						want.holds = strings.Replace(want.holds, "cct.exemple.fr", ask.Host, 1)
					}
					w, err := http.DefaultClient.Do(ask)
					if err != nil {
						t.Fatal(err)
					}
					b, err := io.ReadAll(w.Body)
					w.Body.Close()
					if err != nil || w.StatusCode != want.status || !strings.Contains(string(b), want.holds) {
						t.Errorf("%s: %d, %v, no %s: %.300s", path, w.StatusCode, err, want.holds, b)
					}
				}
				s.stop(t)
			})
		}
	}
	realClient(t)
	if _, err := exec.LookPath("traefik"); err != nil {
		t.Log("Debian has no Traefik: what it sends (X-Forwarded-Prefix once it has taken it off) is tested without it")
	}
}

// fromManifest gives the environment of the shipped manifest, but for where to listen.
func fromManifest(t *testing.T) (env []string, metrics string) {
	t.Helper()
	b, err := os.ReadFile("../../deploy/kubernetes/cct.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\{ name: (\w+), value: "?([^"}]+?)"? \}`).FindAllStringSubmatch(string(b), -1) {
		if m[1] != "CCT_LISTEN" && m[1] != "Host" {
			env = append(env, m[1]+"="+m[2])
		}
	}
	path := regexp.MustCompile(`prometheus.io/path: (\S+)`).FindSubmatch(b)
	if len(env) < 3 || path == nil {
		t.Fatalf("the manifest says %v, %s", env, path)
	}
	return env, string(path[1])
}

// TestPrometheusScrapesTheManifest: the real Prometheus asks a pod by its address, as
// the manifest's annotations tell it, and finds nothing to say about the metrics.
func TestPrometheusScrapesTheManifest(t *testing.T) {
	realClient(t, "prometheus", "promtool")
	env, path := fromManifest(t)
	c := process(t, "serve", "--listen", "127.0.0.1:0")
	c.Env = append(c.Env, env...)
	s := serving(t, c)
	s.get(t, "recherche?q=sauvegarde")
	check := exec.Command("promtool", "check", "metrics")
	check.Stdin = strings.NewReader(s.get(t, strings.TrimPrefix(path, "/")))
	if out, err := check.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v: %s", err, out)
	}
	// The pod's network is made of a forward proxy, which leaves Host as it is.
	pod, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	network := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Host, r.RequestURI = pod.Host, ""
		a, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer a.Body.Close()
		w.Header().Set("Content-Type", a.Header.Get("Content-Type"))
		w.WriteHeader(a.StatusCode)
		io.Copy(w, a.Body)
	}))
	defer network.Close()
	dir, port := t.TempDir(), freePort(t)
	file := filepath.Join(dir, "prometheus.yml")
	config := fmt.Sprintf("scrape_configs:\n- job_name: cct\n  scrape_interval: 1s\n  scrape_timeout: 1s\n  metrics_path: %s\n  proxy_url: %s\n  static_configs:\n  - targets: ['10.42.0.17:8080']\n", path, network.URL)
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	inFront(t, "127.0.0.1:"+port, "prometheus", "--config.file="+file, "--storage.tsdb.path="+dir, "--web.listen-address=127.0.0.1:"+port)
	for query, want := range map[string]string{"up": "1", "cct_ready": "1", `cct_http_requests_total{route="recherche"}`: ""} {
		got := ""
		for range 60 {
			w, err := http.Get("http://127.0.0.1:" + port + "/api/v1/query?query=" + url.QueryEscape(query))
			if err != nil {
				t.Fatal(err)
			}
			var answer struct {
				Data struct {
					Result []struct{ Value []any }
				}
			}
			err = json.NewDecoder(w.Body).Decode(&answer)
			w.Body.Close()
			if err == nil && len(answer.Data.Result) == 1 {
				got = fmt.Sprint(answer.Data.Result[0].Value[1])
				break
			}
			time.Sleep(500 * time.Millisecond)
		}
		if got == "" || want != "" && got != want {
			t.Errorf("%s is %q", query, got)
		}
	}
}
