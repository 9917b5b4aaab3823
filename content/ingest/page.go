package ingest

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// document is one file on its way to a page. What needs the other pages (links,
// images, cited ids) stands in its HTML as a marker until all are read.
type document struct {
	source   string
	front    front
	page     content.Page
	records  []*content.Record
	problems []content.Problem

	blank   bool              // nothing in the file at all
	unread  bool              // the file could not be read
	anchors map[string]string // every name that an address may use → the id in the HTML
	names   []anchorName      // the same, once it is read: see allAnchors
	links   []link
	images  []image
	cites   []cite
	route   string // see routeOf
	keyLine int    // of the source, that gives the menu's key
	cut     []cut  // records whose HTML is a part of the page's, when it has markers

	rawTables  int // tables seen, and
	rawRows    int // rows with something in them
	unnumbered int // rules without a number, once the page has its id

	// While it is read:
	desk     *desk
	src      string
	bodyLine int       // line of the source that the body begins with
	pending  []pending // records whose HTML is still to be written, once links are marked
	spans    []span    // parts of the HTML
}

type link struct {
	href, text string
	line       int
	to         string // once resolved
}

type anchorName struct{ name, id string }

// allAnchors is anchors, of which most pages are never asked.
func (d *document) allAnchors() map[string]string {
	if d.anchors == nil {
		d.anchors = make(map[string]string, len(d.names))
		for _, a := range d.names {
			d.anchors[a.name] = a.id
		}
		d.names = nil
	}
	return d.anchors
}

type image struct {
	src, alt string
	line     int
}

type cite struct {
	id   string
	line int
}

// Markers in HTML under construction; NUL can't come from a page.
const (
	markLink    = "a"
	markLinkEnd = "z"
	markImage   = "i"
	markCite    = "c"
)

// marker stands for a link, an image or a cited id: see write.
func (d *document) marker(kind string, i int) *html.Node {
	return d.desk.node(html.RawNode, atom.Atom(i), kind)
}

func (d *document) problem(line int, code, format string, args ...any) {
	d.problems = append(d.problems, problem(d.source, line, code, format, args...))
}

// parse reads the whole file.
func (d *document) parse(k *desk, raw []byte) {
	d.desk = k
	d.anchors, d.pending, d.spans = k.anchors, k.pending, k.spans
	d.src = normalise(raw)
	d.blank = strings.TrimSpace(d.src) == ""
	k.findLines(d.src)
	block, body, line := splitFront(d.src)
	d.bodyLine = line
	if line > 1 {
		f, err := parseFront(block)
		if err != nil {
			d.problem(1, "entete-invalide", "l’en-tête YAML ne peut pas être lu : %v", err)
		}
		d.front = f
	}
	if d.front.NavKey != "" {
		d.keyLine = lineHolding(d.src, "key:")
	}
	text := callouts(expand(body, func(l int, code, format string, args ...any) { d.problem(l+line-1, code, format, args...) }))
	out, err := toHTML(text)
	if err != nil {
		d.problem(0, "illisible", "le Markdown ne peut pas être lu : %v", err)
	}
	root, err := k.parse(out)
	if err != nil {
		d.problem(0, "illisible", "le HTML ne peut pas être lu : %v", err)
	}
	var said map[string]bool
	k.clean(root, func(code, format string, args ...any) {
		what := fmt.Sprintf(format, args...)
		if !said[what] {
			if said == nil {
				said = map[string]bool{}
			}
			said[what] = true
			d.problem(0, code, "%s", what)
		}
	}, 0)
	d.shape(root)
	d.names = make([]anchorName, 0, len(k.anchors))
	for name, id := range k.anchors {
		d.names = append(d.names, anchorName{name, id})
	}
	d.anchors = nil
	k.pending, k.spans = d.pending, d.spans
	d.desk, d.src, d.pending, d.spans = nil, "", nil, nil
	k.clear()
}

// shape turns the tree into title, sections, records and HTML.
func (d *document) shape(root *html.Node) {
	headings := headingsOf(root)
	if hoist(headings) {
		headings = headingsOf(root)
	}
	d.page.Source, d.page.Description, d.page.Updated = d.source, d.front.Description, d.front.Updated
	d.page.Restates = strings.Join(d.front.Sources, ", ")
	d.page.Title = d.front.Title
	if d.page.Title == "" {
		d.page.Title = d.front.NavKey
	}
	if d.page.Title == "" && len(headings) > 0 {
		d.page.Title = d.desk.oneLine(headings[0])
	}
	if d.page.Title == "" {
		d.page.Title = titleOf(d.source)
	}
	headings = d.level(headings)
	d.desk.diagrams(root)
	w := newWalker(d, len(headings))
	w.walk(root)
	w.end()
	d.apiRules(headings)
	d.paragraphRules(root)
	d.norms(root)
	d.mark(root)
	d.writeAll(root)
	w.finish()
	d.page.State = d.state()
}

