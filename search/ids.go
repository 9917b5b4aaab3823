package search

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search/french"
	"github.com/cct-mi/cct/store"
)

// An id is letters and a number, however they are typed: EX7, "ex 7", EX007,
// AT-1368, EXI-ARCH-4, SEC/AUT/01, "RGAA 1.1", "règle 2.2.1". One reader knows them
// all, in a question, in an address and in a file that cites them: what it needs of
// the content are the letters that its ids begin with, a family each.

// idKey is an id without signs, case and leading zeros: "EX-029" and "ex 29" are
// one. Signs between figures stay, as dots.
func idKey(s string) string {
	var b strings.Builder
	for i, p := range idParts(s) {
		switch {
		case p.what == idSign:
		case p.what == idNumber && i > 0 && endsInFigure(b.String()):
			b.WriteString("." + p.text)
		default:
			b.WriteString(p.text)
		}
	}
	return b.String()
}

func endsInFigure(s string) bool { return s != "" && isFigure(s[len(s)-1]) }

func isFigure(c byte) bool { return c >= '0' && c <= '9' }

// cutKey cuts an id's key before its first figure.
func cutKey(key string) (letters, number string) {
	i := strings.IndexAny(key, "0123456789")
	if i < 0 {
		return key, ""
	}
	return key[:i], key[i:]
}

// idKeys are the keys under which a record is found by its id: the whole, and for a
// product its number alone. An id without a number was made from the record's place,
// and is known by its own letters alone.
func idKeys(r *content.Record) []string {
	key := idKey(r.ID)
	if key == "" || !strings.ContainsAny(key, "0123456789") {
		return nil
	}
	switch r.Kind {
	case content.KindExigence:
		return []string{key}
	case content.KindProduit:
		if _, number := cutKey(key); number != key && strings.Trim(number, "0123456789") == "" {
			return []string{key, number}
		}
		return []string{key}
	case content.KindRegle:
		if letters, _ := cutKey(key); len(key) <= maxRuleKey && (len(letters) <= maxRuleKey/2 || strings.HasPrefix(r.ID, "principe-")) {
			return []string{key}
		}
	}
	return nil
}

// maxRuleKey bounds the key of a rule: a longer one was made from a title.
const maxRuleKey = 16

// What a piece of an id is.
const (
	idWord = iota
	idNumber
	idSign
)

// idPart is a run of letters, a number with its dots, or a sign.
type idPart struct {
	what       int
	text       string // folded; of a number without leading zeros
	start, end int    // bytes of the text
}

// idParts cuts a text into the pieces that ids are made of. Blanks are no pieces.
func idParts(text string) (parts []idPart) {
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		end := i + size
		switch {
		case unicode.IsDigit(r):
			end = numberEnd(text, i)
			parts = append(parts, idPart{idNumber, withoutZeros(french.Fold(text[i:end])), i, end})
		case unicode.IsLetter(r):
			for end < len(text) {
				r, size := utf8.DecodeRuneInString(text[end:])
				if !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) {
					break
				}
				end += size
			}
			parts = append(parts, idPart{idWord, french.Fold(text[i:end]), i, end})
		case !unicode.IsSpace(r) && !unicode.Is(unicode.Mn, r):
			parts = append(parts, idPart{idSign, text[i:end], i, end})
		}
		i = end
	}
	return parts
}

// numberEnd is where a number with dots in it ends: 2.2.1.
func numberEnd(text string, i int) int {
	end := i
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !unicode.IsDigit(r) {
			if r != '.' || end+1 >= len(text) {
				break
			}
			if next, _ := utf8.DecodeRuneInString(text[end+1:]); !unicode.IsDigit(next) {
				break
			}
		}
		end += size
	}
	return end
}

// withoutZeros takes leading zeros off each part of a number.
func withoutZeros(number string) string {
	parts := strings.Split(number, ".")
	for i, p := range parts {
		if parts[i] = strings.TrimLeft(p, "0"); parts[i] == "" {
			parts[i] = "0"
		}
	}
	return strings.Join(parts, ".")
}

// identifiers finds the documents that ids name.
type identifiers struct {
	store     *store.Store
	tables    *tables
	stems     *french.Stemmer
	documents *documents
	lexicon   *lexicon
	numbers   func() (packed, error)             // id → documents
	families  func() (map[string]*family, error) // of ids
}

func newIdentifiers(l *Library) *identifiers {
	ids := &identifiers{store: l.store, tables: l.tables, stems: l.stems, documents: l.documents, lexicon: l.lexicon, numbers: mapped(l.store, listIDs)}
	ids.families = sync.OnceValues(ids.readFamilies)
	return ids
}

// family are the ids that begin with the same letters.
type family struct {
	numbers           []string // in order
	shortest, longest int      // number, in bytes
}

