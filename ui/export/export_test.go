package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest"
	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/export"
)

// exigences of a small edition; one text is what an attacker would write.
func exigences() []*content.Record {
	return []*content.Record{
		{ID: "EX1", Theme: "cloud-native", Name: "Normes", Text: "Respecter les normes.\nY compris « RGAA » ; sans exception.", Exigence: &content.Exigence{Level: content.Important, Category: "Normes", Nature: "Ministériel"}},
		{ID: "EX2", Theme: "cloud-native", Name: "Piège", Text: `=HYPERLINK("http://ailleurs.example";"cliquez")`, Exigence: &content.Exigence{Level: content.Primordial, Category: "-2+3", Nature: "@SUM(A1)"}},
		{ID: "EX3", Theme: "cloud-native", Name: "Vide", Text: "Sans niveau.", Exigence: &content.Exigence{}},
		{ID: "EX4", Theme: "legacy", Name: "Dossier", Text: "Un dossier d’exploitation | complet.", Exigence: &content.Exigence{Level: content.Bloquant, Category: "Normes"}},
	}
}

func catalog(t testing.TB, edition string, records []*content.Record, rules ...*content.Record) *content.Catalog {
	t.Helper()
	ed := &content.Edition{Name: edition, Title: "Cadre", Framework: content.CCT()}
	table := "Identifiant;Nature;Condition;Certitude;À confirmer;Confirmé par;À qui;Source\n"
	for _, r := range records {
		r.Kind = content.KindExigence
		ed.Records = append(ed.Records, r)
		when := "type = cloud-native"
		if r.Theme == "legacy" {
			when = "type = legacy"
		}
		table += r.ID + ";exigence;" + when + ";certain;;;candidat;\n"
	}
	for _, r := range rules {
		ed.Records = append(ed.Records, r)
		table += r.ID + ";règle;api = expose;certain;;;;\n"
	}
	ed.Tables = []content.Table{{Name: profile.TableFile, Data: []byte(table)}}
	return stored(t, ed)
}

