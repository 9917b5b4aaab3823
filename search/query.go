package search

import (
	"slices"
	"strings"
	"unicode"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
)

// maxWords bounds the words of a query that count.
const maxWords = 40

// parsed is a query taken apart.
type parsed struct {
	text    string // without filters, exclusions and quotes
	units   []french.Word
	all     []french.Word // every word, also those that do not count
	phrases [][]string    // folded words that must follow each other
	not     []string      // stems that must not occur
	types   []string
	themes  []string
	levels  []string
	duty    bool // it asks what is required
}

// parse reads a query. Its syntax is small, and whatever is not of it is text:
// "une phrase", -mot, type:exigence, niveau:primordial, thème:securite.
func (l *Library) parse(query string, st *french.Stemmer) parsed {
	var p parsed
	var text strings.Builder
	fields := lex(query)
	for i, f := range fields {
		switch {
		case f.quoted:
			var words []string
			for _, t := range french.Tokenize(f.text) {
				if !t.Joined || t.Signed() {
					words = append(words, t.Term)
				}
			}
			if len(words) > 0 && len(p.phrases) < 4 && len(words) <= maxWords {
				p.phrases = append(p.phrases, words)
			}
		case strings.HasPrefix(f.text, "-") && len(fields) > 1 && startsLetter(f.text[1:]):
			for _, t := range french.Tokenize(f.text[1:]) {
				if !t.Part && len(p.not) < maxWords {
					p.not = append(p.not, st.Stem(t.Term))
				}
			}
			continue
		default:
			if l.filter(f.text, &p) {
				continue
			}
		}
		if i > 0 && text.Len() > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(f.text)
	}
	p.text = text.String()
	p.all = french.Question(p.text, l.stems, maxWords)
	p.units = french.Subject(p.all)
	p.duty = french.AsksDuty(p.all)
	return p
}

// lexeme is a blank-separated piece of a query, or what stands in quotes.
type lexeme struct {
	text   string
	quoted bool
}

func lex(q string) []lexeme {
	var out []lexeme
	var b strings.Builder
	var closing rune
	flush := func(quoted bool) {
		if s := strings.TrimSpace(b.String()); s != "" {
			out = append(out, lexeme{s, quoted})
		}
		b.Reset()
	}
	for _, r := range q {
		if closing != 0 {
			if r == closing {
				flush(true)
				closing = 0
				continue
			}
			b.WriteRune(r)
			continue
		}
		switch {
		case r == '"' || r == '«' || r == '“':
			flush(false)
			closing = map[rune]rune{'"': '"', '«': '»', '“': '”'}[r]
		case r == '»' || r == '”' || unicode.IsSpace(r) || unicode.IsControl(r):
			flush(false)
		default:
			b.WriteRune(r)
		}
	}
	if closing != 0 { // a quote that nothing closes is no quote
		for _, w := range strings.Fields(b.String()) {
			out = append(out, lexeme{w, false})
		}
		return out
	}
	flush(false)
	return out
}

func startsLetter(s string) bool {
	for _, r := range s {
		return unicode.IsLetter(r)
	}
	return false
}

// filter reads type:…, theme:… or level:… into p, and says whether it was one.
func (l *Library) filter(s string, p *parsed) bool {
	name, value, ok := strings.Cut(s, ":")
	if !ok || value == "" {
		return false
	}
	value = strings.ToLower(value)
	switch french.Fold(name) {
	case "type":
		value = strings.TrimSuffix(french.Fold(value), "s")
		if slices.Contains(content.Kinds(), content.Kind(value)) {
			p.types = append(p.types, value)
			return true
		}
	case "theme":
		if slices.Contains(l.tables.themeNames, value) {
			p.themes = append(p.themes, value)
			return true
		}
	case "level", "niveau":
		if slices.Contains(levelNames[1:], value) {
			p.levels = append(p.levels, value)
			return true
		}
	}
	return false
}

// word gives a token as a word of a question.
func (l *Library) word(t french.Token) french.Word {
	return french.Word{Token: t, Stem: l.stems.Stem(t.Term)}
}
