package export_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/xuri/excelize/v2"

	"github.com/cct-mi/cct/ui/export"
)

func tableOf(columns []export.Column, rows ...[]string) *export.Table {
	return &export.Table{Title: "Titre <& « été »", Name: "lignes", Columns: columns, Rows: slices.Values(rows)}
}

func opened(t testing.TB, b []byte) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

// TestTextSurvives: another reader sees the text that was given, whatever is in it.
func TestTextSurvives(t *testing.T) {
	texts := []string{"<b>&amp;</b> \"'", "  blancs  ", "deux\nlignes\tet", "a\r\nb\rc", "_x000D_ _x005F_ _x12_", "🇫🇷 élève", "nul\x00 cloche\x07 \ufeff\uffff", "pas d’UTF-8 \xff", "=1+1", ""}
	wants := []string{"<b>&amp;</b> \"'", "  blancs  ", "deux\nlignes\tet", "a\nb\nc", "_x000D_ _x005F_ _x12_", "🇫🇷 élève", "nul cloche ", "pas d’UTF-8 �", "=1+1", ""}
	var rows [][]string
	for _, s := range texts {
		rows = append(rows, []string{s, "fin"})
	}
	b := write(t, "xlsx", tableOf([]export.Column{{Key: "a", Title: "<A>"}, {Key: "b", Title: "B"}}, rows...))
	got, err := opened(t, b).GetRows("Lignes")
	if err != nil || len(got) != len(wants)+1 || got[0][0] != "<A>" {
		t.Fatal(err, got)
	}
	for i, want := range wants {
		if got[i+1][0] != want || got[i+1][1] != "fin" {
			t.Errorf("%q reads as %q", texts[i], got[i+1])
		}
	}
}

// TestLongText is cut at what a cell holds, never inside a character.
func TestLongText(t *testing.T) {
	const limit = 32767
	for _, s := range []string{strings.Repeat("é", limit), strings.Repeat("a", limit+1), strings.Repeat("🇫", limit), "a" + strings.Repeat("🇫", limit)} {
		v, err := opened(t, write(t, "xlsx", tableOf([]export.Column{{Title: "a"}}, []string{s}))).GetCellValue("Lignes", "A2")
		if err != nil {
			t.Fatal(err)
		}
		whole := len(utf16.Encode([]rune(s))) <= limit
		if n := len(utf16.Encode([]rune(v))); n > limit || n < limit-1 || whole != (v == s) || whole == strings.HasSuffix(v, "…") || strings.Contains(v, "\ufffd") {
			t.Errorf("%d units, ends with %q", n, v[len(v)-8:])
		}
	}
}

// TestDates are dates, shown as French people write them; what is no date, or
// one that spreadsheets disagree on, is text.
func TestDates(t *testing.T) {
	table := tableOf([]export.Column{{Title: "quand", Date: true}}, []string{"2025-03-09"}, []string{"1789-07-14"}, []string{"bientôt"}, []string{""}, []string{"1900-03-01"})
	table.Facts = []export.Fact{{Label: "Le", Value: "2024-02-29", Date: true}}
	f := opened(t, write(t, "xlsx", table))
	for cell, want := range map[string][2]string{"A2": {"45725", "09/03/2025"}, "A3": {"14/07/1789", "14/07/1789"}, "A4": {"bientôt", "bientôt"}, "A5": {"", ""}, "A6": {"61", "01/03/1900"}} {
		raw, err := f.GetCellValue("Lignes", cell, excelize.Options{RawCellValue: true})
		shown, err2 := f.GetCellValue("Lignes", cell)
		if err != nil || err2 != nil || raw != want[0] || shown != want[1] {
			t.Errorf("%s: %q shown as %q, want %q", cell, raw, shown, want)
		}
	}
	if v, err := f.GetCellValue("Présentation", "B3"); err != nil || v != "29/02/2024" {
		t.Error(err, v)
	}
}

// TestLayout: what a reader of any sheet counts on, seen by another program.
func TestLayout(t *testing.T) {
	f := opened(t, write(t, "xlsx", tableOf([]export.Column{{Title: "Une tête de deux lignes", Width: 14}, {Title: "B"}}, []string{"trois lignes de texte, dans quatorze", "b"})))
	for cell, fill := range map[string]int{"A1": 1, "A2": 0} {
		id, err := f.GetCellStyle("Lignes", cell)
		if err != nil {
			t.Fatal(err)
		}
		s, err := f.GetStyle(id)
		if err != nil || s.Fill.Pattern != fill || !s.Alignment.WrapText || s.Alignment.Vertical != "top" || (cell == "A1") != (s.Font != nil && s.Font.Bold) {
			t.Errorf("%s: %v %+v", cell, err, s)
		}
	}
	for _, sheet := range f.GetSheetList() {
		page, err := f.GetPageLayout(sheet)
		if err != nil || *page.Size != 9 || *page.FitToWidth != 1 || *page.FitToHeight != 0 || *page.Orientation != "landscape" {
			t.Errorf("%s: %v %+v", sheet, err, page)
		}
		if h, err := f.GetHeaderFooter(sheet); err != nil || !strings.Contains(h.OddFooter, "Page &P / &N") {
			t.Errorf("%s: %v %+v", sheet, err, h)
		}
	}
	props, err := f.GetDocProps()
	if err != nil || props.Creator != "cct" || props.Language != "fr-FR" || props.Created == "" {
		t.Errorf("%v %+v", err, props)
	}
	first, err := f.GetRowHeight("Lignes", 1)
	second, err2 := f.GetRowHeight("Lignes", 2)
	if err != nil || err2 != nil || first != 30 || second != 45 {
		t.Errorf("a header of two lines is %g high, and a row of three %g", first, second)
	}
}

// TestOddTables: no rows, one column, too many columns, a list too long to hold.
func TestOddTables(t *testing.T) {
	one := opened(t, write(t, "xlsx", &export.Table{Title: "T", Columns: []export.Column{{Title: "seule", Choices: []string{"oui"}}}, Rows: slices.Values([][]string(nil))}))
	if rows, err := one.GetRows("Table"); err != nil || fmt.Sprint(rows) != "[[seule]]" {
		t.Error(err, rows)
	}
	if lists, err := one.GetDataValidations("Table"); err != nil || len(lists) != 0 {
		t.Error(err, lists)
	}
	f, _ := export.FormatNamed("xlsx")
	for name, columns := range map[string][]export.Column{"no column": nil, "too many": make([]export.Column, 20_000), "long list": {{Title: "a", Choices: []string{strings.Repeat("x", 256)}}}} {
		if err := f.Write(&counter{}, tableOf(columns, make([]string, len(columns)))); err == nil || !strings.Contains(err.Error(), "écrire le XLSX") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
