// Package middleware stands between the network and the site: limits, metrics,
// the cache of answers, the log, hosts and proxies, TLS. It knows addresses and
// answers, not what they mean, and imports nothing of the product.
//
// New wraps a handler in all of it, in this order, outermost first: request id
// and log, panic, proxy, what one client may have at once, rate, health and
// metrics, host, readiness, cache, time limit, concurrency. NewServer serves that.
package middleware

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"time"
)

// Options say how strict the middleware is; the zero value lets everything through
// with the default limits.
type Options struct {
	BasePath       string         // "/" or "/cct": where /health, /ready and /metrics stand too
	Loopback       bool           // the server listens on loopback: a foreign Host is refused
	AllowedHosts   []string       // names that Host may have; "*.example.fr" for sub-domains; none: any, unless Loopback
	TrustedProxies []netip.Prefix // whose X-Forwarded-* headers count
	Rate           float64        // requests a second and client, bursts of ten times as many; 0: no limit
	Concurrency    int            // requests in progress at once before 503; 0: 512
	Timeout        time.Duration  // of one request's work; 0: 15 s
	CacheBytes     int            // memory for answers kept; 0: 16 MiB; negative: none
	MetricsApart   bool           // /metrics is not here: Handler.Operations is served elsewhere
	QueryLog       *QueryLog      // where searches without result are noted; nil: nowhere
	Log            *slog.Logger   // nil: nothing is logged
	AccessLog      bool           // a line for every request, not for failures alone
	HSTS           bool           // tell browsers to come back over TLS (sent over TLS alone)

	Version    string
	Ready      func() bool                                                          // nil: always
	Check      func(ctx context.Context) error                                      // a real search that must find something; nil: none
	Generation func() string                                                        // names the edition served: answers kept for another are dropped
	IndexBuilt func() time.Time                                                     // when the index was built; nil: unknown
	Variant    func(r *http.Request) string                                         // what of a request beside its address changes the answer; nil: nothing
	Route      func(path string) string                                             // a short name for metrics and logs, without any id or query
	Refuse     func(w http.ResponseWriter, r *http.Request, status int, why string) // writes an error as the site does; nil: plain text
}

const (
	defaultConcurrency = 512
	defaultTimeout     = 15 * time.Second
	defaultCacheBytes  = 16 << 20
)

// Handler is the site behind the middleware.
type Handler struct {
	http.Handler
	Operations http.Handler // /health, /ready and /metrics alone, for a port of their own
}

// New wraps the site.
func New(site http.Handler, o Options) *Handler {
	if o.Concurrency == 0 {
		o.Concurrency = defaultConcurrency
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.CacheBytes == 0 {
		o.CacheBytes = defaultCacheBytes
	}
	if o.Ready == nil {
		o.Ready = func() bool { return true }
	}
	if o.Route == nil {
		o.Route = func(string) string { return "site" }
	}
	if o.Generation == nil {
		o.Generation = func() string { return "" }
	}
	if o.Refuse == nil {
		o.Refuse = func(w http.ResponseWriter, _ *http.Request, status int, why string) { http.Error(w, why, status) }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	m := newMetrics(o)
	c := newClients(o)
	h := concurrency(site, o, c, m)
	h = timeLimit(h, o)
	h = newCache(h, o, c, m)
	h = ready(h, o)
	h = hosts(h, o)
	h = operations(h, o, m, !o.MetricsApart, false)
	if o.Rate > 0 {
		h = rateLimit(h, o, m)
	}
	h = perClient(h, o, c, m)
	h = proxied(h, o)
	nothing := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Error(w, "Ce port ne donne que /health, /ready et /metrics.", http.StatusNotFound)
	})
	return &Handler{logged(h, o, m), operations(nothing, o, m, true, true)}
}

// search is what one request says about the search that it made.
type search struct {
	done  bool
	query string
	found bool
}

// request travels with a request from the middleware to the handlers and back.
type request struct {
	id      string // of the request, for the log and the X-Request-Id header
	client  netip.Addr
	network netip.Prefix // whom what it takes counts for; not valid: nobody
	secure  bool         // reached over TLS, here or at a trusted proxy
	host    string
	prefix  string // that a trusted proxy took off the path, "" for none
	search  search
	release func() // gives back the turn that making the answer has; nil before it has one
}

type requestKey struct{}

func requestOf(ctx context.Context) *request {
	r, ok := ctx.Value(requestKey{}).(*request)
	if !ok {
		return &request{} // the handler is used without the middleware
	}
	return r
}

// Searched notes that the request searched, and whether it found anything sure,
// for the counters and the opt-in list of searches without result.
func Searched(ctx context.Context, query string, found bool) {
	requestOf(ctx).search = search{done: true, query: query, found: found}
}

// Origin is the scheme and host that the client used ("https://cct.exemple.fr"),
// as trusted proxies tell it.
func Origin(r *http.Request) string {
	q := requestOf(r.Context())
	scheme, host := "http", r.Host
	if q.secure || r.TLS != nil {
		scheme = "https"
	}
	if q.host != "" {
		host = q.host
	}
	return scheme + "://" + host
}

// Prefix is the path that a trusted proxy has taken off the request's, "/cct", ""
// for none. It is on the request's path again, and belongs before every address
// that an answer holds.
func Prefix(ctx context.Context) string { return requestOf(ctx).prefix }
