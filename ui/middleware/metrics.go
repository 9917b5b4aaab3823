package middleware

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	vm "github.com/VictoriaMetrics/metrics"
)

// seconds are the bounds of the latency histogram: a search takes a fraction of
// a millisecond, a page a few, an export some hundreds.
var seconds = []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

type metrics struct {
	set                       *vm.Set
	searches, withoutResult   *vm.Counter // all, and those without a sure result
	limited, crowded, refused *vm.Counter
	underWay                  atomic.Int64
}

func newMetrics(o Options) *metrics {
	vm.ExposeMetadata(true) // the types; write adds what they lack
	m := &metrics{set: vm.NewSet()}
	m.searches = m.set.NewCounter("cct_searches_total")
	m.withoutResult = m.set.NewCounter("cct_searches_without_result_total")
	m.limited = m.set.NewCounter(`cct_http_refused_total{reason="rate"}`)
	m.crowded = m.set.NewCounter(`cct_http_refused_total{reason="client"}`)
	m.refused = m.set.NewCounter(`cct_http_refused_total{reason="concurrency"}`)
	m.set.NewGauge("cct_http_requests_in_flight", func() float64 { return float64(m.underWay.Load()) })
	m.set.NewGauge(fmt.Sprintf("cct_build_info{version=%q}", o.Version), func() float64 { return 1 })
	m.set.NewGauge("cct_ready", func() float64 {
		if o.Ready() {
			return 1
		}
		return 0
	})
	if o.IndexBuilt != nil {
		m.set.NewGauge("cct_index_age_seconds", func() float64 {
			if t := o.IndexBuilt(); !t.IsZero() {
				return time.Since(t).Seconds()
			}
			return 0
		})
	}
	return m
}

// answered counts one request. route never holds an id or a query, so the
// number of series is bounded by the number of routes.
func (m *metrics) answered(route, method string, status int, took time.Duration, s search) {
	if method != http.MethodGet && method != http.MethodHead {
		method = "other"
	}
	m.set.GetOrCreateCounter(fmt.Sprintf(`cct_http_requests_total{route=%q,method=%q,code="%d"}`, route, method, status)).Inc()
	m.set.GetOrCreatePrometheusHistogramExt(fmt.Sprintf(`cct_http_request_duration_seconds{route=%q}`, route), seconds).Update(took.Seconds())
	if s.done {
		m.searches.Inc()
		if !s.found {
			m.withoutResult.Inc()
		}
	}
}

// write gives all metrics as Prometheus' text format 0.0.4, each family with its
// help and its type. Of those of the library that promtool objects to, the ones
// named "…_count", which is a histogram's, are left out, and what is named "…_total"
// is called the counter that it is.
func (m *metrics) write(w http.ResponseWriter, _ *http.Request) {
	var b bytes.Buffer
	m.set.WritePrometheus(&b)
	vm.WriteProcessMetrics(&b)
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	out := bufio.NewWriter(w)
	leftOut := false
	for line := range strings.Lines(b.String()) {
		switch words := strings.Fields(line); {
		case strings.HasPrefix(line, "# HELP "):
			name := words[2]
			if leftOut = strings.HasSuffix(name, "_count"); !leftOut {
				fmt.Fprintf(out, "# HELP %s %s\n", name, helpOf(name))
			}
		case leftOut:
		case strings.HasPrefix(line, "# TYPE ") && strings.HasSuffix(words[2], "_total"):
			fmt.Fprintf(out, "# TYPE %s counter\n", words[2])
		default:
			out.WriteString(line)
		}
	}
	_ = out.Flush() // a client that left is no error of ours
}

// help says what each of our metrics is.
var help = map[string]string{
	"cct_build_info":                    "Version du programme, en étiquette ; vaut toujours 1.",
	"cct_ready":                         "1 quand le service peut répondre, 0 pendant qu’il prépare son index.",
	"cct_index_age_seconds":             "Âge de l’index en service, en secondes.",
	"cct_searches_total":                "Recherches faites.",
	"cct_searches_without_result_total": "Recherches sans réponse sûre.",
	"cct_http_requests_total":           "Requêtes HTTP, par page, méthode et code de retour.",
	"cct_http_requests_in_flight":       "Requêtes HTTP en cours.",
	"cct_http_request_duration_seconds": "Durée des requêtes HTTP par page, en secondes.",
	"cct_http_refused_total":            "Requêtes refusées : débit (rate), trop à la fois d’un client (client) ou de tous (concurrency).",
}

