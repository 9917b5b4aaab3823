package markdown

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parse reads HTML into a <div>, by the rules of the HTML standard.
func parse(s string) (*html.Node, error) {
	root := Element(atom.Div, "")
	nodes, err := html.ParseFragment(strings.NewReader(balance(s)), &html.Node{Type: html.ElementNode, DataAtom: atom.Body, Data: "body"})
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root, err
}

// Element makes an element, with a class where it is not "".
func Element(tag atom.Atom, class string) *html.Node {
	n := &html.Node{Type: html.ElementNode, DataAtom: tag, Data: tag.String()}
	if class != "" {
		SetAttr(n, "class", class)
	}
	return n
}

// TextNode makes a text.
func TextNode(s string) *html.Node { return &html.Node{Type: html.TextNode, Data: s} }

// SetLine gives an element the line of the source that it comes from.
func SetLine(n *html.Node, line int) {
	if line > 0 {
		SetAttr(n, lineAttr, strconv.Itoa(line))
	}
}

// Rename makes an element another one, without its attributes but its line.
func Rename(n *html.Node, tag atom.Atom) {
	line := Attr(n, lineAttr)
	n.DataAtom, n.Data, n.Attr = tag, tag.String(), nil
	if line != "" {
		SetAttr(n, lineAttr, line)
	}
}

// Attr is the value of an attribute, "" where there is none.
func Attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func HasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func SetAttr(n *html.Node, key, val string) {
	for i, a := range n.Attr {
		if a.Key == key {
			n.Attr[i].Val = val
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: key, Val: val})
}

func DelAttr(n *html.Node, key string) {
	for i, a := range n.Attr {
		if a.Key == key {
			n.Attr = append(n.Attr[:i], n.Attr[i+1:]...)
			return
		}
	}
}

// Unwrap puts the children of an element in its place.
func Unwrap(n *html.Node) {
	for c := n.FirstChild; c != nil; c = n.FirstChild {
		n.RemoveChild(c)
		n.Parent.InsertBefore(c, n)
	}
	n.Parent.RemoveChild(n)
}

// Wrap puts an element in the place of a node, and the node in it.
func Wrap(n, in *html.Node) {
	n.Parent.InsertBefore(in, n)
	n.Parent.RemoveChild(n)
	in.AppendChild(n)
}

// MoveChildren puts the children of one element at the end of another.
func MoveChildren(from, to *html.Node) {
	for c := from.FirstChild; c != nil; c = from.FirstChild {
		from.RemoveChild(c)
		to.AppendChild(c)
	}
}

// Walk visits the nodes below n in document order; into says whether to go
// deeper. The visitor may take the node out of the tree.
func Walk(n *html.Node, visit func(*html.Node) (into bool)) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if visit(c) {
			Walk(c, visit)
		}
		c = next
	}
}

// Elements lists the elements of a tag below n, but those inside another table
// or, as none is there, inside a row.
func Elements(n *html.Node, tag atom.Atom) (out []*html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case tag:
			out = append(out, c)
		case atom.Table, atom.Tr:
		default:
			out = append(out, Elements(c, tag)...)
		}
	}
	return out
}

// HeadingLevel is 1 to 6, 0 for what is no heading.
func HeadingLevel(n *html.Node) int {
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return int(n.Data[1] - '0')
	}
	return 0
}

// SetHeadingLevel makes an element the heading of a level.
func SetHeadingLevel(n *html.Node, level int) {
	n.DataAtom = []atom.Atom{atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6}[level-1]
	n.Data = n.DataAtom.String()
}

// Render writes what is below a node as HTML.
func Render(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		render(&b, c)
	}
	return b.String()
}

// RenderNode writes a node as HTML.
func RenderNode(n *html.Node) string {
	var b strings.Builder
	render(&b, n)
	return b.String()
}

func render(b *strings.Builder, n *html.Node) {
	if err := html.Render(b, n); err != nil {
		panic(err) // a Builder takes all, and no node of the allow list is refused
	}
}
