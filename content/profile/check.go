package profile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
)

// Check judges an edition's table of applicability against its records: unknown
// ids, questions, values and addressees, twice the same id, a record without a
// line. An edition without a table has no fault.
func Check(ed *content.Edition) []content.Problem {
	i := slices.IndexFunc(ed.Tables, func(t content.Table) bool { return t.Name == TableFile })
	if i < 0 {
		return nil
	}
	list, faults := parseTable(ed.Tables[i].Data)
	wrong := func(at int, code, format string, args ...any) {
		faults = append(faults, content.Problem{File: TableFile, Line: at, Code: "applicabilite-" + code, What: fmt.Sprintf(format, args...)})
	}
	known := judged(ed)
	lines := map[string]int{}
	for _, c := range list {
		if first := lines[c.ID]; first > 0 {
			wrong(c.Line, "double", "« %s » a déjà sa ligne, la %d : gardez-en une", c.ID, first)
			continue
		}
		lines[c.ID] = c.Line
		if !slices.Contains(known, c.ID) {
			wrong(c.Line, "inconnue", "« %s » n’est ni une exigence, ni une règle, ni une famille de produits de ce dossier : corrigez l’identifiant, ou retirez la ligne", c.ID)
		}
		for _, fault := range faultsOf(c) {
			wrong(c.Line, fault.Code, "%s : %s", c.ID, fault.What)
		}
	}
	for _, id := range known {
		if lines[id] == 0 {
			wrong(0, "absente", "« %s » n’a pas de ligne : sans condition, rien ne l’écarte jamais", id)
		}
	}
	return faults
}

// judged lists the ids that the table should hold, in reading order.
func judged(ed *content.Edition) []string {
	var ids []string
	for _, r := range ed.Records {
		id := ""
		switch {
		case r.Kind == content.KindExigence || r.Kind == content.KindRegle:
			id = r.ID
		case r.Produit != nil:
			id = FamilyOf(r)
		}
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

func faultsOf(c line) (faults []content.Problem) {
	add := func(code, what string) { faults = append(faults, content.Problem{Code: code, What: what}) }
	conditions := []string{c.When, c.Settled}
	switch {
	case c.When == "":
		add("condition", "la condition est vide : écrivez-la, ou « "+always+" »")
	case strings.HasPrefix(c.Certainty, confirmIf):
		conditions = append(conditions, strings.TrimPrefix(c.Certainty, confirmIf))
	case c.Certainty != certainWord && c.Certainty != confirmWord:
		add("certitude", "la certitude « "+short(c.Certainty)+" » n’existe pas : écrivez « "+certainWord+" », « "+confirmWord+" » ou « "+confirmIf+"… »")
	}
	if strings.HasPrefix(c.Certainty, confirmWord) && c.Confirm == "" {
		add("certitude", "dites dans « À confirmer » ce qu’il faut confirmer")
	}
	for _, text := range conditions {
		if _, err := parseCondition(text); err != nil {
			add("condition", err.Error())
		}
	}
	var words []string
	for _, a := range Addressees() {
		words = append(words, a[1])
	}
	for _, who := range c.Addressee {
		if !slices.Contains(words, who) {
			add("destinataire", "« "+short(who)+" » n’est pas un destinataire : choisissez parmi "+strings.Join(words, ", "))
		}
	}
	return faults
}
