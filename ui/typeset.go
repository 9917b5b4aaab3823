package ui

import (
	"bytes"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/cct-mi/cct/content"
)

// asWritten are the elements whose text is not French prose.
var asWritten = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Code: true, atom.Pre: true, atom.Kbd: true, atom.Samp: true, atom.Textarea: true}

// typeset sets the French spaces of a whole page, and keeps its ids on one line.
// It reads the page's tokens and changes text alone: tags, with their attributes,
// and code stay as they are.
func typeset(page []byte) []byte {
	z := html.NewTokenizer(bytes.NewReader(page))
	var b bytes.Buffer
	b.Grow(len(page) + len(page)/50)
	inside, title, whole := 0, false, false // elements as written; <title>, which holds no tag; an element that never breaks
	for {
		kind := z.Next()
		raw := z.Raw()
		switch kind {
		case html.ErrorToken:
			return b.Bytes()
		case html.StartTagToken, html.EndTagToken:
			whole = kind == html.StartTagToken && (bytes.Contains(raw, []byte(`class="id"`)) || bytes.Contains(raw, []byte(`class="tenir"`)))
			name, _ := z.TagName()
			a := atom.Lookup(name)
			if asWritten[a] {
				if kind == html.StartTagToken {
					inside++
				} else if inside > 0 {
					inside--
				}
			}
			if a == atom.Title {
				title = kind == html.StartTagToken
			}
		case html.TextToken:
			if inside > 0 {
				break
			}
			text := content.French(string(raw))
			if title || whole {
				b.WriteString(text)
			} else {
				keepCodes(&b, text)
			}
			continue
		}
		b.Write(raw)
	}
}

// keepCodes writes a text with those of its ids that could be cut at a line's end
// in an element that does not break.
func keepCodes(b *bytes.Buffer, text string) {
	at := 0
	for _, c := range content.Codes(text) {
		code := text[c[0]:c[1]]
		if !bytes.ContainsAny([]byte(code), "-") {
			continue
		}
		b.WriteString(text[at:c[0]])
		b.WriteString(`<span class="tenir">` + code + `</span>`)
		at = c[1]
	}
	b.WriteString(text[at:])
}
