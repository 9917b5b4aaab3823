package markdown

import (
	"bytes"
	"sort"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// raw is HTML as the page has it, with lines added to its tags.
type raw struct {
	ast.BaseInline
	html string
}

var kindRaw = ast.NewNodeKind("Raw")

func (*raw) Kind() ast.NodeKind            { return kindRaw }
func (n *raw) Dump(source []byte, lvl int) { ast.DumpHelper(n, source, lvl, nil, nil) }

type rawRenderer struct{}

func (rawRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindRaw, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			_, _ = w.WriteString(n.(*raw).html)
		}
		return ast.WalkSkipChildren, nil
	})
}

// rawNode gives the HTML of a node, whose tags bear their lines.
func (c *conversion) rawNode(n ast.Node, src []byte) *raw {
	var segments []text.Segment
	switch n := n.(type) {
	case *ast.RawHTML:
		for i := range n.Segments.Len() {
			segments = append(segments, n.Segments.At(i))
		}
	case *ast.HTMLBlock:
		for i := range n.Lines().Len() {
			segments = append(segments, n.Lines().At(i))
		}
		if n.HasClosure() {
			segments = append(segments, n.ClosureLine)
		}
	}
	var b bytes.Buffer
	starts := make([]int, len(segments)) // of the segments, in b
	for i, s := range segments {
		starts[i] = b.Len()
		b.Write(s.Value(src))
	}
	lineAt := func(at int) int {
		i := max(sort.SearchInts(starts, at+1)-1, 0)
		if len(segments) == 0 {
			return c.line(max(n.Pos(), 0))
		}
		return c.line(segments[i].Start + at - starts[i])
	}
	return &raw{html: withLines(b.String(), lineAt)}
}
