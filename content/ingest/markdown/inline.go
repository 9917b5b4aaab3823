package markdown

import (
	stdhtml "html"
	"regexp"
	"strings"
	"sync"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	rhtml "github.com/yuin/goldmark/renderer/html"
)

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
