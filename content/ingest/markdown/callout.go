package markdown

import (
	"bytes"
	"regexp"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Callouts are written in four ways: between lines ::: (markdown-it, Docusaurus,
// VuePress, pandoc), indented below !!! or ??? (MkDocs), and as a quotation that
// begins with [!NOTE] (GitHub, Obsidian). All become one element; what kind it is
// becomes its title where it has none.

// calloutTitles are the kinds that have a name, in French.
var calloutTitles = map[string]string{
	"note": "Note", "seealso": "Voir aussi", "info": "Information", "information": "Information", "abstract": "En résumé", "summary": "En résumé", "tldr": "En résumé",
	"tip": "Conseil", "hint": "Conseil", "conseil": "Conseil", "astuce": "Astuce", "success": "Réussite", "check": "Réussite", "todo": "À faire",
	"important": "Important", "question": "Question", "help": "Question", "faq": "Question", "example": "Exemple", "exemple": "Exemple",
	"warning": "Attention", "attention": "Attention", "avertissement": "Attention", "caution": "Prudence", "danger": "Danger", "error": "Erreur",
	"failure": "Échec", "bug": "Anomalie", "details": "Détails", "spoiler": "Détails",
}

// calloutBlock is a callout; its first child is its title where it has one.
type calloutBlock struct {
	ast.BaseBlock
	fence    int  // colons of its fence; 0 for one that is indented
	foldable bool // to be shown on demand
	plain    bool // a container of another kind: no callout, but its text
}

var (
	kindCallout      = ast.NewNodeKind("Callout")
	kindCalloutTitle = ast.NewNodeKind("CalloutTitle")
)

func (*calloutBlock) Kind() ast.NodeKind            { return kindCallout }
func (n *calloutBlock) Dump(source []byte, lvl int) { ast.DumpHelper(n, source, lvl, nil, nil) }

// calloutTitle is the line of a title; Markdown in it is read.
type calloutTitle struct {
	ast.BaseBlock
	name string // of the kind, where it has no title of its own
}

func (*calloutTitle) Kind() ast.NodeKind            { return kindCalloutTitle }
func (n *calloutTitle) Dump(source []byte, lvl int) { ast.DumpHelper(n, source, lvl, nil, nil) }

// callouts is the extension of goldmark.
type callouts struct{}

func (callouts) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithBlockParsers(util.Prioritized(fencedCallout{}, 150), util.Prioritized(indentedCallout{}, 151)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(callouts{}, 500)))
}

func (callouts) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindCallout, func(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		n := node.(*calloutBlock)
		open, end := `<div class="encart" role="note">`, "</div>\n"
		switch {
		case n.foldable:
			open, end = "<details>", "</details>\n"
		case n.plain:
			open = "<div>\n"
		}
		if entering {
			_, _ = w.WriteString(open)
		} else {
			_, _ = w.WriteString(end)
		}
		return ast.WalkContinue, nil
	})
	r.Register(kindCalloutTitle, func(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		n := node.(*calloutTitle)
		open, end := "<p><strong>", "</strong></p>\n"
		if c, ok := n.Parent().(*calloutBlock); ok && c.foldable {
			open, end = "<summary>", "</summary>\n"
		}
		if entering {
			_, _ = w.WriteString(open + n.name)
		} else {
			_, _ = w.WriteString(end)
		}
		return ast.WalkContinue, nil
	})
}

// entitle gives a callout its title: the part of the line from one place to
// another, else the name of its kind.
func (n *calloutBlock) entitle(kind string, line []byte, segment text.Segment, from, to int) {
	if _, known := calloutTitles[kind]; !known && n.fence > 0 && kind != "callout" && kind != "encart" && kind != "quote" {
		n.plain = from < 0
	}
	t := &calloutTitle{}
	if from >= 0 && len(bytes.TrimSpace(line[from:to])) > 0 {
		s := text.NewSegment(segment.Start+from-segment.Padding, segment.Start+to-segment.Padding)
		t.Lines().Append(s)
	} else if t.name = calloutTitles[kind]; t.name == "" {
		return
	}
	n.AppendChild(n, t)
}