func helpOf(name string) string {
	switch {
	case help[name] != "":
		return help[name]
	case strings.HasPrefix(name, "process_"):
		return "Le processus vu par le système : " + strings.ReplaceAll(strings.TrimPrefix(name, "process_"), "_", " ") + "."
	}
	return "Le moteur d’exécution de Go : " + strings.ReplaceAll(strings.TrimPrefix(name, "go_"), "_", " ") + "."
}

// operations answers what a platform asks: is it alive, is it ready, how is it. It
// asks by the address of a machine or a pod, so Host is not checked. The metrics are
// not for who comes by the proxy, as the public does, unless the port is theirs.
func operations(next http.Handler, o Options, m *metrics, withMetrics, ownPort bool) http.Handler {
	base := strings.TrimSuffix(o.BasePath, "/")
	started := time.Now()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var answer func(http.ResponseWriter, *http.Request)
		path := strings.TrimPrefix(r.URL.Path, requestOf(r.Context()).prefix)
		if ownPort && base != "" && !strings.HasPrefix(path, base+"/") {
			path = base + path
		}
		switch path {
		case base + "/health":
			answer = func(w http.ResponseWriter, r *http.Request) { health(w, r, o, started, false) }
		case base + "/ready":
			answer = func(w http.ResponseWriter, r *http.Request) { health(w, r, o, started, true) }
		case base + "/metrics":
			switch {
			case !withMetrics:
				o.Refuse(w, r, http.StatusNotFound, "Les mesures se lisent à une autre adresse : celle de --metrics-listen.")
				return
			case !ownPort && forwarded(r):
				o.Refuse(w, r, http.StatusForbidden, "Les mesures ne se lisent pas à travers un proxy : demandez-les au service lui-même, ou servez-les à part par --metrics-listen.")
				return
			}
			answer = m.write
		default:
			next.ServeHTTP(w, r)
			return
		}
		if r.Method == http.MethodOptions {
			w.Header().Set("Allow", "GET, HEAD, OPTIONS")
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD, OPTIONS")
			o.Refuse(w, r, http.StatusMethodNotAllowed, "Cette adresse se lit seulement (GET ou HEAD).")
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		answer(w, r)
	})
}

// health answers in the form of draft-inadarei-api-health-check-06. Liveness
// fails only when a search fails although the index is open; readiness also
// while the index is being built.
func health(w http.ResponseWriter, r *http.Request, o Options, started time.Time, readiness bool) {
	type check struct {
		Status        string  `json:"status"`
		ComponentType string  `json:"componentType"`
		ObservedValue float64 `json:"observedValue"`
		ObservedUnit  string  `json:"observedUnit"`
		Output        string  `json:"output,omitempty"`
	}
	body := struct {
		Status      string             `json:"status"`
		Version     string             `json:"version"`
		ReleaseID   string             `json:"releaseId"`
		Description string             `json:"description"`
		Checks      map[string][]check `json:"checks"`
	}{"pass", "1", o.Version, "Recherche dans le cadre de cohérence technique", map[string][]check{
		"uptime": {{Status: "pass", ComponentType: "system", ObservedValue: time.Since(started).Seconds(), ObservedUnit: "s"}},
	}}
	code := http.StatusOK
	switch {
	case readiness && stopping(r.Context()):
		body.Status, body.Description, code = "fail", "Le service s’arrête", http.StatusServiceUnavailable
	case !o.Ready():
		body.Status, body.Description = "warn", "L’index est en construction"
		if readiness {
			body.Status, code = "fail", http.StatusServiceUnavailable
			w.Header().Set("Retry-After", "1")
		}
	case o.Check != nil:
		t := time.Now()
		err := o.Check(r.Context())
		c := check{Status: "pass", ComponentType: "component", ObservedValue: float64(time.Since(t).Microseconds()) / 1000, ObservedUnit: "ms"}
		if err != nil {
			c.Status, c.Output = "fail", "une recherche témoin échoue : "+err.Error()
			body.Status, code = "fail", http.StatusServiceUnavailable
		}
		body.Checks["search:responseTime"] = []check{c}
	}
	b, err := json.MarshalIndent(body, "", "  ")
	if err != nil {
		o.Refuse(w, r, http.StatusInternalServerError, "L’état du service ne peut pas être écrit.")
		return
	}
	w.Header().Set("Content-Type", "application/health+json")
	w.WriteHeader(code)
	w.Write(append(b, '\n')) // a client that left is no error of ours
}
