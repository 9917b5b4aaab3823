package cli

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// recipe runs a file of examples/ against a server, or skips where the tools that
// it needs are not installed.
func recipe(t *testing.T, s *server, tools []string, args ...string) (out string, code int) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	args[0] = filepath.Join(here, "../../examples", args[0])
	c := exec.CommandContext(t.Context(), tools[0], args...)
	c.Dir = t.TempDir()
	c.Env = append(os.Environ(), "HOME="+realHome, "CCT_URL="+s.url, "http_proxy=http://127.0.0.1:9", "PYTHONIOENCODING=utf-8", "LC_ALL=C.UTF-8")
	b, err := c.CombinedOutput()
	if err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return string(b), c.ProcessState.ExitCode()
}

func TestExampleShell(t *testing.T) {
	s := serving(t, process(t, "serve", "--listen", "127.0.0.1:0"))
	tools := []string{"sh", "curl", "jq"}
	out, code := recipe(t, s, tools, "recherche.sh", "sauvegarde", "s3 & cie")
	if code != 0 || !strings.HasPrefix(out, "EX2\timportant\tEX2 — Sauvegarde sur stockage objet\n") {
		t.Errorf("exit %d: %s", code, out)
	}
	if out, code := recipe(t, s, tools, "recherche.sh", "xylophone"); code != 0 || out != "" {
		t.Errorf("nothing found: exit %d: %s", code, out)
	}
	if out, code := recipe(t, s, tools, "recherche.sh"); code != 2 || !strings.Contains(out, "usage") {
		t.Errorf("no words: exit %d: %s", code, out)
	}
}

func TestExamplePython(t *testing.T) {
	s := serving(t, process(t, "serve", "--listen", "127.0.0.1:0"))
	python := []string{"python3"}
	out, code := recipe(t, s, python, "liste.py", "type=cloud-native", "evolution=nouvelle")
	if code != 0 || !strings.Contains(out, "# Exigences du CCT, édition 2031-07") || !strings.Contains(out, "## Important (1)\n\n- [ ] EX2 — Sauvegarde sur stockage objet\n") || strings.Count(out, "- [ ] ") != 4 {
		t.Errorf("exit %d: %s", code, out)
	}
	if out, code := recipe(t, s, python, "liste.py", "type=nuage"); code != 1 || !strings.Contains(out, "nuage") || strings.Contains(out, "Traceback") {
		t.Errorf("bad answer: exit %d: %s", code, out)
	}
	s.stop(t)
	if out, code := recipe(t, s, python, "liste.py"); code != 1 || !strings.Contains(out, "cct ne répond pas") || strings.Contains(out, "Traceback") {
		t.Errorf("no server: exit %d: %s", code, out)
	}
}

// TestExamplePowerShell runs the recipe where PowerShell is. Everywhere, it stays
// in ASCII and the address that it asks is one that answers.
func TestExamplePowerShell(t *testing.T) {
	s := serving(t, process(t, "serve", "--listen", "127.0.0.1:0"))
	b, err := os.ReadFile("../../examples/exigences.ps1")
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range b {
		if c > 126 {
			t.Fatalf("byte %d is not ASCII", i)
		}
	}
	if !strings.Contains(string(b), `"$url/api/v1/applicable?type="`) {
		t.Error("the recipe asks another address: check that one here")
	}
	if body := s.get(t, "api/v1/applicable?type=cloud-native"); !strings.Contains(body, `"applies":true`) || !strings.Contains(body, `"because":`) {
		t.Errorf("the answer lacks what the recipe reads: %s", body)
	}
	shell := "pwsh"
	if _, err := exec.LookPath(shell); err != nil {
		shell = "powershell"
	}
	out, code := recipe(t, s, []string{shell}, "exigences.ps1")
	if code != 0 || !strings.Contains(out, "important : 1") || !strings.Contains(out, "niveau non précisé : 1") {
		t.Errorf("exit %d: %s", code, out)
	}
}

