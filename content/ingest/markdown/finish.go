package markdown

import (
	"bytes"
	"strconv"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// finish gives the nodes their lines and holds the page to its limits.
type finish struct{}

// maxInline is how deep emphasis and links may be in each other.
const maxInline = 60

// A definition of a link costs its length at each use: together they may make
// up to so many bytes, and twice the page.
const maxReferences = 100 << 10

func (finish) Transform(doc *ast.Document, reader text.Reader, pc parser.Context) {
	c := conversionOf(pc)
	if c == nil {
		return
	}
	src := reader.Source()
	references, depth := 0, 0
	var replaced []ast.Node
	for n := ast.Node(doc); n != nil; {
		if n.Type() == ast.TypeInline && depth > maxInline+2*maxNesting+10 && n.HasChildren() {
			n.RemoveChildren(n)
			c.nested = true
		}
		switch n := n.(type) {
		case *ast.Heading, *ast.Paragraph, *ast.ListItem, *east.TableRow, *east.TableHeader, *east.DefinitionTerm, *ast.AutoLink:
			c.mark(n)
		case *ast.Link:
			references += len(n.Destination) + len(n.Title)
			c.mark(n)
			if references > maxReferences+2*len(src) {
				replaced = append(replaced, n)
			}
		case *ast.Image:
			references += len(n.Destination) + len(n.Title)
			c.mark(n)
			if references > maxReferences+2*len(src) {
				replaced = append(replaced, n)
			}
		case *ast.HTMLBlock, *ast.RawHTML:
			c.raw = true
			replaced = append(replaced, n)
		case *east.FootnoteBacklink:
			if n.RefIndex > 0 { // one way back is enough
				replaced = append(replaced, n)
			}
		case *ast.CodeSpan:
			if _, cell := n.Parent().(*east.TableCell); cell {
				unescapePipes(n, src)
			}
		}
		// Without recursion: the tree may be as deep as the page is long.
		switch {
		case n.HasChildren():
			n = n.FirstChild()
			depth++
		default:
			for n != nil && n.NextSibling() == nil {
				n = n.Parent()
				depth--
			}
			if n != nil {
				n = n.NextSibling()
			}
		}
	}
	named := false
	for _, n := range replaced {
		parent := n.Parent()
		if parent == nil {
			continue
		}
		switch n.(type) {
		case *ast.HTMLBlock, *ast.RawHTML:
			parent.ReplaceChild(parent, n, c.rawNode(n, src))
			continue
		case *east.FootnoteBacklink:
			parent.RemoveChild(parent, n)
			continue
		}
		if !named {
			named = true
			c.report(c.line(offsetOf(n)), "trop-grand", "les adresses de liens définies une fois et citées souvent dépassent la taille permise : les liens qui suivent perdent la leur")
		}
		for g := n.FirstChild(); g != nil; g = n.FirstChild() {
			parent.InsertBefore(parent, n, g)
		}
		parent.RemoveChild(parent, n)
	}
	if c.wide >= 0 {
		c.report(c.line(c.wide), "trop-grand", "un tableau est fait presque seulement de cases vides : il est lu comme du texte")
	}
}

func (c *conversion) mark(n ast.Node) {
	if at := offsetOf(n); at >= 0 {
		n.SetAttributeString(lineAttr, []byte(strconv.Itoa(c.line(at))))
	}
}

// offsetOf is where a node begins in the source; -1 when nothing tells.
func offsetOf(n ast.Node) int {
	for g := n.FirstChild(); g != nil && n.Type() == ast.TypeInline; g = g.FirstChild() {
		if t, ok := g.(*ast.Text); ok {
			return t.Segment.Start
		}
	}
	if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
		return n.Lines().At(0).Start
	}
	return n.Pos()
}

// unescapePipes reads \| in the code of a cell as a bar, as GFM does.
func unescapePipes(code ast.Node, src []byte) {
	for c := code.FirstChild(); c != nil; c = c.NextSibling() {
		t, ok := c.(*ast.Text)
		if !ok {
			continue
		}
		i := bytes.Index(t.Segment.Value(src), []byte(`\|`))
		if i < 0 {
			continue
		}
		at := t.Segment.Start + i - t.Segment.Padding
		before := ast.NewRawTextSegment(t.Segment.WithStop(at))
		after := ast.NewRawTextSegment(t.Segment.WithStart(at + 1))
		code.InsertBefore(code, t, before)
		code.InsertBefore(code, t, after)
		code.RemoveChild(code, t)
		c = before
	}
}
