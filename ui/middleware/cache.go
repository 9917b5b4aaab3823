package middleware

import (
	"bytes"
	"container/list"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"
)

const (
	largestBuffered = 8 << 20 // an answer larger than this is passed on as it is written
	maxStreams      = 4       // of those at once
	gzipFrom        = 1 << 10 // a smaller one gains nothing
)

// cache makes each answer to GET once: who asks for it meanwhile waits for the same
// bytes, and what is written is whole, so that no slow client holds up the making.
// It keeps the bytes of answers with status 200, so that a question asked again
// costs a look-up; they are dropped when the edition changes, at midnight (an export
// says the day it was made), and the least recently used when memory is short. It
// also gives each an ETag, answers If-None-Match and HEAD, and compresses.
type cache struct {
	next    http.Handler
	o       Options
	clients *clients
	metrics *metrics
	limit   int // bytes kept
	today   func() string
	streams chan struct{}

	mu         sync.Mutex
	generation string
	byKey      map[string]*list.Element
	recent     list.List // of *answer, the latest first
	size       int
	making     map[string]*flight
}

// flight is an answer that is being made.
type flight struct {
	made   chan struct{}
	answer *answer // nil when it is not for others, once made is closed
}

type answer struct {
	key    string
	status int
	header http.Header
	body   []byte
	zipped func() []byte // compresses the body when a client first accepts it so; nil when it is not worth it
	search search

	owner   netip.Prefix // whom it was made for
	writers int          // requests that write it: see clients.hold
}

// cost is what an answer takes in memory, in bytes. The compressed form of text takes
// about a quarter of it, and counts from the beginning, so that the cost never changes.
func (a *answer) cost() int {
	n := len(a.key) + len(a.body) + 1024
	if a.zipped != nil {
		n += len(a.body) / 4
	}
	return n
}

func newCache(next http.Handler, o Options, c *clients, m *metrics) *cache {
	if o.Variant == nil {
		o.Variant = func(*http.Request) string { return "" }
	}
	return &cache{
		next: next, o: o, clients: c, metrics: m, limit: max(o.CacheBytes, 0), today: func() string { return time.Now().Format(time.DateOnly) },
		streams: make(chan struct{}, maxStreams), byKey: map[string]*list.Element{}, making: map[string]*flight{},
	}
}

func (c *cache) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || strings.Contains(r.Header.Get("Accept"), "text/event-stream") {
		c.send(c.make("", w, r, r), w, r) // for its client alone
		return
	}
	key := Origin(r) + r.URL.RequestURI() + " " + c.o.Variant(r)
	generation := c.o.Generation() + c.today()
	a, f, first := c.find(key, generation)
	switch {
	case a != nil:
	case first:
		a = c.lead(f, key, generation, w, r)
	default:
		select {
		case <-f.made:
		case <-r.Context().Done():
			return // the client left
		}
		if a = f.answer; a == nil { // it was for that one alone
			a = c.makeForAny(key, w, r)
		}
	}
	c.send(a, w, r)
}

// send writes an answer; nil is one that was passed on as it was made.
func (c *cache) send(a *answer, w http.ResponseWriter, r *http.Request) {
	if a == nil {
		return
	}
	requestOf(r.Context()).search = a.search
	if !c.clients.hold(a) {
		c.metrics.refused.Inc()
		busy(w, r, c.o)
		return
	}
	defer c.clients.drop(a)
	a.write(w, r)
}

// find gives the answer that is kept, or the flight that makes it; first says that
// it is the caller who is to make it.
func (c *cache) find(key, generation string) (a *answer, f *flight, first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation != generation {
		c.generation, c.size = generation, 0
		clear(c.byKey)
		clear(c.making) // those who wait already get what they asked for
		c.recent.Init()
	}
	if e, ok := c.byKey[key]; ok {
		c.recent.MoveToFront(e)
		return e.Value.(*answer), nil, false
	}
	if f, ok := c.making[key]; ok {
		return nil, f, false
	}
	f = &flight{made: make(chan struct{})}
	c.making[key] = f
	return nil, f, true
}

