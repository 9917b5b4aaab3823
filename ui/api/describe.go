package api

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/export"
	"net/url"
)

// apiVersion is the API's own: raise it when what goes out changes (the first
// number when something that scripts rely on goes or changes its meaning).
const apiVersion = "1.11.0"

// object is a part of the description.
type object = map[string]any

// Description is the OpenAPI 3.1 description of the API, made from the endpoints
// and the wire types; base is the path that the site is served under, whose the
// framework that it serves. The file openapi.json is the one of "/" and the CCT, kept to
// be read and compared.
func Description(base string, whose content.Framework) ([]byte, error) {
	schemas := object{}
	paths := object{}
	for _, e := range endpoints() {
		if e.ID != "" {
			paths[Root+e.Path] = object{"get": e.operation(schemas)}
		}
	}
	return encodeIndented(object{
		"openapi":  "3.1.0",
		"info":     about(whose),
		"servers":  []any{object{"url": base, "description": "Ce service."}},
		"security": []any{}, // nothing is asked of who reads
		"tags":     tags(),
		"paths":    paths,
		"components": object{"schemas": schemas, "headers": object{
			"ETag":                object{"description": "Change quand la réponse change ; donné en If-None-Match, il évite de la relire.", "schema": object{"type": "string"}},
			"Link":                object{"description": "Adresses des parties précédente (rel=\"prev\") et suivante (rel=\"next\") d’une collection lue par morceaux.", "schema": object{"type": "string"}},
			"RetryAfter":          object{"description": "Secondes à attendre.", "schema": object{"type": "integer"}},
			"RateLimit":           object{"description": "Ce qui reste au poste (r), et dans combien de secondes il en aura davantage (t).", "schema": object{"type": "string"}},
			"RateLimitPolicy":     object{"description": "Nombre de demandes (q) permises par durée (w, en secondes).", "schema": object{"type": "string"}},
			"ContentDisposition":  object{"description": "Nom du fichier à enregistrer.", "schema": object{"type": "string"}},
			"AllowedMethodsOfAPI": object{"description": "Les méthodes admises.", "schema": object{"type": "string"}},
		}},
	})
}

func tags() []any {
	var list []any
	for _, t := range [][2]string{
		{tagSearch, "Chercher, et compléter une recherche."},
		{tagRecords, "Les collections de fiches, entières ou par morceaux, et chaque fiche."},
		{tagProfile, "Ce qui s’applique à une application, d’après ce qu’elle est."},
		{tagEditions, "Les éditions du cadre, et ce qui a changé de l’une à l’autre."},
		{tagService, "Ce que sert l’API, et sa description."},
	} {
		list = append(list, object{"name": t[0], "description": t[1]})
	}
	return list
}

// The groups of addresses.
const (
	tagSearch   = "Recherche"
	tagRecords  = "Fiches"
	tagProfile  = "Application"
	tagEditions = "Éditions"
	tagService  = "Service"
)

func header(name string) object { return object{"$ref": "#/components/headers/" + name} }

// operation describes an address, and adds the types that it uses to schemas.
func (e Endpoint) operation(schemas object) object {
	problem := schemaOf(schemas, reflect.TypeFor[Problem]())
	fault := func(what string, headers object) object {
		r := object{"description": what, "content": object{"application/problem+json": object{"schema": problem}}}
		if headers != nil {
			r["headers"] = headers
		}
		return r
	}
	answer := object{"type": "object", "description": "Une description OpenAPI 3.1."}
	if e.Answer != nil {
		answer = schemaOf(schemas, e.Answer)
	}
	media := object{"application/json": object{"schema": answer}}
	headers := object{"ETag": header("ETag")}
	if e.Files {
		for _, f := range export.Formats() {
			name, _, _ := strings.Cut(f.MediaType, ";")
			if media[name] == nil {
				media[name] = object{"schema": object{"type": "string"}}
			}
		}
		headers["Content-Disposition"] = header("ContentDisposition")
	}
	if e.Pieces {
		headers["Link"] = header("Link")
	}
	wait := object{"Retry-After": header("RetryAfter")}
	responses := object{
		"200": object{"description": "La réponse.", "headers": headers, "content": media},
		"304": object{"description": "Rien n’a changé depuis l’ETag donné en If-None-Match."},
		"400": fault("Un paramètre n’est pas bon, ou n’existe pas ; le détail le nomme.", nil),
		"405": fault("Seuls GET, HEAD et OPTIONS sont admis.", object{"Allow": header("AllowedMethodsOfAPI")}),
		"429": fault("Trop de demandes venant du même poste.", object{"Retry-After": header("RetryAfter"), "RateLimit": header("RateLimit"), "RateLimit-Policy": header("RateLimitPolicy")}),
		"503": fault("Service indisponible un instant.", wait),
	}
	op := object{"operationId": e.ID, "summary": e.Summary, "description": e.Doc, "tags": []any{e.Tag}, "responses": responses}
	var params []any
	if e.ByID {
		params = append(params, object{"name": "id", "in": "path", "required": true, "description": "L’identifiant ; la casse ne compte pas.", "schema": object{"type": "string"}})
		responses["404"] = fault("Aucune fiche n’a cet identifiant.", nil)
	}
	if strings.Contains(e.Path, "{a}") {
		params = append(params, object{"name": "a", "in": "path", "required": true, "description": "L’édition de départ, par son nom.", "schema": object{"type": "string"}},
			object{"name": "b", "in": "path", "required": true, "description": "L’édition d’arrivée.", "schema": object{"type": "string"}})
		responses["404"] = fault("Cette édition n’est pas là.", nil)
	}
	for _, p := range e.Params {
		params = append(params, p.describe())
	}
	if params != nil {
		op["parameters"] = params
	}
	return op
}

