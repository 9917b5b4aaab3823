package cli

import (
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/cct-mi/cct/ui"
	"github.com/cct-mi/cct/ui/middleware"
)

// maxPrefixes bounds the sites that are held for prefixes; whoever chooses others
// drives out the least recently used.
const maxPrefixes = 4

// sites is the site, once for each prefix that trusted proxies take off the path:
// its addresses are written into all its pages.
type sites struct {
	*ui.Site
	options ui.Options

	mu     sync.Mutex
	others []prefixed // the least recently used first
}

type prefixed struct {
	prefix string
	site   *ui.Site
}

func newSites(o ui.Options) (*sites, error) {
	site, err := ui.New(o)
	if err != nil {
		return nil, err
	}
	return &sites{Site: site, options: o}, nil
}

// of gives the site that a request is for.
func (s *sites) of(r *http.Request) *ui.Site {
	prefix := middleware.Prefix(r.Context())
	if prefix == "" {
		return s.Site
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := slices.IndexFunc(s.others, func(p prefixed) bool { return p.prefix == prefix }); i >= 0 {
		p := s.others[i]
		s.others = append(slices.Delete(s.others, i, i+1), p)
		return p.site
	}
	o := s.options
	o.BasePath = prefix + strings.TrimSuffix(o.BasePath, "/")
	site, err := ui.New(o)
	if err != nil {
		return s.Site // it was made of the same assets: this does not happen
	}
	if len(s.others) == maxPrefixes {
		s.others = slices.Delete(s.others, 0, 1)
	}
	s.others = append(s.others, prefixed{prefix, site})
	return site
}

// ServeHTTP answers one request.
func (s *sites) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.of(r).ServeHTTP(w, r) }

// Refuse answers with an error as the site does.
func (s *sites) Refuse(w http.ResponseWriter, r *http.Request, status int, why string) {
	s.of(r).Refuse(w, r, status, why)
}

// Variant is what of a request beside its address changes the answer.
func (s *sites) Variant(r *http.Request) string { return s.of(r).Variant(r) }
