package search

import (
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/analysis"
	"golang.org/x/text/unicode/norm"
)

// French analysis. A text becomes tokens: words folded (no accents, lower case,
// œ as oe), elisions cut, and compounds kept both whole and in parts ("CI/CD"
// gives cicd, ci, cd at two positions). The same code reads documents and
// questions, so accented and unaccented spellings can't differ.

// token is one word of a text.
type token struct {
	word       string // folded
	start, end int    // bytes of the text
	pos        int    // position, from 1; a joined form shares its first part's
	joined     bool   // the parts follow
	part       bool   // a part of a joined form
	capitals   bool   // typed all in capitals, as acronyms are
}

// elided are the words that lose their vowel before an apostrophe.
var elided = map[string]bool{"l": true, "d": true, "j": true, "m": true, "t": true, "s": true, "n": true, "c": true, "qu": true, "jusqu": true, "lorsqu": true, "puisqu": true, "quoiqu": true}

func isApostrophe(r rune) bool {
	return r == '\'' || r == '’' || r == 'ʼ' || r == '‘' || r == '´'
}

func isWord(r rune) bool {
	return r < 128 && asciiWord[r] || r >= 128 && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.Mn, r))
}

// asciiWord are the letters and figures of ASCII.
var asciiWord = func() (t [128]bool) {
	for c := range t {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
	}
	return t
}()

// super are the raised figures, which people type plain: ST(SI)².
func super(r rune) (byte, bool) {
	switch r {
	case '²':
		return '2', true
	case '³':
		return '3', true
	case '¹':
		return '1', true
	}
	return 0, false
}

// cutter cuts texts into tokens. It keeps its memory from one text to the next,
// and what folded words it met: a corpus repeats them.
type cutter struct {
	tokens, parts []token
	joined        []byte
	folded        map[string]string // as spelt → folded, of words that folding changes
	only          *initials         // nil: all words
}

// initials are first letters, in lower case.
type initials [utf8.RuneSelf]bool

// passes says whether a text goes on after the word that ends at i with nothing
// that ties another one to it.
func passes(text string, i int) bool {
	return i == len(text) || text[i] == ' ' || text[i] == '\n' || text[i] == ',' && (i+1 == len(text) || text[i+1] == ' ')
}

// unwanted says whether a word, alone between blanks, begins with none of the
// letters that are wanted. One with figures at its end has parts; one with an
// accent may begin with another letter once folded.
func (c *cutter) unwanted(text string, from, to int) bool {
	first, last := text[from], text[to-1]
	if first >= utf8.RuneSelf || last >= '0' && last <= '9' || !passes(text, to) {
		return false
	}
	if first >= 'A' && first <= 'Z' {
		first += 'a' - 'A'
	}
	return !c.only[first]
}

// foldedKept bounds what a cutter remembers.
const foldedKept = 8_000

var cutters = sync.Pool{New: func() any { return &cutter{folded: map[string]string{}} }}

// tokenize cuts a text into tokens.
func tokenize(text string) []token {
	c := cutters.Get().(*cutter)
	defer cutters.Put(c)
	return slices.Clone(c.cut(text))
}

// fold is foldWord, remembered.
func (c *cutter) fold(s string) string {
	if isFolded(s) {
		return s
	}
	w, ok := c.folded[s]
	if !ok {
		w = foldWord(s)
		if len(c.folded) < foldedKept {
			c.folded[strings.Clone(s)] = strings.Clone(w)
		}
	}
	return w
}

// isFolded says whether a word is already as folding leaves it.
func isFolded(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf || s[i] >= 'A' && s[i] <= 'Z' {
			return false
		}
	}
	return true
}

