package markdown

import (
	"bytes"
	"sort"
	"sync"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
)

// codeIn tells whether a place of a text is in code of any kind: a fence, an
// indented block, between back-ticks, or the HTML for it.
func codeIn(body string) func(int) bool {
	src := []byte(body)
	type span struct{ from, to int }
	var spans []span
	add := func(s text.Segment) { spans = append(spans, span{s.Start, s.Stop}) }
	open := 0 // elements of code in running text
	var in ast.Node
	_ = ast.Walk(codeParser().Parse(text.NewReader(src)), func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.CodeBlock:
			if before, ok := n.PreviousSibling().(*ast.HTMLBlock); ok && leavesOpen(before, src) {
				return ast.WalkSkipChildren, nil // no code, but HTML that goes on below its indentation
			}
			for i := range n.Lines().Len() {
				add(n.Lines().At(i))
			}
			return ast.WalkSkipChildren, nil
		case *ast.FencedCodeBlock:
			for i := range n.Lines().Len() {
				add(n.Lines().At(i))
			}
			return ast.WalkSkipChildren, nil
		case *ast.CodeSpan:
			for c := n.FirstChild(); c != nil; c = c.NextSibling() {
				if t, ok := c.(*ast.Text); ok {
					add(t.Segment)
				}
			}
			return ast.WalkSkipChildren, nil
		case *ast.HTMLBlock:
			htmlCode(n, src, add)
		case *ast.RawHTML:
			if n.Parent() != in {
				in, open = n.Parent(), 0
			}
			switch tag := n.Segments.At(0); {
			case codeTag(tag.Value(src), "<"):
				open++
			case codeTag(tag.Value(src), "</"):
				open = max(open-1, 0)
			}
		case *ast.Text:
			if open > 0 && n.Parent() == in {
				add(n.Segment)
			}
		}
		return ast.WalkContinue, nil
	})
	sort.Slice(spans, func(i, k int) bool { return spans[i].from < spans[k].from })
	return func(i int) bool {
		k := sort.Search(len(spans), func(k int) bool { return spans[k].to > i })
		return k < len(spans) && spans[k].from <= i
	}
}

// codeParser reads what tells code from text, and nothing more.
var codeParser = sync.OnceValue(func() parser.Parser {
	p := parser.NewParser(parser.WithBlockParsers(blockParsers()...),
		parser.WithInlineParsers(util.Prioritized(parser.NewCodeSpanParser(), 100), util.Prioritized(parser.NewRawHTMLParser(), 400)))
	return p
})

// leavesOpen says whether a block of HTML ends within an element of it.
func leavesOpen(n *ast.HTMLBlock, src []byte) bool {
	open := 0
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		z := html.NewTokenizer(bytes.NewReader(segment.Value(src)))
		for kind := z.Next(); kind != html.ErrorToken; kind = z.Next() {
			name, _ := z.TagName()
			switch {
			case !nesting[string(name)]:
			case kind == html.StartTagToken:
				open++
			case kind == html.EndTagToken:
				open--
			}
		}
	}
	return open > 0
}

func codeTag(tag []byte, open string) bool {
	for _, name := range [...]string{"code", "pre", "samp", "kbd", "script", "style"} {
		if rest, ok := bytes.CutPrefix(bytes.ToLower(tag), []byte(open+name)); ok && (len(rest) == 0 || rest[0] == '>' || rest[0] == ' ' || rest[0] == '\n') {
			return true
		}
	}
	return false
}

// htmlCode finds the code in a block of HTML.
func htmlCode(n *ast.HTMLBlock, src []byte, add func(text.Segment)) {
	open := 0
	for i := range n.Lines().Len() {
		segment := n.Lines().At(i)
		z := html.NewTokenizer(bytes.NewReader(segment.Value(src)))
		at := segment.Start
		for {
			kind := z.Next()
			part := z.Raw()
			if kind == html.ErrorToken {
				break
			}
			switch {
			case kind == html.StartTagToken && codeTag(part, "<"):
				open++
			case kind == html.EndTagToken && codeTag(part, "</"):
				open = max(open-1, 0)
			case open > 0:
				add(text.NewSegment(at, at+len(part)))
			}
			at += len(part)
		}
		if open > 0 && at < segment.Stop {
			add(text.NewSegment(at, segment.Stop))
		}
	}
}
