package api_test

import (
	"encoding/csv"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/api"
	"github.com/cct-mi/cct/ui/export"
)

func TestSearchAnswer(t *testing.T) {
	h := handler(library(t), "/cct")
	r := get(t, h, api.Root+"/search?q=sauvegarde+s3&limit=5")
	if r.StatusCode != 200 || r.Header.Get("Content-Type") != "application/json" || r.Header.Get("ETag") == "" || r.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Fatal(r.StatusCode, r.Header)
	}
	v := object(t, r)
	for _, key := range []string{"query", "total", "limit", "offset", "took_ms", "edition", "confident", "corrected", "expanded", "suggestions", "facets", "hits"} {
		if _, ok := v[key]; !ok {
			t.Errorf("key %q is missing", key)
		}
	}
	if v["corrected"] != nil || v["edition"] != "2025-01" || v["limit"] != 5.0 || v["offset"] != 0.0 || v["query"] != "sauvegarde s3" {
		t.Error(v["corrected"], v["edition"], v["limit"], v["offset"], v["query"])
	}
	hit := at(v, "hits", 0)
	if at(hit, "id") != "EX33" || at(hit, "type") != "exigence" || at(hit, "url") != "/cct/exigences/EX33" || at(hit, "level") != "important" || at(hit, "theme") != "cloud-native" {
		t.Errorf("%v", hit)
	}
	if at(hit, "page", "source") != "cloud-native/exigences.md" || at(hit, "page", "url") != "/cct/pages/exigences" || at(hit, "heading") != "EX33" {
		t.Errorf("%v", at(hit, "page"))
	}
	if s, _ := at(hit, "snippet").(string); !strings.Contains(s, "<mark>") {
		t.Errorf("snippet %q marks nothing", s)
	}
	if _, there := hit.(map[string]any)["why"]; there {
		t.Error("why is given without being asked for")
	}
	if w := at(object(t, get(t, h, api.Root+"/search?q=sauvegarde&explain=true")), "hits", 0, "why"); w == nil {
		t.Error("explain=true explains nothing")
	}
}

func TestSearchIsNarrowed(t *testing.T) {
	h := handler(library(t), "/")
	for query, want := range map[string]string{
		"q=dossier+exploitation&type=exigence":                               "EX90",
		"q=dossier+exploitation&type=exigence&app-type=cloud-native":         "", // EX90 belongs to Legacy
		"q=dossier+exploitation&type=exigence&app-type=legacy":               "EX90",
		"q=sauvegarde&type=exigence&level=primordial":                        "EX7",
		"q=sauvegarde&type=EXIGENCE&level=primordial,important&theme=legacy": "",
	} {
		v := object(t, get(t, h, api.Root+"/search?"+query))
		var strong []string
		for _, hit := range v["hits"].([]any) {
			strong = append(strong, at(hit, "id").(string))
		}
		got := strings.Join(strong, " ")
		if want == "" && got != "" || want != "" && !strings.HasPrefix(got, want) {
			t.Errorf("%s: found %q, want %q first", query, got, want)
		}
	}
}

