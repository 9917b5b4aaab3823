package search

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cct-mi/cct/search/french"
)

// Form is one thing that may be written in a query, for people: the help page, the
// command's help and the API's description show this one list.
type Form struct {
	Written string // "\"une phrase\""
	Example string
	Means   string
}

// Forms are what the query's syntax knows. Whatever is not of it is text.
func Forms() []Form {
	return []Form{
		{`"une phrase"`, `"mot de passe"`, "ces mots, dans cet ordre ; les guillemets « » et “ ” valent les droits"},
		{`-mot`, `sauvegarde -s3`, "sans ce mot ; NON mot de même"},
		{`-"une phrase"`, `stockage -"stockage objet"`, "sans cette suite de mots"},
		{`mot*`, `sauv*`, "les mots et les identifiants qui commencent ainsi"},
		{`un ET autre`, `sauvegarde ET chiffrement`, "les deux à la fois ; OU, l’un ou l’autre, va de soi"},
		{`type:`, `type:exigence,regle`, "seulement ces types : " + strings.Join(KindNames(), ", ")},
		{`theme:`, `theme:securite`, "seulement ces thèmes, par leur identifiant ou leur titre"},
		{`niveau:`, `niveau:bloquant,primordial`, "seulement ces niveaux : " + strings.Join(LevelNames(nil), ", ") + ", ou les mots du référentiel lui-même ; level: de même"},
		{`statut:`, `statut:R`, "seulement ces statuts de produits (R, A, M, O) et de règles (RG, rc)"},
		{`id:`, `id:EX7,EX33`, "seulement ces fiches ; id:EX3* pour toutes celles qui commencent ainsi"},
		{`type:… seul`, `type:exigence niveau:primordial`, "des filtres ou des exclusions sans mot : tout ce qu’ils gardent"},
		{`EX7, EX8`, `EX1 à EX5`, "des identifiants, en liste ou d’un à l’autre : leurs fiches d’abord"},
	}
}

// maxWords bounds the words of a query that count.
const maxWords = 40

const (
	maxPhrases  = 4
	maxExcluded = 10
	maxFilter   = 20 // values of one filter
)

// parsed is a query taken apart.
type parsed struct {
	text     string        // without filters, exclusions and quotes
	units    []french.Word // the words that carry the subject
	all      []french.Word // every word
	phrases  []phrase
	prefixes []string    // folded, of words that end in *
	not      [][]string  // folded words that must not follow each other, or not occur
	required []textRange // what ET stands beside
	filters  filters
	relaxed  []string // what of the syntax could not be honoured, in words
}

// textRange is a part of the query's text, in bytes.
type textRange struct{ start, end int }

type phrase struct {
	shown string
	words []string // folded, that must follow each other
}

// filters are values of which a hit has one of each; none means all.
type filters struct {
	types, themes, levels, statuses []string
	ids                             []string // as typed
}

func (f filters) any() bool {
	return len(f.types)+len(f.themes)+len(f.levels)+len(f.statuses)+len(f.ids) > 0
}

// listing says whether a query has no word to search: all that its filters and
// exclusions keep is then asked for.
func (p *parsed) listing() bool {
	return strings.TrimSpace(p.text) == "" && len(p.prefixes) == 0 && (p.filters.any() || len(p.not) > 0)
}

// lexeme is a blank-separated piece of a query, or what stands in quotes.
type lexeme struct {
	text   string
	quoted bool
	minus  bool // a minus stands before it
}

// closing are the quotes that end what another begins.
var closing = map[rune]rune{'"': '"', '«': '»', '“': '”'}

