package content

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Buckets of the store that an edition is written to.
const (
	bucketHead    = "head"    // "edition" → Head, "pages" → []PageHead, "ids/<kind>" → ids in reading order, "table/<name>" → a table of data
	bucketPages   = "pages"   // place in reading order, see placeKey → Page
	bucketRecords = "records" // "<kind>/", then the place of a block → recordsInBlock records in reading order
	bucketPlaces  = "places"  // "<kind>/<id>" → place in reading order among its kind; the kind of a page is KindSection
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
	words := make([]byte, 0, len(p.Text))
	for _, r := range p.Text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			words = utf8.AppendRune(words, unicode.ToLower(r))
		case len(words) > 0 && words[len(words)-1] != ' ':
			words = append(words, ' ')
		}
	}
	sum := sha256.Sum256(bytes.TrimRight(words, " "))
	return PageHead{p.ID, p.Title, p.Description, p.Source, p.Theme, p.State, p.Words, hex.EncodeToString(sum[:8])}
}

// recordsInBlock is how many records are kept, and compressed, as one value: rows of a
// table say much the same.
const recordsInBlock = 16

// placeKey is the key of the value at a place: they stand in the order in which they
// are written, so that they fill the store's pages.
func placeKey(place int) string { return string(binary.BigEndian.AppendUint32(nil, uint32(place))) }

// EditionWriter writes an edition page by page, in the form that Catalog reads back.
// It keeps some records of each kind until they fill a block, and what lists say.
type EditionWriter struct {
	put   func(bucket, key string, value []byte) error
	heads []PageHead
	ids   map[Kind][]string
	block map[Kind][]*Record // not written yet
}

// NewEditionWriter hands the values of an edition to put.
func NewEditionWriter(put func(bucket, key string, value []byte) error) *EditionWriter {
	return &EditionWriter{put: put, heads: []PageHead{}, ids: map[Kind][]string{}, block: map[Kind][]*Record{}}
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
	return w.encode(bucketPages, placeKey(len(w.heads)-1), p)
}

// Record writes the next record in reading order. It must not change afterwards.
func (w *EditionWriter) Record(r *Record) error {
	w.ids[r.Kind] = append(w.ids[r.Kind], r.ID)
	w.block[r.Kind] = append(w.block[r.Kind], r)
	if len(w.block[r.Kind]) < recordsInBlock {
		return nil
	}
	return w.writeBlock(r.Kind)
}

func (w *EditionWriter) writeBlock(kind Kind) error {
	list := w.block[kind]
	if len(list) == 0 {
		return nil
	}
	w.block[kind] = nil
	return w.encode(bucketRecords, blockKey(kind, len(w.ids[kind])-1), list)
}

// blockKey is the key of the block that holds the record at a place.
func blockKey(kind Kind, place int) string {
	return string(kind) + "/" + placeKey(place/recordsInBlock)
}

// writePlaces notes where each id of a kind stands.
func (w *EditionWriter) writePlaces(kind Kind, ids []string) error {
	places := make([]int, len(ids)) // in the order of the ids, as the store has them
	for i := range places {
		places[i] = i
	}
	slices.SortFunc(places, func(a, b int) int { return strings.Compare(ids[a], ids[b]) })
	for _, place := range places {
		if err := w.put(bucketPlaces, string(kind)+"/"+ids[place], []byte(strconv.Itoa(place))); err != nil {
			return err
		}
	}
	return nil
}

// Asset writes an image.
func (w *EditionWriter) Asset(a Asset) error {
	return w.put(bucketAssets, a.Name, append([]byte(a.Type+"\x00"), a.Data...))
}

