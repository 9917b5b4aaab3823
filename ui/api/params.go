package api

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/cct-mi/cct/search"
)

// parameter is one query parameter, as openapi.json and the page /api show it.
type parameter struct {
	Name, Doc string
	Type      string   // "string", "integer", "boolean"
	Values    []string // allowed, where they are a closed list
	Many      bool     // takes several values, comma separated
	Min, Max  int      // of an integer
	Default   string
	Example   string
}

// params are the parameters of one request.
type params struct{ url.Values }

// parseParams reads a query string. A semicolon is text: clients that don't
// escape it mean it so.
func parseParams(raw string) (params, error) {
	v, err := url.ParseQuery(strings.ReplaceAll(raw, ";", "%3B"))
	if err != nil {
		return params{}, &refusal{400, "", "Les paramètres de l’adresse ne se lisent pas : un « % » doit être suivi de deux chiffres hexadécimaux (écrivez %25 pour le signe lui-même)."}
	}
	for name, values := range v {
		for _, s := range values {
			if !utf8.ValidString(name) || !utf8.ValidString(s) {
				return params{}, bad(strings.ToValidUTF8(name, "?"), "n’est pas de l’UTF-8 : encodez l’adresse en UTF-8.")
			}
		}
	}
	return params{v}, nil
}

// read gives the parameters as the search reads them.
func (p params) read() search.Values { return search.Values(p.Values) }