// lex cuts a query into pieces. A quote that nothing closes is none.
func lex(q string) (out []lexeme) {
	var b strings.Builder
	minus := false
	flush := func(quoted bool) {
		if s := strings.TrimSpace(b.String()); s != "" {
			out = append(out, lexeme{s, quoted, minus})
		}
		b.Reset()
		minus = false
	}
	for i := 0; i < len(q); {
		r, size := utf8.DecodeRuneInString(q[i:])
		rest := q[i+size:]
		i += size
		switch end := closing[r]; {
		case end != 0 && strings.ContainsRune(rest, end):
			inside, _, _ := strings.Cut(rest, string(end))
			begun := b.String()
			value := strings.HasSuffix(begun, ":") || strings.HasSuffix(begun, ",") && strings.Contains(begun, ":") // theme:"…", niveau:MUST,"au choix"
			if !value {
				before := minus && b.Len() == 0
				flush(false)
				minus = before
			}
			b.WriteString(inside)
			i += len(inside) + utf8.RuneLen(end)
			if !value || !strings.HasPrefix(q[i:], ",") {
				flush(!value)
			}
		case end != 0 || r == '»' || r == '”' || unicode.IsSpace(r) || unicode.IsControl(r):
			flush(false)
		case b.Len() == 0 && !minus && strings.ContainsRune("-−–—‐‑", r) && excludes(rest):
			minus = true
		default:
			b.WriteRune(r)
		}
	}
	flush(false)
	return out
}

// excludes says whether a minus before a text excludes it: a word with a letter, or a
// phrase.
func excludes(rest string) bool {
	r, size := utf8.DecodeRuneInString(rest)
	if end := closing[r]; end != 0 {
		return strings.ContainsRune(rest[size:], end)
	}
	word, _, _ := strings.Cut(rest, " ")
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && strings.ContainsFunc(word, unicode.IsLetter)
}

// Operators, in capitals.
var operators = map[string]string{"ET": "and", "AND": "and", "OU": "or", "OR": "or", "NON": "not", "NOT": "not", "SAUF": "not"}

// parse reads a query.
func (l *Library) parse(query string) parsed {
	var p parsed
	var text strings.Builder
	list := lex(query)
	shouting := shouts(list)
	and := false
	last := textRange{-1, -1}
	for i := 0; i < len(list); i++ {
		x := list[i]
		op := operators[x.text]
		if x.quoted || x.minus || shouting || i+1 == len(list) {
			op = ""
		}
		switch {
		case op == "not":
			list[i+1].minus = true
			continue
		case op != "" && i > 0:
			and = op == "and"
			continue
		case x.minus:
			p.exclude(x)
			continue
		case !x.quoted && strings.HasSuffix(x.text, ":") && i+1 < len(list) && l.filter(x.text+list[i+1].text, &p, true): // a blank too many
			i++
			continue
		case !x.quoted && l.filter(x.text, &p, false):
			continue
		case !x.quoted && p.prefix(x.text):
			continue
		case x.quoted:
			p.quote(x)
		}
		if text.Len() > 0 {
			text.WriteByte(' ')
		}
		here := textRange{text.Len(), text.Len() + len(x.text)}
		text.WriteString(x.text)
		if and && last.start >= 0 {
			p.required = append(p.required, last, here)
		}
		and, last = false, here
	}
	p.text = text.String()
	p.all = french.Question(p.text, l.stems, maxWords)
	p.units = french.Subject(p.all)
	l.easeThemes(&p)
	return p
}

// shouts says whether a whole query is in capitals, which then are no operators: it
// has a word too long for an acronym.
func shouts(list []lexeme) bool {
	long := false
	for _, x := range list {
		if strings.ContainsFunc(x.text, unicode.IsLower) {
			return false
		}
		long = long || utf8.RuneCountInString(x.text) > 6
	}
	return long
}

// words are the folded words of a piece, compounds in parts.
func words(text string) (list []string) {
	for _, t := range french.Tokenize(text) {
		if !t.Joined || t.Signed() {
			list = append(list, t.Term)
		}
	}
	return list
}

func (p *parsed) exclude(x lexeme) {
	list := words(x.text)
	if !x.quoted { // "-s3": the whole, or its parts together
		list = nil
		for _, t := range french.Tokenize(x.text) {
			if !t.Part {
				list = append(list, t.Term)
			}
		}
	}
	known := slices.ContainsFunc(p.not, func(old []string) bool { return slices.Equal(old, list) })
	if len(list) > 0 && !known && len(p.not) < maxExcluded {
		p.not = append(p.not, list)
	}
}

