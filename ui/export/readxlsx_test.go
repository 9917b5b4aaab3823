package export

import (
	"archive/zip"
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

// workbook zips parts; those that aren't given are what a plain workbook of one
// sheet has.
func workbook(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	all := map[string]string{
		"_rels/.rels":                packageRels,
		"xl/workbook.xml":            `<workbook xmlns="` + spreadsheetML + `" xmlns:r="` + officeRels + `"><sheets><sheet name="Feuille" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": strings.Replace(workbookRels, `</Relationships>`, `<Relationship Id="rId4" Type="`+officeRels+`/sharedStrings" Target="sharedStrings.xml"/></Relationships>`, 1),
		"xl/sharedStrings.xml":       `<sst xmlns="` + spreadsheetML + `"/>`,
		"xl/styles.xml":              styleSheet,
	}
	maps.Copy(all, parts)
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if all[name] == "" {
			continue
		}
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(all[name])); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func rowsXML(rows string) string {
	return `<worksheet xmlns="` + spreadsheetML + `"><sheetData>` + rows + `</sheetData></worksheet>`
}

// TestCells: each way that a cell may hold a value, and what it reads as.
func TestCells(t *testing.T) {
	shared := `<sst xmlns="` + spreadsheetML + `"><si><t>simple</t></si>` +
		`<si><r><rPr><b/></rPr><t>gras</t></r><r><t xml:space="preserve"> et maigre</t></r><rPh sb="0" eb="1"><t>PHON</t></rPh><phoneticPr fontId="1"/></si>` +
		`<si><t>a_x000D_` + "\n" + `b_x005F_x000D_ _x12_ _xZZZZ_</t></si><si/></sst>`
	styles := `<styleSheet xmlns="` + spreadsheetML + `"><numFmts count="3"><numFmt numFmtId="170" formatCode="[$-40C]d\ mmmm\ yyyy;@"/><numFmt numFmtId="171" formatCode="0.00&quot;jours d'été&quot;"/><numFmt numFmtId="172" formatCode="[Red]0"/></numFmts>` +
		`<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/></cellXfs></styleSheet>`
	for cell, want := range map[string]string{
		`<c t="s"><v>0</v></c>`:                          "simple",
		`<c t="s"><v> 1 </v></c>`:                        "gras et maigre",
		`<c t="s"><v>2</v></c>`:                          "a\r\nb_x000D_ _x12_ _xZZZZ_",
		`<c t="s"><v>3</v></c>`:                          "",
		`<c t="inlineStr"><is><t>&lt;é&gt;</t></is></c>`: "<é>",
		`<c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>x</t></rPh></is></c>`: "ab",
		`<c t="str"><f>A1&amp;"x"</f><v>résultat</v></c>`:                                 "résultat",
		`<c><f>1+1</f><v>2</v></c>`:                                                       "2",
		`<c><f>1+1</f></c>`:                                                               "",
		`<c t="b"><v>1</v></c>`:                                                           "VRAI",
		`<c t="b"><v>0</v></c>`:                                                           "FAUX",
		`<c t="e"><v>#N/A</v></c>`:                                                        "#N/A",
		`<c t="d"><v>2025-03-09T00:00:00</v></c>`:                                         "09/03/2025",
		`<c t="n"><v>0.10000000000000001</v></c>`:                                         "0.1",
		`<c><v>1E3</v></c>`:                                                               "1000",
		`<c s="1"><v>45725</v></c>`:                                                       "09/03/2025",
		`<c s="2"><v>45725.5</v></c>`:                                                     "09/03/2025 12:00:00",
		`<c s="1"><v>0.75</v></c>`:                                                        "18:00:00",
		`<c s="1"><v>59</v></c>`:                                                          "28/02/1900",
		`<c s="1"><v>60</v></c>`:                                                          "60",
		`<c s="1"><v>61</v></c>`:                                                          "01/03/1900",
		`<c s="1"><v>-1</v></c>`:                                                          "-1",
		`<c s="1"><v>1e300</v></c>`:                                                       "1" + strings.Repeat("0", 300),
		`<c s="3"><v>3</v></c>`:                                                           "3",
		`<c s="4"><v>4</v></c>`:                                                           "4",
		`<c s="99"><v>5</v></c>`:                                                          "5",
		`<c s="1"/>`:                                                                      "",
		`<c t="inlineStr"><is><t>vu</t></is><extLst><ext><v>caché</v></ext></extLst></c>`: "vu",
		`<c xmlns:a="urn:autre" t="str"><a:v>autre</a:v><v>le bon</v></c>`:                "le bon",
	} {
		b := workbook(t, map[string]string{"xl/sharedStrings.xml": shared, "xl/styles.xml": styles, "xl/worksheets/sheet1.xml": rowsXML(`<row>` + cell + `<c t="str"><v>|</v></c></row>`)})
		sheets, err := readXLSX(b, "f")
		if err != nil || len(sheets) != 1 || len(sheets[0].rows) != 1 || sheets[0].rows[0][0] != want {
			t.Errorf("%s: %v %+v, want %q", cell, err, sheets, want)
		}
	}
}

// TestPlaces: rows and cells go where they say, or after the one before.
func TestPlaces(t *testing.T) {
	v := `<v>1</v></c>`
	b := workbook(t, map[string]string{"xl/worksheets/sheet1.xml": rowsXML(`<row r="3"><c r="B3">` + v + `<c>` + v + `<c r="F3">` + v + `<c r="ZZ3" s="1"/></row><row/><row><c>` + v + `</row><row r="1048576"><c r="A1048576"/></row>`)})
	sheets, err := readXLSX(b, "f")
	if err != nil || len(sheets) != 1 {
		t.Fatal(err, sheets)
	}
	s := sheets[0]
	if s.name != "Feuille" || !slices.Equal(s.numbers, []int{3, 5}) || strings.Join(s.rows[0], ",") != ",1,1,,,1" || strings.Join(s.rows[1], ",") != "1" {
		t.Errorf("%+v", s)
	}
}

// TestWorkbooksOfOthers: where programs put parts, and how they name things.
func TestWorkbooksOfOthers(t *testing.T) {
	const rel = `<Relationships xmlns="` + packageML + `/relationships">`
	sheet := rowsXML(`<row r="1"><c r="A1"><v>7</v></c></row>`)
	for name, parts := range map[string]map[string]string{
		"absolute targets": {
			"_rels/.rels":                rel + `<Relationship Id="a" Type="` + officeRels + `/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
			"xl/_rels/workbook.xml.rels": rel + `<Relationship Id="rId1" Type="` + officeRels + `/worksheet" Target="/xl/worksheets/sheet1.xml"/></Relationships>`,
			"xl/worksheets/sheet1.xml":   sheet,
		},
		"prefixes": {
			"xl/workbook.xml":          `<x:workbook xmlns:x="` + spreadsheetML + `" xmlns:rel="` + officeRels + `"><x:sheets><x:sheet name="Feuille" sheetId="1" rel:id="rId1"/></x:sheets></x:workbook>`,
			"xl/worksheets/sheet1.xml": `<x:worksheet xmlns:x="` + spreadsheetML + `"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>7</x:v></x:c></x:row></x:sheetData></x:worksheet>`,
		},
		"strict": {
			"_rels/.rels":                rel + `<Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
			"xl/workbook.xml":            `<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships"><sheets><sheet name="Feuille" sheetId="1" r:id="q"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": rel + `<Relationship Id="q" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
			"xl/worksheets/sheet1.xml":   strings.Replace(sheet, spreadsheetML, "http://purl.oclc.org/ooxml/spreadsheetml/main", 1),
		},
		"other places, case and slashes": {
			"_rels/.rels":              rel + `<Relationship Id="a" Type="` + officeRels + `/officeDocument" Target="./Book/main.xml"/></Relationships>`,
			"book/main.xml":            `<workbook xmlns="` + spreadsheetML + `" xmlns:r="` + officeRels + `"><sheets><sheet name="Feuille" sheetId="1" r:id="q"/></sheets></workbook>`,
			`book\_rels\main.xml.rels`: rel + `<Relationship Id="q" Type="` + officeRels + `/worksheet" Target="../Sheets/One.xml"/></Relationships>`,
			"sheets/one.xml":           sheet,
		},
		"a chart, and a second sheet": {
			"xl/workbook.xml":            `<workbook xmlns="` + spreadsheetML + `" xmlns:r="` + officeRels + `"><sheets><sheet name="Graphe" sheetId="1" r:id="c"/><sheet name="Feuille" sheetId="3" r:id="q"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels": rel + `<Relationship Id="c" Type="` + officeRels + `/chartsheet" Target="chartsheets/sheet1.xml"/><Relationship Id="q" Type="` + officeRels + `/worksheet" Target="worksheets/sheet9.xml"/><Relationship Id="e" Type="` + officeRels + `/hyperlink" Target="http://ailleurs.example/" TargetMode="External"/></Relationships>`,
			"xl/worksheets/sheet9.xml":   sheet,
		},
	} {
		sheets, err := readXLSX(workbook(t, parts), "f")
		if err != nil || len(sheets) != 1 || sheets[0].name != "Feuille" || len(sheets[0].rows) != 1 || sheets[0].rows[0][0] != "7" {
			t.Errorf("%s: %v %+v", name, err, sheets)
		}
	}
	old := workbook(t, map[string]string{
		"xl/workbook.xml":          `<workbook xmlns="` + spreadsheetML + `" xmlns:r="` + officeRels + `"><workbookPr date1904="1"/><sheets><sheet name="F" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/worksheets/sheet1.xml": rowsXML(`<row><c s="5"><v>44263</v></c></row>`),
	})
	if sheets, err := readXLSX(old, "f"); err != nil || sheets[0].rows[0][0] != "09/03/2025" {
		t.Errorf("1904: %v %+v", err, sheets)
	}
}

// TestDamagedWorkbooks: what is wrong is said, with the place.
func TestDamagedWorkbooks(t *testing.T) {
	good := `<row r="1"><c r="A1"><v>1</v></c></row>`
	huge := strings.Repeat("x", 1<<20)
	for name, test := range map[string]struct {
		parts map[string]string
		wants []string
	}{
		"no such text":       {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(good + `<row r="7"><c r="AB7" t="s"><v>12</v></c></row>`)}, []string{"feuille « Feuille », ligne 7, colonne AB", "texte n° 12"}},
		"no number":          {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(`<row r="2"><c r="B2"><v>douze</v></c></row>`)}, []string{"ligne 2, colonne B", "« douze » n’est pas un nombre"}},
		"unknown type":       {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(`<row r="2"><c r="B2" t="zz"><v>1</v></c></row>`)}, []string{"ligne 2, colonne B", "« zz »"}},
		"address elsewhere":  {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(good + `<row r="2"><c r="A3"><v>1</v></c></row>`)}, []string{"ligne 2", "« A3 »"}},
		"no address":         {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(`<row r="1"><c r="1A"><v>1</v></c></row>`)}, []string{"ligne 1", "« 1A »"}},
		"address too far":    {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(`<row r="1"><c r="XFE1"><v>1</v></c></row>`)}, []string{"ligne 1", "« XFE1 »"}},
		"row twice":          {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(good + good)}, []string{"ligne 2", "numéro « 1 »"}},
		"row nowhere":        {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(`<row r="-4"/>`)}, []string{"numéro « -4 »"}},
		"row too far":        {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(`<row r="1048577"/>`)}, []string{"numéro « 1048577 »"}},
		"many columns":       {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(`<row r="4"><c r="XFD4"><v>1</v></c></row>`)}, []string{"ligne 4", "colonnes"}},
		"columns in a row":   {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(`<row>` + strings.Repeat(`<c><v>1</v></c>`, 20_000) + `</row>`)}, []string{"ligne 1", "colonnes"}},
		"many rows":          {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(strings.Repeat(`<row><c><v>1</v></c></row>`, maxRows+1))}, []string{"ligne 20001", "lignes"}},
		"broken row":         {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(good + `<row r="2"><c r="A2"></row>`)}, []string{"feuille « Feuille », ligne 2", "ne peut pas être lue"}},
		"broken sheet":       {map[string]string{"xl/worksheets/sheet1.xml": rowsXML(good) + `<oops`}, []string{"feuille « Feuille »", "abîmée"}},
		"sheet missing":      {nil, []string{"feuille « Feuille »", "abîmée"}},
		"no relations":       {map[string]string{"_rels/.rels": ""}, []string{"classeur XLSX lisible"}},
		"broken relations":   {map[string]string{"xl/_rels/workbook.xml.rels": `<a>`}, []string{"classeur XLSX lisible"}},
		"broken texts":       {map[string]string{"xl/sharedStrings.xml": `<sst xmlns="` + spreadsheetML + `"><si><t>`}, []string{"classeur XLSX lisible"}},
		"broken styles":      {map[string]string{"xl/styles.xml": `<styleSheet xmlns="` + spreadsheetML + `"><cellXfs>`}, []string{"classeur XLSX lisible"}},
		"a text document":    {map[string]string{"_rels/.rels": `<Relationships xmlns="` + packageML + `/relationships"><Relationship Id="a" Type="` + officeRels + `/officeDocument" Target="word/document.xml"/></Relationships>`}, []string{"classeur XLSX lisible"}},
		"OpenDocument":       {map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}, []string{"OpenDocument", "XLSX"}},
		"entities":           {map[string]string{"xl/worksheets/sheet1.xml": `<!DOCTYPE a [<!ENTITY b "c">]>` + rowsXML(`<row r="1"><c t="str"><v>&b;</v></c></row>`)}, []string{"ligne 1", "ne peut pas être lue"}},
		"one text, far away": {map[string]string{"xl/sharedStrings.xml": `<sst xmlns="` + spreadsheetML + `"><si><t>` + huge + `</t></si></sst>`, "xl/worksheets/sheet1.xml": rowsXML(strings.Repeat(`<row>`+strings.Repeat(`<c t="s"><v>0</v></c>`, 40)+`</row>`, 40))}, []string{"décompressé"}},
		"one sheet, often":   {map[string]string{"xl/workbook.xml": `<workbook xmlns="` + spreadsheetML + `" xmlns:r="` + officeRels + `"><sheets>` + strings.Repeat(`<sheet name="Feuille" sheetId="1" r:id="rId1"/>`, 200) + `</sheets></workbook>`, "xl/worksheets/sheet1.xml": rowsXML(good) + `<!--` + huge + `-->`}, []string{"décompressé"}},
	} {
		sheets, err := readXLSX(workbook(t, test.parts), "offre.xlsx")
		var fault *FileError
		if !errors.As(err, &fault) {
			t.Errorf("%s: %v %+v", name, err, sheets)
			continue
		}
		for _, want := range append(test.wants, "offre.xlsx") {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %q isn't in: %v", name, want, err)
			}
		}
	}
}

