package ui

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/middleware"
)

// file serves an image of the content. Its name is its hash, so it may be kept
// for ever; an SVG opened by itself is a document, hence the sandbox.
func (s *Site) file(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	name := mux.Vars(r)["name"]
	media, data, err := lib.Catalog().Asset(name)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox")
	h.Set("Content-Type", media)
	h.Set("ETag", `"`+name+`"`)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, err = w.Write(data)
	return clientLeft(err)
}

// robots keeps crawlers to the pages: searches are endless.
func (s *Site) robots(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	fmt.Fprintf(w, "User-agent: *\nDisallow: %s\nDisallow: %s\n\nSitemap: %s\n", s.at().URL("/recherche"), s.at().URL("/api/"), s.absolute(r, "/sitemap.xml"))
}

type openSearchPage struct{ Origin string }

// openSearch describes the search to browsers (OpenSearch 1.1), which want
// whole addresses.
func (s *Site) openSearch(w http.ResponseWriter, r *http.Request, _ *search.Library) error {
	w.Header().Set("Content-Type", "application/opensearchdescription+xml; charset=utf-8")
	w.Header().Set("Cache-Control", "no-cache")
	t, err := s.templates()
	if err != nil {
		return err
	}
	return t.ExecuteTemplate(w, "opensearch", openSearchPage{Origin: middleware.Origin(r)})
}
