package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/api"
	"github.com/cct-mi/cct/ui/mcp"
	"github.com/cct-mi/cct/ui/middleware"
)

const defaultListen = "127.0.0.1:8080"

var serveCommand = &command{
	name: "serve", short: "sert les pages et l’API, jusqu’à Ctrl-C",
	long:    "Lit le contenu, met la base à jour, puis sert le site et l’API JSON. Sans autre indication, seul ce poste peut y accéder.",
	example: []string{"cct", "cct serve --content ./content/fr --watch", "cct serve --listen 0.0.0.0:8080 --base-path /cct --allowed-hosts cct.exemple.fr"},
	flags: func(c *config) []setting {
		return append(storeFlags(c),
			setting{name: "listen", env: "CCT_LISTEN", value: &c.listen, arg: "ADRESSE:PORT", help: "où écouter", preset: defaultListen},
			setting{name: "base-path", env: "CCT_BASE_PATH", value: &c.basePath, arg: "CHEMIN", help: "chemin du site derrière un proxy inverse", preset: "/"},
			setting{name: "open", value: &c.open, help: "ouvre le navigateur dès que le site est prêt"},
			setting{name: "watch", env: "CCT_WATCH", value: &c.watch, help: "relit le dossier de contenu quand il change"},
			setting{name: "tls-cert", env: "CCT_TLS_CERT", value: &c.tlsCert, arg: "FICHIER", help: "certificat TLS (PEM), relu quand il change"},
			setting{name: "tls-key", env: "CCT_TLS_KEY", value: &c.tlsKey, arg: "FICHIER", help: "clé du certificat (PEM)"},
			setting{name: "log", env: "CCT_LOG", value: &c.log, arg: "text|json", help: "forme du journal", preset: "text", values: []string{"text", "json"}},
			setting{name: "access-log", env: "CCT_ACCESS_LOG", value: &c.accessLog, help: "une ligne de journal par requête, sans adresse ni question"},
			setting{name: "metrics-listen", env: "CCT_METRICS_LISTEN", value: &c.metricsListen, arg: "ADRESSE:PORT", help: "où servir /metrics, avec /health et /ready, à part du site"},
			setting{name: "allowed-hosts", env: "CCT_ALLOWED_HOSTS", value: &c.allowedHosts, arg: "NOMS", help: "noms que l’en-tête Host peut porter, séparés par des virgules"},
			setting{name: "trusted-proxies", env: "CCT_TRUSTED_PROXIES", value: &c.trustedProxies, arg: "RÉSEAUX", help: "adresses des proxys dont les en-têtes X-Forwarded-* comptent"},
			setting{name: "rate", env: "CCT_RATE", value: &c.rate, arg: "N", help: "requêtes par seconde et par client (0 : sans limite)"},
			setting{name: "concurrency", env: "CCT_CONCURRENCY", value: &c.concurrency, arg: "N", help: "requêtes en cours à la fois (0 : 512)"},
			setting{name: "mcp", env: "CCT_MCP", value: &c.mcp, help: "répond aussi aux assistants, à l’adresse /mcp (Model Context Protocol)"},
			setting{name: "cors", env: "CCT_CORS", value: &c.cors, arg: "ORIGINE", help: "origine dont les pages peuvent lire l’API (* : toutes)"},
			setting{name: "query-log", env: "CCT_QUERY_LOG", value: &c.queryLog, arg: "FICHIER", help: "note les recherches sans résultat, avec le jour pour seule date"},
			setting{name: "audit", env: "CCT_AUDIT", value: &c.audit, arg: "FICHIER", help: "déclaration d’accessibilité de l’exploitant"})
	},
	run: serve,
}

// served is the edition in service; it changes when the content does.
type served struct{ current atomic.Pointer[opened] }

func (s *served) library() *search.Library {
	if o := s.current.Load(); o != nil {
		return o.Library
	}
	return nil
}

// afterFirstPage is when somebody who waited for the edition has seen a page.
const afterFirstPage = 200 * time.Millisecond

