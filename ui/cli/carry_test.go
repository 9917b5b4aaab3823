package cli

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCarry: answers go over to the next edition where the text is the same, are to be
// read again where it changed, and are open where the line is new.
func TestCarry(t *testing.T) {
	dir := editionsOf(t, map[string][]string{
		"2024-02": {"EX1 | P | Les sauvegardes partent chaque nuit vers un autre site.", "EX2 | I | Les journaux portent la date et l’heure exactes.", "EX3 | P | Les secrets ne sont jamais écrits dans le code.", "EX6 | I | Les dépendances sont tenues à jour chaque mois."},
		"2025-01": {"EX1 | P | Les sauvegardes partent chaque semaine vers un autre site.", "EX2 | P | Les journaux portent la date et l’heure exactes.", "EX5 | I | Toute interface est décrite et versionnée avec soin.", "EX6 | I | Les dépendances sont tenues à jour, chaque mois."},
	})
	work := t.TempDir()
	filled := filepath.Join(work, "remplie.csv")
	old := []string{"--content", filepath.Join(dir, "2024-02")}
	if r := cct(t, nil, append([]string{"export", "--format", "csv", "--output", filled}, old...)...); r.code != done {
		t.Fatalf("exit %d: %s", r.code, r.stderr)
	}
	rewrite(t, filled, func(header, row []string) {
		row[slices.Index(header, "Réponse")] = "conforme"
		row[slices.Index(header, "Preuve")] = "dossier, page " + row[0]
		row[slices.Index(header, "Commentaire")] = "rien à dire de " + row[0]
	})
	next := filepath.Join(work, "suivante.csv")
	r := cct(t, nil, "export", "--content", filepath.Join(dir, "2025-01"), "--carry", filled, "--output", next)
	if r.code != done || !strings.Contains(r.stderr, "1 réponse gardée, 2 lignes à relire, 1 nouvelle, 1 retirée depuis") {
		t.Fatalf("exit %d: %s", r.code, r.stderr)
	}
	lines := map[string][]string{}
	rewrite(t, next, func(header, row []string) {
		at := func(title string) string { return row[slices.Index(header, title)] }
		lines[row[0]] = []string{at("Reprise"), at("Réponse"), at("Preuve"), at("Commentaire")}
	})
	for id, want := range map[string][]string{
		"EX1": {"à relire : texte modifié", "", "dossier, page EX1", "EX1, réponse précédente : conforme ; rien à dire de EX1"},
		"EX2": {"à relire : niveau modifié", "", "dossier, page EX2", "EX2, réponse précédente : conforme ; rien à dire de EX2"},
		"EX5": {"nouvelle", "", "", ""},
		"EX6": {"gardée", "conforme", "dossier, page EX6", "rien à dire de EX6"},
	} {
		got := lines[id]
		for i := range got {
			got[i] = strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(got[i])
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", id, got, want)
		}
	}
	// The annex that came out is one: it can be written as a workbook, and checked.
	book := filepath.Join(work, "suivante.xlsx")
	if r := cct(t, nil, "export", "--content", filepath.Join(dir, "2025-01"), "--carry", filled, "--output", book); r.code != done {
		t.Fatalf("exit %d: %s", r.code, r.stderr)
	}
	if r := cct(t, nil, "export", "--content", filepath.Join(dir, "2025-01"), "--check", book); r.code != nothing || !strings.Contains(r.stdout, "EX1") || strings.Contains(r.stdout, "EX6") {
		t.Errorf("check: exit %d: %s%s", r.code, r.stdout, r.stderr)
	}
	if r := cct(t, nil, "export", "--content", dir, "--carry", filepath.Join(work, "absente.csv")); r.code != failed || !strings.Contains(r.stderr, "--carry") {
		t.Errorf("a missing file: exit %d: %s", r.code, r.stderr)
	}
}

// rewrite reads a CSV file of ours, and writes it back with its rows changed.
func rewrite(t *testing.T, name string, change func(header, row []string)) {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	w := csv.NewWriter(&b)
	w.Comma = ';'
	for i, row := range rows {
		if i > 0 {
			change(rows[0], row)
		}
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
