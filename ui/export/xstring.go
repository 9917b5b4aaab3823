package export

import (
	"strconv"
	"strings"
)

// Workbooks write as _xHHHH_ the characters that XML can't hold, and as
// _x005F_ the underscore of a text that only looks so (ECMA-376 part 1,
// 22.9.2.19, ST_Xstring).

const escapeLength = len("_x005F_")

// escaped gives the character of the escape that s begins with.
func escaped(s string) (r rune, ok bool) {
	if len(s) < escapeLength || s[:2] != "_x" || s[escapeLength-1] != '_' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:escapeLength-1], 16, 16)
	return rune(n), err == nil
}

// encodeXString protects what a spreadsheet would take for an escape.
func encodeXString(s string) string {
	return replaceEscapes(s, func(b *strings.Builder, _ rune) int {
		b.WriteString("_x005F_")
		return 1
	})
}

// decodeXString gives the text that a workbook means.
func decodeXString(s string) string {
	return replaceEscapes(s, func(b *strings.Builder, r rune) int {
		b.WriteRune(r)
		return escapeLength
	})
}

// replaceEscapes has replace write in place of each escape, and say how many
// bytes of it that stands for.
func replaceEscapes(s string, replace func(b *strings.Builder, r rune) int) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 {
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		if r, ok := escaped(s); ok {
			s = s[replace(&b, r):]
			continue
		}
		b.WriteByte('_')
		s = s[1:]
	}
	b.WriteString(s)
	return b.String()
}
