package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/cct-mi/cct"

// mayImport is the house's plan: data flows one way, and a package knows only
// what is below it. The edge stands between the network and the site and knows
// nothing of the product.
var mayImport = map[string]string{
	"":                "ui/cli",
	"content":         "",
	"store":           "",
	"content/ingest":  "content",
	"content/profile": "content",
	"search":          "content store",
	"ui/edge":         "",
	"ui/export":       "content content/profile",
	"ui/api":          "content content/profile search store ui/export ui/edge",
	"ui":              "content content/profile search store ui/api ui/export ui/edge",
	"ui/cli":          "content content/ingest content/profile store search ui ui/api ui/edge ui/export",
	"deploy/release":  "",
}

// owners are the only packages that may import a module from outside.
var owners = map[string]string{
	"github.com/yuin/goldmark":               "content/ingest",
	"go.yaml.in/yaml/v3":                     "content/ingest",
	"golang.org/x/net":                       "content/ingest search",
	"golang.org/x/text":                      "content/ingest search ui",
	"go.etcd.io/bbolt":                       "store",
	"github.com/blevesearch/bleve/v2":        "search",
	"github.com/blevesearch/bleve_index_api": "search",
	"github.com/gorilla/mux":                 "ui ui/api",
	"github.com/VictoriaMetrics/metrics":     "ui/edge",
	"golang.org/x/time":                      "ui/edge",
	"github.com/xuri/excelize/v2":            "ui/export",
	"github.com/fsnotify/fsnotify":           "ui/cli",
	"golang.org/x/term":                      "ui/cli",
	"golang.org/x/sys":                       "ui/cli",
}

func TestImportGraph(t *testing.T) {
	for _, goos := range []string{"linux", "windows", "darwin"} {
		c := exec.Command("go", "list", "-json=ImportPath,Imports,Standard", "./...")
		c.Env = append(c.Environ(), "GOOS="+goos, "CGO_ENABLED=0")
		out, err := c.Output()
		if err != nil {
			var exit *exec.ExitError
			if errors.As(err, &exit) {
				t.Fatalf("%s: %s", err, exit.Stderr)
			}
			t.Fatal(err)
		}
		d := json.NewDecoder(strings.NewReader(string(out)))
		seen := 0
		for {
			var p struct {
				ImportPath string
				Imports    []string
			}
			if err := d.Decode(&p); err == io.EOF {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			name := strings.TrimPrefix(strings.TrimPrefix(p.ImportPath, module), "/")
			allowed, ok := mayImport[name]
			if !ok {
				t.Errorf("%s has no place in the plan: give it one in mayImport", name)
				continue
			}
			seen++
			for _, i := range p.Imports {
				if own, ok := strings.CutPrefix(i, module+"/"); ok {
					if !slices.Contains(strings.Fields(allowed), own) {
						t.Errorf("%s imports %s: what is lower does not know what is higher", name, own)
					}
					continue
				}
				if first, _, _ := strings.Cut(i, "/"); !strings.Contains(first, ".") {
					continue // the standard library
				}
				owner := ""
				for m, by := range owners {
					if i == m || strings.HasPrefix(i, m+"/") {
						owner = by
					}
				}
				if !slices.Contains(strings.Fields(owner), name) {
					t.Errorf("%s imports %s, which belongs to: %q", name, i, owner)
				}
			}
		}
		if seen != len(mayImport) {
			t.Errorf("%s: %d packages, the plan has %d", goos, seen, len(mayImport))
		}
	}
}

// TestMainIsTheEdge keeps the process's edge small: all else must be a function
// that tests can call.
func TestMainIsTheEdge(t *testing.T) {
	out, err := exec.CommandContext(context.Background(), "go", "list", "-f", "{{.GoFiles}}", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.TrimSpace(string(out)); got != "[main.go]" {
		t.Errorf("package main is made of %s", got)
	}
}
