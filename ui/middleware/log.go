package middleware

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"log"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// validID is what a trusted proxy may pass as X-Request-Id: nothing that could
// forge a line of the log.
var validID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`) })

// traceParent is the W3C Trace Context header, version 00.
var traceParent = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$`) })

// logged gives every request an id, writes one line about it, and turns a panic
// of a handler into an error 500. The line holds no address, no path, no query:
// nothing personal, and nothing that a reader typed.
func logged(next http.Handler, o Options, m *metrics) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		q := &request{}
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
		if id := r.Header.Get("X-Request-Id"); validID().MatchString(id) && fromProxy(r, o) {
			q.id = id
		} else {
			q.id = newID()
		}
		w.Header().Set("X-Request-Id", q.id)
		if o.HSTS && r.TLS != nil {
			w.Header().Set("Strict-Transport-Security", "max-age=63072000")
		}
		if stopping(r.Context()) {
			w.Header().Set("Connection", "close")
		}
		c := &statusRecorder{ResponseWriter: w}
		m.underWay.Add(1)
		defer m.underWay.Add(-1)
		defer func() {
			if p := recover(); p != nil {
				if p == http.ErrAbortHandler {
					panic(p)
				}
				o.Log.LogAttrs(r.Context(), slog.LevelError, "panique", slog.String("requete", q.id), slog.Any("cause", p), slog.String("pile", string(debug.Stack())))
				if c.status == 0 {
					o.Refuse(c, r, http.StatusInternalServerError, "Une erreur inattendue s’est produite. Réessayez ; si elle revient, donnez à l’exploitant l’identifiant "+q.id+".")
				}
			}
			if c.status == 0 {
				c.status = http.StatusOK
			}
			took := time.Since(start)
			route := o.Route(r.URL.Path) // as it came, without a proxy's prefix
			m.answered(route, r.Method, c.status, took, q.search)
			if o.QueryLog != nil && q.search.done && !q.search.found {
				if err := o.QueryLog.add(q.search.query, start); err != nil {
					o.Log.Warn("le journal des recherches sans résultat n’est pas écrit", "cause", err)
				}
			}
			level := slog.LevelInfo
			switch {
			case c.status == http.StatusServiceUnavailable:
				level = slog.LevelWarn // too much at once, or not ready yet: no fault of ours
			case c.status >= 500:
				level = slog.LevelError
			}
			if o.AccessLog || level > slog.LevelInfo {
				attrs := []slog.Attr{slog.String("requete", q.id), slog.String("methode", r.Method), slog.String("route", route),
					slog.Int("statut", c.status), slog.Int64("octets", c.bytes), slog.Float64("ms", float64(took.Microseconds())/1000)}
				if t := traceParent().FindStringSubmatch(r.Header.Get("Traceparent")); t != nil {
					attrs = append(attrs, slog.String("trace_id", t[1]))
				}
				o.Log.LogAttrs(r.Context(), level, "requête", attrs...)
			}
		}()
		next.ServeHTTP(c, r)
	})
}

func newID() string {
	var b [8]byte
	rand.Read(b[:]) // never fails since Go 1.24
	return hex.EncodeToString(b[:])
}

func fromProxy(r *http.Request, o Options) bool {
	if len(o.TrustedProxies) == 0 {
		return false
	}
	q := &request{}
	probe := r.WithContext(context.WithValue(r.Context(), requestKey{}, q))
	probe.Header = http.Header{}
	proxied(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), o).ServeHTTP(nil, probe)
	return trusted(q.client, o.TrustedProxies)
}

// ErrorLog is for http.Server.ErrorLog: its warnings about connections name the
// client's address, which our logs never hold.
func ErrorLog(l *slog.Logger) *log.Logger { return log.New(withoutAddresses{l}, "", 0) }

type withoutAddresses struct{ log *slog.Logger }

// clientAddress is an address with its port, as net/http prints it.
var clientAddress = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:.]+(?:%[^\]\s]+)?\]):\d+`)
})

func (n withoutAddresses) Write(b []byte) (int, error) {
	n.log.Warn(clientAddress().ReplaceAllString(strings.TrimSpace(string(b)), "…"))
	return len(b), nil
}

// statusRecorder remembers what was answered.
type statusRecorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (c *statusRecorder) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *statusRecorder) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	n, err := c.ResponseWriter.Write(b)
	c.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (c *statusRecorder) Unwrap() http.ResponseWriter { return c.ResponseWriter }
