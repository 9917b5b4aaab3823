package middleware

import (
	"container/list"
	"context"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// ready answers 503 to everything until the store can be read.
func ready(next http.Handler, o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !o.Ready() {
			w.Header().Set("Retry-After", "1")
			o.Refuse(w, r, http.StatusServiceUnavailable, "Le service démarre : il prépare son index. Réessayez dans un instant.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// makingAtOnce bounds the answers made at the same time, and so the memory that
// making takes; the others wait for their turn.
const makingAtOnce = 16

// concurrency bounds the requests in progress: past the bound it answers at once
// rather than queue. An address has half of the places at most. A place is given
// back once the answer is made: writing it to a slow client takes none.
func concurrency(next http.Handler, o Options, c *clients, m *metrics) http.Handler {
	places := make(chan struct{}, o.Concurrency)
	turns := make(chan struct{}, min(o.Concurrency, makingAtOnce))
	ofOne := max(leastInProgress, o.Concurrency/2)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := requestOf(r.Context())
		if !c.update(q.network, func(u *usage) bool {
			if u.inProgress >= ofOne {
				return false
			}
			u.inProgress++
			return true
		}) {
			tooMany(w, r, o, m)
			return
		}
		defer c.update(q.network, func(u *usage) bool { u.inProgress--; return true })
		select {
		case places <- struct{}{}:
			defer func() { <-places }()
		default:
			m.refused.Inc()
			busy(w, r, o)
			return
		}
		select {
		case turns <- struct{}{}:
			q.release = sync.OnceFunc(func() { <-turns })
			defer q.release()
			next.ServeHTTP(w, r)
		case <-r.Context().Done():
			m.refused.Inc()
			busy(w, r, o)
		}
	})
}

func busy(w http.ResponseWriter, r *http.Request, o Options) {
	w.Header().Set("Retry-After", "1")
	o.Refuse(w, r, http.StatusServiceUnavailable, "Trop de demandes à la fois. Réessayez dans une seconde.")
}

// timeLimit ends a request's work after the limit, and when its client leaves.
func timeLimit(next http.Handler, o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, stop := context.WithTimeout(r.Context(), o.Timeout)
		defer stop()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// maxClients bounds the memory of rateLimit: about 100 bytes a client.
const maxClients = 10_000

// rateLimit allows each client o.Rate requests a second with bursts of ten
// seconds' worth.
func rateLimit(next http.Handler, o Options, m *metrics) http.Handler {
	l := &limiter{rate: rate.Limit(o.Rate), burst: int(math.Max(1, math.Ceil(10*o.Rate))), byClient: map[netip.Prefix]*list.Element{}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if wait := l.wait(requestOf(r.Context()).client, time.Now()); wait > 0 {
			m.limited.Inc()
			l.tell(w.Header(), int(math.Ceil(wait.Seconds())))
			o.Refuse(w, r, http.StatusTooManyRequests, "Trop de demandes venant de votre poste. Réessayez dans quelques secondes.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// tell says in a refusal how much is allowed and when there will be more: in
// the fields of draft-ietf-httpapi-ratelimit-headers-10, and in the three that
// its earlier versions had, which many clients read.
func (l *limiter) tell(h http.Header, seconds int) {
	window := max(1, int(math.Round(float64(l.burst)/float64(l.rate))))
	h.Set("Retry-After", strconv.Itoa(seconds))
	h.Set("RateLimit-Policy", fmt.Sprintf(`"poste";q=%d;w=%d`, l.burst, window))
	h.Set("RateLimit", fmt.Sprintf(`"poste";r=0;t=%d`, seconds))
	h.Set("RateLimit-Limit", strconv.Itoa(l.burst))
	h.Set("RateLimit-Remaining", "0")
	h.Set("RateLimit-Reset", strconv.Itoa(seconds))
}

type limiter struct {
	rate     rate.Limit
	burst    int
	mu       sync.Mutex
	byClient map[netip.Prefix]*list.Element
	recent   list.List // of *client, the latest first
}

type client struct {
	who    netip.Prefix
	bucket *rate.Limiter
}

// wait says how long the client must wait before it may ask; 0 for now.
func (l *limiter) wait(a netip.Addr, now time.Time) time.Duration {
	who := network(a)
	if !who.IsValid() {
		return 0 // a socket that is not of the network
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e, ok := l.byClient[who]
	if !ok {
		e = l.recent.PushFront(&client{who, rate.NewLimiter(l.rate, l.burst)})
		l.byClient[who] = e
		if l.recent.Len() > maxClients {
			oldest := l.recent.Remove(l.recent.Back()).(*client)
			delete(l.byClient, oldest.who)
		}
	}
	l.recent.MoveToFront(e)
	res := e.Value.(*client).bucket.ReserveN(now, 1)
	if d := res.DelayFrom(now); d > 0 {
		res.CancelAt(now)
		return d
	}
	return 0
}