// state tells what is written: nothing, a title and headings, or a page.
func (d *document) state() content.State {
	if d.blank {
		return content.Empty
	}
	if len(d.records) > 0 {
		return content.Complete
	}
	words := 0
	for _, s := range d.page.Sections {
		if words += countWords(s.Text); words >= 25 {
			break
		}
	}
	switch {
	case d.rawTables > 0 && d.rawRows == 0:
		return content.Stub // a table to be filled
	case words < 5 && len(d.links) == 0:
		return content.Stub
	case words < 25 && placeholder().MatchString(d.page.Text):
		return content.Stub
	}
	return content.Complete
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
			if c.Type == html.ElementNode && isBlock(c) && c.DataAtom != atom.Br {
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

func headingsOf(root *html.Node) []*html.Node {
	var out []*html.Node
	walk(root, func(n *html.Node) bool {
		if headingLevel(n) > 0 {
			out = append(out, n)
			return false
		}
		return true
	})
	return out
}

func headingLevel(n *html.Node) int {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return int(n.Data[1] - '0')
	}
	return 0
}

var allHeadings = []atom.Atom{0, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6}

// level gives every heading its anchor and, in the HTML, a level below the
// page's title, which the page itself prints as h1. An h1 equal to the title
// is dropped. The result is the headings that stay; the desk has the level as
// written of each.
func (d *document) level(headings []*html.Node) (kept []*html.Node) {
	k := d.desk
	shift := 0
	last := 0
	kept = headings[:0]
	texts := make([]string, 0, len(headings))
	for _, h := range headings {
		text := k.oneLine(h)
		n := headingLevel(h)
		if text == "" {
			h.Parent.RemoveChild(h)
			continue
		}
		if last > 0 && n > last+1 {
			line := d.lineOf(firstWords(text), d.bodyLine)
			d.problem(line, "niveau-saute", "le titre « %s » passe du niveau %d au niveau %d : il en manque un entre les deux", clip(text, 60), last, n)
		}
		last = n
		if n == 1 && len(kept) == 0 && fold(text) == fold(d.page.Title) {
			d.alias(h, "")
			id := d.unique(slug(text)) // addresses of the dropped heading keep working
			d.anchors[id] = id
			top := k.element(atom.Span, "")
			k.setAttr(top, "id", id)
			h.Parent.InsertBefore(top, h)
			h.Parent.RemoveChild(h)
			continue
		}
		if n == 1 {
			shift = 1
		}
		k.levels[h] = n
		kept = append(kept, h)
		texts = append(texts, text)
	}
	for i, h := range kept {
		text := texts[i]
		name := slug(text)
		id := strings.Clone(attr(h, "id"))
		if id == "" || k.used[id] {
			id = name
		}
		id = d.unique(id)
		d.anchors[id] = id
		if _, taken := d.anchors[name]; !taken {
			d.anchors[name] = id
		}
		d.alias(h, id)
		n := min(k.levels[h]+shift, 6)
		h.DataAtom, h.Data = allHeadings[n], allHeadings[n].String()
		h.Attr = nil
		k.setAttr(h, "id", id)
		trim(h)
		a := k.element(atom.A, "ancre")
		k.setAttr(a, "href", k.words.join("#", id))
		vh := k.element(atom.Span, "vh")
		vh.AppendChild(k.textNode(" Lien vers cette section"))
		a.AppendChild(k.textNode("#"))
		a.AppendChild(vh)
		k.setAttr(a, "data-titre", text)
		h.AppendChild(k.textNode(" "))
		h.AppendChild(a)
	}
	return kept
}

// alias takes the <a name> and <a id> of a heading as other names of it.
func (d *document) alias(h *html.Node, id string) {
	walk(h, func(n *html.Node) bool {
		if n.DataAtom == atom.A && !hasAttr(n, "href") {
			for _, name := range [...]string{attr(n, "name"), attr(n, "id")} {
				if name != "" {
					if _, taken := d.anchors[name]; !taken {
						d.anchors[strings.Clone(name)] = id
					}
				}
			}
			for c := n.FirstChild; c != nil; c = n.FirstChild {
				n.RemoveChild(c)
				n.Parent.InsertBefore(c, n)
			}
			if name := attr(n, "name"); name != "" && id != name && !d.desk.used[name] { // the old address keeps working
				n.DataAtom, n.Data = atom.Span, "span"
				n.Attr = nil
				d.desk.setAttr(n, "id", name)
				d.desk.used[name] = true
				if id != "" {
					return false
				}
			}
			if n.Parent != nil && n.DataAtom == atom.A {
				n.Parent.RemoveChild(n)
			}
		}
		return true
	})
}

// unique gives an id that no other element of the page has.
func (d *document) unique(id string) string {
	if id == "" {
		id = "section"
	}
	id = d.desk.given.free(id, 1, func(id string) bool { return d.desk.used[id] })
	d.desk.used[id] = true
	return id
}

// numbers are the last ones given to each name: a page of 50,000 rows that are
// all called alike must not try them all each time.
type numbers map[string]int

// free gives the name, or the name with the first number from which it is free.
func (n numbers) free(name string, from int, taken func(string) bool) string {
	id := name
	if !taken(id) {
		return id
	}
	for i := max(n[name]+1, from); taken(id); i++ {
		id = fmt.Sprintf("%s-%d", name, i)
		n[name] = i
	}
	return id
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

// titleOf makes a title of a file's name, or of its folder's for an index.
func titleOf(source string) string {
	stem := stemOf(source)
	if l := strings.ToLower(stem); l == "index" || l == "readme" {
		if parts := strings.Split(source, "/"); len(parts) > 1 {
			stem = parts[len(parts)-2]
		}
	}
	stem = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == '-' || r == '_' {
			return ' '
		}
		return r
	}, numberPrefix().ReplaceAllString(stem, "")))
	if strings.Contains(stem, "d ") || strings.Contains(stem, "l ") || strings.Contains(stem, "qu ") {
		stem = elision().ReplaceAllString(stem, "$1’$2") // strategie-d-exposition
	}
	if stem == "" {
		return source
	}
	r := []rune(stem)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

var elision = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\b(d|l|qu) ([aeiouyhàâéèêîôœ])`) })

var numberPrefix = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[0-9x]+(\.[0-9]+)*[-_. ]+`) })

// headingText is a heading without the link that was added to it.
func headingText(h *html.Node) string {
	if a := h.LastChild; a != nil && attr(a, "data-titre") != "" {
		return attr(a, "data-titre")
	}
	return textOf(h)
}
