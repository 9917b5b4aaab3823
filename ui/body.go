package ui

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/cct-mi/cct/content"
)

// body is the HTML of a page's content, as ingest made it, on its way to the
// reader: one walk over its tree adds links to records, says levels and statuses
// in words, names cells by their column, and marks the words of a question.
type body struct {
	records map[string]*content.Record // of the page, by anchor
	cited   map[string]*content.Record // by their address on a page, to preview where links to them lead
	marks   func(text string) [][2]int // nil: nothing to mark
	wide    bool                       // a table has so many columns that the page may use the whole window
}

// wideFrom is how many columns make a table wide.
const wideFrom = 6

// finish gives the HTML as the site shows it.
func (b *body) finish(src string) (string, error) {
	parent := &html.Node{Type: html.ElementNode, DataAtom: atom.Body, Data: "body"}
	nodes, err := html.ParseFragment(strings.NewReader(src), parent)
	if err != nil {
		return "", err
	}
	for _, n := range nodes {
		parent.AppendChild(n)
	}
	b.walk(parent)
	var out strings.Builder
	out.Grow(len(src) + len(src)/4)
	for n := range parent.ChildNodes() {
		if err := html.Render(&out, n); err != nil {
			return "", err
		}
	}
	return out.String(), nil
}

// unmarked are the elements whose text is no prose.
var unmarked = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Svg: true, atom.Title: true, atom.Mark: true, atom.Button: true, atom.Textarea: true}

func (b *body) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling // what is put beside c is not walked
		switch {
		case c.Type == html.TextNode:
			b.mark(c)
		case c.Type != html.ElementNode || unmarked[c.DataAtom] || c.DataAtom == atom.A && attribute(c, "class") == "ancre":
		default:
			switch c.DataAtom {
			case atom.Table:
				b.table(c)
			case atom.Tr:
				if r := b.records[attribute(c, "id")]; r != nil {
					spellOut(c, r)
				}
			case atom.Img:
				enlargeable(c)
			}
			if r := b.cited[attribute(c, "href")]; r != nil && c.DataAtom == atom.A {
				setAttribute(c, "data-apercu", previewURL(r))
			}
			b.walk(c)
			if c.DataAtom == atom.A && attribute(c, "class") == "id" {
				b.ownLink(c)
			}
		}
		c = next
	}
}

// mark puts <mark> around the words of a text that answer the question.
func (b *body) mark(n *html.Node) {
	if b.marks == nil || strings.TrimSpace(n.Data) == "" {
		return
	}
	text, at := n.Data, 0
	for _, p := range b.marks(text) {
		if p[0] > at {
			n.Parent.InsertBefore(textNode(text[at:p[0]]), n)
		}
		n.Parent.InsertBefore(element(atom.Mark, "", textNode(text[p[0]:p[1]])), n)
		at = p[1]
	}
	if at > 0 {
		n.Data = text[at:]
	}
}

// previewURL is where the script finds what a link to a record would show, under
// the site's base path.
func previewURL(r *content.Record) string {
	return "api/v1/" + string(r.Kind) + "s/" + url.PathEscape(r.ID)
}

// ownLink is a row's link to itself: beside it goes one to the record's page. Its
// look is an id's only where the row is known by one.
func (b *body) ownLink(a *html.Node) {
	text := textOf(a)
	if !isCode(text) {
		setAttribute(a, "class", "")
	}
	r := b.records[strings.TrimPrefix(attribute(a, "href"), "#")]
	if r == nil || r.Kind != content.KindExigence && r.Kind != content.KindProduit && r.Kind != content.KindRegle {
		return
	}
	link := element(atom.A, "fiche-de", textNode("Fiche"), element(atom.Span, "vh", textNode(" "+text)))
	setAttribute(link, "href", r.URL())
	a.Parent.InsertBefore(link, a.NextSibling)
	a.Parent.InsertBefore(textNode(" "), link)
}

// isCode says whether a text is an identifier, and nothing else: "EX33",
// "AT-1368", "1166", "2.2.1".
func isCode(text string) bool {
	if c := content.Codes(text); len(c) == 1 && c[0] == [2]int{0, len(text)} {
		return true
	}
	return text != "" && strings.Trim(text, "0123456789.") == ""
}