// readFamilies lists the families of the content by their letters; "" are the ids
// that are a number alone.
func (ids *identifiers) readFamilies() (map[string]*family, error) {
	families := map[string]*family{}
	err := ids.store.Read(func() error {
		ids, err := ids.numbers()
		if err != nil {
			return err
		}
		for i := range ids.size() {
			letters, number := cutKey(string(ids.key(i)))
			f := families[letters]
			if f == nil {
				f = &family{shortest: len(number)}
				families[letters] = f
			}
			f.numbers = append(f.numbers, number)
			f.shortest, f.longest = min(f.shortest, len(number)), max(f.longest, len(number))
		}
		return nil
	})
	for _, f := range families {
		size := make(map[string]int, len(f.numbers))
		for _, number := range f.numbers {
			size[number] = numberDistance(number, "0")
		}
		slices.SortFunc(f.numbers, func(a, b string) int {
			return cmp.Or(cmp.Compare(size[a], size[b]), strings.Compare(a, b))
		})
	}
	return families, err
}

// numberDistance is how far two numbers with dots stand from each other, the first
// parts counting most.
func numberDistance(a, b string) (d int) {
	next := func(number *string) (n int) {
		part, rest, _ := strings.Cut(*number, ".")
		if *number = rest; part != "" {
			n, _ = strconv.Atoi(part)
		}
		return n
	}
	for range 3 {
		m, n := next(&a), next(&b)
		d = d*10_000 + min(max(m-n, n-m), 9999)
	}
	return d
}

// idNouns may stand before an id and say what it is.
var idNouns = map[string]content.Kind{
	"exigence": content.KindExigence, "exigences": content.KindExigence, "regle": content.KindRegle, "regles": content.KindRegle,
	"produit": content.KindProduit, "produits": content.KindProduit, "principe": content.KindRegle, "principes": content.KindRegle,
}

// idFillers may stand around ids without being part of one, as stop words and
// question words may.
var idFillers = map[string]bool{
	"reference": true, "references": true, "ref": true, "numero": true, "numeros": true, "no": true, "num": true, "id": true, "ids": true,
	"identifiant": true, "identifiants": true, "voir": true, "cf": true, "and": true, "or": true, "dit": true, "montre": true, "montrer": true, "afficher": true, "texte": true,
}

// rangeWords tie the two ends of a range.
var rangeWords = map[string]bool{"a": true, "au": true, "jusqu": true, "jusque": true, "to": true}

const rangeSigns = "-–—‑−…→"

// maxIDs bounds the ids that a question may name.
const maxIDs = 200

// idRef is one id that a text names.
type idRef struct {
	letters, number string
	kind            content.Kind // as a noun before it says, else ""
	typed           string
	upTo            bool // it ends a range that the one before begins
}

func (r idRef) key() string { return r.letters + r.number }

// idRefs reads a text that is nothing but ids; nil when it holds anything else.
func (ids *identifiers) idRefs(text string) ([]idRef, error) {
	families, err := ids.families()
	if err != nil {
		return nil, err
	}
	var refs []idRef
	var words []idPart // before the number
	kind, upTo := content.Kind(""), false
	parts := idParts(text)
	for i, p := range parts {
		switch {
		case p.what == idWord:
			words = append(words, p)
		case p.what == idSign:
			upTo = upTo || len(words) == 0 && len(refs) > 0 && strings.Contains(rangeSigns, p.text)
		case i+1 < len(parts) && parts[i+1].what == idWord && parts[i+1].start == p.end || len(refs) == maxIDs:
			return nil, nil // "2FA" is no number
		default:
			own := familyWords(families, words)
			r := idRef{number: p.text, kind: kind, typed: text[p.start:p.end]}
			named := false
			for _, w := range words[:len(words)-own] {
				switch noun, ok := idNouns[w.text]; {
				case ok:
					r.kind, named = noun, true
				case rangeWords[w.text] && len(refs) > 0:
					upTo = true
				case !filler(w.text):
					return nil, nil
				}
			}
			switch {
			case own > 0:
				r.typed = text[words[len(words)-own].start:p.end]
				r.letters = joinedText(words[len(words)-own:])
			case len(refs) > 0 && !named: // EX7, 8 et 9
				r.letters = refs[len(refs)-1].letters
				if r.letters != "" {
					r.typed = strings.ToUpper(r.letters) + r.typed
				}
			}
			r.upTo = upTo
			refs, words, kind, upTo = append(refs, r), words[:0], r.kind, false
		}
	}
	if slices.ContainsFunc(words, func(w idPart) bool { return !filler(w.text) && idNouns[w.text] == "" }) {
		return nil, nil
	}
	return refs, nil
}

func filler(word string) bool {
	return idFillers[word] || french.IsStopWord(word) || french.IsQuestionWord(word)
}

// familyWords is how many of the words before a number are its family's letters.
func familyWords(families map[string]*family, words []idPart) int {
	for n := min(len(words), 4); n > 0; n-- {
		if families[joinedText(words[len(words)-n:])] != nil {
			return n
		}
	}
	return 0
}

func joinedText(words []idPart) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.text)
	}
	return b.String()
}
