package ui

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/history"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/api"
)

// list is a collection of records, narrowed as its address asks.
type list struct {
	Path     string // "/exigences"
	Text     string // words that the records must hold
	Asked    map[string][]string
	Records  []*content.Record // of this page of the list
	Total    int               // kept by the filters
	Whole    int               // in the collection
	Groups   []group
	Chips    []chip
	Hidden   []field // what travels with the filters' form beside them
	Pager    pager
	Nothing  bool     // nothing sure for the text
	Kept     []string // ids chosen before this page
	Heads    []head   // of the columns by which the list can be sorted
	Sorted   string   // key of the column that it is sorted by, "" for the edition's order
	down     bool     // from the last to the first
	begun    bool     // the text only begins words, as when it is being typed
	app      scope
	matching []*content.Record // kept by the filters, of all its pages
}

// column is a property by which a list can be sorted.
type column struct {
	key, label string
	value      func(*content.Record) string
}

// head is a column's head: its link sorts by it, the other way when it is sorted already.
type head struct {
	Label, URL string
	Sort       string // "ascending" or "descending", "" when the list is sorted otherwise
}

// readList narrows a collection by what the address asks: "q", one parameter
// for each dimension (several values: given several times, since a value may
// hold a comma; levels take commas too), "mon application", "tri" and "ordre",
// "page", and "ids", which are only passed on.
func readList(r *http.Request, lib *search.Library, kind content.Kind, path string, dims []dimension, columns []column, size int) (*list, error) {
	v := search.Values(r.URL.Query())
	l := &list{Path: path, Asked: map[string][]string{}, Kept: keptIDs(r)}
	var err error
	if l.Text, err = v.Text("q"); err != nil {
		return nil, err
	}
	l.Text = strings.TrimSpace(l.Text)
	if l.app, err = scopeOf(r); err != nil {
		return nil, err
	}
	records, err := lib.Catalog().Records(kind)
	if err != nil {
		return nil, err
	}
	l.Whole = len(records)
	if kind == content.KindProduit {
		records = slices.Clone(records)
		slices.SortStableFunc(records, func(a, b *content.Record) int { return cmp.Compare(partNumber(a), partNumber(b)) })
	}
	for _, d := range dims {
		if l.Asked[d.name], err = d.read(v, records); err != nil {
			return nil, err
		}
	}
	page, err := v.Number("page", 1, max(1, (l.Whole+size-1)/size), 1)
	if err != nil {
		return nil, err
	}
	if l.app.Known() && kind == content.KindExigence {
		only, err := l.app.only(lib)
		if err != nil {
			return nil, err
		}
		records = slices.DeleteFunc(slices.Clone(records), func(r *content.Record) bool { return !only[r.ID] })
	}
	if l.Text != "" {
		var sure bool
		whole := records
		if records, sure, err = api.Matching(r.Context(), lib, kind, l.Text, records); err != nil {
			return nil, err
		}
		if !sure {
			records = beginning(whole, l.Text)
			l.begun = len(records) > 0
		}
		l.Nothing = !sure && !l.begun
	}
	l.matching, l.Groups = narrow(records, dims, l.Asked)
	if err := l.sort(v, columns); err != nil {
		return nil, err
	}
	l.Total = len(l.matching)
	first := min((page-1)*size, l.Total)
	l.Records = l.matching[first:min(first+size, l.Total)]
	l.Pager = newPager(page, l.Total, size, func(n int) string { return l.url(n) })
	l.Hidden = slices.Clone(l.app.Fields)
	if l.Sorted != "" {
		l.Hidden = append(l.Hidden, field{"tri", l.Sorted})
		if l.down {
			l.Hidden = append(l.Hidden, field{"ordre", "desc"})
		}
	}
	if len(l.Kept) > 0 {
		l.Hidden = append(l.Hidden, field{"ids", strings.Join(l.Kept, ",")})
	}
	for _, g := range l.Groups {
		for _, c := range g.Choices {
			if c.Checked {
				l.Chips = append(l.Chips, chip{c.Label, l.but(func(l *list) { l.Asked[g.Name] = without(l.Asked[g.Name], c.Value) })})
			}
		}
	}
	if l.Text != "" {
		l.Chips = append(l.Chips, chip{"« " + cut(l.Text, 40) + " »", l.but(func(l *list) { l.Text = "" })})
	}
	if l.app.Known() {
		l.Chips = append(l.Chips, chip{"Mon application : " + l.app.Text, l.but(func(l *list) { l.app = scope{} })})
	}
	return l, nil
}

