package french

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/bleve/v2/registry"
	"golang.org/x/text/unicode/norm"
)

func TestTokens(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"CI/CD", "cicd@1 ci@1 cd@2"},
		{"l’hébergement d'une API", "hebergement@1 une@2 api@3"},
		{"C++, C# et .NET", "c++@1 c#@2 et@3 .net@4 net@4"},
		{"ST(SI)²", "stsi2@1 st@1 si@2 2@3"},
		{"TLS 1.3.", "tls@1 1.3@2"},
		{"EX12", "ex12@1 ex@1 12@2"},
		{"AT-1368", "at1368@1 at@1 1368@2"},
		{"aujourd’hui", "aujourdhui@1 aujourd@1 hui@2"},
		{"fin. Début", "fin@1 debut@2"},
		{"(voir EX1)", "voir@1 ex1@2 ex@2 1@3"},
		{"?!… -- ''", ""},
		{"Ça, œuvre", "ca@1 oeuvre@2"},
	} {
		var got []string
		for _, k := range Tokenize(c.text) {
			got = append(got, fmt.Sprintf("%s@%d", k.Term, k.Position))
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%q gives %s, want %s", c.text, s, c.want)
		}
	}
}

// TestOffsetsAreOfTheText walks every code point beside a letter, a figure and the
// text's end: folding changes lengths, and a token's place must stay one of the text.
func TestOffsetsAreOfTheText(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		for _, around := range [][2]string{{"", ""}, {"", "w6"}, {"a", "1"}, {"l'", "-b"}} {
			text := around[0] + string(r) + around[1]
			Each(text, func(k Token) {
				if err := misplaced(text, k); err != "" {
					t.Errorf("U+%04X in %q: %+v: %s", r, text, k, err)
				}
			})
		}
		if t.Failed() {
			return
		}
	}
}

// misplaced says what is wrong with a token's place, "" when nothing is.
func misplaced(text string, k Token) string {
	switch {
	case k.Start < 0 || k.End > len(text) || k.Start >= k.End:
		return "outside of the text"
	case utf8.ValidString(text) && !utf8.ValidString(text[k.Start:k.End]):
		return "it cuts a letter"
	case k.Term == "":
		return "no term"
	case Fold(text[k.Start:k.End]) != k.Term && !k.Joined && !strings.ContainsAny(text[k.Start:k.End], "¹²³."):
		return "it is another word"
	}
	return ""
}

func TestOffsetsOfFoldedIDs(t *testing.T) {
	for text, want := range map[string][]string{
		"\u06e0w6": {"\u06e0w6", "\u06e0w", "6"},
		"é́x12":    {"é́x12", "é́x", "12"},
		"œx7":      {"œx7", "œx", "7"},
		"\u06771":  {"\u06771", "\u0677", "1"},
	} {
		var got []string
		for _, k := range Tokenize(text) {
			got = append(got, text[k.Start:k.End])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q is cut into %q, want %q", text, got, want)
		}
	}
}

// TestAnalyzersAreRegistered: an index mapping finds the analysis by name, and it is
// the one that Tokenize and Stem give.
func TestAnalyzersAreRegistered(t *testing.T) {
	cache := registry.NewCache()
	for name, want := range map[string]string{
		AnalyzerName: "si@2 heberg@4 cicd@5 ci@5 cd@6",
		ExactName:    "le@1 si@2 est@3 heberge@4 cicd@5 ci@5 cd@6",
	} {
		a, err := cache.AnalyzerNamed(name)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, k := range a.Analyze([]byte("Le SI est hébergé (CI/CD)")) {
			got = append(got, fmt.Sprintf("%s@%d", k.Term, k.Position))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s gives %s, want %s", name, s, want)
		}
	}
}

// FuzzTokens: whatever the text, tokens lie within it, in order, and a text
// without its accents gives the same words.
func FuzzTokens(f *testing.F) {
	for _, s := range []string{mustMeet, families, "ST(SI)² a l'État; C++ .NET 1.3 «EX-29»", "e\u0301te\u0301", "\xff\xfe", "a'b'c'd", "(((", "²²²", "İ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		for _, k := range Tokenize(s) {
			if err := misplaced(s, k); err != "" || k.Position < last {
				t.Fatalf("%q: token %+v: %s", s, k, err)
			}
			last = k.Position
		}
		if !norm.NFC.IsNormalString(s) {
			return
		}
		bare := strings.Map(func(r rune) rune {
			if unicode.Is(unicode.Mn, r) {
				return -1
			}
			return r
		}, norm.NFD.String(s))
		for _, r := range s { // only letters that French accents bear: others decompose to more than a letter
			if r > 0x17f {
				return
			}
		}
		if a, b := FoldText(s), FoldText(norm.NFC.String(bare)); a != b {
			t.Fatalf("%q gives %q, without accents %q", s, a, b)
		}
	})
}
