package ingest

import (
	"cmp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parse reads HTML into a <div>. What goldmark writes is regular: every element
// has its own end tag and stands where it may, so that no rule of the HTML
// standard that moves, closes or repeats elements applies. Such HTML is read in
// one pass, into nodes of the desk; any other is left to x/net/html. FuzzTree
// holds the two to the same tree.
func (k *desk) parse(s string) (*html.Node, error) {
	if root := k.regular(s); root != nil {
		return root, nil
	}
	root := k.element(atom.Div, "")
	nodes, err := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, DataAtom: atom.Body, Data: "body"})
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root, err
}

// maxRegular is how deep regular HTML may be; x/net/html gives up at 512.
const maxRegular = 256

// regular reads regular HTML; nil when it is not.
func (k *desk) regular(s string) *html.Node {
	if strings.IndexByte(s, 0) >= 0 || strings.IndexByte(s, '\r') >= 0 {
		return nil
	}
	root := k.element(atom.Div, "")
	top, depth := root, 0
	for at := 0; at < len(s); {
		if s[at] != '<' {
			end := strings.IndexByte(s[at:], '<')
			if end < 0 {
				end = len(s) - at
			}
			if !k.text(top, s[at:at+end]) {
				return nil
			}
			at += end
			continue
		}
		if strings.HasPrefix(s[at:], "</br>") { // is read as <br>
			n := k.node(html.ElementNode, atom.Br, "br")
			if !fits(n, tagVoid, top) {
				return nil
			}
			top.AppendChild(n)
			at += len("</br>")
			continue
		}
		if strings.HasPrefix(s[at:], "</") {
			name := top.Data
			end := at + 2 + len(name)
			if top == root || end >= len(s) || s[at+2:end] != name || s[end] != '>' {
				return nil
			}
			top, depth, at = top.Parent, depth-1, end+1
			continue
		}
		n, kind, next := k.startTag(s, at+1)
		if n == nil || !fits(n, kind, top) {
			return nil
		}
		top.AppendChild(n)
		if at = next; kind != tagVoid && kind != tagRule {
			top, depth = n, depth+1
		}
		if depth > maxRegular {
			return nil
		}
	}
	if top != root {
		return nil
	}
	return root
}

// text adds a text; false where it would not stay.
func (k *desk) text(top *html.Node, s string) bool {
	switch top.DataAtom {
	case atom.Table, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr:
		if strings.Trim(s, " \t\n\f") != "" {
			return false
		}
	}
	if strings.IndexByte(s, '&') >= 0 {
		s = html.UnescapeString(s)
	}
	if top.DataAtom == atom.Pre && top.FirstChild == nil {
		s = strings.TrimPrefix(strings.TrimPrefix(s, "\r"), "\n")
	}
	if s = strings.ReplaceAll(s, "\x00", ""); s != "" {
		top.AppendChild(k.textNode(s))
	}
	return true
}

// tagKind is what the standard does at a start tag.
type tagKind int

const (
	tagOther      tagKind = iota // not regular here
	tagPlain                     // nothing
	tagFormatting                // its attributes are sorted
	tagBlock                     // closes a paragraph, as do all below
	tagHeading
	tagRule // is empty
	tagItem
	tagDefinition
	tagCaption // stands in a table, without a paragraph to close, as do all below
	tagRows
	tagRow
	tagCell
	tagVoid // is empty, and closes nothing
)

func tagOf(name string) (atom.Atom, tagKind) {
	switch name {
	case "p":
		return atom.P, tagBlock
	case "td":
		return atom.Td, tagCell
	case "tr":
		return atom.Tr, tagRow
	case "li":
		return atom.Li, tagItem
	case "strong":
		return atom.Strong, tagFormatting
	case "a":
		return atom.A, tagFormatting
	case "code":
		return atom.Code, tagFormatting
	case "em":
		return atom.Em, tagFormatting
	case "b":
		return atom.B, tagFormatting
	case "i":
		return atom.I, tagFormatting
	case "s":
		return atom.S, tagFormatting
	case "small":
		return atom.Small, tagFormatting
	case "u":
		return atom.U, tagFormatting
	case "br":
		return atom.Br, tagVoid
	case "img":
		return atom.Img, tagVoid
	case "input":
		return atom.Input, tagVoid
	case "hr":
		return atom.Hr, tagRule
	case "th":
		return atom.Th, tagCell
	case "h1":
		return atom.H1, tagHeading
	case "h2":
		return atom.H2, tagHeading
	case "h3":
		return atom.H3, tagHeading
	case "h4":
		return atom.H4, tagHeading
	case "h5":
		return atom.H5, tagHeading
	case "h6":
		return atom.H6, tagHeading
	case "ul":
		return atom.Ul, tagBlock
	case "ol":
		return atom.Ol, tagBlock
	case "dl":
		return atom.Dl, tagBlock
	case "dt":
		return atom.Dt, tagDefinition
	case "dd":
		return atom.Dd, tagDefinition
	case "div":
		return atom.Div, tagBlock
	case "pre":
		return atom.Pre, tagBlock
	case "blockquote":
		return atom.Blockquote, tagBlock
	case "table":
		return atom.Table, tagBlock
	case "details":
		return atom.Details, tagBlock
	case "summary":
		return atom.Summary, tagBlock
	case "figure":
		return atom.Figure, tagBlock
	case "figcaption":
		return atom.Figcaption, tagBlock
	case "caption":
		return atom.Caption, tagCaption
	case "thead":
		return atom.Thead, tagRows
	case "tbody":
		return atom.Tbody, tagRows
	case "tfoot":
		return atom.Tfoot, tagRows
	case "span":
		return atom.Span, tagPlain
	case "del":
		return atom.Del, tagPlain
	case "ins":
		return atom.Ins, tagPlain
	case "sub":
		return atom.Sub, tagPlain
	case "sup":
		return atom.Sup, tagPlain
	case "abbr":
		return atom.Abbr, tagPlain
	case "cite":
		return atom.Cite, tagPlain
	case "kbd":
		return atom.Kbd, tagPlain
	case "mark":
		return atom.Mark, tagPlain
	case "q":
		return atom.Q, tagPlain
	}
	return 0, tagOther
}

