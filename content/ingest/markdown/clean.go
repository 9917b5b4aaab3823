package markdown

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The allow list. An element that is not in it is unwrapped (its text stays) or,
// when its content is no text, removed whole. The tree that is cleaned is the
// one that is written, by the same package, so no second parse can read
// something else into it.
var allowed = set(
	atom.A, atom.Abbr, atom.B, atom.Blockquote, atom.Br, atom.Caption, atom.Cite, atom.Code, atom.Dd, atom.Del, atom.Details, atom.Dfn,
	atom.Div, atom.Dl, atom.Dt, atom.Em, atom.Figcaption, atom.Figure, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Hr, atom.I,
	atom.Img, atom.Ins, atom.Kbd, atom.Li, atom.Mark, atom.Ol, atom.P, atom.Pre, atom.Q, atom.S, atom.Samp, atom.Small, atom.Span, atom.Strong,
	atom.Sub, atom.Summary, atom.Sup, atom.Table, atom.Tbody, atom.Td, atom.Tfoot, atom.Th, atom.Thead, atom.Tr, atom.U, atom.Ul, atom.Var,
)

// removed elements go with all that is in them.
var removed = set(
	atom.Applet, atom.Base, atom.Embed, atom.Frame, atom.Frameset, atom.Head, atom.Iframe, atom.Input,
	atom.Link, atom.Math, atom.Meta, atom.Noembed, atom.Noframes, atom.Noscript, atom.Param, atom.Plaintext, atom.Script,
	atom.Select, atom.Source, atom.Style, atom.Svg, atom.Template, atom.Textarea, atom.Title, atom.Track, atom.Xmp,
)

func set(list ...atom.Atom) map[atom.Atom]bool {
	m := make(map[atom.Atom]bool, len(list))
	for _, a := range list {
		m[a] = true
	}
	return m
}

// dangerous elements are worth a word to the editors when they are removed.
var dangerous = set(
	atom.Script, atom.Iframe, atom.Object, atom.Embed, atom.Svg, atom.Math, atom.Base, atom.Form, atom.Meta, atom.Style, atom.Link, atom.Template,
	atom.Applet, atom.Frameset,
)

// keepClass keeps the classes of our style sheet and the ones that carry
// data in the official product tables.
func keepClass(c string) bool {
	switch c {
	case "encart", "mermaid", "footnote-ref", "footnote-backref":
		return true
	}
	return strings.HasPrefix(c, "inc_") || strings.HasPrefix(c, "new_") || strings.HasPrefix(c, "maj_") || strings.HasPrefix(c, "language-")
}

// keptClasses are those of a list that are kept.
func keptClasses(s string) string {
	var list []string
	for c := range strings.FieldsSeq(s) {
		if keepClass(c) {
			list = append(list, c)
		}
	}
	return strings.Join(list, " ")
}

// clean applies the allow list to the whole page, and names what was unsafe.
func (d *Document) clean(root *html.Node) { d.cleanBelow(root, d.BodyLine, 0) }

func (d *Document) cleanBelow(n *html.Node, line, depth int) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch c.Type {
		case html.TextNode:
		case html.ElementNode:
			if depth > maxDepth {
				n.RemoveChild(c)
				d.once("trop-profond", line, "plus de %d éléments imbriqués : la suite est retirée", maxDepth)
				break
			}
			at := LineOf(c, line)
			if c.DataAtom == atom.Input && Attr(c, "type") == "checkbox" {
				mark := "☐ "
				if HasAttr(c, "checked") {
					mark = "☑ "
				}
				n.InsertBefore(TextNode(mark), c)
			}
			foreign := c.Namespace != ""
			if dangerous[c.DataAtom] || foreign {
				d.Problem(at, "html-refuse", "l’élément <%s> n’est pas permis et a été retiré", Clip(c.Data, 40))
			}
			if removed[c.DataAtom] || foreign {
				n.RemoveChild(c)
				break
			}
			if !allowed[c.DataAtom] {
				if c.FirstChild != nil {
					next = c.FirstChild
				}
				Unwrap(c)
				break
			}
			d.cleanAttrs(c, at)
			d.cleanBelow(c, at, depth+1)
		default:
			n.RemoveChild(c) // comments, doctypes
		}
		c = next
	}
}

// siteIDs are elements of every page of the site, which a page's own HTML must
// not pass for. (Headings keep such an anchor: it comes after the site's.)
var siteIDs = map[string]bool{"contenu": true, "q": true, "suggestions": true, "etat": true, "affiner": true, "mots": true, "profil": true, "recherche": true}

func (d *Document) cleanAttrs(n *html.Node, line int) {
	kept := n.Attr[:0]
	for _, a := range n.Attr {
		keep := false
		switch strings.ToLower(a.Key) {
		case "id", "name", "title", "lang":
			keep = a.Namespace == "" && !siteIDs[a.Val]
		case "href":
			keep = n.DataAtom == atom.A
		case "src", "alt", "width", "height":
			keep = n.DataAtom == atom.Img
		case "colspan", "rowspan", "scope":
			keep = n.DataAtom == atom.Td || n.DataAtom == atom.Th
		case "start":
			keep = n.DataAtom == atom.Ol
		case "role":
			keep = a.Val == "note"
		case componentMark:
			keep = n.DataAtom == atom.Table
		case lineAttr:
			keep = lineOf(a.Val) > 0
		case "class":
			a.Val = keptClasses(a.Val)
			keep = a.Val != ""
		default:
			if strings.HasPrefix(strings.ToLower(a.Key), "on") {
				d.Problem(line, "html-refuse", "l’attribut %s de <%s> n’est pas permis et a été retiré", Clip(a.Key, 40), n.Data)
			}
		}
		if keep {
			kept = append(kept, a)
		}
	}
	n.Attr = kept
}