func (p parameter) describe() object {
	one := object{"type": p.Type}
	if len(p.Values) > 0 {
		one["enum"] = p.Values
	}
	switch {
	case p.Type == "integer":
		one["minimum"], one["maximum"] = p.Min, p.Max
		if n, err := strconv.Atoi(p.Default); err == nil {
			one["default"] = n
		}
	case p.Type == "boolean" && p.Default != "":
		one["default"] = p.Default == "true"
	case p.Default != "":
		one["default"] = p.Default
	}
	if p.Name == "q" {
		one["maxLength"] = search.MaxQuery
	}
	out := object{"name": p.Name, "in": "query", "description": p.Doc, "schema": one}
	if p.Many {
		out["schema"], out["style"], out["explode"] = object{"type": "array", "items": one}, "form", false
	}
	if p.Example != "" && !p.Many {
		out["example"] = p.Example
	}
	return out
}

// schemaOf describes a type, a struct by a reference to what it adds to schemas.
func schemaOf(schemas object, t reflect.Type) object {
	switch t.Kind() {
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Pointer:
		inner := schemaOf(schemas, t.Elem())
		if inner["$ref"] != nil {
			return object{"anyOf": []any{inner, object{"type": "null"}}}
		}
		return object{"type": []any{inner["type"], "null"}}
	case reflect.Slice:
		return object{"type": "array", "items": schemaOf(schemas, t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": schemaOf(schemas, t.Elem())}
	}
	ref := object{"$ref": "#/components/schemas/" + t.Name()}
	if _, done := schemas[t.Name()]; done {
		return ref
	}
	schemas[t.Name()] = nil // in hand: a type may hold itself
	properties, required := object{}, []any{}
	eachField(t, func(f reflect.StructField, key string, always bool) {
		p := schemaOf(schemas, f.Type)
		if list, ok := f.Tag.Lookup("enum"); ok {
			values := strings.Split(list, ",")
			if f.Type.Kind() == reflect.Slice {
				p["items"] = object{"type": "string", "enum": values}
			} else {
				p["enum"] = values
			}
		}
		if doc := f.Tag.Get("doc"); doc != "" {
			p["description"] = doc
		}
		properties[key] = p
		if always {
			required = append(required, key)
		}
	})
	if isItem(t) {
		required = []any{"id"} // the parameter "fields" may leave out the others
	}
	schemas[t.Name()] = object{"type": "object", "properties": properties, "required": required, "additionalProperties": false}
	return ref
}

// Schema is the JSON schema (2020-12) of an address's answer, alone: what it refers
// to is under $defs. Nil for an address without one.
func Schema(path string) json.RawMessage {
	for _, e := range endpoints() {
		if e.Path != path || e.Answer == nil {
			continue
		}
		definitions := object{}
		root := object{}
		for key, value := range schemaOf(definitions, e.Answer) {
			root[key] = value
		}
		whole := object{"type": "object", "allOf": []any{root}, "$defs": definitions}
		b, err := Encode(whole)
		if err != nil {
			return nil
		}
		return bytes.TrimSpace(bytes.ReplaceAll(b, []byte(`"#/components/schemas/`), []byte(`"#/$defs/`)))
	}
	return nil
}

// eachField goes through a struct's JSON keys, those of embedded structs too;
// always says that the key is never left out.
func eachField(t reflect.Type, do func(f reflect.StructField, key string, always bool)) {
	for f := range t.Fields() {
		if f.Anonymous {
			eachField(f.Type, do)
			continue
		}
		key, option, _ := strings.Cut(f.Tag.Get("json"), ",")
		do(f, key, option != "omitempty")
	}
}

// syntax tells what a query may hold.
func syntax() string {
	var forms []string
	for _, f := range search.Forms() {
		forms = append(forms, "`"+f.Example+"` ("+f.Means+")")
	}
	return "Syntaxe : " + strings.Join(forms, " ; ") + "."
}

// about says what the API serves, and under which licences.
func about(whose content.Framework) object {
	title, in := "API du cadre de cohérence technique", "le cadre de cohérence technique"
	contact, licence := object{"name": content.CCT().Name, "url": content.CCT().Source}, object{"name": "Licence Ouverte 2.0 (données), MIT (logiciel)", "identifier": "etalab-2.0 AND MIT"}
	if whose.Foreign() {
		title, in = "API "+whose.Of(), whose.InText()
		contact, licence = object{"name": whose.Name}, object{"name": strings.TrimPrefix(whose.Licence+" (données), ", " (données), ") + "MIT (logiciel)"}
		if isAddress(whose.Source) {
			contact["url"] = whose.Source
		}
	}
	return object{"title": title, "version": apiVersion, "summary": "Chercher dans " + in + ", et en lire les fiches.",
		"description": "Lecture seule : GET, HEAD et OPTIONS, sans clé ni inscription. Un paramètre inconnu est refusé (400), avec le nom le plus proche. " +
			"Les erreurs suivent la RFC 9457. Les adresses des réponses sont relatives au serveur.",
		"contact": contact, "license": licence}
}

// isAddress says whether a text is the address of a page.
func isAddress(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