// query is the list's address without path and page, as exports take it too.
func (l *list) query() url.Values {
	v := l.app.values()
	if l.Text != "" {
		v.Set("q", l.Text)
	}
	for name, values := range l.Asked {
		if len(values) > 0 {
			v[name] = values
		}
	}
	return v
}

func (l *list) url(page int) string {
	v := l.query()
	if l.Sorted != "" {
		v.Set("tri", l.Sorted)
		if l.down {
			v.Set("ordre", "desc")
		}
	}
	if len(l.Kept) > 0 {
		v.Set("ids", strings.Join(l.Kept, ","))
	}
	if page > 1 {
		v.Set("page", strconv.Itoa(page))
	}
	if len(v) == 0 {
		return l.Path
	}
	return l.Path + "?" + v.Encode()
}

// but gives the address of the list once changed, from its first page.
func (l *list) but(change func(*list)) string {
	c := *l
	c.Asked = map[string][]string{}
	for k, v := range l.Asked {
		c.Asked[k] = slices.Clone(v)
	}
	change(&c)
	return c.url(1)
}

// sort orders the list by one of its columns, and makes the heads of all.
func (l *list) sort(v search.Values, columns []column) error {
	var keys []string
	for _, c := range columns {
		keys = append(keys, c.key)
	}
	by, err := v.List("tri", keys)
	if err != nil {
		return err
	}
	order, err := v.List("ordre", []string{"asc", "desc"})
	if err != nil {
		return err
	}
	if len(by) > 0 {
		l.Sorted, l.down = by[0], len(order) > 0 && order[0] == "desc"
		c := columns[slices.Index(keys, l.Sorted)]
		l.matching = slices.Clone(l.matching)
		slices.SortStableFunc(l.matching, func(a, b *content.Record) int {
			x, y := c.value(a), c.value(b)
			if x == "" || y == "" { // what says nothing comes last, either way
				return cmp.Compare(len(y), len(x))
			}
			if l.down {
				return frenchOrder(y, x)
			}
			return frenchOrder(x, y)
		})
	}
	for _, c := range columns {
		h := head{Label: c.label, URL: l.but(func(l *list) { l.down, l.Sorted = l.Sorted == c.key && !l.down, c.key })}
		if l.Sorted == c.key {
			h.Sort = "ascending"
			if l.down {
				h.Sort = "descending"
			}
		}
		l.Heads = append(l.Heads, h)
	}
	return nil
}

// beginning keeps the records in which every word of a text begins a word: what
// is found while somebody types.
func beginning(records []*content.Record, text string) (kept []*content.Record) {
	asked := foldedWords(text)
	if len(asked) == 0 {
		return nil
	}
	for _, r := range records {
		cells := []string{r.ID, r.Title, r.Plain()}
		for _, c := range r.Cells {
			cells = append(cells, c.Text)
		}
		words := foldedWords(strings.Join(cells, " "))
		if !slices.ContainsFunc(asked, func(begun string) bool {
			return !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, begun) })
		}) {
			kept = append(kept, r)
		}
	}
	return kept
}

