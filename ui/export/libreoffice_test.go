package export_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cct-mi/cct/ui/export"
)

// convert has LibreOffice read a file and write it into dir; more are its other
// arguments. The test is skipped where LibreOffice is not installed.
func convert(t *testing.T, dir, to, file string, more ...string) {
	t.Helper()
	office, err := exec.LookPath("soffice")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("LibreOffice is needed: apt-get install libreoffice-calc-nogui")
		}
		t.Skip("LibreOffice is not installed")
	}
	if testing.Short() {
		t.Skip("long")
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute) // it was seen to wait forever on a busy machine
	defer cancel()
	profile := "-env:UserInstallation=file://" + filepath.Join(filepath.Dir(dir), "profil")
	cmd := exec.CommandContext(ctx, office, append(append([]string{"--headless", profile, "--convert-to", to, "--outdir", dir}, more...), file)...)
	cmd.WaitDelay = time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// TestLibreOfficeReadsIt: another program than this one sees the same values.
func TestLibreOfficeReadsIt(t *testing.T) {
	dir := t.TempDir()
	c := catalog(t, "2025-01", exigences())
	want := rowsOf(t, write(t, "csv", matrix(t, c, "")))
	for _, format := range []string{"xlsx", "csv"} {
		file := filepath.Join(dir, "matrice-"+format+"."+format)
		if err := os.WriteFile(file, write(t, format, matrix(t, c, "")), 0o600); err != nil {
			t.Fatal(err)
		}
		// 59,34,76: semicolon, quotes, UTF-8; -1 writes every sheet.
		to := "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,false,false,-1"
		if format == "csv" {
			convert(t, filepath.Join(dir, format), to, file, "--infilter=CSV:59,34,76")
		} else {
			convert(t, filepath.Join(dir, format), to, file)
		}
		found, err := filepath.Glob(filepath.Join(dir, format, "*Exigences et*.csv"))
		if format == "csv" {
			found, err = filepath.Glob(filepath.Join(dir, format, "*.csv"))
		}
		if err != nil || len(found) != 1 {
			t.Fatal(err, found)
		}
		b, err := os.ReadFile(found[0])
		if err != nil {
			t.Fatal(err)
		}
		got := rowsOf(t, b)
		if len(got) != len(want) {
			t.Fatalf("%s: %d rows, want %d", format, len(got), len(want))
		}
		for i := range want {
			for j := range want[i] {
				w := want[i][j]
				if format == "xlsx" { // no apostrophe there: text is typed as text
					w = strings.TrimPrefix(w, "'")
				}
				if got[i][j] != w {
					t.Errorf("%s: row %d column %d: LibreOffice reads %q, want %q", format, i+1, j+1, got[i][j], w)
				}
			}
		}
	}
}

// TestLibreOfficeWritesItBack: a matrix that LibreOffice opened and saved is the
// matrix that was given.
func TestLibreOfficeWritesItBack(t *testing.T) {
	c := catalog(t, "2025-01", exigences())
	filled := fill(t, "xlsx", c, "", func(rows [][]string) [][]string {
		for _, r := range rows[1:] {
			r[answerAt] = "Conforme"
		}
		rows[2][answerAt], rows[2][commentAt] = "dérogation", "six mois"
		return rows
	})
	dir := t.TempDir()
	file := filepath.Join(dir, "offre.xlsx")
	if err := os.WriteFile(file, filled, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, by := range []string{"ods", "xlsx"} { // to its own format, and back
		convert(t, filepath.Join(dir, by), by, file)
		file = filepath.Join(dir, by, "offre."+by)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r, err := export.Check(bytes.NewReader(b), "offre.xlsx", c, nil)
	if err != nil || !r.Clean() || r.Rows != 4 || r.Edition != "2025-01" {
		t.Errorf("%v %+v", err, r)
	}
	own, err := os.ReadFile(filepath.Join(dir, "ods", "offre.ods"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := export.Check(bytes.NewReader(own), "offre.ods", c, nil); err == nil || !strings.Contains(err.Error(), "OpenDocument") {
		t.Error(err)
	}
}
