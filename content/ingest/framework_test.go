package ingest

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
)

// TestRequirementsOfOthers: what binds in other frameworks, as they write it.
func TestRequirementsOfOthers(t *testing.T) {
	for _, c := range []struct {
		what, text string
		want       string // id level raw, of each
	}{
		{"number and requirement", "| N° | Exigence | Niveau |\n|---|---|---|\n| R1 | Faire. | Obligatoire |\n| R2 | Bien faire. | Recommandé |\n", "R1 primordial Obligatoire, R2 important Recommandé"},
		{"reference and measure", "| Réf. | Mesure |\n|---|---|\n| SEC/AUT/01 | Fermer. |\n| SEC/AUT/02 | Ouvrir. |\n", "SEC/AUT/01  , SEC/AUT/02  "},
		{"code and label, with a level", "| Code | Libellé | MUST/SHOULD |\n|---|---|---|\n| REQ-001 | Un. | MUST |\n| REQ-002 | Deux. | SHOULD |\n| REQ-003 | Trois. | MAY |\n", "REQ-001 primordial MUST, REQ-002 important SHOULD, REQ-003  MAY"},
		{"criteria", "| Critère | Intitulé | A/AA/AAA |\n|---|---|---|\n| 1.1 | Images. | A |\n| 1.2 | Cadres. | AA |\n", "1.1  A, 1.2  AA"},
		{"in English", "| ID | Requirement | Level |\n|---|---|---|\n| **A.5.1** | Do. | Must |\n", "A.5.1 primordial Must"},
		{"several exigences", "| Référence | Exigence(s) |\n|---|---|\n| RGAA 1.1 | Un. |\n| RGAA 1.2 | Deux. |\n", "RGAA 1.1  , RGAA 1.2  "},
		{"the CCT's own", "| ID | Niveau | Exigence |\n|---|---|---|\n| EX1 | **P** | Un. |\n", "EX1 primordial **P**"},
		{"a list", "- R12 – Fermer la porte.\n- **R13** : Ouvrir la *fenêtre*.\n", "R12  , R13  "},
		{"headings", "## R1 – Fermer\n\nLa porte.\n\n## R2 – Ouvrir\n\nLa fenêtre.\n", "R1  , R2  "},
		{"elements", "<div id=\"R7\" title=\"Fermer\">\n\nLa porte.\n\n</div>\n", "R7  "},
		{"levels as columns", "| # | Description | L1 | L2 | L3 | Depuis |\n|---|---|---|---|---|---|\n| **1.1.1** | Un. | ✓ | ✓ | ✓ | 4.0 |\n| **1.1.2** | Deux. |  | x | x | 4.0 |\n| **1.1.3** | Trois. | o |  | ✓ | 4.1 |\n", "1.1.1  L1, 1.1.2  L2, 1.1.3  L3"},
		{"two columns to tick", "| Réf. | Libellé | Obligatoire | Recommandé |\n|---|---|:-:|:-:|\n| AA-1 | Un. | X |  |\n| AA-2 | Deux. |  | X |\n| AA-3 | Trois. | non |  |\n", "AA-1 primordial Obligatoire, AA-2 important Recommandé, AA-3  "},
		{"criteria as headings", "## Images\n\n### Critère 1.1 Chaque image a-t-elle un texte ?\n\nVoir.\n\n#### Comment\n\nLire.\n\n### Critère 1.2 [AA] : chaque décor est-il passé ?\n\nVoir.\n", "1.1  , 1.2  AA"},
		{"versions", "## V1.1.0 – 14 July 2018\n\nUn.\n\n## V1.2.0 – 2019-01-03\n\nDeux.\n\n- V1 : 3 mars 2020\n- V2 : 4 mars 2021\n", ""},
		{"a table of anything", "| Nom | Rôle |\n|---|---|\n| Serveur 1 | Web |\n| Serveur 2 | Base |\n", ""},
		{"a list of citations", "| ID | Niveau | Exigence |\n|---|---|---|\n| EX1 | P | Un. |\n| EX2 | P | Deux. |\n\n- EX1 : voir ci-dessus\n- EX2 : aussi\n", "EX1 primordial P, EX2 primordial P"},
		{"years", "| N° | Description |\n|---|---|\n| 2024 | Début. |\n| 2025 | Fin. |\n", ""},
	} {
		ed := load(t, folder("a.md", "# T\n\nTexte.\n\n"+c.text))
		var got []string
		for _, r := range ed.Records {
			if r.Kind == content.KindExigence {
				got = append(got, r.ID+" "+string(r.Level())+" "+r.Exigence.RawLevel)
				if r.Text == "" || r.Title == "" || r.HTML == "" {
					t.Errorf("%s: %+v", c.what, r)
				}
			}
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %q, want %q", c.what, s, c.want)
		}
		if slices.Contains(codes(ed), "niveau-inconnu") {
			t.Errorf("%s: %v", c.what, ed.Problems)
		}
		assertAnchors(t, ed)
	}
	ed := load(t, folder("regles/sec-aut-01.md", "---\nid: SEC-AUT-01\ntitle: Fermer la porte\nniveau: MUST\n---\n\nLa porte est fermée à clé.\n", "regles/sec-aut-02.md", "---\nid: SEC-AUT-02\ntitle: Ouvrir\nlevel: MAY\n---\n\nLa fenêtre est ouverte.\n"))
	if len(ed.Records) != 2 || ed.Records[0].ID != "SEC-AUT-01" || ed.Records[0].Level() != content.Primordial || ed.Records[1].Exigence.RawLevel != "MAY" || ed.Records[0].Title != "SEC-AUT-01 — Fermer la porte" {
		t.Errorf("a file each: %+v", ed.Records)
	}
	assertAnchors(t, ed)
	ed = load(t, folder("controles/acces-1.md", "# ACCES-1\n\n## Contrôle\n\nLe poste demande un mot de passe.\n", "controles/acces-2.md", "# ACCES-2 – Verrouiller\n\nLe poste se verrouille seul.\n", "autre.md", "# ACCES-3\n\nUn autre texte.\n",
		"guide/annexe-2.md", "# Annexe 2\n\nDes exemples.\n", "guide/page-12.md", "# Page 12\n\nUn texte.\n", "guide/etape-3.md", "# Étape 3\n\nInstaller.\n", "guide/module-4.md", "# Module-4 : installer\n\nUn texte.\n"))
	var own []string
	for _, r := range ed.Records {
		own = append(own, r.Title)
	}
	if strings.Join(own, ", ") != "ACCES-1 — Le poste demande un mot de passe, ACCES-2 — Verrouiller" {
		t.Errorf("a file each, named after it: %q", own)
	}
	assertAnchors(t, ed)
	ed = load(t, folder("a.md", "# T\n\n| Identifiant | Description |\n|---|---|\n| AB-1 | Un. |\n| AB-2 | Deux. |\n| AB-3 | Trois. |\n"))
	if !slices.Contains(codes(ed), "tableau-exigences") {
		t.Errorf("a table that looks like requirements is not told: %v", ed.Problems)
	}
}

