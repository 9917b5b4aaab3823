package ui

import (
	"bufio"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content/ingest"
	"github.com/cct-mi/cct/search"
)

// little is the small edition of testdata/contenu, written for these tests.
func little(t testing.TB) *search.Library {
	t.Helper()
	return open(t, os.DirFS("testdata/contenu"), ingest.Options{})
}

// TestScripts runs testdata/*.txt: a request, then what its answer must be, one
// thing a line (status, header, contains, lacks). No-break spaces count as spaces.
func TestScripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no script", err)
	}
	s := newSite(t, little(t), Options{})
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			var answer *httptest.ResponseRecorder
			var body string
			lines := bufio.NewScanner(f)
			for n := 1; lines.Scan(); n++ {
				word, rest, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
				where := file + ":" + strconv.Itoa(n)
				switch word {
				case "", "#":
				case "GET", "HEAD", "POST":
					r := httptest.NewRequest(word, "/", nil)
					r.URL.Path, r.URL.RawQuery, _ = strings.Cut(rest, "?")
					r.RequestURI = rest
					answer = httptest.NewRecorder()
					s.ServeHTTP(answer, r)
					body = spaced(answer.Body.String())
				case "status":
					if strconv.Itoa(answer.Code) != rest {
						t.Errorf("%s: status %d, want %s", where, answer.Code, rest)
					}
				case "header":
					name, value, _ := strings.Cut(rest, " ")
					if got := answer.Header().Get(name); got != value {
						t.Errorf("%s: %s: %q, want %q", where, name, got, value)
					}
				case "contains":
					if !strings.Contains(body, rest) && !strings.Contains(html.UnescapeString(body), rest) {
						t.Errorf("%s: the answer lacks %q", where, rest)
					}
				case "lacks":
					if strings.Contains(body, rest) {
						t.Errorf("%s: the answer holds %q", where, rest)
					}
				default:
					t.Fatalf("%s: unknown word %q", where, word)
				}
			}
			if err := lines.Err(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func spaced(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) }

func TestQueryLength(t *testing.T) {
	s := newSite(t, little(t), Options{})
	if w := get(s, "/recherche?q="+strings.Repeat("%C3%A9", 512)); w.Code != http.StatusOK {
		t.Errorf("512 characters: %d", w.Code)
	}
	if w := get(s, "/recherche?q="+strings.Repeat("%C3%A9", 513)); w.Code != http.StatusBadRequest {
		t.Errorf("513 characters: %d", w.Code)
	}
}

func TestNothingToServeYet(t *testing.T) {
	s, err := New(Options{Current: func() *search.Library { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	w := get(s, "/exigences")
	if w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" || !strings.Contains(w.Body.String(), "<h1>") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}