// TestBadParameters: each is a 400 that names the parameter.
func TestBadParameters(t *testing.T) {
	h := handler(library(t), "/")
	for address, name := range map[string]string{
		"/search?q=a&limit=0":                     "limit",
		"/search?q=a&limit=101":                   "limit",
		"/search?q=a&limit=dix":                   "limit",
		"/search?q=a&limit=99999999999999999999":  "limit",
		"/search?q=a&offset=-1":                   "offset",
		"/search?q=a&offset=9223372036854775807":  "offset",
		"/search?q=a&type=loi":                    "type",
		"/search?q=a&level=grave":                 "level",
		"/search?q=a&theme=cuisine":               "theme",
		"/search?q=a&correct=peut-etre":           "correct",
		"/search?q=a&app-type=mobile":             "app-type",
		"/search?q=" + strings.Repeat("é", 513):   "q",
		"/search?q=%ff%fe":                        "q",
		"/search?q=a&type=%ff":                    "type",
		"/suggest?q=" + strings.Repeat("a", 513):  "q",
		"/suggest?q=a&limit=1000":                 "limit",
		"/exigences?level=grave":                  "level",
		"/exigences?format=pdf":                   "format",
		"/exigences?app-marche=jamais":            "app-marche",
		"/produits?status=Z":                      "status",
		"/pages?theme=cuisine":                    "theme",
		"/pages?state=fini":                       "state",
		"/applicable?type=mobile":                 "type",
		"/applicable?marche=jamais":               "marche",
		"/applicable?level=grave":                 "level",
		"/applicable?format=pdf":                  "format",
		"/applicable?type=ent&type=legacy":        "type",
		"/applicable?category=cuisine":            "category",
		"/applicable?nature=cuisine":              "nature",
		"/applicable?id=EX999":                    "id",
		"/applicable?q=%ff":                       "q",
		"/applicable?category=cuisine&format=csv": "category",
		"/produits?q=" + strings.Repeat("a", 513): "q",
		"/exigences?app-type=ent&app-type=legacy": "app-type",
		"/search?q=100%":                          "",
		"/exigences?limit=0":                      "limit",
		"/exigences?limit=1001":                   "limit",
		"/exigences?offset=-1":                    "offset",
		"/exigences?fields=titre":                 "title",
		"/exigences?typ=exigence":                 "plus proche est « app-type »",
		"/applicable?typ=legacy":                  "« type »",
		"/search?q=a&typ=exigence":                "« type »",
		"/search?q=a&format=xml":                  "format",
		"/search?q=a&Limit=3":                     "« limit »",
		"/exigences?format=xml":                   "format",
		"/exigences/EX7?format=xml":               "edition",
		"/exigences?edition=1999-01":              "« 1999-01 » : choisissez parmi",
		"/openapi.json?v=2":                       "ne prend aucun paramètre",
		"/?a=":                                    "ne prend aucun paramètre",
	} {
		r := get(t, h, api.Root+strings.ReplaceAll(address, "é", "%C3%A9"))
		if r.StatusCode != 400 || r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%.60s: %d %s", address, r.StatusCode, r.Header.Get("Content-Type"))
			continue
		}
		v := object(t, r)
		if v["status"] != 400.0 || v["type"] != "about:blank" || v["title"] == "" || !strings.Contains(v["detail"].(string), name) {
			t.Errorf("%.60s: %v", address, v)
		}
	}
	if r := get(t, h, api.Root+"/search?q="+strings.Repeat("%C3%A9", 512)); r.StatusCode != 200 {
		t.Errorf("512 characters of two bytes: %d", r.StatusCode)
	}
	if r := get(t, h, api.Root+"/search?q=a;b"); r.StatusCode != 200 || object(t, r)["query"] != "a;b" {
		t.Error("a semicolon should be text")
	}
}

func TestUnknownAndForbidden(t *testing.T) {
	h := handler(library(t), "/cct")
	for _, address := range []string{"/exigences/EX999", "/produits/EX7", "/pages/absente", "/regles/9.9.9", "/termes/absent", "/normes/absente", "/absente", "/exigences/", "/exigences/EX7/x"} {
		r := get(t, h, api.Root+address)
		if r.StatusCode != 404 || r.Header.Get("Content-Type") != "application/problem+json" {
			t.Errorf("%s: %d %s", address, r.StatusCode, r.Header.Get("Content-Type"))
			continue
		}
		if v := object(t, r); v["status"] != 404.0 || !strings.Contains(v["detail"].(string), "/cct/api/v1/") {
			t.Errorf("%s: %v", address, v)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "TRACE", "PATCH"} {
		for _, address := range []string{"/search?q=a", "/exigences/EX7", "/absente"} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(method, api.Root+address, nil))
			if w.Code != 405 || w.Header().Get("Allow") != api.Methods || w.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s %s: %d %v", method, address, w.Code, w.Header())
			}
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("OPTIONS", api.Root+"/search", nil))
	if w.Code != 204 || w.Header().Get("Allow") != api.Methods || w.Body.Len() > 0 {
		t.Errorf("OPTIONS: %d %v", w.Code, w.Header())
	}
	none := api.Handler(api.Options{Current: func() *search.Library { return nil }})
	if r := get(t, none, api.Root+"/search?q=a"); r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
		t.Error(r.StatusCode, r.Header)
	}
}

func TestConditionalRequests(t *testing.T) {
	h := handler(library(t), "/")
	for _, address := range []string{"/search?q=sauvegarde", "/exigences", "/exigences/EX7", "/openapi.json", "/applicable", "/suggest?q=sau"} {
		first := get(t, h, api.Root+address)
		req := httptest.NewRequest(http.MethodGet, api.Root+address, nil)
		req.Header.Set("If-None-Match", `"autre", `+first.Header.Get("ETag"))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if w.Code != 304 || w.Body.Len() > 0 || w.Header().Get("ETag") != first.Header.Get("ETag") {
			t.Errorf("%s: %d, %d bytes, %s then %s", address, w.Code, w.Body.Len(), first.Header.Get("ETag"), w.Header().Get("ETag"))
		}
	}
	if a, b := get(t, h, api.Root+"/search?q=sauvegarde").Header.Get("ETag"), get(t, h, api.Root+"/search?q=flux").Header.Get("ETag"); a == b {
		t.Error("two answers, one ETag")
	}
}

