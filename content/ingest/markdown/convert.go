package markdown

import (
	"bytes"
	"context"
	"errors"
	stdhtml "html"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	rhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
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

// lineFinder tells the line of an offset, from 1.
func lineFinder(src string) func(offset int) int {
	starts := []int{0}
	for at := 0; ; {
		i := strings.IndexByte(src[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		starts = append(starts, at)
	}
	return func(offset int) int { return sort.SearchInts(starts, offset+1) }
}

// lineAttr bears the line of the source that an element comes from, until the
// page is written.
const lineAttr = "data-l"

func lineOf(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// LineOf is the line that an element comes from; otherwise where it has none.
func LineOf(n *html.Node, otherwise int) int {
	if l := lineOf(Attr(n, lineAttr)); l > 0 {
		return l
	}
	return otherwise
}

// DropLine removes an element's line.
func DropLine(n *html.Node) { DelAttr(n, lineAttr) }

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

// lined are the elements whose line somebody asks for.
var lined = map[string]bool{"a": true, "img": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "table": true, "tr": true, "li": true,
	"p": true, "dt": true, "div": true, "script": true, "iframe": true, "svg": true, "object": true, "embed": true, "form": true, "style": true}

// withLines adds the line to the tags of HTML, which is else left as it is.
func withLines(s string, lineAt func(at int) int) string {
	z := html.NewTokenizer(strings.NewReader(s))
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	at := 0
	inside := false // a component, whose rows all stand on its line
	for {
		kind := z.Next()
		part := string(z.Raw())
		if kind == html.ErrorToken {
			break
		}
		inside = inside && part != "</table>"
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			if name, _ := z.TagName(); lined[string(name)] && !inside {
				inside = strings.HasPrefix(part, "<table "+componentMark)
				end := 1 + len(name)
				b.WriteString(part[:end] + " " + lineAttr + `="` + strconv.Itoa(lineAt(at)) + `"`)
				b.WriteString(part[end:])
				at += len(part)
				continue
			}
		}
		b.WriteString(part)
		at += len(part)
	}
	b.WriteString(s[min(at, len(s)):]) // a tag that the end of the block cuts
	return b.String()
}

// Limits of the HTML of a page.
const (
	maxDepth = 200 // elements in each other
	// Elements that the standard opens anew in every block until they are closed
	// (b, i, a, font…) may make so many more, and one for four bytes of the page.
	maxReopened = 20_000
)

// nesting are elements that only their own end tag closes; depth is counted of
// them, as of the others a page may well have thousands that are never closed.
var nesting = map[string]bool{"div": true, "span": true, "blockquote": true, "ul": true, "ol": true, "dl": true, "table": true, "details": true, "section": true,
	"article": true, "figure": true, "center": true, "ins": true, "del": true, "sub": true, "sup": true, "font": true, "q": true, "cite": true, "mark": true}

var formatting = map[string]bool{"a": true, "b": true, "big": true, "code": true, "em": true, "font": true, "i": true, "nobr": true, "s": true, "small": true,
	"strike": true, "strong": true, "tt": true, "u": true}

// maxNestedTags keeps the tree of x/net/html, which gives up at 512 elements, below
// its limit: a table takes four.
const maxNestedTags = 100

// bounded drops the tags that would make the tree of a page too deep, or many
// times larger than the page. The HTML is else left as it is.
func (d *Document) bounded(s string) string {
	z := html.NewTokenizer(strings.NewReader(s))
	var b strings.Builder
	b.Grow(len(s))
	var open []string   // nesting elements
	var format []string // formatting elements
	reopened, at := 0, 0
	full := false // no more formatting
	for {
		kind := z.Next()
		part := z.Raw()
		if kind == html.ErrorToken {
			break
		}
		at += len(part)
		drop := false
		switch kind {
		case html.StartTagToken:
			name, _ := z.TagName()
			switch tag := string(name); {
			case nesting[tag]:
				open = append(open, tag)
				drop = len(open) > maxNestedTags
			case formatting[tag]:
				format = append(format, tag)
				drop = full
			}
			reopened += len(format)
			if !full && reopened > maxReopened+len(s)/4 {
				full = true
				for i := len(format) - 1; i >= 0; i-- {
					b.WriteString("</" + format[i] + ">")
				}
				drop = drop || formatting[string(name)]
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch tag := string(name); {
			case nesting[tag]:
				for i := len(open) - 1; i >= max(0, len(open)-maxNestedTags); i-- {
					if open[i] == tag {
						drop = len(open) > maxNestedTags
						open = append(open[:i], open[i+1:]...)
						break
					}
				}
			case formatting[tag]:
				for i := len(format) - 1; i >= max(0, len(format)-maxNestedTags); i-- {
					if format[i] == tag {
						format = append(format[:i], format[i+1:]...)
						break
					}
				}
				drop = full
			case tag == "td" || tag == "th" || tag == "caption": // closes what is open in it
				format = format[:0]
			}
		}
		if drop {
			d.once("trop-profond", d.BodyLine, "des éléments HTML sont imbriqués ou laissés ouverts en trop grand nombre : la suite est lue sans eux")
			continue
		}
		b.Write(part)
	}
	b.WriteString(s[min(at, len(s)):])
	return b.String()
}

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

// inlineConverter reads the Markdown of a single line.
var inlineConverter = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Linkify), goldmark.WithRendererOptions(rhtml.WithUnsafe()))
})

// PlainMarkdown gives the text of a line of Markdown, without its marks.
func PlainMarkdown(s string) string {
	if !strings.ContainsAny(s, "\\`*_[<&~") {
		return s
	}
	root, err := parse(inlineHTML(s))
	if err != nil {
		return s
	}
	if t := TextOf(root); t != "" {
		return t
	}
	return s
}

// inlineHTML converts a single line: inline Markdown, never a block.
func inlineHTML(s string) string {
	var b strings.Builder
	if err := inlineConverter().Convert([]byte(escapeBlocks(s)), &b); err != nil {
		return stdhtml.EscapeString(s)
	}
	out := strings.TrimSpace(b.String())
	if in, ok := strings.CutPrefix(out, "<p>"); ok && strings.Count(out, "<p>") == 1 {
		out = strings.TrimSuffix(in, "</p>")
	}
	return strings.ReplaceAll(out, "\n", " ")
}

// inlineCell converts the text of a component's cell: inline Markdown, without
// the tags that strayed into it.
func inlineCell(s string) string {
	if strings.IndexByte(s, '<') >= 0 {
		s = strayTag().ReplaceAllString(strings.ReplaceAll(s, "</p><p>", "<br>"), "")
	}
	return inlineHTML(strings.Join(strings.Fields(s), " "))
}

var strayTag = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`</?(p|div|span)[^<>]*>`) })

// escapeBlocks keeps a cell that begins like a list, a heading or a fence from
// becoming one.
func escapeBlocks(s string) string {
	if s == "" {
		return s
	}
	if strings.IndexByte("-+*#>=~|`", s[0]) >= 0 {
		return `\` + s
	}
	if i := strings.IndexAny(s, ".)"); i > 0 && i < 10 && strings.Trim(s[:i], "0123456789") == "" {
		return s[:i] + `\` + s[i:]
	}
	return s
}