// cut gives the tokens of a text, until it is called again; without most of those
// whose first letter is not among only.
func (c *cutter) cut(text string) []token {
	pos := 0
	out, parts, joined := c.tokens[:0], c.parts, c.joined
	defer func() { c.tokens, c.parts, c.joined = out, parts, joined }()
	for i := 0; i < len(text); {
		r, size := decode(text, i)
		if !isWord(r) && !(r == '.' && startsName(text, i)) {
			i += size
			continue
		}
		// A run: words held together by hyphen, slash, dot, apostrophe and the like.
		start := i
		parts, joined = parts[:0], joined[:0]
		suffix := ""
		for i < len(text) {
			if text[i] == '.' && i == start { // .NET
				i++
				continue
			}
			from := i
			for i < len(text) {
				if text[i] < utf8.RuneSelf {
					if !asciiWord[text[i]] {
						break
					}
					i++
					continue
				}
				r, size := decode(text, i)
				if !isWord(r) {
					break
				}
				i += size
			}
			if i > from {
				if c.only != nil && from == start && c.unwanted(text, from, i) {
					break
				}
				w := c.fold(text[from:i])
				if w != "" {
					parts = append(parts, token{word: w, start: from, end: i, capitals: allCapitals(text[from:i])})
					joined = append(joined, w...)
				}
			}
			if i >= len(text) {
				break
			}
			r, size = decode(text, i)
			if d, ok := super(r); ok && len(parts) > 0 {
				parts = append(parts, token{word: string(d), start: i, end: i + size})
				joined = append(joined, d)
				i += size
				continue
			}
			if isApostrophe(r) && len(parts) > 0 && i+size < len(text) && wordAt(text, i+size) {
				last := parts[len(parts)-1]
				if elided[last.word] { // l'État: the article is dropped, and the run starts after it
					parts = parts[:len(parts)-1]
					joined = joined[:len(joined)-len(last.word)]
					if len(parts) == 0 {
						start = i + size
					}
				}
				i += size
				continue
			}
			if (r == '+' || r == '#') && len(parts) > 0 { // C++, C#, Notepad++
				j := i
				for j < len(text) && (text[j] == '+' || text[j] == '#') && j-i < 2 {
					j++
				}
				if !wordAt(text, j) {
					suffix = text[i:j]
					i = j
					break
				}
			}
			if n := joiner(text, i); n > 0 && len(parts) > 0 {
				i += n
				continue
			}
			break
		}
		if i == start { // a lone sign
			i += size
			continue
		}
		if len(parts) == 0 {
			continue
		}
		dotted := text[start] == '.'
		switch {
		case suffix != "" || dotted:
			whole := string(joined) + suffix
			if dotted {
				whole = "." + whole
			}
			pos++
			out = append(out, token{word: whole, start: start, end: i, pos: pos, joined: true})
			if len(joined) > 1 {
				p := parts[len(parts)-1]
				p.pos, p.part = pos, true
				out = append(out, p)
			}
		case version(parts, text):
			pos++
			out = append(out, token{word: strings.ReplaceAll(foldWord(text[start:parts[len(parts)-1].end]), " ", ""), start: start, end: parts[len(parts)-1].end, pos: pos})
		case len(parts) == 1:
			p := parts[0]
			letters, digits := split(p.word)
			pos++
			p.pos = pos
			if letters != "" { // EX29: also ex, 29
				p.joined = true
				out = append(out, p)
				cut := p.start + len(letters)
				out = append(out, token{word: letters, start: p.start, end: cut, pos: pos, part: true, capitals: p.capitals}, token{word: digits, start: cut, end: p.end, pos: pos + 1, part: true})
				pos++
				break
			}
			out = append(out, p)
		default:
			pos++
			end := parts[len(parts)-1].end
			if len(parts) <= 6 && len(joined) <= 40 {
				out = append(out, token{word: string(joined), start: parts[0].start, end: end, pos: pos, joined: true})
			}
			for k, p := range parts {
				p.pos, p.part = pos+k, true
				out = append(out, p)
			}
			pos += len(parts) - 1
		}
	}
	return out
}

