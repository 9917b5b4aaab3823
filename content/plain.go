package content

import "strings"

// Address is one that the markup of a text says and the text does not: "par son
// site" leads to it.
type Address struct {
	At  int    `json:"at"` // offset in the text, in bytes, of the end of the words that lead there
	URL string `json:"url"`
}

// Plain is what the source says, as everything that leaves the site writes it: the
// addresses that its markup holds are written out, and the editors' remarks left to
// Note. Search reads Text, which has the latter and not the former.
func (r *Record) Plain() string { return writeOut(strings.TrimSuffix(r.Text, r.Note), r.Addresses) }

// Plain is the page's text with its addresses written out.
func (p *Page) Plain() string { return writeOut(p.Text, p.Addresses) }

func writeOut(text string, addresses []Address) string {
	if len(addresses) == 0 {
		return strings.TrimSpace(text)
	}
	var b strings.Builder
	last := 0
	for _, a := range addresses {
		if a.At < last || a.At > len(text) {
			continue
		}
		b.WriteString(text[last:a.At])
		b.WriteString(" (" + strings.TrimPrefix(strings.TrimPrefix(a.URL, "mailto:"), "tel:") + ")")
		last = a.At
	}
	b.WriteString(text[last:])
	return strings.TrimSpace(b.String())
}
