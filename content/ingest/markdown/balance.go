package markdown

import (
	stdhtml "html"
	"io"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// void are the elements that have no end.
var void = set(atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param, atom.Source, atom.Track, atom.Wbr)

// swallowing are the elements whose content HTML reads to their end without looking into it.
var swallowing = set(atom.Title, atom.Textarea, atom.Style, atom.Xmp, atom.Iframe, atom.Noembed, atom.Noframes, atom.Noscript, atom.Script, atom.Plaintext)

// balance mends what people write in Markdown and HTML reads otherwise, so that no text
// after it is lost: a component that ends itself, as in MDX and Vue (<Button … />), ends;
// the name of an element in a sentence ("the <title> of a page"), which nothing closes,
// is text.
func balance(s string) string {
	if !needsBalance(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 64)
	closed := map[string]int{} // where an element is closed for the last time
	lower := strings.ToLower(s)
	foreign, at := 0, 0
	z := html.NewTokenizer(strings.NewReader(s))
	for {
		kind := z.Next()
		raw := string(z.Raw())
		if kind == html.ErrorToken {
			if z.Err() != io.EOF {
				raw = s[at:]
			}
			b.WriteString(raw)
			return b.String()
		}
		at += len(raw)
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken && kind != html.EndTagToken {
			b.WriteString(raw)
			continue
		}
		name, _ := z.TagName()
		tag := atom.Lookup(name)
		switch {
		case tag == atom.Svg || tag == atom.Math:
			switch kind {
			case html.StartTagToken:
				foreign++
			case html.EndTagToken:
				foreign = max(0, foreign-1)
			}
		case foreign > 0 || kind == html.EndTagToken || void[tag]:
		case kind == html.SelfClosingTagToken:
			b.WriteString(strings.TrimSuffix(raw, "/>") + "></" + string(name) + ">")
			continue
		case swallowing[tag]:
			last, known := closed[string(name)]
			if !known {
				last = strings.LastIndex(lower, "</"+string(name))
				closed[string(name)] = last
			}
			if last < at {
				z.NextIsNotRawText()
				raw = stdhtml.EscapeString(raw)
			}
		}
		b.WriteString(raw)
	}
}

// needsBalance says whether a tag ends itself that is not one of Markdown's own, or may
// swallow the text after it.
func needsBalance(s string) bool {
	for i := 0; ; {
		n := strings.IndexByte(s[i:], '<')
		if n < 0 {
			return false
		}
		i += n + 1
		end := i
		for end < len(s) && (s[end]|0x20 >= 'a' && s[end]|0x20 <= 'z' || s[end] >= '0' && s[end] <= '9') {
			end++
		}
		tag := atom.Lookup([]byte(strings.ToLower(s[i:end])))
		if end > i && (swallowing[tag] || !void[tag] && selfClosing(s[end:])) {
			return true
		}
		i = end
	}
}

// selfClosing says whether the rest of a tag ends in "/>".
func selfClosing(rest string) bool {
	end := strings.IndexByte(rest, '>')
	return end > 0 && rest[end-1] == '/'
}