// stored is an edition read back, as every face reads it.
func stored(t testing.TB, ed *content.Edition) *content.Catalog {
	t.Helper()
	kept := map[string][]byte{}
	if err := ed.Write(func(bucket, key string, v []byte) error { kept[bucket+"/"+key] = v; return nil }); err != nil {
		t.Fatal(err)
	}
	c, err := content.OpenCatalog(func(bucket, key string) ([]byte, error) { return kept[bucket+"/"+key], nil })
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// rules of a small edition, with ids that spreadsheets make dates and numbers of.
func rules() []*content.Record {
	return []*content.Record{
		{Kind: content.KindRegle, ID: "2.2.1", Theme: "architecture", Name: "Noms", Text: "Des noms au pluriel.", Regle: &content.Regle{Kind: "regle-api"}},
		{Kind: content.KindRegle, ID: "1230", Theme: "architecture", Name: "RGAA", Text: "Être accessible.", Regle: &content.Regle{Kind: "regle", Status: "RG"}},
	}
}

func matrix(t testing.TB, c *content.Catalog, query string) *export.Table {
	t.Helper()
	v, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	s, err := export.ParseSelection(v)
	if err != nil {
		t.Fatal(err)
	}
	m, err := export.Matrix(c, s, address.Site{Base: "https://cct.example"}, time.Date(2025, 3, 9, 10, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func write(t testing.TB, format string, table *export.Table) []byte {
	t.Helper()
	f, ok := export.FormatNamed(format)
	if !ok {
		t.Fatal("no format ", format)
	}
	var b bytes.Buffer
	if err := f.Write(&b, table); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func rowsOf(t testing.TB, b []byte) [][]string {
	t.Helper()
	c := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(b, []byte("\ufeff"))))
	c.Comma = ';'
	rows, err := c.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestMatrixAsCSV(t *testing.T) {
	b := write(t, "csv", matrix(t, catalog(t, "2025-01", exigences()), ""))
	if !bytes.HasPrefix(b, []byte("\ufeff")) || bytes.Count(b, []byte("\r\n")) < 5 || bytes.Contains(bytes.ReplaceAll(b, []byte("\r\n"), nil), []byte("\n")) {
		t.Errorf("no byte order mark, or lines not ended by CRLF: %q", b[:40])
	}
	rows := rowsOf(t, b)
	if want := "Identifiant Nature Niveau Intitulé Énoncé Remarque de l’éditeur Lien Pourquoi À qui elle s’adresse Réponse Preuve Commentaire"; strings.Join(rows[0][:12], " ") != want {
		t.Error(rows[0])
	}
	if len(rows) != 5 || rows[1][0] != "EX1" || rows[1][1] != "exigence" || rows[1][2] != "important" || rows[3][2] != "non précisé" || rows[1][6] != "https://cct.example/exigences/EX1" || rows[1][8] != "candidat" || strings.Join(rows[1][9:12], "") != "" {
		t.Error(rows)
	}
	for _, r := range rows {
		for _, cell := range r {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
				t.Errorf("a cell that a spreadsheet takes for a formula: %q", cell)
			}
		}
	}
	if rows[1][13] != "édition 2025-01" {
		t.Errorf("%q: a spreadsheet would make a date of a bare 2025-01", rows[1][13])
	}
}

// TestNoDate: what a French spreadsheet would make something else of is text, and
// is read back as it was.
func TestNoDate(t *testing.T) {
	c := catalog(t, "2025-01", exigences(), rules()...)
	rows := rowsOf(t, write(t, "csv", matrix(t, c, "")))
	if rows[5][0] != "'2.2.1" || rows[6][0] != "1230" {
		t.Error(rows[5:])
	}
	texts := map[string]bool{"8.6.4": true, "3.1": true, "2025-01": true, "1/2": true, "12:30": true, "007": true, "1E5": true, "mars 2025": true, "3-déc": true, "12345678901234567": true,
		"1230": false, "2025": false, "v1.2": false, "LTS": false, "22.04 LTS": false, "EX-1110": false, "7.x": false, "≥ 5.1": false, "": false, "mars": false, "Marseille": false}
	table := tableOf([]export.Column{{Title: "a"}, {Title: "b"}})
	for text := range texts {
		table.Rows = slices.Values([][]string{{text, "x"}})
		if got := rowsOf(t, write(t, "csv", table))[1][0]; strings.HasPrefix(got, "'") != texts[text] || strings.TrimPrefix(got, "'") != text {
			t.Errorf("%q is written %q", text, got)
		}
	}
	r, err := export.Check(bytes.NewReader(write(t, "csv", matrix(t, c, ""))), "offre.csv", c, nil)
	if err != nil || len(r.Missing)+len(r.Added)+len(r.Altered) > 0 || r.Rows != 6 {
		t.Errorf("%v %+v", err, r)
	}
}

// TestEmptyAnnex: a file without a line would say that nothing is required.
func TestEmptyAnnex(t *testing.T) {
	c := catalog(t, "2025-01", exigences())
	for _, s := range []export.Selection{{Profile: profile.Profile{"type": {"ent"}}}, {Profile: profile.Profile{"type": {"legacy"}}, Levels: []string{"important"}}} {
		_, err := export.Matrix(c, s, address.Site{}, time.Now())
		var empty *export.EmptyError
		if !errors.As(err, &empty) || !strings.Contains(err.Error(), "rien à exporter : aucune exigence") {
			t.Error(err)
		}
	}
}

// TestSelections: a category may hold a comma, ids travel in the file, and a
// value that nothing has is an error that names it.
func TestSelections(t *testing.T) {
	records := exigences()
	records[0].Exigence.Category = "Code, image et compagnie"
	c := catalog(t, "2025-01", records)
	for query, want := range map[string]string{
		"category=Code,+image+et+compagnie":                 "EX1",
		"category=code,+IMAGE+et+compagnie&category=-2%2B3": "EX1 EX2",
		"category=Normes,-2%2B3":                            "EX2 EX4",
		"category=non-precise":                              "EX3",
		"id=EX4,ex1":                                        "EX1 EX4",
		"id=EX1&id=EX4&level=bloquant":                      "EX4",
	} {
		b := write(t, "csv", matrix(t, c, query))
		var got []string
		for _, r := range rowsOf(t, b)[1:] {
			got = append(got, r[0])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %v, want %s", query, got, want)
		}
		r, err := export.Check(bytes.NewReader(b), "offre.csv", c, nil)
		if err != nil || len(r.Missing)+len(r.Added) > 0 || r.Rows != len(got) {
			t.Errorf("%s: read back: %+v, %v", query, r, err)
		}
	}
	for query, name := range map[string]string{"category=cuisine": "category", "category=Normes,cuisine": "category", "nature=cuisine": "nature", "id=EX999": "id"} {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		s, err := export.ParseSelection(v)
		if err != nil {
			t.Fatal(err)
		}
		var bad *profile.BadAnswer
		if _, err := export.Matrix(c, s, address.Site{}, time.Now()); !errors.As(err, &bad) || bad.Name != name {
			t.Errorf("%s: %v", query, err)
		}
	}
	if s := (export.Selection{IDs: []string{"EX1", "EX2"}}).Among([]string{"EX3"}); s.Matches(records[0]) || s.Matches(records[2]) {
		t.Error("narrowed to nothing, it keeps something")
	}
}

// TestNoFormula: whatever a cell holds, no spreadsheet computes it.
func TestNoFormula(t *testing.T) {
	nasty := []string{"=1+1", "+1", "-1", "@A1", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "＝1", "＋1", "－1", "＠1", "'=1", "=cmd|' /C calc'!A0", "\x00=1", "\ufeff=1"}
	table := &export.Table{Title: "T", Name: "lignes", Columns: []export.Column{{Key: "a", Title: "a"}}, Rows: func(yield func([]string) bool) {
		for _, n := range nasty {
			if !yield([]string{n}) {
				return
			}
		}
	}}
	for _, row := range rowsOf(t, write(t, "csv", table))[1:] {
		if trimmed := strings.TrimLeft(row[0], " \t\r\n\u00a0"); trimmed != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(trimmed)[0]) {
			t.Errorf("CSV: %q", row[0])
		}
	}
	x := write(t, "xlsx", table)
	for _, part := range parts(t, x) {
		if strings.Contains(part, "<f>") || strings.Contains(part, "<f ") {
			t.Error("XLSX: a formula in the workbook")
		}
	}
}

func parts(t testing.TB, workbook []byte) map[string]string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(b)
	}
	return all
}