// TestExampleHook commits with the hook in place: ids that exist pass, others do
// not, and only what is staged counts.
func TestExampleHook(t *testing.T) {
	for _, tool := range []string{"git", "sh", "find"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("%s is not installed", tool)
		}
	}
	program, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	repository := filepath.Join(t.TempDir(), "dépôt d'essai")
	if err := os.Mkdir(repository, 0o755); err != nil {
		t.Fatal(err)
	}
	git := func(args ...string) (string, error) {
		c := exec.CommandContext(t.Context(), "git", args...)
		c.Dir = repository
		c.Env = append(process(t).Env, "CCT="+program, "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@exemple.fr", "GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@exemple.fr")
		b, err := c.CombinedOutput()
		return string(b), err
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(repository, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := git("init", "-q"); err != nil {
		t.Fatal(out)
	}
	hook, err := os.ReadFile("../../examples/pre-commit")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(repository, ".git/hooks/pre-commit"), hook, 0o755); err != nil {
		t.Fatal(err)
	}
	write("conception générale.md", "Suit EX2 et PT-1001.\n")
	if out, err := git("add", "."); err != nil {
		t.Fatal(out)
	}
	write("conception générale.md", "Suit EX2 et PT-1001, bientôt EX98.\n") // not staged
	if out, err := git("commit", "-q", "-m", "juste"); err != nil || out != "" {
		t.Errorf("ids that exist: %v: %s", err, out)
	}
	write("notes.txt", "Voir EX99.\n")
	if out, err := git("add", "notes.txt"); err != nil {
		t.Fatal(out)
	}
	out, err := git("commit", "-q", "-m", "faux")
	if err == nil || !strings.Contains(out, "notes.txt:1: EX99 n’existe pas") || strings.Contains(out, "EX2") || !strings.Contains(out, "--no-verify") {
		t.Errorf("an id that does not exist: %v: %s", err, out)
	}
	if out, err := git("commit", "-q", "--no-verify", "-m", "forcé"); err != nil {
		t.Error(out)
	}
	if out, err := git("rm", "-q", "notes.txt"); err != nil {
		t.Fatal(out)
	}
	if out, err := git("commit", "-q", "-m", "retiré"); err != nil {
		t.Errorf("a file that goes: %s", out)
	}
}

// TestExampleGitLab runs the template's script as a runner does: the report that
// GitLab shows holds the id that does not exist, and the job fails for it.
func TestExampleGitLab(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("sh is not installed")
	}
	program, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("../../examples/gitlab-ci.yml")
	if err != nil {
		t.Fatal(err)
	}
	var jobs map[string]struct {
		Script    []string
		Variables map[string]string
		Artifacts struct {
			Reports map[string]string
			Paths   []string
		}
	}
	if err := yaml.Unmarshal(b, &jobs); err != nil {
		t.Fatal(err)
	}
	job := jobs["cct"]
	for text, want := range map[string]int{"Suit EX2 et EX99.\n": 1, "Suit EX2.\n": 0} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "a.md"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		c := exec.CommandContext(t.Context(), "sh", "-e", "-c", strings.Join(job.Script, "\n"))
		c.Dir = dir
		c.Env = process(t).Env
		for name, value := range job.Variables {
			c.Env = append(c.Env, name+"="+value)
		}
		c.Env = append(c.Env, "CCT="+program, "CCT_DOCUMENTS=a.md", "CCT_DOSSIER=a.md")
		out, err := c.CombinedOutput()
		if c.ProcessState == nil || c.ProcessState.ExitCode() != want {
			t.Errorf("%q: %v: %s", text, err, out)
			continue
		}
		report, err := os.ReadFile(filepath.Join(dir, job.Artifacts.Reports["codequality"]))
		if err != nil {
			t.Fatal(err)
		}
		var faults []struct{ Description, Fingerprint string }
		if err := json.Unmarshal(report, &faults); err != nil || len(faults) != want {
			t.Errorf("%q: %v: %s", text, err, report)
		}
		for _, name := range job.Artifacts.Paths {
			if b, err := os.ReadFile(filepath.Join(dir, name)); err != nil || len(b) == 0 {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// TestExamplePreCommit: the hook's command is one that refuses, and its file is read.
func TestExamplePreCommit(t *testing.T) {
	b, err := os.ReadFile("../../examples/pre-commit-config.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var config struct {
		Repos []struct {
			Hooks []struct{ ID, Entry, Language string }
		}
	}
	if err := yaml.Unmarshal(b, &config); err != nil {
		t.Fatal(err)
	}
	hook := config.Repos[0].Hooks[0]
	desk(t)
	args := append(strings.Fields(hook.Entry)[1:], "dossier.md")
	if r := cct(t, map[string]string{"CCT_CONTENT": "contenu"}, args...); hook.Language != "system" || r.code != nothing || !strings.Contains(r.stdout, "EX99") {
		t.Errorf("%+v: exit %d: %s", hook, r.code, r.stdout)
	}
}
