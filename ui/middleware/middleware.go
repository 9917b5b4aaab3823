// Package middleware stands between the network and the site: limits, metrics,
// the cache of answers, the log, hosts and proxies, TLS. It knows addresses and
// answers, not what they mean, and imports nothing of the product.
//
// New wraps a handler in all of it, in this order, outermost first: request id
// and log, panic, host and proxy, health and metrics, readiness, rate,
// concurrency, time limit, cache.
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
	Concurrency    int            // requests under way at once before 503; 0: 256
	Timeout        time.Duration  // of one request's work; 0: 15 s
	CacheBytes     int            // memory for answers kept; 0: 8 MiB; negative: none
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
	defaultConcurrency = 256
	defaultTimeout     = 15 * time.Second
	defaultCacheBytes  = 8 << 20
)

// New wraps the site.
func New(site http.Handler, o Options) http.Handler {
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
	h := site
	if o.CacheBytes > 0 {
		h = newCache(h, o)
	}
	h = timeLimit(h, o)
	h = concurrency(h, o, m)
	if o.Rate > 0 {
		h = rateLimit(h, o, m)
	}
	h = ready(h, o)
	h = operations(h, o, m)
	h = hosts(h, o)
	h = proxied(h, o)
	return logged(h, o, m)
}

// search is what one request says about the search that it made.
type search struct {
	done  bool
	query string
	found bool
}

// request travels with a request from the middleware to the handlers and back.
type request struct {
	id     string // of the request, for the log and the X-Request-Id header
	client netip.Addr
	secure bool // reached over TLS, here or at a trusted proxy
	host   string
	search search
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
