package history

import (
	"context"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest"
)

// TestEmbeddedTables: what the program carries has no fault, and the ids of its
// lineage are known.
func TestEmbeddedTables(t *testing.T) {
	folder := content.Embedded()
	tables, problems := ReadTables(func(name string) []byte {
		data, err := fs.ReadFile(folder, name)
		if err != nil {
			t.Error(err)
		}
		return data
	})
	for _, p := range append(problems, Unknown(tables.Rows, []*Edition{embedded(t)}, tables.Dated)...) {
		t.Errorf("%s:%d: %s", p.File, p.Line, p.What)
	}
	for date, want := range map[string]int{"2024-04-21": 49, "2024-05-12": 53, "2024-05-26": 53, "2024-06-23": 55} {
		n := 0
		for _, uses := range tables.Dated {
			for _, u := range uses {
				if u.Date == date {
					n++
				}
			}
		}
		if n != want {
			t.Errorf("%d ids are known of the list of %s, want %d", n, date, want)
		}
	}
	if got := tables.Dated.Meanings("EXI-ARCH-7"); len(got) != 3 || !strings.Contains(got[0][0].Subject, "SSO") || !strings.Contains(got[2][0].Subject, "certificats") {
		t.Errorf("EXI-ARCH-7 means %v", got)
	}
	if tables.Dated.Ambiguous("EXI-ARCH-4") || !tables.Dated.Ambiguous("EXI-ARCH-12") {
		t.Error("which ids are ambiguous")
	}
	for _, r := range embedded(t).Records {
		if r.Kind != content.KindTerme && tables.Official[r.Kind][r.ID] == 0 {
			t.Errorf("%s %s has no official row", r.Kind, r.ID)
		}
	}
}

func embedded(t testing.TB) *Edition {
	t.Helper()
	ed, err := ingest.Load(context.Background(), content.Embedded(), ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	NewWords(Embedded(), ed.Name, nil).GiveAll(ed)
	return Of(ed)
}

// TestSentencesOnTheLivingList holds what our pages say of it to the lineage table.
func TestSentencesOnTheLivingList(t *testing.T) {
	tables := Embedded()
	levels := map[string]content.Level{}
	for _, r := range embedded(t).Records {
		if r.Kind == content.KindExigence {
			levels[r.ID] = r.Level()
		}
	}
	sure, changed := map[string]bool{}, map[string]string{}
	told, gone := map[string]bool{}, []string{}
	for _, r := range tables.Rows {
		if r.Old == "" {
			continue
		}
		told[r.Old] = true
		new, _ := SplitDated(r.New)
		switch {
		case r.Relation == Withdrawn && levels[r.Old] == content.Primordial:
			gone = append(gone, r.Old)
		case r.Relation != Withdrawn && r.Certainty == Sure && !sure[r.Old]:
			sure[r.Old] = true
			for _, u := range tables.Dated[new] {
				if u.Date == r.Date && u.Level != levels[r.Old] {
					changed[r.Old] = new
				}
			}
		}
	}
	if len(told) != 58 {
		t.Errorf("the lineage tells of %d requirements, want 58", len(told))
	}
	numbers := map[string]int{"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "neuf": 9}
	for file, counts := range map[string]map[string]int{
		"cloud-native/exigences.md":            {`\*\*(\d+)\*\* anciennes exigences`: len(sure), `\*\*(\pL+) ont changé de niveau`: len(changed), `(?i)\*\*(\pL+) exigences primordiales\*\* n’y ont plus de ligne`: len(gone)},
		"presentation/comparer-les-niveaux.md": {`Parmi les (\d+) exigences`: len(sure), `nettement, (\pL+) changent de niveau`: len(changed)},
	} {
		data, err := fs.ReadFile(content.Embedded(), file)
		if err != nil {
			t.Fatal(err)
		}
		text := string(data)
		for pattern, want := range counts {
			m := regexp.MustCompile(pattern).FindStringSubmatch(text)
			if m == nil {
				t.Errorf("%s does not say %q any more", file, pattern)
				continue
			}
			got, err := strconv.Atoi(m[1])
			if err != nil {
				got = numbers[strings.ToLower(m[1])]
			}
			if got != want {
				t.Errorf("%s says %q where the lineage table has %d", file, m[0], want)
			}
		}
		for old, new := range changed {
			if !regexp.MustCompile(old + `\b[^.;]*devenue ` + new + `\b`).MatchString(text) {
				t.Errorf("%s does not say that %s became %s at another level", file, old, new)
			}
		}
	}
	data, err := fs.ReadFile(content.Embedded(), "cloud-native/exigences.md")
	if err != nil {
		t.Fatal(err)
	}
	line := regexp.MustCompile(`n’y ont plus de ligne[^\n]*:([^\n]*)`).FindStringSubmatch(string(data))
	if line == nil {
		t.Fatal("the page does not name the withdrawn ones")
	}
	if named := regexp.MustCompile(`EX\d+`).FindAllString(line[1], -1); !slices.Equal(named, gone) {
		t.Errorf("the page names %v as withdrawn, the lineage table %v", named, gone)
	}
}

// TestOfficialWords gives the words of the ministry's folder to our records.
func TestOfficialWords(t *testing.T) {
	ours, err := ingest.Load(context.Background(), content.Embedded(), ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	official(t, "2025-01") // skips without the corpus
	theirs := readOfficial(t)
	w := NewWords(Embedded(), ours.Name, theirs)
	w.GiveAll(ours)
	for _, p := range w.Unmatched(ours, theirs) {
		t.Errorf("%s:%d: %s", p.File, p.Line, p.What)
	}
	for _, r := range ours.Records {
		if r.Kind == content.KindExigence && r.ID == "EX33" {
			if o := r.Official; o.Line != 46 || !strings.HasSuffix(o.URL, "?plain=1#L46") || !strings.Contains(o.Text, "service de type S3") || r.Wording() != content.WordsRestated {
				t.Errorf("EX33: %+v", o)
			}
		}
	}
	NewWords(Embedded(), "2025-01", nil).GiveAll(theirs)
	for _, r := range theirs.Records {
		if r.Kind == content.KindExigence && (r.Wording() != content.WordsOfficial || r.Official.Text != r.Text) {
			t.Errorf("%s of the official folder is %q", r.ID, r.Wording())
			break
		}
	}
}
