package history

import (
	"bytes"
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest"
)

var corpus = filepath.Join("..", "..", "..", "shared", "corpus")

// listed reads one state of the living list.
func listed(t testing.TB, date string) *Edition {
	data, err := os.ReadFile(filepath.Join(corpus, "exi", date+".md"))
	if err != nil {
		t.Skip("needs ../shared/corpus: ", err)
	}
	return loaded(t, fstest.MapFS{"liste.md": {Data: data}}, date)
}

// official reads one edition of the repository.
func official(t testing.TB, name string) *Edition {
	dir := filepath.Join(corpus, name, "content", "fr")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("needs ../shared/corpus: ", err)
	}
	return loaded(t, os.DirFS(dir), name)
}

func loaded(t testing.TB, folder fs.FS, name string) *Edition {
	ed, err := ingest.Load(context.Background(), folder, ingest.Options{Edition: name})
	if err != nil {
		t.Fatal(err)
	}
	return Of(ed)
}

func readOfficial(t testing.TB) *content.Edition {
	ed, err := ingest.Load(context.Background(), os.DirFS(filepath.Join(corpus, "2025-01", "content", "fr")), ingest.Options{Edition: "2025-01"})
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

func exigences(name string, texts ...string) *Edition {
	e := &Edition{Name: name}
	for i := 0; i < len(texts); i += 3 {
		e.Records = append(e.Records, &content.Record{Kind: content.KindExigence, ID: texts[i], Text: texts[i+2], Exigence: &content.Exigence{Level: content.Level(texts[i+1])}})
	}
	return e
}

const (
	backup   = "La sauvegarde de référence est tenue par un service de stockage objet indépendant de la production."
	restore  = "L’équipe vérifie régulièrement qu’elle sait restaurer les données de l’application entière."
	identity = "Les agents s’identifient par le service commun, les citoyens par FranceConnect."
	logs     = "Les journaux partent sur la sortie standard et portent un horodatage précis."
)

func TestCompare(t *testing.T) {
	from := exigences("2024-02", "EX1", "important", backup, "EX2", "primordial", restore, "EX3", "primordial", identity, "EX4", "", logs)
	to := exigences("2025-01", "EX1", "primordial", backup, "EX2", "primordial", strings.Replace(restore, "régulièrement", "chaque année", 1), "EX4", "", "Les journaux partent sur la sortie standard, et portent un horodatage précis !", "EX5", "important", "Une exigence dont aucun mot ne se trouve ailleurs.")
	c := Compare(from, to, nil, nil)
	if want := (Summary{Unchanged: 1, Reworded: 1, Level: 1, Withdrawn: 1, New: 1, Typography: 1}); c.Summary != want {
		t.Errorf("summary %+v, want %+v", c.Summary, want)
	}
	var order []string
	for _, ch := range c.Changes {
		order = append(order, ch.From+" "+string(ch.Relation))
	}
	if want := []string{"EX1 identical", "EX3 withdrawn", "EX2 reworded", " new", "EX4 identical"}; !slices.Equal(order, want) {
		t.Errorf("order %q, want %q", order, want)
	}
	first, reworded := c.Changes[0], c.Changes[2]
	if first.Level == nil || *first.Level != (LevelChange{content.Important, content.Primordial}) {
		t.Errorf("level of EX1: %+v", first.Level)
	}
	if !slices.Equal(reworded.Removed, []string{"régulièrement"}) || !slices.Equal(reworded.Added, []string{"chaque année"}) {
		t.Errorf("EX2: removed %q, added %q", reworded.Removed, reworded.Added)
	}
	var now strings.Builder
	for _, p := range reworded.Pieces {
		if p.Op != Removed {
			now.WriteString(p.Text)
		}
	}
	if now.String() != reworded.New[0].Text {
		t.Errorf("kept and added words give %q", now.String())
	}
	if !c.Summary.Substantial() || Compare(from, from, nil, nil).Summary.Substantial() {
		t.Error("what is substantial")
	}
}

// TestMovedIDs: lists that give an id to another thing are followed by their texts.
func TestMovedIDs(t *testing.T) {
	from := exigences("2024-04-21", "EXI-A-1", "P", backup, "EXI-A-2", "P", restore, "EXI-A-3", "P", identity)
	to := exigences("2024-06-23", "EXI-A-1", "P", "Les certificats racines sont intégrés aux images dès leur construction.", "EXI-A-2", "P", backup, "EXI-A-3", "P", restore, "EXI-A-4", "P", identity)
	c := Compare(from, to, nil, nil)
	got := map[string]string{}
	for _, ch := range c.Changes {
		got[ch.From] = strings.Join(ch.To, ",")
	}
	for old, want := range map[string]string{"EXI-A-1@2024-04-21": "EXI-A-2@2024-06-23", "EXI-A-2@2024-04-21": "EXI-A-3@2024-06-23", "EXI-A-3@2024-04-21": "EXI-A-4", "": "EXI-A-1@2024-06-23"} {
		if got[old] != want {
			t.Errorf("%q became %q, want %q", old, got[old], want)
		}
	}
}

func TestSplitAndMerged(t *testing.T) {
	from := exigences("2024-02", "EX1", "", backup+" "+restore, "EX2", "", identity, "EX3", "", logs)
	to := exigences("2025-01", "N1", "", backup, "N2", "", restore, "N3", "", identity+" "+logs)
	got := map[string]Change{}
	for _, ch := range Compare(from, to, nil, nil).Changes {
		got[ch.From] = ch
	}
	for old, want := range map[string]struct {
		relation Relation
		to       []string
	}{"EX1": {Split, []string{"N2", "N1"}}, "EX2": {Merged, []string{"N3"}}, "EX3": {Merged, []string{"N3"}}} {
		ch := got[old]
		slices.Sort(ch.To)
		slices.Sort(want.to)
		if ch.Relation != want.relation || !slices.Equal(ch.To, want.to) {
			t.Errorf("%s: %s %q, want %s %q", old, ch.Relation, ch.To, want.relation, want.to)
		}
	}
}

// TestConfirmedRows: what a person wrote counts before the texts, in both directions.
func TestConfirmedRows(t *testing.T) {
	from := exigences("2025-01", "EX1", "primordial", "Un texte court.", "EX2", "important", backup)
	to := exigences("2024-06-23", "EXI-1", "important", "D’autres mots sans rapport.", "EXI-2", "important", backup)
	rows, problems := ParseLineage("f.csv", []byte("old;new;date;relation;certainty;proof\nEX1;EXI-1;2024-06-23;reworded;probable;lu\nEX2;;2024-06-23;withdrawn;sure;le sujet est ailleurs\n;EXI-2;2024-06-23;new;sure;autre objet\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c := Compare(from, to, rows, nil)
	if want := (Summary{Reworded: 1, Level: 1, Withdrawn: 1, New: 1}); c.Summary != want {
		t.Errorf("summary %+v, want %+v", c.Summary, want)
	}
	if ch := c.Changes[0]; ch.From != "EX1" || ch.Certainty != Probable || ch.Proof != "lu" {
		t.Errorf("first change: %+v", ch)
	}
	back := Compare(to, from, rows, nil)
	if want := (Summary{Reworded: 1, Level: 1, Withdrawn: 1, New: 1}); back.Summary != want {
		t.Errorf("backwards: %+v, want %+v", back.Summary, want)
	}
}

// TestRestatedWords: our words are not held against official ones.
func TestRestatedWords(t *testing.T) {
	from := exigences("2024-02", "EX1", "", backup)
	to := exigences("2025-01", "EX1", "", "Sauvegarder ailleurs qu’en production.")
	to.Records[0].Restated = true
	c := Compare(from, to, nil, nil)
	if ch := c.Changes[0]; ch.Relation != Identical || ch.Pieces != nil || !strings.Contains(ch.Proof, "reformulé") {
		t.Errorf("%+v", ch)
	}
	to.Records[0].Official.Text = strings.Replace(backup, "objet", "bloc", 1)
	if ch := Compare(from, to, nil, nil).Changes[0]; ch.Relation != Reworded || !slices.Equal(ch.Added, []string{"bloc"}) {
		t.Errorf("with the official words: %+v", ch)
	}
}

func TestLineageFaults(t *testing.T) {
	const head = "old;new;date;relation;certainty;proof\n"
	for _, c := range []struct {
		name, table string
		line        int
		code, says  string
	}{
		{"another header", "ancien;nouveau\nEX1;EX2", 1, "filiation-illisible", "old;new;date"},
		{"columns", head + "EX1;EX2;2025-01\n", 2, "filiation-illisible", "3 colonnes"},
		{"quote", head + "# remarque\nEX1;\"EX2;2025-01;reworded;sure;\n", 3, "filiation-illisible", "guillemet"},
		{"relation", head + "EX1;EX2;2025-01;changed;sure;\n", 2, "filiation-fausse", "« changed »"},
		{"certainty", head + "EX1;EX2;2025-01;reworded;sûr;\n", 2, "filiation-fausse", "« sûr »"},
		{"date", head + "EX1;EX2;janvier;reworded;sure;\n", 2, "filiation-fausse", "« janvier »"},
		{"two dates", head + "EX1;EX2@2024-06-23;2025-01;reworded;sure;\n", 2, "filiation-fausse", "autre date"},
		{"withdrawn with a new id", head + "EX1;EX2;2025-01;withdrawn;sure;\n", 2, "filiation-fausse", "withdrawn"},
		{"new with an old id", head + "EX1;EX2;2025-01;new;sure;\n", 2, "filiation-fausse", "new"},
		{"twice", head + "EX1;EX2;2025-01;reworded;sure;\nEX1;EX2;2025-01;split;sure;\n", 3, "filiation-double", "ligne 2"},
		{"two make a cycle", head + "EX1;EX2;2025-01;reworded;sure;\nEX2;EX1;2025-02;reworded;sure;\n", 3, "filiation-cycle", "EX2 → EX1"},
		{"three make a cycle", head + "EX1;EX2;2025-01;reworded;sure;\nEX2;EX3;2025-02;reworded;sure;\n\nEX3;EX1;2025-03;reworded;sure;\n", 5, "filiation-cycle", "EX3 → EX1"},
		{"back in time", head + "EX1@2025-01;EX2;2024-02;reworded;sure;\n", 2, "filiation-cycle", "EX1@2025-01"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, problems := ParseLineage("filiation.csv", []byte(c.table))
			if len(problems) != 1 {
				t.Fatalf("%d problems: %v", len(problems), problems)
			}
			if p := problems[0]; p.File != "filiation.csv" || p.Line != c.line || p.Code != c.code || !strings.Contains(p.What, c.says) {
				t.Errorf("%+v, want line %d, %s, %q", p, c.line, c.code, c.says)
			}
		})
	}
	// An id that lives on, and ids that swap at a date, are no faults.
	if rows, problems := ParseLineage("f", []byte("\ufeff"+head+"EX1;EX1;2025-01;identical;sure;\nA@2024-04-21;B@2024-06-23;2024-06-23;identical;sure;\nB@2024-04-21;A@2024-06-23;2024-06-23;identical;sure;\n")); len(problems) > 0 || len(rows) != 3 {
		t.Errorf("%d rows, %v", len(rows), problems)
	}
}

func TestUnknownIDs(t *testing.T) {
	rows, problems := ParseLineage("f.csv", []byte("old;new;date;relation;certainty;proof\nEX1;EX9;2025-01;reworded;sure;\nEX7;EX1;2025-01;reworded;sure;\nEX8@2024-02;EX1;2025-01;reworded;sure;\nEX1;EXI-1;2024-06-23;reworded;sure;\nEX1;EXI-2;2024-06-23;reworded;sure;\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	dated := Dated{"EXI-1": {{Date: "2024-06-23"}}}
	var got []int
	for _, p := range Unknown(rows, []*Edition{exigences("2025-01", "EX1", "", "")}, dated) {
		got = append(got, p.Line)
	}
	if want := []int{2, 3, 6}; !slices.Equal(got, want) { // EX8 is of an edition that nobody holds
		t.Errorf("lines %v, want %v", got, want)
	}
}

func TestLineageIsReadBack(t *testing.T) {
	rows := []Row{{Old: "EX1", New: "EXI-1@2024-06-23", Date: "2024-06-23", Relation: Reworded, Certainty: Sure, Proof: "dit « ; » et \"oui\""}, {New: "EX2", Date: "2025-01", Relation: New, Certainty: Probable}}
	var b bytes.Buffer
	if err := WriteLineage(&b, rows); err != nil {
		t.Fatal(err)
	}
	back, problems := ParseLineage("", b.Bytes())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for i := range back {
		back[i].Line = 0
	}
	if !slices.Equal(back, rows) {
		t.Errorf("read back %+v", back)
	}
}

// TestPublishedStates proposes the lineage of the 58 requirements through the four
// published states of the living list, and holds it to what a person read.
func TestPublishedStates(t *testing.T) {
	steps := []*Edition{official(t, "2025-01")}
	for _, date := range []string{"2024-04-21", "2024-05-12", "2024-05-26", "2024-06-23"} {
		steps = append(steps, listed(t, date))
	}
	sure := map[string]bool{}
	proofs := map[string]string{}
	for _, r := range Propose(steps...) {
		if r.Certainty == Sure && strings.HasPrefix(r.Old, "EX") {
			sure[r.Old] = true
		}
		proofs[r.Old] += r.New + " " + r.Proof
	}
	if len(sure) != 25 {
		t.Errorf("%d requirements surely became another, and a person read 25", len(sure))
	}
	for old, says := range map[string]string{
		"EX57": "EXI-DATA-2 mêmes mots", "EX56": "EXI-ARCH-11@2024-06-23", "EX33": "EXI-ARCH-4 81 %",
		"EX47": "de proche en proche : 2024-04-21 EXI-ARCH-19", "EX29": "retirée en 2024-05-26", "EX5": "EXI-G-2",
	} {
		if !strings.Contains(proofs[old], says) {
			t.Errorf("%s: %q does not say %q", old, proofs[old], says)
		}
	}
	c := Compare(steps[1], steps[4], nil, nil)
	for _, ch := range c.Changes {
		if ch.From == "EXI-ARCH-7@2024-04-21" && !slices.Equal(ch.To, []string{"EXI-ARCH-11@2024-06-23"}) {
			t.Errorf("the SSO of April became %q", ch.To)
		}
	}
}

// TestOfficialEditions: the two published editions differ in typography and pages.
func TestOfficialEditions(t *testing.T) {
	c := Compare(official(t, "2024-02"), official(t, "2025-01"), nil, nil)
	if c.Summary.Substantial() || c.Summary.Typography != 3 {
		t.Errorf("%+v, want three edits of typography and nothing else", c.Summary)
	}
	pages := map[Relation]int{}
	for _, p := range c.Pages {
		pages[p.Relation]++
	}
	if pages[New] != 2 || pages[Withdrawn] != 2 {
		t.Errorf("pages: %v, want two new ones and two withdrawn", pages)
	}
}

func FuzzLineage(f *testing.F) {
	f.Add([]byte("old;new;date;relation;certainty;proof\nEX1;EXI-1@2024-06-23;2024-06-23;reworded;sure;81 %\n"))
	f.Add([]byte("\ufeffold;new;date;relation;certainty;proof\n# x\nEX1;\"EX\n;;"))
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, _ := ParseLineage("f", data)
		var b bytes.Buffer
		if err := WriteLineage(&b, rows); err != nil {
			t.Fatal(err)
		}
		if back, problems := ParseLineage("f", b.Bytes()); len(back) != len(rows) || len(problems) > 0 {
			t.Errorf("%d rows of %d are read back, %v", len(back), len(rows), problems)
		}
	})
}

func FuzzPieces(f *testing.F) {
	f.Add(backup, restore)
	f.Add("l’été, C++ ≥ 5.1", "l'ete C# < 5.1 e\u0301")
	f.Fuzz(func(t *testing.T, old, new string) {
		var was, is strings.Builder
		for _, p := range pieces(wordsOf(old), wordsOf(new)) {
			if p.Op != Removed {
				is.WriteString(p.Text)
			}
			if p.Op == Removed {
				was.WriteString(p.Text)
			}
		}
		if len(wordsOf(new)) > 0 && is.String() != new {
			t.Errorf("%q and %q: kept and added words give %q", old, new, is.String())
		}
	})
}

func BenchmarkCompare(b *testing.B) {
	for _, c := range []struct {
		name     string
		from, to *Edition
	}{{"editions", official(b, "2024-02"), official(b, "2025-01")}, {"lists", listed(b, "2024-04-21"), listed(b, "2024-06-23")}, {"list-of-edition", official(b, "2025-01"), listed(b, "2024-06-23")}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				Compare(c.from, c.to, nil, nil)
			}
		})
	}
}