// retire closes an edition once the requests that may still read it have ended.
const retire = 90 * time.Second

func (s *served) replace(o *opened) {
	time.AfterFunc(afterFirstPage, func() {
		_ = o.Warm() // who meets what can't be read is told
		if o.store.Rebuilt() {
			// What building took is not needed again; pools let go of theirs at the
			// second collection.
			runtime.GC()
			debug.FreeOSMemory()
		}
	})
	if old := s.current.Swap(o); old != nil {
		time.AfterFunc(retire, func() { _ = old.Close() }) // nobody is left to tell
	}
}

// opening is how opening an edition ended.
type opening struct {
	edition *opened
	err     error
}

// close gives up an edition that is not needed after all.
func (o opening) close() error {
	if o.edition == nil {
		return nil
	}
	return o.edition.Close()
}

// serve is the command; where the log is JSON, so is the line about its error.
func serve(ctx context.Context, p *program) error {
	err := p.serve(ctx)
	if err == nil || p.log != "json" {
		return err
	}
	text := oneLine(inFrench(err))
	if errors.Is(err, context.Canceled) {
		text = "interrompu"
	}
	p.logger().Error(text)
	return &reported{err}
}

// say tells the person at the keyboard something, or the log where it is JSON.
func (p *program) say(log *slog.Logger, text string, attrs ...any) {
	if p.log == "json" {
		log.Info(text, attrs...)
		return
	}
	fmt.Fprintln(p.Stderr, "cct: "+text)
}

func (p *program) serve(ctx context.Context) (err error) {
	base, err := p.checkServing()
	if err != nil {
		return err
	}
	log := p.logger()
	ask := p.open || p.clicked()
	if ask {
		if url := p.runningElsewhere(ctx); url != "" {
			p.say(log, "déjà en service, ouverture de "+url)
			return p.openBrowser(url)
		}
	}
	listener, err := p.listener(ask)
	if err != nil {
		return err
	}
	addr := listener.Addr().(*net.TCPAddr)
	url := localURL(addr, base, p.tlsCert != "")

	ctx, end := context.WithCancel(ctx)
	defer end()
	s := &served{}
	pages := ui.Options{Current: s.library, BasePath: base, Version: version, Log: log}
	if ask && addr.IP.IsLoopback() && p.trustedProxies == "" {
		pages.Stop = end // who started the program by a click may end it by one
	}
	// The edition is opened while the pages are made ready.
	edition := make(chan opening, 1)
	go func() {
		o, err := p.openLibrary(ctx, p.progress())
		edition <- opening{o, err}
	}()
	f, err := p.front(s, pages, addr.IP.IsLoopback())
	if err != nil {
		end()
		return errors.Join(err, listener.Close(), (<-edition).close())
	}
	defer func() { err = errors.Join(err, f.close()) }()
	ended := make(chan error, 1)
	go func() {
		ended <- f.server.Serve(listener)
	}()

	opening := <-edition
	if opening.err != nil {
		return errors.Join(opening.err, f.server.Stop())
	}
	s.replace(opening.edition)
	defer func() {
		if o := s.current.Swap(nil); o != nil {
			err = errors.Join(err, o.Close())
		}
	}()
	p.ready(f, opening.edition, url, log)
	forget := p.announce(url)
	defer forget()
	if ask {
		p.say(log, "pour l’arrêter : Ctrl-C ici, ou le bouton en bas des pages")
		if err := p.openBrowser(url); err != nil {
			log.Warn("le navigateur n’a pas pu être ouvert : ouvrez " + url)
		}
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go p.keepFresh(watching, s, log)

	select {
	case <-ctx.Done():
		p.say(log, "arrêt demandé"+signalName(ctx)+" : les réponses en cours se terminent")
		err := f.server.Stop()
		p.say(log, "arrêté")
		return err
	case err := <-ended:
		if errors.Is(err, http.ErrServerClosed) {
			err = nil
		}
		return err
	}
}

// checkServing says which flags don't go together, and gives the base path.
func (p *program) checkServing() (base string, err error) {
	if err := p.noArgs(); err != nil {
		return "", err
	}
	if p.watch && len(p.contents) == 0 {
		return "", misuse("--watch suit un dossier : indiquez-le par --content")
	}
	if (p.tlsCert == "") != (p.tlsKey == "") {
		return "", misuse("--tls-cert et --tls-key vont ensemble : donnez les deux fichiers")
	}
	return basePath(p.basePath)
}

// front is what answers requests, and what must be closed once it no longer does.
type front struct {
	server *middleware.Server
	site   *sites
	ends   []func() error
}

func (f *front) close() (err error) {
	for _, end := range f.ends {
		err = errors.Join(err, end())
	}
	return err
}

// front makes the server of the pages, the API and the assistants' address, and that
// of the measures where they are apart.
func (p *program) front(s *served, pages ui.Options, loopback bool) (_ *front, err error) {
	f := &front{}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.close())
		}
	}()
	site, options, err := p.site(s, pages, loopback)
	if err != nil {
		return nil, err
	}
	f.site = site
	if options.QueryLog != nil {
		f.ends = append(f.ends, options.QueryLog.Close)
	}
	handler := middleware.New(crossOrigin(p.withAssistants(site, s, pages), pages.BasePath, p.cors), options)
	f.server = middleware.NewServer(ui.Secure(handler), options)
	f.server.ErrorLog = middleware.ErrorLog(pages.Log)
	closeMetrics, err := p.serveMetrics(handler.Operations, options, pages.Log)
	if err != nil {
		return nil, err
	}
	f.ends = append(f.ends, closeMetrics)
	if p.tlsCert != "" {
		f.server.TLSConfig, err = middleware.TLS(p.tlsCert, p.tlsKey, func(err error) { pages.Log.Warn("certificat", "cause", err.Error()) })
	}
	return f, err
}