func decode(s string, i int) (rune, int) {
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

func wordAt(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	r, _ := decode(s, i)
	return isWord(r)
}

// startsName says whether a dot begins a name such as .NET: after a blank, and
// before a capital.
func startsName(s string, i int) bool {
	if i+1 >= len(s) || i > 0 && s[i-1] != ' ' && s[i-1] != '(' && s[i-1] != '\n' {
		return false
	}
	return strings.HasPrefix(strings.ToLower(s[i+1:]), "net") && !wordAt(s, i+4)
}

// joiner gives the length of a sign that holds two parts of a compound
// together, 0 for one that separates words.
func joiner(s string, i int) int {
	rest := s[i:]
	after := func(n int) bool { return wordAt(s, i+n) }
	switch {
	case strings.HasPrefix(rest, "::") && after(2):
		return 2
	case strings.HasPrefix(rest, "\u2011") && after(3):
		return 3
	case rest[0] == '-' && enclitic(s, i+1):
		return 0
	case (rest[0] == '-' || rest[0] == '/' || rest[0] == '_' || rest[0] == '@' || rest[0] == '&') && after(1):
		return 1
	case rest[0] == '.' && after(1):
		return 1
	case rest[0] == '(' && after(1): // ST(SI)²
		if end := strings.IndexByte(rest, ')'); end > 1 && end <= 4 && i > 0 && isUpper(s[i-1]) && isUpper(rest[1]) {
			return 1
		}
	case rest[0] == ')':
		if open := strings.LastIndexByte(s[:i], '('); open > 0 && i-open <= 4 && isUpper(s[open-1]) {
			if len(rest) > 1 {
				if r, _ := decode(s, i+1); r == '²' || r == '³' || r >= '0' && r <= '9' {
					return 1
				}
			}
		}
	}
	return 0
}

// enclitics are the pronouns that a hyphen ties to a verb: "existe-t-il" is no
// compound.
var enclitics = words(`t il ils elle elles on je tu nous vous ce moi toi lui leur leurs le la les y en ci`)

func enclitic(s string, i int) bool {
	j := i
	for j < len(s) && (s[j] >= 'a' && s[j] <= 'z' || isUpper(s[j])) {
		j++
	}
	w := foldWord(s[i:j])
	if wordAt(s, j) || !enclitics[w] {
		return false
	}
	return !(w == "vous" && i >= 7 && strings.EqualFold(s[i-7:i-1], "rendez"))
}

func isUpper(c byte) bool { return c >= 'A' && c <= 'Z' }

// version says whether the parts are figures around dots: 1.3, 2.2.1.
func version(parts []token, text string) bool {
	if len(parts) < 2 {
		return false
	}
	for k, p := range parts {
		if strings.Trim(p.word, "0123456789") != "" {
			return false
		}
		if k > 0 && text[parts[k-1].end:p.start] != "." {
			return false
		}
	}
	return true
}

// split cuts letters followed by figures, as ids are: at most five letters.
func split(w string) (letters, digits string) {
	if c := w[len(w)-1]; c < '0' || c > '9' {
		return "", ""
	}
	i := 0
	for i < len(w) && (w[i] < '0' || w[i] > '9') {
		i++
	}
	if i == 0 || i > 5 || i == len(w) || strings.Trim(w[i:], "0123456789") != "" {
		return "", ""
	}
	return w[:i], w[i:]
}

func allCapitals(s string) bool {
	if s[0] >= 'a' && s[0] <= 'z' { // as most words begin
		return false
	}
	n := 0
	for _, r := range s {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			n++
		}
	}
	return n >= 2
}

// foldWord lower-cases a word and takes its accents off.
func foldWord(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		if f, ok := folded[r]; ok {
			b.WriteString(f)
			continue
		}
		if r < utf8.RuneSelf {
			b.WriteRune(unicode.ToLower(r))
			continue
		}
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		for _, d := range norm.NFKD.String(string(r)) {
			if !unicode.Is(unicode.Mn, d) {
				b.WriteRune(unicode.ToLower(d))
			}
		}
	}
	return b.String()
}