// lead makes an answer for its client and all who wait for it.
func (c *cache) lead(f *flight, key, generation string, w http.ResponseWriter, r *http.Request) (a *answer) {
	defer func() { // also when a handler panics
		if a != nil && a.forOthers() && r.Context().Err() == nil {
			f.answer = a
		}
		c.mu.Lock()
		if c.making[key] == f {
			delete(c.making, key)
		}
		if f.answer != nil && a.status == http.StatusOK {
			c.keep(a, generation)
		}
		c.mu.Unlock()
		close(f.made)
	}()
	return c.makeForAny(key, w, r)
}

// makeForAny makes an answer that serves any GET, whatever this client holds already.
func (c *cache) makeForAny(key string, w http.ResponseWriter, r *http.Request) *answer {
	if r.Method == http.MethodGet && r.Header["If-None-Match"] == nil && r.Header["Range"] == nil {
		return c.make(key, w, r, r)
	}
	ask := r.Clone(r.Context())
	ask.Method = http.MethodGet
	ask.Header.Del("If-None-Match")
	ask.Header.Del("Range")
	return c.make(key, w, r, ask)
}

// make puts a request to the handler, on behalf of r; nil when the answer was passed
// on to w.
func (c *cache) make(key string, w http.ResponseWriter, r, ask *http.Request) *answer {
	q := requestOf(r.Context())
	rec := &recorder{to: w, header: http.Header{}, request: q, streams: c.streams, head: r.Method == http.MethodHead, condition: r.Header.Get("If-None-Match")}
	defer rec.end()
	c.next.ServeHTTP(rec, ask)
	if rec.passed {
		return nil
	}
	if rec.refused {
		c.metrics.refused.Inc()
		busy(w, r, c.o)
		return nil
	}
	a := &answer{key: key, status: rec.status, header: rec.header, body: rec.body.Bytes(), search: q.search, owner: q.network}
	if spare := cap(a.body) - len(a.body); spare > len(a.body)/4 {
		a.body = bytes.Clone(a.body) // an answer that is kept takes little more than it needs
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	if a.status == http.StatusOK && key != "" {
		a.finish()
	}
	return a
}

// forOthers says whether who asked for the same may have it too: not what was said
// to one client, and not that we had too much to do.
func (a *answer) forOthers() bool {
	return !strings.Contains(a.header.Get("Cache-Control"), "no-store") && a.status < http.StatusInternalServerError && a.status != http.StatusTooManyRequests &&
		a.header.Get("Content-Encoding") == "" // compressed already, for clients that accept it alone
}

// keep adds an answer to the cache, which is locked.
func (c *cache) keep(a *answer, generation string) {
	if a.cost() > c.limit/4 || c.generation != generation || c.byKey[a.key] != nil {
		return
	}
	c.byKey[a.key] = c.recent.PushFront(a)
	for c.size += a.cost(); c.size > c.limit; {
		old := c.recent.Remove(c.recent.Back()).(*answer)
		delete(c.byKey, old.key)
		c.size -= old.cost()
	}
}

// finish gives the answer its ETag and, when a client asks for it, its compressed form. The ETag is weak:
// the plain and the compressed body are the same answer.
func (a *answer) finish() {
	tag := a.header.Get("ETag")
	if tag == "" {
		sum := sha256.Sum256(a.body)
		tag = `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	}
	if !strings.HasPrefix(tag, "W/") {
		tag = "W/" + tag
	}
	a.header.Set("ETag", tag)
	if a.header.Get("Content-Type") == "" {
		a.header.Set("Content-Type", http.DetectContentType(a.body))
	}
	if a.header.Get("Content-Encoding") != "" || len(a.body) < gzipFrom || !compressible(a.header.Get("Content-Type")) {
		return
	}
	a.zipped = sync.OnceValue(func() []byte { return zip(a.body) })
	addVary(a.header)
}

// zip compresses with gzip.
func zip(body []byte) []byte {
	z := zippers.Get().(*gzip.Writer)
	defer zippers.Put(z)
	var b bytes.Buffer
	z.Reset(&b)
	_, err := z.Write(body)
	if err = errors.Join(err, z.Close()); err != nil {
		panic(err) // a buffer takes what it is given
	}
	return bytes.Clone(b.Bytes())
}

var zippers = sync.Pool{New: func() any {
	z, err := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	if err != nil {
		panic(err) // the level is a constant of the package
	}
	return z
}}

func addVary(h http.Header) {
	for _, v := range h.Values("Vary") {
		if strings.Contains(strings.ToLower(v), "accept-encoding") {
			return
		}
	}
	h.Add("Vary", "Accept-Encoding")
}

func compressible(mediaType string) bool {
	mediaType, _, _ = strings.Cut(mediaType, ";")
	switch {
	case strings.HasPrefix(mediaType, "text/"), strings.HasSuffix(mediaType, "json"), strings.HasSuffix(mediaType, "xml"):
		return true
	}
	return mediaType == "application/javascript"
}

func (a *answer) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	vary := h["Vary"] // said by whoever stands around
	maps.Copy(h, a.header)
	if len(vary) > 0 {
		h["Vary"] = append(slices.Clone(vary), a.header["Vary"]...)
	}
	writeDeadline(w, len(a.body))
	if a.status != http.StatusOK {
		w.WriteHeader(a.status)
		w.Write(a.body) // to HEAD, net/http sends none; a client that left is no error of ours
		return
	}
	if a.key != "" && matches(r.Header.Get("If-None-Match"), a.header.Get("ETag")) {
		h.Del("Content-Type")
		h.Del("Content-Length")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.body
	if a.zipped != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = a.zipped()
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		w.Write(body) // a client that left is no error of ours
	}
}

// matches compares ETags weakly, as If-None-Match asks (RFC 9110, 13.1.2).
func matches(conditions, tag string) bool {
	for c := range strings.SplitSeq(conditions, ",") {
		c = strings.TrimSpace(c)
		if c == "*" || c != "" && strings.TrimPrefix(c, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if name = strings.TrimSpace(name); name == "gzip" || name == "*" {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// recorder holds an answer back until it is whole, unless it grows too large or is
// flushed: then it passes it on as it comes.
type recorder struct {
	to        http.ResponseWriter
	header    http.Header
	status    int
	body      bytes.Buffer
	head      bool
	condition string // If-None-Match of the client

	request *request
	streams chan struct{}
	stream  bool // it holds one of streams
	passed  bool
	refused bool // too large, and too many stream already
}

var errTooManyStreams = errors.New("trop de grandes réponses à la fois")

func (r *recorder) Header() http.Header {
	if r.passed {
		return r.to.Header()
	}
	return r.header
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	if !r.passed && r.body.Len()+len(b) > largestBuffered {
		select {
		case r.streams <- struct{}{}:
			r.stream = true
		default:
			r.refused = true
		}
		if r.refused {
			r.body.Reset()
			return 0, errTooManyStreams
		}
		r.pass()
	}
	if r.passed {
		if r.head {
			return len(b), nil
		}
		writeDeadline(r.to, len(b))
		return r.to.Write(b)
	}
	return r.body.Write(b)
}

// Flush sends what there is: a handler that flushes streams.
func (r *recorder) Flush() {
	if r.refused {
		return
	}
	if !r.passed {
		r.pass()
	}
	_ = http.NewResponseController(r.to).Flush() // what can't be flushed is sent at its end
}

// end gives back what streaming took.
func (r *recorder) end() {
	if r.stream {
		<-r.streams
	}
}

// pass hands over what was held back.
func (r *recorder) pass() {
	r.passed = true
	if r.request.release != nil {
		r.request.release() // the making must not wait for the client
	}
	maps.Copy(r.to.Header(), r.header)
	if r.status == 0 {
		r.status = http.StatusOK
	}
	if tag := r.header.Get("ETag"); r.status == http.StatusOK && tag != "" && matches(r.condition, tag) {
		h := r.to.Header()
		h.Del("Content-Type")
		h.Del("Content-Length")
		r.status, r.head = http.StatusNotModified, true
	}
	writeDeadline(r.to, r.body.Len())
	r.to.WriteHeader(r.status)
	if !r.head {
		r.to.Write(r.body.Bytes()) // a client that left is no error of ours
	}
	r.body = bytes.Buffer{}
}
