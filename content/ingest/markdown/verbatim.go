package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// verbatim keeps the tags of templates as they are written, which emphasis and
// links would else be read in.
type verbatim struct{}

func (verbatim) Trigger() []byte { return []byte{'{'} }

func (verbatim) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if len(line) < 4 {
		return nil
	}
	closing := ""
	switch line[1] {
	case '{':
		closing = "}}"
	case '%':
		closing = "%}"
	default:
		return nil
	}
	end := bytes.Index(line[2:min(len(line), maxTag)], []byte(closing))
	if end < 0 {
		return nil
	}
	end += 4
	n := ast.NewString(append([]byte(nil), line[:end]...))
	n.SetRaw(true)
	n.SetPos(segment.Start)
	block.Advance(end)
	return n
}
