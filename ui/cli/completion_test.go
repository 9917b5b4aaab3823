package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// script writes a shell's completion to a file.
func script(t *testing.T, shell string) string {
	t.Helper()
	r := cct(t, nil, "completion", shell)
	if r.code != done || r.stderr != "" {
		t.Fatalf("exit %d: %s", r.code, r.stderr)
	}
	for _, c := range commands() {
		if !strings.Contains(r.stdout, c.name) {
			t.Errorf("%s: no cct %s", shell, c.name)
		}
		for _, s := range c.settings(&config{}) {
			if !strings.Contains(r.stdout, s.name) {
				t.Errorf("%s: no --%s", shell, s.name)
			}
		}
	}
	name := filepath.Join(t.TempDir(), "cct."+shell)
	if err := os.WriteFile(name, []byte(r.stdout), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// shellRuns runs a line of a shell, or skips where it is not installed.
func shellRuns(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed: its script is generated but not run", name)
	}
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	return string(out)
}

func TestBash(t *testing.T) {
	file := script(t, "bash")
	shellRuns(t, "bash", "-n", file)
	for typed, want := range map[string]string{
		"cct se": "serve search", "cct search --le": "--level", "cct search --level bl": "bloquant", "cct completion z": "zsh", "cct applicable --type cl": "cloud-native",
		"cct search --format t": "text tsv", "cct export --format x": "xlsx", "cct help ci": "cite", "cct cite dos": "",
	} {
		words := strings.Fields(typed)
		got := shellRuns(t, "bash", append([]string{"-c", `. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _cct; echo "${COMPREPLY[*]}"`, file}, words...)...)
		if strings.TrimSpace(got) != want {
			t.Errorf("%s⇥ gives %q, want %q", typed, strings.TrimSpace(got), want)
		}
	}
}

func TestZsh(t *testing.T) {
	file := script(t, "zsh")
	shellRuns(t, "zsh", "-n", file)
	out := shellRuns(t, "zsh", "-f", "-c", `autoload -Uz compinit; compinit -D -u; _describe() { print -l -- "${(@P)2}" }; CURRENT=2; words=(cct ''); . "$0"`, file)
	if !strings.Contains(out, "search:cherche") {
		t.Errorf("zsh proposes %s", out)
	}
}

func TestFish(t *testing.T) {
	file := script(t, "fish")
	shellRuns(t, "fish", "--no-execute", file)
	for typed, want := range map[string]string{"cct sea": "search", "cct search --le": "--level", "cct search --level bl": "bloquant", "cct applicable --type cloud": "cloud-native", "cct completion z": "zsh"} {
		got := shellRuns(t, "fish", "--no-config", "-c", `source $argv[1]; complete -C $argv[2]`, file, typed)
		var words []string
		for line := range strings.Lines(got) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			words = append(words, word)
		}
		if !slices.Contains(words, want) {
			t.Errorf("%s⇥ gives %q, want %q", typed, words, want)
		}
	}
}

// TestPowerShell parses the script where PowerShell is; elsewhere it counts what
// must be balanced.
func TestPowerShell(t *testing.T) {
	file := script(t, "powershell")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, pair := range []string{"{}", "()", "[]"} {
		if open, closing := strings.Count(string(b), pair[:1]), strings.Count(string(b), pair[1:]); open != closing {
			t.Errorf("%d %q for %d %q", open, pair[:1], closing, pair[1:])
		}
	}
	if strings.Count(string(b), "'")%2 != 0 || strings.Count(string(b), `"`)%2 != 0 {
		t.Error("a quote is not closed")
	}
	shell := "pwsh"
	if _, err := exec.LookPath(shell); err != nil {
		shell = "powershell"
	}
	out := shellRuns(t, shell, "-NoProfile", "-Command", `$e = $null; [void][System.Management.Automation.Language.Parser]::ParseFile('`+file+`', [ref]$null, [ref]$e); $e.Count; . '`+file+`'; (TabExpansion2 'cct sea' 7).CompletionMatches.CompletionText`)
	if got := strings.Fields(out); !slices.Equal(got, []string{"0", "search"}) {
		t.Errorf("PowerShell answers %q", got)
	}
}

// struckOver is how groff writes bold and underlined text.
var struckOver = regexp.MustCompile(`.\x08`)

// TestMan renders the page by groff and asks it for warnings.
func TestMan(t *testing.T) {
	for _, args := range [][]string{{"man"}, {"man", "search"}} {
		r := cct(t, nil, args...)
		if r.code != done || !strings.HasPrefix(r.stdout, ".TH CCT 1") {
			t.Fatalf("exit %d: %.100s", r.code, r.stdout)
		}
		name := filepath.Join(t.TempDir(), "cct.1")
		if err := os.WriteFile(name, []byte(r.stdout), 0o644); err != nil {
			t.Fatal(err)
		}
		out := shellRuns(t, "groff", "-man", "-Kutf8", "-Tutf8", "-ww", "-Wbreak", "-z", name)
		if out != "" {
			t.Errorf("groff warns: %s", out)
		}
		page := struckOver.ReplaceAllString(shellRuns(t, "groff", "-man", "-Kutf8", "-Tutf8", "-P-c", name), "")
		for _, want := range []string{"CODES DE SORTIE", "--level", "cct search"} {
			if !strings.Contains(page, want) {
				t.Errorf("cct %v: the page lacks %q", args, want)
			}
		}
	}
}
