package ui

import (
	"context"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/store"
)

// official is the ministry's own content, which tests use where it is at hand.
const official = "../../shared/corpus/2025-01/content/fr"

// open indexes a folder in memory.
func open(t testing.TB, folder fs.FS, o ingest.Options) *search.Library {
	t.Helper()
	ctx := context.Background()
	ed, err := ingest.Load(ctx, folder, o)
	if err != nil {
		t.Fatal(err)
	}
	st, _, err := store.Open(ctx, store.Options{Build: func(ctx context.Context, w *store.Writer) error { return search.Build(ctx, ed, w) }})
	if err != nil {
		t.Fatal(err)
	}
	lib, err := search.Open(st)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return lib
}

// openOfficial opens the official content, or skips the test where it is not there.
func openOfficial(t testing.TB) *search.Library {
	t.Helper()
	if _, err := os.Stat(official); err != nil {
		t.Skip("the official content is not beside this repository:", official)
	}
	return open(t, os.DirFS(official), ingest.Options{Edition: "2025-01"})
}

// embeddedLibrary opens what the program carries.
func embeddedLibrary(t testing.TB) *search.Library {
	t.Helper()
	return open(t, content.Embedded(), ingest.Options{})
}

func newSite(t testing.TB, lib *search.Library, o Options) *Site {
	t.Helper()
	o.Current = func() *search.Library { return lib }
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func get(s http.Handler, target string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
	return w
}

// ask sends an address that httptest would refuse to parse.
func ask(s http.Handler, path, query string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.URL.Path, r.URL.RawQuery = path, query
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}
