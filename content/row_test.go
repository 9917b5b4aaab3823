package content

import "testing"

func first(title string, _ int) string { return title }

func TestRowTitle(t *testing.T) {
	row := func(id string, cells ...string) *Record {
		r := &Record{ID: id, Kind: KindLigne, Path: []string{"Page", "Chapitre"}}
		for i, head := range []string{"Application", "Changement", "Qui décide"} {
			if i < len(cells) {
				r.Cells = append(r.Cells, Cell{Header: head, Text: cells[i]})
			}
		}
		return r
	}
	rows := []*Record{row("a", "Petite", "Nouvelle application", "x"), row("b", "Petite", "Évolution majeure", "y"), row("c", "Petite", "SSO métier", "y")}
	for i, want := range []string{"Petite application · nouvelle application", "Petite application · évolution majeure", "Petite application · SSO métier"} {
		if got := first(rowTitle(rows[i], rows)); got != want {
			t.Errorf("%s: %q, want %q", rows[i].ID, got, want)
		}
	}
	for _, c := range []struct {
		row  *Record
		want string
	}{
		{row("d", "3", "Stockage objet", "x"), "3 · stockage objet"},
		{row("e", "PNG", "x"), "Chapitre : PNG"},
		{row("f", "Conformité au CCT", "x"), "Conformité au CCT"},
		{row("g", "", "Sans clé", "x"), "Sans clé"},
	} {
		if got := first(rowTitle(c.row, nil)); got != c.want {
			t.Errorf("%s: %q, want %q", c.row.ID, got, c.want)
		}
	}
}
