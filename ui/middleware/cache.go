package middleware

import (
	"bytes"
	"compress/gzip"
	"container/list"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	largestCached = 512 << 10 // an answer larger than this is passed on as it is written
	gzipFrom      = 1 << 10   // a smaller one gains nothing
)

// cache keeps the bytes of GET answers with status 200, so that a question
// asked again costs a look-up; they are dropped when the edition changes, at
// midnight (an export says the day it was made), and the least recently used
// when memory is short. It also gives each an ETag,
// answers If-None-Match and HEAD, and compresses.
type cache struct {
	next  http.Handler
	o     Options
	limit int
	today func() string

	mu         sync.Mutex
	generation string
	byKey      map[string]*list.Element
	recent     list.List // of *cachedAnswer, the latest first
	size       int
}

type cachedAnswer struct {
	key    string
	header http.Header
	body   []byte
	zipped []byte // nil when the body is not worth it
	search search
}

func (a *cachedAnswer) cost() int { return len(a.key) + len(a.body) + len(a.zipped) + 1024 }

func newCache(next http.Handler, o Options) http.Handler {
	if o.Variant == nil {
		o.Variant = func(*http.Request) string { return "" }
	}
	return &cache{next: next, o: o, limit: o.CacheBytes, today: func() string { return time.Now().Format(time.DateOnly) }, byKey: map[string]*list.Element{}}
}

func (c *cache) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead || r.Header.Get("Range") != "" {
		c.next.ServeHTTP(w, r)
		return
	}
	q := requestOf(r.Context())
	key := Origin(r) + r.URL.RequestURI() + " " + c.o.Variant(r)
	generation := c.o.Generation() + c.today()
	a := c.find(key, generation)
	if a == nil {
		rec := &recorder{to: w, header: http.Header{}, head: r.Method == http.MethodHead, condition: r.Header.Get("If-None-Match")}
		ask := r.Clone(r.Context()) // what is kept must serve any GET, whatever this client holds already
		ask.Method = http.MethodGet
		ask.Header.Del("If-None-Match")
		c.next.ServeHTTP(rec, ask)
		if rec.passed {
			return
		}
		if rec.status != http.StatusOK && rec.status != 0 || r.Context().Err() != nil {
			rec.pass()
			return
		}
		a = &cachedAnswer{key: key, header: rec.header, body: rec.body.Bytes(), search: q.search}
		a.finish()
		c.keep(a, generation)
	}
	q.search = a.search
	a.write(w, r)
}

func (c *cache) find(key, generation string) *cachedAnswer {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation != generation {
		c.generation, c.size = generation, 0
		clear(c.byKey)
		c.recent.Init()
	}
	e, ok := c.byKey[key]
	if !ok {
		return nil
	}
	c.recent.MoveToFront(e)
	return e.Value.(*cachedAnswer)
}

func (c *cache) keep(a *cachedAnswer, generation string) {
	if strings.Contains(a.header.Get("Cache-Control"), "no-store") || a.cost() > c.limit/8 {
		return
	}
	if a.header.Get("Content-Encoding") != "" { // compressed already, for clients that accept it alone
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation != generation || c.byKey[a.key] != nil {
		return
	}
	c.byKey[a.key] = c.recent.PushFront(a)
	for c.size += a.cost(); c.size > c.limit; {
		old := c.recent.Remove(c.recent.Back()).(*cachedAnswer)
		delete(c.byKey, old.key)
		c.size -= old.cost()
	}
}

// finish gives the answer its ETag and its compressed form. The ETag is weak:
// the plain and the compressed body are the same answer.
func (a *cachedAnswer) finish() {
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
	var b bytes.Buffer
	z := zippers.Get().(*gzip.Writer)
	z.Reset(&b)
	_, err := z.Write(a.body)
	if e := z.Close(); err == nil && e == nil {
		a.zipped = bytes.Clone(b.Bytes())
	}
	zippers.Put(z)
	addVary(a.header)
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

func (a *cachedAnswer) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	vary := h["Vary"] // said by whoever stands around
	maps.Copy(h, a.header)
	if len(vary) > 0 {
		h["Vary"] = append(slices.Clone(vary), a.header["Vary"]...)
	}
	if matches(r.Header.Get("If-None-Match"), a.header.Get("ETag")) {
		h.Del("Content-Type")
		h.Del("Content-Length")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.body
	if a.zipped != nil && acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = a.zipped
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

// recorder holds an answer back until it is whole, unless it grows too large:
// then it passes it on as it comes, so that an export streams.
type recorder struct {
	to     http.ResponseWriter
	header http.Header
	status int
	body   bytes.Buffer
	head   bool
	passed bool

	condition string // If-None-Match of the client
}

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
	if !r.passed && r.body.Len()+len(b) > largestCached {
		r.pass()
	}
	if r.passed {
		if r.head {
			return len(b), nil
		}
		return r.to.Write(b)
	}
	return r.body.Write(b)
}

// pass hands over what was held back.
func (r *recorder) pass() {
	r.passed = true
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
	r.to.WriteHeader(r.status)
	if !r.head {
		r.to.Write(r.body.Bytes()) // a client that left is no error of ours
	}
	r.body.Reset()
}
