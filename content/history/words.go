package history

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// word is one word of a text. Its slice of the text runs to the next word, so the
// slices of all words give the text back.
type word struct {
	key  string // folded: without case nor accents
	text string
}

// meaningful are the signs that count as words: "≥ 5.1" is not "< 5.1", nor C++ C.
const meaningful = "+#<>=≤≥%"

// wordsOf cuts a text into words. Punctuation, quotes and space belong to the word
// before them, and make no difference.
func wordsOf(text string) []word {
	var out []word
	var starts []int
	open := false
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if !open {
				starts = append(starts, i)
			}
			open = true
		case unicode.Is(unicode.Mn, r): // an accent written apart
		default:
			open = false
			if strings.ContainsRune(meaningful, r) {
				starts = append(starts, i)
			}
		}
	}
	for n, at := range starts {
		end := len(text)
		if n+1 < len(starts) {
			end = starts[n+1]
		}
		if n == 0 {
			out = append(out, word{foldWord(text[at:end]), text[:end]})
			continue
		}
		out = append(out, word{foldWord(text[at:end]), text[at:end]})
	}
	return out
}

// foldWord gives the key of a word from its slice.
func foldWord(s string) string {
	if r, size := utf8.DecodeRuneInString(s); strings.ContainsRune(meaningful, r) {
		return s[:size]
	}
	for i := range len(s) { // most words are plain small letters
		if c := s[i]; c < 'a' || c > 'z' {
			if i > 0 && c < utf8.RuneSelf && (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
				return s[:i]
			}
			break
		}
	}
	var b strings.Builder
	for _, r := range s {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		b.WriteString(foldRune(unicode.ToLower(r)))
	}
	return b.String()
}

func foldRune(r rune) string {
	switch r {
	case 'à', 'â', 'ä', 'á', 'ã', 'å':
		return "a"
	case 'ç':
		return "c"
	case 'é', 'è', 'ê', 'ë':
		return "e"
	case 'î', 'ï', 'í', 'ì':
		return "i"
	case 'ô', 'ö', 'ó', 'ò', 'õ':
		return "o"
	case 'ù', 'û', 'ü', 'ú':
		return "u"
	case 'ÿ':
		return "y"
	case 'ñ':
		return "n"
	case 'œ':
		return "oe"
	case 'æ':
		return "ae"
	}
	return string(r)
}

// Op says what became of a piece of text.
type Op int

const (
	Kept Op = iota
	Removed
	Added
)

// Piece is a run of words that all were kept, removed or added. The kept and
// added ones put together are the new text.
type Piece struct {
	Op   Op
	Text string
}

// maxCells bounds the table of one comparison (1 MiB a million): two texts beyond
// it are compared at their beginning and end alone.
const maxCells = 4 << 20

// pieces tells a text's change word by word, by the longest common subsequence.
func pieces(old, new []word) []Piece {
	var out []Piece
	add := func(op Op, text string) {
		if n := len(out); n > 0 && out[n-1].Op == op {
			out[n-1].Text += text
			return
		}
		out = append(out, Piece{op, text})
	}
	head, tail := commonEnds(old, new)
	for _, w := range new[:head] {
		add(Kept, w.text)
	}
	a, b := old[head:len(old)-tail], new[head:len(new)-tail]
	i, j := 0, 0
	if table, ok := common(a, b); ok {
		for i < len(a) && j < len(b) {
			switch w := len(b) + 1; {
			case a[i].key == b[j].key:
				add(Kept, b[j].text)
				i, j = i+1, j+1
			case table[(i+1)*w+j] >= table[i*w+j+1]:
				add(Removed, a[i].text)
				i++
			default:
				add(Added, b[j].text)
				j++
			}
		}
	}
	for ; i < len(a); i++ {
		add(Removed, a[i].text)
	}
	for ; j < len(b); j++ {
		add(Added, b[j].text)
	}
	for _, w := range new[len(new)-tail:] {
		add(Kept, w.text)
	}
	return out
}

// commonEnds counts the words that both begin with, and then end with.
func commonEnds(a, b []word) (head, tail int) {
	for head < len(a) && head < len(b) && a[head].key == b[head].key {
		head++
	}
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail].key == b[len(b)-1-tail].key {
		tail++
	}
	return head, tail
}

// common fills the table of longest common subsequences: at (i, j), that of a[i:]
// and b[j:]. False when it would be too large.
func common(a, b []word) ([]int32, bool) {
	w := len(b) + 1
	if (len(a)+1)*w > maxCells {
		return nil, false
	}
	table := make([]int32, (len(a)+1)*w)
	for i := len(a) - 1; i >= 0; i-- {
		row, below := table[i*w:(i+1)*w], table[(i+1)*w:]
		for j := len(b) - 1; j >= 0; j-- {
			if a[i].key == b[j].key {
				row[j] = below[j+1] + 1
			} else {
				row[j] = max(below[j], row[j+1])
			}
		}
	}
	return table, true
}

// inCommon is the length of the longest common subsequence of two texts.
func inCommon(a, b []word) int {
	head, tail := commonEnds(a, b)
	a, b = a[head:len(a)-tail], b[head:len(b)-tail]
	if (len(a)+1)*(len(b)+1) > maxCells {
		return head + tail
	}
	row := make([]int32, len(b)+1)
	for i := len(a) - 1; i >= 0; i-- {
		var corner int32
		for j := len(b) - 1; j >= 0; j-- {
			above := row[j]
			if a[i].key == b[j].key {
				row[j] = corner + 1
			} else {
				row[j] = max(above, row[j+1])
			}
			corner = above
		}
	}
	return head + tail + int(row[0])
}

// ratio is the share of words that two texts have in common, in the same order: 1
// for the same words.
func ratio(a, b []word) float64 {
	if len(a)+len(b) == 0 {
		return 1
	}
	return 2 * float64(inCommon(a, b)) / float64(len(a)+len(b))
}

func sameWords(a, b []word) bool {
	head, _ := commonEnds(a, b)
	return head == len(a) && head == len(b)
}

// weighty leaves out short words, which any two texts share.
func weighty(list []word) []word {
	out := make([]word, 0, len(list))
	for _, w := range list {
		if len(w.key) >= 4 {
			out = append(out, w)
		}
	}
	return out
}
