package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/ui/export"
)

// fill writes a matrix, lets change edit its rows as a bidder would, and gives
// the file's bytes.
func fill(t testing.TB, format string, c *content.Catalog, query string, change func(rows [][]string) [][]string) []byte {
	t.Helper()
	m := matrix(t, c, query)
	if format == "csv" {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma = ';'
		if err := w.WriteAll(change(rowsOf(t, write(t, "csv", m)))); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	f, err := excelize.OpenReader(bytes.NewReader(write(t, "xlsx", m)))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(annexSheet)
	if err != nil {
		t.Fatal(err)
	}
	for i := range rows { // GetRows leaves out empty cells at the end
		for len(rows[i]) < len(rows[0]) {
			rows[i] = append(rows[i], "")
		}
	}
	before := len(rows)
	rows = change(rows)
	for i := before; i > len(rows); i-- {
		if err := f.RemoveRow(annexSheet, i); err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow(annexSheet, cell, &r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const annexSheet = "Exigences et règles"

// Columns of the annex.
const textAt, answerAt, commentAt = 4, 9, 11

func gaps(list []export.Gap) string {
	var out []string
	for _, g := range list {
		out = append(out, g.ID)
	}
	return strings.Join(out, " ")
}

// TestRoundTrip: a filled annex comes back as what was filled in.
func TestRoundTrip(t *testing.T) {
	c := catalog(t, "2025-01", exigences(), rules()...)
	for _, format := range []string{"csv", "xlsx"} {
		b := fill(t, format, c, "", func(rows [][]string) [][]string {
			for i, answer := range []string{"Conforme", "DÉROGATION demandée", "non-conforme", "Oui", "n/a", " sans  objet "} {
				rows[i+1][answerAt] = answer
			}
			rows[2][commentAt], rows[3][commentAt] = "six mois", "prévu plus tard"
			return rows
		})
		r, err := export.Check(bytes.NewReader(b), "offre."+format, c, nil)
		if err != nil {
			t.Fatal(format, err)
		}
		if !r.Clean() || r.Rows != 6 || r.Edition != "2025-01" || r.Current != "2025-01" {
			t.Errorf("%s: %+v", format, r)
		}
		want := []export.Tally{{Level: "bloquant", Total: 1, Conform: 1}, {Level: "primordial", Total: 1, Derogation: 1}, {Level: "important", Total: 1, Conform: 1}, {Level: "non précisé", Total: 1, NotConform: 1}, {Level: "règles", Total: 2, NotMatter: 2}}
		if !slices.Equal(r.Tally, want) {
			t.Errorf("%s: %+v, want %+v", format, r.Tally, want)
		}
	}
}

// TestAnswersUnderstood: what people write for each answer, and what is none.
func TestAnswersUnderstood(t *testing.T) {
	c := catalog(t, "2025-01", exigences())
	for want, cells := range map[string][]string{
		"conforme":     {"conforme", "Conforme", "CONFORME", "oui", "Oui.", "OK", "ok", "✓", "x", "conforme !"},
		"non conforme": {"non conforme", "Non-conforme", "NON CONFORME", "non", "nc", "Non\u00a0conforme", "pas conforme"},
		"dérogation":   {"dérogation", "Derogation", "DÉROGATION DEMANDÉE", "demande de dérogation", "De\u0301rogation"},
		"sans objet":   {"sans objet", "Sans-objet", "N/A", "na", "n.a.", "NA", "non applicable", "s.o."},
		"":             {"peut-être", "partiellement conforme", "conforme sauf EX3", "???", "à voir"},
	} {
		for _, cell := range cells {
			b := fill(t, "csv", c, "id=EX1", func(rows [][]string) [][]string {
				rows[1][answerAt], rows[1][commentAt] = cell, "parce que"
				return rows
			})
			r, err := export.Check(bytes.NewReader(b), "f.csv", c, nil)
			if err != nil || len(r.Tally) != 1 {
				t.Fatal(cell, err, r)
			}
			got := map[export.Tally]string{{Level: "important", Total: 1, Conform: 1}: "conforme", {Level: "important", Total: 1, NotConform: 1}: "non conforme", {Level: "important", Total: 1, Derogation: 1}: "dérogation", {Level: "important", Total: 1, NotMatter: 1}: "sans objet"}[r.Tally[0]]
			if got != want || r.Clean() != (want != "") {
				t.Errorf("%q reads as %q, want %q: %+v", cell, got, want, r)
			}
			if want == "" && !strings.Contains(r.Open[0].What, "« "+cell+" » n’est pas une réponse") {
				t.Error(r.Open)
			}
		}
	}
}

// TestFindings: what a buyer has to look at, each with its id; the rest is only
// counted.
func TestFindings(t *testing.T) {
	c := catalog(t, "2025-01", exigences(), rules()...)
	for _, format := range []string{"csv", "xlsx"} {
		b := fill(t, format, c, "", func(rows [][]string) [][]string {
			rows[1][answerAt] = "non conforme"                        // important, without a comment
			rows[2][answerAt], rows[2][commentAt] = "non", "on verra" // primordial
			rows[3][answerAt] = "dérogation"
			rows[4][answerAt] = "" // bloquant
			rows[5][answerAt] = "bof"
			return rows[:6]
		})
		r, err := export.Check(bytes.NewReader(b), "offre."+format, c, nil)
		if err != nil {
			t.Fatal(format, err)
		}
		if gaps(r.NotConforming) != "EX2" || gaps(r.Uncommented) != "EX1 EX3" || gaps(r.Open) != "EX4 2.2.1" || gaps(r.Missing) != "1230" || r.Clean() {
			t.Errorf("%s: %+v", format, r)
		}
	}
}

// TestWhatChanged: the edition moved on, and the bidder cut, added and rewrote.
func TestWhatChanged(t *testing.T) {
	old := catalog(t, "2024-02", exigences())
	newer := exigences()
	newer[0].Text = "Respecter toutes les normes."
	newer[3].Exigence.Level = content.Primordial
	newer = append(newer, &content.Record{ID: "EX5", Theme: "cloud-native", Text: "Nouvelle.", Exigence: &content.Exigence{Level: content.Important}})
	now := catalog(t, "2025-01", newer)
	for _, format := range []string{"csv", "xlsx"} {
		b := fill(t, format, old, "", func(rows [][]string) [][]string {
			rows[1][answerAt] = "oui"
			rows[3][answerAt] = "oui, mais"
			rows[3][textAt] = "Autre texte."
			rows[4][0] = "EX777"
			return rows
		})
		r, err := export.Check(bytes.NewReader(b), "offre."+format, now, nil)
		if err != nil {
			t.Fatal(format, err)
		}
		if gaps(r.Missing) != "EX4 EX5" || gaps(r.Added) != "EX777" || gaps(r.Changed) != "EX1" || gaps(r.Altered) != "EX3" || gaps(r.Open) != "EX2 EX3 EX777" || r.Edition != "2024-02" || r.Clean() {
			t.Errorf("%s: missing %s, added %s, changed %s, altered %s, open %s, edition %s", format, gaps(r.Missing), gaps(r.Added), gaps(r.Changed), gaps(r.Altered), gaps(r.Open), r.Edition)
		}
	}
}

// TestOfficialWords: a file made where the official words are given is checked
// where they aren't, and the other way round.
func TestOfficialWords(t *testing.T) {
	ours, theirs := exigences(), exigences()
	for i := range ours {
		ours[i].Restated, theirs[i].Restated = true, true
		theirs[i].Official.Text = "Texte officiel de " + ours[i].ID + "."
	}
	plain, official := catalog(t, "2025-01", ours), catalog(t, "2025-01", theirs)
	if text := rowsOf(t, write(t, "csv", matrix(t, official, "")))[1][textAt]; text != "Texte officiel de EX1." {
		t.Error("the annex holds", text)
	}
	for _, c := range [][2]*content.Catalog{{plain, official}, {official, plain}} {
		r, err := export.Check(bytes.NewReader(write(t, "xlsx", matrix(t, c[0], ""))), "f", c[1], nil)
		if err != nil || len(r.Changed)+len(r.Altered) > 0 {
			t.Errorf("%v %+v", err, r)
		}
	}
	newer := catalog(t, "2026-01", ours)
	if r, err := export.Check(bytes.NewReader(write(t, "xlsx", matrix(t, official, ""))), "f", newer, nil); err != nil || len(r.Changed) != 4 {
		t.Errorf("of another edition: %v %+v", err, r)
	}
}

// TestProfileTravels: the file says which selection it was made for.
func TestProfileTravels(t *testing.T) {
	c := catalog(t, "2025-01", exigences())
	b := fill(t, "xlsx", c, "type=legacy&level=bloquant&interface=web,mobile", func(rows [][]string) [][]string {
		rows[1][answerAt] = "oui"
		return rows
	})
	r, err := export.Check(bytes.NewReader(b), "offre.xlsx", c, nil)
	if err != nil || !r.Clean() || r.Rows != 1 || r.Selection != "interface=web%2Cmobile&level=bloquant&type=legacy" {
		t.Errorf("%v %+v", err, r)
	}
	r, err = export.Check(bytes.NewReader(b), "offre.xlsx", c, &export.Selection{})
	if err != nil || gaps(r.Missing) != "EX1 EX2 EX3" {
		t.Errorf("%v %+v", err, r)
	}
}

// TestCompare: bidders side by side, in the edition's order, with what differs.
func TestCompare(t *testing.T) {
	c := catalog(t, "2025-01", exigences(), rules()...)
	answers := func(format string, list ...string) []byte {
		return fill(t, format, c, "", func(rows [][]string) [][]string {
			for i, a := range list {
				rows[i+1][answerAt] = a
			}
			rows[2][commentAt] = "six mois"
			return rows[:len(list)+1]
		})
	}
	one, other := answers("xlsx", "oui", "dérogation", "oui", "oui"), answers("csv", "Conforme", "non", "bof", "oui", "so")
	table, err := export.Compare([]export.Filled{{"offre.xlsx", bytes.NewReader(one)}, {"offre.xlsx", bytes.NewReader(other)}}, c)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"EX1 important Normes  conforme conforme", "EX2 primordial Piège oui dérogation : six mois non conforme : six mois", "EX3 non précisé Vide oui conforme ? bof",
		"EX4 bloquant Dossier  conforme conforme", "2.2.1  Noms oui absente sans objet"}
	var got []string
	for row := range table.Rows {
		got = append(got, strings.Join(row, " "))
	}
	if !slices.Equal(got, want) || table.Columns[5].Title != "offre.xlsx (2)" {
		t.Errorf("%q, want %q", got, want)
	}
	for _, f := range export.ListFormats() {
		if len(write(t, f.Name, table)) == 0 {
			t.Error(f.Name)
		}
	}
	if _, err := export.Compare([]export.Filled{{"a", bytes.NewReader(one)}, {"b", strings.NewReader("bonjour")}}, c); err == nil || !strings.HasPrefix(err.Error(), "b : ") {
		t.Error(err)
	}
}

// TestOtherSpreadsheets: separators and encodings that they save in.
func TestOtherSpreadsheets(t *testing.T) {
	c := catalog(t, "2025-01", exigences())
	plain := "Ma matrice;;;\nid;CONFORME;Non  conforme;Derogation\nex1;oui;;\n;;;\nEX2;;x;\nEX3;o;;\nEX4;✓;;\n"
	latin := []byte(strings.NewReplacer("✓", "oui", "Derogation", "D\xe9rogation").Replace(plain))
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(strings.ReplaceAll(plain, ";", "\t"))) {
		wide = append(wide, byte(u), byte(u>>8))
	}
	for name, b := range map[string][]byte{"semicolons": []byte(plain), "commas": []byte(strings.ReplaceAll(plain, ";", ",")), "CRLF": []byte(strings.ReplaceAll(plain, "\n", "\r\n")), "Windows-1252": latin, "UTF-16": wide} {
		r, err := export.Check(bytes.NewReader(b), name, c, nil)
		if err != nil || r.Rows != 4 || len(r.Open)+len(r.Missing)+len(r.Added) > 0 || gaps(r.NotConforming) != "EX2" {
			t.Errorf("%s: %v %+v", name, err, r)
		}
	}
}

// TestMalformed: every fault says where it is and what to do.
func TestMalformed(t *testing.T) {
	c := catalog(t, "2025-01", exigences())
	header := "ID;Niveau;Conforme;Non conforme;Dérogation\n"
	bomb := func() []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		w, err := z.Create("xl/worksheets/sheet1.xml")
		if err != nil {
			t.Fatal(err)
		}
		zeros := make([]byte, 1<<20)
		for range 80 {
			if _, err := w.Write(zeros); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}()
	noColumn := fill(t, "xlsx", c, "", func(rows [][]string) [][]string {
		rows[0][answerAt] = "Remarques"
		return rows
	})
	whole := write(t, "xlsx", matrix(t, c, ""))
	for name, test := range map[string]struct {
		data  []byte
		wants []string
	}{
		"empty":            {nil, []string{"vide"}},
		"blank":            {[]byte(" \n \n"), []string{"vide"}},
		"no header":        {[]byte("bonjour;tout\nle;monde\n"), []string{"Identifiant et Réponse"}},
		"one column less":  {[]byte("ID;Conforme;Non conforme\nEX1;oui;\n"), []string{"ligne 1", "Réponse"}},
		"no id at all":     {[]byte("Réponse\noui\n"), []string{"ligne 1", "Identifiant"}},
		"quote":            {[]byte(header + "EX1;;\"oui;;\n"), []string{"ligne 2", "guillemet"}},
		"JSON":             {[]byte("{\"exigences\": []}"), []string{"JSON", "CSV ou XLSX"}},
		"binary":           {[]byte("ID\x00\x01\x02"), []string{"ni un classeur"}},
		"old XLS":          {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 …"), []string{"mot de passe", "XLSX"}},
		"truncated":        {whole[:len(whole)/2], []string{"abîmé", "XLSX"}},
		"not a workbook":   {[]byte("PK\x03\x04 et rien d’autre"), []string{"abîmé", "XLSX"}},
		"bomb":             {bomb, []string{"décompressé"}},
		"XLSX less column": {noColumn, []string{"feuille « Exigences et règles »", "ligne 1", "Réponse"}},
		"too many columns": {[]byte(header + strings.Repeat("x;", 300) + "\n"), []string{"colonnes"}},
		"too large":        {bytes.Repeat([]byte("a;b\n"), 5<<20), []string{"Mio"}},
		"bad selection":    {[]byte("ID;Conforme;Non conforme;Dérogation;Sélection\nEX1;oui;;;type=mobile\n"), []string{"ligne 2", "Sélection", "mobile"}},
	} {
		_, err := export.Check(bytes.NewReader(test.data), "offre.fichier", c, nil)
		var fault *export.FileError
		if !errors.As(err, &fault) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for _, want := range append(test.wants, "offre.fichier") {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q isn't in: %v", name, want, err)
			}
		}
		if strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: more than a line: %q", name, err)
		}
	}
}

// TestLinesAtFault: they are listed, and the others counted all the same.
func TestLinesAtFault(t *testing.T) {
	c := catalog(t, "2025-01", exigences())
	file := "Identifiant;Réponse;Commentaire\nEX1;oui;\nex1;non;\n;oui;\nEX2;oui;\nEX3;oui;\nEX4;oui;\n"
	r, err := export.Check(strings.NewReader(file), "f.csv", c, nil)
	if err != nil || gaps(r.Added) != "EX1 " || !strings.Contains(r.Added[0].What, "ligne 2") || !strings.Contains(r.Added[1].What, "pas d’identifiant") || len(r.Missing) != 0 || r.Tally[0].Conform != 1 {
		t.Errorf("%v %+v", err, r)
	}
}

// FuzzCheck: a report or an error, whatever the file.
func FuzzCheck(f *testing.F) {
	c := catalog(f, "2025-01", exigences())
	f.Add(write(f, "xlsx", matrix(f, c, "")))
	f.Add(fill(f, "xlsx", c, "", func(rows [][]string) [][]string { return rows })) // as another program saves it
	f.Add(write(f, "csv", matrix(f, c, "type=legacy")))
	f.Add([]byte("ID,Conforme,Non conforme,Dérogation\nEX1,oui,,\n"))
	f.Add([]byte("\xff\xfeI\x00D\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := export.Check(bytes.NewReader(b), "f", c, nil)
		if (r == nil) == (err == nil) {
			t.Errorf("report %v, error %v", r, err)
		}
	})
}
