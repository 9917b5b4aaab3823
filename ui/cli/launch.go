package cli

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// running is how a server that serves this user's browser is found again: a
// file in the cache folder, believed only when the address answers as cct.
type running struct {
	URL     string `json:"url"`
	Process int    `json:"process"`
	Program string `json:"program"` // another version's page is not what was double-clicked
}

func programName() string { return version + " " + commitOf() }

func runningFile() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "cct", "en-service.json")
}

// announce notes where the site is; forget takes the note away. Without a cache
// folder a second double-click starts a second server, which works too.
func (p *program) announce(url string) (forget func()) {
	file := runningFile()
	if file == "" || len(p.contents) > 0 || !strings.HasPrefix(url, "http://127.0.0.1:") {
		return func() {}
	}
	b, err := json.Marshal(running{url, os.Getpid(), programName()})
	if err != nil || os.MkdirAll(filepath.Dir(file), 0o700) != nil || os.WriteFile(file, b, 0o600) != nil {
		return func() {}
	}
	return func() {
		if b, err := os.ReadFile(file); err == nil {
			var r running
			if json.Unmarshal(b, &r) == nil && r.Process == os.Getpid() {
				_ = os.Remove(file) // a stale note does no harm: its address won't answer
			}
		}
	}
}

// runningElsewhere gives the address of a server of ours that is already there,
// "" when there is none.
func (p *program) runningElsewhere(ctx context.Context) string {
	file := runningFile()
	if file == "" || len(p.contents) > 0 || p.listen != defaultListen || strings.Trim(p.basePath, "/") != "" {
		return "" // asked for one of its own
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	var r running
	if json.Unmarshal(b, &r) != nil || r.Program != programName() {
		return ""
	}
	u, err := url.Parse(r.URL)
	if err != nil || u.Hostname() != "127.0.0.1" || u.Scheme != "http" {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.URL+"health", nil)
	if err != nil {
		return ""
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return ""
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK || !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/health+json") {
		return ""
	}
	return r.URL
}

// clicked says whether the program was started by a click rather than by a
// service or a script: a person's session, and nobody feeding or reading it.
func (p *Env) clicked() bool {
	f, ok := p.Stdin.(*os.File)
	if !ok || len(p.Args) > 0 || p.Getenv("INVOCATION_ID") != "" || p.Getenv("KUBERNETES_SERVICE_HOST") != "" || p.Getenv("CI") != "" {
		return false
	}
	switch runtime.GOOS {
	case "windows":
		return ownConsole()
	case "darwin":
		return p.Getenv("XPC_SERVICE_NAME") != "" && p.Getenv("TERM") == ""
	}
	st, err := f.Stat()
	return err == nil && st.Mode()&os.ModeCharDevice != 0 && (p.Getenv("DISPLAY") != "" || p.Getenv("WAYLAND_DISPLAY") != "")
}

// openBrowser shows an address of ours in the user's browser, or the one that
// BROWSER names.
func (p *program) openBrowser(url string) error {
	var c *exec.Cmd
	switch own := p.Getenv("BROWSER"); {
	case own != "" && !strings.ContainsAny(own, "%: "): // a list or a pattern is xdg-open's to read
		c = exec.Command(own, url)
	case runtime.GOOS == "windows":
		c = exec.Command("rundll32", "url.dll,FileProtocolHandler", url)
	case runtime.GOOS == "darwin":
		c = exec.Command("open", url)
	default:
		c = exec.Command("xdg-open", url)
	}
	if err := c.Start(); err != nil {
		return err
	}
	go func() { _ = c.Wait() }() // its fate is the browser's own matter
	return nil
}