var (
	calloutOpen = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(:{3,})[ \t]*(?:\{?([\p{L}][\p{L}\p{N}_-]*)\}?)?(?:\{[^{}\n]*\})?(?:\[([^\]\n]*)\])?[ \t]*(.*?)[ \t]*(?:\{[^{}\n]*\})?[ \t:]*$`)
	})
	calloutIndented = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(!!!|\?\?\?\+?|===[+!]?)[ \t]+(?:([\p{L}][\p{L}\p{N}_-]*)(?:[ \t]+[\p{L}][\p{L}\p{N}_-]*)*)?[ \t]*(?:"([^"\n]*)")?[ \t]*$`)
	})
)

// fencedCallout reads ::: kind title … :::
type fencedCallout struct{}

func (fencedCallout) Trigger() []byte             { return []byte{':'} }
func (fencedCallout) CanInterruptParagraph() bool { return true }
func (fencedCallout) CanAcceptIndentedLine() bool { return false }

func (fencedCallout) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	at := pc.BlockOffset()
	if at < 0 || !bytes.HasPrefix(line[at:], []byte(":::")) || tooDeep(parent, pc) {
		return nil, parser.NoChildren
	}
	m := calloutOpen().FindSubmatchIndex(bytes.TrimRight(line[at:], "\n"))
	if m == nil || m[4] < 0 && !bytes.HasPrefix(bytes.TrimLeft(line[at+m[3]:], " \t"), []byte("{")) {
		return nil, parser.NoChildren // neither a kind nor attributes: the end of another
	}
	n := &calloutBlock{fence: m[3] - m[2]}
	kind := ""
	if m[4] >= 0 {
		kind = strings.ToLower(string(line[at+m[4] : at+m[5]]))
	}
	n.foldable = kind == "details" || kind == "spoiler"
	from, to := m[6], m[7] // [title]
	if from < 0 && m[9] > m[8] {
		from, to = m[8], m[9]
	}
	if from >= 0 {
		from, to = from+at, to+at
	}
	n.entitle(kind, line, segment, from, to)
	n.SetPos(segment.Start)
	reader.AdvanceToEOL()
	return n, parser.HasChildren
}

func (fencedCallout) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if !bytes.HasPrefix(bytes.TrimLeft(line, " \t"), []byte(":::")) {
		return parser.Continue | parser.HasChildren
	}
	mark := bytes.TrimSpace(line)
	if len(bytes.Trim(mark, ":")) > 0 || inCode(pc) {
		return parser.Continue | parser.HasChildren
	}
	colons := len(mark)
	blocks := pc.OpenedBlocks()
	for i := len(blocks) - 1; i >= 0 && blocks[i].Node != node; i-- {
		if inner, ok := blocks[i].Node.(*calloutBlock); ok && inner.fence > 0 && colons >= inner.fence {
			return parser.Continue | parser.HasChildren // the line is that one's
		}
	}
	if colons < node.(*calloutBlock).fence {
		return parser.Continue | parser.HasChildren
	}
	reader.AdvanceToEOL()
	return parser.Close
}

func (fencedCallout) Close(ast.Node, text.Reader, parser.Context) {}

// inCode says whether the block that is read is code, whose lines close nothing.
func inCode(pc parser.Context) bool {
	blocks := pc.OpenedBlocks()
	if len(blocks) == 0 {
		return false
	}
	switch blocks[len(blocks)-1].Node.(type) {
	case *ast.FencedCodeBlock, *ast.HTMLBlock:
		return true
	}
	return false
}

// indentedCallout reads !!! kind "title" and what is indented below it, the same
// with ???, which is to be unfolded, and === "title", a tab.
type indentedCallout struct{}

