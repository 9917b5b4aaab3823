package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// seen is what the client of npm saw.
type seen struct {
	Server string
	Tools  []struct {
		Name             string
		ReadOnly, Output bool
		Input            struct {
			AdditionalProperties *bool
			Required             []string
		}
	}
	Templates, Resources, Prompts                                             []string
	Search, BadLimit, NoQuestion, UnknownArgument, UnknownTool                call
	Record, RecordJSON, Page, Absent, Applicable, ApplicableWhole, BadProfile call
	Verify                                                                    call
	Resource, PageResource, AbsentResource                                    struct {
		Mime, Text string
		Protocol   int
	}
	Prompt, BadPrompt string
}

type call struct {
	Error      bool
	Text       string
	Protocol   int
	Structured json.RawMessage
}

var took = regexp.MustCompile(`"took_ms":[0-9.]+`)

// TestAssistants runs the official client over both transports: the same answers
// as the API's, and refusals that say what to do.
func TestAssistants(t *testing.T) {
	modules, err := filepath.Abs("../testdata/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, "@modelcontextprotocol/sdk")); err != nil {
		t.Skip("@modelcontextprotocol/sdk is not installed: .ci/run does")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not installed")
	}
	program, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := serving(t, process(t, "serve", "--listen", "127.0.0.1:0", "--mcp"))
	dir := t.TempDir()
	script, err := os.ReadFile("../mcp/testdata/client.mjs")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "client.mjs"), script, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Skip(err)
	}
	for how, target := range map[string]string{"stdio": program, "http": s.url + "mcp"} {
		t.Run(how, func(t *testing.T) {
			c := exec.CommandContext(t.Context(), "node", "client.mjs", how, target, filepath.Join(dir, how+".db"), little(t))
			c.Dir = dir
			c.Env = append(process(t).Env, "no_proxy=127.0.0.1")
			out, err := c.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, err.(*exec.ExitError).Stderr)
			}
			var got seen
			if err := json.Unmarshal(out, &got); err != nil {
				t.Fatal(err)
			}
			got.check(t, s)
		})
	}
}

func (g seen) check(t *testing.T, s *server) {
	t.Helper()
	var names []string
	for _, tool := range g.Tools {
		names = append(names, tool.Name)
		if !tool.ReadOnly || tool.Input.AdditionalProperties == nil || *tool.Input.AdditionalProperties {
			t.Errorf("%+v", tool)
		}
	}
	for _, want := range []string{"applicable", "chercher", "lire", "verifier"} {
		if !slices.Contains(names, want) {
			t.Errorf("no tool %s: %v", want, names)
		}
	}
	if g.Server != "cct" || !slices.Contains(g.Templates, "cct://exigence/{id}") || !slices.Contains(g.Templates, "cct://page/{id}") || !slices.Contains(g.Resources, "cct://exigence/EX2") || len(g.Prompts) != 1 {
		t.Errorf("%s, %v, %v, %v", g.Server, g.Templates, g.Resources, g.Prompts)
	}
	for address, c := range map[string]call{
		"api/v1/search?q=sauvegarde&limit=2&type=exigence&type=terme": g.Search, "api/v1/exigences/EX2": g.RecordJSON, "api/v1/applicable?type=cloud-native": g.ApplicableWhole,
	} {
		want := took.ReplaceAllString(strings.TrimSpace(s.get(t, address)), `"took_ms":0`)
		if got := took.ReplaceAllString(string(c.Structured), `"took_ms":0`); got != want || c.Error {
			t.Errorf("%s\n%s\nis not the API's\n%s", address, got, want)
		}
	}
	for what, c := range map[string]call{"limit": g.BadLimit, "« q »": g.NoQuestion, "typ": g.UnknownArgument, "EX999": g.Absent, "nuage": g.BadProfile} {
		if !c.Error || c.Protocol != 0 || !strings.Contains(c.Text, what) {
			t.Errorf("%s: %+v", what, c)
		}
	}
	if g.UnknownTool.Protocol == 0 && !g.UnknownTool.Error {
		t.Errorf("a tool that does not exist: %+v", g.UnknownTool)
	}
	if !strings.HasPrefix(g.Record.Text, "# EX2 — ") || g.Record.Text != g.Resource.Text || g.Resource.Mime != "text/markdown" || g.Page.Text != g.PageResource.Text || !strings.HasPrefix(g.Page.Text, "# Présentation") {
		t.Errorf("%+v\n%+v", g.Record, g.Resource)
	}
	if g.AbsentResource.Protocol == 0 {
		t.Errorf("%+v", g.AbsentResource)
	}
	if len(g.Applicable.Text)*2 > len(g.ApplicableWhole.Structured) || strings.Contains(string(g.Applicable.Structured), `"exigences":[`) || !strings.Contains(g.Applicable.Text, "EX2") {
		t.Errorf("%s\n%s", g.Applicable.Text, g.Applicable.Structured)
	}
	if !strings.Contains(string(g.Verify.Structured), `"unknown":["EX99"]`) || !strings.Contains(g.Verify.Text, "ligne 2") {
		t.Errorf("%s\n%s", g.Verify.Text, g.Verify.Structured)
	}
	if !strings.Contains(g.Prompt, "« Essai »") || !strings.Contains(g.Prompt, "- EX2 — ") || !strings.Contains(g.BadPrompt, "nuage") {
		t.Errorf("%s\n%s", g.Prompt, g.BadPrompt)
	}
}

