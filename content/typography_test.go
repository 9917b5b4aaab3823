package content

import (
	"strings"
	"testing"
)

func TestFrench(t *testing.T) {
	for in, want := range map[string]string{
		"Pourquoi ?":                   "Pourquoi\u00a0?",
		"Quoi ?!":                      "Quoi\u00a0?!",
		"Niveau : important ; noté":    "Niveau\u00a0: important\u00a0; noté",
		"« à lire »":                   "«\u00a0à lire\u00a0»",
		"(« oui »)":                    "(«\u00a0oui\u00a0»)",
		"«collé»":                      "«\u00a0collé\u00a0»",
		"« oui » ?":                    "«\u00a0oui\u00a0»\u00a0?",
		" : après un mot en gras":      "\u00a0: après un mot en gras",
		"sans espace: tel quel":        "sans espace: tel quel",
		"https://exemple.fr/?q=a":      "https://exemple.fr/?q=a",
		"Accessibilité : non conforme": "Accessibilité : non conforme",
		"14:30":                        "14:30",
		"a !important":                 "a !important",
		"le mot :root":                 "le mot :root",
		"EX 33 et RFC 9457":            "EX\u00a033 et RFC\u00a09457",
		"en 2025, À 3":                 "en 2025, À 3",
		"deux  : blancs":               "deux  : blancs",
		"«":                            "«",
	} {
		got := French(in)
		if got != want {
			t.Errorf("French(%q) = %q, want %q", in, got, want)
		}
		if twice := French(got); twice != got {
			t.Errorf("French(%q) changes on a second time: %q", got, twice)
		}
	}
}

func TestCodes(t *testing.T) {
	for in, want := range map[string]string{
		"voir EX33, AT-1368 et EX 7.": "EX33 AT-1368 EX 7",
		"EXI-ARCH-4 vaut EX33":        "EXI-ARCH-4 EX33",
		"PA\u00a0009":                 "PA\u00a0009",
		"INDEX33x, S3, A-12, CCT-2a":  "",
		"xEX33 ÉEX33 2EX33 - EX33":    "EX33",
		"API REST":                    "",
		"EX":                          "",
		"EX123456 ABCDEFG-12 AB-CD-":  "",
		"EX1-EX2":                     "EX1",
		"une fin de phrase. EX1":      "EX1",
		"l’EX33 : « PT-1552 »":        "EX33 PT-1552",
	} {
		var got []string
		for _, c := range Codes(in) {
			got = append(got, in[c[0]:c[1]])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("Codes(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzFrench(f *testing.F) {
	f.Add("« EX 33 » : pourquoi ?")
	f.Fuzz(func(t *testing.T, s string) {
		once := French(s)
		if French(once) != once {
			t.Errorf("%q changes on a second time", s)
		}
		for _, c := range Codes(s) {
			if c[0] >= c[1] || c[1] > len(s) {
				t.Errorf("%q: %v", s, c)
			}
		}
	})
}
