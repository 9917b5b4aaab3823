package ui

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"syscall"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/store"
)

// handler answers a request from one edition, or says why it cannot.
type handler func(w http.ResponseWriter, r *http.Request, lib *search.Library) error

// failure is an error with the status and the words of its page.
type failure struct {
	status int
	detail string
	near   string // what to look for on the page of a missing thing, else ""
}

func (f *failure) Error() string { return f.detail }

func badRequest(detail string) error { return &failure{status: http.StatusBadRequest, detail: detail} }

func notFound(detail, near string) error {
	return &failure{status: http.StatusNotFound, detail: detail, near: near}
}

// handle turns a handler into http's, and its error into a page: the only place
// where an error becomes a status.
func (s *Site) handle(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		lib := s.o.Current()
		if lib == nil {
			s.Refuse(w, r, http.StatusServiceUnavailable, "Le contenu est en cours de lecture. Réessayez dans quelques secondes.")
			return
		}
		lib, older, err := askedEdition(r, lib)
		if err == nil {
			if older != "" {
				w = &olderWriter{w, older, s.withoutEdition(r)}
			}
			err = h(w, r, lib)
		}
		if err != nil {
			s.fail(w, r, lib, err)
		}
	}
}

func (s *Site) fail(w http.ResponseWriter, r *http.Request, lib *search.Library, err error) {
	var f *failure
	var bad *profile.BadAnswer
	var parameter *search.BadParameter
	var none *search.NoEditionError
	switch {
	case errors.As(err, &none):
		f = &failure{status: http.StatusNotFound, detail: sentence(none.Error())}
	case errors.As(err, &f):
	case errors.As(err, &parameter):
		f = &failure{status: http.StatusBadRequest, detail: strings.TrimSuffix(sentence(parameter.Error()), ".")}
	case errors.As(err, &bad):
		f = &failure{status: http.StatusBadRequest, detail: sentence(bad.Error())}
	case errors.Is(err, content.ErrNotFound):
		f = &failure{status: http.StatusNotFound, detail: "Cette édition ne contient pas ce que vous demandez."}
	case errors.Is(err, context.Canceled):
		f = &failure{status: 499, detail: "La demande a été abandonnée."} // nginx's number for a client that left: nobody reads it
	case errors.Is(err, context.DeadlineExceeded):
		f = &failure{status: http.StatusServiceUnavailable, detail: "La réponse a pris trop de temps. Réessayez dans un instant, ou avec moins de mots."}
	case errors.Is(err, store.ErrDamaged):
		s.o.Log.Error("le contenu enregistré est illisible", "erreur", err)
		f = &failure{status: http.StatusServiceUnavailable, detail: "Le contenu enregistré a changé sur le disque. Redémarrez le service : il le refait."}
	default:
		s.o.Log.Error("une page n’a pas pu être faite", "route", s.Route(s.base+r.URL.Path), "erreur", err)
		f = &failure{status: http.StatusInternalServerError, detail: "Une erreur de notre fait s’est produite. Réessayez ; si elle revient, prévenez l’exploitant du service."}
	}
	s.refuse(w, r, lib, f)
}

// Refuse answers with an error as the site does: a page, or a problem document
// under /api/. It needs no edition.
func (s *Site) Refuse(w http.ResponseWriter, r *http.Request, status int, why string) {
	s.refuse(w, r, nil, &failure{status: status, detail: why})
}

type errorPage struct {
	frame
	Status  int
	Heading string
	Detail  string
	Hits    []hit
	Themes  []content.Theme
}

func (s *Site) refuse(w http.ResponseWriter, r *http.Request, lib *search.Library, f *failure) {
	setHeaders(w.Header())
	w.Header().Set("Cache-Control", "no-store")
	if f.status == http.StatusServiceUnavailable && w.Header().Get("Retry-After") == "" {
		w.Header().Set("Retry-After", "2")
	}
	if strings.HasPrefix(strings.TrimPrefix(r.URL.Path, s.base), "/api/") {
		problem(w, f)
		return
	}
	page := errorPage{frame: frame{Title: heading(f.status)}, Status: f.status, Heading: heading(f.status), Detail: f.detail}
	if lib != nil {
		page.Edition, page.Themes = lib.Catalog().Head().Name, lib.Catalog().Head().Themes
		if near := plainQuery(f.near); near != "" {
			page.Query = near
			if a, err := lib.Search(r.Context(), search.Request{Query: near, Limit: 5}); err == nil {
				page.Hits = s.hits(lib, a.Hits, "")
				for i := range page.Hits {
					page.Hits[i].Pick = "" // an error page gathers nothing
				}
			}
		}
	}
	if err := s.render(w, f.status, "erreur", page); err != nil {
		s.o.Log.Error("la page d’erreur n’a pas pu être faite", "erreur", err)
		http.Error(w, f.detail, f.status)
	}
}

// problem writes RFC 9457's form of an error.
func problem(w http.ResponseWriter, f *failure) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(f.status)
	json.NewEncoder(w).Encode(map[string]any{"type": "about:blank", "title": heading(f.status), "status": f.status, "detail": f.detail})
}

func heading(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "Demande incomprise"
	case http.StatusNotFound:
		return "Page introuvable"
	case http.StatusMethodNotAllowed:
		return "Méthode refusée"
	case http.StatusMisdirectedRequest:
		return "Nom de service inconnu"
	case http.StatusTooManyRequests:
		return "Trop de demandes"
	case http.StatusServiceUnavailable:
		return "Service indisponible un instant"
	}
	return "Erreur du service"
}

// sentence makes an error's line one that a page can show.
func sentence(s string) string {
	if s == "" {
		return s
	}
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:]) + "."
}

// clientLeft forgets the error of writing to someone who is gone.
func clientLeft(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, http.ErrHandlerTimeout) {
		return nil
	}
	return err
}
