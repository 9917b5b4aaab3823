package markdown

import (
	"errors"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// maxNesting is how deep quotations, lists and callouts may be in each other.
const maxNesting = 50

// blockParsers are goldmark's, which open nothing below maxNesting.
func blockParsers() []util.PrioritizedValue {
	list := parser.DefaultBlockParsers()
	for i, p := range list {
		switch p.Priority {
		case 300, 400, 800: // lists, their items, quotations
			list[i].Value = shallowParser{p.Value.(parser.BlockParser)}
		}
	}
	return list
}

// inlineParsers are goldmark's, which look no further than people write for the
// end of a link.
func inlineParsers() []util.PrioritizedValue {
	list := parser.DefaultInlineParsers()
	for i, p := range list {
		if p.Priority == 200 {
			list[i].Value = linkParser{p.Value.(linkBlocker)}
		}
	}
	return list
}

// shallowParser opens a block where its place is not too deep. What goes deeper
// is text.
type shallowParser struct{ parser.BlockParser }

func (p shallowParser) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if tooDeep(parent, pc) {
		return nil, parser.NoChildren
	}
	return p.BlockParser.Open(parent, reader, pc)
}

func tooDeep(parent ast.Node, pc parser.Context) bool {
	depth := 0
	for n := parent; n != nil; n = n.Parent() {
		if depth++; depth > 2*maxNesting { // a list and its item are one step
			if c := conversionOf(pc); c != nil {
				c.nested = true
			}
			return true
		}
	}
	return false
}

// errStopped ends a conversion whose context has ended.
var errStopped = errors.New("interrompu")

// guard is asked at every line and at every mark, and reads nothing: it ends the
// conversion when its context does, as goldmark has no way to be stopped.
type guard struct{}

func (guard) Trigger() []byte                                             { return []byte(" [*_`<!&") }
func (guard) Parse(_ ast.Node, _ text.Reader, pc parser.Context) ast.Node { return check(pc) }
func (guard) Continue(ast.Node, text.Reader, parser.Context) parser.State { return parser.Close }
func (guard) Close(ast.Node, text.Reader, parser.Context)                 {}
func (guard) CanInterruptParagraph() bool                                 { return true }
func (guard) CanAcceptIndentedLine() bool                                 { return true }

func (guard) Open(_ ast.Node, _ text.Reader, pc parser.Context) (ast.Node, parser.State) {
	return check(pc), parser.NoChildren
}

func check(pc parser.Context) ast.Node {
	if c := conversionOf(pc); c != nil {
		if c.calls++; c.calls%256 == 0 && c.ctx.Err() != nil {
			panic(errStopped)
		}
	}
	return nil
}
