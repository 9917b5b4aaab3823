package ui

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/middleware"
)

const (
	perPage   = 10
	maxOffset = 10_000 // beyond it nobody reads, and every page costs more
)

// question is what the address of a search asks.
type question struct {
	text                  string
	types, themes, levels []string
	app                   scope
	noCorrect, noExpand   bool
	noDirect              bool
	kept                  []string // ids chosen on the way, that travel in addresses
	page                  int      // from 1
}

// readQuestion reads an address as every face reads a question; pages number their
// answers, and say no in French.
func readQuestion(r *http.Request, c *content.Catalog) (q question, err error) {
	v := search.Values(r.URL.Query())
	asked := search.Values{"q": v["q"], "type": v["type"], "theme": v["theme"], "level": v["level"], "correct": {v.Get("corriger")}, "expand": {v.Get("etendre")}}
	req, err := search.ParseRequest(asked, c)
	if err != nil {
		return q, err
	}
	if q.app, err = scopeOf(r); err != nil {
		return q, err
	}
	q.text, q.types, q.themes, q.levels = strings.TrimSpace(req.Query), req.Types, req.Themes, req.Levels
	q.noCorrect, q.noExpand, q.noDirect = req.NoCorrect, req.NoExpand, v.Get("direct") == "non"
	q.kept = keptIDs(r)
	q.page, err = v.Number("page", 1, maxOffset/perPage, 1)
	return q, err
}

func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n]) + "…"
	}
	return s
}

func (q question) filtered() bool {
	return len(q.types)+len(q.themes)+len(q.levels) > 0 || q.app.Known()
}

// url is the address that asks the question.
func (q question) url() string {
	v := q.app.values()
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", q.text)
	set("type", strings.Join(q.types, ","))
	set("theme", strings.Join(q.themes, ","))
	set("level", strings.Join(q.levels, ","))
	set("ids", strings.Join(q.kept, ","))
	for name, off := range map[string]bool{"corriger": q.noCorrect, "etendre": q.noExpand, "direct": q.noDirect} {
		if off {
			v.Set(name, "non")
		}
	}
	if q.page > 1 {
		v.Set("page", strconv.Itoa(q.page))
	}
	return "/recherche?" + v.Encode()
}

// but gives the address of the question once changed, from its first page.
func (q question) but(change func(*question)) string {
	q.page = 1
	change(&q)
	return q.url()
}

type chip struct{ Label, URL string }

// writing is one thing that a query may hold, with a search that shows it.
type writing struct {
	chip
	Means string
}

type searchPage struct {
	frame
	Forms       []writing // of the page that asks what to search
	Asked       string    // the text that was searched: corrected or as typed
	Answer      *search.Answer
	Binding     []bindingGroup
	Groups      []hitGroup
	First, Last int
	Chips       []chip
	NoFilter    string // the address without any filter
	Hidden      []field
	Facets      []group
	Pager       pager
	Elsewhere   []string // ids chosen on other pages
	Help        *help    // when nothing sure is found
	AsTyped     string   // address of the search without correction
	Unexpanded  string   // … without synonyms
	Suggestions []chip
	Tried       []tried
	Themes      []content.Theme
	Counts      map[content.Kind]int
}

// tried is a line of what was attempted for a search that found nothing sure.
type tried struct{ ID, Text string }

func (s *Site) search(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	head := lib.Catalog().Head()
	q, err := readQuestion(r, lib.Catalog())
	if err != nil {
		return err
	}
	page := searchPage{frame: frame{Title: "Rechercher", Query: q.text, Edition: head.Name, App: q.app}, Themes: head.Themes, Counts: head.Counts}
	if q.text == "" {
		for _, f := range search.Forms() {
			page.Forms = append(page.Forms, writing{chip{f.Example, question{text: f.Example}.url()}, f.Means})
		}
		return s.render(w, http.StatusOK, "recherche-vide", page)
	}
	only, err := q.app.only(lib)
	if err != nil {
		return err
	}
	a, err := lib.Search(r.Context(), search.Request{Query: q.text, Limit: perPage, Offset: (q.page - 1) * perPage,
		Types: q.types, Themes: q.themes, Levels: q.levels, Only: only, NoCorrect: q.noCorrect, NoExpand: q.noExpand})
	if err != nil {
		return err
	}
	middleware.Searched(r.Context(), q.text, a.Confident && a.Total > 0)
	if a.Total == 0 && q.filtered() { // do the words find nothing, or the filters?
		whole, err := lib.Search(r.Context(), search.Request{Query: q.text, Limit: 1, NoCorrect: q.noCorrect, NoExpand: q.noExpand})
		if err != nil {
			return err
		}
		a.Confident = whole.Confident
	}
	if a.Direct != "" && !q.noDirect && !q.filtered() && q.page == 1 {
		s.redirect(w, r, a.Direct, http.StatusFound)
		return nil
	}
	if last := max(1, (a.Total+perPage-1)/perPage); q.page > last {
		s.redirect(w, r, q.but(func(q *question) { q.page = last }), http.StatusFound)
		return nil
	}
	page.fill(s, lib, q, a)
	if page.Binding, err = s.binding(r.Context(), lib, q, a, only); err != nil {
		return err
	}
	name := "recherche"
	if !a.Confident || a.Total == 0 && !q.filtered() {
		name = "rien"
		page.Title = "Aucun résultat certain pour « " + cut(q.text, 60) + " »"
		page.Tried = whatWasTried(lib.Catalog(), q, a)
	}
	if name == "rien" || len(a.Unknown)+len(a.Expanded) > 0 {
		if page.Help, err = helpFor(r.Context(), lib, a); err != nil {
			return err
		}
	}
	return s.render(w, http.StatusOK, name, page)
}

