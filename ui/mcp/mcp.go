// Package mcp gives assistants the same answers as pages, API and command line,
// over the Model Context Protocol: Serve on two streams (cct mcp), Handler over
// HTTP (/mcp, with --mcp).
//
// Every tool only reads. A tool that asks the API gives its very answer as
// structured content, and its refusal, word for word, as the tool's error; beside
// it stands the same as Markdown, for the assistant to read.
package mcp

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/api"
	"github.com/cct-mi/cct/ui/markdown"
	"github.com/cct-mi/cct/ui/middleware"
)

// Options say what is served.
type Options struct {
	Current  func() *search.Library // the edition served; nil while there is none yet
	BasePath string                 // "/" or "/cct": put before every address in the answers
	Version  string                 // of the program
	Origin   string                 // whose pages may call Handler, beside its own; "" for none, "*" for all
	Log      *slog.Logger           // nil: nothing is logged
}

// maxRequest bounds the body of a request to Handler, in bytes: a long document to
// verify is a few hundred thousand.
const maxRequest = 4 << 20

// Serve answers one assistant on two streams until the first ends; that is no
// error.
func Serve(ctx context.Context, o Options, in io.Reader, out io.Writer) error {
	err := newServer(o).Run(ctx, untilAnswered{&sdk.IOTransport{Reader: io.NopCloser(in), Writer: unclosed{out}}})
	if errors.Is(err, io.EOF) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

// Handler answers over streamable HTTP, without sessions: each request stands for
// itself, so any replica may answer it, and nothing is kept of a client. The
// protocol's GET and DELETE, which serve sessions, get 405. Whoever serves it
// checks Host; a page of another origin is refused here.
func Handler(o Options) http.Handler {
	var mu sync.Mutex
	var of *search.Library
	var server *sdk.Server
	current := func(*http.Request) *sdk.Server {
		lib := o.Current()
		if lib == nil {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		if lib != of {
			of, server = lib, newServer(o)
		}
		return server
	}
	h := sdk.NewStreamableHTTPHandler(current, &sdk.StreamableHTTPOptions{Stateless: true, JSONResponse: true, Logger: o.Log, DisableLocalhostProtection: true})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !o.sameOrigin(r) {
			http.Error(w, "Cette origine ne peut pas appeler le service : voyez --cors.", http.StatusForbidden)
			return
		}
		if o.Current() == nil {
			w.Header().Set("Retry-After", "2")
			http.Error(w, "Le contenu est en cours de lecture. Réessayez dans quelques secondes.", http.StatusServiceUnavailable)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
		h.ServeHTTP(w, r)
	})
}

// sameOrigin keeps the pages of other sites from calling the service through a
// browser of its network. Programs send no Origin.
func (o Options) sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	return origin == "" || o.Origin == "*" || origin == o.Origin || origin == middleware.Origin(r)
}

// assistant answers over one edition.
type assistant struct {
	o   Options
	lib *search.Library
	api http.Handler
}

// whose is the framework that is answered from.
func (a *assistant) whose() content.Framework { return a.lib.Catalog().Head().Framework }

func newServer(o Options) *sdk.Server {
	lib := o.Current()
	a := &assistant{o: o, lib: lib, api: api.Handler(api.Options{Current: func() *search.Library { return lib }, BasePath: o.BasePath, Version: o.Version, Log: o.Log})}
	head := lib.Catalog().Head()
	s := sdk.NewServer(&sdk.Implementation{Name: "cct", Title: head.Framework.Short() + ", édition " + head.Name, Version: o.Version}, &sdk.ServerOptions{
		Logger:       o.Log,
		Capabilities: &sdk.ServerCapabilities{},
		Instructions: head.Framework.Long() + ", édition " + head.Name + ". Cherchez par « chercher », lisez ce qui est trouvé par « lire », et citez les identifiants et les adresses. " +
			"Ce qui s’applique à une application se demande à « applicable » ; « verifier » dit quels identifiants d’un texte existent.",
	})
	a.addTools(s)
	a.addResources(s)
	a.addPrompt(s)
	return s
}