// TestChecksum: an answer that a bad disk changed isn't read as if it were given.
func TestChecksum(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, part := range map[string]string{"_rels/.rels": packageRels, "xl/_rels/workbook.xml.rels": workbookRels, "xl/styles.xml": styleSheet,
		"xl/workbook.xml":          `<workbook xmlns="` + spreadsheetML + `" xmlns:r="` + officeRels + `"><sheets><sheet name="Feuille" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/worksheets/sheet1.xml": rowsXML(`<row><c t="str"><v>oui</v></c></row>`)} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name}) // stored, not compressed
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(part)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := readXLSX(b.Bytes(), "f"); err != nil {
		t.Fatal(err)
	}
	if _, err := readXLSX(bytes.Replace(b.Bytes(), []byte("<v>oui"), []byte("<v>non"), 1), "f"); err == nil {
		t.Error("the change goes unnoticed")
	}
}

// FuzzParts: rows or a FileError, whatever the parts. Whole files are fuzzed by
// FuzzCheck, but their checksums stop nearly every change there.
func FuzzParts(f *testing.F) {
	f.Add(rowsXML(`<row r="2"><c r="B2" t="s"><v>0</v></c><c s="5"><v>45725</v></c></row>`), `<sst xmlns="`+spreadsheetML+`"><si><r><t>a_x000D_</t></r></si></sst>`, styleSheet, workbookRels)
	f.Add(rowsXML(`<row><c t="inlineStr"><is><r><t>é</t></r></is></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>`), "", "", "")
	f.Fuzz(func(t *testing.T, sheet, shared, styles, rels string) {
		parts := map[string]string{"xl/worksheets/sheet1.xml": sheet}
		for name, part := range map[string]string{"xl/sharedStrings.xml": shared, "xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": rels} {
			if part != "" {
				parts[name] = part
			}
		}
		sheets, err := readXLSX(workbook(t, parts), "f")
		var fault *FileError
		if err != nil && !errors.As(err, &fault) {
			t.Errorf("%v %T", err, err)
		}
		for _, s := range sheets {
			if len(s.rows) != len(s.numbers) || len(s.rows) > maxRows || !slices.IsSorted(s.numbers) {
				t.Errorf("%+v", s)
			}
			for _, r := range s.rows {
				if len(r) == 0 || len(r) > maxColumns || r[len(r)-1] == "" {
					t.Errorf("%q", r)
				}
			}
		}
	})
}
