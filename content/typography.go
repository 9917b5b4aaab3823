package content

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const noBreak = '\u00a0'

// French sets the spaces of a French text: one that does not break stands before
// a colon, a semicolon, a question or an exclamation mark, and inside quotation
// marks, where the text may have forgotten it; none of them then begins a line.
// What names a thing by letters and a number ("EX 33", "RFC 9457") does not break
// either. It takes text alone: code, addresses and tags are for the caller to
// leave out. Applied twice, it changes nothing more.
func French(text string) string {
	if strings.IndexByte(text, ' ') < 0 && !strings.Contains(text, "«") && !strings.Contains(text, "»") {
		return text
	}
	var b strings.Builder
	b.Grow(len(text) + 8)
	for i := 0; i < len(text); {
		switch rest := text[i:]; {
		case rest[0] == ' ' && (strings.HasSuffix(text[:i], "«") || standsApart(text[:i], rest[1:]) || splitsCode(text, i)):
			b.WriteRune(noBreak)
			i++
		case strings.HasPrefix(rest, "»"):
			if before, _ := utf8.DecodeLastRuneInString(text[:i]); i > 0 && !unicode.IsSpace(before) && before != '«' {
				b.WriteRune(noBreak)
			}
			b.WriteString("»")
			i += len("»")
		case strings.HasPrefix(rest, "«"):
			b.WriteString("«")
			i += len("«")
			if after, _ := utf8.DecodeRuneInString(text[i:]); i < len(text) && !unicode.IsSpace(after) && after != '»' {
				b.WriteRune(noBreak)
			}
		default:
			b.WriteByte(rest[0])
			i++
		}
	}
	// A legal mention, kept as the law writes it.
	return strings.ReplaceAll(b.String(), "Accessibilité\u00a0:", "Accessibilité :")
}

// standsApart says whether a double sign follows a single blank and ends there:
// one that letters follow is code (":root", "?q=", "!important").
func standsApart(before, after string) bool {
	if last, _ := utf8.DecodeLastRuneInString(before); unicode.IsSpace(last) {
		return false
	}
	if strings.HasPrefix(after, "»") {
		return true
	}
	signs := len(after) - len(strings.TrimLeft(after, ":;?!"))
	if signs == 0 {
		return false
	}
	next, _ := utf8.DecodeRuneInString(after[signs:])
	return signs == len(after) || unicode.IsSpace(next) || strings.ContainsRune(".,)]<{»…\"”—", next)
}

// splitsCode says whether the blank at i parts the letters of a code from its number.
func splitsCode(text string, i int) bool {
	from := i
	for from > 0 && text[from-1] >= 'A' && text[from-1] <= 'Z' {
		from--
	}
	if i-from < 2 || i-from > 5 || i+1 >= len(text) || text[i+1] < '0' || text[i+1] > '9' {
		return false
	}
	before, _ := utf8.DecodeLastRuneInString(text[:from])
	return from == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before)
}

// Codes finds where ids stand in a text, whole, as byte offsets: letters and a
// number, joined ("EX33"), with a hyphen or a blank ("AT-1368", "EX 33"), or
// with names between ("EXI-ARCH-4").
func Codes(text string) (places [][2]int) {
	for i := 0; i < len(text); {
		if !upper(text[i]) {
			i++
			continue
		}
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		end := 0
		if i == 0 || !unicode.IsLetter(before) && !unicode.IsDigit(before) && before != '-' {
			end = codeEnd(text, i)
		}
		if end > 0 {
			places = append(places, [2]int{i, end})
			i = end
			continue
		}
		for i < len(text) && upper(text[i]) {
			i++
		}
	}
	return places
}

func upper(c byte) bool { return c >= 'A' && c <= 'Z' }

func digit(c byte) bool { return c >= '0' && c <= '9' }

// codeEnd is where the code that begins at i ends, 0 when none does.
func codeEnd(text string, i int) int {
	for {
		from := i
		for i < len(text) && upper(text[i]) {
			i++
		}
		if i == from || i-from > 5 || i >= len(text) {
			return 0
		}
		if text[i] == '-' && i+1 < len(text) && upper(text[i+1]) { // a name between
			i++
			continue
		}
		if i-from < 2 {
			return 0
		}
		break
	}
	switch {
	case text[i] == '-' || text[i] == ' ':
		i++
	case strings.HasPrefix(text[i:], "\u00a0") || strings.HasPrefix(text[i:], "\u2011"):
		_, n := utf8.DecodeRuneInString(text[i:])
		i += n
	}
	from := i
	for i < len(text) && digit(text[i]) {
		i++
	}
	after, _ := utf8.DecodeRuneInString(text[i:])
	if i == from || i-from > 5 || i < len(text) && (unicode.IsLetter(after) || unicode.IsDigit(after)) {
		return 0
	}
	return i
}