// ready says that the edition is in service, and reads what the first page needs.
func (p *program) ready(f *front, o *opened, url string, log *slog.Logger) {
	for _, n := range o.notices {
		log.Warn(string(n))
	}
	p.endWithin.Store(int64(middleware.EndAfter + endWithin))
	p.say(log, readyLine(time.Since(p.started.at), url, o.Catalog()), "url", url, "edition", o.Catalog().Head().Name)
	time.AfterFunc(afterFirstPage/2, func() { // who asks for a page before that has it read then
		if err := f.site.Warm(); err != nil {
			log.Error("les pages ne peuvent pas être faites", "cause", err.Error())
		}
	})
}

// site makes the pages and API over the edition in service, and the middleware's options.
func (p *program) site(s *served, pages ui.Options, loopback bool) (_ *sites, o middleware.Options, err error) {
	if pages.Audit, err = p.readAudit(); err != nil {
		return nil, o, err
	}
	site, err := newSites(pages)
	if err != nil {
		return nil, o, err
	}
	o = middleware.Options{
		BasePath: pages.BasePath, MetricsApart: p.metricsListen != "", Loopback: loopback, Rate: p.rate, Concurrency: p.concurrency, Log: pages.Log, AccessLog: p.accessLog, HSTS: p.tlsCert != "",
		Version: version, Route: site.Route, Variant: site.Variant, Refuse: site.Refuse,
		Ready: func() bool { return s.current.Load() != nil },
		Generation: func() string {
			if o := s.current.Load(); o != nil {
				return o.stamp
			}
			return ""
		},
		IndexBuilt: func() time.Time {
			if o := s.current.Load(); o != nil {
				return o.store.Built()
			}
			return time.Time{}
		},
		Check: func(ctx context.Context) error { return alive(ctx, s.library()) },
	}
	if o.AllowedHosts, err = middleware.ParseHosts(p.allowedHosts); err != nil {
		return nil, o, misuse("--allowed-hosts : %v", err)
	}
	if o.TrustedProxies, err = middleware.ParseProxies(p.trustedProxies); err != nil {
		return nil, o, misuse("--trusted-proxies : %v", err)
	}
	if p.queryLog != "" {
		if o.QueryLog, err = middleware.OpenQueryLog(p.queryLog); err != nil {
			return nil, o, err
		}
	}
	return site, o, nil
}

