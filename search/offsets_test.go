package search

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"
	"unicode/utf8"

	"github.com/cct-mi/cct/search/french"
)

// changing are the code points that folding changes, where offsets of the folded
// text are not those of the text.
func changing() (list []rune) {
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		if unicode.Is(unicode.Hangul, r) && r%100 > 0 { // eleven thousand, all alike
			continue
		}
		if utf8.ValidRune(r) && len(french.Fold(string(r))) != utf8.RuneLen(r) {
			list = append(list, r)
		}
	}
	return list
}

// TestEveryCodePointIsMarkedWhole walks every code point that is a character beside a
// letter, a figure and the text's end through what marks the words found; package
// french walks the others too.
func TestEveryCodePointIsMarkedWhole(t *testing.T) {
	mark := library(t, small).Marks("w6 w 6 exigences")
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if !unicode.IsGraphic(r) && !unicode.IsControl(r) && !unicode.In(r, unicode.Cf) {
			continue
		}
		for _, text := range []string{string(r) + "w6 w", "w" + string(r) + "6", "6" + string(r)} {
			for _, m := range mark(text) {
				if m[0] < 0 || m[1] > len(text) || m[0] >= m[1] || !utf8.ValidString(text[:m[0]]) || !utf8.ValidString(text[m[0]:m[1]]) {
					t.Fatalf("U+%04X: %q is marked at %v", r, text, m)
				}
			}
		}
	}
}

// TestChangingCodePointsAreFound builds an index over titles, cells and sentences of
// the code points that folding changes, and asks for each.
func TestChangingCodePointsAreFound(t *testing.T) {
	list := changing()
	var page strings.Builder
	for i, r := range list {
		if i%400 == 0 {
			fmt.Fprintf(&page, "\n\n## %c1 %cw6\n\n", r, r)
		}
		fmt.Fprintf(&page, "%cw6 %c1 a%c, ", r, r, r)
	}
	page.WriteString("\n\n| N° | Nom |\n|---|---|\n")
	for _, r := range list[:200] {
		fmt.Fprintf(&page, "| EX%c1 | %cw6 |\n", r, r)
	}
	l := library(t, fstest.MapFS{"a.md": {Data: []byte("# Lettres\n" + page.String())}})
	for i, r := range list {
		if i%20 > 0 && !slices.Contains([]rune("\u0675\u0676\u0677\u0678\u06e0\u20f0"), r) {
			continue
		}
		q := []string{string(r) + "w6", string(r) + "1", "a" + string(r)}[i%3]
		a, err := l.Search(context.Background(), Request{Query: q, Limit: 3})
		if err != nil {
			t.Fatalf("U+%04X: %q: %v", r, q, err)
		}
		for _, h := range a.Hits {
			if !utf8.ValidString(h.Snippet) || strings.Count(h.Snippet, openMark) != strings.Count(h.Snippet, closeMark) {
				t.Fatalf("U+%04X: %q shows %q", r, q, h.Snippet)
			}
		}
		if list, err := l.Suggest(context.Background(), q, 3); err != nil {
			t.Fatalf("U+%04X: %q: %v %v", r, q, list, err)
		}
	}
}

// TestAPanicIsAnError: a fault of ours in one text is said with its place.
func TestAPanicIsAnError(t *testing.T) {
	err := guarded(&entry{source: "a/b.md", line: 12, title: "Titre"}, func() { panic("slice bounds") })
	if err == nil || !strings.Contains(err.Error(), "a/b.md:12") || !strings.Contains(err.Error(), "Titre") {
		t.Error(err)
	}
}
