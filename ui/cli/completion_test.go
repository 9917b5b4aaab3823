package cli

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// script writes a shell's completion to a file.
func script(t *testing.T, shell string) string {
	t.Helper()
	r := cct(t, nil, "completion", shell)
	if r.code != done || r.stderr != "" {
		t.Fatalf("exit %d: %s", r.code, r.stderr)
	}
	name := filepath.Join(t.TempDir(), "cct."+shell)
	if err := os.WriteFile(name, []byte(r.stdout), 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// shellRuns runs a line of a shell that finds cct in its PATH, or skips where the
// shell is not installed.
func shellRuns(t *testing.T, name string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("%s is not installed: its script is generated but not run", name)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	c := exec.CommandContext(ctx, name, args...)
	c.Env = append(process(t).Env, "TERM=dumb", "LC_ALL=C.UTF-8")
	for i, v := range c.Env {
		if path, ok := strings.CutPrefix(v, "PATH="); ok {
			c.Env[i] = "PATH=" + onPath(t) + string(os.PathListSeparator) + path
		}
	}
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
	return string(out)
}

// onPath is a folder where the program is called cct.
func onPath(t *testing.T) string {
	t.Helper()
	program, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Symlink(program, filepath.Join(dir, "cct")); err != nil {
		t.Skipf("the program cannot be given its name: %v", err)
	}
	return dir
}

// completions are command lines and what the Tab key makes of the last word.
var completions = map[string]string{
	"cct se": "search serve", "cct search --le": "--level", "cct search --level bl": "bloquant", "cct search --level bloquant,pri": "bloquant,primordial",
	"cct completion z": "zsh", "cct applicable --type cloud": "cloud-native", "cct export --format x": "xlsx", "cct help ci": "cite",
	"cct show PT-10": "PT-1001 PT-1002 PT-1003", "cct show ex1": "ex1", "cct --json sea": "search", "cct --json show EX2": "EX2", "cct --log j": "json", "cct search --theme cloud-native,arch": "cloud-native,architecture", "cct search --edition 20": "2031-07", "cct applicable --interface web,mo": "web,mobile",
}

// TestBash completes with the package bash-completion, where it is, and without.
func TestBash(t *testing.T) {
	file := script(t, "bash")
	shellRuns(t, "bash", "-n", file)
	for _, first := range []string{"/dev/null", "/usr/share/bash-completion/bash_completion"} {
		if _, err := os.Stat(first); err != nil {
			t.Logf("%s is not there", first)
			continue
		}
		for typed, want := range completions {
			words := strings.Fields(typed)
			got := shellRuns(t, "bash", append([]string{"-c", `. "$1"; . "$0"; shift; compopt() { :; }; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; __start_cct; for r in "${COMPREPLY[@]}"; do set -- $r; echo "$1"; done`, file, first}, words...)...)
			got = strings.ReplaceAll(got, `\`, "") // bash quotes a comma, which changes nothing
			if strings.Join(strings.Fields(got), " ") != want {
				t.Errorf("%s: %s⇥ gives %q, want %q", first, typed, got, want)
			}
		}
	}
}

// TestZsh types in an interactive zsh, on a terminal of its own.
func TestZsh(t *testing.T) {
	file := script(t, "zsh")
	shellRuns(t, "zsh", "-n", file)
	for _, typed := range []string{"cct search --le", "cct search --level bloquant,pri", "cct show PT-10"} { // each starts a whole zsh
		want := completions[typed]
		before := typed[:strings.LastIndex(typed, " ")+1]
		for word := range strings.FieldsSeq(want) { // what is typed is echoed: the rest of the word must come from completion
			out := shellRuns(t, "zsh", "-f", "-c", `zmodload zsh/zpty; zpty z zsh -f -i
zpty -w z "PS1=; PS2=; unsetopt zle_bracketed_paste; autoload -Uz compinit; compinit -D -u; . '$1'; LISTMAX=500; echo pr''êt"
zpty -r -m z out '*prêt*'
zpty -w -n z "$2"$'\t\t'
zpty -r -m z out "*$3*" && print -r -- "$out"
zpty -d z`, "zsh", file, typed, word)
			if !strings.Contains(out, word) {
				t.Errorf("%s⇥ gives %q, want %s", before, out, word)
			}
		}
	}
}

func TestFish(t *testing.T) {
	file := script(t, "fish")
	shellRuns(t, "fish", "--no-execute", file)
	for typed, want := range completions {
		got := shellRuns(t, "fish", "--no-config", "-c", `source $argv[1]; complete -C $argv[2]`, file, typed)
		var words []string
		for line := range strings.Lines(got) {
			word, _, _ := strings.Cut(strings.TrimSpace(line), "\t")
			words = append(words, word)
		}
		slices.Sort(words)
		if strings.Join(words, " ") != want {
			t.Errorf("%s⇥ gives %q, want %q", typed, words, want)
		}
	}
}

// TestPowerShell asks the question that PowerShell's script asks, and runs the
// script where PowerShell is.
func TestPowerShell(t *testing.T) {
	desk(t)
	file := script(t, "powershell")
	for typed, want := range completions {
		r := cct(t, map[string]string{"CCT_CONTENT": "contenu"}, append([]string{"__complete"}, strings.Fields(typed)[1:]...)...)
		var words []string
		for line := range strings.Lines(r.stdout) {
			if word, _, _ := strings.Cut(strings.TrimSpace(line), "\t"); !strings.HasPrefix(word, ":") {
				words = append(words, word)
			}
		}
		slices.Sort(words)
		if strings.Join(words, " ") != want {
			t.Errorf("%s⇥ gives %q, want %q", typed, words, want)
		}
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
