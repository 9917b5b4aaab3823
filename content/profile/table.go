package profile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/cct-mi/cct/content"
)

// TableFile is the table of applicability, at a content folder's root.
const TableFile = "applicabilite.csv"

// line is a line of that table: when one requirement, rule, principle or
// family of products binds an application.
type line struct {
	ID        string   // of the record, or "AT/T2" for a family of products
	Kind      string   // as the table says it: "exigence", "règle", "famille de produits"…
	When      string   // "type = legacy et marche = oui"; "toujours"
	Certainty string   // "certain", "à confirmer", "à confirmer si <condition>"
	Confirm   string   // what somebody has to confirm, as a clause: "l’application conserve des données"
	Settled   string   // the condition under which that is confirmed, else ""
	Addressee []string // "candidat", "direction d’application", …
	Source    string   // file and line of the official text: "3-strategie-api/regles.md:12"
	Line      int      // of the table
}

// conditionColumns are the table's heads, in any order.
var conditionColumns = []string{"Identifiant", "Nature", "Condition", "Certitude", "À confirmer", "Confirmé par", "À qui", "Source"}

// parseTable reads the table of applicability: CSV in UTF-8 separated by
// semicolons, as French spreadsheets write it. A line that can't be read is a
// problem and is left out; what its conditions say is not judged here.
func parseTable(raw []byte) ([]line, []content.Problem) {
	var list []line
	var problems []content.Problem
	wrong := func(at int, format string, args ...any) {
		problems = append(problems, content.Problem{File: TableFile, Line: at, Code: "applicabilite-invalide", What: fmt.Sprintf(format, args...)})
	}
	raw = bytes.TrimPrefix(raw, []byte("\ufeff")) // Excel writes it, and wants it
	c := csv.NewReader(bytes.NewReader(raw))
	c.Comma, c.FieldsPerRecord = ';', -1
	var at map[string]int
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return list, problems
		}
		var bad *csv.ParseError
		if errors.As(err, &bad) {
			wrong(bad.Line, "la ligne ne suit pas le format CSV (point-virgule, guillemets doublés) : elle et la suite ne sont pas lues")
			return list, problems
		}
		if err != nil {
			wrong(0, "la suite du fichier n’est pas lue : %v", err)
			return list, problems
		}
		number, _ := c.FieldPos(0)
		if at == nil {
			if at, err = columnsOf(row); err != nil {
				wrong(number, "%v", err)
				return list, problems
			}
			continue
		}
		cell := func(title string) string {
			if i := at[title]; i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		}
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			continue
		}
		if cell("Identifiant") == "" || len(row) != len(at) {
			wrong(number, "la ligne compte %d cellules au lieu de %d, ou n’a pas d’identifiant : elle n’est pas lue", len(row), len(at))
			continue
		}
		one := line{ID: cell("Identifiant"), Kind: cell("Nature"), When: cell("Condition"), Certainty: cell("Certitude"),
			Confirm: cell("À confirmer"), Settled: cell("Confirmé par"), Source: cell("Source"), Line: number, Addressee: []string{}}
		for who := range strings.SplitSeq(cell("À qui"), ",") {
			if who = strings.TrimSpace(who); who != "" {
				one.Addressee = append(one.Addressee, who)
			}
		}
		list = append(list, one)
	}
}

// columnsOf finds the columns by their heads.
func columnsOf(row []string) (map[string]int, error) {
	at := map[string]int{}
	for i, title := range row {
		at[strings.TrimSpace(title)] = i
	}
	for _, want := range conditionColumns {
		if _, ok := at[want]; !ok {
			return nil, fmt.Errorf("la colonne « %s » manque : le tableau n’est pas lu (colonnes attendues : %s)", want, strings.Join(conditionColumns, ", "))
		}
	}
	return at, nil
}
