package links

import (
	"regexp"
	"slices"
	"testing"
)

// recordID is what NextID finds.
var recordID = regexp.MustCompile(`\b(EXI-[A-Z]+-\d+|EX\d{1,3}|[A-Z]{2}-\d{4})\b`)

func FuzzNextID(f *testing.F) {
	for _, s := range []string{"EX1 EX1234 EXI-A-1 EXI-A AT-1234 AT-12345 aAT-1234 EX-1234 EXI-AB_1", "EXI-ARCH-4, EX33.", "éEX1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var ids []string
		for from, to := NextID(text, 0); from >= 0; from, to = NextID(text, to) {
			ids = append(ids, text[from:to])
		}
		if want := recordID.FindAllString(text, -1); !slices.Equal(ids, want) {
			t.Errorf("%q, want %q", ids, want)
		}
	})
}
