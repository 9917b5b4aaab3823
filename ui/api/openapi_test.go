package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/ui/api"
)

var update = flag.Bool("update", false, "rewrite openapi.json and the sum of its version")

// TestDescriptionMatchesTypes: openapi.json says what the types and endpoints
// do, and a change of what it says needs another version.
func TestDescriptionMatchesTypes(t *testing.T) {
	want, err := api.Description("/", content.CCT())
	if err != nil {
		t.Fatal(err)
	}
	var said struct{ Info struct{ Version string } }
	if err := json.Unmarshal(want, &said); err != nil {
		t.Fatal(err)
	}
	apiVersion := said.Info.Version
	sum := sha256.Sum256(want)
	line := apiVersion + " " + hex.EncodeToString(sum[:]) + "\n"
	if *update {
		for name, b := range map[string][]byte{"openapi.json": want, "testdata/openapi.version": []byte(line)} {
			if err := os.WriteFile(name, b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	got, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("openapi.json doesn't say what the types and endpoints do any more: raise apiVersion, then go test ./ui/api -update\n%s", firstDifference(got, want))
	}
	kept, err := os.ReadFile("testdata/openapi.version")
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != line {
		version, _, _ := strings.Cut(string(kept), " ")
		if version == apiVersion {
			t.Errorf("the description changed and its version is still %s: raise apiVersion, then go test ./ui/api -update", apiVersion)
		} else {
			t.Errorf("version %s is not the one recorded (%s): go test ./ui/api -update", apiVersion, version)
		}
	}
}

func firstDifference(a, b []byte) string {
	x, y := strings.Split(string(a), "\n"), strings.Split(string(b), "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d:\n  is   %s\n  want %s", i+1, x[i], y[i])
		}
	}
	return "one is the beginning of the other"
}

// TestDescriptionIsValid: a validator finds nothing wrong with the description,
// and every answer follows it.
func TestDescriptionIsValid(t *testing.T) {
	h := handler(library(t), "/")
	doc, err := libopenapi.NewDocument([]byte(body(t, get(t, h, api.Root+"/openapi.json"))))
	if err != nil {
		t.Fatal(err)
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, faults := v.ValidateDocument(); !ok {
		for _, f := range faults {
			t.Errorf("%s: %s %v", f.Message, f.Reason, f.SchemaValidationErrors)
		}
	}
	for address, status := range map[string]int{
		"/":                    200,
		"/search?q=sauvegarde": 200,
		"/search?q=mco&explain=true&type=exigence,terme&level=primordial": 200,
		"/search?q=zzzzqqq": 200,
		"/search":           200,
		"/search?limit=0":   400,
		"/suggest?q=sau":    200,
		"/pages":            200,
		"/pages/exigences":  200,
		"/pages/absente":    404,
		"/exigences":        200,
		"/exigences?limit=2&offset=1&fields=id,level": 200,
		"/pages?fields=title":                         200,
		"/exigences?typ=x":                            400,
		"/exigences/EX7":                              200,
		"/produits":                                   200,
		"/produits/SI-1400":                           200,
		"/termes":                                     200,
		"/termes/mco":                                 200,
		"/regles":                                     200,
		"/regles/2.2.1":                               200,
		"/normes":                                     200,
		"/applicable":                                 200,
		"/applicable?type=cloud-native&evolution=nouvelle&marche=oui": 200,
		"/applicable?type=mobile":                                     400,
	} {
		req := httptest.NewRequest(http.MethodGet, api.Root+address, nil)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if w.Code != status {
			t.Errorf("%s: %d, want %d\n%.300s", address, w.Code, status, w.Body)
			continue
		}
		if ok, faults := v.ValidateHttpResponse(req, w.Result()); !ok {
			for _, f := range faults {
				t.Errorf("%s: %s: %s %v", address, f.Message, f.Reason, f.SchemaValidationErrors)
			}
		}
	}
}

// TestEveryParameterIsDescribed: a handler that reads a parameter which the
// description lacks would be a secret.
func TestEveryParameterIsDescribed(t *testing.T) {
	var doc struct {
		Paths map[string]struct {
			Get struct {
				Parameters []struct{ Name, In string }
			}
		}
	}
	if err := json.Unmarshal([]byte(body(t, get(t, handler(library(t), "/"), api.Root+"/openapi.json"))), &doc); err != nil {
		t.Fatal(err)
	}
	has := func(path string, names ...string) {
		var got []string
		for _, p := range doc.Paths[api.Root+path].Get.Parameters {
			got = append(got, p.Name)
		}
		for _, n := range names {
			if !slices.Contains(got, n) {
				t.Errorf("%s: parameter %s isn't described (%v)", path, n, got)
			}
		}
	}
	h := handler(library(t), "/")
	for path, e := range doc.Paths {
		address := strings.ReplaceAll(path, "{id}", "EX7")
		for _, p := range e.Get.Parameters {
			if p.In != "query" {
				continue
			}
			for _, renamed := range []string{p.Name + "s", strings.ToUpper(p.Name), "x-" + p.Name, p.Name[1:] + p.Name[:1] + "_"} {
				r := get(t, h, address+"?"+url.Values{renamed: {"1"}}.Encode())
				if v := object(t, r); r.StatusCode != 400 || v["parameter"] != renamed || !strings.Contains(v["detail"].(string), "« "+p.Name+" »") && renamed == p.Name+"s" {
					t.Errorf("%s?%s: %d %v", path, renamed, r.StatusCode, v)
				}
			}
		}
	}
	for _, c := range []string{"pages", "exigences", "produits", "termes", "regles", "normes"} {
		has("/"+c, "limit", "offset", "fields", "q", "theme", "format")
	}
	has("/search", "q", "limit", "offset", "type", "theme", "level", "app-type", "app-evolution", "app-taille", "app-perimetre", "app-marche")
	has("/suggest", "q", "limit")
	has("/applicable", "type", "evolution", "taille", "perimetre", "marche", "format", "level", "category", "nature", "id", "q")
	has("/exigences", "format", "level", "app-type", "q")
	has("/produits", "q")
	has("/exigences/{id}", "id", "edition")
	has("/editions/{a}/{b}", "a", "b", "format")
	if n := len(slices.Collect(maps.Keys(doc.Paths))); n != 19 {
		t.Errorf("%d addresses are described, want 19", n)
	}
}
