package search

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/cct-mi/cct/content"
)

// Limits of a question.
const (
	MaxQuery     = 512 // characters
	MaxLimit     = 100
	DefaultLimit = 10
	MaxOffset    = 1_000_000 // far past any edition; keeps offset+limit an int everywhere
)

// Request is one question, as any of the faces puts it.
type Request struct {
	Query         string
	Limit, Offset int      // 0 means DefaultLimit, and the first hit
	Types         []string // filters: a hit matches any value of each; none means all
	Themes        []string
	Levels        []string        // as LevelNames lists them: "primordial", a word of the edition's own, or NoLevel for exigences without one
	Only          map[string]bool // ids of the exigences to keep ("mon application"); nil keeps all; other kinds are kept
	NoCorrect     bool            // search exactly what was typed: "chercher plutôt …"
	NoExpand      bool            // no synonyms nor acronyms
	Explain       bool            // fill Hit.Why
}

// Parameters are the names that ParseRequest reads.
func Parameters() []string {
	return []string{"q", "limit", "offset", "type", "theme", "level", "correct", "expand", "explain"}
}

// ParseRequest reads a question from its parameters, as an address or a command's
// flags give them; those that it does not know are left alone. Without a
// catalog any theme is taken. The error is a *BadParameter.
func ParseRequest(v Values, c *content.Catalog) (r Request, err error) {
	var correct, expand bool
	for _, read := range []func() error{
		func() (err error) { r.Query, err = v.Text("q"); return err },
		func() (err error) { r.Limit, err = v.Number("limit", 1, MaxLimit, DefaultLimit); return err },
		func() (err error) { r.Offset, err = v.Number("offset", 0, MaxOffset, 0); return err },
		func() (err error) { r.Types, err = v.List("type", KindNames()); return err },
		func() (err error) { r.Themes, err = v.List("theme", ThemeNames(c)); return err },
		func() (err error) { r.Levels, err = v.List("level", levelsAllowed(c)); return err },
		func() (err error) { correct, err = v.Flag("correct", true); return err },
		func() (err error) { expand, err = v.Flag("expand", true); return err },
		func() (err error) { r.Explain, err = v.Flag("explain", false); return err },
	} {
		if err := read(); err != nil {
			return Request{}, err
		}
	}
	r.NoCorrect, r.NoExpand = !correct, !expand
	return r, nil
}

// KindNames are the values of the filter by type.
func KindNames() (names []string) {
	for _, k := range content.Kinds() {
		names = append(names, string(k))
	}
	return names
}

// ThemeNames are the values of the filter by theme; nil, which allows any, without a
// catalog.
func ThemeNames(c *content.Catalog) []string {
	if c == nil {
		return nil
	}
	names := []string{}
	for _, t := range c.Head().Themes {
		names = append(names, t.ID)
	}
	return names
}

// NoLevel is the value of the filter by level that keeps exigences without one.
const NoLevel = content.Unstated

// LevelNames are the values of the filter by level; without a catalog, those that any
// edition has.
func LevelNames(c *content.Catalog) []string {
	if c == nil {
		return content.Head{}.LevelNames()
	}
	return c.Head().LevelNames()
}

// levelsAllowed is what a request may ask: nil, which allows any, without a catalog.
func levelsAllowed(c *content.Catalog) []string {
	if c == nil {
		return nil
	}
	return LevelNames(c)
}

// Values are the parameters of a request by name, as url.Values holds them.
type Values map[string][]string

// BadParameter is a parameter whose value cannot be read.
type BadParameter struct {
	Name string
	Why  string // follows the name in a sentence: "doit être un nombre entier de 1 à 100."
}

func (b *BadParameter) Error() string { return "le paramètre « " + b.Name + " » " + b.Why }

// Get gives the first value of a parameter, "" when it isn’t given.
func (v Values) Get(name string) string {
	if list := v[name]; len(list) > 0 {
		return list[0]
	}
	return ""
}

// Text reads what someone typed to search: UTF-8, at most MaxQuery characters.
func (v Values) Text(name string) (string, error) {
	text := v.Get(name)
	if !utf8.ValidString(text) {
		return "", &BadParameter{name, "n’est pas de l’UTF-8 : retapez-le, ou vérifiez son encodage."}
	}
	if n := utf8.RuneCountInString(text); n > MaxQuery {
		return "", &BadParameter{name, fmt.Sprintf("compte %d caractères, et %d au plus sont admis : gardez les mots qui comptent.", n, MaxQuery)}
	}
	return text, nil
}

// Number reads an integer within bounds; fallback when it isn't given.
func (v Values) Number(name string, least, most, fallback int) (int, error) {
	s := strings.TrimSpace(v.Get(name))
	if s == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		return 0, &BadParameter{name, fmt.Sprintf("doit être un nombre entier de %d à %d.", least, most)}
	}
	return n, nil
}

// Flag reads a yes or no; fallback when it isn't given.
func (v Values) Flag(name string, fallback bool) (bool, error) {
	switch strings.ToLower(strings.TrimSpace(v.Get(name))) {
	case "":
		return fallback, nil
	case "true", "oui", "1":
		return true, nil
	case "false", "non", "0":
		return false, nil
	}
	return false, &BadParameter{name, "doit être true ou false."}
}

// List reads values given apart or comma separated, whatever their case, and gives
// them as allowed spells them, each once; nil allows any.
func (v Values) List(name string, allowed []string) (list []string, err error) {
	for _, given := range v[name] {
		parts := strings.Split(given, ",")
		if slices.ContainsFunc(allowed, func(a string) bool { return strings.EqualFold(a, strings.TrimSpace(given)) }) {
			parts = []string{given} // a value may hold a comma
		}
		for _, part := range parts {
			if part = strings.TrimSpace(part); part == "" {
				continue
			}
			if allowed != nil {
				i := slices.IndexFunc(allowed, func(a string) bool { return strings.EqualFold(a, part) })
				if i < 0 {
					return nil, &BadParameter{name, fmt.Sprintf("ne peut pas valoir « %s » : choisissez parmi %s.", clip(part), strings.Join(allowed, ", "))}
				}
				part = allowed[i]
			}
			if !slices.Contains(list, part) {
				list = append(list, part)
			}
		}
	}
	return list, nil
}

// Only refuses a parameter that is not among the known ones, naming the nearest.
func (v Values) Only(known ...string) error {
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if slices.Contains(known, name) {
			continue
		}
		why := "n’existe pas : cette adresse ne prend aucun paramètre."
		if len(known) > 0 {
			why = fmt.Sprintf("n’existe pas ici ; le plus proche est « %s ». Cette adresse prend : %s.", nearest(name, known), strings.Join(known, ", "))
		}
		return &BadParameter{clip(strings.ToValidUTF8(name, "?")), why}
	}
	return nil
}

// nearest is the known name that a misspelt one is likeliest to stand for: the
// one with the fewest slips for its length, or nothing would be nearer than "q".
func nearest(name string, known []string) string {
	name = strings.ToLower(name)
	far := func(k string) float64 { return editDistance(name, k) / float64(max(len(name), len(k))) }
	return slices.MinFunc(known, func(a, b string) int { return cmp.Compare(far(a), far(b)) })
}

// clip shortens what someone sent, for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
