// Package api is the JSON API: the same answers as the pages and the command
// line, for scripts.
//
// Handler serves it under /api/v1/ (Mount puts it on a router). types.go holds
// what goes out, endpoints.go every address with its parameters; describe.go
// makes the OpenAPI description from these two, and a test keeps openapi.json
// equal to it (go test ./ui/api -update rewrites it). SearchJSON and its kin give the command line the very
// same bytes.
//
// Errors are problem documents (RFC 9457). Whoever serves it puts the
// middleware
// around it, which compresses and keeps answers and answers conditional
// requests; here only the ETag is made, since a search's duration must not
// change it.
package api

import (
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/mux"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
)

// Methods are those that the site and the API answer.
const Methods = "GET, HEAD, OPTIONS"

// Root is where the API stands, after the base path.
const Root = "/api/v1"

// Options say what is served, and where.
type Options struct {
	Current  func() *search.Library // the edition served; nil while there is none yet
	BasePath string                 // "/" or "/cct": put before every address in the answers
	Version  string                 // of the program
	Log      *slog.Logger           // nil: nothing is logged
}

type api struct {
	o    Options
	base string
	now  func() time.Time
	spec func() ([]byte, error) // the description, made when first asked for
}

// Mount puts the API on a router whose paths have no base path any more.
func Mount(r *mux.Router, o Options) { r.PathPrefix(Root).Handler(Handler(o)) }

// Handler answers the addresses under Root, without the base path before them.
func Handler(o Options) http.Handler {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &api{o: o, base: "/" + strings.Trim(o.BasePath, "/"), now: time.Now}
	a.spec = sync.OnceValues(func() ([]byte, error) {
		if lib := o.Current(); lib != nil {
			return Description(a.base, lib.Catalog().Head().Framework)
		}
		return Description(a.base, content.CCT())
	})
	m := mux.NewRouter().SkipClean(true)
	for _, e := range endpoints() {
		m.Path(Root + strings.Replace(e.Path, "{id}", "{id:.+}", 1)).Name(e.ID).HandlerFunc(a.serve(e))
	}
	m.NotFoundHandler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.refuse(w, r, missing("Cette adresse n’existe pas dans l’API ; la liste est à "+a.at().URL(Root+"/openapi.json")+"."))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			m.ServeHTTP(w, r)
		case http.MethodOptions:
			w.Header().Set("Allow", Methods)
			w.WriteHeader(http.StatusNoContent)
		default:
			w.Header().Set("Allow", Methods)
			a.refuse(w, r, &refusal{status: http.StatusMethodNotAllowed, detail: "Cette API se lit seulement : utilisez GET ou HEAD."})
		}
	})
}

// handler answers one address from one edition, or says why it cannot.
type handler func(a *api, w http.ResponseWriter, r *http.Request, lib *search.Library, p params) error

func (a *api) serve(e Endpoint) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		lib := a.o.Current()
		if lib == nil {
			a.refuse(w, r, &refusal{status: http.StatusServiceUnavailable, detail: "Le contenu est en cours de lecture. Réessayez dans quelques secondes."})
			return
		}
		p, err := parseParams(r.URL.RawQuery)
		if err == nil {
			err = p.known(e)
		}
		if err == nil {
			lib, err = p.edition(lib)
		}
		if err == nil {
			err = e.handle(a, w, r, lib, p)
		}
		if err != nil {
			a.refuse(w, r, err)
		}
	}
}

// at is where its own addresses lead, in the edition in service.
func (a *api) at() address.Site { return address.Site{Base: a.base} }

func (a *api) failed(r *http.Request, err error) {
	a.o.Log.ErrorContext(r.Context(), "une réponse de l’API n’a pas pu être faite", "route", mux.CurrentRoute(r).GetName(), "erreur", err)
}

// answer encodes a wire value.
func (a *api) answer(w http.ResponseWriter, r *http.Request, v any) error {
	body, err := Encode(v)
	if err != nil {
		return err
	}
	a.send(w, r, "application/json", body, tag(body))
	return nil
}

// send writes a whole answer, or that the client has it already.
func (a *api) send(w http.ResponseWriter, r *http.Request, mediaType string, body []byte, etag string) {
	h := w.Header()
	h.Set("Content-Type", mediaType)
	h.Set("Cache-Control", "no-cache") // kept, and asked about each time
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("ETag", etag)
	for c := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if c = strings.TrimSpace(c); c == "*" || c == etag {
			h.Del("Content-Type")
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.Write(body) // a client that left is no error of ours
}

// tag is a weak ETag: the compressed form is the same answer.
func tag(parts ...[]byte) string {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return `W/"` + base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:12]) + `"`
}
