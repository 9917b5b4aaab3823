package ui

import (
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/cct-mi/cct/search"
)

// stopDelay lets the browser fetch what the last page needs.
const stopDelay = 500 * time.Millisecond

// newStopToken is what the form to end the program carries: a page elsewhere can
// send a form to this machine, but cannot read ours.
func newStopToken(o Options) string {
	if o.Stop == nil {
		return ""
	}
	return rand.Text()
}

// mayStop says whether a request to path, without the base path, is the form
// that ends the program: the only address that takes more than GET and HEAD.
func (s *Site) mayStop(r *http.Request, path string) bool {
	return s.stopToken != "" && r.Method == http.MethodPost && path == "/arret"
}

// stop ends the program for who sits at this machine and pressed the button.
func (s *Site) stop(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	if !s.mayStop(r, r.URL.Path) {
		return notFound("Cette adresse ne mène à aucune page.", "")
	}
	r.Body = http.MaxBytesReader(w, r.Body, 4096)
	from := r.Header.Get("Sec-Fetch-Site")
	if !local(r.RemoteAddr) || from != "" && from != "same-origin" || subtle.ConstantTimeCompare([]byte(r.PostFormValue("jeton")), []byte(s.stopToken)) == 0 {
		return &failure{status: http.StatusForbidden, detail: "Le programme ne s’arrête que par le bouton de ses propres pages. Revenez à l’accueil, et pressez le bouton du bas de page."}
	}
	w.Header().Set("Cache-Control", "no-store")
	err := s.render(w, http.StatusOK, "arret", frame{Title: "Programme arrêté", Edition: lib.Catalog().Head().Name})
	time.AfterFunc(stopDelay, s.o.Stop)
	return err
}

// local says whether a peer is this machine.
func local(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