func (indentedCallout) Trigger() []byte             { return []byte{'!', '?', '='} }
func (indentedCallout) CanInterruptParagraph() bool { return true }
func (indentedCallout) CanAcceptIndentedLine() bool { return false }

func (indentedCallout) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	at := pc.BlockOffset()
	if at < 0 || tooDeep(parent, pc) {
		return nil, parser.NoChildren
	}
	m := calloutIndented().FindSubmatchIndex(bytes.TrimRight(line[at:], "\n"))
	if m == nil || m[4] < 0 && m[6] < 0 {
		return nil, parser.NoChildren
	}
	n := &calloutBlock{foldable: line[at] == '?'}
	kind, from, to := "", -1, -1
	if m[4] >= 0 {
		kind = strings.ToLower(string(line[at+m[4] : at+m[5]]))
	}
	if m[6] >= 0 {
		from, to = at+m[6], at+m[7]
	}
	n.entitle(kind, line, segment, from, to)
	n.SetPos(segment.Start)
	reader.AdvanceToEOL()
	return n, parser.HasChildren
}

func (indentedCallout) Continue(node ast.Node, reader text.Reader, pc parser.Context) parser.State {
	line, _ := reader.PeekLine()
	if util.IsBlank(line) {
		return parser.Continue | parser.HasChildren
	}
	indent, _ := util.IndentWidth(line, reader.LineOffset())
	if indent < 4 {
		return parser.Close
	}
	pos, padding := util.IndentPosition(line, reader.LineOffset(), 4)
	reader.AdvanceAndSetPadding(pos, padding)
	return parser.Continue | parser.HasChildren
}

func (indentedCallout) Close(ast.Node, text.Reader, parser.Context) {}

var alertMark = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*\[!([\p{L}][\p{L}_-]*)\][+-]?[ \t]*([^\n]*)(\n|$)`)
})

// alerts makes callouts of the quotations that begin with [!NOTE].
func alerts(root *html.Node) {
	Walk(root, func(n *html.Node) bool {
		if n.DataAtom != atom.Blockquote {
			return true
		}
		p := n.FirstChild
		for p != nil && p.Type == html.TextNode && strings.TrimSpace(p.Data) == "" {
			p = p.NextSibling
		}
		if p == nil || p.DataAtom != atom.P || p.FirstChild == nil || p.FirstChild.Type != html.TextNode {
			return true
		}
		first := p.FirstChild
		m := alertMark().FindStringSubmatch(first.Data)
		if m == nil {
			return true
		}
		strong := Element(atom.Strong, "")
		title := strings.TrimSpace(m[2])
		if title == "" && (m[3] == "\n" || first.NextSibling == nil || first.NextSibling.DataAtom == atom.Br) {
			if title = calloutTitles[strings.ToLower(m[1])]; title == "" {
				title = m[1]
			}
		}
		strong.AppendChild(TextNode(title))
		first.Data = first.Data[len(m[0]):]
		if m[3] == "" { // the title goes on with what is on its line: bold words, a link
			for c := first.NextSibling; c != nil; c = first.NextSibling {
				if c.DataAtom == atom.Br {
					p.RemoveChild(c)
					break
				}
				before, after, cut := strings.Cut(c.Data, "\n")
				if c.Type == html.TextNode && cut {
					strong.AppendChild(TextNode(before))
					c.Data = after
					break
				}
				p.RemoveChild(c)
				strong.AppendChild(c)
			}
		}
		heading := Element(atom.P, "")
		heading.AppendChild(strong)
		n.InsertBefore(heading, p)
		if strings.TrimSpace(TextOf(p)) == "" && len(Elements(p, atom.Img)) == 0 {
			n.RemoveChild(p)
		}
		Rename(n, atom.Div)
		SetAttr(n, "class", "encart")
		SetAttr(n, "role", "note")
		return true
	})
}
