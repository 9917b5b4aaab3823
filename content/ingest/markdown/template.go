package markdown

import (
	"bytes"
	"fmt"
	stdhtml "html"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// The official pages call two components of their site generator in Nunjucks,
// {{ component("table", {…}) }} and {{ component("card", {…}) }}, with
// JavaScript literals. They are read here and written as HTML, before Markdown
// is: left in place, CommonMark would take a part of them for indented code.
// Tags that only tell the generator where its files are go, and those of the usual
// generators become Markdown (tags.go). Every other tag stays as it is written (see
// verbatim.go) and is named, each once a file. Code is no template.

// A page whose tags are mostly none is no template: beyond this many the rest is
// text, so that a hostile one costs no more than its length.
const (
	maxStrayTags = 200
	maxTag       = 4096 // bytes of a {% … %}
	maxReparse   = 8    // times its length that a page is read again, to tell its code
)

// componentMark is the attribute of the tables that a call gave: all their rows
// come from its line.
const componentMark = "data-composant"

// IsComponent says whether a table is what a call of a template gave.
func IsComponent(table *html.Node) bool { return HasAttr(table, componentMark) }

// silent are the tags that say nothing to a reader.
var silent = map[string]bool{"include": true, "from": true, "import": true, "set": true}

// expanded is a text whose calls are replaced.
type expanded struct {
	text   string
	shifts []shift
}

// shift says that the lines of the text from one on are so many more than those
// of the source.
type shift struct{ line, more int }

// sourceLine is the line of the source that a line of the text comes from, both
// from 1.
func (e *expanded) sourceLine(line int) int {
	more := 0
	for _, s := range e.shifts {
		if s.line > line {
			break
		}
		more = s.more
	}
	return line - more
}

// expand replaces the calls of components and drops silent tags. What replaces a
// call has as many line ends as the call, or more.
func expand(src string, report func(line int, code, format string, args ...any)) *expanded {
	e := &expanded{text: src}
	if !strings.Contains(src, "{%") && !strings.Contains(src, "{{") {
		return e
	}
	var out bytes.Buffer
	out.Grow(len(src) + len(src)/8)
	written, measured, more := 1, 0, 0
	isCode, read := codeIn(src), 0
	line, counted, failed := 1, 0, 0
	open, left := tags{}, leftover{}
	for at := 0; at < len(src); {
		i := nextTag(src, at)
		if i < 0 || failed > maxStrayTags {
			out.WriteString(src[at:])
			break
		}
		out.WriteString(src[at:i])
		if isCode(i) {
			out.WriteString(src[i : i+2])
			at = i + 2
			continue
		}
		line += strings.Count(src[counted:i], "\n")
		counted = i
		var text string
		var n int
		var err error
		if text, n = open.usual(src[i:], beginsLine(out.Bytes())); n > 0 {
			out.WriteString(text)
			out.WriteString(strings.Repeat("\n", strings.Count(src[i:i+n], "\n")-strings.Count(text, "\n")))
			at = i + n
			continue
		}
		if src[i+1] == '%' {
			text, n, err = statement(src[i:])
		} else {
			text, n, err = call(src[i:])
		}
		if err != nil {
			failed++
			left.note(src[i:], line, err)
			out.WriteString(src[i : i+2])
			at = i + 2
			continue
		}
		lines := strings.Count(src[i:i+n], "\n")
		if text != "" { // HTML begins a line
			if before := bytes.TrimRight(out.Bytes(), " \t"); len(before) == 0 || before[len(before)-1] == '\n' {
				out.Truncate(len(before))
			} else {
				text = "\n" + text
			}
		}
		out.WriteString(text)
		extra := strings.Count(text, "\n") - lines
		out.WriteString(strings.Repeat("\n", max(0, -extra)))
		if extra > 0 {
			more += extra
			written += bytes.Count(out.Bytes()[measured:], []byte("\n"))
			measured = out.Len()
			e.shifts = append(e.shifts, shift{written, more})
		}
		at = i + n
		if said := src[i:at]; hidesCode(said) && nextTag(src, at) >= 0 && read < maxReparse*len(src) {
			// The call has looked like code to CommonMark, or has hidden some.
			src = src[:i] + strings.Map(mask, said) + src[at:]
			isCode = codeIn(src)
			read += len(src)
		}
	}
	e.text = out.String()
	left.report(report)
	return e
}

// beginsLine says whether what follows a text begins a line, or the text of a quotation.
func beginsLine(b []byte) bool {
	b = bytes.TrimRight(b, " \t>")
	return len(b) == 0 || b[len(b)-1] == '\n'
}

// leftover are the tags that are not understood, each named at its first place.
type leftover struct {
	order []string
	first map[string]leftTag
}

type leftTag struct {
	line, count int
	shown       string
	why         error
}

func (l *leftover) note(src string, line int, why error) {
	name := tagName().FindString(src)
	if l.first == nil {
		l.first = map[string]leftTag{}
	}
	tag, known := l.first[name]
	if !known {
		l.order = append(l.order, name)
		tag = leftTag{line: line, shown: Clip(firstLine(src), 40), why: why}
	}
	tag.count++
	l.first[name] = tag
}

func (l *leftover) report(report func(line int, code, format string, args ...any)) {
	for _, name := range l.order {
		tag, more := l.first[name], ""
		if tag.count > 1 {
			more = fmt.Sprintf(" ; le fichier en a %d de même nom", tag.count)
		}
		report(tag.line, "gabarit-restant", "« %s » n’est pas compris et reste tel quel (%v)%s", tag.shown, tag.why, more)
	}
}

// tagName is a tag's marks and first word.
var tagName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\{[{%][<%]?-?\s*/?[\w.-]*`) })

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

func nextTag(src string, from int) int {
	for {
		i := strings.IndexByte(src[from:], '{')
		if i < 0 || from+i+1 >= len(src) {
			return -1
		}
		from += i + 1
		if src[from] == '%' || src[from] == '{' {
			return from - 1
		}
	}
}

// hidesCode says whether a call may end a block, or begin code.
func hidesCode(call string) bool {
	return strings.Contains(call, "```") || strings.Contains(call, "~~~") || blankLine().MatchString(call)
}

var blankLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\n[ \t]*\n`) })

// mask puts a letter in the place of every byte of a call, so that all offsets stay.
func mask(r rune) rune {
	if r < utf8.RuneSelf {
		return 'x'
	}
	return r
}

// statement reads one {% … %}, and gives its length when it is a silent one.
func statement(src string) (text string, n int, err error) {
	end := strings.Index(src[2:min(len(src), maxTag)], "%}")
	if end < 0 {
		return "", 0, fmt.Errorf("la balise n’est pas fermée")
	}
	end += 2
	tag := strings.Trim(src[2:end], " -\t\n")
	if word, _, _ := strings.Cut(tag, " "); !silent[word] {
		return "", 0, fmt.Errorf("seules les balises include, from, import et set le sont, pour être passées")
	}
	return "", end + 2, nil
}

// call reads one {{ component(…) }} and gives its HTML and its length.
func call(src string) (string, int, error) {
	p := &literals{src: src, at: 2}
	if p.skip(); p.word() != "component" {
		return "", 0, fmt.Errorf("seuls les composants « table » et « card » le sont")
	}
	if err := p.expect('('); err != nil {
		return "", 0, err
	}
	kind, err := p.value(0)
	if err != nil {
		return "", 0, err
	}
	if err := p.expect(','); err != nil {
		return "", 0, err
	}
	v, err := p.value(0)
	if err != nil {
		return "", 0, err
	}
	args, ok := v.(map[string]any)
	if !ok {
		return "", 0, fmt.Errorf("le second argument n’est pas un objet")
	}
	if err := p.expect(')'); err != nil {
		return "", 0, err
	}
	if err := p.expect('}'); err != nil {
		return "", 0, err
	}
	if err := p.expect('}'); err != nil {
		return "", 0, err
	}
	switch kind {
	case "table":
		return tableComponent(args), p.at, nil
	case "card":
		return cardComponent(args), p.at, nil
	}
	return "", 0, fmt.Errorf("le composant « %v » est inconnu", kind)
}

// tableComponent writes one line of HTML: a blank line in it would end the
// block for Markdown.
func tableComponent(args map[string]any) string {
	var b strings.Builder
	b.WriteString("<table " + componentMark + ">")
	if t := literalText(args["title"]); t != "" {
		writeAll(&b, "<caption>", inlineCell(t), "</caption>")
	}
	b.WriteString("<thead><tr>")
	for _, h := range asList(args["headers"]) {
		writeAll(&b, "<th>", inlineCell(literalText(h)), "</th>")
	}
	b.WriteString("</tr></thead><tbody>")
	for _, row := range asList(args["data"]) {
		b.WriteString("<tr>")
		for _, c := range asList(row) {
			writeAll(&b, "<td>", inlineCell(literalText(c)), "</td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>\n")
	return b.String()
}

func writeAll(b *strings.Builder, parts ...string) {
	for _, p := range parts {
		b.WriteString(p)
	}
}

func cardComponent(args map[string]any) string {
	var b strings.Builder
	title := stdhtml.EscapeString(literalText(args["title"]))
	if url := literalText(args["url"]); url != "" {
		title = fmt.Sprintf("<a href=\"%s\">%s</a>", stdhtml.EscapeString(url), title)
	}
	fmt.Fprintf(&b, "<div><p><strong>%s</strong></p>", title)
	if d := literalText(args["description"]); d != "" {
		fmt.Fprintf(&b, "<p>%s</p>", inlineCell(d))
	}
	b.WriteString("</div>\n")
	return b.String()
}

func asList(v any) []any {
	l, _ := v.([]any)
	return l
}

func literalText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case map[string]any, []any:
		return ""
	}
	return fmt.Sprint(v)
}
