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
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	"github.com/cct-mi/cct/ui/api"
	"github.com/cct-mi/cct/ui/export"
)

var update = flag.Bool("update", false, "rewrite openapi.json and the sum of its version")

// apiVersion is the API's own: raise it when what goes out changes (the first
// number when something that scripts rely on goes or changes its meaning).
const apiVersion = "1.1.0"

type schema map[string]any

// describe makes the description from the endpoints and the wire types.
func describe() schema {
	schemas := map[string]any{}
	problem := refTo(schemas, reflect.TypeFor[api.Problem]())
	fault := func(what string) schema {
		return schema{"description": what, "content": schema{"application/problem+json": schema{"schema": problem}}}
	}
	paths := schema{}
	for _, e := range api.Endpoints() {
		if e.ID == "" {
			continue
		}
		answer := schema{"type": "object"}
		if e.Answer != nil {
			answer = refTo(schemas, e.Answer)
		}
		media := schema{"application/json": schema{"schema": answer}}
		if e.Files {
			for _, f := range export.Formats() {
				if f.Name != "json" {
					name, _, _ := strings.Cut(f.MediaType, ";")
					media[name] = schema{"schema": schema{"type": "string"}}
				}
			}
		}
		responses := schema{
			"200": schema{"description": "La réponse.", "headers": schema{"ETag": schema{"description": "Change quand la réponse change.", "schema": schema{"type": "string"}}}, "content": media},
			"304": schema{"description": "Rien n’a changé depuis l’ETag donné en If-None-Match."},
			"400": fault("Un paramètre n’est pas bon ; le détail le nomme."),
			"405": fault("Seuls GET et HEAD sont admis."),
			"429": fault("Trop de demandes venant du même poste ; Retry-After dit quand réessayer."),
			"503": fault("Service indisponible un instant ; Retry-After dit quand réessayer."),
		}
		var params []any
		if e.ByID {
			params = append(params, schema{"name": "id", "in": "path", "required": true, "description": "L’identifiant ; la casse ne compte pas.", "schema": schema{"type": "string"}})
			responses["404"] = fault("Aucune fiche n’a cet identifiant.")
		}
		for _, p := range e.Params {
			one := schema{"type": p.Type}
			if len(p.Values) > 0 {
				one["enum"] = p.Values
			}
			if p.Type == "integer" {
				one["minimum"], one["maximum"] = p.Min, p.Max
				if n, err := strconv.Atoi(p.Default); err == nil {
					one["default"] = n
				}
			} else if p.Type == "boolean" && p.Default != "" {
				one["default"] = p.Default == "true"
			} else if p.Default != "" {
				one["default"] = p.Default
			}
			if p.Name == "q" {
				one["maxLength"] = 512
			}
			param := schema{"name": p.Name, "in": "query", "description": p.Doc, "schema": one}
			if p.Many {
				param["schema"], param["style"], param["explode"] = schema{"type": "array", "items": one}, "form", false
			}
			if p.Example != "" && !p.Many {
				param["example"] = p.Example
			}
			params = append(params, param)
		}
		op := schema{"operationId": e.ID, "summary": e.Summary, "responses": responses}
		if params != nil {
			op["parameters"] = params
		}
		paths[api.Root+e.Path] = schema{"get": op}
	}
	return schema{
		"openapi": "3.1.0",
		"info": schema{"title": "API du cadre de cohérence technique", "version": apiVersion,
			"summary":     "Chercher dans le cadre de cohérence technique, et en lire les fiches.",
			"description": "Lecture seule : GET et HEAD. Les erreurs suivent la RFC 9457. Les adresses des réponses sont relatives au serveur.",
			"license":     schema{"name": "Licence Ouverte 2.0 (données), MIT (logiciel)", "identifier": "etalab-2.0 AND MIT"}},
		"servers":    []any{schema{"url": "/"}},
		"paths":      paths,
		"components": schema{"schemas": schemas},
	}
}

// refTo describes a type by a reference, and adds it to the schemas.
func refTo(schemas map[string]any, t reflect.Type) schema {
	switch t.Kind() {
	case reflect.String:
		return schema{"type": "string"}
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Int:
		return schema{"type": "integer"}
	case reflect.Float64:
		return schema{"type": "number"}
	case reflect.Pointer:
		inner := refTo(schemas, t.Elem())
		return schema{"type": []any{inner["type"], "null"}}
	case reflect.Slice:
		return schema{"type": "array", "items": refTo(schemas, t.Elem())}
	case reflect.Map:
		return schema{"type": "object", "additionalProperties": refTo(schemas, t.Elem())}
	}
	ref := schema{"$ref": "#/components/schemas/" + t.Name()}
	if _, done := schemas[t.Name()]; done {
		return ref
	}
	schemas[t.Name()] = nil // in hand: a type may hold itself
	properties, required := schema{}, []any{}
	var fields func(t reflect.Type)
	fields = func(t reflect.Type) {
		for f := range t.Fields() {
			if f.Anonymous {
				fields(f.Type)
				continue
			}
			key, option, _ := strings.Cut(f.Tag.Get("json"), ",")
			p := refTo(schemas, f.Type)
			if list, ok := f.Tag.Lookup("enum"); ok {
				p["enum"] = strings.Split(list, ",")
			}
			if doc := f.Tag.Get("doc"); doc != "" {
				p["description"] = doc
			}
			properties[key] = p
			if option != "omitempty" {
				required = append(required, key)
			}
		}
	}
	fields(t)
	schemas[t.Name()] = schema{"type": "object", "properties": properties, "required": required}
	return ref
}

// TestDescriptionMatchesTypes: openapi.json says what the types and endpoints
// do, and a change of what it says needs another version.
func TestDescriptionMatchesTypes(t *testing.T) {
	var want bytes.Buffer
	e := json.NewEncoder(&want)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(describe()); err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(want.Bytes())
	line := apiVersion + " " + hex.EncodeToString(sum[:]) + "\n"
	if *update {
		for name, b := range map[string][]byte{"openapi.json": want.Bytes(), "testdata/openapi.version": []byte(line)} {
			if err := os.WriteFile(name, b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	got, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("openapi.json doesn't say what the types and endpoints do any more: raise apiVersion, then go test ./ui/api -update\n%s", firstDifference(got, want.Bytes()))
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
		"/exigences/EX7":    200,
		"/produits":         200,
		"/produits/SI-1400": 200,
		"/termes":           200,
		"/termes/mco":       200,
		"/regles":           200,
		"/regles/2.2.1":     200,
		"/normes":           200,
		"/applicable":       200,
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
	has("/search", "q", "limit", "offset", "type", "theme", "level", "app-type", "app-evolution", "app-taille", "app-perimetre", "app-marche")
	has("/suggest", "q", "limit")
	has("/applicable", "type", "evolution", "taille", "perimetre", "marche", "format", "level", "category", "nature", "id", "q")
	has("/exigences", "format", "level", "app-type", "q")
	has("/produits", "q")
	has("/exigences/{id}", "id")
	if n := len(slices.Collect(maps.Keys(doc.Paths))); n != 17 {
		t.Errorf("%d addresses are described, want 17", n)
	}
}