func TestCollections(t *testing.T) {
	h := handler(library(t), "/cct")
	for address, want := range map[string]string{
		"exigences":                                    "EX7 EX33 EX43 EX90",
		"exigences?level=primordial":                   "EX7 EX90",
		"exigences?level=primordial,non-precise":       "EX7 EX43 EX90",
		"exigences?level=bloquant":                     "",
		"exigences?theme=legacy":                       "EX90",
		"exigences?app-type=legacy":                    "EX90",
		"exigences?category=code+applicatif+%26+image": "EX33",
		"produits":              "SI-1400 SI-1401",
		"produits?licence=open": "SI-1400",
		"produits?status=A&supported=non-precise": "SI-1401",
		"produits?part=si":                        "SI-1400 SI-1401",
		"termes":                                  "mco api",
		"regles?kind=regle-api":                   "2.2.1",
		"regles?status=RG":                        "1114",
		"pages?theme=legacy":                      "legacy",
	} {
		name, _, _ := strings.Cut(address, "?")
		v := object(t, get(t, h, api.Root+"/"+address))
		list, ok := v[name].([]any)
		if !ok || ids(list) != want || v["total"] != float64(len(list)) || v["edition"] != "2025-01" {
			t.Errorf("%s: %q, total %v, want %q", address, ids(v[name]), v["total"], want)
		}
		for _, r := range list {
			for _, key := range []string{"id", "title", "url", "theme", "text", "html", "page"} {
				if _, ok := r.(map[string]any)[key]; !ok {
					t.Errorf("%s: a record without %s", address, key)
				}
			}
		}
	}
}

// TestPieces: a collection read piece by piece gives the whole, by the links
// alone, and fields gives no other.
func TestPieces(t *testing.T) {
	h := handler(library(t), "/cct")
	for _, name := range []string{"pages", "exigences", "produits", "termes", "regles", "normes"} {
		want := object(t, get(t, h, api.Root+"/"+name))
		var got []any
		next := api.Root + "/" + name + "?fields=title,page&limit=3"
		for range 20 {
			r := get(t, h, strings.TrimPrefix(next, "/cct"))
			v := object(t, r)
			if v["total"] != want["total"] || v["edition"] != want["edition"] || len(v) != 3 {
				t.Errorf("%s: %v", next, v)
			}
			got = append(got, v[name].([]any)...)
			next = ""
			for _, link := range r.Header.Values("Link") {
				if address, ok := strings.CutSuffix(link, `>; rel="next"`); ok {
					next = strings.TrimPrefix(address, "<")
				}
			}
			if next == "" {
				break
			}
		}
		if ids(got) != ids(want[name]) || next != "" {
			t.Errorf("%s: pieces give %s, the whole %s; then %q", name, ids(got), ids(want[name]), next)
		}
		for _, r := range got {
			if r := r.(map[string]any); len(r) != 3 || r["title"] == nil || r["page"] == nil {
				t.Errorf("%s: fields=title,page gives %v", name, r)
			}
		}
	}
	for address, want := range map[string]string{
		"exigences?limit=2": "EX7 EX33", "exigences?limit=2&offset=3": "EX90", "exigences?offset=2": "EX43 EX90", "exigences?limit=2&offset=9": "",
		"exigences?limit=1&level=primordial": "EX7", "pages?q=glossaire&limit=1": "glossaire", "exigences?limit=1&q=sauvegarde+s3": "EX33",
	} {
		name, _, _ := strings.Cut(address, "?")
		if got := ids(object(t, get(t, h, api.Root+"/"+address))[name]); got != want {
			t.Errorf("%s: %q, want %q", address, got, want)
		}
	}
	text := body(t, get(t, h, api.Root+"/exigences?format=csv&fields=level,title&limit=2"))
	if lines := strings.Split(strings.TrimSpace(text), "\n"); len(lines) != 3 || strings.TrimPrefix(strings.TrimSpace(lines[0]), "\ufeff") != "id;title;level" {
		t.Errorf("%q", text)
	}
}

