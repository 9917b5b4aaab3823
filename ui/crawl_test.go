package ui

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/cct-mi/cct/search"
)

// crawled is what one page holds for the others.
type crawled struct {
	ids   map[string]bool
	links []string // as written
}

// read parses a page and checks what must hold for every page.
func readPage(t *testing.T, address, body string) crawled {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	p := crawled{ids: map[string]bool{}}
	h1, mains, titles := 0, 0, 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "h1":
			h1++
		case "main":
			mains++
		case "title":
			if n.Parent.Data == "head" {
				titles++
			}
		case "style":
			t.Errorf("%s: a style element, which the policy forbids", address)
		}
		inlineScript := n.Data == "script"
		for _, a := range n.Attr {
			switch {
			case a.Key == "id":
				if p.ids[a.Val] {
					t.Errorf("%s: id %q twice", address, a.Val)
				}
				p.ids[a.Val] = true
			case a.Key == "style" || strings.HasPrefix(a.Key, "on"):
				t.Errorf("%s: attribute %s, which the policy forbids", address, a.Key)
			case a.Key == "href" || a.Key == "src" || a.Key == "action":
				p.links = append(p.links, a.Val)
				inlineScript = inlineScript && a.Key != "src"
			case a.Key == "type" && a.Val == "application/ld+json":
				inlineScript = false // data, which no browser runs and no policy concerns
			}
		}
		if inlineScript {
			t.Errorf("%s: an inline script, which the policy forbids", address)
		}
	}
	if h1 != 1 || mains != 1 || titles != 1 {
		t.Errorf("%s: %d h1, %d main, %d title; want one of each", address, h1, mains, titles)
	}
	return p
}

// crawl follows every link of the site from its home page, and checks that each
// has an answer, an anchor where it names one, and the base path.
func crawl(t *testing.T, lib *search.Library, base string) {
	s := newSite(t, lib, Options{BasePath: base})
	base = strings.TrimSuffix(base, "/")
	type link struct{ from, path, anchor string }
	pages := map[string]crawled{}
	answered := map[string]bool{}
	var anchors []link
	queue := []link{{"", base + "/", ""}}
	for len(queue) > 0 {
		l := queue[0]
		queue = queue[1:]
		if answered[l.path] {
			continue
		}
		answered[l.path] = true
		w := get(s, l.path)
		for hops := 0; w.Code >= 300 && w.Code < 400 && hops < 3; hops++ {
			to := w.Header().Get("Location")
			if !strings.HasPrefix(to, base+"/") {
				t.Errorf("%s: leads to %s, outside the base path", l.path, to)
				break
			}
			to, _, _ = strings.Cut(to, "#")
			w = get(s, to)
		}
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d, linked from %s", l.path, w.Code, l.from)
			continue
		}
		if !strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			continue
		}
		p := readPage(t, l.path, w.Body.String())
		pages[l.path] = p
		here, err := url.Parse(l.path)
		if err != nil {
			t.Fatal(err)
		}
		for _, raw := range p.links {
			u, err := here.Parse(raw)
			if err != nil {
				t.Errorf("%s: link %q: %v", l.path, raw, err)
				continue
			}
			if u.Host != "" || u.Scheme != "" {
				continue // elsewhere
			}
			if base != "" && !strings.HasPrefix(u.Path, base+"/") {
				t.Errorf("%s: link %q leaves the base path", l.path, raw)
			}
			to := link{l.path, u.RequestURI(), u.Fragment}
			if to.anchor != "" {
				anchors = append(anchors, to)
			}
			if to.path != l.path && !manyOfAKind(u) {
				queue = append(queue, to)
			}
		}
	}
	for _, a := range anchors {
		if p, ok := pages[a.path]; ok && !p.ids[a.anchor] {
			t.Errorf("%s: link to %s#%s, an anchor that is not there", a.from, a.path, a.anchor)
		}
	}
	t.Logf("%d addresses, %d links with an anchor", len(answered), len(anchors))
	if len(pages) < 10 {
		t.Errorf("only %d pages were reached", len(pages))
	}
}

// manyOfAKind leaves out the combinations of filters, which are endless.
func manyOfAKind(u *url.URL) bool {
	q := u.Query()
	return q.Has("page") && len(q) > 1 || q.Has("direct") || len(q) > 2
}

func TestCrawlLittle(t *testing.T)   { crawl(t, little(t), "/") }
func TestCrawlUnder(t *testing.T)    { crawl(t, little(t), "/intranet/cct") }
func TestCrawlEmbedded(t *testing.T) { crawl(t, embeddedLibrary(t), "/") }
func TestCrawlOfficial(t *testing.T) { crawl(t, openOfficial(t), "/cct/") }

// TestOldAddresses: the addresses of the source site lead somewhere.
func TestOldAddresses(t *testing.T) {
	s := newSite(t, openOfficial(t), Options{BasePath: "/cct"})
	for from, to := range map[string]string{
		"/fr/1-chapeau/x-glossaire/": "/cct/pages/1-chapeau--x-glossaire",
		"/fr/1-chapeau/x-glossaire":  "/cct/pages/1-chapeau--x-glossaire",

		"/fr/1-chapeau/x-glossaire/index.html": "/cct/pages/1-chapeau--x-glossaire",
		"/fr/mentions-legales/index.html":      "/cct/pages/legal",
		"/fr/blog/ent/":                        "/cct/pages/blog--posts--ent",
		"/fr/blog/":                            "/cct/",
		"/fr/":                                 "/cct/",
	} {
		w := get(s, "/cct"+from)
		if w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != to {
			t.Errorf("%s: %d %s, want %s", from, w.Code, w.Header().Get("Location"), to)
		}
	}
}

// TestBasePathOnly: nothing is answered outside the base path, and the path
// itself leads to the home page.
func TestBasePathOnly(t *testing.T) {
	s := newSite(t, little(t), Options{BasePath: "/cct"})
	if w := get(s, "/exigences"); w.Code != http.StatusNotFound {
		t.Errorf("outside: %d", w.Code)
	}
	if w := get(s, "/cct"); w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != "/cct/" {
		t.Errorf("the base path itself: %d %s", w.Code, w.Header().Get("Location"))
	}
	if w := get(s, "/cctx/exigences"); w.Code != http.StatusNotFound {
		t.Errorf("a path that only begins alike: %d", w.Code)
	}
	w := get(s, "/cct/opensearch.xml")
	if !strings.Contains(w.Body.String(), `template="http://example.com/cct/recherche?q={searchTerms}"`) {
		t.Error(w.Body.String())
	}
	if w := get(s, "/cct/recherche?q=EX2"); w.Header().Get("Location") != "/cct/exigences/EX2" {
		t.Errorf("an exact id leads to %s", w.Header().Get("Location"))
	}
}
