package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cct-mi/cct/ui/api"
)

// editionsOf writes content folders named after editions, with one table of
// requirements each: "EX1 | P | words".
func editionsOf(t testing.TB, rows map[string][]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, list := range rows {
		if err := os.MkdirAll(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		table := "# Exigences\n\n| ID | Type | Exigence | Catégorisation |\n|---|---|---|---|\n"
		for _, r := range list {
			table += "| " + r + " | Code |\n"
		}
		if err := os.WriteFile(filepath.Join(dir, name, "exigences.md"), []byte(table), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func threeEditions(t testing.TB) string {
	return editionsOf(t, map[string][]string{
		"2024-02": {"EX1 | P | Les sauvegardes partent chaque nuit vers un autre site.", "EX2 | I | Les journaux portent la date et l’heure exactes.", "EX3 | P | Les secrets ne sont jamais écrits dans le code."},
		"2025-01": {"EX1 | P | Les sauvegardes partent chaque semaine vers un autre site.", "EX2 | P | Les journaux portent la date et l’heure exactes.", "EX4 | I | Toute interface est décrite et versionnée avec soin."},
		"2025-06": {"EX1 | P | Les sauvegardes partent chaque semaine vers un autre site.", "EX2 | P | Les journaux portent la date et l’heure exactes !", "EX4 | I | Toute interface est décrite et versionnée avec soin."},
	})
}

func TestDiff(t *testing.T) {
	dir := threeEditions(t)
	r := cct(t, nil, "diff", "--content", dir, "2024-02", "2025-01", "--json")
	if r.code != done {
		t.Fatalf("exit %d: %s", r.code, r.stderr)
	}
	var a api.ChangesAnswer
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
		t.Fatal(err)
	}
	if want := (api.ChangeCounts{Reworded: 1, Level: 1, Withdrawn: 1, New: 1}); a.Summary != want || !a.Substantial || a.From != "2024-02" {
		t.Errorf("%+v", a)
	}
	if first := a.Records[0]; first.From != "EX2" || first.Level == nil || first.Level.To != "primordial" || first.Relation != "identical" {
		t.Errorf("first: %+v", first)
	}
	if second := a.Records[1]; second.From != "EX3" || second.Level != nil || len(second.To) != 0 {
		t.Errorf("a withdrawn primordial requirement does not come next: %+v", second)
	}
	if r = cct(t, nil, "diff", "--content", dir, "2025-01", "2025-06"); r.code != done || !strings.Contains(r.stdout, "aucun changement de fond") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r = cct(t, nil, "diff", "--content", dir, "2024-02", "2025-01", "--format", "csv"); !strings.Contains(r.stdout, "EX1;EX1;") || !strings.Contains(r.stdout, ";nuit;semaine;") {
		t.Errorf("csv: %s", r.stdout)
	}
}

func TestDiffFaults(t *testing.T) {
	dir := threeEditions(t)
	for _, c := range []struct {
		args []string
		code int
		says []string
	}{
		{[]string{"2024-02"}, wrongUse, []string{"deux éditions"}},
		{[]string{"2024-02", "2030-01"}, wrongUse, []string{"« 2030-01 » n’est pas là", "2025-06, 2025-01, 2024-02"}},
		{[]string{"2024-02", "2025-01", "--content", filepath.Join(dir, "2025-01")}, failed, []string{"deux éditions portent le nom 2025-01", dir}},
	} {
		r := cct(t, nil, append([]string{"diff", "--content", dir}, c.args...)...)
		if r.code != c.code {
			t.Errorf("%v: exit %d, want %d", c.args, r.code, c.code)
		}
		for _, s := range c.says {
			if !strings.Contains(r.stderr, s) {
				t.Errorf("%v: %q does not say %q", c.args, r.stderr, s)
			}
		}
	}
	// A faulty lineage table is named, and its other rows count.
	table := filepath.Join(dir, "2025-01", "filiation.csv")
	if err := os.WriteFile(table, []byte("old;new;date;relation;certainty;proof\nEX3;EX4;2025-01;reworded;probable;lu\nEX9;EX1;2025-01;reworded;sure;\nEX1;EX2;2025-01;reworded;sure;\nEX2;EX1;2025-01;reworded;sure;\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	r := cct(t, nil, "diff", "--content", dir, "2024-02", "2025-01", "--json")
	if r.code != done || !strings.Contains(r.stdout, `"from":"EX3","to":["EX4"]`) {
		t.Errorf("exit %d: %s", r.code, r.stdout)
	}
	for _, s := range []string{filepath.ToSlash(table) + ":3: l’identifiant « EX9 »", filepath.ToSlash(table) + ":5: « EX2 → EX1 » ferme un cycle"} {
		if !strings.Contains(r.stderr, s) {
			t.Errorf("%q does not say %q", r.stderr, s)
		}
	}
	r = cct(t, nil, "check", "--content", filepath.Join(dir, "2025-01"))
	if r.code != nothing || !strings.Contains(r.stdout, "filiation.csv:3: ") || !strings.Contains(r.stdout, "filiation.csv:5: ") {
		t.Errorf("check: exit %d, %s", r.code, r.stdout)
	}
}

// TestProposedLineage is what a person starts from.
func TestProposedLineage(t *testing.T) {
	dir := threeEditions(t)
	r := cct(t, nil, "diff", "--content", dir, "--propose", "2024-02", "2025-01", "2025-06")
	if r.code != done || !strings.HasPrefix(r.stdout, "old;new;date;relation;certainty;proof\n") || !strings.Contains(r.stdout, "EX1;EX1;2025-06;reworded;sure;") || !strings.Contains(r.stdout, "EX3;;2025-06;withdrawn;") {
		t.Errorf("exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
}

// TestEditionsOfAFolder: dated folders and files are editions, the newest answers.
func TestEditionsOfAFolder(t *testing.T) {
	dir := threeEditions(t)
	list := filepath.Join(dir, "liste")
	if err := os.MkdirAll(list, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"2024-04-21.md", "2024-06-23.md", "README.md"} {
		if err := os.WriteFile(filepath.Join(list, name), []byte("# Liste\n\n| ID | Type | Exigence |\n|---|---|---|\n| Version |  | mise à jour |\n|  |  | \\--- |\n| EXI-A-1 | P | Une exigence de "+name+" |\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		args    []string
		edition string
	}{
		{[]string{"--content", dir}, "2025-06"},
		{[]string{"--content", dir, "--edition", "2024-02"}, "2024-02"},
		{[]string{"--content", list}, "2024-06-23"},
		{[]string{"--content", filepath.Join(list, "2024-04-21.md")}, "2024-04-21"},
		{[]string{"--content", dir, "--edition", "2024-04-21"}, "2024-04-21"},
		{[]string{"--content", filepath.Join(dir, "2024-02"), "--content", list}, "2024-06-23"},
	} {
		r := cct(t, nil, append([]string{"version", "--json"}, c.args...)...)
		if r.code != done || !strings.Contains(r.stdout, `"`+c.edition+`"`) {
			t.Errorf("%v: exit %d, %s%s", c.args, r.code, r.stdout, r.stderr)
		}
	}
}
