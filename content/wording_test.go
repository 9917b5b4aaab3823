package content

import (
	"io/fs"
	"path"
	"strings"
	"testing"
)

// TestOneNameForOneThing holds the embedded pages to one spelling of each name, and
// to words that their readers would write themselves.
func TestOneNameForOneThing(t *testing.T) {
	instead := map[string]string{
		"préfecture de Police": "préfecture de police", "Néo": "NEO", "Passage2": "PASSAGE2", "Design Système": "système de design", "Design de système": "système de design",
		"ne va jamais sans": "doit être fourni avec", "du dehors": "externe",
		"est de nous": "est ajouté par cette restitution", "éveloppement de nous": "sigle développé par cette restitution", "récision de nous": "précision ajoutée",
		"soutenus par la DTNUM": "la DTNUM en assure le support", "## Quelles règles s’appliquent": "un titre qui dit sur quoi portent les règles",
	}
	err := fs.WalkDir(Embedded(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".md" {
			return err
		}
		text, err := fs.ReadFile(Embedded(), name)
		if err != nil {
			return err
		}
		for i, line := range strings.Split(strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(string(text)), "\n") {
			for variant, better := range instead {
				if strings.Contains(line, variant) {
					t.Errorf("%s:%d: « %s » : %s", name, i+1, variant, better)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