// table names the cells by their column, for narrow windows and for those who
// hear them one by one.
func (b *body) table(n *html.Node) {
	var heads []string
	each(n, atom.Thead, func(head *html.Node) {
		each(head, atom.Th, func(th *html.Node) { heads = append(heads, strings.TrimSpace(textOf(th))) })
	})
	if len(heads) >= wideFrom {
		b.wide = true
	}
	if len(heads) < 2 || !strings.Contains(" "+attribute(n, "class")+" ", " empile ") {
		return
	}
	each(n, atom.Tbody, func(rows *html.Node) {
		each(rows, atom.Tr, func(row *html.Node) {
			i := 0
			for c := range row.ChildNodes() {
				if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
					continue
				}
				if i < len(heads) && c.DataAtom == atom.Td && heads[i] != "" && strings.TrimSpace(textOf(c)) != "" {
					setAttribute(c, "data-nom", heads[i])
				}
				i++
			}
		})
	})
}

// spellOut says the level and the status of a record's row in words, where the
// source writes a letter.
func spellOut(row *html.Node, r *content.Record) {
	i := 0
	for c := range row.ChildNodes() {
		if c.DataAtom != atom.Td && c.DataAtom != atom.Th {
			continue
		}
		if i < len(r.Cells) {
			head, said := strings.ToLower(r.Cells[i].Header), strings.Trim(r.Cells[i].Text, "* ")
			var word *html.Node
			switch {
			case r.Exigence != nil && r.Exigence.Level != content.NoLevel && r.OwnLevel() == "" && strings.Contains(head, "niveau") && said == strings.Trim(r.Exigence.RawLevel, "* "):
				word = element(atom.Span, "niv "+levelClass(r.Level()), textNode(levelLabel(string(r.Level()))))
			case r.Produit != nil && strings.Contains(head, "statut") && said == r.Produit.Status:
				word = statusLink(said)
			case r.Regle != nil && strings.Contains(head, "statut") && said == r.Regle.Status:
				word = statusLink(said)
			}
			if word != nil {
				for c.FirstChild != nil {
					c.RemoveChild(c.FirstChild)
				}
				c.AppendChild(word)
			}
		}
		i++
	}
}

// statusLink is a status in words, that leads to what is known of them; nil for
// one that nobody can read.
func statusLink(status string) *html.Node {
	word := content.StatusNamed(status).Word
	if word == "" {
		return nil
	}
	a := element(atom.A, "statut statut-"+strings.ToLower(status), element(atom.B, "", textNode(status)), textNode(" "+word))
	setAttribute(a, "href", statusesURL)
	return a
}

// enlargeable makes an image of the content a link to the image by itself, where
// it takes the whole window.
func enlargeable(img *html.Node) {
	src := attribute(img, "src")
	if !strings.HasPrefix(src, "/fichiers/") {
		return
	}
	for p := img.Parent; p != nil; p = p.Parent {
		if p.DataAtom == atom.A {
			return
		}
	}
	link := element(atom.A, "agrandir")
	setAttribute(link, "href", src)
	img.Parent.InsertBefore(link, img)
	img.Parent.RemoveChild(img)
	link.AppendChild(img)
	link.AppendChild(element(atom.Span, "petit", textNode("Agrandir le schéma")))
}

// each visits the elements of a kind below n, but not those inside another table.
func each(n *html.Node, kind atom.Atom, do func(*html.Node)) {
	for c := range n.ChildNodes() {
		switch c.DataAtom {
		case kind:
			do(c)
		case atom.Table:
		default:
			each(c, kind, do)
		}
	}
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// setAttribute sets an attribute, or takes it off when its value is "".
func setAttribute(n *html.Node, key, value string) {
	kept := n.Attr[:0]
	for _, a := range n.Attr {
		if a.Key != key {
			kept = append(kept, a)
		}
	}
	if n.Attr = kept; value != "" {
		n.Attr = append(n.Attr, html.Attribute{Key: key, Val: value})
	}
}

func textNode(s string) *html.Node { return &html.Node{Type: html.TextNode, Data: s} }

func element(kind atom.Atom, class string, children ...*html.Node) *html.Node {
	n := &html.Node{Type: html.ElementNode, DataAtom: kind, Data: kind.String()}
	if class != "" {
		setAttribute(n, "class", class)
	}
	for _, c := range children {
		n.AppendChild(c)
	}
	return n
}
