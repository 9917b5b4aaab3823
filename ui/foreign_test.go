package ui

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content/ingest"
)

// TestOwnLevels: a framework's own words for levels are facets, filters and columns
// everywhere, in the order that it declares.
func TestOwnLevels(t *testing.T) {
	s := newSite(t, open(t, os.DirFS("cli/testdata/bureau/ville"), ingest.Options{}), Options{})
	var found struct {
		Total  int
		Facets struct {
			Level    []struct{ Value string }
			RawLevel []struct {
				Value string
				Count int
			} `json:"raw_level"`
		}
		Hits []struct {
			ID, Level string
			RawLevel  string `json:"raw_level"`
		}
		Exigences []struct {
			ID       string
			RawLevel string `json:"raw_level"`
		}
	}
	ask := func(address string, status int) string {
		t.Helper()
		w := get(s, address)
		if w.Code != status {
			t.Fatalf("%s: %d, want %d: %.300s", address, w.Code, status, w.Body)
		}
		found.Hits, found.Exigences, found.Facets.RawLevel = nil, nil, nil
		if status == http.StatusOK && strings.HasPrefix(address, "/api/") {
			if err := json.Unmarshal(w.Body.Bytes(), &found); err != nil {
				t.Fatal(address, err)
			}
		}
		return w.Body.String()
	}
	ids := func() (list []string) {
		for _, h := range found.Hits {
			list = append(list, h.ID)
		}
		for _, e := range found.Exigences {
			list = append(list, e.ID)
		}
		slices.Sort(list)
		return list
	}
	for address, want := range map[string]string{
		"/api/v1/search?q=badges+armoires&level=Indispensable":                   "V2",
		"/api/v1/search?q=badges+armoires&level=primordial":                      "V2",
		"/api/v1/search?q=badges+armoires&level=au+choix,primordial":             "V1 V2",
		"/api/v1/search?q=badges+armoires&level=non-precise":                     "V4",
		"/api/v1/search?q=niveau:conseill%C3%A9":                                 "V3",
		"/api/v1/search?q=niveau:%22Au+choix%22,conseill%C3%A9":                  "V1 V3",
		"/api/v1/search?q=niveau:conseill%C3%A9,%22Au+choix%22+badges":           "V1 V3",
		"/api/v1/exigences?level=AU+CHOIX":                                       "V1",
		"/api/v1/exigences?level=important":                                      "V3",
		"/api/v1/exigences?level=important,indispensable,non-precise":            "V2 V3 V4",
		"/api/v1/exigences?raw_level=Indispensable":                              "V2",
		"/api/v1/exigences?level=non-precise":                                    "V4",
		"/api/v1/exigences?level=bloquant":                                       "",
		"/api/v1/applicable?level=Indispensable&view=":                           "V2",
		"/api/v1/applicable?level=" + url.QueryEscape("Au choix") + ",important": "V1 V3",
	} {
		if ask(address, http.StatusOK); strings.Join(ids(), " ") != want {
			t.Errorf("%s: %v, want %s", address, ids(), want)
		}
	}
	ask("/api/v1/search?q=badges+armoires", http.StatusOK)
	var words []string
	for _, v := range found.Facets.RawLevel {
		words = append(words, v.Value)
	}
	if strings.Join(words, ", ") != "Indispensable, Conseillé, Au choix" {
		t.Errorf("facet in the order %v", words)
	}
	for _, h := range found.Hits {
		if h.ID == "V1" && (h.Level != "" || h.RawLevel != "Au choix") || h.ID == "V3" && (h.Level != "important" || h.RawLevel != "Conseillé") {
			t.Errorf("%+v", h)
		}
	}
	if body := ask("/api/v1/search?q=badges&level=grave", http.StatusBadRequest); !strings.Contains(body, "Indispensable, Conseillé, Au choix") {
		t.Error(body)
	}
	// The pages: one group of levels, in the framework's words.
	rows := regexp.MustCompile(`class="id" href="/exigences/(V\d)"`)
	listed := func(address string) (list []string) {
		for _, m := range rows.FindAllStringSubmatch(ask(address, http.StatusOK), -1) {
			list = append(list, m[1])
		}
		return list
	}
	for address, want := range map[string]string{
		"/exigences": "V1 V2 V3 V4", "/exigences?level=Indispensable": "V2", "/exigences?level=primordial": "V2", "/exigences?raw_level=Au+choix": "V1",
		"/exigences?level=au+choix&level=important": "V1 V3", "/exigences?tri=niveau": "V2 V3 V1 V4", "/exigences?tri=niveau&ordre=desc": "V1 V3 V2 V4",
	} {
		if got := strings.Join(listed(address), " "); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
	for _, address := range []string{"/exigences", "/recherche?q=badges+armoires"} {
		body := ask(address, http.StatusOK)
		boxes := regexp.MustCompile(`name="level" value="([^"]*)"`).FindAllStringSubmatch(body, -1)
		var values []string
		for _, b := range boxes {
			values = append(values, b[1])
		}
		if strings.Join(values, ", ") != "Indispensable, Conseillé, Au choix, non-precise" {
			t.Errorf("%s: boxes %v", address, values)
		}
		if strings.Contains(body, ">Primordial<") {
			t.Errorf("%s says the CCT's word for a level", address)
		}
	}
	if body := ask("/recherche?q=badges+armoires&level=primordial", http.StatusOK); !strings.Contains(body, `value="primordial" checked`) {
		t.Error("a level of the CCT's that is asked for can't be unticked")
	}
}

// TestForeignNames: what leaves a site that serves another framework names that
// framework, its source and its licence, and never the CCT's.
func TestForeignNames(t *testing.T) {
	s := newSite(t, open(t, os.DirFS("cli/testdata/bureau/ville"), ingest.Options{}), Options{})
	ours := regexp.MustCompile(`(?i)dnum-mi|etalab|ministère de l.Intérieur|cadre de cohérence technique`)
	title := regexp.MustCompile(`<title>[^<]*CCT`)
	for _, address := range []string{"/", "/recherche?q=badges", "/recherche?q=xyzzy", "/exigences", "/exigences/V2", "/pages/mesures--acces", "/a-propos", "/pages",
		"/glossaire", "/editions", "/opensearch.xml", "/llms.txt", "/api/v1/openapi.json", "/api/v1", "/exigences/V2.md", "/exigences/V2.json", "/introuvable", "/comparer?ids=V1,V2", "/selection?ids=V1,V2"} {
		body := get(s, address).Body.String()
		if said := ours.FindString(body); said != "" {
			t.Errorf("%s says %q", address, said)
		}
		if title.MatchString(body) {
			t.Errorf("%s: %s", address, title.FindString(body))
		}
		if strings.Contains(body, "<footer") && !(strings.Contains(body, "https://ville.example/referentiel") && strings.Contains(body, "CC-BY")) {
			t.Errorf("%s: the foot doesn't tell the source and licence: %q", address, regexp.MustCompile(`Établi[^<]*`).FindString(body))
		}
	}
	for _, format := range []string{"csv", "tsv", "json", "md", "oscal", "ciso-assistant", "reqif"} {
		w := get(s, "/api/v1/applicable?format="+format)
		if said := ours.FindString(w.Body.String()); w.Code != http.StatusOK || said != "" {
			t.Errorf("%s: %d, says %q", format, w.Code, said)
		}
		if format != "csv" && format != "tsv" && format != "json" && !strings.Contains(w.Body.String(), "Référentiel de la ville") {
			t.Errorf("%s doesn't name the framework", format)
		}
		if !strings.Contains(w.Body.String(), "Indispensable") {
			t.Errorf("%s doesn't say the framework's own level", format)
		}
	}
}
