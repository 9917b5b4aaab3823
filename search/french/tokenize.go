package french

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Token is one word of a text.
type Token struct {
	Term       string // folded
	Start, End int    // bytes of the text
	Position   int    // from 1; a joined form shares its first part's
	Joined     bool   // a compound as one word: its parts follow
	Part       bool   // a part of a joined form
	Capitals   bool   // typed all in capitals, as acronyms are
}

// Signed says whether signs are part of the name, as in C++, C# and .NET.
func (t Token) Signed() bool { return strings.ContainsAny(t.Term, "+#.") }

// IsStop says whether a token carries no subject. An acronym in capitals that
// reads like a stop word (SI, AS, OU) does.
func (t Token) IsStop() bool {
	return known().stop[t.Term] && !(t.Capitals && len(t.Term) >= 2) || isLetter(t.Term) && !t.Joined && !t.Part
}

// Means says whether a part of a compound means something by itself.
func (t Token) Means() bool {
	return !(known().stop[t.Term] && !t.Capitals) && !isLetter(t.Term)
}

func isLetter(term string) bool { return len(term) == 1 && term[0] >= 'a' && term[0] <= 'z' }

// limits of what is also kept as one word.
const (
	maxJoinedParts = 6
	maxJoined      = 40 // bytes
)

// Tokenize cuts a text into words, in order. Elided articles are dropped;
// compounds are kept both whole and in parts: "CI/CD" gives cicd, ci and cd, at
// two positions, "EX29" gives ex29, ex and 29.
func Tokenize(text string) []Token {
	tokens := make([]Token, 0, len(text)/5+1) // a word takes some six bytes
	Each(text, func(t Token) { tokens = append(tokens, t) })
	return tokens
}

var tokenizers = sync.Pool{New: func() any { return &tokenizer{folded: map[string]string{}} }}

// Each gives the words of a text one after the other, as Tokenize does.
func Each(text string, take func(Token)) {
	t := tokenizers.Get().(*tokenizer)
	defer tokenizers.Put(t)
	t.text, t.take, t.position = text, take, 0
	for i := 0; i < len(text); {
		r, size := decode(text, i)
		if !isWord(r) && !(r == '.' && startsName(text, i)) {
			i += size
			continue
		}
		i = t.read(i)
	}
}

type tokenizer struct {
	text     string
	take     func(Token)
	position int
	folded   map[string]string // words met that folding changes: texts repeat them

	// The run of words under way, held together by signs.
	parts  []Token
	joined []byte
	suffix string // the signs of C++, C#
}

// read reads the run that begins at start, adds its tokens, and gives where it
// ends.
func (t *tokenizer) read(start int) int {
	t.parts, t.joined, t.suffix = t.parts[:0], t.joined[:0], ""
	i := start
	if t.text[i] == '.' { // .NET
		i++
	}
	for i < len(t.text) {
		i = t.word(i)
		after, joins := t.join(i)
		if len(t.parts) == 0 && joins {
			start = after // l'État: the run begins after the article
		}
		i = after
		if !joins {
			break
		}
	}
	t.add(start, i)
	return i
}

// word reads letters and figures, and gives where they end.
func (t *tokenizer) word(from int) int {
	i := from
	for i < len(t.text) {
		r, size := decode(t.text, i)
		if !isWord(r) {
			break
		}
		i += size
	}
	spelt := t.text[from:i]
	if term := t.fold(spelt); term != "" {
		t.part(Token{Term: term, Start: from, End: i, Capitals: InCapitals(spelt)})
	}
	return i
}

// maxFolded bounds what a tokenizer remembers.
const maxFolded = 8_000

func (t *tokenizer) fold(spelt string) string {
	if isFolded(spelt) {
		return spelt
	}
	term, ok := t.folded[spelt]
	if !ok {
		term = Fold(spelt)
		if len(t.folded) < maxFolded {
			t.folded[strings.Clone(spelt)] = term
		}
	}
	return term
}

func (t *tokenizer) part(p Token) {
	t.parts = append(t.parts, p)
	t.joined = append(t.joined, p.Term...)
}

// join reads what stands after a word, and says whether the run goes on.
func (t *tokenizer) join(i int) (after int, goesOn bool) {
	if i == len(t.text) || len(t.parts) == 0 {
		return i, false
	}
	r, size := decode(t.text, i)
	if figure, ok := raised(r); ok {
		t.part(Token{Term: figure, Start: i, End: i + size})
		return i + size, true
	}
	if isApostrophe(r) && wordAt(t.text, i+size) {
		last := len(t.parts) - 1
		if article := t.parts[last].Term; known().elided[article] {
			t.parts, t.joined = t.parts[:last], t.joined[:len(t.joined)-len(article)]
		}
		return i + size, true
	}
	if r == '+' || r == '#' {
		if end := signs(t.text, i); !wordAt(t.text, end) {
			t.suffix = t.text[i:end]
			return end, false
		}
	}
	n := joiner(t.text, i)
	return i + n, n > 0
}

// add turns the run into tokens.
func (t *tokenizer) add(start, end int) {
	if len(t.parts) == 0 {
		return
	}
	dotted := t.text[start] == '.'
	switch {
	case t.suffix != "" || dotted:
		t.addSigned(start, end, dotted)
	case isVersion(t.parts, t.text):
		t.addVersion()
	case len(t.parts) == 1:
		t.addWord(t.parts[0])
	default:
		t.addCompound()
	}
}

func (t *tokenizer) addSigned(start, end int, dotted bool) {
	whole := string(t.joined) + t.suffix
	if dotted {
		whole = "." + whole
	}
	t.position++
	t.take(Token{Term: whole, Start: start, End: end, Position: t.position, Joined: true})
	if len(t.joined) > 1 {
		p := t.parts[len(t.parts)-1]
		p.Position, p.Part = t.position, true
		t.take(p)
	}
}