// TestOneRecord: by its id however it is typed, with every field of the contract.
func TestOneRecord(t *testing.T) {
	h := handler(library(t), "/cct")
	for address, want := range map[string]map[string]any{
		"exigences/EX33":     {"id": "EX33", "edition": "2025-01", "level": "important", "raw_level": "I", "category": "Code Applicatif & Image", "nature": "Ministériel", "replaces": "EXI-ARCH-4, primordial", "url": "/cct/exigences/EX33"},
		"exigences/ex33":     {"id": "EX33"},
		"exigences/EX-33":    {"id": "EX33"},
		"exigences/EX43":     {"level": "", "raw_level": ""},
		"produits/si-1400":   {"id": "SI-1400", "name": "Coffre", "vendor": "Éditeur", "version": "5.1", "status": "R", "supported": "Oui", "licence": "open", "change": "new", "comment": "Référencé."},
		"produits/SI-1401":   {"supported": "", "version": "", "comment": "", "text": ""},
		"termes/MCO":         {"id": "mco", "term": "MCO", "definition": "Garder un service en état de marche."},
		"regles/1114":        {"status": "RG", "kind": "regle"},
		"regles/2.2.1":       {"status": "", "kind": "regle-api"},
		"pages/presentation": {"source": "presentation/index.md", "state": "complete", "url": "/cct/pages/presentation"},
	} {
		v := object(t, get(t, h, api.Root+"/"+address))
		for key, value := range want {
			if v[key] != value {
				t.Errorf("%s: %s is %v, want %v", address, key, v[key], value)
			}
		}
	}
	page := object(t, get(t, h, api.Root+"/pages/presentation"))
	if at(page, "headings", 0, "text") != "Matrice des documents" || at(page, "headings", 0, "id") != "matrice-des-documents" || at(page, "headings", 0, "level") != 2.0 {
		t.Errorf("%v", page["headings"])
	}
	if html := page["html"].(string); !strings.Contains(html, `href="/cct/pages/exigences#EX33"`) && !strings.Contains(html, `href="/cct/exigences/EX33"`) {
		t.Errorf("links don't follow the base path: %s", html)
	}
	if aliases := at(object(t, get(t, h, api.Root+"/termes/mco")), "aliases", 0); aliases != "maintien en condition opérationnelle" {
		t.Error(aliases)
	}
}

func TestCollectionAsCSV(t *testing.T) {
	h := handler(library(t), "/")
	for _, name := range []string{"pages", "exigences", "produits", "termes", "regles", "normes"} {
		r := get(t, h, api.Root+"/"+name+"?format=csv")
		if r.Header.Get("Content-Type") != "text/csv; charset=utf-8" || r.Header.Get("Content-Disposition") != `attachment; filename="cct-`+name+`-2025-01.csv"` {
			t.Errorf("%s: %v", name, r.Header)
		}
		text, marked := strings.CutPrefix(body(t, r), "\ufeff")
		c := csv.NewReader(strings.NewReader(text))
		c.Comma = ';'
		rows, err := c.ReadAll()
		if err != nil || !marked || len(rows) < 2 || rows[0][0] != "id" || strings.Contains(strings.Join(rows[0], ";"), "html") {
			t.Errorf("%s: %v %v", name, err, rows)
			continue
		}
		if total := object(t, get(t, h, api.Root+"/"+name))["total"]; total != float64(len(rows)-1) {
			t.Errorf("%s: %d lines, %v records", name, len(rows)-1, total)
		}
	}
	if s := body(t, get(t, h, api.Root+"/exigences?format=csv")); !strings.Contains(s, `;'=Les flux`) {
		t.Error("a text that begins with = is not disarmed:", s)
	}
}