// serveMetrics serves /metrics, /health and /ready at an address of their own, where
// that is asked for.
func (p *program) serveMetrics(operations http.Handler, o middleware.Options, log *slog.Logger) (end func() error, err error) {
	if p.metricsListen == "" {
		return func() error { return nil }, nil
	}
	l, err := net.Listen("tcp", p.metricsListen)
	if err != nil {
		return nil, fmt.Errorf("les mesures ne peuvent pas être servies sur %s : vérifiez --metrics-listen, une adresse et un port libre, comme 127.0.0.1:9090 (%w)", p.metricsListen, err)
	}
	server := middleware.NewServer(operations, o)
	server.ErrorLog = middleware.ErrorLog(log)
	go func() {
		if err := server.Serve(l.(*net.TCPListener)); !errors.Is(err, http.ErrServerClosed) {
			log.Error("les mesures ne sont plus servies", "cause", err.Error())
		}
	}()
	return server.Close, nil
}

// signalName is the signal that ended ctx, " (SIGTERM)", or "".
func signalName(ctx context.Context) string {
	switch cause := context.Cause(ctx).Error(); {
	case strings.HasPrefix(cause, syscall.SIGTERM.String()):
		return " (SIGTERM)"
	case strings.HasPrefix(cause, os.Interrupt.String()):
		return " (SIGINT)"
	}
	return ""
}

// alive searches the first page by its title: a real search that must find it.
func alive(ctx context.Context, lib *search.Library) error {
	if lib == nil {
		return errors.New("le contenu est en cours de lecture")
	}
	pages, err := lib.Catalog().Pages()
	if err != nil || len(pages) == 0 {
		return errors.Join(err, errors.New("l’édition n’a pas de page"))
	}
	a, err := lib.Search(ctx, search.Request{Query: pages[0].Title, Limit: 1, NoCorrect: true, NoExpand: true})
	if err != nil {
		return err
	}
	if a.Total == 0 {
		return errors.New("une recherche qui doit aboutir ne trouve rien")
	}
	return nil
}

func (p *program) readAudit() (*ui.Audit, error) {
	if p.audit == "" {
		return nil, nil
	}
	f, err := openRegular(p.audit)
	if err != nil {
		return nil, fmt.Errorf("la déclaration %s ne peut pas être lue (%w) : vérifiez --audit", p.audit, err)
	}
	defer f.Close()
	a, err := ui.ParseAudit(f)
	if err != nil {
		return nil, fmt.Errorf("%s : %w", p.audit, err)
	}
	return a, nil
}

func (p *program) logger() *slog.Logger {
	if p.log == "json" {
		return slog.New(slog.NewJSONHandler(p.Stderr, nil))
	}
	return slog.New(slog.NewTextHandler(p.Stderr, &slog.HandlerOptions{ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey && len(groups) == 0 {
			return slog.String("heure", a.Value.Time().Format(time.TimeOnly))
		}
		return a
	}}))
}

// basePath evens out the base path: "/" or "/cct".
func basePath(s string) (string, error) {
	b := "/" + strings.Trim(s, "/")
	for _, part := range strings.Split(b[1:], "/") {
		if part == "." || part == ".." || strings.ContainsAny(part, "?#%\\ \"<>") || part == "" && b != "/" {
			return "", misuse("--base-path vaut « %s » : écrivez un chemin simple, comme /cct", s)
		}
	}
	return b, nil
}

