package ingest

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// slug makes an anchor as the official site does: accents folded, lower case,
// everything else a hyphen.
func slug(s string) string { return string(appendSlug(make([]byte, 0, 64), s, '-')) }

func appendSlug(b []byte, s string, between byte) []byte {
	f := slugger{b: b, from: len(b), between: between}
	for i, r := range s {
		switch {
		case r < 0x80:
			f.add(r)
		case r < 0x250 || r >= 0x2010 && r < 0x203b: // Latin, and what stands between words
			if d := norm.NFD.PropertiesString(s[i:]).Decomposition(); d != nil {
				for len(d) > 0 {
					r, n := utf8.DecodeRune(d)
					f.add(r)
					d = d[n:]
				}
			} else {
				f.add(r)
			}
		default:
			for _, r := range norm.NFD.String(s[i:]) {
				f.add(r)
			}
			return f.b
		}
	}
	return f.b
}

// slugger writes the characters of a slug.
type slugger struct {
	b       []byte
	from    int
	between byte
	gap     bool
}

func (f *slugger) add(r rune) {
	switch {
	case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
	case r >= 'A' && r <= 'Z':
		r += 'a' - 'A'
	case r < 0x80:
		f.gap = true
		return
	case r == 'œ' || r == 'Œ':
		f.b = append(f.b, "oe"...)
		return
	case r == 'æ' || r == 'Æ':
		f.b = append(f.b, "ae"...)
		return
	case unicode.Is(unicode.Mn, r):
		return
	default:
		r = unicode.ToLower(r)
		if !(r >= 'a' && r <= 'z' || r > 127 && (unicode.IsLetter(r) || unicode.IsDigit(r))) {
			f.gap = true
			return
		}
	}
	if f.gap && len(f.b) > f.from {
		f.b = append(f.b, f.between)
	}
	f.gap = false
	f.b = utf8.AppendRune(f.b, r)
}

// fold makes text comparable: no accents, lower case, single spaces.
func fold(s string) string { return string(appendSlug(make([]byte, 0, 64), s, ' ')) }
