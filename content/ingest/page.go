package ingest

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

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
	used    map[string]bool   // ids given, and
	given   numbers           // the numbers that tell them apart
	links   []link
	images  []image
	cites   []cite

	pending []func() // what writes the records' HTML, once links are marked

	lines      []string // of the source, for line numbers
	bodyLine   int      // of the first line of the body
	unnumbered int      // rules without a number, once the page has its id

	rawTables int // tables seen, and
	rawRows   int // rows with something in them
}

type link struct {
	href, text string
	line       int
	to         string // once resolved
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
	markLink    = "\x00a%d\x00"
	markLinkEnd = "\x00z%d\x00"
	markImage   = "\x00i%d\x00"
	markCite    = "\x00c%d\x00"
)

func (d *document) problem(line int, code, format string, args ...any) {
	d.problems = append(d.problems, problem(d.source, line, code, format, args...))
}

// lineReach bounds the search for a line, which would else be quadratic in a
// file of many rows.
const lineReach = 3000

// lineOf finds the first line of the source that holds s, from a line on; 0
// when none near does.
func (d *document) lineOf(s string, from int) int {
	if s == "" {
		return 0
	}
	from = max(from, 1)
	for i := from; i <= min(len(d.lines), from+lineReach); i++ {
		if strings.Contains(d.lines[i-1], s) {
			return i
		}
	}
	return 0
}

// parse reads the whole file.
func (d *document) parse(raw []byte) {
	d.anchors, d.used, d.given = map[string]string{}, map[string]bool{}, numbers{}
	src := normalise(raw)
	d.blank = strings.TrimSpace(src) == ""
	d.lines = strings.Split(src, "\n")
	block, body, line := splitFront([]byte(src))
	d.bodyLine = line
	if block != nil {
		f, err := parseFront(block)
		if err != nil {
			d.problem(1, "entete-invalide", "l’en-tête YAML ne peut pas être lu : %v", err)
		}
		d.front = f
	}
	text := callouts(expand(string(body), func(l int, code, format string, args ...any) { d.problem(l+line-1, code, format, args...) }))
	out, err := toHTML(markdown(), text)
	if err != nil {
		d.problem(0, "illisible", "le Markdown ne peut pas être lu : %v", err)
	}
	root, err := parseHTML(out)
	if err != nil {
		d.problem(0, "illisible", "le HTML ne peut pas être lu : %v", err)
	}
	said := map[string]bool{}
	clean(root, func(code, format string, args ...any) {
		what := fmt.Sprintf(format, args...)
		if !said[what] {
			said[what] = true
			d.problem(0, code, "%s", what)
		}
	}, 0)
	d.shape(root)
}

// parseHTML gives a <div> with the fragment in it.
func parseHTML(s string) (*html.Node, error) {
	root := element(atom.Div, "")
	nodes, err := html.ParseFragment(strings.NewReader(s), element(atom.Body, ""))
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root, err
}

// shape turns the tree into title, sections, records and HTML.
func (d *document) shape(root *html.Node) {
	hoist(root)
	headings := headingsOf(root)
	d.page.Source, d.page.Description, d.page.Updated = d.source, d.front.Description, d.front.Updated
	d.page.Restates = strings.Join(d.front.Sources, ", ")
	d.page.Title = d.front.Title
	if d.page.Title == "" {
		d.page.Title = d.front.NavKey
	}
	if d.page.Title == "" && len(headings) > 0 {
		d.page.Title = oneLine(headings[0])
	}
	if d.page.Title == "" {
		d.page.Title = titleOf(d.source)
	}
	levels := d.level(root, headings)
	diagrams(root)
	w := &walker{d: d, levels: levels, section: &content.Section{Heading: d.page.Title, Path: []string{}, Line: d.bodyLine}, line: d.bodyLine}
	w.walk(root)
	w.end()
	d.apiRules(root, levels)
	d.paragraphRules(root)
	d.norms(root)
	d.mark(root)
	for _, write := range d.pending {
		write()
	}
	d.pending = nil
	d.page.HTML = render(root)
	for _, r := range d.records {
		if r.HTML == "" {
			r.HTML = "<p>" + html.EscapeString(r.Text) + "</p>"
		}
	}
	var all []string
	for _, s := range d.page.Sections {
		if s.Anchor != "" {
			all = append(all, s.Heading)
		}
		if s.Text != "" {
			all = append(all, s.Text)
		}
	}
	for _, r := range d.records {
		if len(r.Cells) > 0 { // the text of what is no row is its section's already
			all = append(all, rowText(r))
		}
	}
	d.page.Text = strings.Join(all, "\n")
	d.page.Words = countWords(d.page.Text)
	d.page.State = d.state()
}

