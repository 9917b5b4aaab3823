package markdown

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// linkBlocker is what goldmark's parser of links does.
type linkBlocker interface {
	parser.InlineParser
	parser.CloseBlocker
}

// linkParser reads a link whose address and title end soon. goldmark would look for
// the end of each up to that of the paragraph.
type linkParser struct{ linkBlocker }

// Limits of an address in parentheses.
const (
	maxTarget      = 16 << 10 // bytes, its title included
	maxParentheses = 32       // in each other, as in cmark
)

func (p linkParser) Parse(parent ast.Node, block text.Reader, pc parser.Context) ast.Node {
	line, segment := block.PeekLine()
	if bytes.HasPrefix(line, []byte("](")) {
		src := block.Source()
		if !targetEnds(src[segment.Start+2 : min(len(src), segment.Start+2+maxTarget)]) {
			return nil
		}
	}
	return p.linkBlocker.Parse(parent, block, pc)
}

// targetEnds says whether the parenthesis of a link is closed, or another reason not
// to be one is near.
func targetEnds(src []byte) bool {
	open := 1
	var quote byte // of the title
	for i := 0; i < len(src); i++ {
		switch c := src[i]; {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '(':
			if open++; open > maxParentheses {
				return false
			}
		case c == ')':
			if open--; open == 0 {
				return true
			}
		case (c == '"' || c == '\'') && i > 0 && util.IsSpace(src[i-1]):
			quote = c
		case c == '\n' && i+1 < len(src) && src[i+1] == '\n': // the paragraph ends
			return true
		}
	}
	return len(src) < maxTarget && quote == 0 && open <= 1
}
