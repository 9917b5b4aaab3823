package markdown

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// tables is goldmark's extension of that name, which makes no table that is
// mostly empty cells: a row of a thousand columns may be written in two bytes.
type tables struct{}

func (tables) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithParagraphTransformers(util.Prioritized(tables{}, 200)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(extension.NewTableHTMLRenderer(), 500)))
}

// maxEmptyCells is how many cells a table may have that are not written.
const maxEmptyCells = 20_000

func (tables) Transform(node *ast.Paragraph, reader text.Reader, pc parser.Context) {
	lines, src := node.Lines(), reader.Source()
	columns, rows, bars := 0, 0, 0
	for i := range lines.Len() {
		segment := lines.At(i)
		line := segment.Value(src)
		n := bytes.Count(line, []byte("|"))
		if columns == 0 && i > 0 && isDelimiter(line) {
			columns = n + 1
			continue
		}
		if columns > 0 {
			rows++
			bars += n
		}
	}
	if columns*rows > maxEmptyCells+4*bars {
		if c := conversionOf(pc); c != nil && c.wide < 0 {
			c.wide = lines.At(0).Start
		}
		return
	}
	extension.NewTableParagraphTransformer().Transform(node, reader, pc)
}

func isDelimiter(line []byte) bool {
	return len(bytes.Trim(line, " \t\n|:-")) == 0 && bytes.IndexByte(line, '-') >= 0
}

// tasks is goldmark's extension for task lists, which would take [x](address) for
// one that is done.
type tasks struct{ parser.InlineParser }

func (tasks) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(tasks{extension.NewTaskCheckBoxParser()}, 0)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(extension.NewTaskCheckBoxHTMLRenderer(), 500)))
}

func (t tasks) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	if line, _ := block.PeekLine(); len(line) > 3 && !util.IsSpace(line[3]) {
		return nil
	}
	return t.InlineParser.Parse(parent, block, pc)
}

// footnotes is goldmark's extension of that name, for as many as a page may have:
// each is looked for among all others.
type footnotes struct{ parser.BlockParser }

const maxFootnotes = 2000

func (footnotes) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(
		parser.WithBlockParsers(util.Prioritized(footnotes{extension.NewFootnoteBlockParser()}, 999)),
		parser.WithInlineParsers(util.Prioritized(extension.NewFootnoteParser(), 101)),
		parser.WithASTTransformers(util.Prioritized(extension.NewFootnoteASTTransformer(), 999)),
	)
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(extension.NewFootnoteHTMLRenderer(), 500)))
}

func (f footnotes) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	c := conversionOf(pc)
	if c == nil || c.notes >= maxFootnotes {
		return nil, parser.NoChildren
	}
	n, state := f.BlockParser.Open(parent, reader, pc)
	if n != nil {
		c.notes++
	}
	return n, state
}
