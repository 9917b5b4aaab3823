package cli

import (
	"strings"
	"testing"
)

// TestDatedIDs: an id of the living list says which date means what.
func TestDatedIDs(t *testing.T) {
	plain := strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace
	for _, c := range []struct {
		args []string
		code int
		says []string
	}{
		{[]string{"show", "EXI-ARCH-7"}, done, []string{"ne suffit pas", "EXI-ARCH-7@2024-06-23", "2024-04-21 : identification", "2024-06-23 : certificats racines", "3450e8c/cct-exigences.md?plain=1#L45"}},
		{[]string{"show", "exi-arch-7@2024-04-21"}, done, []string{"EXI-ARCH-7@2024-04-21 : identification"}},
		{[]string{"show", "EXI-ARCH-4"}, done, []string{"2024-04-21 à 2024-06-23 : sauvegarde"}},
		{[]string{"show", "EXI-ARCH-7@2020-01"}, nothing, []string{"aucune liste connue", "2024-06-23 : certificats"}},
		{[]string{"cite", "-"}, nothing, []string{"EXI-ARCH-7 — sans date, ambigu : 2024-04-21", "EXI-ARCH-12@2024-06-23 — supervision", "EXI-ARCH-99 n’existe pas"}},
	} {
		r := cctReading(t, "EXI-ARCH-7\nEXI-ARCH-12@2024-06-23 et EX33\nEXI-ARCH-99\n", nil, c.args...)
		if r.code != c.code {
			t.Errorf("%v: exit %d: %s%s", c.args, r.code, r.stdout, r.stderr)
		}
		for _, s := range c.says {
			if !strings.Contains(plain(r.stdout+r.stderr), s) {
				t.Errorf("%v: %s%s does not say %q", c.args, r.stdout, r.stderr, s)
			}
		}
	}
	if r := cct(t, nil, "show", "EX33"); !strings.Contains(plain(r.stdout), "reformulé") || !strings.Contains(r.stdout, "#L46") {
		t.Errorf("our words are not said to be reworded: %s", r.stdout)
	}
}
