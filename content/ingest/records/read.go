// Package records cuts the tree of a page into its sections and its records: the
// rows of its tables, its numbered rules, its norms.
//
// Read is all of it. A table becomes a grid (grid.go), its headings say what kind
// its rows are of (columns.go), and each kind has its function (kinds.go). Rules
// that are no rows are in rules.go; what is peculiar to the official repository is
// in quirks.go. A record's HTML is a part of the page's, so that it is written
// with it, once the links of the page are known: see Page.Write.
package records

import (
	"regexp"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/markdown"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Page is what a document holds.
type Page struct {
	Title     string
	Headings  []markdown.Heading // that have an anchor, in reading order
	Sections  []content.Section
	Text      string
	Addresses []content.Address // of Text
	Words     int
	State     content.State
	Written   bool // whatever its state: a short page has its text too
	Records   []*Record
	Anchors   map[string]string // every name that an address may use → the id in the HTML
	Root      *html.Node
}

// Record is a record, and what of the page shows it.
type Record struct {
	content.Record
	shown []part
	cells [][]content.Address // of each of Cells
	said  []*markdown.Text    // what each of them gives to Text
	Weak  bool                // a mention of another record of its id, where there is one
	Moved bool                // its HTML is made of its cells, as no one cell holds its text
}

// part is a node of the page that a record shows.
type part struct {
	node   *html.Node
	label  string // that stands before it
	inside bool   // what is below the node, rather than the node
}

// reader is the reading of one page.
type reader struct {
	doc    *markdown.Document
	schema *Schema
	page   *Page
	used   map[string]bool       // ids given, and
	names  markdown.Names        // the numbers that tell them apart
	levels map[*html.Node]int    // of headings, as written
	texts  map[*html.Node]string // of headings, without what is added to them
	tables int                   // seen, and
	rows   int                   // rows with something in them
	links  int
}

// Read cuts a document; its tree is changed on the way. schema may be nil.
func Read(d *markdown.Document, schema *Schema) *Page {
	r := &reader{doc: d, schema: schema, page: &Page{Root: d.Root, Anchors: map[string]string{}}, used: map[string]bool{}, names: markdown.Names{}, levels: map[*html.Node]int{}, texts: map[*html.Node]string{}}
	headings := headingsOf(d.Root)
	if hoist(headings) {
		headings = headingsOf(d.Root)
	}
	r.page.Title = firstOf(d.Front.Title, d.Front.NavKey)
	if r.page.Title == "" && len(headings) > 0 {
		r.page.Title = markdown.TextOf(headings[0])
	}
	if r.page.Title == "" {
		r.page.Title = TitleOf(d.File)
	}
	headings = r.head(headings)
	c := r.cutSections()
	r.headingRules(headings)
	r.paragraphRules()
	r.norms()
	r.headingRequirements(headings)
	r.listRequirements()
	r.pageRequirement()
	r.anchorElements()
	r.oneEach()
	c.finish()
	r.page.State, r.page.Written = r.state()
	return r.page
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// state tells what is written: nothing, a title and headings, or a page. A stub
// may be a page that is short, and has what its authors meant it to say.
func (r *reader) state() (state content.State, written bool) {
	if r.doc.Blank {
		return content.Empty, false
	}
	if len(r.page.Records) > 0 {
		return content.Complete, true
	}
	words := 0
	for _, s := range r.page.Sections {
		if words += len(strings.Fields(s.Text)); words >= 25 {
			break
		}
	}
	switch {
	case r.tables > 0 && r.rows == 0:
		return content.Stub, false // a table to be filled
	case words < 25 && placeholder().MatchString(r.page.Text):
		return content.Stub, false
	case words < 5 && r.links == 0:
		return content.Stub, words > 0
	}
	return content.Complete, true
}

var placeholder = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)section vide|pour le moment|à rédiger|à compléter|en cours de rédaction`)
})

// hoist moves blocks out of headings that were not closed.
func hoist(headings []*html.Node) (moved bool) {
	for _, h := range headings {
		after := h.NextSibling
		moving := false
		for c := h.FirstChild; c != nil; {
			next := c.NextSibling
			if c.Type == html.ElementNode && markdown.IsBlock(c) && c.DataAtom != atom.Br {
				moving, moved = true, true
			}
			if moving {
				h.RemoveChild(c)
				h.Parent.InsertBefore(c, after)
			}
			c = next
		}
	}
	return moved
}

func headingsOf(root *html.Node) (out []*html.Node) {
	markdown.Walk(root, func(n *html.Node) bool {
		if markdown.HeadingLevel(n) > 0 {
			out = append(out, n)
			return false
		}
		return true
	})
	return out
}

// head gives every heading its anchor and, in the HTML, a level below the page's
// title, which the page itself prints as h1. An h1 equal to the title is dropped.
// The result is the headings that stay.
func (r *reader) head(headings []*html.Node) (stay []*html.Node) {
	shift, last := 0, 0
	for _, h := range headings {
		text := markdown.TextOf(h)
		n := markdown.HeadingLevel(h)
		if text == "" {
			h.Parent.RemoveChild(h)
			continue
		}
		if last > 0 && n > last+1 {
			r.doc.Problem(r.lineOf(h, markdown.FirstWords(text), r.doc.BodyLine), "niveau-saute", "le titre « %s » passe du niveau %d au niveau %d : il en manque un entre les deux", markdown.Clip(text, 60), last, n)
		}
		last = n
		if n == 1 && len(stay) == 0 && markdown.Fold(text) == markdown.Fold(r.page.Title) {
			r.dropTitle(h, text)
			continue
		}
		if n == 1 {
			shift = 1
		}
		r.levels[h], r.texts[h] = n, text
		stay = append(stay, h)
	}
	for _, h := range stay {
		text := r.texts[h]
		name := markdown.Slug(text)
		id := markdown.Attr(h, "id")
		if id == "" || r.used[id] {
			id = name
		}
		id = r.unique(id)
		r.page.Anchors[id] = id
		if _, taken := r.page.Anchors[name]; !taken {
			r.page.Anchors[name] = id
		}
		r.page.Headings = append(r.page.Headings, markdown.Heading{Text: text, Anchor: id})
		r.alias(h, id)
		line := markdown.LineOf(h, 0)
		markdown.SetHeadingLevel(h, min(r.levels[h]+shift, 6))
		h.Attr = nil
		markdown.SetLine(h, line)
		markdown.SetAttr(h, "id", id)
		trim(h)
		a := markdown.Element(atom.A, "ancre")
		markdown.SetAttr(a, "href", "#"+id)
		spoken := markdown.Element(atom.Span, "vh")
		spoken.AppendChild(markdown.TextNode(" Lien vers cette section"))
		a.AppendChild(markdown.TextNode("#"))
		a.AppendChild(spoken)
		h.AppendChild(markdown.TextNode(" "))
		h.AppendChild(a)
	}
	return stay
}

// dropTitle removes the heading that repeats the page's title; its addresses lead
// to the top of the page.
func (r *reader) dropTitle(h *html.Node, text string) {
	own := markdown.Attr(h, "id")
	r.alias(h, "")
	id := r.unique(markdown.Slug(text))
	r.page.Anchors[id] = id
	if own != "" && own != id {
		r.page.Anchors[own] = id
	}
	r.page.Headings = append(r.page.Headings, markdown.Heading{Text: text, Anchor: id})
	top := markdown.Element(atom.Span, "")
	markdown.SetAttr(top, "id", id)
	h.Parent.InsertBefore(top, h)
	h.Parent.RemoveChild(h)
}

// alias takes the <a name> and <a id> of a heading as other names of it.
func (r *reader) alias(h *html.Node, id string) {
	markdown.Walk(h, func(n *html.Node) bool {
		if n.DataAtom != atom.A || markdown.HasAttr(n, "href") {
			return true
		}
		for _, name := range [...]string{markdown.Attr(n, "name"), markdown.Attr(n, "id")} {
			if name != "" {
				if _, taken := r.page.Anchors[name]; !taken {
					r.page.Anchors[name] = id
				}
			}
		}
		for c := n.FirstChild; c != nil; c = n.FirstChild {
			n.RemoveChild(c)
			n.Parent.InsertBefore(c, n)
		}
		if name := markdown.Attr(n, "name"); name != "" && id != name && !r.used[name] { // the old address keeps working
			markdown.Rename(n, atom.Span)
			markdown.SetAttr(n, "id", name)
			r.used[name] = true
			if id != "" {
				return false
			}
		}
		if n.Parent != nil && n.DataAtom == atom.A {
			n.Parent.RemoveChild(n)
		}
		return true
	})
}

// unique gives an id that no other element of the page has.
func (r *reader) unique(id string) string {
	if id == "" {
		id = "section"
	}
	id = r.names.Free(id, 1, func(id string) bool { return r.used[id] })
	r.used[id] = true
	return id
}

// lineOf is the line of an element or, where it has none, of a text from a line on.
func (r *reader) lineOf(n *html.Node, text string, from int) int {
	if l := markdown.LineOf(n, 0); l > 0 {
		return l
	}
	if l := r.doc.Find(text, from); l > 0 {
		return l
	}
	return from
}

// trim drops blanks at both ends of a heading.
func trim(h *html.Node) {
	for c := h.FirstChild; c != nil && c.Type == html.TextNode; c = h.FirstChild {
		if c.Data = strings.TrimLeft(c.Data, " \t\n"); c.Data != "" {
			break
		}
		h.RemoveChild(c)
	}
	for c := h.LastChild; c != nil && c.Type == html.TextNode; c = h.LastChild {
		if c.Data = strings.TrimRight(c.Data, " \t\n"); c.Data != "" {
			break
		}
		h.RemoveChild(c)
	}
}

// anchorElements notes the ids that the page's own HTML gives, and gives one to
// each term of a list of definitions.
func (r *reader) anchorElements() {
	markdown.Walk(r.page.Root, func(n *html.Node) bool {
		if n.Type != html.ElementNode {
			return false
		}
		if n.DataAtom == atom.A {
			switch {
			case markdown.Attr(n, "class") == "ancre" || markdown.Attr(n, "class") == "id":
				return false
			case markdown.HasAttr(n, "href"):
				r.links++
			default:
				if name := markdown.Attr(n, "name"); name != "" && markdown.Attr(n, "id") == "" && !r.used[name] {
					markdown.SetAttr(n, "id", name)
					r.used[name] = true
				}
			}
			markdown.DelAttr(n, "name")
		}
		if n.DataAtom == atom.Dt && markdown.Attr(n, "id") == "" {
			text := markdown.TextOf(n)
			id := r.unique(markdown.Slug(text))
			markdown.SetAttr(n, "id", id)
			r.page.Headings = append(r.page.Headings, markdown.Heading{Text: text, Anchor: id})
		}
		if id := markdown.Attr(n, "id"); id != "" {
			if n.DataAtom != atom.Span && n.DataAtom != atom.Tr {
				r.used[id] = true
			}
			if _, known := r.page.Anchors[id]; !known {
				r.page.Anchors[id] = id
			}
		}
		return true
	})
}

// oneEach leaves every id to one element: to the heading or the row that it is the
// address of, else to the first that has it.
func (r *reader) oneEach() {
	holder := map[string]*html.Node{}
	rank := func(n *html.Node) int {
		switch {
		case r.levels[n] > 0:
			return 2
		case n.DataAtom == atom.Tr:
			return 1
		}
		return 0
	}
	markdown.Walk(r.page.Root, func(n *html.Node) bool {
		id := markdown.Attr(n, "id")
		if id == "" {
			return true
		}
		first := holder[id]
		switch {
		case first == nil:
			holder[id] = n
		case rank(n) > rank(first):
			markdown.DelAttr(first, "id")
			holder[id] = n
		default:
			markdown.DelAttr(n, "id")
		}
		return true
	})
}

// TitleOf makes a title of a file's name, or of its folder's for an index.
func TitleOf(source string) string {
	stem := Stem(source)
	if l := strings.ToLower(stem); l == "index" || l == "readme" || l == "_index" {
		if parts := strings.Split(source, "/"); len(parts) > 1 {
			stem = parts[len(parts)-2]
		}
	}
	stem = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return ' '
		}
		return r
	}, NumberPrefix().ReplaceAllString(stem, "")))
	stem = elision().ReplaceAllString(stem, "$1’$2") // strategie-d-exposition
	if stem == "" {
		return source
	}
	letters := []rune(stem)
	return strings.ToUpper(string(letters[:1])) + string(letters[1:])
}

// Stem is a file's name without its folder and its type.
func Stem(source string) string {
	name := source[strings.LastIndexByte(source, '/')+1:]
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return name[:i]
	}
	return name
}

var elision = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b(d|l|qu) ([aeiouyhàâéèêîôœ])`) })

// NumberPrefix is what puts files in order: "3-", "1.2_", "x-".
var NumberPrefix = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9x]+(\.[0-9]+)*[-_. ]+`) })
