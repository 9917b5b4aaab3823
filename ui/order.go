package ui

import (
	"cmp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// frenchOrder compares two texts as a French dictionary orders them: first by
// letters, whatever their case and accents, and by numbers' values; texts that differ
// in nothing else by accents. The tables of a collator would take 1.3 MB of the
// program, which lists of three hundred names do not need.
func frenchOrder(a, b string) int {
	x, y := ligatures.Replace(unaccented(a)), ligatures.Replace(unaccented(b))
	for x != "" && y != "" {
		m, n := digits(x), digits(y)
		if m > 0 && n > 0 {
			one, other := strings.TrimLeft(x[:m], "0"), strings.TrimLeft(y[:n], "0")
			if c := cmp.Or(cmp.Compare(len(one), len(other)), strings.Compare(one, other)); c != 0 {
				return c
			}
			x, y = x[m:], y[n:]
			continue
		}
		if x[0] != y[0] {
			return cmp.Compare(x[0], y[0])
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

// digits is how many digits a text begins with.
func digits(s string) int {
	return len(s) - len(strings.TrimLeft(s, "0123456789"))
}

// ligatures are written out, as a dictionary orders them.
var ligatures = strings.NewReplacer("œ", "oe", "æ", "ae")

// unaccented is a text in lower case, without accents.
func unaccented(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}
