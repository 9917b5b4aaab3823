package markdown

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// formulas leaves $x_1$ and $$…$$ readable, as they are written: Markdown would
// read emphasis in them. A dollar that is money is none, by pandoc's rule: the
// first is followed by no blank, the last follows none and precedes no digit.
type formulas struct{}

func (formulas) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(formulas{}, 160)), parser.WithBlockParsers(util.Prioritized(formulaBlock{}, 650)))
}

func (formulas) Trigger() []byte { return []byte{'$'} }

func (formulas) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	mark := 1
	if bytes.HasPrefix(line, []byte("$$")) {
		mark = 2
	}
	if len(line) < 2*mark+1 || util.IsSpace(line[mark]) || line[mark] == '$' {
		return nil
	}
	for at := mark; ; {
		i := bytes.IndexByte(line[at:], '$')
		if i <= 0 {
			return nil
		}
		end := at + i
		if line[end-1] == '\\' || mark == 2 && !bytes.HasPrefix(line[end:], []byte("$$")) {
			at = end + 1
			continue
		}
		after := end + mark
		if util.IsSpace(line[end-1]) || after < len(line) && line[after] >= '0' && line[after] <= '9' {
			return nil
		}
		n := ast.NewCodeSpan()
		n.AppendChild(n, ast.NewRawTextSegment(text.NewSegment(segment.Start, segment.Start+after)))
		block.Advance(after)
		return n
	}
}

// formulaBlock reads what stands between lines $$.
type formulaBlock struct{}

func (formulaBlock) Trigger() []byte             { return []byte{'$'} }
func (formulaBlock) CanInterruptParagraph() bool { return true }
func (formulaBlock) CanAcceptIndentedLine() bool { return false }

func (formulaBlock) Open(_ ast.Node, reader text.Reader, _ parser.Context) (ast.Node, parser.State) {
	line, _ := reader.PeekLine()
	if string(bytes.TrimSpace(line)) != "$$" || !bytes.Contains(reader.Source()[min(segmentEnd(reader), len(reader.Source())):], []byte("$$")) {
		return nil, parser.NoChildren
	}
	reader.AdvanceToEOL()
	return ast.NewCodeBlock(), parser.NoChildren
}

func segmentEnd(reader text.Reader) int {
	_, segment := reader.PeekLine()
	return segment.Stop
}

func (formulaBlock) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	line, segment := reader.PeekLine()
	if string(bytes.TrimSpace(line)) == "$$" {
		reader.AdvanceToEOL()
		return parser.Close
	}
	node.Lines().Append(segment)
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

func (formulaBlock) Close(ast.Node, text.Reader, parser.Context) {}
