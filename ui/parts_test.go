package ui

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
)

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1\u202f000", 1234567: "1\u202f234\u202f567"} {
		if got := number(n); got != want {
			t.Errorf("number(%d) = %q, want %q", n, got, want)
		}
	}
	if count(0, "page", "pages") != "0 page" || count(1, "page", "pages") != "1 page" || count(2, "page", "pages") != "2 pages" {
		t.Error("zero and one are singular, two is plural")
	}
}

func TestPager(t *testing.T) {
	at := func(n int) string { return fmt.Sprint("?", n) }
	steps := func(p pager) string {
		var out []string
		for _, s := range p.Steps {
			switch {
			case s.Number == 0:
				out = append(out, "…")
			case s.Current:
				out = append(out, fmt.Sprint("[", s.Number, "]"))
			default:
				out = append(out, fmt.Sprint(s.Number))
			}
		}
		return strings.Join(out, " ")
	}
	for _, c := range []struct {
		current, total int
		want           string
	}{
		{1, 0, "[1]"}, {1, 10, "[1]"}, {1, 11, "[1] 2"}, {5, 200, "1 … 3 4 [5] 6 7 … 20"}, {20, 200, "1 … 18 19 [20]"},
	} {
		if got := steps(newPager(c.current, c.total, 10, at)); got != c.want {
			t.Errorf("page %d of %d things: %s, want %s", c.current, c.total, got, c.want)
		}
	}
	if p := newPager(1, 30, 10, at); p.Prev != "" || p.Next != "?2" {
		t.Errorf("ends: %+v", p)
	}
}

// TestNarrow: a group's counts ignore its own filter, and follow the others.
func TestNarrow(t *testing.T) {
	exigence := func(id string, level content.Level, category string) *content.Record {
		return &content.Record{ID: id, Exigence: &content.Exigence{Level: level, Category: category, Nature: "N"}}
	}
	all := []*content.Record{exigence("1", "primordial", "A"), exigence("2", "important", "A"), exigence("3", "primordial", "B"), exigence("4", "", "")}
	words := func(groups []group) string {
		var out []string
		for _, g := range groups {
			for _, c := range g.Choices {
				out = append(out, fmt.Sprintf("%s=%s:%d:%t", g.Name, c.Value, c.Count, c.Checked))
			}
		}
		return strings.Join(out, " ")
	}
	kept, groups := narrow(all, exigenceDimensions(content.Head{}.LevelNames()), map[string][]string{"level": {"primordial"}})
	if len(kept) != 2 {
		t.Errorf("%d kept", len(kept))
	}
	want := "level=primordial:2:true level=important:1:false level=non-precise:1:false category=A:1:false category=B:1:false"
	if got := words(groups); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	kept, groups = narrow(all, exigenceDimensions(content.Head{}.LevelNames()), map[string][]string{"level": {"bloquant"}, "category": {"A", "B"}})
	if len(kept) != 0 || !strings.Contains(words(groups), "level=bloquant:0:true") {
		t.Errorf("a ticked value that gives nothing must stay: %s", words(groups))
	}
}

func TestLetters(t *testing.T) {
	var terms []*content.Record
	for _, name := range []string{"écran", "Zone", "2FA", "Étude", "eau", "API"} {
		terms = append(terms, &content.Record{ID: name, Name: name})
	}
	var got []string
	for _, l := range byLetter(terms) {
		for _, term := range l.Terms {
			got = append(got, l.Name+":"+term.Name)
		}
	}
	if want := "#:2FA A:API E:eau E:écran E:Étude Z:Zone"; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestAudit(t *testing.T) {
	a, err := ParseAudit(strings.NewReader("\ufeffPartiellement conforme.\n\nAudit de mars 2031,\npar une équipe.\n\nTaux : 78 %.\n"))
	if err != nil || a.AccessState() != "partiellement conforme" || len(a.Paragraphs) != 2 || a.Paragraphs[0] != "Audit de mars 2031, par une équipe." {
		t.Errorf("%+v, %v", a, err)
	}
	for _, bad := range []string{"", "\n\n", "presque conforme\n"} {
		if _, err := ParseAudit(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is taken for a statement", bad)
		}
	}
	s := newSite(t, little(t), Options{Audit: a})
	for _, address := range []string{"/", "/accessibilite"} {
		if body := get(s, address).Body.String(); !strings.Contains(body, "Accessibilité : partiellement conforme") {
			t.Errorf("%s does not state the audit", address)
		}
	}
	if body := get(s, "/accessibilite").Body.String(); !strings.Contains(body, "Audit de mars 2031") {
		t.Error("the statement is not shown")
	}
}

func TestRouteNamesHoldNoID(t *testing.T) {
	s := newSite(t, little(t), Options{BasePath: "/cct"})
	for path, want := range map[string]string{"/cct/": "accueil", "/cct/exigences/EX2": "exigences", "/cct/api/v1/exigences/EX2": "api/exigences", "/cct/api/v1/secret": "api", "/cct/nimporte/quoi": "autre", "/cct/ready": "ready"} {
		if got := s.Route(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// FuzzAddress: no address gives an answer of the kind "our fault".
func FuzzAddress(f *testing.F) {
	s := newSite(f, little(f), Options{})
	for _, seed := range []string{"q=sauvegarde", "q=%ff", "q=*%3F~%5E()%3A%22&page=2", "q=a&type=exigence&level=bloquant,primordial", "app-type=ent&q=%00", "level=%F0%9F%92%A9&category=,", "q=\"stockage objet\" -x type:exigence"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, query string) {
		for _, path := range []string{"/recherche", "/exigences", "/produits", "/regles", "/mon-application", "/pages/presentation"} {
			if w := ask(s, path, query); w.Code >= 500 {
				t.Errorf("%s?%s: %d", path, query, w.Code)
			}
		}
		if w := ask(s, "/exigences/"+query, ""); w.Code >= 500 {
			t.Errorf("/exigences/%q: %d", query, w.Code)
		}
	})
}

func TestGrouped(t *testing.T) {
	found := func(page, title string, path ...string) hit {
		return hit{Hit: search.Hit{Type: content.KindSection, Title: title, Path: path, Page: search.PageRef{ID: page, Title: page}}, Where: "ailleurs"}
	}
	c := little(t).Catalog()
	groups := grouped(c, []hit{found("a", "1", "a", "Chapitre [ AB ]"), found("b", "2"), found("a", "3", "a")})
	if len(groups) != 2 || groups[0].Page == nil || len(groups[0].Hits) != 2 || groups[1].Page != nil {
		t.Fatalf("%+v", groups)
	}
	if got := groups[0].Hits[0].Where; got != "Chapitre" {
		t.Errorf("under its page a hit stands at %q", got)
	}
	if got := groups[1].Hits[0].Where; got != "ailleurs" {
		t.Errorf("a hit alone stands at %q", got)
	}
}

func TestBeginning(t *testing.T) {
	records := []*content.Record{{ID: "EX1", Title: "Supervision", Text: "des mesures"}, {ID: "EX2", Title: "Sauvegarde", Text: "à l’étranger"}}
	for text, want := range map[string]string{"superv": "EX1", "MES sup": "EX1", "etr": "EX2", "ex": "EX1 EX2", "vision": "", " ": ""} {
		var got []string
		for _, r := range beginning(records, text) {
			got = append(got, r.ID)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %s", text, got, want)
		}
	}
}