// TestDeclaredFramework: what guessing can't do is declared.
func TestDeclaredFramework(t *testing.T) {
	ed := load(t, folder("cct.yaml", `name: Référentiel maison
edition: 2026-01
source: https://exemple.fr/referentiel
licence: CC-BY 4.0
columns:
  Contrôle à faire: exigence
  Poids: niveau
  Clé: id
levels: [Vital: bloquant, Utile: important, Confort]
kinds: {"mots/*.md": terme}
`, "a.md", "# A\n\n| Clé | Contrôle à faire | Poids |\n|---|---|---|\n| x | Fermer. | Vital |\n| y1 | Ouvrir. | Confort |\n", "mots/b.md", "# B\n\n| Terme | Définition |\n|---|---|\n| MCO | Maintien. |\n"))
	if ed.Title != "Référentiel maison" || ed.Name != "2026-01" || ed.Framework != (content.Framework{Name: "Référentiel maison", Source: "https://exemple.fr/referentiel", Licence: "CC-BY 4.0"}) || len(ed.Levels) != 3 || ed.Levels[2].Name != "Confort" {
		t.Errorf("%q %q %+v %v", ed.Title, ed.Name, ed.Framework, ed.Levels)
	}
	if len(ed.Problems) > 0 || len(ed.Records) != 3 || ed.Records[1].ID != "y1" || ed.Records[1].Exigence.RawLevel != "Confort" {
		t.Errorf("%v %+v", ed.Problems, ed.Records)
	}
	if name, err := EditionName(folder("cct.yaml", "edition: 2026-02\n", "a.md", "# A\n"), ""); err != nil || name != "2026-02" {
		t.Errorf("edition %q %v", name, err)
	}
	ed = load(t, folder("cct.yaml", "columns: {A: rien}\nlevels: [B: urgent]\nkinds: {\"*.md\": truc}\nautre: x\n", "a.md", "# A\n\nDu texte.\n"))
	if n := len(ed.Problems); n != 4 {
		t.Errorf("%d problems: %v", n, ed.Problems)
	}
	if ed := load(t, folder("cct.yaml", "a: [\n", "a.md", "# A\n\nDu texte.\n")); !slices.Contains(codes(ed), "cadre-invalide") {
		t.Errorf("%v", ed.Problems)
	}
}