// state tells what is written: nothing, a title and headings, or a page.
func (d *document) state() content.State {
	if d.blank {
		return content.Empty
	}
	words := 0
	for _, s := range d.page.Sections {
		words += countWords(s.Text)
	}
	switch {
	case len(d.records) > 0:
		return content.Complete
	case d.rawTables > 0 && d.rawRows == 0:
		return content.Stub // a table to be filled
	case words < 5 && len(d.links) == 0:
		return content.Stub
	case words < 25 && placeholder.MatchString(d.page.Text):
		return content.Stub
	}
	return content.Complete
}

var placeholder = regexp.MustCompile(`(?i)section vide|pour le moment|à rédiger|à compléter|en cours de rédaction`)

// hoist moves blocks out of headings that were not closed.
func hoist(root *html.Node) {
	for _, h := range headingsOf(root) {
		after := h.NextSibling
		moving := false
		for c := h.FirstChild; c != nil; {
			next := c.NextSibling
			if c.Type == html.ElementNode && isBlock(c) && c.DataAtom != atom.Br {
				moving = true
			}
			if moving {
				h.RemoveChild(c)
				h.Parent.InsertBefore(c, after)
			}
			c = next
		}
	}
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
// is dropped. The result is the level as written of each heading that stays.
func (d *document) level(root *html.Node, headings []*html.Node) map[*html.Node]int {
	levels := map[*html.Node]int{}
	shift := 0
	last := 0
	var kept []*html.Node
	for _, h := range headings {
		text := oneLine(h)
		n := headingLevel(h)
		line := d.lineOf(firstWords(text), d.bodyLine)
		if text == "" {
			h.Parent.RemoveChild(h)
			continue
		}
		if last > 0 && n > last+1 {
			d.problem(line, "niveau-saute", "le titre « %s » passe du niveau %d au niveau %d : il en manque un entre les deux", clip(text, 60), last, n)
		}
		last = n
		if n == 1 && fold(text) == fold(d.page.Title) && len(kept) == 0 {
			d.alias(h, "")
			id := d.unique(slug(text)) // addresses of the dropped heading keep working
			d.anchors[id] = id
			top := element(atom.Span, "")
			setAttr(top, "id", id)
			h.Parent.InsertBefore(top, h)
			h.Parent.RemoveChild(h)
			continue
		}
		if n == 1 {
			shift = 1
		}
		levels[h] = n
		kept = append(kept, h)
	}
	for _, h := range kept {
		text := oneLine(h)
		id := attr(h, "id")
		if id == "" || d.used[id] {
			id = slug(text)
		}
		id = d.unique(id)
		d.anchors[id] = id
		if _, taken := d.anchors[slug(text)]; !taken {
			d.anchors[slug(text)] = id
		}
		d.alias(h, id)
		n := min(levels[h]+shift, 6)
		h.DataAtom, h.Data = allHeadings[n], allHeadings[n].String()
		h.Attr = []html.Attribute{{Key: "id", Val: id}}
		trim(h)
		a := element(atom.A, "ancre")
		setAttr(a, "href", "#"+id)
		vh := element(atom.Span, "vh")
		vh.AppendChild(textNode(" Lien vers cette section"))
		a.AppendChild(textNode("#"))
		a.AppendChild(vh)
		setAttr(a, "data-titre", text)
		h.AppendChild(textNode(" "))
		h.AppendChild(a)
	}
	return levels
}

// alias takes the <a name> and <a id> of a heading as other names of it.
func (d *document) alias(h *html.Node, id string) {
	walk(h, func(n *html.Node) bool {
		if n.DataAtom == atom.A && !hasAttr(n, "href") {
			for _, name := range []string{attr(n, "name"), attr(n, "id")} {
				if name != "" {
					if _, taken := d.anchors[name]; !taken {
						d.anchors[name] = id
					}
				}
			}
			for c := n.FirstChild; c != nil; c = n.FirstChild {
				n.RemoveChild(c)
				n.Parent.InsertBefore(c, n)
			}
			if name := attr(n, "name"); name != "" && id != name && !d.used[name] { // the old address keeps working
				n.DataAtom, n.Data = atom.Span, "span"
				n.Attr = []html.Attribute{{Key: "id", Val: name}}
				d.used[name] = true
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
	id = d.given.free(id, 1, func(id string) bool { return d.used[id] })
	d.used[id] = true
	return id
}

// numbers are the last ones given to each name: a page of 50,000 rows that are
// all called alike must not try them all each time.
type numbers map[string]int

// free gives the name, or the name with the first number from which it is free.
func (n numbers) free(name string, from int, taken func(string) bool) string {
	id := name
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

func firstWords(s string) string {
	var b strings.Builder
	n := 0
	for w := range strings.FieldsSeq(s) {
		if n++; n > 3 {
			break
		}
		if n > 1 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	return b.String()
}

func countWords(s string) (n int) {
	for range strings.FieldsSeq(s) {
		n++
	}
	return n
}

// titleOf makes a title of a file's name, or of its folder's for an index.
func titleOf(source string) string {
	stem := stemOf(source)
	if l := strings.ToLower(stem); l == "index" || l == "readme" {
		if parts := strings.Split(source, "/"); len(parts) > 1 {
			stem = parts[len(parts)-2]
		}
	}
	stem = strings.TrimSpace(strings.NewReplacer("-", " ", "_", " ").Replace(numberPrefix.ReplaceAllString(stem, "")))
	stem = elision.ReplaceAllString(stem, "$1’$2") // strategie-d-exposition
	if stem == "" {
		return source
	}
	r := []rune(stem)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

var elision = regexp.MustCompile(`\b(d|l|qu) ([aeiouyhàâéèêîôœ])`)

var numberPrefix = regexp.MustCompile(`^[0-9x]+(\.[0-9]+)*[-_. ]+`)

// headingText is a heading without the link that was added to it.
func headingText(h *html.Node) string {
	if a := h.LastChild; a != nil && attr(a, "data-titre") != "" {
		return attr(a, "data-titre")
	}
	return oneLine(h)
}

// walker cuts the tree into sections and records, in document order.
type walker struct {
	d       *document
	levels  map[*html.Node]int
	stack   []*html.Node // headings that enclose the place
	section *content.Section
	text    text
	line    int
}

// path is what encloses the current section's content: the page's title, then
// the headings, the current one last.
func (w *walker) path() []string {
	p := []string{w.d.page.Title}
	for _, h := range w.stack {
		if t := headingText(h); t != p[len(p)-1] {
			p = append(p, t)
		}
	}
	return p
}

func (w *walker) end() {
	w.section.Text = w.text.String()
	w.d.page.Sections = append(w.d.page.Sections, *w.section)
	w.text = text{}
}

func (w *walker) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch {
		case c.Type == html.TextNode:
			w.text.b.WriteString(c.Data)
		case c.Type != html.ElementNode:
		case w.levels[c] > 0:
			w.end()
			for len(w.stack) > 0 && w.levels[w.stack[len(w.stack)-1]] >= w.levels[c] {
				w.stack = w.stack[:len(w.stack)-1]
			}
			above := w.path()
			w.stack = append(w.stack, c)
			t := headingText(c)
			if l := w.d.lineOf(firstWords(t), w.line); l > 0 {
				w.line = l
			}
			w.section = &content.Section{Anchor: attr(c, "id"), Heading: t, Level: w.levels[c], Path: above, Line: w.line}
		case c.DataAtom == atom.Table:
			w.d.table(c, w)
		case c.DataAtom == atom.Img:
			w.text.add(c)
		default:
			block := isBlock(c)
			if block {
				w.text.b.WriteByte('\n')
			}
			w.walk(c)
			if block {
				w.text.b.WriteByte('\n')
			}
		}
		c = next
	}
}

// mark replaces links, images and ids in running text by markers.
func (d *document) mark(root *html.Node) {
	line := d.bodyLine
	walk(root, func(n *html.Node) bool {
		if n.Type == html.TextNode {
			d.markIDs(n)
			return false
		}
		switch n.DataAtom {
		case atom.A:
			if attr(n, "class") == "ancre" {
				delAttr(n, "data-titre")
				return false
			}
			if !hasAttr(n, "href") {
				if name := attr(n, "name"); name != "" && attr(n, "id") == "" && !d.used[name] {
					setAttr(n, "id", name)
					d.used[name] = true
				}
				delAttr(n, "name")
				if id := attr(n, "id"); id != "" {
					d.anchors[id] = id
				}
				return true
			}
			if attr(n, "class") == "id" {
				return false // made by us
			}
			href := attr(n, "href")
			if l := d.lineOf(strings.TrimSuffix(href, "/"), line); l > 0 {
				line = l
			}
			i := len(d.links)
			d.links = append(d.links, link{href: href, text: oneLine(n), line: line})
			n.Parent.InsertBefore(raw(fmt.Sprintf(markLink, i)), n)
			for c := n.FirstChild; c != nil; c = n.FirstChild {
				n.RemoveChild(c)
				n.Parent.InsertBefore(c, n)
				if c.DataAtom == atom.Img {
					d.markImage(c, &line)
				} else {
					walk(c, func(g *html.Node) bool {
						if g.DataAtom == atom.Img {
							d.markImage(g, &line)
						}
						return true
					})
				}
			}
			n.Parent.InsertBefore(raw(fmt.Sprintf(markLinkEnd, i)), n)
			n.Parent.RemoveChild(n)
			return false
		case atom.Img:
			d.markImage(n, &line)
			return false
		case atom.Code, atom.Pre, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			walk(n, func(g *html.Node) bool {
				if g.DataAtom == atom.A {
					delAttr(g, "data-titre")
				}
				return true
			})
			return false
		}
		if id := attr(n, "id"); id != "" {
			if n.DataAtom == atom.Span || n.DataAtom == atom.Tr || d.used[id] {
				d.anchors[id] = id
			} else {
				d.used[id], d.anchors[id] = true, id
			}
		}
		return true
	})
}

func (d *document) markImage(n *html.Node, line *int) {
	src := attr(n, "src")
	if l := d.lineOf(src, *line); l > 0 {
		*line = l
	}
	n.Parent.InsertBefore(raw(fmt.Sprintf(markImage, len(d.images))), n)
	d.images = append(d.images, image{src: src, alt: realAlt(n), line: *line})
	n.Parent.RemoveChild(n)
}

// recordID is an id in running text that may name a record.
var recordID = regexp.MustCompile(`\b(EXI-[A-Z]+-\d+|EX\d{1,3}|[A-Z]{2}-\d{4})\b`)

func (d *document) markIDs(n *html.Node) {
	if !strings.Contains(n.Data, "EX") && strings.IndexByte(n.Data, '-') < 0 { // most text, without the cost of the expression
		return
	}
	at := recordID.FindAllStringIndex(n.Data, -1)
	if at == nil {
		return
	}
	last := 0
	for _, m := range at {
		id := n.Data[m[0]:m[1]]
		n.Parent.InsertBefore(textNode(n.Data[last:m[0]]), n)
		n.Parent.InsertBefore(raw(fmt.Sprintf(markCite, len(d.cites))), n)
		d.cites = append(d.cites, cite{id, d.lineOf(id, d.bodyLine)})
		last = m[1]
	}
	n.Data = n.Data[last:]
}

func raw(s string) *html.Node { return &html.Node{Type: html.RawNode, Data: s} }

// render writes what is below n.
func render(n *html.Node) string {
	var b bytes.Buffer
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if err := html.Render(&b, c); err != nil {
			return html.EscapeString(textOf(n)) // a tree that can't be written is still readable
		}
	}
	return strings.TrimSpace(b.String())
}
