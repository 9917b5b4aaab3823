package middleware

import (
	"net/http"
	"net/netip"
	"sync"
)

// What one address may hold at once. Beyond it gets an answer, 429, and the others
// get theirs. A trusted proxy is not bounded: the address that it forwards is.
const (
	maxConnections  = 512
	maxRequests     = 512      // waiting, being made or being written
	maxUnread       = 32 << 20 // bytes of answers made for it and not yet read
	maxUnreadOfAll  = 64 << 20
	leastInProgress = 64 // requests in progress that any address may have, whatever --concurrency
)

// usage is what one address holds.
type usage struct{ connections, requests, inProgress, unread int }

// clients counts what each address holds.
type clients struct {
	trusted []netip.Prefix

	mu        sync.Mutex
	byNetwork map[netip.Prefix]*usage
	unread    int // of all
}

func newClients(o Options) *clients {
	return &clients{trusted: o.TrustedProxies, byNetwork: map[netip.Prefix]*usage{}}
}

// networkOf is whom an address's usage counts for: itself, or its /64, since an
// IPv6 client owns that whole network. It is not valid for a trusted proxy, and
// for a peer that is not of the network.
func (c *clients) networkOf(a netip.Addr) netip.Prefix {
	if trusted(a, c.trusted) {
		return netip.Prefix{}
	}
	return network(a)
}

func network(a netip.Addr) netip.Prefix {
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits) // the zero Prefix where there is no address
	return p
}

// update changes what an address holds, unless change refuses. What is held by
// nobody in particular is not counted.
func (c *clients) update(who netip.Prefix, change func(*usage) bool) bool {
	if !who.IsValid() {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.updateLocked(who, change)
}

func (c *clients) updateLocked(who netip.Prefix, change func(*usage) bool) bool {
	u := c.byNetwork[who]
	if u == nil {
		u = &usage{}
		c.byNetwork[who] = u
	}
	ok := change(u)
	if *u == (usage{}) {
		delete(c.byNetwork, who)
	}
	return ok
}

// hold notes that one more request writes an answer, which is in memory until the
// last of them has. It refuses when too much waits to be read.
func (c *clients) hold(a *answer) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a.writers == 0 {
		cost := a.cost()
		if c.unread+cost > maxUnreadOfAll {
			return false
		}
		if a.owner.IsValid() && !c.updateLocked(a.owner, func(u *usage) bool {
			if u.unread+cost > maxUnread {
				return false
			}
			u.unread += cost
			return true
		}) {
			return false
		}
		c.unread += cost
	}
	a.writers++
	return true
}

// drop is the end of what hold began.
func (c *clients) drop(a *answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a.writers--; a.writers > 0 {
		return
	}
	c.unread -= a.cost()
	if a.owner.IsValid() {
		c.updateLocked(a.owner, func(u *usage) bool { u.unread -= a.cost(); return true })
	}
}

// perClient bounds the requests of one address, and answers those that come over
// a connection too many.
func perClient(next http.Handler, o Options, c *clients, m *metrics) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := requestOf(r.Context())
		q.network = c.networkOf(q.client)
		if connectionOf(r.Context()).excess || !c.update(q.network, func(u *usage) bool {
			if u.requests >= maxRequests {
				return false
			}
			u.requests++
			return true
		}) {
			w.Header().Set("Connection", "close")
			tooMany(w, r, o, m)
			return
		}
		defer c.update(q.network, func(u *usage) bool { u.requests--; return true })
		next.ServeHTTP(w, r)
	})
}

func tooMany(w http.ResponseWriter, r *http.Request, o Options, m *metrics) {
	m.crowded.Inc()
	w.Header().Set("Retry-After", "1")
	o.Refuse(w, r, http.StatusTooManyRequests, "Trop de demandes à la fois venant de votre poste. Réessayez dans une seconde.")
}
