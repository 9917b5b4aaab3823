package ingest

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// What is noted of a page is copied: it must not hold the HTML that it was read
// from until all pages are.

// itsOwn notes an id as the name of the place.
func (d *document) itsOwn(id string) {
	if d.anchors[id] != id {
		id = strings.Clone(id)
		d.anchors[id] = id
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
				if name := attr(n, "name"); name != "" && attr(n, "id") == "" && !d.desk.used[name] {
					d.desk.setAttr(n, "id", name)
					d.desk.used[name] = true
				}
				delAttr(n, "name")
				if id := attr(n, "id"); id != "" {
					d.itsOwn(id)
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
			d.links = append(d.links, link{href: strings.Clone(href), text: d.desk.oneLine(n), line: line})
			n.Parent.InsertBefore(d.marker(markLink, i), n)
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
			n.Parent.InsertBefore(d.marker(markLinkEnd, i), n)
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
			if n.DataAtom != atom.Span && n.DataAtom != atom.Tr {
				d.desk.used[id] = true
			}
			d.itsOwn(id)
		}
		return true
	})
}

func (d *document) markImage(n *html.Node, line *int) {
	src := attr(n, "src")
	if l := d.lineOf(src, *line); l > 0 {
		*line = l
	}
	n.Parent.InsertBefore(d.marker(markImage, len(d.images)), n)
	d.images = append(d.images, image{src: strings.Clone(src), alt: strings.Clone(realAlt(n)), line: *line})
	n.Parent.RemoveChild(n)
}

// markIDs replaces the ids of records in a text.
func (d *document) markIDs(n *html.Node) {
	last := 0
	for from, to := nextID(n.Data, 0); from >= 0; from, to = nextID(n.Data, to) {
		id := n.Data[from:to]
		n.Parent.InsertBefore(d.desk.textNode(n.Data[last:from]), n)
		n.Parent.InsertBefore(d.marker(markCite, len(d.cites)), n)
		d.cites = append(d.cites, cite{strings.Clone(id), d.lineOf(id, d.bodyLine)})
		last = to
	}
	n.Data = n.Data[last:]
}
