package ingest

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	rhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/text/unicode/norm"
)

// markdown is the converter; several goroutines may use it at once. Raw HTML
// passes through it: the whole page is cleaned afterwards, as one tree, because
// pages mix both within one table.
var markdown = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify, extension.TaskList, extension.DefinitionList),

		goldmark.WithRendererOptions(rhtml.WithUnsafe()),
	)
})

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
func toHTML(md goldmark.Markdown, src string) (string, error) {
	s := sheets.Get().(*sheet)
	s.src = append(s.src[:0], src...)
	s.out.Reset()
	err := md.Convert(s.src, &s.out)
	if err != nil {
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
		s = strayTag.ReplaceAllString(strings.ReplaceAll(s, "</p><p>", "<br>"), "")
	}
	s = strings.Join(strings.Fields(s), " ")
	if !strings.ContainsAny(s, "\\`*_[]<>&!~:#|@.-+=()") {
		return s
	}
	out, err := toHTML(markdown(), escapeBlocks(s))
	if err != nil {
		return html.EscapeString(s)
	}
	out = strings.TrimSpace(out)
	if in, ok := strings.CutPrefix(out, "<p>"); ok && strings.Count(out, "<p>") == 1 {
		out = strings.TrimSuffix(in, "</p>")
	}
	return strings.ReplaceAll(out, "\n", " ")
}

var strayTag = regexp.MustCompile(`</?(p|div|span)[^<>]*>`)

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

var calloutOpen = regexp.MustCompile(`^:::\s*([a-z]+)\s*(.*)$`)

// callouts turns ":::callout Title … :::" into HTML around Markdown. Lines keep
// their number but for the two that the blank lines add.
func callouts(src string) string {
	if !strings.Contains(src, ":::") {
		return src
	}
	var out []string
	open, fence := 0, false
	for line := range strings.SplitSeq(src, "\n") {
		trimmed := strings.TrimSpace(line)
		if strings.HasPrefix(trimmed, "```") {
			fence = !fence
		}
		if !fence {
			if m := calloutOpen.FindStringSubmatch(trimmed); m != nil {
				open++
				title := ""
				if m[2] != "" {
					title = fmt.Sprintf("<p><strong>%s</strong></p>", html.EscapeString(strings.TrimSpace(m[2])))
				}
				out = append(out, "", `<div class="encart" role="note">`+title, "")
				continue
			}
			if trimmed == ":::" && open > 0 {
				open--
				out = append(out, "", "</div>", "")
				continue
			}
		}
		if open > 0 && !fence {
			line = strings.TrimPrefix(line, "  ")
		}
		out = append(out, line)
	}
	for ; open > 0; open-- {
		out = append(out, "", "</div>")
	}
	return strings.Join(out, "\n")
}

// normalise gives the text in NFC, with \n as the line end and without a BOM.
func normalise(raw []byte) string {
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if !norm.NFC.IsNormal(raw) {
		raw = norm.NFC.Bytes(raw)
	}
	s := strings.ToValidUTF8(string(raw), "\uFFFD")
	if strings.ContainsRune(s, '\r') {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	return strings.ReplaceAll(s, "\x00", "")
}

// slug makes an anchor as the official site does: accents folded, lower case,
// everything else a hyphen.
func slug(s string) string {
	var b strings.Builder
	hyphen := false
	for _, r := range norm.NFD.String(s) {
		switch r {
		case 'œ', 'Œ':
			b.WriteString("oe")
			continue
		case 'æ', 'Æ':
			b.WriteString("ae")
			continue
		}
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		r = unicode.ToLower(r)
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r > 127 && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			if hyphen && b.Len() > 0 {
				b.WriteByte('-')
			}
			hyphen = false
			b.WriteRune(r)
		} else {
			hyphen = true
		}
	}
	return b.String()
}

// fold makes text comparable: no accents, lower case, single spaces.
func fold(s string) string { return strings.ReplaceAll(slug(s), "-", " ") }
