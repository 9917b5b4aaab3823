package markdown

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Slug makes an anchor as the official site does: accents folded, lower case,
// everything else a hyphen.
func Slug(s string) string { return fold(s, '-') }

// Fold makes text comparable: no accents, lower case, single spaces.
func Fold(s string) string { return fold(s, ' ') }

// fold keeps the letters and digits of a text, in lower case and without their
// accents, and puts one byte between its words.
func fold(s string, between byte) string {
	var b strings.Builder
	b.Grow(len(s))
	gap := false
	for _, r := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r):
			continue
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(between)
		}
		gap = false
		switch r = unicode.ToLower(r); r {
		case 'œ':
			b.WriteString("oe")
		case 'æ':
			b.WriteString("ae")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Names tells apart what would be called alike, by numbers. It holds the last one
// given to each name: a page of 50,000 rows that are all called alike must not try
// them all each time.
type Names map[string]int

// Free gives the name, or the name with the first number, not below from, with
// which it is not taken.
func (n Names) Free(name string, from int, taken func(string) bool) string {
	id := name
	if !taken(id) {
		return id
	}
	for i := max(n[name]+1, from); taken(id); i++ {
		id = fmt.Sprintf("%s-%d", name, i)
		n[name] = i
	}
	return id
}
