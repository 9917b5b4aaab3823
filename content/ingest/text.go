package ingest

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// isBlock tells the elements that end a line of text.
func isBlock(n *html.Node) bool {
	switch n.DataAtom {
	case atom.P, atom.Div, atom.Ul, atom.Ol, atom.Li, atom.Table, atom.Tr, atom.Td, atom.Th, atom.Thead, atom.Tbody, atom.Tfoot, atom.Caption, atom.Pre,
		atom.Blockquote, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Dl, atom.Dt, atom.Dd, atom.Hr, atom.Br, atom.Figure, atom.Figcaption, atom.Details, atom.Summary:
		return true
	}
	return false
}

// text gathers plain text: blocks on lines of their own, blanks folded.
type text struct {
	b     []byte
	blank byte // between lines: '\n', or ' ' for text on one line
	gap   byte // due before the next word
	most  int  // bytes that are asked for; 0 for all
}

// begin starts another text.
func (t *text) begin() { t.b, t.gap = t.b[:0], 0 }

// newLine ends a line.
func (t *text) newLine() { t.gap = t.blank }

// add writes the text of a node.
func (t *text) add(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		t.write(n.Data)
		return
	case html.ElementNode, html.DocumentNode:
	default:
		return
	}
	if n.DataAtom == atom.Img {
		if alt := realAlt(n); alt != "" {
			t.write(" ")
			t.write(alt)
			t.write(" ")
		}
		return
	}
	block := isBlock(n)
	if block {
		t.newLine()
	}
	for c := n.FirstChild; c != nil && !t.full(); c = c.NextSibling {
		t.add(c)
	}
	if block {
		t.newLine()
	}
}

func (t *text) full() bool { return t.most > 0 && len(t.b) >= t.most }

// write adds words as they stand in HTML.
func (t *text) write(s string) {
	for i := 0; i < len(s) && !t.full(); {
		if n := blankAt(s, i); n > 0 {
			if s[i] == '\n' {
				t.newLine()
			} else if t.gap == 0 {
				t.gap = ' '
			}
			i += n
			continue
		}
		j := wordEnd(s, i)
		if t.gap != 0 && len(t.b) > 0 {
			t.b = append(t.b, t.gap)
		}
		t.gap = 0
		t.b = append(t.b, s[i:j]...)
		i = j
	}
}

// blankAt is the length of the blank at a place of a text, as the unicode
// package knows it; 0 where there is none.
func blankAt(s string, i int) int {
	switch blanks[s[i]] {
	case 0:
		return 0
	case 1:
		return 1
	}
	if r, n := utf8.DecodeRuneInString(s[i:]); unicode.IsSpace(r) {
		return n
	}
	return 0
}

// wordEnd is where the word that begins at i ends.
func wordEnd(s string, i int) int {
	for i++; i < len(s) && (blanks[s[i]] == 0 || blankAt(s, i) == 0); i++ {
	}
	return i
}

// blanks tells the bytes that are blanks (1), and those that may begin one (2).
var blanks = [256]byte{'\t': 1, '\n': 1, '\v': 1, '\f': 1, '\r': 1, ' ': 1, 0xc2: 2, 0xe1: 2, 0xe2: 2, 0xe3: 2}

// line is the text of a node on a single line, until the desk reads another.
func (k *desk) line(n *html.Node) []byte {
	k.plain.begin()
	k.plain.add(n)
	return k.plain.b
}

// oneLine is the same, to be kept.
func (k *desk) oneLine(n *html.Node) string { return k.words.keep(k.line(n)) }

// textOf is the same, where there is no desk.
func textOf(n *html.Node) string {
	t := text{blank: ' '}
	t.add(n)
	return string(t.b)
}

// beginsWith says whether the text of a node does.
func (k *desk) beginsWith(n *html.Node, prefix string) bool {
	k.plain.most = len(prefix)
	b := k.line(n)
	k.plain.most = 0
	return strings.HasPrefix(string(b), prefix)
}

// says tells whether the text of a node holds anything but blanks and the
// given dash.
func says(n *html.Node, dash string) bool {
	s := n.Data
	switch {
	case n.Type == html.TextNode:
	case n.Type == html.ElementNode && n.DataAtom == atom.Img:
		s = realAlt(n)
	default:
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if (n.Type == html.ElementNode || n.Type == html.DocumentNode) && says(c, dash) {
				return true
			}
		}
		return false
	}
	for i := 0; i < len(s); {
		if n := blankAt(s, i); n > 0 {
			i += n
		} else if strings.HasPrefix(s[i:], dash) {
			i += len(dash)
		} else {
			return true
		}
	}
	return false
}

// realAlt is an image's alternative text, without the site generator's
// placeholder.
func realAlt(n *html.Node) string {
	if alt := strings.TrimSpace(attr(n, "alt")); alt != "alt_text" {
		return alt
	}
	return ""
}

// firstWords are the first three words of a text.
func firstWords(s string) string {
	if i := thirdBlank(s); i >= 0 {
		return s[:i]
	}
	words := strings.Fields(s)
	return strings.Join(words[:min(3, len(words))], " ")
}

// thirdBlank is where the first three words end in a text of single blanks; -1
// in any other.
func thirdBlank(s string) int {
	blanks := 0
	for i := range len(s) {
		n := blankAt(s, i)
		if n == 0 {
			continue
		}
		if s[i] != ' ' || i == 0 || s[i-1] == ' ' {
			return -1
		}
		if blanks++; blanks == 3 {
			return i
		}
	}
	if strings.HasSuffix(s, " ") {
		return -1
	}
	return len(s)
}

func countWords(s string) (n int) {
	for i := 0; i < len(s); {
		if b := blankAt(s, i); b > 0 {
			i += b
			continue
		}
		n++
		i = wordEnd(s, i)
	}
	return n
}

// single says whether a text has no blank.
func single(s string) bool {
	for i := range len(s) {
		if blankAt(s, i) > 0 {
			return false
		}
	}
	return true
}