func (t *tokenizer) addVersion() {
	var figures []string
	for _, p := range t.parts {
		figures = append(figures, p.Term)
	}
	t.position++
	t.take(Token{
		Term: strings.Join(figures, "."), Start: t.parts[0].Start, End: t.parts[len(t.parts)-1].End, Position: t.position,
	})
}

// addWord adds a word, and the two parts of one that has figures after letters.
func (t *tokenizer) addWord(w Token) {
	t.position++
	w.Position = t.position
	letters, figures := splitID(w.Term)
	cut, ok := 0, false
	if letters != "" {
		cut, ok = sourceOf(t.text[w.Start:w.End], len(letters))
	}
	if !ok {
		t.take(w)
		return
	}
	w.Joined = true
	cut += w.Start
	t.position++
	t.take(w)
	t.take(Token{Term: letters, Start: w.Start, End: cut, Position: t.position - 1, Part: true, Capitals: w.Capitals})
	t.take(Token{Term: figures, Start: cut, End: w.End, Position: t.position, Part: true})
}

func (t *tokenizer) addCompound() {
	t.position++
	if len(t.parts) <= maxJoinedParts && len(t.joined) <= maxJoined {
		t.take(Token{
			Term: string(t.joined), Start: t.parts[0].Start, End: t.parts[len(t.parts)-1].End, Position: t.position, Joined: true,
		})
	}
	for k, p := range t.parts {
		p.Position, p.Part = t.position+k, true
		t.take(p)
	}
	t.position += len(t.parts) - 1
}

// isVersion says whether the parts are figures around dots: 1.3, 2.2.1.
func isVersion(parts []Token, text string) bool {
	if len(parts) < 2 {
		return false
	}
	for k, p := range parts {
		if strings.Trim(p.Term, "0123456789") != "" || k > 0 && text[parts[k-1].End:p.Start] != "." {
			return false
		}
	}
	return true
}

// splitID cuts letters followed by figures, as ids are: at most five bytes of
// letters; "" for another word.
func splitID(w string) (letters, figures string) {
	if last := w[len(w)-1]; last < '0' || last > '9' {
		return "", ""
	}
	i := strings.IndexAny(w, "0123456789")
	if i < 1 || i > 5 || strings.Trim(w[i:], "0123456789") != "" {
		return "", ""
	}
	return w[:i], w[i:]
}

// InCapitals says whether a word is typed as acronyms are: capitals, two at least, and
// no small letter.
func InCapitals(s string) bool {
	capitals := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			capitals++
		}
	}
	return capitals >= 2
}

func decode(s string, i int) (rune, int) {
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

func isWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r)
}

func wordAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	r, _ := decode(s, i)
	return isWord(r)
}

func isApostrophe(r rune) bool {
	return r == '\'' || r == '’' || r == 'ʼ' || r == '‘' || r == '´'
}

// raised gives a raised figure as people type it: ST(SI)².
func raised(r rune) (string, bool) {
	switch r {
	case '²':
		return "2", true
	case '³':
		return "3", true
	case '¹':
		return "1", true
	}
	return "", false
}

// startsName says whether a dot begins a name, .NET: after a blank or a bracket.
func startsName(s string, i int) bool {
	if i+4 > len(s) || i > 0 && s[i-1] != ' ' && s[i-1] != '(' && s[i-1] != '\n' {
		return false
	}
	return strings.EqualFold(s[i+1:i+4], "net") && !wordAt(s, i+4)
}

// signs gives where the signs of C++, C# or Notepad++ end: two at most.
func signs(s string, i int) int {
	end := i
	for end < len(s) && (s[end] == '+' || s[end] == '#') && end-i < 2 {
		end++
	}
	return end
}

// joiner gives the length of a sign that holds two parts of a compound together,
// 0 for one that separates words.
func joiner(s string, i int) int {
	rest := s[i:]
	switch {
	case strings.HasPrefix(rest, "::") && wordAt(s, i+2):
		return 2
	case strings.HasPrefix(rest, "\u2011") && wordAt(s, i+3): // a hyphen that no line breaks
		return 3
	case rest[0] == '-' && isEnclitic(s, i+1):
		return 0
	case strings.IndexByte("-/_@&.", rest[0]) >= 0 && wordAt(s, i+1):
		return 1
	case rest[0] == '(' && opens(s, i) || rest[0] == ')' && closes(s, i):
		return 1
	}
	return 0
}

// opens says whether a bracket belongs to an acronym, as in ST(SI)².
func opens(s string, i int) bool {
	end := strings.IndexByte(s[i:], ')')
	return end > 1 && end <= 4 && i > 0 && isUpper(s[i-1]) && isUpper(s[i+1])
}

func closes(s string, i int) bool {
	open := strings.LastIndexByte(s[:i], '(')
	if open < 1 || i-open > 4 || !isUpper(s[open-1]) || i+1 == len(s) {
		return false
	}
	r, _ := decode(s, i+1)
	return r == '²' || r == '³' || r >= '0' && r <= '9'
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// isEnclitic says whether a pronoun that a hyphen ties to its verb stands at i.
func isEnclitic(s string, i int) bool {
	end := i
	for end < len(s) && (s[end] >= 'a' && s[end] <= 'z' || isUpper(s[end])) {
		end++
	}
	w := Fold(s[i:end])
	if wordAt(s, end) || !known().enclitics[w] {
		return false
	}
	return !(w == "vous" && i >= 7 && strings.EqualFold(s[i-7:i-1], "rendez"))
}

// EndsInWord says whether a text's last letter is one of a word.
func EndsInWord(text string) bool {
	r, _ := utf8.DecodeLastRuneInString(text)
	return isWord(r)
}
