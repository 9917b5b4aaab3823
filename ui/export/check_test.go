package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
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
	rows, err := f.GetRows("Exigences")
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
		if err := f.RemoveRow("Exigences", i); err != nil {
			t.Fatal(err)
		}
	}
	for i, r := range rows {
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.SetSheetRow("Exigences", cell, &r); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const conform, notConform, derogation = 4, 5, 6

func gaps(list []export.Gap) string {
	var out []string
	for _, g := range list {
		out = append(out, g.ID)
	}
	return strings.Join(out, " ")
}

// TestRoundTrip: a filled matrix comes back as what was filled in.
func TestRoundTrip(t *testing.T) {
	c := catalog(t, "2025-01", exigences())
	for _, format := range []string{"csv", "xlsx"} {
		b := fill(t, format, c, "", func(rows [][]string) [][]string {
			rows[1][conform] = "oui"
			rows[2][notConform], rows[2][derogation] = "OUI", "x"
			rows[3][conform] = "non"
			rows[4][conform] = "oui"
			return rows
		})
		r, err := export.Check(bytes.NewReader(b), "offre."+format, c, nil)
		if err != nil {
			t.Fatal(format, err)
		}
		if !r.Clean() || r.Rows != 4 || r.Edition != "2025-01" || r.Current != "2025-01" {
			t.Errorf("%s: %+v", format, r)
		}
		want := []export.Tally{{"bloquant", 1, 1, 0, 0, 0}, {"primordial", 1, 0, 1, 1, 0}, {"important", 1, 1, 0, 0, 0}, {"non précisé", 1, 0, 1, 0, 0}}
		for i, w := range want {
			if i >= len(r.Tally) || r.Tally[i] != w {
				t.Errorf("%s: %+v, want %+v", format, r.Tally, want)
				break
			}
		}
		var text bytes.Buffer
		if err := r.WriteText(&text); err != nil || !strings.Contains(text.String(), "Rien à signaler.") {
			t.Error(err, text.String())
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
			rows[1][conform] = "oui"
			rows[3][conform], rows[3][notConform] = "oui", "oui"
			rows[3][2] = "Autre texte."
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
		if r.Open[1].Row != 4 || !strings.Contains(r.Open[1].What, "contradictoires") {
			t.Errorf("%+v", r.Open)
		}
		var text bytes.Buffer
		if err := r.WriteText(&text); err != nil || !strings.Contains(text.String(), "EX3 (ligne 4)") || strings.Contains(text.String(), "Rien à signaler") {
			t.Error(err, text.String())
		}
	}
}

// TestProfileTravels: the file says which selection it was made for.
func TestProfileTravels(t *testing.T) {
	c := catalog(t, "2025-01", exigences())
	b := fill(t, "xlsx", c, "type=legacy&level=bloquant", func(rows [][]string) [][]string {
		rows[1][conform] = "oui"
		return rows
	})
	r, err := export.Check(bytes.NewReader(b), "offre.xlsx", c, nil)
	if err != nil || !r.Clean() || r.Rows != 1 || r.Selection != "level=bloquant&type=legacy" {
		t.Errorf("%v %+v", err, r)
	}
	r, err = export.Check(bytes.NewReader(b), "offre.xlsx", c, &export.Selection{})
	if err != nil || gaps(r.Missing) != "EX1 EX2 EX3" {
		t.Errorf("%v %+v", err, r)
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
		if err != nil || r.Rows != 4 || !r.Clean() {
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
	badCell := fill(t, "xlsx", c, "", func(rows [][]string) [][]string {
		rows[3][notConform] = "peut-être"
		return rows
	})
	noColumn := fill(t, "xlsx", c, "", func(rows [][]string) [][]string {
		rows[0][derogation] = "Remarques"
		return rows
	})
	whole := write(t, "xlsx", matrix(t, c, ""))
	for name, test := range map[string]struct {
		data  []byte
		wants []string
	}{
		"empty":            {nil, []string{"vide"}},
		"blank":            {[]byte(" \n \n"), []string{"vide"}},
		"no header":        {[]byte("bonjour;tout\nle;monde\n"), []string{"ID, Conforme"}},
		"one column less":  {[]byte("ID;Conforme;Non conforme\nEX1;oui;\n"), []string{"ligne 1", "Dérogation"}},
		"no id":            {[]byte(header + "EX1;;oui;;\n;important;oui;;\n"), []string{"ligne 3", "colonne A (ID)", "identifiant"}},
		"twice":            {[]byte(header + "EX1;;oui;;\nEX1;;oui;;\n"), []string{"ligne 3", "ligne 2"}},
		"unknown answer":   {[]byte(header + "EX1;;peut-être;;\nEX2;;bof;;\n"), []string{"ligne 2", "colonne C (Conforme)", "peut-être", "un autre défaut"}},
		"quote":            {[]byte(header + "EX1;;\"oui;;\n"), []string{"ligne 2", "guillemet"}},
		"JSON":             {[]byte("{\"exigences\": []}"), []string{"JSON", "CSV ou XLSX"}},
		"binary":           {[]byte("ID\x00\x01\x02"), []string{"ni un classeur"}},
		"old XLS":          {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 …"), []string{"mot de passe", "XLSX"}},
		"truncated":        {whole[:len(whole)/2], []string{"classeur XLSX lisible"}},
		"not a workbook":   {[]byte("PK\x03\x04 et rien d’autre"), []string{"classeur XLSX lisible"}},
		"bomb":             {bomb, []string{"décompressé"}},
		"bad cell in XLSX": {badCell, []string{"feuille « Exigences »", "ligne 4", "colonne F (Non conforme)", "peut-être"}},
		"XLSX less column": {noColumn, []string{"feuille « Exigences »", "ligne 1", "Dérogation"}},
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