// TestLevelScale: the words for levels have one spelling and one order, whatever the
// files write.
func TestLevelScale(t *testing.T) {
	rows := "# A\n\n| N° | Mesure | Niveau |\n|---|---|---|\n| R1 | Un. | aaa |\n| R2 | Deux. | **A** |\n| R3 | Trois. | AA |\n| R4 | Quatre. | obligatoire |\n| R5 | Cinq. | Obligatoire |\n| R6 | Six. | P |\n| R7 | Sept. | — |\n"
	for _, c := range []struct{ schema, scale, words string }{
		{"", "Obligatoire primordial, A , AA , aaa ", "aaa A AA Obligatoire Obligatoire - -"},
		{"levels: [AAA, AA, A]\n", "AAA , AA , A , Obligatoire primordial", "AAA A AA Obligatoire Obligatoire - -"},
		{"levels:\n  Obligatoire: bloquant\n  A: important\n  AA:\n  AAA:\n  P:\n", "Obligatoire bloquant, A important, AA , AAA , P ", "AAA A AA Obligatoire Obligatoire P -"},
		{"levels: {z: , y: , x: , w: , v: , u: }\n", "z , y , x , w , v , u , Obligatoire primordial, A , AA , aaa ", "aaa A AA Obligatoire Obligatoire - -"},
	} {
		ed := load(t, folder("cct.yaml", "name: N\n"+c.schema, "a.md", rows))
		var scale, words []string
		for _, l := range ed.Levels {
			scale = append(scale, l.Name+" "+string(l.Level))
		}
		for _, r := range ed.Records {
			words = append(words, cmp.Or(r.OwnLevel(), "-"))
		}
		if strings.Join(scale, ", ") != c.scale || strings.Join(words, " ") != c.words {
			t.Errorf("%q: %q of %q", c.schema, words, scale)
		}
	}
	ed := load(t, folder("cct.yaml", "name: N\nlevels:\n  Vital: urgent\nautre: x\n", "a.md", "# A\n\nDu texte.\n"))
	if len(ed.Problems) != 2 || ed.Problems[0].Line != 3 || ed.Problems[1].Line != 4 {
		t.Errorf("faults of a declaration without their lines: %v", ed.Problems)
	}
}