// listener takes the port. For someone who double-clicked any free port will do.
func (p *program) listener(anyPort bool) (*net.TCPListener, error) {
	host, port, err := net.SplitHostPort(p.listen)
	if err != nil {
		return nil, misuse("--listen vaut « %s » : écrivez une adresse et un port, comme 127.0.0.1:8080", p.listen)
	}
	l, err := net.Listen("tcp", p.listen)
	if err != nil && anyPort { // taken, or kept from us as Windows keeps whole ranges
		if free, e := net.Listen("tcp", net.JoinHostPort(host, "0")); e == nil {
			l, err = free, nil
		}
	}
	if err == nil {
		return l.(*net.TCPListener), nil // what "tcp" gives
	}
	if portTaken(err) {
		return nil, fmt.Errorf("le port %s est déjà pris sur %s : arrêtez l’autre programme, ou choisissez un autre port (--listen %s)", port, orAll(host), net.JoinHostPort(host, "8081"))
	}
	var dns *net.DNSError
	switch {
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("le port %s demande des droits que vous n’avez pas : choisissez un port au-dessus de 1024 (--listen %s)", port, net.JoinHostPort(host, "8080"))
	case errors.Is(err, syscall.EADDRNOTAVAIL), errors.As(err, &dns):
		return nil, fmt.Errorf("l’adresse %s n’est pas celle de ce poste : vérifiez --listen", host)
	}
	return nil, misuse("--listen vaut « %s », où rien ne peut écouter : écrivez une adresse et un port, comme 127.0.0.1:8080", p.listen)
}

func orAll(host string) string {
	if host == "" {
		return "toutes les adresses"
	}
	return host
}

// localURL is where a browser of this machine finds the site.
func localURL(a *net.TCPAddr, base string, tls bool) string {
	scheme := "http"
	if tls {
		scheme = "https"
	}
	host := a.IP.String()
	if a.IP.IsUnspecified() {
		host = "localhost"
	}
	return scheme + "://" + net.JoinHostPort(host, fmt.Sprint(a.Port)) + strings.TrimSuffix(base, "/") + "/"
}

func readyLine(took time.Duration, url string, c *content.Catalog) string {
	h := c.Head()
	return fmt.Sprintf("prêt en %d ms — %s — %d pages, %d exigences, %d produits (édition %s)",
		took.Milliseconds(), url, h.Pages, h.Counts[content.KindExigence], h.Counts[content.KindProduit], h.Name)
}

// withAssistants adds the address /mcp, when it is asked for.
func (p *program) withAssistants(site http.Handler, s *served, pages ui.Options) http.Handler {
	if !p.mcp {
		return site
	}
	assistants := mcp.Handler(mcp.Options{Current: s.library, BasePath: pages.BasePath, Version: version, Origin: p.cors, Log: pages.Log})
	path := address.Site{Base: pages.BasePath}.URL("/mcp")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == middleware.Prefix(r.Context())+path && r.Method != http.MethodOptions {
			assistants.ServeHTTP(w, r)
			return
		}
		site.ServeHTTP(w, r)
	})
}

// crossOrigin lets the pages of one other origin read the API; closed unless asked.
// The site's pages are not for it: they can hold the token of the stop button.
func crossOrigin(next http.Handler, base, origin string) http.Handler {
	if origin == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		root := middleware.Prefix(r.Context()) + strings.TrimSuffix(base, "/")
		assistants := r.URL.Path == root+"/mcp"
		if strings.HasPrefix(r.URL.Path, root+"/api/v1/") || assistants {
			w.Header().Set("Access-Control-Allow-Origin", origin)
			w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
			w.Header().Set("Access-Control-Expose-Headers", "ETag, Link, Retry-After, RateLimit, RateLimit-Policy")
			if r.Method == http.MethodOptions { // a browser asks before a request with headers of its own
				w.Header().Set("Access-Control-Allow-Methods", api.Methods)
				w.Header().Set("Access-Control-Allow-Headers", "Accept, If-None-Match")
				w.Header().Set("Access-Control-Max-Age", "600")
				if assistants {
					w.Header().Set("Access-Control-Allow-Methods", "GET, POST, DELETE, OPTIONS")
					w.Header().Set("Access-Control-Allow-Headers", "Accept, Content-Type, Last-Event-ID, Mcp-Protocol-Version, Mcp-Session-Id")
				}
			}
			if origin != "*" {
				w.Header().Add("Vary", "Origin")
			}
		}
		next.ServeHTTP(w, r)
	})
}
