package ingest

import (
	"bytes"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/cct-mi/cct/content"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A page is written once, after what it holds is known, by the rules of
// x/net/html (FuzzTree holds them to the same); the HTML of its records is a part
// of the page's, between two nodes that mark it.

// span is a part of a page's HTML.
type span struct{ from, to int }

// The nodes that mark a span write nothing.
const (
	spanFrom = "from"
	spanTo   = "to"
)

func (d *document) span() (from, to *html.Node) {
	d.spans = append(d.spans, span{})
	return d.marker(spanFrom, len(d.spans)-1), d.marker(spanTo, len(d.spans)-1)
}

// within marks what is below a node.
func (d *document) within(n *html.Node) {
	from, to := d.span()
	n.InsertBefore(from, n.FirstChild)
	n.AppendChild(to)
}

// around marks a node.
func (d *document) around(n *html.Node) {
	from, to := d.span()
	n.Parent.InsertBefore(from, n)
	n.Parent.InsertBefore(to, n.NextSibling)
}

// write adds the HTML of a node. None that the allow list lets by has text that
// is not escaped.
func (d *document) write(b []byte, n *html.Node) []byte {
	switch n.Type {
	case html.TextNode:
		return appendEscaped(b, n.Data)
	case html.RawNode:
		i := int(n.DataAtom)
		switch n.Data {
		case spanFrom:
			d.spans[i].from = len(b)
		case spanTo:
			d.spans[i].to = len(b)
		default: // a marker
			b = append(append(b, 0), n.Data...)
			b = append(strconv.AppendInt(b, int64(i), 10), 0)
		}
		return b
	case html.ElementNode:
	default:
		return b
	}
	b = append(b, '<')
	b = append(b, n.Data...)
	for i := range n.Attr {
		a := &n.Attr[i]
		b = append(b, ' ')
		if a.Namespace != "" {
			b = append(b, a.Namespace...)
			b = append(b, ':')
		}
		b = append(b, a.Key...)
		b = append(b, `="`...)
		b = appendEscaped(b, a.Val)
		b = append(b, '"')
	}
	switch n.DataAtom {
	case atom.Br, atom.Hr, atom.Img: // the void elements of the allow list
		return append(b, "/>"...)
	}
	b = append(b, '>')
	if c := n.FirstChild; n.DataAtom == atom.Pre && c != nil && c.Type == html.TextNode && len(c.Data) > 0 && c.Data[0] == '\n' {
		b = append(b, '\n') // the first one is not read
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		b = d.write(b, c)
	}
	b = append(b, "</"...)
	b = append(b, n.Data...)
	return append(b, '>')
}

// escapes are the entities of the characters that x/net/html escapes.
var escapes = [64]string{'&': "&amp;", '\'': "&#39;", '<': "&lt;", '>': "&gt;", '"': "&#34;", '\r': "&#13;"}

func appendEscaped(b []byte, s string) []byte {
	from := 0
	for i := range len(s) {
		if c := s[i]; c < 64 && escapes[c] != "" {
			b = append(b, s[from:i]...)
			b = append(b, escapes[c]...)
			from = i + 1
		}
	}
	return append(b, s[from:]...)
}

// pending is a record whose HTML is a part of the page's, still to be written.
type pending struct {
	record  *content.Record
	what    part
	node    *html.Node
	nodes   []*html.Node // cells of a row, or nodes in a row
	headers []string
	first   int // of its spans
	outside bool
}

// part is what of its nodes a record shows.
type part int

const (
	inside         part = iota // what is below the node
	insideCells                // the same of each cell, after its header
	nodesLeft                  // the nodes that are still in the tree
	nodesWithoutID             // the nodes, without the record's own address
)

// writeAll writes the page and the records on it.
func (d *document) writeAll(root *html.Node) {
	for i := range d.pending {
		d.place(&d.pending[i], root)
	}
	b := room(d.desk.html, len(d.src)+len(d.src)/2)
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		b = d.write(b, c)
	}
	whole := bytes.TrimSpace(b)
	from := 0
	if len(whole) > 0 {
		from = len(b) - len(bytes.TrimLeftFunc(b, unicode.IsSpace))
	}
	d.page.HTML = string(whole)
	for i := range d.spans {
		s := &d.spans[i]
		s.from, s.to = min(max(s.from-from, 0), len(whole)), min(max(s.to-from, 0), len(whole))
	}
	d.desk.html = b
	for i := range d.pending {
		d.finish(&d.pending[i])
	}
	if bytes.IndexByte(whole, 0) >= 0 {
		d.cut = slices.Clone(d.desk.cut)
	}
	for _, r := range d.records {
		if r.HTML == "" {
			b := append(d.desk.html[:0], "<p>"...)
			b = append(appendEscaped(b, r.Text), "</p>"...)
			r.HTML, d.desk.html = d.desk.words.keep(b), b
		}
	}
}

