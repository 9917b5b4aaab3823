package markdown

import (
	"strings"

	"golang.org/x/net/html"
)

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
