package export

import (
	"strings"
	"unicode/utf8"
)

// Excel fits rows to wrapped text when it opens a file that gives no heights;
// LibreOffice shows one line. So heights are estimated, on the large side, and
// not marked as custom: both fit them again as soon as the row is edited.

const (
	lineHeight = 15.0 // points, of the 11 point font
	titleLine  = 21.0 // of the title's
	maxHeight  = 409.0
)

// rowHeight is the height of a row whose cells take as many lines.
func rowHeight(lines int) float64 { return min(float64(max(lines, 1))*lineHeight, maxHeight) }

// linesOf estimates how many lines text takes once wrapped at words, in a column
// as wide as that many digits: letters are narrower on average, and blanks
// beside the text take one.
func linesOf(text string, width float64) int {
	room := max(int(width)-1, 1)
	n := 0
	for line := range strings.SplitSeq(text, "\n") {
		n++
		at := 0
		for word := range strings.FieldsSeq(line) {
			length := utf8.RuneCountInString(word)
			if at > 0 && at+1+length > room {
				n++
				at = 0
			}
			if at > 0 {
				at++
			}
			n += (at + length - 1) / room // a long word, such as an address, is cut
			at = (at+length-1)%room + 1
		}
	}
	return n
}
