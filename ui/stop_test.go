package ui

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestStop: the button is there only when the program may be ended, and only its
// own form, sent from this machine, ends it.
func TestStop(t *testing.T) {
	lib := little(t)
	if s := newSite(t, lib, Options{}); strings.Contains(get(s, "/").Body.String(), "/arret") {
		t.Error("a button where the program can't be ended")
	}
	synctest.Test(t, func(t *testing.T) {
		var stopped atomic.Int32 // the timer runs it on a goroutine of its own
		s := newSite(t, lib, Options{BasePath: "/cct", Stop: func() { stopped.Add(1) }})
		m := regexp.MustCompile(`action="/cct/arret"><input type="hidden" name="jeton" value="(\w{20,})"`).FindStringSubmatch(get(s, "/cct/").Body.String())
		if m == nil {
			t.Fatal("no button")
		}
		send := func(method, token string, change func(*http.Request)) int {
			r := httptest.NewRequest(method, "http://127.0.0.1:8080/cct/arret", strings.NewReader(url.Values{"jeton": {token}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.RemoteAddr = "127.0.0.1:50000"
			if change != nil {
				change(r)
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			synctest.Wait()
			return w.Code
		}
		for name, c := range map[string]struct {
			method, token string
			change        func(*http.Request)
			want          int
		}{
			"another token":            {"POST", "x", nil, 403},
			"no token":                 {"POST", "", nil, 403},
			"from another site":        {"POST", m[1], func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") }, 403},
			"from another machine":     {"POST", m[1], func(r *http.Request) { r.RemoteAddr = "192.0.2.7:50000" }, 403},
			"token in the address":     {"POST", "", func(r *http.Request) { r.URL.RawQuery = "jeton=" + m[1] }, 403},
			"read":                     {"GET", m[1], nil, 404},
			"another method":           {"PUT", m[1], nil, 405},
			"sent to another address":  {"POST", m[1], func(r *http.Request) { r.URL.Path = "/cct/exigences" }, 405},
			"sent past the base path":  {"POST", m[1], func(r *http.Request) { r.URL.Path = "/arret" }, 404},
			"sent to an address below": {"POST", m[1], func(r *http.Request) { r.URL.Path = "/cct/arret/x" }, 405},
		} {
			if got := send(c.method, c.token, c.change); got != c.want {
				t.Errorf("%s: %d, want %d", name, got, c.want)
			}
		}
		if stopped.Load() != 0 {
			t.Error("the program was ended all the same")
		}
		if got := send("POST", m[1], func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") }); got != 200 {
			t.Errorf("the button: %d", got)
		}
		if stopped.Load() != 0 {
			t.Error("ended before the last page was there")
		}
		time.Sleep(2 * stopDelay) // of the test's own clock
		if stopped.Load() != 1 {
			t.Errorf("stopped %d times", stopped.Load())
		}
	})
}
