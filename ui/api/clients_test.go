package api_test

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/ui/api"
)

// tools is where .ci/run installs the programs of npm that judge what we write.
const tools = "../testdata/node_modules"

// npm gives the path of a program of npm, or skips where it is not installed.
func npm(t *testing.T, name string) string {
	t.Helper()
	program, err := filepath.Abs(filepath.Join(tools, ".bin", name))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(program); err != nil {
		t.Skipf("%s is not installed: .ci/run does", name)
	}
	return program
}

// described is a folder with the description as openapi.json, and a server that
// answers as it says.
func described(t *testing.T) (dir, server string) {
	t.Helper()
	dir = t.TempDir()
	spec, err := api.Description("/", content.CCT())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "openapi.json"), spec, 0o644); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(handler(library(t), "/"))
	t.Cleanup(s.Close)
	return dir, s.URL
}

func runs(t *testing.T, dir, program string, args ...string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), program, args...)
	c.Dir = dir
	c.Env = append(os.Environ(), "NO_COLOR=1", "REDOCLY_TELEMETRY=off", "REDOCLY_SUPPRESS_UPDATE_NOTICE=true", "GOFLAGS=-mod=mod", "PYTHONIOENCODING=utf-8")
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(program), strings.Join(args, " "), err, out)
	}
	return string(out)
}

// said is what each client prints of the server's answers.
const said = `search EX33 important true cloud-native/exigences.md
record EX33 EX33 — Copie de référence
piece 4 EX33,EX43 true
absent 404
wrong 400 limit
`

func TestRedocly(t *testing.T) {
	dir, _ := described(t)
	if out := runs(t, dir, npm(t, "redocly"), "lint", "openapi.json"); !strings.Contains(out, "is valid") || strings.Contains(out, "warning was generated") || strings.Contains(out, "Warning was generated") {
		t.Error(out)
	}
}

func TestSpectral(t *testing.T) {
	dir, _ := described(t)
	if err := os.WriteFile(filepath.Join(dir, ".spectral.yaml"), []byte("extends: [\"spectral:oas\"]\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	runs(t, dir, npm(t, "spectral"), "lint", "--fail-severity", "hint", "openapi.json")
}

func TestTypeScriptClient(t *testing.T) {
	generator, compiler := npm(t, "openapi-typescript"), npm(t, "tsc")
	dir, server := described(t)
	modules, err := filepath.Abs(tools)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Skip(err)
	}
	client(t, dir, "client.ts", "client.ts")
	client(t, dir, "tsconfig.json", "tsconfig.json")
	if err := os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"type": "module"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	runs(t, dir, generator, "openapi.json", "-o", "api.d.ts")
	runs(t, dir, compiler)
	if got := runs(t, dir, "node", "client.js", server); got != said {
		t.Errorf("%s\nwant\n%s", got, said)
	}
}

func TestGoClient(t *testing.T) {
	generator, err := exec.LookPath("oapi-codegen")
	if err != nil {
		t.Skip("oapi-codegen is not installed: .ci/run does")
	}
	dir, server := described(t)
	client(t, dir, "client.go", "main.go")
	runs(t, dir, generator, "-generate", "types,client", "-package", "main", "-o", "api.go", "openapi.json")
	runs(t, dir, "go", "mod", "init", "client")
	runs(t, dir, "go", "mod", "tidy")
	runs(t, dir, "go", "build", "-o", "client", ".")
	if got := runs(t, dir, filepath.Join(dir, "client"), server); got != said {
		t.Errorf("%s\nwant\n%s", got, said)
	}
}

func TestPythonClient(t *testing.T) {
	generator := npm(t, "quicktype")
	if _, err := exec.LookPath("python3"); err != nil {
		t.Skip("python3 is not installed")
	}
	dir, server := described(t)
	client(t, dir, "client.py", "client.py")
	runs(t, dir, generator, "--src-lang", "schema", "--lang", "python", "--python-version", "3.7", "-o", "api.py", "openapi.json#/components/schemas/")
	if got := strings.ReplaceAll(runs(t, dir, "python3", "client.py", server), "True", "true"); got != said {
		t.Errorf("%s\nwant\n%s", got, said)
	}
}

// client copies a program of testdata/clients beside what is made for it.
func client(t *testing.T, dir, name, as string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata/clients", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, as), b, 0o644); err != nil {
		t.Fatal(err)
	}
}
