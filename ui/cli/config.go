package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// config is what flags and variables set; each command takes those that it
// needs.
type config struct {
	// content and store
	contents                 []string
	edition, store, official string
	// serve
	listen, basePath, tlsCert, tlsKey, log        string
	metricsListen                                 string
	allowedHosts, trustedProxies, queryLog, audit string
	cors                                          string
	rate                                          float64
	concurrency                                   int
	maxFiles                                      int
	open, watch, accessLog, mcp                   bool
	force                                         bool
	propose                                       bool
	// answers
	json, explain, exact, licences, unknown  bool
	limit, offset                            int
	view                                     string // of a verdict: "resume" leaves the lists out
	types, themes, levels                    string
	format, output, check, covering, compare string
	carry                                    string
	categories, natures                      string
	profile                                  [11]string // one for each question
}

// setting is one flag, with its environment variable.
type setting struct {
	name   string
	short  string // one-letter name, "" for none
	env    string // "" for none
	value  any    // *string, *bool, *int, *float64, or *[]string for one that can be given again
	arg    string // what its value is, for help; "" for a switch
	help   string
	preset string                 // the value without flag nor variable
	values []string               // those that it may take, also for completion; nil: any
	listed bool                   // takes several of them, separated by commas
	held   func(*opened) []string // for completion, those that the edition holds; nil: values alone
}

func (s setting) isSwitch() bool { _, ok := s.value.(*bool); return ok }

// set reads a value as a flag or a variable writes it. The error says what to
// write instead.
func (s setting) set(text string) error {
	switch v := s.value.(type) {
	case *string:
		several := s.listed && strings.Contains(text, ",") // the command names the one that is wrong
		if len(s.values) > 0 && text != "" && !several && !slices.Contains(s.values, text) {
			return fmt.Errorf("choisissez parmi %s", strings.Join(s.values, ", "))
		}
		if s.listed && *v != "" && text != "" {
			text = *v + "," + text // given twice: both count
		}
		*v = text
	case *[]string:
		*v = append(*v, text)
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
		{name: "content", env: "CCT_CONTENT", value: &c.contents, arg: "DOSSIER", help: "dossier de fichiers Markdown à la place du contenu intégré (le content/fr du dépôt officiel, ou un autre) ; donné plusieurs fois, ou tenant des dossiers datés, il donne plusieurs éditions"},
		{name: "edition", held: func(o *opened) []string { return o.Editions().Names() }, env: "CCT_EDITION", value: &c.edition, arg: "NOM", help: "l’édition qui répond, à la place de la plus récente ; ou le nom d’un dossier seul qui ne dit pas le sien"},
		officialFlag(c),
		{name: "max-files", env: "CCT_MAX_FILES", value: &c.maxFiles, arg: "N", help: "nombre de fichiers Markdown lus au plus dans un dossier (0 : 100000)"},
	}
}

func storeFlags(c *config) []setting {
	return append(contentFlags(c),
		setting{name: "store", env: "CCT_STORE", value: &c.store, arg: "FICHIER", help: "fichier de la base (sans indication : cct.db dans le dossier de cache de l’utilisateur)"},
		setting{name: "force", value: &c.force, help: "remplace le fichier de --store même s’il n’est pas une base de cct"})
}

func profileFlags(c *config) []setting {
	out := []setting{}
	for i, q := range questions() {
		help := q.Label
		if q.Many {
			help += " (plusieurs valeurs : séparées par des virgules)"
		}
		out = append(out, setting{name: q.Name, value: &c.profile[i], arg: strings.Join(q.Allowed(), "|"), help: help, values: q.Allowed(), listed: q.Many})
	}
	return out
}

func jsonFlag(c *config) setting {
	return setting{name: "json", value: &c.json, help: "la réponse de l’API, telle quelle"}
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
