package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/history"
)

// showDated tells what ids of dated lists mean, and gives the ids that are left to
// show. EXI-ARCH-7@2024-06-23 is shown from the edition of its date where that is
// held; without a date, an id that lists use for different things is told date by date.
func (p *program) showDated(o *opened, ids []string) (rest []string, told bool, err error) {
	tables, err := o.Editions().Tables()
	if err != nil {
		return nil, false, err
	}
	for _, asked := range ids {
		id, date := history.SplitDated(asked)
		id = strings.ToUpper(id)
		uses := tables.Dated[id]
		held := p.form() == "json" || len(uses) == 0
		switch {
		case date != "" && (len(uses) > 0 || history.IsDate(date)):
			if err := p.showAt(o, tables, id, date); err != nil {
				return nil, false, err
			}
			told = true
		case held:
			rest = append(rest, asked)
		case tables.Dated.Ambiguous(id):
			told = true
			if refs, failed := named(o, id); failed != nil || len(refs) > 0 {
				rest, err = append(rest, asked), failed
			}
			err = errors.Join(err, p.tell("%s ne suffit pas : selon la date de la liste, cet identifiant désigne autre chose. Citez-le avec sa date, par exemple %s@%s.\n%s", id, id, uses[len(uses)-1].Date, meanings(tables, id)))
		default:
			rest = append(rest, asked)
			if refs, failed := named(o, id); failed != nil {
				err = failed
			} else if len(refs) == 0 {
				rest, told = rest[:len(rest)-1], true
				err = p.tell("%s\n%s", id, meanings(tables, id))
			}
		}
		if err != nil {
			return nil, false, err
		}
	}
	return rest, told, nil
}

func (p *program) tell(format string, args ...any) error {
	_, err := fmt.Fprint(p.Stdout, content.French(fmt.Sprintf(format, args...)))
	return err
}

// meanings lists what an id means, a line for each meaning, with its official row.
func meanings(tables *history.Tables, id string) string {
	var b strings.Builder
	for _, uses := range tables.Dated.Meanings(id) {
		first, last := uses[0], uses[len(uses)-1]
		when := first.Date
		if last.Date != when {
			when += " à " + last.Date
		}
		level := string(last.Level)
		if level == "" {
			level = "niveau non précisé"
		}
		fmt.Fprintf(&b, "  %s : %s (%s)\n    %s\n", when, last.Subject, level, tables.Published[last.Date].URL("", last.Line))
	}
	return b.String()
}

// showAt shows an id as the edition of a date has it.
func (p *program) showAt(o *opened, tables *history.Tables, id, date string) error {
	lib, err := o.Editions().Library(date)
	if err == nil {
		refs, err := named(&opened{Library: lib, store: o.store}, id)
		if err != nil {
			return err
		}
		if len(refs) > 0 {
			return p.writeFound(lib, refs)
		}
		fmt.Fprintf(p.Stderr, "cct: l’édition %s n’a pas d’identifiant « %s »\n", date, oneLine(id))
		return errNothing
	}
	if u, ok := tables.Dated.At(id, date); ok {
		return p.tell("%s@%s : %s (%s)\n  %s\n  Le texte est dans l’édition %s : donnez son dossier par --content.\n", id, date, u.Subject, u.Level, tables.Published[date].URL("", u.Line), date)
	}
	if uses := tables.Dated[id]; len(uses) > 0 {
		fmt.Fprintf(p.Stderr, "cct: aucune liste connue n’est du %s ; « %s » désigne : %s\n", oneLine(date), oneLine(id), tables.Dated.Say(id))
		return errNothing
	}
	return absent(date, o.Editions().Names())
}
