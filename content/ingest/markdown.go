package ingest

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	rhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/text/unicode/norm"
)

// markdown is the converter; several goroutines may use it at once. Raw HTML
// passes through it: the whole page is cleaned afterwards, as one tree, because
// pages mix both within one table.
var markdown = sync.OnceValue(func() goldmark.Markdown { return converter(extension.Linkify) })

// unlinked is the same without the addresses in running text that are made
// links, which are looked for at every blank: see toHTML.
var unlinked = sync.OnceValue(func() goldmark.Markdown { return converter() })

func converter(more ...goldmark.Extender) goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.DefinitionList),
		goldmark.WithExtensions(more...),
		goldmark.WithRendererOptions(rhtml.WithUnsafe()),
	)
}

// output is a buffer that goldmark writes to as it is, rather than through one of
// 4 KiB that it makes for every cell of a table.
type output struct{ bytes.Buffer }

func (*output) Flush() error  { return nil }
func (*output) Buffered() int { return 0 }

// sheet is what a conversion writes on.
type sheet struct {
	src []byte
	out output
}

var sheets = sync.Pool{New: func() any { return new(sheet) }}

// toHTML converts the body of a page.
func toHTML(src string) (string, error) {
	if bare(src) {
		return convert(markdown(), src)
	}
	out, err := convert(unlinked(), src)
	if strings.Contains(out, "](") && bareTarget(out) { // what looked like a link's target was none
		return convert(markdown(), src)
	}
	return out, err
}

func convert(md goldmark.Markdown, src string) (string, error) {
	s := sheets.Get().(*sheet)
	s.src = append(room(s.src, len(src)), src...)
	s.out.Reset()
	s.out.Grow(len(src) + len(src)/4)
	if err := md.Convert(s.src, &s.out); err != nil {
		return "", err
	}
	html := s.out.String()
	if s.out.Cap() < largeBuffer {
		sheets.Put(s)
	}
	return html, nil
}

// inlineCell converts the text of a component's cell: inline Markdown, without
// the tags that strayed into it.
func inlineCell(s string) string {
	if strings.IndexByte(s, '<') >= 0 {
		s = strayTag().ReplaceAllString(strings.ReplaceAll(s, "</p><p>", "<br>"), "")
	}
	if !folded(s) {
		s = strings.Join(strings.Fields(s), " ")
	}
	if !strings.ContainsAny(s, "\\`*_[<>&!~@") && !strings.Contains(s, "://") && !strings.Contains(s, "www.") {
		return s // nothing in a single line that is not text, as its beginning is none
	}
	out, err := toHTML(escapeBlocks(s))
	if err != nil {
		return html.EscapeString(s)
	}
	out = strings.TrimSpace(out)
	if in, ok := strings.CutPrefix(out, "<p>"); ok && strings.Count(out, "<p>") == 1 {
		out = strings.TrimSuffix(in, "</p>")
	}
	return strings.ReplaceAll(out, "\n", " ")
}

// folded says whether words stand one blank apart.
func folded(s string) bool {
	blank := true
	for i := range len(s) {
		if blankAt(s, i) == 0 {
			blank = false
			continue
		}
		if s[i] != ' ' || blank {
			return false
		}
		blank = true
	}
	return !blank || s == ""
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

var calloutOpen = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^:::\s*([a-z]+)\s*(.*)$`) })

// callouts turns ":::callout Title … :::" into HTML around Markdown. Lines keep
// their number but for the two that the blank lines add.
func callouts(src string) string {
	if !strings.Contains(src, ":::") {
		return src
	}
	var out strings.Builder
	out.Grow(len(src) + len(src)/8)
	open, fence := 0, false
	for line := range strings.SplitSeq(src, "\n") {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "```") {
			fence = !fence
		}
		if !fence && strings.HasPrefix(trimmed, ":::") {
			if m := calloutOpen().FindStringSubmatch(trimmed); m != nil {
				open++
				write(&out, "\n", `<div class="encart" role="note">`)
				if m[2] != "" {
					write(&out, "<p><strong>", html.EscapeString(strings.TrimSpace(m[2])), "</strong></p>")
				}
				out.WriteString("\n\n")
				continue
			}
			if trimmed == ":::" && open > 0 {
				open--
				out.WriteString("\n</div>\n\n")
				continue
			}
		}
		if open > 0 && !fence {
			line = strings.TrimPrefix(line, "  ")
		}
		write(&out, line, "\n")
	}
	for ; open > 0; open-- {
		out.WriteString("\n</div>\n")
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// normalise gives the text in NFC, with \n as the line end and without a BOM.
func normalise(raw []byte) string {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if usual(raw) {
		return string(raw)
	}
	if !norm.NFC.IsNormal(raw) {
		raw = norm.NFC.Bytes(raw)
	}
	s := strings.ToValidUTF8(string(raw), "\uFFFD")
	if strings.ContainsRune(s, '\r') {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.ReplaceAll(s, "\x00", "")
}

// usual tells quickly of most texts that they are normal: every character is
// Latin or a punctuation mark that has no other form.
func usual(b []byte) bool {
	if !utf8.Valid(b) || bytes.IndexByte(b, '\r') >= 0 || bytes.IndexByte(b, 0) >= 0 {
		return false
	}
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case c < 0xcc: // below U+0300, or within a character
		case c == 0xe2 && b[i+1] == 0x80 && b[i+2] >= 0x82: // U+2002 to U+203F
			i += 2
		default:
			return norm.NFC.IsNormal(b)
		}
	}
	return true
}
