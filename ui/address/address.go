// Package address makes the site's own addresses whole. Content, search and exports
// write them from the site's root ("/exigences/EX32"); a [Site] puts the base path
// before them, and the edition after them where it isn't the one in service.
package address

import (
	"net/url"
	"slices"
	"strings"

	"github.com/cct-mi/cct/search"
	"golang.org/x/net/html"
)

// EditionParam is the parameter that names the edition that an address is asked from.
const EditionParam = "edition"

// inEditions are the first segments of the addresses that every edition answers.
var inEditions = []string{"", "pages", "exigences", "produits", "familles", "regles", "glossaire", "recherche", "mon-application", "selection", "comparer"}

// inEditionsAPI are those of the API's.
var inEditionsAPI = []string{"search", "suggest", "pages", "exigences", "produits", "termes", "regles", "applicable"}

// Site is where the addresses of an answer lead.
type Site struct {
	Base    string // path that the site is served under, "" or "/" for the root; may begin with "https://host"
	Edition string // that its pages are asked from, "" for the one in service
}

// Of is where the addresses of what lib answers lead, under a base path.
func Of(lib *search.Library, base string) Site {
	s := Site{Base: base}
	if name := lib.Catalog().Head().Name; name != lib.Editions().Current() {
		s.Edition = name
	}
	return s
}

// URL makes an address that begins at the site's root whole; others are returned as
// they are.
func (s Site) URL(to string) string {
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") {
		return to
	}
	return s.Keep(strings.TrimSuffix(s.Base, "/") + to)
}

// Keep adds the edition to an address that has its base path already, where it is one
// that every edition answers.
func (s Site) Keep(to string) string {
	rest, ours := strings.CutPrefix(to, strings.TrimSuffix(s.Base, "/")+"/")
	if s.Edition == "" || !ours || strings.HasPrefix(rest, "/") {
		return to
	}
	inEdition := inEditions
	if api, ok := strings.CutPrefix(rest, "api/v1/"); ok {
		rest, inEdition = api, inEditionsAPI
	}
	first := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		first = rest[:i]
	}
	first, _, _ = strings.Cut(first, ".") // index.md
	if !slices.Contains(inEdition, first) {
		return to
	}
	u, err := url.Parse(to)
	if err != nil || u.Query().Has(EditionParam) {
		return to
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += url.Values{EditionParam: {s.Edition}}.Encode()
	return u.String()
}

// HTML makes every href and src of a fragment whole. All else stays as it is written.
func (s Site) HTML(fragment string) string {
	if strings.TrimSuffix(s.Base, "/") == "" && s.Edition == "" {
		return fragment
	}
	return Rewrite(fragment, func(_, attribute, value string) string {
		if attribute != "href" && attribute != "src" {
			return value
		}
		return s.URL(value)
	}, nil)
}

// Rewrite changes values of attributes in a page or a part of one: value gives the new
// one, or the same. after gives HTML to put behind a start tag; it may be nil. All else
// stays as it is written.
func Rewrite(page string, value func(tag, attribute, value string) string, after func(tag html.Token) string) string {
	var out strings.Builder
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return out.String()
		}
		raw := string(z.Raw()) // reading the tag changes it
		if kind != html.StartTagToken && kind != html.SelfClosingTagToken {
			out.WriteString(raw)
			continue
		}
		t, changed := z.Token(), false
		for i, a := range t.Attr {
			t.Attr[i].Val = value(t.Data, a.Key, a.Val)
			changed = changed || t.Attr[i].Val != a.Val
		}
		if changed {
			raw = t.String()
		}
		out.WriteString(raw)
		if after != nil {
			out.WriteString(after(t))
		}
	}
}
