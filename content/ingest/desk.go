package ingest

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// desk is what one reader of files works with: buffers, nodes and lists that are
// used again for the next file, as what a file needs on the way to its page is a
// multiple of the page. What a page keeps is in words.
type desk struct {
	file  []byte // as it is on the disk
	html  []byte // of the page under writing
	page  []byte // plain text of the page under writing
	plain text   // of one element
	body  text   // of the section under reading

	nodes  slab[html.Node]
	attrs  slab[html.Attribute]
	lists  slab[*html.Node]
	lines  []int              // where the lines of the source begin
	used   map[string]bool    // ids given, and
	given  numbers            // the numbers that tell them apart
	levels map[*html.Node]int // of headings, as written

	// A document's, while it is read:
	anchors map[string]string
	pending []pending
	spans   []span
	cut     []cut

	words words
}

func newDesk() *desk {
	return &desk{used: map[string]bool{}, given: numbers{}, levels: map[*html.Node]int{}, anchors: map[string]string{}, plain: text{blank: ' '}, body: text{blank: '\n'}}
}

// What a file of unusual size has made of a buffer or a map is not kept: a map is
// cleared at the cost of the largest that it was.
const (
	largeBuffer = 1 << 20
	largeMap    = 4096
)

// clear makes the desk ready for another file. Nothing of the last one is held.
func (k *desk) clear() {
	for _, b := range [...]*[]byte{&k.file, &k.html, &k.page, &k.plain.b, &k.body.b} {
		if cap(*b) > largeBuffer {
			*b = nil
		}
	}
	k.nodes.clear()
	k.attrs.clear()
	k.lists.clear()
	k.used, k.given, k.levels, k.anchors = emptied(k.used), emptied(k.given), emptied(k.levels), emptied(k.anchors)
	clear(k.pending)
	clear(k.cut)
	k.pending, k.cut, k.spans = k.pending[:0], k.cut[:0], k.spans[:0]
}

func emptied[M ~map[K]V, K comparable, V any](m M) M {
	if len(m) > largeMap {
		return M{}
	}
	clear(m)
	return m
}

// room empties a buffer that is used again, and makes it twice as large as it was
// where n bytes find no room: files come in any order of size.
func room(b []byte, n int) []byte {
	if cap(b) >= n {
		return b[:0]
	}
	return make([]byte, 0, max(n, 2*cap(b)))
}

// slab gives out values that all go back at once.
type slab[T any] struct {
	chunks [][]T
	chunk  int // in use, and
	at     int // how far
}

// Chunks double up to a size that the allocator has by the page.
const (
	smallChunk = 64
	largeChunk = 1024
	keptChunks = 32
)

// take gives n zero values.
func (s *slab[T]) take(n int) []T {
	for {
		if s.chunk == len(s.chunks) {
			s.chunks = append(s.chunks, make([]T, max(n, min(smallChunk<<len(s.chunks), largeChunk))))
		}
		if c := s.chunks[s.chunk]; s.at+n <= len(c) {
			s.at += n
			return c[s.at-n : s.at : s.at]
		}
		s.chunk++
		s.at = 0
	}
}

func (s *slab[T]) clear() {
	for i := 0; i < s.chunk; i++ {
		clear(s.chunks[i])
	}
	if s.at > 0 {
		clear(s.chunks[s.chunk][:s.at])
	}
	if len(s.chunks) > keptChunks {
		s.chunks = s.chunks[:keptChunks:keptChunks]
	}
	s.chunk, s.at = 0, 0
}

func (k *desk) node(t html.NodeType, tag atom.Atom, data string) *html.Node {
	n := &k.nodes.take(1)[0]
	n.Type, n.DataAtom, n.Data = t, tag, data
	return n
}

func (k *desk) element(tag atom.Atom, class string) *html.Node {
	n := k.node(html.ElementNode, tag, tag.String())
	if class != "" {
		k.setAttr(n, "class", class)
	}
	return n
}

func (k *desk) textNode(s string) *html.Node { return k.node(html.TextNode, 0, s) }

func (k *desk) setAttr(n *html.Node, key, val string) {
	for i, a := range n.Attr {
		if a.Key == key {
			n.Attr[i].Val = val
			return
		}
	}
	if len(n.Attr) == cap(n.Attr) { // room for the four that we set at most
		room := k.attrs.take(len(n.Attr) + 4)[:len(n.Attr)]
		copy(room, n.Attr)
		n.Attr = room
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: val})
}

// words keeps short texts side by side: a page of rows has thousands of them.
// None is ever changed, as a Builder's text is not.
type words struct{ b strings.Builder }

// wordsRoom is the size of what they are kept in; a longer text stands alone.
const wordsRoom = 16 << 10

// keep gives the text as a string.
func (w *words) keep(b []byte) string {
	if len(b) > wordsRoom/4 {
		return string(b)
	}
	w.reserve(len(b))
	from := w.b.Len()
	w.b.Write(b)
	return w.b.String()[from:]
}

// join gives the parts as one string.
func (w *words) join(parts ...string) string {
	n := 0
	for _, p := range parts {
		n += len(p)
	}
	if n > wordsRoom/4 {
		return strings.Join(parts, "")
	}
	w.reserve(n)
	from := w.b.Len()
	for _, p := range parts {
		w.b.WriteString(p)
	}
	return w.b.String()[from:]
}

func (w *words) reserve(n int) {
	if w.b.Cap()-w.b.Len() < n {
		w.b = strings.Builder{}
		w.b.Grow(wordsRoom)
	}
}
