package markdown

import (
	"bytes"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// WikiScheme begins the address of a link that names a page rather than says
// where it is: [[page]], [[page#title|text]].
const WikiScheme = "wiki:"

// maxWikiLink is how long one may be, in bytes.
const maxWikiLink = 1000

// wikiLinks reads [[page|text]] as vaults of notes and wikis write it, and
// ![[image.png]].
type wikiLinks struct{}

// showable says whether a name is that of a picture.
func showable(target string) bool {
	name, _, _ := strings.Cut(target, "#")
	switch strings.ToLower(path.Ext(strings.TrimSpace(name))) {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".bmp", ".avif", ".ico":
		return true
	}
	return false
}

func (wikiLinks) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithInlineParsers(util.Prioritized(wikiLinks{}, 150)))
}

func (wikiLinks) Trigger() []byte { return []byte{'[', '!'} }

func (wikiLinks) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, segment := block.PeekLine()
	image := bytes.HasPrefix(line, []byte("![["))
	if !image && !bytes.HasPrefix(line, []byte("[[")) {
		return nil
	}
	from := 2
	if image {
		from = 3
	}
	end := bytes.Index(line[from:min(len(line), maxWikiLink)], []byte("]]"))
	if end <= 0 {
		return nil
	}
	in := line[from : from+end]
	if bytes.ContainsAny(in, "[]\n") || bytes.HasPrefix(line[from+end+2:], []byte("(")) {
		return nil // a link whose text stands in brackets
	}
	target, label, named := bytes.Cut(in, []byte("|"))
	target = bytes.TrimSuffix(bytes.TrimSpace(target), []byte(`\`)) // in a table the bar is escaped
	label = bytes.TrimSpace(label)
	if len(target) == 0 {
		return nil
	}
	if name := strings.ToLower(string(target)); name == "toc" || name == "_toc_" { // where a generator puts its table of contents: ours has its place
		block.Advance(from + end + 2)
		return ast.NewString(nil)
	}
	if !named || len(label) == 0 {
		label = bytes.Trim(bytes.ReplaceAll(target, []byte("#"), []byte(" › ")), " ›")
	}
	link := ast.NewLink()
	link.Destination = append([]byte(WikiScheme), target...)
	link.SetPos(segment.Start)
	shown := ast.NewString(append([]byte(nil), label...))
	link.AppendChild(link, shown)
	block.Advance(from + end + 2)
	if !image || !showable(string(target)) { // another note, a film: it is led to
		return link
	}
	img := ast.NewImage(link)
	img.Destination = target
	img.SetPos(segment.Start)
	img.AppendChild(img, shown)
	return img
}

// blockName is the name that a vault's note gives the block that it ends: " ^name".
var blockName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?:^|\s)\^([A-Za-z0-9][A-Za-z0-9-]{4,})\s*$`) })

// nameBlocks makes ids of those names, which [[note#^name]] leads to.
func nameBlocks(root *html.Node) {
	Walk(root, func(n *html.Node) bool {
		switch n.DataAtom {
		case atom.Pre, atom.Code, atom.Table:
			return false
		case atom.P, atom.Li:
		default:
			return true
		}
		last := n.LastChild
		if last == nil || last.Type != html.TextNode || !strings.Contains(last.Data, "^") { // few have a name
			return true
		}
		m := blockName().FindStringSubmatchIndex(last.Data)
		if m == nil || Attr(n, "id") != "" {
			return true
		}
		SetAttr(n, "id", "^"+last.Data[m[2]:m[3]])
		last.Data = last.Data[:m[0]]
		return true
	})
}