// Finish writes what is known of the edition as a whole; its pages, records and
// assets are those written before.
func (w *EditionWriter) Finish(e *Edition) error {
	pages, counts := make([]string, len(w.heads)), map[Kind]int{}
	for i, h := range w.heads {
		pages[i] = h.ID
	}
	if err := w.writePlaces(KindSection, pages); err != nil {
		return err
	}
	for kind, list := range w.ids {
		counts[kind] = len(list)
		if err := errors.Join(w.writeBlock(kind), w.encode(bucketHead, "ids/"+string(kind), list), w.writePlaces(kind, list)); err != nil {
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
	return w.encode(bucketHead, "edition", Head{Name: e.Name, Title: e.Title, Framework: e.Framework, Levels: e.Levels, Themes: e.Themes, Pages: len(w.heads), Counts: counts})
}

// LevelNames are the values of the filter by level: the edition's own words, the
// CCT's, and Unstated.
func (h Head) LevelNames() (names []string) {
	add := func(name string) {
		if !slices.ContainsFunc(names, func(known string) bool { return strings.EqualFold(known, name) }) {
			names = append(names, name)
		}
	}
	for _, l := range h.Levels {
		add(l.Name)
	}
	for _, l := range Levels() {
		add(string(l))
	}
	add(Unstated)
	return names
}

// LevelsOf sorts the levels that records have, as their framework calls them: the most
// binding first, then "" where some have none.
func (h Head) LevelsOf(records []*Record) (words []string) {
	for _, r := range records {
		if word := r.LevelWord(); !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	slices.SortFunc(words, func(a, b string) int {
		return cmp.Or(cmp.Compare(h.LevelRank(a), h.LevelRank(b)), strings.Compare(a, b))
	})
	return words
}

// LevelRank orders levels by their words: 0 for the most binding, the highest for "".
func (h Head) LevelRank(word string) int {
	names := h.LevelNames()
	i := slices.IndexFunc(names, func(name string) bool { return strings.EqualFold(name, cmp.Or(word, Unstated)) })
	if i < 0 { // not one of this edition's
		i = len(names)
	}
	return i
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

// place tells where an id stands among its kind; ErrNotFound when there is none.
func (c *Catalog) place(kind Kind, id string) (int, error) {
	b, err := c.get(bucketPlaces, string(kind)+"/"+id)
	if err != nil {
		return 0, err
	}
	if b == nil {
		return 0, fmt.Errorf("%s : %w", id, ErrNotFound)
	}
	return strconv.Atoi(string(b))
}

// Page reads one page; ErrNotFound when there is none.
func (c *Catalog) Page(id string) (*Page, error) {
	place, err := c.place(KindSection, id)
	if err != nil {
		return nil, err
	}
	var p Page
	if err := c.decode(bucketPages, placeKey(place), &p); err != nil {
		return nil, err
	}
	return &p, nil
}

// Record reads one record by its exact id; ErrNotFound when there is none.
func (c *Catalog) Record(kind Kind, id string) (*Record, error) {
	place, err := c.place(kind, id)
	if err != nil {
		return nil, err
	}
	var block []json.RawMessage
	if err := c.decode(bucketRecords, blockKey(kind, place), &block); err != nil {
		return nil, err
	}
	if place %= recordsInBlock; place >= len(block) {
		return nil, fmt.Errorf("%s : %w", id, ErrNotFound)
	}
	var r Record
	if err := json.Unmarshal(block[place], &r); err != nil {
		return nil, fmt.Errorf("décoder %s : %w", id, err)
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
	list := []*Record{}
	err := c.EachRecord(kind, func(r *Record) { list = append(list, r) })
	if err != nil {
		return nil, err
	}
	c.records[kind] = list
	return list, nil
}

// EachRecord reads a whole collection, in reading order, and keeps nothing of it.
func (c *Catalog) EachRecord(kind Kind, do func(*Record)) error {
	for read := 0; read < c.head.Counts[kind]; {
		var block []*Record
		if err := c.decode(bucketRecords, blockKey(kind, read), &block); err != nil {
			return err
		}
		if len(block) == 0 {
			return fmt.Errorf("%s : %w", kind, ErrNotFound)
		}
		for _, r := range block {
			do(r)
		}
		read += len(block)
	}
	return nil
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