// place marks what a record shows.
func (d *document) place(p *pending, root *html.Node) {
	p.first = len(d.spans)
	switch p.what {
	case inside:
		d.within(p.node)
		p.outside = !below(p.node, root)
	case insideCells:
		for _, c := range p.nodes {
			d.within(unlink(c))
		}
		p.outside = !below(p.nodes[0], root)
	case nodesLeft:
		left := p.nodes[:0]
		for _, n := range p.nodes {
			if n.Parent != nil {
				left = append(left, n)
			}
		}
		for _, n := range left {
			d.around(n)
		}
		p.nodes = left
	case nodesWithoutID:
		for _, n := range p.nodes {
			d.around(n)
		}
	}
}

// below says whether a node is still in the tree: the rows of a second <thead>
// are records, but not shown.
func below(n, root *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == root {
			return true
		}
	}
	return false
}

// finish gives the record its HTML.
func (d *document) finish(p *pending) {
	r := p.record
	switch p.what {
	case inside:
		if p.outside {
			r.HTML = d.outside(p.node)
			return
		}
		d.cutOut(r, d.spans[p.first])
	case insideCells:
		b := d.desk.html[:0]
		for i, c := range p.nodes {
			b = append(b, "<p>"...)
			if i < len(p.headers) && p.headers[i] != "" {
				b = append(b, "<strong>"...)
				b = appendEscaped(b, p.headers[i])
				b = append(b, " :</strong> "...)
			}
			if p.outside {
				b = append(b, d.outside(unlink(c))...)
			} else {
				s := d.spans[p.first+i]
				b = append(b, strings.TrimSpace(d.page.HTML[s.from:s.to])...)
			}
			b = append(b, "</p>"...)
		}
		r.HTML, d.desk.html = d.desk.words.keep(b), b
	case nodesLeft:
		if whole, ok := d.spanned(p); ok {
			d.cutOut(r, whole)
		} else {
			r.HTML = strings.TrimSpace(d.joined(p))
		}
	case nodesWithoutID:
		r.HTML = strings.ReplaceAll(d.joined(p), ` id="`+r.Anchor+`"`, "")
	}
}

// cutOut makes a part of the page, without blanks at its ends, a record's HTML.
func (d *document) cutOut(r *content.Record, s span) {
	whole := d.page.HTML[s.from:s.to]
	s.from += len(whole) - len(strings.TrimLeftFunc(whole, unicode.IsSpace))
	if r.HTML = strings.TrimSpace(whole); r.HTML != "" {
		d.desk.cut = append(d.desk.cut, cut{r, span{s.from, s.from + len(r.HTML)}})
	}
}

// cut is a record whose HTML is a part of the page's.
type cut struct {
	record *content.Record
	span
}

// outside is the text of a node that is not on the page: its links and images were
// never looked at, so none of them is kept.
func (d *document) outside(n *html.Node) string {
	return string(appendEscaped(nil, textOf(n)))
}

// spanned is the part of the page that the spans of a pending record make
// together; false when they are not one.
func (d *document) spanned(p *pending) (whole span, ok bool) {
	if len(p.nodes) == 0 {
		return span{}, false
	}
	list := d.spans[p.first : p.first+len(p.nodes)]
	for i := 1; i < len(list); i++ {
		if list[i].from != list[i-1].to {
			return span{}, false
		}
	}
	return span{list[0].from, list[len(list)-1].to}, true
}

// joined is what is in the spans of a pending record, one after the other.
func (d *document) joined(p *pending) string {
	if whole, ok := d.spanned(p); ok {
		return d.page.HTML[whole.from:whole.to]
	}
	var b strings.Builder
	for _, s := range d.spans[p.first : p.first+len(p.nodes)] {
		b.WriteString(d.page.HTML[s.from:s.to])
	}
	return b.String()
}