func (p *parsed) quote(x lexeme) {
	if list := words(x.text); len(list) > 0 && len(list) <= maxWords && len(p.phrases) < maxPhrases {
		p.phrases = append(p.phrases, phrase{x.text, list})
	}
}

// minPrefix is how many letters a word with a star needs.
const minPrefix = 2

// prefix takes a word that ends in a star.
func (p *parsed) prefix(s string) bool {
	head, ok := strings.CutSuffix(s, "*")
	if !ok || strings.ContainsAny(head, "*?:") {
		return false
	}
	var whole string
	for _, t := range french.Tokenize(head) {
		if !t.Part {
			whole += t.Term
		}
	}
	if whole == "" {
		return false
	}
	if len(whole) < minPrefix || len(p.prefixes) == maxPhrases {
		p.relaxed = append(p.relaxed, fmt.Sprintf("« %s » est trop court pour chercher ce qui commence ainsi : le mot est cherché tel quel", s))
		return false
	}
	p.prefixes = append(p.prefixes, whole)
	return true
}

// filter takes type:…, theme:… and the like, and says whether it was one. A value that
// does not exist is searched as words, and p says so unless the filter is only tried.
func (l *Library) filter(s string, p *parsed, trying bool) bool {
	name, value, ok := strings.Cut(s, ":")
	if !ok || value == "" {
		return false
	}
	f := &p.filters
	for _, kind := range []struct {
		names  []string
		known  []string
		values *[]string
	}{
		{[]string{"type"}, KindNames(), &f.types},
		{[]string{"theme"}, ThemeNames(l.catalog), &f.themes},
		{[]string{"level", "niveau"}, LevelNames(l.catalog), &f.levels},
		{[]string{"status", "statut"}, statuses, &f.statuses},
		{[]string{"id"}, nil, &f.ids},
	} {
		if !slices.Contains(kind.names, french.Fold(name)) {
			continue
		}
		var list []string
		for v := range strings.SplitSeq(value, ",") {
			if v = strings.TrimSpace(v); v == "" {
				continue
			}
			exact, ok := l.filterValue(kind.names[0], v, kind.known)
			if !ok {
				if !trying {
					p.relaxed = append(p.relaxed, fmt.Sprintf("« %s » : il n’y a pas de %s « %s » (%s) ; c’est cherché comme des mots", clip(s), name, clip(v), strings.Join(kind.known, ", ")))
				}
				return false
			}
			list = append(list, exact)
		}
		if len(*kind.values)+len(list) > maxFilter {
			return false
		}
		*kind.values = append(*kind.values, list...)
		return len(list) > 0
	}
	return false
}

// statuses are the values of the filter by status, of products and rules.
var statuses = []string{"R", "A", "M", "O", "RG", "rc"}

// easeThemes leaves the themes of a query of filters alone out when nothing has all of
// its filters, and says so: someone who lists wants to see what there is.
func (l *Library) easeThemes(p *parsed) {
	f := &p.filters
	if !p.listing() || len(f.themes) == 0 || len(f.types)+len(f.levels) == 0 {
		return
	}
	types, themes, levels := l.tables.filters(p)
	counts := newCounts(l.tables)
	for d := range l.tables.kinds {
		if counts.add(l.tables, uint32(d), types, themes, levels) {
			return
		}
	}
	p.relaxed = append(p.relaxed, fmt.Sprintf("rien n’a tous ces filtres : le thème (%s) est laissé de côté", strings.Join(f.themes, ", ")))
	f.themes = nil
}

// filterValue finds the value that someone means; any id is one.
func (l *Library) filterValue(name, value string, known []string) (string, bool) {
	if known == nil {
		return value, true
	}
	folded := french.Fold(value)
	for _, k := range known {
		switch {
		case french.Fold(k) == folded, name == "type" && k == strings.TrimSuffix(folded, "s"):
			return k, true
		case name == "theme" && french.FoldText(l.catalog.ThemeTitle(k)) == french.FoldText(value):
			return k, true
		}
	}
	return "", false
}

// word gives a token as a word of a question.
func (l *Library) word(t french.Token) french.Word {
	return french.Word{Token: t, Stem: l.stems.Stem(t.Term)}
}
