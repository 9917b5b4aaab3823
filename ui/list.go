package ui

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
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
	Nothing  bool // nothing sure for the text
	app      scope
	matching []*content.Record // kept by the filters, of all its pages
}

// readList narrows a collection by what the address asks: "q", one parameter
// for each dimension (several values: given several times, since a value may
// hold a comma; levels take commas too), "mon application", "page".
func readList(r *http.Request, lib *search.Library, kind content.Kind, path string, dims []dimension, size int) (*list, error) {
	v := search.Values(r.URL.Query())
	l := &list{Path: path, Asked: map[string][]string{}}
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
		if records, sure, err = api.Matching(r.Context(), lib, kind, l.Text, records); err != nil {
			return nil, err
		}
		l.Nothing = !sure
	}
	l.matching, l.Groups = narrow(records, dims, l.Asked)
	l.Total = len(l.matching)
	first := min((page-1)*size, l.Total)
	l.Records = l.matching[first:min(first+size, l.Total)]
	l.Pager = newPager(page, l.Total, size, func(n int) string { return l.url(n) })
	l.Hidden = l.app.Fields
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

// NoFilter is the address of the whole list.
func (l *list) NoFilter() string { return l.Path }

// Export is the address of the same list in another format.
func (l *list) Export(format string) string {
	v := l.query()
	if format != "json" {
		v.Set("format", format)
	}
	to := "/api/v1" + l.Path
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
	return nil, notFound("Cette édition ne contient pas "+what+" « "+cut(strings.ToValidUTF8(id, "?"), 40)+" ».", id)
}
