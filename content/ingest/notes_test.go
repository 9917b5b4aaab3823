package ingest_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/content/ingest"
)

// TestEditorsRemarks: what editors insert in a record stands apart from its
// words, and on its page.
func TestEditorsRemarks(t *testing.T) {
	ed, err := ingest.Load(context.Background(), fstest.MapFS{
		"a.md": {Data: []byte("# A\n\n| ID | Niveau | Intitulé | Exigence |\n|---|---|---|---|\n| EX1 | P | Un | Tester *tout*. <ins>La source hésite : [voir](b.md).</ins> |\n")},
		"b.md": {Data: []byte("# B\n\n### Règle 1.1 : nommer\n\nUn nom par chose.\n\n<ins>La source se contredit.</ins> Un seul.\n")}}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range [][2]string{{"Tester tout.", "La source hésite : voir."}, {"Un nom par chose.\nUn seul.", "La source se contredit."}} {
		if r := ed.Records[i]; r.Text != want[0] || r.Note != want[1] || !strings.Contains(r.HTML, "<ins>La source") {
			t.Errorf("%s: %q, note %q, %s", r.ID, r.Text, r.Note, r.HTML)
		}
	}
}
