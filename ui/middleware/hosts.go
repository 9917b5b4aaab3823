package middleware

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"strings"
	"sync"
)

// proxied finds who really asks. X-Forwarded-For, -Proto and -Host count only
// when the connection comes from a trusted proxy; each address of the chain is
// believed only as long as the one that reported it is trusted. A prefix that the
// proxy took off the path comes back by X-Forwarded-Prefix.
func proxied(next http.Handler, o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := requestOf(r.Context())
		if a, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
			q.client = a.Addr().Unmap()
		}
		q.secure, q.host = r.TLS != nil, r.Host
		if trusted(q.client, o.TrustedProxies) {
			if p := lastOf(r.Header.Values("X-Forwarded-Proto")); p != "" {
				q.secure = p == "https"
			}
			if h := lastOf(r.Header.Values("X-Forwarded-Host")); h != "" {
				q.host = h
			}
			chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
			for i := len(chain) - 1; i >= 0 && trusted(q.client, o.TrustedProxies); i-- {
				a, err := netip.ParseAddr(strings.TrimSpace(chain[i]))
				if err != nil {
					break
				}
				q.client = a.Unmap()
			}
			r = withPrefix(r, q, strings.TrimSuffix(o.BasePath, "/"))
		}
		next.ServeHTTP(w, r)
	})
}

// prefixForm is a path of plain names, which no proxy needs to escape.
var prefixForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$`) })

// withPrefix puts the prefix that a proxy took off before the path again. Where it
// is the path that the site is served under (base, "" for none), nothing else is
// needed; else the request remembers it.
func withPrefix(r *http.Request, q *request, base string) *http.Request {
	prefix := strings.TrimSuffix(lastOf(r.Header.Values("X-Forwarded-Prefix")), "/")
	if len(prefix) > 100 || !prefixForm().MatchString(prefix) {
		return r
	}
	if prefix == base {
		if r.URL.Path == base || strings.HasPrefix(r.URL.Path, base+"/") {
			return r // it was not taken off
		}
	} else {
		q.prefix = prefix
	}
	u := *r.URL
	u.Path = prefix + u.Path
	if u.RawPath != "" {
		u.RawPath = prefix + u.RawPath
	}
	r = r.Clone(r.Context())
	r.URL = &u
	return r
}

// forwarded says whether a request came by a proxy, trusted or not.
func forwarded(r *http.Request) bool {
	for _, h := range []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Prefix", "X-Real-Ip", "Forwarded", "Via"} {
		if r.Header.Get(h) != "" {
			return true
		}
	}
	return false
}

func trusted(a netip.Addr, list []netip.Prefix) bool {
	for _, p := range list {
		if a.IsValid() && p.Contains(a) {
			return true
		}
	}
	return false
}

func lastOf(values []string) string {
	if len(values) == 0 {
		return ""
	}
	parts := strings.Split(values[len(values)-1], ",")
	return strings.TrimSpace(parts[len(parts)-1])
}

// ParseProxies reads a comma-separated list of addresses and prefixes.
func ParseProxies(list string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range fields(list) {
		if a, err := netip.ParseAddr(s); err == nil {
			a = a.Unmap()
			out = append(out, netip.PrefixFrom(a, a.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			return nil, fmt.Errorf("« %s » n’est ni une adresse ni un préfixe (exemple : 10.0.0.0/8)", s)
		}
		out = append(out, p.Masked())
	}
	return out, nil
}

// ParseHosts reads a comma-separated list of host names.
func ParseHosts(list string) ([]string, error) {
	var out []string
	for _, s := range fields(list) {
		name := strings.TrimPrefix(s, "*.")
		if name == "" || strings.ContainsAny(name, "/*:@ ") && net.ParseIP(strings.Trim(name, "[]")) == nil {
			return nil, fmt.Errorf("« %s » n’est pas un nom d’hôte (exemple : cct.exemple.fr, sans port ni barre)", s)
		}
		out = append(out, strings.ToLower(s))
	}
	return out, nil
}

func fields(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// hosts refuses a request for a name that is not ours. On loopback this is what
// stops DNS rebinding: a page elsewhere whose name suddenly resolves to this
// machine could otherwise read the service through the user's browser.
func hosts(next http.Handler, o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := requestOf(r.Context())
		if !hostAllowed(q.host, o) {
			o.Refuse(w, r, http.StatusMisdirectedRequest,
				"Ce service ne répond pas au nom demandé. Son exploitant peut l’autoriser par --allowed-hosts.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func hostAllowed(host string, o Options) bool {
	name := strings.ToLower(host)
	if h, _, err := net.SplitHostPort(name); err == nil {
		name = h
	}
	name = strings.TrimSuffix(strings.Trim(name, "[]"), ".")
	for _, a := range o.AllowedHosts {
		if suffix, ok := strings.CutPrefix(a, "*"); ok && strings.HasSuffix(name, suffix) || strings.Trim(a, "[]") == name {
			return true
		}
	}
	local := name == "localhost" || strings.HasSuffix(name, ".localhost")
	if ip, err := netip.ParseAddr(name); err == nil {
		local = ip.Unmap().IsLoopback()
	}
	if o.Loopback {
		return local
	}
	return len(o.AllowedHosts) == 0 || local // a probe on the machine itself
}
