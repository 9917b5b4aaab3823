package ui

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/api"
)

// routes is every address of the site. The router's own answers to unknown
// addresses and methods are not used: mux runs no middleware on them and gives
// no Allow header, so methods are checked, and headers set, around it.
func (s *Site) routes() http.Handler {
	m := mux.NewRouter().SkipClean(true)
	get := func(path string, h handler) { m.Path(path).HandlerFunc(s.handle(h)) }

	// The API comes first: each route before it is tried for each of its questions.
	json := api.Handler(api.Options{Current: s.o.Current, BasePath: s.o.BasePath, Version: s.o.Version, Log: s.o.Log})
	m.PathPrefix(api.Root).Handler(json)
	s.mountForms(m, json)
	get("/", s.home)
	get("/recherche", s.search)
	get("/pages", s.pages)
	get("/pages/{id}", s.page)
	get("/exigences", s.exigences)
	get("/exigences/{id:.+}", s.exigence)
	get("/produits", s.produits)
	get("/produits/{id:.+}", s.produit)
	get("/familles/{part}/{chapter}", s.famille)
	get("/regles", s.regles)
	get("/regles/{id:.+}", s.regle)
	get("/glossaire", s.glossaire)
	get("/glossaire/{id}", s.terme)
	get("/mon-application", s.application)
	get("/editions", s.editions)
	get("/editions/{a}/{b}", s.changes)
	get("/selection", s.selection)
	get("/comparer", s.compare)
	get("/accessibilite", s.accessibility)
	get("/a-propos", s.about)
	get("/conformite", s.conformity)
	get("/api", s.programming)
	get("/fichiers/{name}", s.file)
	get("/arret", s.stop)
	get("/opensearch.xml", s.openSearch)
	m.Path("/robots.txt").HandlerFunc(s.robots)
	m.Path("/favicon.ico").HandlerFunc(s.favicon)
	m.PathPrefix("/static/").HandlerFunc(s.static)
	m.NotFoundHandler = s.handle(s.elsewhere)
	return Secure(s.methods(s.legible(s.under(s.alternates(m)))))
}

// methods lets readers through.
func (s *Site) methods(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			w.Header().Set("Allow", api.Methods)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead && !s.mayStop(r, strings.TrimPrefix(r.URL.Path, s.base)) {
			w.Header().Set("Allow", api.Methods)
			s.Refuse(w, r, http.StatusMethodNotAllowed, "Ce service se lit seulement : utilisez GET ou HEAD.")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// under takes the base path off, so that what follows knows one set of addresses.
func (s *Site) under(next http.Handler) http.Handler {
	if s.base == "" {
		return next
	}
	inside := http.StripPrefix(s.base, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == s.base:
			s.redirect(w, r, "/", http.StatusMovedPermanently)
		case strings.HasPrefix(r.URL.Path, s.base+"/"):
			inside.ServeHTTP(w, r)
		default:
			s.Refuse(w, r, http.StatusNotFound, "Ce service se trouve sous l’adresse "+s.base+"/.")
		}
	})
}

// redirect leads to a site-relative address.
func (s *Site) redirect(w http.ResponseWriter, r *http.Request, to string, status int) {
	w.Header().Set("Cache-Control", "no-cache")
	at := s.at()
	if o := editionOf(w); o != nil {
		at.Edition = o.edition
	}
	http.Redirect(w, r, at.URL(to), status)
}

// elsewhere answers an address that no page has: an address of the source site,
// one with a slash too many, or nothing.
func (s *Site) elsewhere(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	path := r.URL.Path
	for _, from := range []string{path, path + "/", strings.TrimSuffix(path, "/"), strings.TrimSuffix(path, "index.html")} {
		to, err := lib.Catalog().Alias(from)
		if err != nil {
			return err
		}
		if to != "" {
			s.redirect(w, r, to, http.StatusMovedPermanently)
			return nil
		}
	}
	if strings.HasSuffix(path, "/") && !strings.HasPrefix(path, "/api/v1") {
		// Slashes at both ends go: "//ailleurs.fr/" must not lead to another host.
		to := url.URL{Path: "/" + strings.Trim(path, "/\\"), RawQuery: r.URL.RawQuery}
		s.redirect(w, r, to.String(), http.StatusMovedPermanently)
		return nil
	}
	return notFound("Cette adresse ne mène à aucune page.", path[strings.LastIndex(path, "/")+1:])
}

// Route gives the name of the page that a path leads to, without any id, for
// metrics and logs. The path has the base path.
func (s *Site) Route(path string) string {
	path = strings.TrimPrefix(path, s.base)
	if rest, ok := strings.CutPrefix(path, "/api/v1/"); ok {
		first, _, _ := strings.Cut(rest, "/")
		switch first {
		case "search", "suggest", "pages", "exigences", "produits", "termes", "regles", "applicable", "editions", "openapi.json":
			return "api/" + first
		}
		return "api"
	}
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	switch first {
	case "":
		return "accueil"
	case "recherche", "pages", "exigences", "produits", "familles", "regles", "glossaire", "mon-application", "selection", "comparer", "accessibilite", "a-propos", "conformite", "api", "arret", "fichiers", "static", "opensearch.xml", "robots.txt", "llms.txt", "sitemap.xml", "mcp", "health", "ready", "metrics":
		return first
	}
	return "autre"
}