func TestMatrixAsXLSX(t *testing.T) {
	c := catalog(t, "2025-01", exigences())
	b := write(t, "xlsx", matrix(t, c, "type=cloud-native&marche=oui"))
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	const sheet = "Exigences et règles"
	if got := f.GetSheetList(); !slices.Equal(got, []string{"Présentation", sheet}) {
		t.Error(got)
	}
	rows, err := f.GetRows(sheet)
	if err != nil || len(rows) != 4 || rows[2][0] != "EX2" || rows[2][4] != exigences()[1].Text {
		t.Error(err, rows)
	}
	panes, err := f.GetPanes(sheet)
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Error("the header is not frozen", panes, err)
	}
	lists, err := f.GetDataValidations(sheet)
	if err != nil || len(lists) != 1 || lists[0].Sqref != "J2:J4" || !strings.Contains(lists[0].Formula1, "conforme,non conforme,dérogation,sans objet") {
		t.Errorf("drop-down lists: %v %+v", err, lists)
	}
	xml := parts(t, b)
	if !strings.Contains(xml["xl/worksheets/sheet2.xml"], `<autoFilter ref="$A$1:$P$4"`) {
		t.Error("no filter over the whole table")
	}
	for column, locked := range map[string]bool{"A": true, "C": true, "E": true, "G": true, "I": true, "J": false, "K": false, "L": false, "M": true} {
		id, err := f.GetCellStyle(sheet, column+"2")
		style, err2 := f.GetStyle(id)
		if err != nil || err2 != nil || (style.Protection == nil || style.Protection.Locked) != locked {
			t.Errorf("column %s: %v %v, protection %+v", column, err, err2, style.Protection)
		}
	}
	for _, name := range []string{"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"} {
		if !strings.Contains(xml[name], "<sheetProtection ") || strings.Contains(xml[name], "password=") || strings.Contains(xml[name], "hashValue=") || !strings.Contains(xml[name], `orientation="landscape"`) || !strings.Contains(xml[name], `paperSize="9"`) || !strings.Contains(xml[name], `fitToPage="true"`) {
			t.Error(name, "is not protected without a password, or does not print on A4 landscape")
		}
	}
	names := map[string]string{}
	for _, n := range f.GetDefinedName() {
		names[n.Scope+" "+n.Name] = n.RefersTo
	}
	if names[sheet+" _xlnm.Print_Area"] != "'"+sheet+"'!$A$1:$L$4" || names[sheet+" _xlnm.Print_Titles"] != "'"+sheet+"'!$1:$1" || names["Présentation _xlnm.Print_Area"] == "" {
		t.Error(names)
	}
	if visible, err := f.GetColVisible(sheet, "P"); err != nil || visible {
		t.Error("the fingerprints show", err)
	}
	if linked, to, err := f.GetCellHyperLink(sheet, "G2"); err != nil || !linked || to != "https://cct.example/exigences/EX1" {
		t.Error(linked, to, err)
	}
	cover, err := f.GetRows("Présentation")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(fmt.Sprint(cover), "\u00a0", " ")
	for _, want := range []string{"Cloud Native uniquement, marché public", "2025-01", "09/03/2025", "Licence Ouverte 2.0", "dnum-mi/cct-mi", "3 exigences (primordial 1, important 1, non précisé 1)", "Marché (objet et numéro)", "Lot", "Candidat", "Documents du cadre", "Obligations", "Niveaux et statuts", "Comment répondre"} {
		if !strings.Contains(text, want) {
			t.Errorf("the cover lacks %q: %s", want, text)
		}
	}
	for range 10 {
		if again := write(t, "xlsx", matrix(t, c, "type=cloud-native&marche=oui")); !bytes.Equal(b, again) {
			t.Fatal("the same matrix gives other bytes, so another ETag")
		}
	}
}

