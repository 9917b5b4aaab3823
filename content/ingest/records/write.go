package records

import (
	"slices"
	"strings"

	"github.com/cct-mi/cct/content/ingest/markdown"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Write gives the page's HTML, and every record its own, once what the links of
// the page lead to stands in its tree.
func (p *Page) Write() string {
	for _, r := range p.Records {
		r.HTML = r.write()
	}
	return strings.TrimSpace(markdown.Render(p.Root))
}

func (r *Record) write() string {
	var b strings.Builder
	for i, s := range r.shown {
		if s.node.Parent == nil { // it was taken out of the page, and its links never looked at
			continue
		}
		out := ""
		if s.inside {
			out = strings.TrimSpace(markdown.Render(unlink(s.node)))
		} else {
			out = renderNode(s.node, r.Anchor)
		}
		switch {
		case r.Moved:
			b.WriteString("<p>")
			if s.label != "" {
				b.WriteString("<strong>" + html.EscapeString(s.label) + " :</strong> ")
			}
			b.WriteString(out + "</p>")
		case s.inside && i > 0:
			b.WriteString("<br/>" + out)
		default:
			b.WriteString(out)
		}
	}
	if s := strings.TrimSpace(b.String()); s != "" {
		return s
	}
	return "<p>" + html.EscapeString(r.Text) + "</p>"
}

// renderNode writes a node, without the record's own address.
func renderNode(n *html.Node, anchor string) string {
	id := markdown.Attr(n, "id")
	if id == anchor && id != "" {
		attrs := slices.Clone(n.Attr)
		markdown.DelAttr(n, "id")
		defer func() { n.Attr = attrs }()
	}
	return markdown.RenderNode(n)
}

// unlink gives a row's header cell without the address that was added to it.
func unlink(c *html.Node) *html.Node {
	if a := c.FirstChild; a != nil && a.DataAtom == atom.A && markdown.Attr(a, "class") == "id" {
		return a
	}
	return c
}
