package ingest

import (
	"strings"

	"github.com/cct-mi/cct/content"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// walker cuts the tree into sections and records, in document order. The text of
// the page is that of its sections, which are kept as parts of it, then that of
// its rows.
type walker struct {
	d       *document
	stack   []*html.Node // headings that enclose the place
	section content.Section
	line    int
	parts   int    // of the page's text, so far
	empty   int    // those without a word
	texts   []span // of the sections
}

func newWalker(d *document, headings int) *walker {
	d.desk.page = d.desk.page[:0]
	d.desk.body.begin()
	d.page.Sections = make([]content.Section, 0, headings+1)
	return &walker{d: d, line: d.bodyLine, section: content.Section{Heading: d.page.Title, Path: []string{}, Line: d.bodyLine}, texts: make([]span, 0, headings+1)}
}

// path is what encloses the current section's content: the page's title, then
// the headings, the current one last.
func (w *walker) path() []string {
	p := append(make([]string, 0, 1+len(w.stack)), w.d.page.Title)
	for _, h := range w.stack {
		if t := headingText(h); t != p[len(p)-1] {
			p = append(p, t)
		}
	}
	return p
}

// part adds to the page's text.
func (w *walker) part() {
	if w.parts > 0 {
		w.d.desk.page = append(w.d.desk.page, '\n')
	}
	w.parts++
}

func (w *walker) end() {
	k := w.d.desk
	if w.section.Anchor != "" {
		w.part()
		if k.page = append(k.page, w.section.Heading...); w.section.Heading == "" {
			w.empty++
		}
	}
	if len(k.body.b) > 0 {
		w.part()
		k.page = append(k.page, k.body.b...)
	}
	w.texts = append(w.texts, span{len(k.page) - len(k.body.b), len(k.page)})
	w.d.page.Sections = append(w.d.page.Sections, w.section)
	k.body.begin()
}

// finish writes the text of the page, and that of its sections.
func (w *walker) finish() {
	k := w.d.desk
	for _, r := range w.d.records {
		if len(r.Cells) == 0 { // the text of what is no row is its section's already
			continue
		}
		w.part()
		said := false
		for _, c := range r.Cells {
			if c.Text == "" {
				continue
			}
			if said {
				k.page = append(k.page, " | "...)
			}
			k.page = append(k.page, c.Text...)
			said = true
		}
		if !said {
			w.empty++
		}
	}
	w.d.page.Text = string(k.page)
	if w.parts > 0 { // words stand one blank or line end apart, but around what is empty
		w.d.page.Words = strings.Count(w.d.page.Text, " ") + strings.Count(w.d.page.Text, "\n") + 1 - w.empty
	}
	for i, t := range w.texts {
		w.d.page.Sections[i].Text = w.d.page.Text[t.from:t.to]
	}
}

func (w *walker) walk(n *html.Node) {
	k := w.d.desk
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		level := 0
		if headingLevel(c) > 0 {
			level = k.levels[c]
		}
		switch {
		case c.Type == html.TextNode:
			k.body.write(c.Data)
		case c.Type != html.ElementNode:
		case level > 0:
			w.end()
			for len(w.stack) > 0 && k.levels[w.stack[len(w.stack)-1]] >= level {
				w.stack = w.stack[:len(w.stack)-1]
			}
			above := w.path()
			w.stack = append(w.stack, c)
			t := headingText(c)
			if l := w.d.lineOf(firstWords(t), w.line); l > 0 {
				w.line = l
			}
			w.section = content.Section{Anchor: attr(c, "id"), Heading: t, Level: level, Path: above, Line: w.line}
		case c.DataAtom == atom.Table:
			w.d.table(c, w)
		case c.DataAtom == atom.Img:
			k.body.add(c)
		default:
			block := isBlock(c)
			if block {
				k.body.newLine()
			}
			w.walk(c)
			if block {
				k.body.newLine()
			}
		}
		c = next
	}
}
