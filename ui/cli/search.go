package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/api"
	"github.com/cct-mi/cct/ui/markdown"
)

var searchCommand = &command{
	name: "search", args: "TERMES…", short: "cherche dans le terminal, sans serveur",
	detail:  syntax,
	long:    "Cherche comme le fait le site, avec le même classement. Les accents, les majuscules et les fautes de frappe ne comptent pas. « - » lit une question par ligne sur l’entrée standard. Code de sortie : 0 si quelque chose est trouvé (à chaque question), 1 sinon.",
	example: []string{"cct search sauvegarde", "cct search -n 3 --level primordial authentification des agents", `cct search '"API management"'`, "cct search --json mco | jq -r '.hits[].title'", "cct search --explain chiffrement des données", "cct search --format tsv - < questions.txt"},
	flags: func(c *config) []setting {
		return append(storeFlags(c), jsonFlag(c),
			setting{name: "limit", short: "n", value: &c.limit, arg: "N", help: "nombre de résultats, de 1 à 100", preset: "10"},
			setting{name: "offset", value: &c.offset, arg: "N", help: "nombre de résultats à passer"},
			setting{name: "type", value: &c.types, arg: "TYPES", help: "seulement ces types : " + strings.Join(search.KindNames(), ", "), values: search.KindNames(), listed: true},
			setting{name: "theme", value: &c.themes, arg: "THÈMES", help: "seulement ces thèmes", listed: true, held: func(o *opened) []string { return search.ThemeNames(o.Catalog()) }},
			setting{name: "level", value: &c.levels, arg: "NIVEAUX", help: "seulement ces niveaux : " + levelsHelp(), listed: true, held: func(o *opened) []string { return search.LevelNames(o.Catalog()) }},
			formatFlag(c, "identifiant, type, niveau, titre, adresse et extrait"),
			setting{name: "exact", value: &c.exact, help: "ni correction ni synonyme : exactement ces mots"},
			setting{name: "explain", value: &c.explain, help: "dit pourquoi chaque résultat est là"})
	},
	run: func(ctx context.Context, p *program) error {
		query := strings.TrimSpace(strings.Join(p.args, " "))
		if query == "-" {
			return p.searchLines(ctx)
		}
		if query == "" {
			return misuse("il manque ce qu’il faut chercher : cct search sauvegarde")
		}
		if _, err := p.request(query, nil); err != nil { // before the content is read
			return err
		}
		return p.withLibrary(ctx, func(o *opened) error {
			req, err := p.request(query, o.Catalog())
			if err != nil {
				return err
			}
			a, err := o.Search(ctx, req)
			if err != nil {
				return err
			}
			return p.writeAnswer(o.Library, a)
		})
	},
}

// searchLines answers every question of standard input, one a line.
func (p *program) searchLines(ctx context.Context) error {
	questions, err := p.lines()
	if err != nil {
		return err
	}
	for _, q := range questions {
		if _, err := p.request(q, nil); err != nil {
			return err
		}
	}
	return p.withLibrary(ctx, func(o *opened) error {
		var answers []*search.Answer
		for _, q := range questions {
			req, err := p.request(q, o.Catalog())
			if err != nil {
				return err
			}
			a, err := o.Search(ctx, req)
			if err != nil {
				return err
			}
			answers = append(answers, a)
		}
		return p.writeAnswers(o.Library, answers)
	})
}

// lines reads standard input, without its empty lines.
func (p *program) lines() ([]string, error) {
	var list []string
	s := bufio.NewScanner(p.Stdin)
	for s.Scan() {
		if line := strings.TrimSpace(strings.TrimPrefix(s.Text(), "\ufeff")); line != "" {
			list = append(list, line)
		}
		if len(list) > maxLines {
			return nil, misuse("l’entrée standard a plus de %d lignes : partagez-la", maxLines)
		}
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("l’entrée standard ne peut pas être lue : %w", err)
	}
	if len(list) == 0 {
		return nil, misuse("l’entrée standard est vide : une ligne par demande est attendue")
	}
	return list, nil
}

// request reads the flags as every face reads a question.
func (p *program) request(query string, c *content.Catalog) (search.Request, error) {
	corrected := strconv.FormatBool(!p.exact)
	r, err := search.ParseRequest(search.Values{
		"q": {query}, "limit": {strconv.Itoa(p.limit)}, "offset": {strconv.Itoa(p.offset)}, "type": {p.types}, "theme": {p.themes}, "level": {p.levels},
		"correct": {corrected}, "expand": {corrected}, "explain": {strconv.FormatBool(p.explain)},
	}, c)
	var bad *search.BadParameter
	switch {
	case !errors.As(err, &bad):
		return r, err
	case bad.Name == "q":
		return r, misuse("la question %s", strings.TrimSuffix(bad.Why, "."))
	}
	return r, misuse("--%s %s", bad.Name, strings.TrimSuffix(bad.Why, "."))
}

// levelsHelp are the values of --level.
func levelsHelp() string {
	return strings.Join(search.LevelNames(nil), ", ") + ", ou un mot du référentiel"
}

// syntax tells what a query may hold, for the command's help.
func syntax(s screen) string {
	var b strings.Builder
	b.WriteString(s.wrap("Dans les termes (entre apostrophes, pour que l’interpréteur de commandes les laisse) :", "") + "\n")
	for _, f := range search.Forms() {
		b.WriteString(s.wrap(f.Example, "  ") + "\n" + s.wrap(f.Means, "      ") + "\n")
	}
	return b.String()
}

