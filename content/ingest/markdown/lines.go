package markdown

import (
	"sort"
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// lineFinder tells the line of an offset, from 1.
func lineFinder(src string) func(offset int) int {
	starts := []int{0}
	for at := 0; ; {
		i := strings.IndexByte(src[at:], '\n')
		if i < 0 {
			break
		}
		at += i + 1
		starts = append(starts, at)
	}
	return func(offset int) int { return sort.SearchInts(starts, offset+1) }
}

// lineAttr bears the line of the source that an element comes from, until the
// page is written.
const lineAttr = "data-l"

func lineOf(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// LineOf is the line that an element comes from; otherwise where it has none.
func LineOf(n *html.Node, otherwise int) int {
	if l := lineOf(Attr(n, lineAttr)); l > 0 {
		return l
	}
	return otherwise
}

// DropLine removes an element's line.
func DropLine(n *html.Node) { DelAttr(n, lineAttr) }

// lined are the elements whose line somebody asks for.
var lined = map[string]bool{"a": true, "img": true, "h1": true, "h2": true, "h3": true, "h4": true, "h5": true, "h6": true, "table": true, "tr": true, "li": true,

	"p": true, "dt": true, "div": true, "script": true, "iframe": true, "svg": true, "object": true, "embed": true, "form": true, "style": true}

// withLines adds the line to the tags of HTML, which is else left as it is.
func withLines(s string, lineAt func(at int) int) string {
	z := html.NewTokenizer(strings.NewReader(s))
	var b strings.Builder
	b.Grow(len(s) + len(s)/8)
	at := 0
	inside := false // a component, whose rows all stand on its line
	for {
		kind := z.Next()
		part := string(z.Raw())
		if kind == html.ErrorToken {
			break
		}
		inside = inside && part != "</table>"
		if kind == html.StartTagToken || kind == html.SelfClosingTagToken {
			if name, _ := z.TagName(); lined[string(name)] && !inside {
				inside = strings.HasPrefix(part, "<table "+componentMark)
				end := 1 + len(name)
				b.WriteString(part[:end] + " " + lineAttr + `="` + strconv.Itoa(lineAt(at)) + `"`)
				b.WriteString(part[end:])
				at += len(part)
				continue
			}
		}
		b.WriteString(part)
		at += len(part)
	}
	b.WriteString(s[min(at, len(s)):]) // a tag that the end of the block cuts
	return b.String()
}