// TestAssistantsOverHTTP: nothing at /mcp unless it is asked for; another site's
// page is refused, and so is another host.
func TestAssistantsOverHTTP(t *testing.T) {
	hello := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"essai","version":"1"}}}`
	ask := func(s *server, method, body string, set func(*http.Request)) int {
		r, err := http.NewRequestWithContext(t.Context(), method, s.url+"mcp", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		set(r)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		return answer.StatusCode
	}
	without := serving(t, process(t, "serve", "--listen", "127.0.0.1:0"))
	if status := ask(without, "POST", hello, func(*http.Request) {}); status != 405 {
		t.Errorf("without --mcp: %d", status)
	}
	s := serving(t, process(t, "serve", "--listen", "127.0.0.1:0", "--mcp"))
	for what, c := range map[string]struct {
		method, body string
		set          func(*http.Request)
		want         int
	}{
		"a program":       {"POST", hello, func(*http.Request) {}, 200},
		"its own page":    {"POST", hello, func(r *http.Request) { r.Header.Set("Origin", strings.TrimSuffix(s.url, "/")) }, 200},
		"another page":    {"POST", hello, func(r *http.Request) { r.Header.Set("Origin", "https://ailleurs.exemple") }, 403},
		"another host":    {"POST", hello, func(r *http.Request) { r.Host = "ailleurs.exemple" }, 421},
		"no JSON":         {"POST", "{", func(*http.Request) {}, 400},
		"too much":        {"POST", `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"` + strings.Repeat("a", 5<<20) + `"}}`, func(*http.Request) {}, 413},
		"no session":      {"GET", "", func(*http.Request) {}, 405},
		"no other method": {"PUT", "", func(*http.Request) {}, 405},
	} {
		if got := ask(s, c.method, c.body, c.set); got != c.want {
			t.Errorf("%s: %d, want %d", what, got, c.want)
		}
	}
}

// TestAssistantReadsAWholeFile: a script writes its requests, closes the stream, and
// gets every answer.
func TestAssistantReadsAWholeFile(t *testing.T) {
	requests := []string{`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"essai","version":"1"}}}`, `{"jsonrpc":"2.0","method":"notifications/initialized"}`}
	const asked = 20
	for id := range asked {
		requests = append(requests, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"chercher","arguments":{"q":"sauvegarde %d"}}}`, id+2, id))
	}
	c := process(t, "mcp")
	c.Stdin = strings.NewReader(strings.Join(requests, "\n") + "\n")
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	answers := map[int]bool{}
	for line := range strings.Lines(string(out)) {
		var answer struct {
			ID     int
			Result json.RawMessage
		}
		if err := json.Unmarshal([]byte(line), &answer); err != nil || answer.Result == nil {
			t.Fatalf("%v: %s", err, line)
		}
		answers[answer.ID] = true
	}
	if len(answers) != asked+1 {
		t.Errorf("%d answers to %d requests", len(answers), asked+1)
	}
}
