package export_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/cct-mi/cct/ui/export"
)

const (
	spreadsheetML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	officeRels    = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
)

// workbook zips a workbook of n sheets that all name one part, with a table of
// strings where one is given.
func workbook(t testing.TB, n int, rows, shared string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name, text string) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	rel := func(id, kind, target string) string {
		return `<Relationship Id="` + id + `" Type="` + officeRels + `/` + kind + `" Target="` + target + `"/>`
	}
	const start = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	sheets := ""
	for i := range n {
		sheets += fmt.Sprintf(`<sheet name="S%d" sheetId="%[1]d" r:id="rId1"/>`, i+1)
	}
	add("[Content_Types].xml", `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>`)
	add("_rels/.rels", start+rel("rId1", "officeDocument", "xl/workbook.xml")+`</Relationships>`)
	add("xl/workbook.xml", `<workbook xmlns="`+spreadsheetML+`" xmlns:r="`+officeRels+`"><sheets>`+sheets+`</sheets></workbook>`)
	links := rel("rId1", "worksheet", "worksheets/sheet1.xml")
	if shared != "" {
		links += rel("rId2", "sharedStrings", "sharedStrings.xml")
		add("xl/sharedStrings.xml", `<sst xmlns="`+spreadsheetML+`">`+shared+`</sst>`)
	}
	add("xl/_rels/workbook.xml.rels", start+links+`</Relationships>`)
	add("xl/worksheets/sheet1.xml", `<worksheet xmlns="`+spreadsheetML+`"><sheetData>`+rows+`</sheetData></worksheet>`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestHostileFiles: each is refused in one line, and for what it is before it
// takes memory: a whole run stays far under what each would take.
func TestHostileFiles(t *testing.T) {
	c := catalog(t, "2025-01", exigences())
	good := `<row r="1"><c r="A1" t="str"><v>Identifiant</v></c><c r="B1" t="str"><v>Réponse</v></c></row>`
	if r, err := export.Check(bytes.NewReader(workbook(t, 1, good, "")), "f", c, nil); err != nil || len(r.Missing) != 4 {
		t.Fatal("the workbook that the others are made from is refused:", err)
	}
	var many strings.Builder
	for i := range 18_000 {
		fmt.Fprintf(&many, `<row r="%d"><c r="A%[1]d" t="str"><v>EX%[1]d</v></c></row>`, i+1)
	}
	for name, file := range map[string][]byte{
		"399 sheets, one part":    workbook(t, 399, many.String(), ""),
		"40 sheets, a large part": workbook(t, 40, many.String(), ""),
		"cells of nothing":        workbook(t, 1, `<row r="1">`+strings.Repeat(`<c/>`, 3_000_000)+`</row>`, ""),
		"rows of nothing":         workbook(t, 1, strings.Repeat(`<row/>`, 600_000), ""),
		"strings of nothing":      workbook(t, 1, good, strings.Repeat(`<si/>`, 1_000_000)),
		"one long string, often":  workbook(t, 1, strings.Repeat(`<row><c t="s"><v>0</v></c></row>`, 15_000), `<si><t>`+strings.Repeat("x", 1<<20)+`</t></si>`),
		"elements without end":    workbook(t, 1, strings.Repeat(`<a>`, 3_000_000), ""),
		"a cell far away":         workbook(t, 1, `<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>`, ""),
		"15 MB of semicolons":     bytes.Repeat([]byte(";"), 15_000_000),
		"15 MB of lines":          bytes.Repeat([]byte("a\n"), 7_500_000),
		"a picture":               append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 4096)...),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := export.Check(bytes.NewReader(file), "offre.xlsx", c, nil)
		runtime.ReadMemStats(&after)
		var fault *export.FileError
		if !errors.As(err, &fault) || strings.Contains(err.Error(), "\n") || len(err.Error()) > 300 {
			t.Errorf("%s: %v", name, err)
		}
		if took := (after.Sys - before.Sys) >> 20; took > 250 {
			t.Errorf("%s took %d MiB", name, took)
		}
	}
}

// FuzzWorkbook: a report or an error, whatever the parts of a workbook hold.
// FuzzCheck's files rarely get past the checksums.
func FuzzWorkbook(f *testing.F) {
	c := catalog(f, "2025-01", exigences())
	f.Add(`<row r="1"><c r="A1" t="str"><v>Identifiant</v></c><c r="B1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>EX1</t></is></c><c r="B2" t="b"><v>1</v></c></row>`, `<si><t>Réponse</t></si>`)
	f.Add(`<row r="1" spans="1:2"><c r="A1" s="5"><v>45725</v></c><c r="XFD1"/></row><row/>`, `<si><r><t>a_x000D_</t></r></si>`)
	f.Fuzz(func(t *testing.T, rows, shared string) {
		r, err := export.Check(bytes.NewReader(workbook(t, 1, rows, shared)), "f", c, nil)
		if (r == nil) == (err == nil) {
			t.Errorf("report %v, error %v", r, err)
		}
	})
}