// writeAnswer shows an answer as asked; errNothing when it has no hit.
func (p *program) writeAnswer(lib *search.Library, a *search.Answer) error {
	return p.writeAnswers(lib, []*search.Answer{a})
}

// writeAnswers shows answers as asked, errNothing when one has no hit. Of several,
// JSON has a line each, and csv and tsv say last which question a row answers.
func (p *program) writeAnswers(lib *search.Library, answers []*search.Answer) error {
	empty := false
	columns := []string{"id", "type", "level", "title", "url", "snippet"}
	if len(answers) > 1 {
		columns = append(columns, "query")
	}
	var rows [][]string
	for i, a := range answers {
		empty = empty || len(a.Hits) == 0
		var text string
		var err error
		switch p.form() {
		case "json":
			var b []byte
			b, err = api.SearchJSON(a, address.Of(lib, ""))
			text = string(b)
		case "csv", "tsv":
			for _, h := range a.Hits {
				rows = append(rows, append([]string{h.ID, string(h.Type), cmp.Or(h.OwnLevel, h.Level), h.Title, h.URL, screen{}.marked(h.Snippet)}, a.Query)[:len(columns)])
			}
			continue
		case "md":
			text = markdown.Answer(a, address.Of(lib, ""))
		default:
			if text = p.text(lib.Catalog(), a); len(answers) > 1 {
				text = p.screen().bold("« "+harmless(a.Query)+" »") + "\n" + text
			}
		}
		if err == nil && i > 0 && p.form() != "json" {
			_, err = io.WriteString(p.Stdout, "\n")
		}
		if err == nil {
			_, err = io.WriteString(p.Stdout, text)
		}
		if err != nil {
			return err
		}
	}
	if f := p.form(); f == "csv" || f == "tsv" {
		if err := p.writeList(f, "hits", columns, rows); err != nil {
			return err
		}
	}
	if empty {
		return errNothing
	}
	return nil
}

// text is an answer for people.
func (p *program) text(c *content.Catalog, a *search.Answer) string {
	s := p.screen()
	var b strings.Builder
	line := func(format string, args ...any) { b.WriteString(s.wrap(fmt.Sprintf(format, args...), "") + "\n") }
	if a.Corrected != "" {
		line("Résultats pour « %s » (« %s » n’est pas dans le contenu ; --exact pour le chercher quand même)", a.Corrected, a.Query)
	}
	for _, why := range a.Relaxed {
		line("Syntaxe : %s.", harmless(why))
	}
	if len(a.Unknown) > 0 {
		line("Absent de cette édition : « %s ».", harmless(strings.Join(a.Unknown, " », « ")))
	}
	for _, e := range a.Expanded {
		line("%s : aussi %s", e.Term, strings.Join(e.With, ", "))
	}
	switch {
	case len(a.Hits) == 0 && a.Total > 0:
		line("Il n’y a que %d résultats : --offset va trop loin.", a.Total)
	case len(a.Hits) == 0:
		line("Rien pour « %s ». Essayez d’autres mots, ou moins.", a.Query)
	case !a.Confident:
		line("Aucun résultat certain pour « %s ». Le plus proche :", a.Query)
	default:
		line("%s, édition %s", plural(a.Total, "résultat", "résultats"), a.Edition)
	}
	if len(a.Suggestions) > 0 {
		line("Essayez aussi : %s", strings.Join(a.Suggestions, ", "))
	}
	for _, h := range a.Hits {
		b.WriteString("\n")
		title := harmless(h.Title)
		if level := cmp.Or(h.OwnLevel, h.Level); level != "" {
			title += " [" + harmless(level) + "]"
		}
		b.WriteString(s.bold(s.wrap(title, "")) + "\n")
		if h.Snippet != "" {
			b.WriteString(s.wrap(s.marked(h.Snippet), "  ") + "\n")
		}
		b.WriteString(s.faint(s.wrap(place(c, h), "  ")) + "\n")
		for _, r := range h.Why {
			b.WriteString(s.hanging(fmt.Sprintf("  %6.2f  ", r.Points), r.What) + "\n")
		}
		if len(h.Why) > 0 {
			fmt.Fprintf(&b, "  %6.2f  en tout\n", h.Score)
		}
	}
	if rest := a.Total - a.Offset - len(a.Hits); rest > 0 && len(a.Hits) > 0 {
		b.WriteString("\n" + s.faint(s.wrap(fmt.Sprintf("%s de plus : --offset %d", plural(rest, "résultat", "résultats"), a.Offset+len(a.Hits)), "")) + "\n")
	}
	return b.String()
}

// place tells what a hit is and where it stands.
func place(c *content.Catalog, h search.Hit) string {
	where := h.Page.Title
	if h.Title == h.Page.Title {
		where = c.ThemeTitle(h.Theme)
	}
	return fmt.Sprintf("%s · %s · %s", kindNames[h.Type], where, h.URL)
}

var kindNames = map[content.Kind]string{
	content.KindSection: "page", content.KindExigence: "exigence", content.KindProduit: "produit", content.KindTerme: "terme",
	content.KindRegle: "règle", content.KindNorme: "norme", content.KindLigne: "ligne de tableau",
}

func plural(n int, one, many string) string {
	if n < 2 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}
