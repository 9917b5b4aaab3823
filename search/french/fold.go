package french

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold lower-cases a text and takes its accents off; ligatures come apart.
func Fold(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		foldRune(&b, r)
	}
	return b.String()
}

// isFolded says whether a word already is as folding leaves it.
func isFolded(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf || s[i] >= 'A' && s[i] <= 'Z' {
			return false
		}
	}
	return true
}

func foldRune(b *strings.Builder, r rune) {
	if r < utf8.RuneSelf {
		b.WriteRune(unicode.ToLower(r))
		return
	}
	if plain, ok := plainLetters[r]; ok {
		b.WriteString(plain)
		return
	}
	if unicode.Is(unicode.Mn, r) {
		return
	}
	for _, d := range norm.NFKD.String(string(r)) {
		if !unicode.Is(unicode.Mn, d) {
			b.WriteRune(unicode.ToLower(d))
		}
	}
}

// plainLetters are the letters that French text holds most, and those that no
// decomposition takes apart.
var plainLetters = map[rune]string{
	'é': "e", 'è': "e", 'ê': "e", 'ë': "e", 'à': "a", 'â': "a", 'ä': "a", 'î': "i", 'ï': "i", 'ô': "o", 'ö': "o",
	'û': "u", 'ù': "u", 'ü': "u", 'ç': "c", 'ÿ': "y",
	'É': "e", 'È': "e", 'Ê': "e", 'Ë': "e", 'À': "a", 'Â': "a", 'Î': "i", 'Ï': "i", 'Ô': "o", 'Û': "u", 'Ù': "u",
	'Ü': "u", 'Ç': "c",
	'œ': "oe", 'Œ': "oe", 'æ': "ae", 'Æ': "ae", 'ß': "ss", 'ø': "o", 'Ø': "o", 'ł': "l",
}

// sourceOf gives the offset in word at which its folded form has n bytes; false
// when that falls inside of what one letter folds to.
func sourceOf(word string, n int) (int, bool) {
	var b strings.Builder
	for i, r := range word {
		if b.Len() >= n && !unicode.Is(unicode.Mn, r) { // marks belong to the letter before
			return i, b.Len() == n
		}
		foldRune(&b, r)
	}
	return len(word), b.Len() == n
}

// FoldText folds a text to its words with single blanks between them; a compound
// gives its parts.
func FoldText(s string) string {
	var b strings.Builder
	for _, t := range Tokenize(s) {
		if t.Joined && !t.Signed() || t.Part && strings.HasSuffix(b.String(), t.Term) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.Term)
	}
	return b.String()
}
