package api

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
)

const (
	maxQuery  = 512       // characters
	maxOffset = 1_000_000 // far past any edition; keeps offset+limit an int everywhere
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

// query reads q.
func (p params) query() (string, error) {
	q := p.Get("q")
	if n := utf8.RuneCountInString(q); n > maxQuery {
		return "", bad("q", fmt.Sprintf("compte %d caractères, et %d au plus sont admis : raccourcissez la recherche.", n, maxQuery))
	}
	return q, nil
}

// number reads an integer within bounds; fallback when it isn't given.
func (p params) number(name string, least, most, fallback int) (int, error) {
	s := strings.TrimSpace(p.Get(name))
	if s == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, bad(name, fmt.Sprintf("doit être un nombre entier de %d à %d.", least, most))
	}
	return n, nil
}

// flag reads a yes or no.
func (p params) flag(name string, fallback bool) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(p.Get(name))) {
	case "":
		return fallback, nil
	case "true", "oui", "1":
		return true, nil
	case "false", "non", "0":
		return false, nil
	}
	return false, bad(name, "doit être true ou false.")
}

// list reads a parameter that takes several values, repeated or comma
// separated, and puts them as allowed spells them; nil allows anything.
func (p params) list(name string, allowed []string) ([]string, error) {
	var out []string
	for _, value := range p.Values[name] {
		parts := strings.Split(value, ",")
		if slices.Contains(allowed, value) {
			parts = []string{value} // a category may hold a comma
		}
		for _, v := range parts {
			if v = strings.TrimSpace(v); v == "" {
				continue
			}
			if allowed != nil {
				i := slices.IndexFunc(allowed, func(a string) bool { return strings.EqualFold(a, v) })
				if i < 0 {
					return nil, bad(name, fmt.Sprintf("ne peut pas valoir « %s » : choisissez parmi %s.", clip(v), strings.Join(allowed, ", ")))
				}
				v = allowed[i]
			}
			if !slices.Contains(out, v) {
				out = append(out, v)
			}
		}
	}
	return out, nil
}

func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

func kindNames() []string {
	var names []string
	for _, k := range content.Kinds() {
		names = append(names, string(k))
	}
	return names
}

func levelNames() []string { return []string{"bloquant", "primordial", "important", unspecified} }

func themeNames(c *content.Catalog) []string {
	names := []string{}
	for _, t := range c.Head().Themes {
		names = append(names, t.ID)
	}
	return names
}
