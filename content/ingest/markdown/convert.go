package markdown

import (
	"context"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	rhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// converter is shared; several goroutines may use it at once. Raw HTML passes
// through it: the whole page is cleaned afterwards, as one tree, because pages mix
// both within one table.
var converter = sync.OnceValue(func() goldmark.Markdown {
	m := goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(blockParsers()...),
			parser.WithInlineParsers(inlineParsers()...),
			parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
			parser.WithHeadingAttribute(),
		)),
		goldmark.WithExtensions(tables{}, tasks{}, extension.Strikethrough, extension.DefinitionList, extension.Linkify, footnotes{},
			callouts{}, wikiLinks{}, formulas{}),
		goldmark.WithRendererOptions(rhtml.WithUnsafe()),
	)
	m.Parser().AddOptions(
		parser.WithBlockParsers(util.Prioritized(guard{}, 1)),
		parser.WithInlineParsers(util.Prioritized(guard{}, 1), util.Prioritized(verbatim{}, 90)),
		parser.WithASTTransformers(util.Prioritized(finish{}, 2000)),
	)
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(rawRenderer{}, 100)))
	return m
})

// conversion is what the reading of one page needs and gives.
type conversion struct {
	ctx    context.Context
	report func(line int, code, format string, args ...any)
	line   func(offset int) int // of the source
	calls  int
	raw    bool // the page holds HTML
	nested bool // something was too deep
	wide   int  // offset of a table that is mostly empty cells; -1
	notes  int  // footnotes
}

var conversionKey = parser.NewContextKey()

func conversionOf(pc parser.Context) *conversion {
	c, _ := pc.Get(conversionKey).(*conversion)
	return c
}

// convert gives the body as HTML whose elements bear the lines of the source.
func (d *Document) convert(ctx context.Context, page *expanded) (out string, err error) {
	src := []byte(page.text)
	c := &conversion{ctx: ctx, wide: -1}
	lineAt := lineFinder(page.text)
	c.line = func(offset int) int { return d.BodyLine - 1 + page.sourceLine(lineAt(offset)) }
	c.report = d.Problem
	defer func() {
		switch p := recover(); p {
		case nil:
		case errStopped:
			err = errStopped
		default:
			panic(p)
		}
	}()
	pc := parser.NewContext()
	pc.Set(conversionKey, c)
	var b strings.Builder
	b.Grow(len(src) + len(src)/4)
	root := converter().Parser().Parse(text.NewReader(src), parser.WithContext(pc))
	if err := converter().Renderer().Render(&b, src, root); err != nil {
		return "", err
	}
	if c.nested {
		d.once("trop-profond", d.BodyLine, "des citations ou des listes sont imbriquées plus de %d fois : la suite est lue comme du texte", maxNesting)
	}
	if !c.raw {
		return b.String(), nil
	}
	return d.bounded(b.String()), nil
}