func (p *searchPage) fill(s *Site, lib *search.Library, q question, a *search.Answer) {
	p.Answer, p.Asked = a, q.text
	if a.Corrected != "" {
		p.Asked = a.Corrected
	}
	hits := s.hits(lib, a.Hits, p.Asked)
	p.Elsewhere = slices.Clone(q.kept)
	for i := range hits {
		if hits[i].Chosen = hits[i].Pick != "" && slices.Contains(q.kept, hits[i].Pick); hits[i].Chosen {
			p.Elsewhere = without(p.Elsewhere, hits[i].Pick)
		}
	}
	p.Groups = grouped(lib.Catalog(), hits)
	p.First, p.Last = a.Offset+1, a.Offset+len(a.Hits)
	p.Pager = newPager(q.page, a.Total, perPage, func(n int) string { q := q; q.page = n; return q.url() })
	p.Title = cut(p.Asked, 60) + " — " + count(a.Total, "résultat", "résultats")
	if p.Pager.Last > 1 {
		p.Title += " (page " + number(q.page) + " sur " + number(p.Pager.Last) + ")"
	}
	p.AsTyped = q.but(func(q *question) { q.noCorrect = true })
	p.Unexpanded = q.but(func(q *question) { q.noExpand = true })
	for _, other := range a.Suggestions {
		p.Suggestions = append(p.Suggestions, chip{other, q.but(func(q *question) { q.text = other })})
	}
	c := lib.Catalog()
	p.Facets = []group{
		facet("type", "Type", a.Facets.Type, q.types, search.KindNames(), func(v string) string { return kindLabels(content.Kind(v)) }),
		facet("theme", "Thème", a.Facets.Theme, q.themes, search.ThemeNames(c), c.ThemeTitle),
		facet("level", "Niveau", levelChoices(a.Facets, c.Head().Levels, q.levels), q.levels, search.LevelNames(c), levelLabel),
	}
	p.Facets = slices.DeleteFunc(p.Facets, func(g group) bool { return len(g.Choices) == 0 })
	p.NoFilter = q.but(func(q *question) { q.types, q.themes, q.levels, q.app = nil, nil, nil, scope{} })
	for _, v := range q.types {
		p.Chips = append(p.Chips, chip{kindLabels(content.Kind(v)), q.but(func(q *question) { q.types = without(q.types, v) })})
	}
	for _, v := range q.themes {
		p.Chips = append(p.Chips, chip{c.ThemeTitle(v), q.but(func(q *question) { q.themes = without(q.themes, v) })})
	}
	for _, v := range q.levels {
		p.Chips = append(p.Chips, chip{levelLabel(v), q.but(func(q *question) { q.levels = without(q.levels, v) })})
	}
	if q.app.Known() {
		p.Chips = append(p.Chips, chip{"Mon application : " + q.app.Text, q.but(func(q *question) { q.app = scope{} })})
	}
	p.Hidden = append([]field{{"q", q.text}}, q.app.Fields...)
	if len(q.kept) > 0 {
		p.Hidden = append(p.Hidden, field{"ids", strings.Join(q.kept, ",")})
	}
	for name, off := range map[string]bool{"corriger": q.noCorrect, "etendre": q.noExpand} {
		if off {
			p.Hidden = append(p.Hidden, field{name, "non"})
		}
	}
}

func without(list []string, v string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(x string) bool { return x == v })
}

var looksLikeID = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z/-]{2,12}[ -]?[0-9]{1,4}$|^[0-9]{4}$|^[0-9]+(\.[0-9]+){1,2}$`)
})

// whatWasTried tells it from the answer, so that it stays true.
func whatWasTried(c *content.Catalog, q question, a *search.Answer) (out []tried) {
	for _, w := range a.Unknown {
		if looksLikeID().MatchString(w) {
			out = append(out, tried{w, "aucun identifiant de cette édition." + span(c, w)})
			continue
		}
		out = append(out, tried{"", "« " + w + " » : absent des textes, au singulier comme au pluriel, avec ou sans accents."})
	}
	switch {
	case a.Corrected != "":
		out = append(out, tried{"", "Une orthographe voisine : « " + a.Corrected + " »."})
	case q.noCorrect:
		out = append(out, tried{"", "Exactement ce qui est écrit, sans correction."})
	case len(a.Unknown) > 0:
		out = append(out, tried{"", "Les mots voisins, à une ou deux lettres près : aucun ne convient."})
	}
	for _, e := range a.Expanded {
		out = append(out, tried{"", "« " + e.Term + " » étendu à « " + strings.Join(e.With, " », « ") + " »."})
	}
	if len(out) == 0 {
		out = append(out, tried{"", "Tous les mots ensemble, puis séparément : rien qui réponde vraiment."})
	}
	return out
}

// span says which exigences there are, to someone who asked for another.
func span(c *content.Catalog, id string) string {
	if !strings.HasPrefix(strings.ToUpper(id), "EX") || strings.Contains(id, "-") {
		return ""
	}
	ids, err := c.IDs(content.KindExigence)
	if err != nil || len(ids) < 2 {
		return ""
	}
	return " Les exigences vont de " + ids[0] + " à " + ids[len(ids)-1] + "."
}
