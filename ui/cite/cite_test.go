package cite

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/cct-mi/cct/content/ingest"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/store"
)

func library(t testing.TB) *search.Library {
	t.Helper()
	row := "| %s | **P** | Chose | La chose est faite. | | | |\n"
	var b strings.Builder
	b.WriteString("# Exigences\n\n| ID | Niveau | Intitulé | Exigence | Nature | Catégorie | Autre édition |\n|---|---|---|---|---|---|---|\n")
	for n := range 120 {
		fmt.Fprintf(&b, row, fmt.Sprint("EX", n+1))
	}
	for _, id := range []string{"EXI-ARCH-4", "EXI-ARCH-110", "SEC/AUT/01", "REQ-001"} {
		fmt.Fprintf(&b, row, id)
	}
	ctx := context.Background()
	ed, err := ingest.Load(ctx, fstest.MapFS{"exigences.md": {Data: []byte(b.String())}, "regles.md": {Data: []byte("# Règles\n\n### Règle 2.2.1\n\nPublier.\n")}}, ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	st, _, err := store.Open(ctx, store.Options{Build: func(ctx context.Context, w *store.Writer) error { return search.Build(ctx, ed, w) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	lib, err := search.Open(st)
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

func TestCitations(t *testing.T) {
	lib := library(t)
	for text, want := range map[string]string{
		"EX7": "EX7", "selon EX7, EX8 et EX9.": "EX7 EX8 EX9", "ex7": "EX7", "EX 7": "EX7", "EX-7": "EX7", "EX007": "EX7", "EX1-EX4": "EX1 EX2 EX3 EX4", "de EX1 à EX3": "EX1 EX2 EX3",
		"EXI-ARCH-4": "EXI-ARCH-4", "exi-arch-004": "EXI-ARCH-4", "SEC/AUT/01 (REQ-1)": "SEC/AUT/01 REQ-001", "règle 2.2.1": "2.2.1", "l’exigence 7": "EX7",
		"EXI-ARCH-999": "!EXI-ARCH-999", "ex999": "!ex999", "EX 999": "!EX 999", "EX33/EX999": "EX33 !EX999", "**EX7**, `EX8`": "EX7 EX8", "[EX7](ex7.md)": "EX7 EX7",
		// What is no id, or another framework's.
		"EX-12-3": "", "RF-1234": "", "ex. 3": "", "la version 2.2.1": "", "ANNEX7": "", "EX12b": "", "docs/EX33.md": "", "index7": "", "EX999999": "", "12 EX": "", "": "",
	} {
		list, err := In(lib, "f", text)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range list {
			if c.Exists {
				got = append(got, c.ID)
			} else {
				got = append(got, "!"+c.ID)
			}
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%q cites %q, want %q", text, s, want)
		}
	}
	list, err := In(lib, "f", "un\r\nEX7\n\nEX999")
	if err != nil || len(list) != 2 || list[0].Line != 2 || list[1].Line != 4 || len(Unknown(list)) != 1 {
		t.Error(list, err)
	}
}

func TestEncodings(t *testing.T) {
	units := utf16.Encode([]rune("Réponse à l’EX7\n"))
	little, big := []byte{}, []byte{}
	for _, u := range units {
		little, big = append(little, byte(u), byte(u>>8)), append(big, byte(u>>8), byte(u))
	}
	for name, b := range map[string][]byte{
		"UTF-8": []byte("Réponse à l’EX7\n"), "with a mark": []byte("\ufeffRéponse à l’EX7\n"), "UTF-16LE": little, "UTF-16BE": big,
		"UTF-16LE with a mark": append([]byte{0xff, 0xfe}, little...), "UTF-16BE with a mark": append([]byte{0xfe, 0xff}, big...),
	} {
		if text, err := Text(b); err != nil || text != "Réponse à l’EX7\n" {
			t.Errorf("%s: %q, %v", name, text, err)
		}
	}
	if _, err := Text([]byte("\x7fELF\x00\x00\x01\x02\x00\x00EX7")); !errors.Is(err, ErrBinary) {
		t.Error("a binary file is taken for a text:", err)
	}
}

func FuzzCitations(f *testing.F) {
	for _, s := range []string{"EX7, EX8–EX12 et EXI-ARCH-999", "SEC/AUT/01", "\u06771 EX\u06e07", "EX１２"} {
		f.Add(s)
	}
	lib := library(f)
	f.Fuzz(func(t *testing.T, s string) {
		if list, err := In(lib, "f", s); err != nil {
			t.Fatal(list, err)
		}
	})
}