// fits says whether an element stays where its start tag stands, and moves
// nothing else.
func fits(n *html.Node, k tagKind, top *html.Node) bool {
	switch top.DataAtom { // what is in a table has its place
	case atom.Table:
		return k == tagCaption || k == tagRows
	case atom.Thead, atom.Tbody, atom.Tfoot:
		return k == tagRow
	case atom.Tr:
		return k == tagCell
	}
	switch k {
	case tagPlain, tagVoid:
		return true
	case tagFormatting:
		if n.DataAtom == atom.A { // none in another
			for p := top; p != nil; p = p.Parent {
				if p.DataAtom == atom.A {
					return false
				}
			}
		}
		return true
	case tagItem:
		if top.DataAtom != atom.Ul && top.DataAtom != atom.Ol {
			return false
		}
	case tagDefinition:
		if top.DataAtom != atom.Dl {
			return false
		}
	case tagHeading:
		if headingLevel(top) > 0 {
			return false
		}
	case tagBlock, tagRule:
	default:
		return false
	}
	for p := top; p != nil; p = p.Parent {
		switch p.DataAtom {
		case atom.P:
			return false
		case atom.Table, atom.Td, atom.Th, atom.Caption:
			return true
		}
	}
	return true
}

// startTag reads a tag from its name on; nil when it is not written as usual.
func (k *desk) startTag(s string, at int) (*html.Node, tagKind, int) {
	from := at
	for at < len(s) && (s[at] >= 'a' && s[at] <= 'z' || s[at] >= '0' && s[at] <= '9') {
		at++
	}
	name := s[from:at]
	tag, kind := tagOf(name)
	if kind == tagOther {
		return nil, kind, 0
	}
	n := k.node(html.ElementNode, tag, name)
	var list [8]html.Attribute
	attrs := list[:0]
	for {
		blank := at
		for at < len(s) && (s[at] == ' ' || s[at] == '\n' || s[at] == '\t') {
			at++
		}
		if at >= len(s) {
			return nil, kind, 0
		}
		if s[at] == '>' {
			at++
			break
		}
		if strings.HasPrefix(s[at:], "/>") && (kind == tagVoid || kind == tagRule) {
			at += 2
			break
		}
		from := at
		for at < len(s) && (s[at] >= 'a' && s[at] <= 'z' || s[at] >= '0' && s[at] <= '9' || s[at] == '-') {
			at++
		}
		a := html.Attribute{Key: s[from:at]}
		if a.Key == "" || blank == from || len(attrs) == cap(attrs) {
			return nil, kind, 0
		}
		for _, other := range attrs {
			if other.Key == a.Key {
				return nil, kind, 0
			}
		}
		if strings.HasPrefix(s[at:], `="`) {
			end := strings.IndexByte(s[at+2:], '"')
			if end < 0 {
				return nil, kind, 0
			}
			a.Val = s[at+2 : at+2+end]
			at += end + 3
			if strings.IndexByte(a.Val, '&') >= 0 {
				var ok bool
				if a.Val, ok = unescapeValue(a.Val); !ok {
					return nil, kind, 0
				}
			}
		} else if at >= len(s) || s[at] != '>' && s[at] != ' ' {
			return nil, kind, 0
		}
		attrs = append(attrs, a)
	}
	if len(attrs) > 0 {
		if kind == tagFormatting && len(attrs) > 1 {
			slices.SortFunc(attrs, func(a, b html.Attribute) int { return cmp.Compare(a.Key, b.Key) })
		}
		n.Attr = k.attrs.take(len(attrs))
		copy(n.Attr, attrs)
	}
	return n, kind, at
}

// unescapeValue reads the value of an attribute; false where an ampersand is not
// the start of an entity that goldmark writes, as other rules hold than in text.
func unescapeValue(s string) (string, bool) {
	for rest := s; ; {
		i := strings.IndexByte(rest, '&')
		if i < 0 {
			return html.UnescapeString(s), true
		}
		rest = rest[i+1:]
		switch name, _, _ := strings.Cut(rest, ";"); name {
		case "amp", "lt", "gt", "quot", "#39", "#34":
		default:
			return s, false
		}
	}
}
