package ui

import (
	"net/http"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/api"
	"github.com/cct-mi/cct/ui/middleware"
)

type apiPage struct {
	frame
	Root      string // of the API, with the server's name
	Endpoints []api.Endpoint
	Examples  []exampleGroup
}

// exampleGroup is one thing to do, in several languages.
type exampleGroup struct {
	Title    string
	Programs []api.Example
}

// programming is the page that describes the API to those who will call it.
func (s *Site) programming(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	origin := middleware.Origin(r)
	p := apiPage{frame: frame{Title: "Interface de programmation", Edition: lib.Catalog().Head().Name, Robots: true}, Root: origin + s.base + api.Root}
	for _, e := range api.Endpoints() {
		if e.ID == "" || e.ID == "index" {
			continue
		}
		if e.ID != "search" { // what is the same everywhere is said once
			own := e.Params[:0:0]
			for _, q := range e.Params {
				common := strings.HasPrefix(q.Name, profile.Prefix) || e.Pieces && slices.Contains([]string{"limit", "offset", "fields", "q"}, q.Name)
				if !common {
					own = append(own, q)
				}
			}
			e.Params = own
		}
		p.Endpoints = append(p.Endpoints, e)
	}
	for _, e := range api.Examples(origin, s.o.BasePath) {
		if n := len(p.Examples); n == 0 || p.Examples[n-1].Title != e.Title {
			p.Examples = append(p.Examples, exampleGroup{Title: e.Title})
		}
		g := &p.Examples[len(p.Examples)-1]
		g.Programs = append(g.Programs, e)
	}
	return s.render(w, http.StatusOK, "api", p)
}
