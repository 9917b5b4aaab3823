package ui

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
)

// TestConformity: every requirement of the edition has its verdict, once, and
// every proof exists: the test, the file, the page.
func TestConformity(t *testing.T) {
	all, err := parseConformity(statement)
	if err != nil {
		t.Fatal(err)
	}
	lib := embeddedLibrary(t)
	site := newSite(t, lib, Options{})
	tests := testsOfTheRepository(t)
	seen := map[string]bool{}
	for _, c := range all {
		if seen[c.ID] {
			t.Errorf("%s stands twice", c.ID)
		}
		seen[c.ID] = true
		kind := content.KindRegle
		if strings.HasPrefix(c.ID, "EX") {
			kind = content.KindExigence
		}
		if _, err := lib.Catalog().Record(kind, c.ID); err != nil {
			t.Errorf("%s: %v", c.ID, err)
		}
		for _, name := range c.Tests {
			if !tests[name] {
				t.Errorf("%s names the test %q, which does not exist", c.ID, name)
			}
		}
		for _, name := range c.Files {
			if _, err := os.Stat(filepath.Join("..", name)); err != nil {
				t.Errorf("%s: %v", c.ID, err)
			}
		}
		for _, address := range c.Links {
			if w := get(site, address); w.Code != 200 {
				t.Errorf("%s: %s answers %d", c.ID, address, w.Code)
			}
		}
	}
	ids, err := lib.Catalog().IDs(content.KindExigence)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if !seen[id] {
			t.Errorf("%s has no verdict", id)
		}
	}
	body := get(site, "/conformite").Body.String()
	for _, want := range []string{`href="/exigences/EX32"`, `href="/regles/2.13"`, "Non respectée", "ui/middleware TestHealthSearches"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not show %s", want)
		}
	}
}

// TestConformityFaults: an entry without a verdict that readers understand is
// refused when the program starts.
func TestConformityFaults(t *testing.T) {
	for _, data := range []string{`{`, `[{"id":"EX1","state":"peut-être","how":"x"}]`, `[{"id":"EX1","state":"oui"}]`, `[{"state":"oui","how":"x"}]`} {
		if _, err := parseConformity([]byte(data)); err == nil {
			t.Errorf("%s is accepted", data)
		}
	}
}

// testsOfTheRepository gives "package TestName" of every test, benchmark and
// fuzz test, the package by its folder ("main" at the top).
func testsOfTheRepository(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := fs.ReadFile(root, path)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		folder := filepath.ToSlash(filepath.Dir(path))
		if folder == "." {
			folder = "main"
		}
		for _, decl := range f.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil {
				names[folder+" "+fn.Name.Name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