// folded are the letters that French text holds most, and the ligatures, which
// no decomposition takes apart.
var folded = map[rune]string{
	'é': "e", 'è': "e", 'ê': "e", 'ë': "e", 'à': "a", 'â': "a", 'ä': "a", 'î': "i", 'ï': "i", 'ô': "o", 'ö': "o", 'û': "u", 'ù': "u", 'ü': "u", 'ç': "c", 'ÿ': "y",
	'É': "e", 'È': "e", 'Ê': "e", 'Ë': "e", 'À': "a", 'Â': "a", 'Î': "i", 'Ï': "i", 'Ô': "o", 'Û': "u", 'Ù': "u", 'Ü': "u", 'Ç': "c",
	'œ': "oe", 'Œ': "oe", 'æ': "ae", 'Æ': "ae", 'ß': "ss", 'ø': "o", 'Ø': "o", 'ł': "l",
}

// foldText folds a whole text to words with single blanks between them.
func foldText(s string) string {
	var b strings.Builder
	for _, t := range tokenize(s) {
		if t.joined && !(len(t.word) > 0 && strings.ContainsAny(t.word, "+#.")) {
			continue
		}
		if t.part && strings.HasSuffix(b.String(), t.word) {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.word)
	}
	return b.String()
}

// stop words carry no subject. An acronym in capitals that reads like one (SI,
// AS, OU) is kept.
var stopWords = words(`
a afin ai ainsi alors apres as au aucun aucune aussi autre autres aux avait avant avec avoir c ca car ce ceci cela celle celles celui cependant ces cet cette ceux chaque
ci comme d dans de des deja depuis donc dont du elle elles en encore entre es est et etaient etait etant ete etre eu eux faut fait font furent fut il ils j je l la le les leur leurs
lors lorsque lui m ma mais me meme memes mes moi moins mon n ne ni nos notre nous on ont ou par parce pas peu peut peuvent plus plusieurs pour pourquoi puis qu quand que quel
quelle quelles quels qui quoi s sa sans se selon ses si soit sont sous son sur t ta tandis te tel telle telles tels tes toi ton tous tout toute toutes tres tu un une vers voici voila
vos votre vous y`)

// questionWords are dropped from questions alone: in a text they may matter.
var questionWords = words(`
combien comment pourquoi quand quel quelle quelles quels qui que quoi lequel laquelle lesquels lesquelles ou est existe estce faire fait faisons faites doit doivent dois devons
devrait dois peut peuvent puis pouvons pourrait puisje ai avons sommes suis etes sera seront faut falloir fautil quelqu quelque quelques vais veux voudrais souhaite besoin possible
dire savoir signifie veut appelle trouve trouver concernant sujet propos moyen sontils sontelles ontils atil atelle yatil doisje doiton peuton
bonjour bonsoir salut coucou merci svp stp plait cordialement voudrions voulais voulons aimerais aimerions souhaiterais souhaiterions souhaitons pourriez pouvez pourrait savez sais saurais
quelquun dois doisje pensez connaissez peux pourrais pourrai pourra pourrez pourraient pouvait pu devrais devrai devra devront devraient doive voudrait veuillez faudrait faudra faille
aurais aurait aura auront avez avais serait seraient serais fais fera ferait ferais feront`)

// words reads a list of words between blanks.
func words(list string) analysis.TokenMap {
	m := analysis.NewTokenMap()
	for w := range strings.FieldsSeq(list) {
		m.AddToken(w)
	}
	return m
}

// stopped says whether a token carries no subject.
func stopped(t token) bool {
	return stopWords[t.word] && !(t.capitals && len(t.word) >= 2) || len(t.word) == 1 && t.word[0] >= 'a' && t.word[0] <= 'z' && !t.joined && !t.part
}