func TestApplicable(t *testing.T) {
	h := handler(library(t), "/cct")
	v := object(t, get(t, h, api.Root+"/applicable?type=cloud-native&evolution=nouvelle"))
	if p := v["profile"].(map[string]any); len(p) != 2 || p["type"] != "cloud-native" || p["evolution"] != "nouvelle" {
		t.Error(p)
	}
	if got := ids(v["documents"]); got != "environnement-numerique-de-travail legacy cloud-native architecture securite" {
		t.Error(got)
	}
	if at(v, "documents", 2, "applies") != true || at(v, "documents", 1, "applies") != false || at(v, "documents", 2, "url") != "/cct/pages/cloud-native" || at(v, "documents", 0, "source") != "/cct/pages/documents-et-applicabilite" {
		t.Error(v["documents"])
	}
	if at(v, "approval", "decision") != "go-comite" || at(v, "exigences", 3, "applies") != false || at(v, "exigences", 0, "applies") != true || at(v, "exigences", 0, "level") != "primordial" {
		t.Error(v["approval"], v["exigences"])
	}
	for address, want := range map[string]int{
		"type=cloud-native": 5, "": 6, "type=legacy": 3, "type=ent": 2, "level=important": 1, "type=cloud-native&level=non-precise,primordial": 2,
		"type=cloud-native&interface=mobile&utilisateurs=public&api=aucune": 2, "id=EX7,1114": 2,
	} {
		r := get(t, h, api.Root+"/applicable?format=csv&"+address)
		text := strings.TrimPrefix(body(t, r), "\ufeff")
		c := csv.NewReader(strings.NewReader(text))
		c.Comma = ';'
		rows, err := c.ReadAll()
		if err != nil || len(rows)-1 != want {
			t.Errorf("%s: %d lines (%v), want %d", address, len(rows)-1, err, want)
		}
	}
	empty := get(t, h, api.Root+"/applicable?format=xlsx&type=ent&utilisateurs=public&api=aucune")
	if text := body(t, empty); empty.StatusCode != 400 || !strings.Contains(text, "Rien à exporter") || !strings.Contains(text, "ENT uniquement") {
		t.Error("an annex without a line is given:", empty.StatusCode, text)
	}
	for _, f := range export.Formats() {
		if f.Name == "json" {
			continue
		}
		r := get(t, h, api.Root+"/applicable?format="+f.Name)
		if r.StatusCode != 200 || r.Header.Get("Content-Type") != f.MediaType || !strings.HasSuffix(r.Header.Get("Content-Disposition"), "."+f.Extension+`"`) || len(body(t, r)) == 0 {
			t.Errorf("%s: %d %v", f.Name, r.StatusCode, r.Header)
		}
	}
}

// TestVerdict: what each part says of itself, and what the summary counts.
func TestVerdict(t *testing.T) {
	h := handler(library(t), "/cct")
	v := object(t, get(t, h, api.Root+"/applicable?type=cloud-native&interface=web,mobile&api=aucune"))
	for path, want := range map[string]any{
		"exigences 0 id": "EX7", "exigences 0 applies": true, "exigences 0 certainty": "a-confirmer", "exigences 0 verdict": "peut-s-appliquer", "exigences 0 source": "exigences.md:14",
		"exigences 1 certainty": "certain", "exigences 1 verdict": "s-applique", "exigences 1 addressee 1": "operateur-cicd", "exigences 3 verdict": "ne-s-applique-pas",
		"regles 1 id": "2.2.1", "regles 1 kind": "regle-api", "regles 1 status": "", "regles 1 applies": false, "regles 0 status": "RG", "regles 0 verdict": "peut-s-appliquer",
		"summary exigences": 3.0, "summary regles": 1.0, "summary dropped": 2.0, "summary documents": 3.0,
		"profile interface 1": "mobile", "documents 2 verdict": "s-applique",
	} {
		var keys []any
		for _, k := range strings.Fields(path) {
			if n, err := strconv.Atoi(k); err == nil {
				keys = append(keys, n)
			} else {
				keys = append(keys, k)
			}
		}
		if got := at(v, keys...); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
	short := object(t, get(t, h, api.Root+"/applicable?type=cloud-native&view=resume"))
	for _, left := range []string{"exigences", "regles", "families"} {
		if _, ok := short[left]; ok {
			t.Error("the short view has", left)
		}
	}
	if at(short, "summary", "exigences") != 3.0 || at(short, "documents", 0, "id") == nil {
		t.Error(short)
	}
	for query, want := range map[string]string{"utilisateurs=aucun,public": "se contredit", "api=soap": "expose-internet", "interface=web&interface=aucune": "se contredit", "view=court": "resume"} {
		r := get(t, h, api.Root+"/applicable?"+query)
		if text := body(t, r); r.StatusCode != 400 || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s", query, r.StatusCode, text)
		}
	}
}

func TestSuggest(t *testing.T) {
	v := object(t, get(t, handler(library(t), "/cct"), api.Root+"/suggest?q=EX3&limit=3"))
	if at(v, "suggestions", 0, "id") != "EX33" || at(v, "suggestions", 0, "url") != "/cct/exigences/EX33" {
		t.Errorf("%v", v)
	}
}

