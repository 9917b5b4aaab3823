package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"unicode"
)

// Buckets of the store that an edition is written to.
const (
	bucketHead    = "head"    // "edition" → Head, "pages" → []PageHead, "ids/<kind>" → ids in reading order, "table/<name>" → a table of data
	bucketPages   = "pages"   // page id → Page
	bucketRecords = "records" // "<kind>/<id>" → Record
	bucketAssets  = "assets"  // name → media type, NUL, data
	bucketAliases = "aliases" // old address → new address
)

// ErrNotFound is answered for an id that the edition does not hold.
var ErrNotFound = errors.New("introuvable dans cette édition")

// Head is what every page of the site needs to know of the edition.
type Head struct {
	Name      string       `json:"name"`
	Title     string       `json:"title"`
	Framework Framework    `json:"framework"`
	Levels    []NamedLevel `json:"levels,omitempty"` // its own words, the most binding first
	Themes    []Theme      `json:"themes"`
	Pages     int          `json:"pages"`
	Counts    map[Kind]int `json:"counts"` // records of each kind
}

// PageHead is a page in a list.
type PageHead struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Source      string `json:"source"`
	Theme       string `json:"theme"`
	State       State  `json:"state"`
	Words       int    `json:"words"`
	Digest      string `json:"digest"` // of its words: pages of two editions with the same are worded alike
}

// HeadOf is a page's entry in lists.
func HeadOf(p *Page) PageHead {
	sum := sha256.New()
	for _, w := range strings.FieldsFunc(p.Text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		io.WriteString(sum, strings.ToLower(w)+" ")
	}
	return PageHead{p.ID, p.Title, p.Description, p.Source, p.Theme, p.State, p.Words, hex.EncodeToString(sum.Sum(nil)[:8])}
}

// EditionWriter writes an edition page by page, in the form that Catalog reads back.
// It keeps no page nor record, but what lists of them say.
type EditionWriter struct {
	put    func(bucket, key string, value []byte) error
	heads  []PageHead
	ids    map[Kind][]string
	counts map[Kind]int
}

// NewEditionWriter hands the values of an edition to put.
func NewEditionWriter(put func(bucket, key string, value []byte) error) *EditionWriter {
	return &EditionWriter{put: put, heads: []PageHead{}, ids: map[Kind][]string{}, counts: map[Kind]int{}}
}

func (w *EditionWriter) encode(bucket, key string, v any) error {
	var b bytes.Buffer
	j := json.NewEncoder(&b)
	j.SetEscapeHTML(false) // a page is mostly HTML: each < would take six bytes
	if err := j.Encode(v); err != nil {
		return fmt.Errorf("encoder %s/%s : %w", bucket, key, err)
	}
	return w.put(bucket, key, b.Bytes())
}

// Page writes the next page in reading order.
func (w *EditionWriter) Page(p *Page) error {
	w.heads = append(w.heads, HeadOf(p))
	return w.encode(bucketPages, p.ID, p)
}

// Record writes the next record in reading order.
func (w *EditionWriter) Record(r *Record) error {
	w.counts[r.Kind]++
	w.ids[r.Kind] = append(w.ids[r.Kind], r.ID)
	return w.encode(bucketRecords, string(r.Kind)+"/"+r.ID, r)
}

// Asset writes an image.
func (w *EditionWriter) Asset(a Asset) error {
	return w.put(bucketAssets, a.Name, append([]byte(a.Type+"\x00"), a.Data...))
}

// Finish writes what is known of the edition as a whole; its pages, records and
// assets are those written before.
func (w *EditionWriter) Finish(e *Edition) error {
	for kind, list := range w.ids {
		if err := w.encode(bucketHead, "ids/"+string(kind), list); err != nil {
			return err
		}
	}
	for _, t := range e.Tables {
		if err := w.put(bucketHead, "table/"+t.Name, t.Data); err != nil {
			return err
		}
	}
	for _, a := range e.Aliases {
		if err := w.put(bucketAliases, a.From, []byte(a.To)); err != nil {
			return err
		}
	}
	if err := w.encode(bucketHead, "pages", w.heads); err != nil {
		return err
	}
	return w.encode(bucketHead, "edition", Head{Name: e.Name, Title: e.Title, Framework: e.Framework, Levels: e.Levels, Themes: e.Themes, Pages: len(w.heads), Counts: w.counts})
}

