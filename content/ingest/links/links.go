// Package links tells where the links, images and cited ids of pages lead.
//
// Collect finds them in the tree of a page. Once all pages are known to a Site,
// Resolve tells where each leads, and names those that lead nowhere; Apply writes
// that into the tree, and Gate lets nothing else leave. What a broken link
// probably meant is in suggest.go, the menu of the official site in menu.go, files
// that pages show in assets.go.
package links

import (
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/markdown"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Kind is what a reference is.
type Kind int

const (
	Link Kind = iota
	Image
	Cite // an id in running text
)

// Reference is one of a page.
type Reference struct {
	Kind Kind
	To   string // the address, or the id
	Text string // of a link, or instead of an image
	Line int
	node *html.Node
}

// Alone is the reference without its place in the tree.
func (r Reference) Alone() Reference {
	r.node = nil
	return r
}

// Target is where a reference leads.
type Target struct {
	Href   string // "" where it leads nowhere: the text stays alone
	Broken bool   // and the page says so
	Away   bool   // to another site
	Shown  string // text of a link that has none
}

// Collect finds the references of a page, in all of its tree. Ids are looked for
// in running text alone: not in links, headings or code.
func Collect(d *markdown.Document) []Reference {
	c := &collector{doc: d}
	c.below(d.Root, d.BodyLine, false)
	return c.found
}

type collector struct {
	doc   *markdown.Document
	found []Reference
}

// below walks what is below a node; line is that of the last element that has one.
func (c *collector) below(n *html.Node, line int, quiet bool) int {
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		switch {
		case child.Type == html.TextNode:
			if !quiet {
				c.cites(child, line)
			}
		case child.DataAtom == atom.Img:
			line = c.lineOf(child, markdown.Attr(child, "src"), line)
			c.found = append(c.found, Reference{Kind: Image, To: markdown.Attr(child, "src"), Text: markdown.Alt(child), Line: line, node: child})
		case child.DataAtom == atom.A && ours(child):
		case child.DataAtom == atom.A && markdown.HasAttr(child, "href"):
			href := markdown.Attr(child, "href")
			line = c.lineOf(child, strings.TrimSuffix(href, "/"), line)
			c.found = append(c.found, Reference{Kind: Link, To: href, Text: markdown.TextOf(child), Line: line, node: child})
			line = c.below(child, line, true)
		default:
			line = markdown.LineOf(child, line)
			line = c.below(child, line, quiet || child.DataAtom == atom.Code || child.DataAtom == atom.Pre || markdown.HeadingLevel(child) > 0)
		}
		child = next
	}
	return line
}

// ours says whether a link was made for a heading or a row.
func ours(a *html.Node) bool {
	switch markdown.Attr(a, "class") {
	case "ancre", "id":
		return true
	}
	return false
}

func (c *collector) lineOf(n *html.Node, to string, line int) int {
	if l := markdown.LineOf(n, 0); l > 0 {
		return l
	}
	if strings.HasPrefix(to, "#fn") { // of a footnote, which the page does not write so
		return line
	}
	if l := c.doc.FindNear(to, line); l > 0 {
		return l
	}
	return line
}

// cites puts the ids of a text into elements of their own.
func (c *collector) cites(n *html.Node, line int) {
	last := 0
	for from, to := NextID(n.Data, 0); from >= 0; from, to = NextID(n.Data, to) {
		id := n.Data[from:to]
		at := line
		if l := c.doc.FindNear(id, line); l > 0 {
			at = l
		}
		n.Parent.InsertBefore(markdown.TextNode(n.Data[last:from]), n)
		a := markdown.Element(atom.A, "")
		a.AppendChild(markdown.TextNode(id))
		n.Parent.InsertBefore(a, n)
		c.found = append(c.found, Reference{Kind: Cite, To: id, Line: at, node: a})
		last = to
	}
	n.Data = n.Data[last:]
}

// Apply writes into the tree where its references lead; targets are those of the
// same page, in the same order.
func Apply(found []Reference, targets []Target) {
	for i, r := range found {
		t := Target{}
		if i < len(targets) {
			t = targets[i]
		}
		if r.node.Parent == nil {
			continue
		}
		switch r.Kind {
		case Image:
			applyImage(r, t)
		case Link:
			applyLink(r, t)
		default:
			if t.Href == "" {
				markdown.Unwrap(r.node)
			} else {
				markdown.SetAttr(r.node, "href", t.Href)
			}
		}
	}
}

