package ui

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/cct-mi/cct/content/ingest"
	"github.com/cct-mi/cct/search/french"
	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// oddQueries is how many TestOddQueries asks: .ci/run sets 100,000.
func oddQueries(t *testing.T) int {
	n, err := strconv.Atoi(os.Getenv("CCT_ODD_QUERIES"))
	if err != nil {
		n = 1500
		t.Log("CCT_ODD_QUERIES is not set: 1,500 queries")
	}
	return n
}

// pieces are what a query is made of.
var pieces = []string{
	"sauvegarde", "authentification", "kuberntes", "mot de passe", "l’État", "open street map", "API", "SI", "mco", "motdepasse", "chiffrement des données",
	"EX7", "ex 7", "EX007", "EX7, EX8", "EX1 à EX5", "EX1-EX5", "AT-1368", "règle 2.2.1", "exigence 7", "SEC/AUT/01", "RGAA 1.1", "12.3.4", "EX999", "EX99999999999999999999",
	"type:exigence", "niveau:primordial", "thème:securite", "type:", "type:rien", ":", "id:EX7", "statut:R", "level:bloquant,important", "type:exigence,produit",
	"-mot", "-", "--", "−s3", "–", "—", "-\"stockage objet\"", "\"", "\"\"", "\"mot de passe\"", "«", "»", "« mot »", "“x”", "'", "’", "*", "sauv*", "EX3*", "**", "?",
	"ET", "OU", "NON", "OR", "AND", "NOT", "(", ")", "[", "]", "{", "}", "<script>", "</mark>", "&amp;", "%", "%00", "\x00", "\u202e", "\u200b", "\ufeff", "\t", "\n", "\\", "/", "..", "#", "+", "C++", ".NET", "ST(SI)²",
	"ٷ1", "\u06e0w6", "\u20f0w6", "İ", "ß", "ﬁ", "Ⅷ", "１２", "é", "e\u0301", "\u0301", "日本語", "🙂", "👩‍👩‍👧", "٣", "ℌ", "㍿", "x²", "½",
	"comment", "est-ce que", "a-t-il", "quelle est la durée", "sans", "hors cloud native", "non relationnelle",
}

// oddQuery makes a query of pieces, and mutates it.
func oddQuery(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(5) {
		if r.IntN(8) == 0 {
			b.WriteRune(rune(r.IntN(unicode.MaxRune)))
		} else {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		if r.IntN(3) > 0 {
			b.WriteByte(' ')
		}
	}
	q := []rune(b.String())
	for range r.IntN(3) {
		if len(q) == 0 {
			break
		}
		i, j := r.IntN(len(q)), r.IntN(len(q))
		switch r.IntN(4) {
		case 0:
			q = append(q[:i:i], q[i+1:]...)
		case 1:
			q[i], q[j] = q[j], q[i]
		case 2:
			q = append(q[:i:i], append([]rune{q[j]}, q[i:]...)...)
		case 3:
			q[i] = rune(r.IntN(0x3000))
		}
	}
	s := string(q)
	switch r.IntN(12) {
	case 0:
		s = norm.NFD.String(s)
	case 1:
		s = strings.ToUpper(s)
	case 2:
		s = strings.Repeat(s, 1+r.IntN(20))
	}
	return s
}

// TestOddQueries: no text typed into the search, whatever it holds, is answered with
// an error of the server, with invalid UTF-8 or with JSON or HTML that does not parse.
func TestOddQueries(t *testing.T) {
	lib := embeddedLibrary(t)
	s := newSite(t, lib, Options{})
	pages, err := lib.Catalog().Pages()
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(12, 19))
	addresses := []string{
		"/recherche?direct=non&q=", "/api/v1/search?q=", "/api/v1/suggest?q=", "/api/v1/search?explain=true&limit=3&q=", "/exigences?q=", "/glossaire?q=", "/api/v1/exigences?q=", "",
	}
	slowest, which := time.Duration(0), ""
	for n := range oddQueries(t) {
		q := oddQuery(r)
		address := addresses[n%len(addresses)]
		if address == "" {
			address = "/pages/" + pages[r.IntN(len(pages))].ID + "?q="
		}
		address += url.QueryEscape(q)
		began := time.Now()
		w := get(s, address)
		if took := time.Since(began); took > slowest {
			slowest, which = took, q
		}
		body := w.Body.String()
		switch kind := w.Header().Get("Content-Type"); {
		case w.Code >= 500:
			t.Errorf("%+q: %s answers %d", q, address, w.Code)
		case !utf8.ValidString(body):
			t.Errorf("%+q: %s is not UTF-8", q, address)
		case strings.Contains(kind, "json") && !json.Valid([]byte(body)):
			t.Errorf("%+q: %s is not JSON: %.200s", q, address, body)
		case strings.HasPrefix(kind, "text/html"):
			if fault := unbalanced(body); fault != "" {
				t.Errorf("%+q: %s: %s", q, address, fault)
			}
		}
		if t.Failed() && n > 100 {
			return
		}
	}
	t.Logf("the slowest took %v: %+q", slowest, which)
}

// unbalanced says where tags of HTML do not match, "" when they do.
func unbalanced(body string) string {
	void := map[string]bool{"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true, "img": true, "input": true, "link": true, "meta": true, "source": true, "track": true, "wbr": true}
	z := html.NewTokenizer(strings.NewReader(body))
	var open []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				return fmt.Sprint("never closed: ", open)
			}
			return ""
		case html.StartTagToken:
			if name, _ := z.TagName(); !void[string(name)] {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if n := len(open); n == 0 || open[n-1] != string(name) {
				return fmt.Sprintf("</%s> within %v", name, open)
			}
			open = open[:len(open)-1]
		}
	}
}

// TestOddLettersArePages: a page whose title, headings, cells and sentences hold letters
// that folding makes longer or shorter is built, shown and marked.
func TestOddLettersArePages(t *testing.T) {
	var odd []rune
	for r := rune(0x80); r < 0x1f000; r++ {
		if utf8.RuneLen(r) == len(french.Fold(string(r))) || !utf8.ValidRune(r) {
			continue
		}
		odd = append(odd, r)
	}
	folder := fstest.MapFS{}
	for i := 0; i < len(odd); i += 200 {
		var b strings.Builder
		fmt.Fprintf(&b, "---\ntitle: %c1 et %cw6\n---\n", odd[i], odd[i])
		for _, r := range odd[i:min(i+200, len(odd))] {
			fmt.Fprintf(&b, "\n## %cw6 %c1\n\nUne phrase a%c.\n\n| N° | Nom |\n|---|---|\n| %c1 | %cw6 |\n", r, r, r, r, r)
		}
		folder[fmt.Sprint("p", i, ".md")] = &fstest.MapFile{Data: []byte(b.String())}
	}
	s := newSite(t, open(t, folder, ingest.Options{}), Options{})
	for i := 0; i < len(odd); i += 200 {
		for _, q := range []string{"w6 1", string(odd[i]) + "w6", string(odd[i]) + "1", "a" + string(odd[i])} {
			w := get(s, fmt.Sprint("/pages/p", i, "?q=", url.QueryEscape(q)))
			if body := w.Body.String(); w.Code != 200 || !utf8.ValidString(body) || unbalanced(body) != "" {
				t.Fatalf("U+%04X: %q: %d, UTF-8 %v, %s", odd[i], q, w.Code, utf8.ValidString(body), unbalanced(body))
			}
		}
	}
}
