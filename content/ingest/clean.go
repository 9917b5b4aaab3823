package ingest

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
	atom.Applet, atom.Audio, atom.Base, atom.Button, atom.Canvas, atom.Embed, atom.Frame, atom.Frameset, atom.Head, atom.Iframe, atom.Input,
	atom.Link, atom.Map, atom.Math, atom.Meta, atom.Noembed, atom.Noframes, atom.Noscript, atom.Object, atom.Param, atom.Plaintext, atom.Script,
	atom.Select, atom.Source, atom.Style, atom.Svg, atom.Template, atom.Textarea, atom.Title, atom.Track, atom.Video, atom.Xmp,
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
	case "encart", "mermaid":
		return true
	}
	return strings.HasPrefix(c, "inc_") || strings.HasPrefix(c, "new_") || strings.HasPrefix(c, "maj_") || strings.HasPrefix(c, "language-")
}

// keptClasses are those of a list that are kept.
func keptClasses(s string) string {
	if single(s) {
		if keepClass(s) {
			return s
		}
		return ""
	}
	var list []string
	for c := range strings.FieldsSeq(s) {
		if keepClass(c) {
			list = append(list, c)
		}
	}
	return strings.Join(list, " ")
}

// clean applies the allow list below n, and reports what was unsafe.
func (k *desk) clean(n *html.Node, report func(code, format string, args ...any), depth int) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		switch c.Type {
		case html.TextNode:
		case html.ElementNode:
			if depth > 200 {
				n.RemoveChild(c)
				report("trop-profond", "plus de 200 éléments imbriqués : la suite est retirée")
				break
			}
			if c.DataAtom == atom.Input && attr(c, "type") == "checkbox" {
				mark := "☐ "
				if hasAttr(c, "checked") {
					mark = "☑ "
				}
				n.InsertBefore(k.textNode(mark), c)
			}
			if removed[c.DataAtom] || c.Namespace != "" {
				if dangerous[c.DataAtom] || c.Namespace != "" {
					report("html-refuse", "l’élément <%s> n’est pas permis et a été retiré", c.Data)
				}
				n.RemoveChild(c)
				break
			}
			if !allowed[c.DataAtom] {
				if dangerous[c.DataAtom] {
					report("html-refuse", "l’élément <%s> n’est pas permis et a été retiré", c.Data)
				}
				if c.FirstChild != nil {
					next = c.FirstChild
					for g := c.FirstChild; g != nil; g = c.FirstChild {
						c.RemoveChild(g)
						n.InsertBefore(g, c)
					}
				}
				n.RemoveChild(c)
				break
			}
			cleanAttrs(c, report)
			k.clean(c, report, depth+1)
		default:
			n.RemoveChild(c) // comments, doctypes
		}
		c = next
	}
}

// siteIDs are elements of every page of the site, which a page's own HTML must
// not pass for. (Headings keep such an anchor: it comes after the site's.)
var siteIDs = map[string]bool{"contenu": true, "q": true, "suggestions": true, "etat": true, "affiner": true, "mots": true, "profil": true, "recherche": true}

func cleanAttrs(n *html.Node, report func(code, format string, args ...any)) {
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
		case "data-composant":
			keep = n.DataAtom == atom.Table
		case "class":
			a.Val = keptClasses(a.Val)
			keep = a.Val != ""
		default:
			if strings.HasPrefix(strings.ToLower(a.Key), "on") {
				report("html-refuse", "l’attribut %s de <%s> n’est pas permis et a été retiré", a.Key, n.Data)
			}
		}
		if keep {
			kept = append(kept, a)
		}
	}
	n.Attr = kept
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key {
			return true
		}
	}
	return false
}

func delAttr(n *html.Node, key string) {
	for i, a := range n.Attr {
		if a.Key == key {
			n.Attr = append(n.Attr[:i], n.Attr[i+1:]...)
			return
		}
	}
}

// walk visits the elements below n in document order; into says whether to go
// deeper.
func walk(n *html.Node, visit func(*html.Node) (into bool)) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if visit(c) {
			walk(c, visit)
		}
		c = next
	}
}

// childrenOf lists the elements of a tag below n, not inside another table nor,
// as none is there, inside a row.
func (k *desk) childrenOf(n *html.Node, tag atom.Atom) []*html.Node {
	count := 0
	each(n, tag, func(*html.Node) { count++ })
	out := k.lists.take(count)[:0]
	each(n, tag, func(c *html.Node) { out = append(out, c) })
	return out
}

func each(n *html.Node, tag atom.Atom, do func(*html.Node)) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case tag:
			do(c)
		case atom.Table, atom.Tr:
		default:
			each(c, tag, do)
		}
	}
}