// foldedWords are a text's words without case and accents.
func foldedWords(text string) []string {
	return strings.FieldsFunc(unaccented(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// File is the address of the whole list as a file.
func (l *list) File(format string) string {
	v := l.query()
	v.Set("format", format)
	return l.Path + "?" + v.Encode()
}

// markedRecord is a record's box in a list.
type markedRecord struct {
	ID, Label string
	On        bool
}

// Mark says whether a record is in the selection that the address carries.
func (l *list) Mark(r *content.Record) markedRecord {
	label := r.ID
	if r.Kind == content.KindTerme || r.Kind == content.KindRegle {
		label = cut(r.Title, 60)
	}
	return markedRecord{r.ID, label, slices.Contains(l.Kept, r.ID)}
}

// Elsewhere is the ids of the selection that this page of the list doesn't show.
func (l *list) Elsewhere() []string {
	return slices.DeleteFunc(slices.Clone(l.Kept), func(id string) bool {
		return slices.ContainsFunc(l.Records, func(r *content.Record) bool { return r.ID == id })
	})
}

// NoFilter is the address of the whole list.
func (l *list) NoFilter() string { return l.Path }

// Export is the address of the same list in another format.
func (l *list) Export(format string) string {
	v := l.query()
	if format != "json" {
		v.Set("format", format)
	}
	to := "/api/v1" + strings.Replace(l.Path, "/glossaire", "/termes", 1)
	if len(v) > 0 {
		to += "?" + v.Encode()
	}
	return to
}

// Matrix is the address of the exigences of the list as a file to answer: the
// profile and filters are the same, and each line has columns for the answer.
func (l *list) Matrix(format string) string {
	v := l.app.Profile.Values("")
	for name, values := range l.query() {
		if !strings.HasPrefix(name, profile.Prefix) {
			v[name] = values
		}
	}
	if l.begun { // the API searches whole words
		v.Del("q")
		for _, r := range l.matching {
			v.Add("id", r.ID)
		}
	}
	v.Set("format", format)
	return "/api/v1/applicable?" + v.Encode()
}

// neighbours finds the records before and after one in its collection.
func neighbours(c *content.Catalog, kind content.Kind, id string) (previous, next *content.Record, err error) {
	all, err := c.Records(kind)
	if err != nil {
		return nil, nil, err
	}
	for i, r := range all {
		if r.ID != id {
			continue
		}
		if i > 0 {
			previous = all[i-1]
		}
		if i+1 < len(all) {
			next = all[i+1]
		}
	}
	return previous, next, nil
}

// record finds what an address names. An id written otherwise ("ex33") leads to
// its own address: the record is then nil, and the answer already given.
func (s *Site) record(w http.ResponseWriter, r *http.Request, lib *search.Library, kind content.Kind, id string) (*content.Record, error) {
	record, err := lib.Catalog().Record(kind, id)
	if err == nil {
		return record, nil
	}
	if !isMissing(err) {
		return nil, err
	}
	if plain, date := history.SplitDated(id); date != "" { // EXI-ARCH-7@2024-06-23
		dated, err := lib.Editions().Catalog(date)
		if err == nil {
			if found, err := dated.Record(kind, strings.ToUpper(plain)); err == nil {
				w.Header().Set("Cache-Control", "no-cache")
				http.Redirect(w, r, address.Site{Base: s.base, Edition: date}.URL(found.URL()), http.StatusFound)
				return nil, nil
			}
		}
	}
	for _, ref := range lib.Resolve(id) {
		if ref.Kind == kind {
			s.redirect(w, r, ref.URL, http.StatusMovedPermanently)
			return nil, nil
		}
	}
	ids, err := lib.Catalog().IDs(kind)
	if err != nil {
		return nil, err
	}
	for _, other := range ids { // terms, and ids made from a place, are known by their own letters alone
		if strings.EqualFold(other, id) {
			to := (&content.Record{Kind: kind, ID: other}).URL()
			s.redirect(w, r, to, http.StatusMovedPermanently)
			return nil, nil
		}
	}
	what := map[content.Kind]string{content.KindExigence: "l’exigence", content.KindProduit: "le produit", content.KindRegle: "la règle", content.KindTerme: "le terme"}[kind]
	detail := "Cette édition ne contient pas " + what + " « " + cut(strings.ToValidUTF8(id, "?"), 40) + " »."
	tables, err := lib.Editions().Tables()
	if err != nil {
		return nil, err
	}
	plain, _ := history.SplitDated(id)
	if said := tables.Dated.Say(strings.ToUpper(plain)); said != "" {
		detail += " Dans la liste vivante Cloud Native, cet identifiant désigne, selon la date : " + said + "."
	}
	return nil, notFound(detail, id)
}
