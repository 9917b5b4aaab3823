package records

import (
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/markdown"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// cutter cuts the tree into sections, in document order. Tables are read as they
// come, as their rows know the headings above them.
type cutter struct {
	*reader
	stack   []*html.Node // headings that enclose the place
	section content.Section
	body    *markdown.Text
	said    [][]content.Address // by section
	line    int
}

func (r *reader) cutSections() *cutter {
	c := &cutter{reader: r, line: r.doc.BodyLine, body: markdown.Lines()}
	c.section = content.Section{Heading: r.page.Title, Path: []string{}, Line: c.line}
	c.walk(r.page.Root)
	c.end()
	return c
}

// path is what encloses the current section's content: the page's title, then
// the headings, the current one last.
func (c *cutter) path() []string {
	p := []string{c.page.Title}
	for _, h := range c.stack {
		if t := c.texts[h]; t != p[len(p)-1] {
			p = append(p, t)
		}
	}
	return p
}

func (c *cutter) end() {
	c.section.Text = c.body.String()
	c.said = append(c.said, c.body.Addresses)
	c.page.Sections = append(c.page.Sections, c.section)
	c.body = markdown.Lines()
}

// finish writes the text of the page: its sections', then its rows'.
func (c *cutter) finish() {
	var b strings.Builder
	part := func(text string, addresses []content.Address) {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		for _, a := range addresses {
			c.page.Addresses = append(c.page.Addresses, content.Address{At: b.Len() + a.At, URL: a.URL})
		}
		b.WriteString(text)
	}
	for i, s := range c.page.Sections {
		if s.Anchor != "" {
			part(s.Heading, nil)
		}
		if s.Text != "" {
			part(s.Text, c.said[i])
		}
	}
	for _, r := range c.page.Records {
		if len(r.Cells) > 0 { // the text of what is no row is its section's already
			part(r.line())
		}
	}
	c.page.Text = b.String()
	c.page.Words = len(strings.Fields(c.page.Text))
}

// line is a row on one line, its cells apart, and the addresses in it.
func (r *Record) line() (string, []content.Address) {
	var b strings.Builder
	var addresses []content.Address
	for i, cell := range r.Cells {
		if cell.Text == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(" | ")
		}
		if i < len(r.cells) {
			for _, a := range r.cells[i] {
				addresses = append(addresses, content.Address{At: b.Len() + a.At, URL: a.URL})
			}
		}
		b.WriteString(cell.Text)
	}
	return b.String(), addresses
}

func (c *cutter) walk(n *html.Node) {
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		level := c.levels[child]
		switch {
		case child.Type == html.TextNode:
			c.body.Write(child.Data)
		case child.Type != html.ElementNode:
		case level > 0:
			c.end()
			for len(c.stack) > 0 && c.levels[c.stack[len(c.stack)-1]] >= level {
				c.stack = c.stack[:len(c.stack)-1]
			}
			above := c.path()
			c.stack = append(c.stack, child)
			text := c.texts[child]
			c.line = c.lineOf(child, markdown.FirstWords(text), c.line)
			c.section = content.Section{Anchor: markdown.Attr(child, "id"), Heading: text, Level: level, Path: above, Line: c.line}
		case child.DataAtom == atom.Table:
			c.table(child)
		case child.DataAtom == atom.Img:
			c.body.Add(child)
		default:
			block := markdown.IsBlock(child)
			if block {
				c.body.NewLine()
			}
			from := c.body.Len()
			c.walk(child)
			c.body.Link(child, from)
			if block {
				c.body.NewLine()
			}
		}
		child = next
	}
}
