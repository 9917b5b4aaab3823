package markdown

import (
	"strings"
	"unicode"

	"github.com/cct-mi/cct/content"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// IsBlock tells the elements that end a line of text.
func IsBlock(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Div, atom.Ul, atom.Ol, atom.Li, atom.Table, atom.Tr, atom.Td, atom.Th, atom.Thead, atom.Tbody, atom.Tfoot, atom.Caption, atom.Pre,
		atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Dl, atom.Dt, atom.Dd, atom.Hr, atom.Br, atom.Figure, atom.Figcaption, atom.Details, atom.Summary:
		return true
	}
	return false
}

// Text gathers plain text: blanks folded, and a line for each block or all on one.
type Text struct {
	b     strings.Builder
	lines bool // keeps blocks on lines of their own
	gap   byte // due before the next word
	notes *Text

	Addresses []content.Address // that links lead to, and their words do not say
}

// Lines is a Text that keeps blocks on lines of their own.
func Lines() *Text { return &Text{lines: true} }

func (t *Text) String() string { return t.b.String() }

// Apart sends what editors inserted (the element ins) to notes.
func (t *Text) Apart(notes *Text) { t.notes = notes }

// NewLine ends a line.
func (t *Text) NewLine() {
	t.gap = ' '
	if t.lines {
		t.gap = '\n'
	}
}

// Write adds words as they stand in HTML.
func (t *Text) Write(s string) {
	for s != "" {
		word := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsSpace(r) })
		if word < 0 {
			word = len(s)
		}
		if strings.IndexByte(s[:word], '\n') >= 0 {
			t.NewLine()
		} else if word > 0 && t.gap == 0 {
			t.gap = ' '
		}
		if s = s[word:]; s == "" {
			return
		}
		end := strings.IndexFunc(s, unicode.IsSpace)
		if end < 0 {
			end = len(s)
		}
		if t.gap != 0 && t.b.Len() > 0 {
			t.b.WriteByte(t.gap)
		}
		t.gap = 0
		t.b.WriteString(s[:end])
		s = s[end:]
	}
}

// Add writes the text of a node.
func (t *Text) Add(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		t.Write(n.Data)
		return
	case html.ElementNode, html.DocumentNode:
	default:
		return
	}
	if n.DataAtom == atom.Img {
		if alt := Alt(n); alt != "" {
			t.Write(" " + alt + " ")
		}
		return
	}
	if n.DataAtom == atom.A && unread[Attr(n, "class")] {
		return
	}
	if n.DataAtom == atom.Ins && t.notes != nil {
		t.notes.NewLine()
		t.notes.Add(n)
		return
	}
	block := IsBlock(n)
	if block {
		t.NewLine()
	}
	from := t.Len()
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		t.Add(c)
	}
	t.Link(n, from)
	if block {
		t.NewLine()
	}
}

// Len is how long the text is, in bytes.
func (t *Text) Len() int { return t.b.Len() }

// Link notes the address of a link whose words begin at an offset.
func (t *Text) Link(n *html.Node, from int) {
	if n.DataAtom != atom.A {
		return
	}
	href := strings.TrimSpace(Attr(n, "href"))
	scheme, rest, _ := strings.Cut(href, ":")
	switch strings.ToLower(scheme) {
	case "http", "https":
		if host, _, _ := strings.Cut(strings.TrimLeft(rest, "/"), "/"); !strings.Contains(host, ".") {
			return // still to be written
		}
	case "mailto", "tel":
	default:
		return
	}
	if from < t.Len() && !strings.Contains(bare(t.b.String()[from:]), bare(href)) {
		t.Addresses = append(t.Addresses, content.Address{At: t.Len(), URL: href})
	}
}

// bare is an address without what people leave out when they say it.
func bare(s string) string {
	s = strings.ToLower(s)
	for _, prefix := range [...]string{"http://", "https://", "mailto:", "tel:", "www."} {
		s = strings.ReplaceAll(s, prefix, "")
	}
	return strings.TrimRight(s, "/ ")
}

// unread are the classes of links that are no text: the address that a heading
// shows, the number of a footnote and the way back from it.
var unread = map[string]bool{"ancre": true, "footnote-ref": true, "footnote-backref": true}

// TextOf is the text of a node on a single line.
func TextOf(n *html.Node) string {
	var t Text
	t.Add(n)
	return t.String()
}

// Alt is an image's alternative text, without the site generator's placeholder.
func Alt(n *html.Node) string {
	if alt := strings.TrimSpace(Attr(n, "alt")); alt != "alt_text" {
		return alt
	}
	return ""
}

// FirstWords are the first three words of a text.
func FirstWords(s string) string {
	words := strings.Fields(s[:min(len(s), 500)])
	return strings.Join(words[:min(3, len(words))], " ")
}

// Clip puts a text on one line of n characters at most.
func Clip(s string, n int) string {
	if most := 16 * (n + 1); len(s) > most { // of a page on one line, too
		s = strings.ToValidUTF8(s[:most], "")
	}
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

// ClipWords cuts a text between words, after n characters at most.
func ClipWords(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	cut := string(r[:n])
	if i := strings.LastIndexByte(cut, ' '); i > n/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.(–-")
}
