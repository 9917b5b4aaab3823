package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// config is what flags and variables set; each command takes those that it
// needs.
type config struct {
	// content and store
	content, edition, store string
	// serve
	listen, basePath, tlsCert, tlsKey, log        string
	allowedHosts, trustedProxies, queryLog, audit string
	cors                                          string
	rate                                          float64
	concurrency                                   int
	open, watch, accessLog                        bool
	// answers
	json, explain, exact, licences, unknown bool
	limit, offset                           int
	types, themes, levels                   string
	format, output, check                   string
	categories, natures                     string
	profile                                 [5]string
}

// setting is one flag, with its environment variable.
type setting struct {
	name   string
	short  string // one-letter name, "" for none
	env    string // "" for none
	value  any    // *string, *bool, *int or *float64
	arg    string // what its value is, for help; "" for a switch
	help   string
	preset string   // the value without flag nor variable
	values []string // those that it may take, also for completion; nil: any
}

func (s setting) isSwitch() bool { _, ok := s.value.(*bool); return ok }

func (s setting) set(text string) error {
	switch v := s.value.(type) {
	case *string:
		if len(s.values) > 0 && text != "" && !strings.Contains(text, ",") && !slices.Contains(s.values, text) {
			return fmt.Errorf("choisissez parmi %s", strings.Join(s.values, ", "))
		}
		*v = text
	case *bool:
		b, err := strconv.ParseBool(text)
		if err != nil {
			return errors.New("écrivez true ou false")
		}
		*v = b
	case *int:
		n, err := strconv.Atoi(text)
		if err != nil {
			return errors.New("il faut un nombre entier")
		}
		*v = n
	case *float64:
		f, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
		if err != nil || f < 0 {
			return errors.New("il faut un nombre positif")
		}
		*v = f
	}
	return nil
}

// The groups of settings that several commands share.

func contentFlags(c *config) []setting {
	return []setting{
		{name: "content", env: "CCT_CONTENT", value: &c.content, arg: "DOSSIER", help: "dossier de fichiers Markdown à la place du contenu intégré (le content/fr du dépôt officiel, ou un autre)"},
		{name: "edition", env: "CCT_EDITION", value: &c.edition, arg: "NOM", help: "nom de l’édition, si le dossier ne le dit pas"},
	}
}

func storeFlags(c *config) []setting {
	return append(contentFlags(c), setting{name: "store", env: "CCT_STORE", value: &c.store, arg: "FICHIER", help: "fichier de la base (sans indication : cct.db dans le dossier de cache de l’utilisateur)"})
}

func profileFlags(c *config) []setting {
	out := []setting{}
	for i, q := range questions() {
		var values []string
		for _, v := range q.Values {
			values = append(values, v.Value)
		}
		out = append(out, setting{name: q.Name, value: &c.profile[i], arg: strings.Join(values, "|"), help: q.Label, values: values})
	}
	return out
}

func jsonFlag(c *config) setting {
	return setting{name: "json", value: &c.json, help: "la réponse de l’API, telle quelle"}
}

// parse reads flags, wherever they stand among the terms, then variables. What
// follows "--" is never a flag. asked says that help was wanted.
func parse(c *command, to *config, args []string, getenv func(string) string) (rest []string, asked bool, err error) {
	settings := c.settings(to)
	fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
	fs.SetOutput(io.Discard)
	given := map[string]bool{}
	for i := range settings {
		s := &settings[i]
		if s.preset != "" {
			if err := s.set(s.preset); err != nil {
				return nil, false, fmt.Errorf("--%s : %w", s.name, err)
			}
		}
		for _, name := range []string{s.name, s.short} {
			if name == "" {
				continue
			}
			if s.isSwitch() {
				fs.BoolFunc(name, s.help, func(v string) error { given[s.name] = true; return s.set(v) })
			} else {
				fs.Func(name, s.help, func(v string) error { given[s.name] = true; return s.set(v) })
			}
		}
	}
	var after []string
	if i := slices.Index(args, "--"); i >= 0 {
		args, after = args[:i], args[i+1:]
	}
	for len(args) > 0 {
		if err := fs.Parse(args); err != nil {
			if errors.Is(err, flag.ErrHelp) {
				return nil, true, nil
			}
			return nil, false, misuse("%s : tapez « cct help %s »", flagFault(err), c.name)
		}
		args = fs.Args()
		if len(args) > 0 {
			rest = append(rest, args[0])
			args = args[1:]
		}
	}
	for _, s := range settings {
		if v := getenv(s.env); s.env != "" && v != "" && !given[s.name] {
			if err := s.set(v); err != nil {
				return nil, false, misuse("la variable %s vaut « %s » : %v", s.env, v, err)
			}
		}
	}
	return append(rest, after...), false, nil
}

// flagFault puts the flag package's English in French.
func flagFault(err error) string {
	s := err.Error()
	if name, ok := strings.CutPrefix(s, "flag provided but not defined: "); ok {
		return "l’option " + dashed(name) + " n’existe pas (un terme qui commence par un tiret s’écrit après « -- »)"
	}
	if name, ok := strings.CutPrefix(s, "flag needs an argument: "); ok {
		return "l’option " + dashed(name) + " attend une valeur"
	}
	if rest, ok := strings.CutPrefix(s, "invalid value "); ok {
		value, rest, _ := strings.Cut(rest, " for flag ")
		name, why, _ := strings.Cut(rest, ": ")
		return "l’option " + dashed(name) + " ne peut pas valoir « " + strings.Trim(value, `"`) + " » (" + why + ")"
	}
	if rest, ok := strings.CutPrefix(s, "invalid boolean value "); ok {
		value, rest, _ := strings.Cut(rest, " for ")
		name, why, _ := strings.Cut(rest, ": ")
		return "l’option " + dashed(name) + " ne peut pas valoir « " + strings.Trim(value, `"`) + " » (" + why + ")"
	}
	return "les options ne se lisent pas (" + s + ")"
}

// dashed writes a flag, which the flag package names with one dash, as people do.
func dashed(name string) string {
	name = strings.TrimLeft(name, "-")
	if utf8.RuneCountInString(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

func (c *command) settings(to *config) []setting {
	if c.flags == nil {
		return nil
	}
	return c.flags(to)
}

func (p *program) noArgs() error {
	if len(p.args) > 0 {
		return misuse("« cct %s » ne prend pas de terme (« %s ») : pour chercher, tapez « cct search %s »", p.command.name, p.args[0], strings.Join(p.args, " "))
	}
	return nil
}