// Write hands the whole edition to put, as an EditionWriter does.
func (e *Edition) Write(put func(bucket, key string, value []byte) error) error {
	w := NewEditionWriter(put)
	for _, p := range e.Pages {
		if err := w.Page(p); err != nil {
			return err
		}
	}
	for _, r := range e.Records {
		if err := w.Record(r); err != nil {
			return err
		}
	}
	for _, a := range e.Assets {
		if err := w.Asset(a); err != nil {
			return err
		}
	}
	return w.Finish(e)
}

// Catalog reads an edition back, one page or record at a time. It may be used
// by several goroutines at once if get may.
type Catalog struct {
	get  func(bucket, key string) ([]byte, error)
	head Head

	once    sync.Once
	pages   []PageHead
	pageErr error

	mu      sync.Mutex
	records map[Kind][]*Record // collections once read whole
}

// OpenCatalog reads the head of the edition that get gives access to. get
// answers nil without an error for a key that is not there.
func OpenCatalog(get func(bucket, key string) ([]byte, error)) (*Catalog, error) {
	c := &Catalog{get: get, records: map[Kind][]*Record{}}
	if err := c.decode(bucketHead, "edition", &c.head); err != nil {
		return nil, fmt.Errorf("lire l’édition : %w", err)
	}
	return c, nil
}

func (c *Catalog) decode(bucket, key string, v any) error {
	b, err := c.get(bucket, key)
	if err != nil {
		return err
	}
	if b == nil {
		return fmt.Errorf("%s : %w", key, ErrNotFound)
	}
	if err := json.Unmarshal(b, v); err != nil {
		return fmt.Errorf("décoder %s/%s : %w", bucket, key, err)
	}
	return nil
}

// Head tells what the edition is and how much it holds.
func (c *Catalog) Head() Head { return c.head }

// ThemeTitle is the title of a theme, or its id when it has none.
func (c *Catalog) ThemeTitle(id string) string {
	for _, t := range c.head.Themes {
		if t.ID == id {
			return t.Title
		}
	}
	return id
}

// Pages lists the pages in reading order. The slice is shared: do not change it.
func (c *Catalog) Pages() ([]PageHead, error) {
	c.once.Do(func() { c.pageErr = c.decode(bucketHead, "pages", &c.pages) })
	return c.pages, c.pageErr
}

// Page reads one page; ErrNotFound when there is none.
func (c *Catalog) Page(id string) (*Page, error) {
	var p Page
	if err := c.decode(bucketPages, id, &p); err != nil {
		return nil, err
	}
	return &p, nil
}

// Record reads one record by its exact id; ErrNotFound when there is none.
func (c *Catalog) Record(kind Kind, id string) (*Record, error) {
	var r Record
	if err := c.decode(bucketRecords, string(kind)+"/"+id, &r); err != nil {
		return nil, err
	}
	return &r, nil
}

// Records reads a whole collection, in reading order, and keeps it. The
// records are shared: do not change them.
func (c *Catalog) Records(kind Kind) ([]*Record, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if list, ok := c.records[kind]; ok {
		return list, nil
	}
	ids, err := c.IDs(kind)
	if err != nil {
		return nil, err
	}
	list := make([]*Record, 0, len(ids))
	for _, id := range ids {
		r, err := c.Record(kind, id)
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	c.records[kind] = list
	return list, nil
}

// IDs lists the ids of a kind in reading order; none is no error.
func (c *Catalog) IDs(kind Kind) ([]string, error) {
	var ids []string
	err := c.decode(bucketHead, "ids/"+string(kind), &ids)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	return ids, err
}

// Table reads a table of data of the edition's folder; nil when it has none.
func (c *Catalog) Table(name string) ([]byte, error) { return c.get(bucketHead, "table/"+name) }

// Asset reads an image and its media type; ErrNotFound when there is none.
func (c *Catalog) Asset(name string) (mediaType string, data []byte, err error) {
	b, err := c.get(bucketAssets, name)
	if err != nil {
		return "", nil, err
	}
	mediaType, body, ok := strings.Cut(string(b), "\x00")
	if !ok {
		return "", nil, fmt.Errorf("%s : %w", name, ErrNotFound)
	}
	return mediaType, []byte(body), nil
}

// Alias finds where an address of the source site stands here; "" when it is
// unknown.
func (c *Catalog) Alias(from string) (string, error) {
	b, err := c.get(bucketAliases, from)
	return string(b), err
}