// ask asks the API; the error of a refusal is its detail.
func (a *assistant) ask(ctx context.Context, path string, v url.Values) (json.RawMessage, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, api.Root+path+"?"+v.Encode(), nil)
	if err != nil {
		return nil, err
	}
	w := &answer{header: http.Header{}, status: http.StatusOK}
	a.api.ServeHTTP(w, r)
	if w.status == http.StatusOK {
		return bytes.TrimSpace(w.body.Bytes()), nil
	}
	var p api.Problem
	if err := json.Unmarshal(w.body.Bytes(), &p); err != nil {
		return nil, fmt.Errorf("%s : statut %d", path, w.status)
	}
	return nil, errors.New(p.Detail)
}

// answer is what the API answers, in memory.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) WriteHeader(status int)      { a.status = status }
func (a *answer) Write(b []byte) (int, error) { return a.body.Write(b) }

// scheme begins the addresses of resources: cct://exigence/EX33, cct://page/x.
const scheme = "cct://"

// shelves are the kinds of what may be read by an address, and the word that
// stands for them there.
func shelves() []struct {
	word string
	kind content.Kind
	what string
} {
	return []struct {
		word string
		kind content.Kind
		what string
	}{
		{"exigence", content.KindExigence, "Une exigence, par son identifiant (EX33)"},
		{"page", content.KindSection, "Une page du cadre"},
		{"produit", content.KindProduit, "Un produit référencé (AT-1368)"},
		{"regle", content.KindRegle, "Une règle (1230, 2.2.1)"},
		{"terme", content.KindTerme, "Un terme du glossaire"},
	}
}

func (a *assistant) addResources(s *sdk.Server) {
	for _, shelf := range shelves() {
		s.AddResourceTemplate(&sdk.ResourceTemplate{Name: shelf.word, Title: shelf.what, Description: shelf.what + ", en Markdown.", MIMEType: "text/markdown", URITemplate: scheme + shelf.word + "/{id}"}, a.read)
	}
	// Listed, for assistants that offer their user a choice: pages and exigences.
	pages, err := a.lib.Catalog().Pages()
	if err == nil {
		for _, p := range pages {
			s.AddResource(&sdk.Resource{Name: p.ID, Title: p.Title, Description: p.Description, MIMEType: "text/markdown", URI: scheme + "page/" + url.PathEscape(p.ID)}, a.read)
		}
	}
	exigences, err := a.lib.Catalog().Records(content.KindExigence)
	if err == nil { // else they are still read by their ids
		for _, r := range exigences {
			s.AddResource(&sdk.Resource{Name: r.ID, Title: r.Title, MIMEType: "text/markdown", URI: scheme + "exigence/" + url.PathEscape(r.ID)}, a.read)
		}
	}
}

func (a *assistant) read(_ context.Context, req *sdk.ReadResourceRequest) (*sdk.ReadResourceResult, error) {
	word, escaped, _ := strings.Cut(strings.TrimPrefix(req.Params.URI, scheme), "/")
	id, err := url.PathUnescape(escaped)
	if err != nil {
		return nil, sdk.ResourceNotFoundError(req.Params.URI)
	}
	for _, shelf := range shelves() {
		if shelf.word != word {
			continue
		}
		exact, err := api.Resolve(a.lib, shelf.kind, id)
		if err != nil {
			return nil, err
		}
		if exact == "" {
			break
		}
		text, err := markdown.Named(a.lib.Catalog(), content.Ref{Kind: shelf.kind, ID: exact}, address.Of(a.lib, a.o.BasePath))
		if err != nil {
			return nil, err
		}
		return &sdk.ReadResourceResult{Contents: []*sdk.ResourceContents{{URI: req.Params.URI, MIMEType: "text/markdown", Text: text}}}, nil
	}
	return nil, sdk.ResourceNotFoundError(req.Params.URI)
}
