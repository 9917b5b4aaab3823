package ingest

import (
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
)

// TestTextKeepsAddresses: what markup says of an address is said in plain text too,
// and what our pages add to their source is told from it.
func TestTextKeepsAddresses(t *testing.T) {
	ed := load(t, folder("a.md", `---
title: T
source: x.md
---

Voir [par son site](https://exemple.fr/a) et <https://b.fr>, [c.fr](https://www.c.fr/), [écrire](mailto:x@y.fr), [la page](a.md), [vide](http://lien).

| Terme | Définition |
|---|---|
| MCO | Voir [son site](https://exemple.fr/b). Note : c’est à nous. |

| Couleur | Usage |
|---|---|
| [Rouge](https://r.fr) | Arrêt, [ici](https://i.fr) et [là](https://l.fr). |

Règle : lire [ceci](https://ceci.fr) avant.

## Règle 1.1 : nommer

Comme [le guide](https://guide.fr/) le dit.
`))
	const said = "Voir par son site (https://exemple.fr/a) et https://b.fr, c.fr, écrire (x@y.fr), la page, vide"
	if got := ed.Pages[0].Plain(); !strings.HasPrefix(got, said) || !strings.Contains(got, "Rouge (https://r.fr) | Arrêt, ici (https://i.fr) et là (https://l.fr).") {
		t.Errorf("%s", got)
	}
	want := map[content.Kind][]string{
		content.KindTerme: {"Voir son site (https://exemple.fr/b)."},
		content.KindLigne: {"Arrêt, ici (https://i.fr) et là (https://l.fr)."},
		content.KindRegle: {"Comme le guide (https://guide.fr/) le dit.", "lire ceci (https://ceci.fr) avant."},
	}
	for _, r := range ed.Records {
		list := want[r.Kind]
		if len(list) == 0 || r.Plain() != list[0] {
			t.Errorf("%s: %q, want %q", r.Kind, r.Plain(), list)
			continue
		}
		want[r.Kind] = list[1:]
		if r.Kind == content.KindTerme && (r.Note != "Note : c’est à nous." || !strings.Contains(r.Text, r.Note)) {
			t.Errorf("note %q of %q", r.Note, r.Text)
		}
	}
}