func TestMatrixAsJSON(t *testing.T) {
	var v struct {
		Edition, Date, Licence string
		Exigences              []map[string]string
	}
	if err := json.Unmarshal(write(t, "json", matrix(t, catalog(t, "2025-01", exigences()), "level=bloquant,primordial")), &v); err != nil {
		t.Fatal(err)
	}
	if v.Edition != "2025-01" || v.Date != "2025-03-09" || v.Licence == "" || len(v.Exigences) != 2 || v.Exigences[0]["id"] != "EX2" || v.Exigences[0]["text"] != exigences()[1].Text || v.Exigences[1]["level"] != "bloquant" {
		t.Errorf("%+v", v)
	}
}

func TestMatrixAsMarkdown(t *testing.T) {
	s := string(write(t, "md", matrix(t, catalog(t, "2025-01", exigences()), "")))
	lines := strings.Split(s, "\n")
	var table []string
	for _, l := range lines {
		if strings.HasPrefix(l, "|") {
			table = append(table, l)
		}
	}
	if len(table) != 6 || !strings.HasPrefix(s, "# Annexe technique") || !strings.Contains(s, "- Exporté le : 09/03/2025") {
		t.Error(s)
	}
	for _, l := range table {
		if n := strings.Count(strings.ReplaceAll(l, `\|`, ""), "|"); n != 13 {
			t.Errorf("%d bars: %s", n, l)
		}
	}
	if strings.Contains(s, "Empreinte") || !strings.Contains(s, `d’exploitation \| complet`) {
		t.Error(s)
	}
}

func TestLargeExportStreams(t *testing.T) {
	table := &export.Table{Title: "T", Name: "lignes", Columns: []export.Column{{Key: "a", Title: "a"}, {Key: "b", Title: "b"}}, Rows: func(yield func([]string) bool) {
		for i := range 50_000 {
			if !yield([]string{fmt.Sprint(i), strings.Repeat("mot ", 20)}) {
				return
			}
		}
	}}
	for _, f := range export.ListFormats() { // an annex is bounded by its edition
		w := &counter{}
		if err := f.Write(w, table); err != nil {
			t.Fatal(f.Name, err)
		}
		if w.calls < 10 && !f.Binary { // a workbook is zipped before it is written
			t.Errorf("%s: %d bytes in %d writes: held back whole", f.Name, w.bytes, w.calls)
		}
	}
	c := catalog(t, "2025-01", exigences(), rules()...)
	for _, f := range export.Formats() {
		if err := f.Write(&counter{fail: true}, matrix(t, c, "")); err == nil {
			t.Errorf("%s: a full disk goes unnoticed", f.Name)
		}
	}
}

type counter struct {
	bytes, calls int
	fail         bool
}

func (c *counter) Write(b []byte) (int, error) {
	if c.fail {
		return 0, io.ErrShortWrite
	}
	c.bytes, c.calls = c.bytes+len(b), c.calls+1
	return len(b), nil
}

// BenchmarkMatrixXLSX is the annex of everything that the program carries, from
// the verdict to the bytes.
func BenchmarkMatrixXLSX(b *testing.B) {
	ed, err := ingest.Load(b.Context(), content.Embedded(), ingest.Options{})
	if err != nil {
		b.Fatal(err)
	}
	c := stored(b, ed)
	for b.Loop() {
		write(b, "xlsx", matrix(b, c, "type=cloud-native"))
	}
}

// TestFrenchSpaces: the formats that people read keep what French does not cut;
// the one for scripts gives the text as it is.
func TestFrenchSpaces(t *testing.T) {
	table := &export.Table{Title: "Essai", Name: "essai", Columns: []export.Column{{Key: "text", Title: "Texte"}},
		Rows: func(yield func([]string) bool) { yield([]string{"Pourquoi ? « EX 33 » : https://exemple.fr/?q=a"}) }}
	want := "Pourquoi\u00a0? «\u00a0EX\u00a033\u00a0»\u00a0: https://exemple.fr/?q=a"
	for _, f := range []string{"csv", "md", "json"} {
		format, _ := export.FormatNamed(f)
		var b strings.Builder
		if err := format.Write(&b, table); err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(b.String(), want); got != (f != "json") {
			t.Errorf("%s: %q", f, b.String())
		}
	}
}
