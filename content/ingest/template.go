package ingest

import (
	"fmt"
	"html"
	"sort"
	"strings"
)

// The official pages call two components of their site generator in Nunjucks,
// {{ component("table", {…}) }} and {{ component("card", {…}) }}, with
// JavaScript literals. They are read here and written as HTML, before Markdown
// is: left in place, CommonMark would take a part of them for indented code.

// A page whose tags are mostly none is no template: beyond this many the rest is
// text, so that a hostile one costs no more than its length.
const (
	maxStrayTags = 200
	maxTag       = 4096 // bytes of a {% … %}
)

// expand replaces the calls and drops {% … %} tags. Lines keep their numbers:
// what replaces a call has as many line ends as the call.
func expand(src string, report func(line int, code, format string, args ...any)) string {
	if !strings.Contains(src, "{%") && !strings.Contains(src, "{{") {
		return src
	}
	var out strings.Builder
	out.Grow(len(src) + len(src)/8)
	inCode := codeSpans(src)
	line, counted, failed := 1, 0, 0
	for at := 0; at < len(src); {
		i := nextTag(src, at)
		if i < 0 || failed > maxStrayTags {
			out.WriteString(src[at:])
			break
		}
		out.WriteString(src[at:i])
		if inCode(i) {
			out.WriteString(src[i : i+2])
			at = i + 2
			continue
		}
		line += strings.Count(src[counted:i], "\n")
		counted = i
		closing := "%}"
		if src[i+1] == '{' {
			closing = "}}"
		}
		if closing == "%}" {
			end := strings.Index(src[i+2:min(len(src), i+maxTag)], closing) + 2
			if end < 2 {
				failed++
				report(line, "gabarit-restant", "une balise « {%% » n’est pas fermée : complétez-la ou retirez-la")
				out.WriteString("{ ")
				at = i + 2
				continue
			}
			tag := strings.Trim(src[i+2:i+end], " -\t\n")
			if word, _, _ := strings.Cut(tag, " "); word != "include" && word != "from" && word != "import" && word != "set" {
				report(line, "gabarit-restant", "la balise « {%% %s %%} » n’est pas comprise et a été retirée", clip(tag, 40))
			}
			out.WriteString(strings.Repeat("\n", strings.Count(src[i:i+end+2], "\n")))
			at = i + end + 2
			continue
		}
		text, n, err := call(src[i:])
		if err != nil {
			failed++
			report(line, "gabarit-restant", "l’appel « %s » n’est pas compris (%v) et reste tel quel", clip(src[i:], 40), err)
			out.WriteString("{ {")
			at = i + 2
			continue
		}
		lines := strings.Count(src[i:i+n], "\n")
		out.WriteString(text)
		out.WriteString(strings.Repeat("\n", lines))
		at = i + n
	}
	return out.String()
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

// codeSpans tells whether a place is in a fence or between back-ticks, where a
// brace is text.
func codeSpans(src string) func(int) bool {
	type span struct{ from, to int }
	var spans []span
	fence := -1
	at := 0
	for line := range strings.SplitAfterSeq(src, "\n") {
		trimmed := strings.TrimLeft(line, " ")
		switch {
		case strings.HasPrefix(trimmed, "```"):
			if fence < 0 {
				fence = at
			} else {
				spans = append(spans, span{fence, at + len(line)})
				fence = -1
			}
		case fence < 0:
			for i := 0; i < len(line); {
				open := strings.IndexByte(line[i:], '`')
				if open < 0 {
					break
				}
				closing := strings.IndexByte(line[i+open+1:], '`')
				if closing < 0 {
					break
				}
				spans = append(spans, span{at + i + open, at + i + open + closing + 2})
				i += open + closing + 2
			}
		}
		at += len(line)
	}
	return func(i int) bool {
		k := sort.Search(len(spans), func(k int) bool { return spans[k].to > i })
		return k < len(spans) && spans[k].from <= i
	}
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
	b.WriteString("\n<table data-composant=\"\">")
	if t := literalText(args["title"]); t != "" {
		write(&b, "<caption>", inlineCell(t), "</caption>")
	}
	b.WriteString("<thead><tr>")
	for _, h := range asList(args["headers"]) {
		write(&b, "<th>", inlineCell(literalText(h)), "</th>")
	}
	b.WriteString("</tr></thead><tbody>")
	for _, row := range asList(args["data"]) {
		b.WriteString("<tr>")
		for _, c := range asList(row) {
			write(&b, "<td>", inlineCell(literalText(c)), "</td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>\n")
	return b.String()
}

func write(b *strings.Builder, parts ...string) {
	for _, p := range parts {
		b.WriteString(p)
	}
}

func cardComponent(args map[string]any) string {
	var b strings.Builder
	title := html.EscapeString(literalText(args["title"]))
	if url := literalText(args["url"]); url != "" {
		title = fmt.Sprintf("<a href=\"%s\">%s</a>", html.EscapeString(url), title)
	}
	fmt.Fprintf(&b, "\n<div><p><strong>%s</strong></p>", title)
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

// literals reads JavaScript literals: objects with bare or quoted keys, arrays,
// strings in either quote (over several lines too), numbers, bare words, each
// with any number of "| filter" after it, and trailing commas.
type literals struct {
	src string
	at  int
}

func (p *literals) skip() {
	for p.at < len(p.src) && strings.IndexByte(" \t\r\n", p.src[p.at]) >= 0 {
		p.at++
	}
}

func (p *literals) word() string {
	from := p.at
	for p.at < len(p.src) {
		c := p.src[p.at]
		if c != '_' && c != '.' && c != '-' && (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') {
			break
		}
		p.at++
	}
	return p.src[from:p.at]
}

func (p *literals) expect(c byte) error {
	p.skip()
	if p.at >= len(p.src) || p.src[p.at] != c {
		return fmt.Errorf("« %c » attendu", c)
	}
	p.at++
	return nil
}

func (p *literals) peek() byte {
	p.skip()
	if p.at >= len(p.src) {
		return 0
	}
	return p.src[p.at]
}

// maxDepth bounds the nesting of literals, and so the stack.
const maxDepth = 32

func (p *literals) value(depth int) (any, error) {
	if depth > maxDepth {
		return nil, fmt.Errorf("trop d’imbrications")
	}
	var v any
	var err error
	switch c := p.peek(); c {
	case '"', '\'':
		v, err = p.text(c)
	case '[':
		v, err = p.array(depth)
	case '{':
		v, err = p.object(depth)
	default:
		w := p.word()
		if w == "" {
			return nil, fmt.Errorf("valeur attendue")
		}
		v = w
	}
	for err == nil && p.peek() == '|' {
		p.at++
		p.skip()
		if p.word() == "" {
			err = fmt.Errorf("filtre attendu après « | »")
		}
	}
	return v, err
}

func (p *literals) text(quote byte) (string, error) {
	if end := strings.IndexByte(p.src[p.at+1:], quote); end >= 0 { // mostly as it stands
		if in := p.src[p.at+1 : p.at+1+end]; strings.IndexByte(in, '\\') < 0 {
			p.at += end + 2
			return in, nil
		}
	}
	var b strings.Builder
	for p.at++; p.at < len(p.src); p.at++ {
		switch c := p.src[p.at]; c {
		case quote:
			p.at++
			return b.String(), nil
		case '\\':
			p.at++
			if p.at >= len(p.src) {
				return "", fmt.Errorf("chaîne sans fin")
			}
			switch e := p.src[p.at]; e {
			case 'n', 't', 'r':
				b.WriteByte(' ')
			default:
				b.WriteByte(e)
			}
		default:
			b.WriteByte(c)
		}
	}
	return "", fmt.Errorf("chaîne sans fin")
}

func (p *literals) array(depth int) ([]any, error) {
	p.at++
	out := []any{}
	for {
		if p.peek() == ']' {
			p.at++
			return out, nil
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
		if len(out) > maxRows {
			return nil, fmt.Errorf("plus de %d valeurs", maxRows)
		}
		if p.peek() == ',' {
			p.at++
		} else if p.peek() != ']' {
			return nil, fmt.Errorf("« , » ou « ] » attendu")
		}
	}
}

func (p *literals) object(depth int) (map[string]any, error) {
	p.at++
	out := map[string]any{}
	for {
		c := p.peek()
		if c == '}' {
			p.at++
			return out, nil
		}
		var key string
		var err error
		if c == '"' || c == '\'' {
			key, err = p.text(c)
		} else if key = p.word(); key == "" {
			err = fmt.Errorf("nom attendu")
		}
		if err != nil {
			return nil, err
		}
		if err := p.expect(':'); err != nil {
			return nil, err
		}
		if out[key], err = p.value(depth + 1); err != nil {
			return nil, err
		}
		if p.peek() == ',' {
			p.at++
		} else if p.peek() != '}' {
			return nil, fmt.Errorf("« , » ou « } » attendu")
		}
	}
}

func clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}
