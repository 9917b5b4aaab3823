package markdown

import (
	"bytes"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// WikiScheme begins the address of a link that names a page rather than says
// where it is: [[page]], [[page#title|text]].
const WikiScheme = "wiki:"

// maxWikiLink is how long one may be, in bytes.
const maxWikiLink = 1000

// wikiLinks reads [[page|text]] as vaults of notes and wikis write it, and
// ![[image.png]].
type wikiLinks struct{}

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
	if !named || len(label) == 0 {
		label = bytes.Trim(bytes.ReplaceAll(target, []byte("#"), []byte(" › ")), " ›")
	}
	link := ast.NewLink()
	link.Destination = append([]byte(WikiScheme), target...)
	link.SetPos(segment.Start)
	shown := ast.NewString(append([]byte(nil), label...))
	link.AppendChild(link, shown)
	block.Advance(from + end + 2)
	if !image {
		return link
	}
	img := ast.NewImage(link)
	img.Destination = target
	img.SetPos(segment.Start)
	img.AppendChild(img, shown)
	return img
}