// TestSameBytes: the command line prints what the API answers.
func TestSameBytes(t *testing.T) {
	lib := library(t)
	h := handler(lib, "/cct")
	record, err := api.RecordJSON(lib.Catalog(), content.KindExigence, "EX7", address.Site{Base: "/cct"})
	if err != nil || string(record) != body(t, get(t, h, api.Root+"/exigences/EX7")) {
		t.Error(err, string(record))
	}
	page, err := api.RecordJSON(lib.Catalog(), content.KindSection, "legacy", address.Site{Base: "/cct"})
	if err != nil || string(page) != body(t, get(t, h, api.Root+"/pages/legacy")) {
		t.Error(err, string(page))
	}
	s, err := export.ParseSelection(url.Values{"type": {"legacy"}})
	if err != nil {
		t.Fatal(err)
	}
	verdict, err := api.ApplicableJSON(lib.Catalog(), s, address.Site{Base: "/cct"}, false)
	if err != nil || string(verdict) != body(t, get(t, h, api.Root+"/applicable?type=legacy")) {
		t.Error(err, string(verdict))
	}
	answer, err := lib.Search(t.Context(), search.Request{Query: "sauvegarde", Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	answer.TookMS = 1.25
	found, err := api.SearchJSON(answer, address.Site{Base: "/cct"})
	if err != nil || !strings.Contains(string(found), `"took_ms":1.25,`) {
		t.Error(err, string(found))
	}
	if served := object(t, get(t, h, api.Root+"/search?q=sauvegarde")); at(served, "hits", 0, "snippet") != answer.Hits[0].Snippet {
		t.Error("not the same snippet")
	}
}

// TestOfficialCorpus asserts the published counts.
func TestOfficialCorpus(t *testing.T) {
	h := handler(official(t), "/")
	for name, want := range map[string]float64{"exigences": 58, "produits": 336, "termes": 58} {
		if got := object(t, get(t, h, api.Root+"/"+name))["total"]; got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	v := object(t, get(t, h, api.Root+"/applicable?type=cloud-native&evolution=nouvelle&marche=oui"))
	applies := 0
	for _, e := range v["exigences"].([]any) {
		if at(e, "applies") == true {
			applies++
		}
	}
	if applies != 58 || at(v, "documents", 2, "url") == "" || at(v, "documents", 2, "source") == "" {
		t.Errorf("%d exigences apply, want 58; %v", applies, at(v, "documents", 2))
	}
	if got := object(t, get(t, h, api.Root+"/exigences/EX33")); got["level"] != "important" || !strings.HasSuffix(at(got, "page", "source").(string), "exigences-architecture.md") {
		t.Error(got["level"], got["page"])
	}
}

// FuzzParameters: whatever is asked, an object comes back, and never a 5xx.
func FuzzParameters(f *testing.F) {
	h := handler(library(f), "/")
	paths := []string{"/search", "/suggest", "/exigences", "/applicable", "/pages", "/produits"}
	for i, q := range []string{"q=sauvegarde&limit=3", "q=*?~^():\"&type=exigence", "limit=-1", "type=ent&format=csv", "theme=%00", "q=%zz", "app-type=legacy&level=bloquant", "q=\xff"} {
		f.Add(uint8(i), q)
	}
	f.Fuzz(func(t *testing.T, which uint8, query string) {
		r := httptest.NewRequest(http.MethodGet, api.Root+paths[int(which)%len(paths)], nil)
		r.URL.RawQuery = query
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%d: %s", w.Code, w.Body)
		}
		if strings.HasSuffix(w.Header().Get("Content-Type"), "json") && !strings.HasPrefix(w.Body.String(), "{") {
			t.Fatalf("not an object: %.100s", w.Body)
		}
	})
}

func BenchmarkSearch(b *testing.B) {
	h := handler(library(b), "/")
	r := httptest.NewRequest(http.MethodGet, api.Root+"/search?q=sauvegarde+s3", nil)
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}

func BenchmarkApplicableXLSX(b *testing.B) {
	h := handler(library(b), "/")
	r := httptest.NewRequest(http.MethodGet, api.Root+"/applicable?format=xlsx", nil)
	for b.Loop() {
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}

func TestDatesInFrench(t *testing.T) {
	s := body(t, get(t, handler(library(t), "/"), api.Root+"/applicable?format=md"))
	if want := "Exporté le : " + time.Now().Format("02/01/2006"); !strings.Contains(s, want) {
		t.Errorf("%q is not in %.400s", want, s)
	}
}
