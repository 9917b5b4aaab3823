package markdown

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
	"sync"
)

// The tags of the usual site generators that only Markdown's own forms are needed for
// are written as those: GitBook's hints, tabs, files and references, addresses that
// Jekyll, Hugo and Eleventy compute, and what Liquid leaves out or leaves as it is.

// Colons of the callouts that tags become: more than people write.
const (
	hintFence = 14
	tabFence  = 15
)

// tags are what tags are open, so that one that closes nothing stays as it is.
type tags map[string]int

var (
	anyTag = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:\{%-?\s*([\w/-]+)\s*([^\n]*?)\s*-?%\}|\{\{([<%]?)-?\s*([^\n]*?)\s*-?[>%]?\}\})`)
	})
	attribute = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?:^|\s)(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')`) })
	rootPath  = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:[\w$.]*\.)?(?i:baseurl|base_url|baseref|base_path|pathprefix)$`)
	})
	filtered = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^["']([^"'\n]+)["']\s*\|\s*(?:relative_url|absolute_url|url|relURL|absURL|relLangURL|absLangURL)$`)
	})
	reference = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:rel)?ref\s+["']?([^"'\s]+)["']?$`) })
)

// usual reads a tag at the head of src that a usual generator knows, and gives the
// Markdown in its place and the length of what it replaces; 0 for any other. A block
// that is opened or closed stands on a line alone.
func (open tags) usual(src string, lineBegins bool) (text string, n int) {
	m := anyTag().FindStringSubmatch(src[:min(len(src), maxTag)])
	if m == nil {
		return "", 0
	}
	n = len(m[0])
	alone := lineBegins && blankBefore(src[n:])
	if m[1] == "" {
		return open.expression(src, m[3], m[4], alone, n)
	}
	name, arguments := m[1], m[2]
	given := map[string]string{}
	for _, a := range attribute().FindAllStringSubmatch(arguments, -1) {
		given[a[1]] = a[2] + a[3]
	}
	closes, end := strings.CutPrefix(name, "end")
	if end && open[closes] == 0 {
		return "", 0
	}
	switch name {
	case "hint", "tab":
		if !alone {
			return "", 0
		}
		open[name]++
		if name == "hint" {
			return fence(hintFence) + " " + given["style"], n
		}
		return fence(tabFence) + " details " + given["title"], n
	case "endhint", "endtab":
		if !alone {
			return "", 0
		}
		open[closes]--
		return fence(map[string]int{"hint": hintFence, "tab": tabFence}[closes]), n
	case "tabs", "stepper", "step", "content-ref", "code", "columns", "column":
		open[name]++
		return "", n
	case "endtabs", "endstepper", "endstep", "endcontent-ref", "endcode", "endcolumns", "endcolumn", "endembed", "endfile":
		open[closes]--
		return "", n
	case "embed":
		if given["url"] == "" {
			return "", 0
		}
		open[name]++
		return "<" + strings.ReplaceAll(given["url"], ">", "%3E") + ">", n
	case "file":
		if given["src"] == "" {
			return "", 0
		}
		open[name]++
		label := path.Base(given["src"])
		if decoded, err := url.PathUnescape(label); err == nil {
			label = decoded
		}
		return fmt.Sprintf("[%s](<%s>)", strings.NewReplacer("[", `\[`, "]", `\]`).Replace(label), given["src"]), n
	case "link":
		if arguments == "" || strings.ContainsAny(arguments, `"':`) { // of some other generator
			return "", 0
		}
		return "/" + strings.TrimPrefix(inAddress(arguments), "/"), n
	case "comment", "raw", "highlight":
		end := open.endOf(src[n:], name)
		switch {
		case end == nil || name == "highlight" && !alone:
			return "", 0
		case name == "raw":
			return src[n : n+end[0]], n + end[1]
		case name == "highlight":
			return fenced(arguments, src[n:n+end[0]]), n + end[1]
		}
		return "", n + end[1]
	}
	return "", 0
}

// endTags close what is taken as it is written.
var endTags = sync.OnceValue(func() map[string]*regexp.Regexp {
	m := map[string]*regexp.Regexp{"/highlight": regexp.MustCompile(`\{\{[<%]\s*/\s*highlight\s*[>%]\}\}`)}
	for _, name := range []string{"comment", "raw", "highlight"} {
		m[name] = regexp.MustCompile(`\{%-?\s*end` + name + `\s*-?%\}`)
	}
	return m
})

// endOf is the place of a tag's end in what follows it; nil where there is none. What
// has none once has none below.
func (open tags) endOf(rest, name string) []int {
	const none = -1
	if open[name] == none {
		return nil
	}
	end := endTags()[name].FindStringIndex(rest)
	if end == nil {
		open[name] = none
	}
	return end
}

// blankBefore says whether nothing but blanks stands before the end of the line.
func blankBefore(rest string) bool {
	line := strings.TrimLeft(rest, " \t")
	return line == "" || line[0] == '\n'
}

// expression reads what stands in {{ }}, or in {{< >}} and {{% %}}.
func (open tags) expression(src, mark, said string, alone bool, n int) (string, int) {
	if mark == "" {
		if rootPath().MatchString(said) {
			return "", n
		}
		if m := filtered().FindStringSubmatch(said); m != nil {
			return inAddress(m[1]), n
		}
		return "", 0
	}
	switch m := reference().FindStringSubmatch(said); {
	case m != nil:
		return inAddress(m[1]), n
	case alone && (said == "hint" || strings.HasPrefix(said, "hint ")):
		open["{{hint"]++
		return fence(hintFence) + " " + strings.Trim(strings.TrimPrefix(said, "hint"), ` "'`), n
	case alone && (said == "highlight" || strings.HasPrefix(said, "highlight ")):
		end := open.endOf(src[n:], "/highlight")
		if end == nil {
			return "", 0
		}
		return fenced(strings.TrimPrefix(said, "highlight"), src[n:n+end[0]]), n + end[1]
	case alone && said == "/hint" && open["{{hint"] > 0:
		open["{{hint"]--
		return fence(hintFence), n
	}
	return "", 0
}

// fenced is code in a language, the first of the words, with as many lines as it had.
func fenced(words, code string) string {
	const tildes = "~~~~~~~~~~~~"
	language := ""
	if list := strings.Fields(words); len(list) > 0 {
		language = strings.Trim(list[0], `"'`)
	}
	return tildes + " " + language + strings.TrimRight(code, " \t") + tildes
}

func fence(colons int) string { return strings.Repeat(":", colons) }

// inAddress makes a path fit for the address of a link.
func inAddress(path string) string {
	return strings.NewReplacer(" ", "%20", "(", "%28", ")", "%29", "<", "%3C", ">", "%3E", "\n", "").Replace(strings.TrimSpace(path))
}