func applyLink(r Reference, t Target) {
	n := r.node
	id, class := markdown.Attr(n, "id"), markdown.Attr(n, "class")
	n.Attr = nil
	if t.Shown != "" {
		n.AppendChild(markdown.TextNode(t.Shown))
	}
	switch {
	case t.Broken:
		markdown.Rename(n, atom.Span)
		markdown.SetAttr(n, "class", "lien-casse")
		spoken := markdown.Element(atom.Span, "vh")
		spoken.AppendChild(markdown.TextNode(" (lien cassé)"))
		n.AppendChild(spoken)
	case t.Href == "" && id == "":
		markdown.Unwrap(n)
		return
	case t.Href == "":
		markdown.Rename(n, atom.Span)
	default:
		markdown.SetAttr(n, "href", t.Href)
		if t.Away {
			markdown.SetAttr(n, "rel", "noopener noreferrer")
		}
		if class != "" {
			markdown.SetAttr(n, "class", class)
		}
	}
	if id != "" {
		markdown.SetAttr(n, "id", id)
	}
}

func applyImage(r Reference, t Target) {
	n := r.node
	n.Attr = nil
	if t.Href != "" {
		markdown.SetAttr(n, "src", t.Href)
		markdown.SetAttr(n, "alt", r.Text)
		markdown.SetAttr(n, "loading", "lazy")
		return
	}
	alt := r.Text
	if alt == "" {
		alt = "Image absente"
	}
	markdown.Rename(n, atom.Span)
	markdown.SetAttr(n, "class", "image-absente")
	n.AppendChild(markdown.TextNode("[" + alt + "]"))
}

// Gate is the last look at a page before it is written: an address that no other
// step let by is taken out and named, and the lines of the source go.
func Gate(root *html.Node, problems *markdown.Problems) {
	line := 0
	markdown.Walk(root, func(n *html.Node) bool {
		if n.Type != html.ElementNode {
			return false
		}
		line = markdown.LineOf(n, line)
		kept := n.Attr[:0]
		for _, a := range n.Attr {
			if a.Key == "data-l" {
				continue
			}
			if addresses[a.Key] && !harmless(n.DataAtom, a) {
				problems.Problem(line, "lien-refuse", "l’adresse « %s » n’est pas permise et a été retirée", markdown.Clip(a.Val, 80))
				continue
			}
			kept = append(kept, a)
		}
		n.Attr = kept
		return true
	})
}

// addresses are the attributes of HTML that hold one.
var addresses = map[string]bool{"href": true, "src": true, "action": true, "formaction": true, "background": true, "cite": true, "data": true, "poster": true,
	"longdesc": true, "srcset": true, "xlink:href": true, "ping": true, "manifest": true, "usemap": true, "codebase": true, "profile": true, "icon": true, "classid": true, "archive": true}

// harmless says whether an address is one that Resolve gives.
func harmless(tag atom.Atom, a html.Attribute) bool {
	switch {
	case a.Namespace != "":
		return false
	case tag == atom.Img && a.Key == "src":
		return strings.HasPrefix(a.Val, "/fichiers/")
	case tag == atom.A && a.Key == "href":
		if strings.HasPrefix(a.Val, "#") || a.Val == "/" {
			return true
		}
		if strings.HasPrefix(a.Val, "/") {
			return a.Val[1] != '/' && a.Val[1] != '\\'
		}
		scheme, _, ok := strings.Cut(a.Val, ":")
		return ok && allowed[strings.ToLower(scheme)]
	}
	return false
}

// allowed are the schemes of addresses that may leave.
var allowed = map[string]bool{"http": true, "https": true, "mailto": true, "tel": true}

// Record is what links know of a record.
type Record struct {
	Kind      content.Kind
	ID        string
	Title     string
	PageID    string
	Anchor    string
	Cited     []string // ids in its text
	Links     []content.Ref
	Backlinks []content.Ref
}

// Ref points at the record.
func (r *Record) Ref() content.Ref {
	at := content.Record{Kind: r.Kind, ID: r.ID, PageID: r.PageID, Anchor: r.Anchor}
	return content.Ref{Kind: r.Kind, ID: r.ID, Title: r.Title, URL: at.URL()}
}
