package ui

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/cct-mi/cct/ui/middleware"
)

// marionette drives a Firefox by its own protocol: JSON arrays after their length,
// over a socket of this machine.
type marionette struct {
	t    *testing.T
	conn net.Conn
	in   *bufio.Reader
	id   int
}

func firefox(t *testing.T) *marionette {
	t.Helper()
	path, err := exec.LookPath("firefox-esr")
	if err != nil {
		missing(t, "no firefox-esr on this machine: the site's main path is not tried in Firefox")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()
	profile := t.TempDir()
	prefs := fmt.Sprintf("user_pref(\"marionette.port\", %d);\nuser_pref(\"datareporting.policy.dataSubmissionEnabled\", false);\nuser_pref(\"app.update.enabled\", false);\nuser_pref(\"network.captive-portal-service.enabled\", false);\n", port)
	if err := os.WriteFile(filepath.Join(profile, "user.js"), []byte(prefs), 0o600); err != nil {
		t.Fatal(err)
	}
	c := exec.Command(path, "--headless", "--marionette", "--no-remote", "--profile", profile)
	c.Env = append(os.Environ(), "HOME="+profile, "MOZ_DISABLE_CONTENT_SANDBOX=1")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Process.Kill()
		c.Wait()
		time.Sleep(300 * time.Millisecond) // its children still write in the profile
	})
	m := &marionette{t: t}
	for range 600 {
		if m.conn, err = net.Dial("tcp", "127.0.0.1:"+strconv.Itoa(port)); err == nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if err != nil {
		t.Fatal("Firefox does not answer: ", err)
	}
	t.Cleanup(func() { m.conn.Close() })
	m.in = bufio.NewReader(m.conn)
	m.read() // its greeting
	m.ask("WebDriver:NewSession", map[string]any{"capabilities": map[string]any{}})
	return m
}

func (m *marionette) read() []byte {
	m.t.Helper()
	m.conn.SetReadDeadline(time.Now().Add(patience))
	length, err := m.in.ReadString(':')
	if err != nil {
		m.t.Fatal(err)
	}
	n, err := strconv.Atoi(length[:len(length)-1])
	if err != nil {
		m.t.Fatal(err)
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(m.in, body); err != nil {
		m.t.Fatal(err)
	}
	return body
}

// ask sends a command and gives its answer.
func (m *marionette) ask(command string, params map[string]any) json.RawMessage {
	m.t.Helper()
	m.id++
	body, err := json.Marshal([]any{0, m.id, command, params})
	if err != nil {
		m.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(m.conn, "%d:%s", len(body), body); err != nil {
		m.t.Fatal(err)
	}
	var answer [4]json.RawMessage // type, id, error, result
	if err := json.Unmarshal(m.read(), &answer); err != nil {
		m.t.Fatal(err)
	}
	if string(answer[2]) != "null" {
		m.t.Fatalf("%s: %s", command, answer[2])
	}
	return answer[3]
}

func (m *marionette) open(address string) {
	m.t.Helper()
	m.ask("WebDriver:Navigate", map[string]any{"url": address})
}

func (m *marionette) element(selector string) string {
	m.t.Helper()
	var found struct{ Value map[string]string }
	if err := json.Unmarshal(m.ask("WebDriver:FindElement", map[string]any{"using": "css selector", "value": selector}), &found); err != nil {
		m.t.Fatal(err)
	}
	for _, id := range found.Value {
		return id
	}
	return ""
}

func (m *marionette) click(selector string) {
	m.t.Helper()
	m.ask("WebDriver:ElementClick", map[string]any{"id": m.element(selector)})
}

func (m *marionette) keys(selector, text string) {
	m.t.Helper()
	m.ask("WebDriver:ElementSendKeys", map[string]any{"id": m.element(selector), "text": text})
}

// until waits for an expression of the page to become true.
func (m *marionette) until(expression string) {
	m.t.Helper()
	for range 150 {
		var got struct{ Value bool }
		if err := json.Unmarshal(m.ask("WebDriver:ExecuteScript", map[string]any{"script": "return !!(" + expression + ")", "args": []any{}}), &got); err == nil && got.Value {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	m.t.Fatal("never came true: ", expression)
}

// TestFirefox takes the main path in the other engine: proposals, results, a filter
// that acts, Back, a record, the profile, a selection.
func TestFirefox(t *testing.T) {
	long(t)
	m := firefox(t)
	site := newSite(t, little(t), Options{BasePath: "/cct"})
	server := httptest.NewServer(Secure(middleware.New(site, middleware.Options{BasePath: "/cct", Loopback: true, Refuse: site.Refuse, Route: site.Route})))
	t.Cleanup(server.Close)
	address := server.URL + "/cct"

	m.open(address + "/")
	m.keys("#q", "sauv")
	m.until(`document.querySelectorAll('#propositions [role=option]').length > 0`)
	m.keys("#q", "egarde\ue007")
	m.until(`location.pathname === '/cct/recherche' && document.querySelector('.hits')`)
	m.click(".affiner input[value=exigence]")
	m.until(askedFor + ` === 'exigence' && document.querySelector('.puces')`)
	m.ask("WebDriver:Back", map[string]any{})
	m.until(askedFor + ` === '' && ` + ticked + ` === '' && !document.querySelector('.puces')`)
	m.click(`.hit h3 a[href*="/exigences/"]`)
	m.until(`location.pathname.startsWith('/cct/exigences/')`)
	m.ask("WebDriver:Back", map[string]any{})
	m.until(`location.pathname === '/cct/recherche' && ` + ticked + ` === ''`)
	m.open(address + "/mon-application")
	m.click("#profil input[name=type][value=legacy]")
	m.until(`new URLSearchParams(location.search).get('type') === 'legacy'`)
	m.open(address + "/exigences")
	m.click("input[value=EX1]")
	m.keys("#mots", "superv")
	m.until(`[...document.querySelectorAll('.triee tbody th')].map(e => e.textContent.trim()).join() === 'EX3'`)
	m.until(`document.querySelector('[data-selection] .nombre').textContent === '1'`)
}
