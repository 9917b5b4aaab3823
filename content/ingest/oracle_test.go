package ingest

import (
	"bufio"
	"context"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest/markdown"
)

// shared finds a file of the official material beside the checkout; the test
// skips where it is not there.
func shared(t testing.TB, name string) string {
	t.Helper()
	root := os.Getenv("CCT_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "shared")
	}
	p := filepath.Join(root, name)
	if _, err := os.Stat(p); err != nil {
		t.Skipf("the official corpus is not beside this checkout: %v", err)
	}
	return p
}

// oracleRow is one record as the official material lists it.
type oracleRow struct {
	Kind, File, ID, Text, Niveau, NiveauBrut, Nature, Categorie          string
	Composant, Fournisseur, Version, Statut, Commentaire                 string
	SuppLL, Changement, Licence, Partie, PartieTitre, ChapitreTitre, Src string
	Section, Table, Libelle                                              string
	Line                                                                 int
}

func oracle(t *testing.T) []oracleRow {
	t.Helper()
	f, err := os.Open(shared(t, "corpus/records-2025-01.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var rows []oracleRow
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<20)
	for s.Scan() {
		var m map[string]any
		if err := json.Unmarshal(s.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		get := func(k string) string { v, _ := m[k].(string); return v }
		rows = append(rows, oracleRow{
			Kind: get("kind"), File: get("file"), ID: get("id"), Text: get("text"), Niveau: get("niveau"), NiveauBrut: get("niveau_brut"), Nature: get("nature"),
			Categorie: get("categorie"), Composant: get("composant"), Fournisseur: get("fournisseur"), Version: get("version"), Statut: get("statut"),
			Commentaire: get("commentaire"), SuppLL: get("supp_ll"), Changement: get("changement"), Licence: get("licence"), Partie: get("partie"),
			PartieTitre: get("partie_titre"), ChapitreTitre: get("chapitre_titre"), Section: get("section"), Table: get("table"), Libelle: get("libelle"),
		})
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return rows
}

// loadOfficial reads the official corpus with its second root of images.
func loadOfficial(t testing.TB) *content.Edition {
	t.Helper()
	dir := shared(t, "corpus/2025-01/content/fr")
	ed, err := Load(context.Background(), os.DirFS(dir), Options{Edition: "2025-01", Assets: []fs.FS{os.DirFS(filepath.Join(dir, "../../public"))}})
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

// plain makes texts comparable: what the oracle's reader and ours do to blanks,
// emphasis and links differs, their words must not.
func plain(s string) string {
	s = strings.NewReplacer("**", "", "*", "", "\\_", "_", "`", "", "<br>", " ", "<br/>", " ").Replace(s)
	return strings.ReplaceAll(markdown.Fold(linkTarget.ReplaceAllString(s, "]")), " ", "")
}

// linkTarget is the address of a Markdown link, which a reader does not see.
var linkTarget = regexp.MustCompile(`\]\([^)]*\)`)

func TestOfficialRecords(t *testing.T) {
	ed := loadOfficial(t)
	source := map[string]string{}
	for _, p := range ed.Pages {
		source[p.ID] = p.Source
	}
	byKind := map[content.Kind][]*content.Record{}
	byKey := map[string]*content.Record{}
	for _, r := range ed.Records {
		byKind[r.Kind] = append(byKind[r.Kind], r)
		byKey[string(r.Kind)+"/"+r.ID] = r
	}
	counts := map[string]int{}
	for _, o := range oracle(t) {
		counts[o.Kind]++
		switch o.Kind {
		case "exigence":
			r := byKey["exigence/"+o.ID]
			if r == nil {
				t.Errorf("%s is missing", o.ID)
				continue
			}
			level := map[string]content.Level{"P": content.Primordial, "I": content.Important, "": ""}[o.Niveau]
			e := r.Exigence
			if e.Level != level || e.RawLevel != o.NiveauBrut || e.Nature != o.Nature || plain(e.Category) != plain(o.Categorie) || plain(r.Text) != plain(o.Text) {
				t.Errorf("%s: %+v, %q; want %+v", o.ID, *e, r.Text, o)
			}
		case "produit":
			r := byKey["produit/"+o.ID]
			if r == nil {
				t.Errorf("%s is missing", o.ID)
				continue
			}
			p := r.Produit
			for _, f := range []struct{ what, got, want string }{
				{"name", plain(p.Name), plain(o.Composant)}, {"vendor", plain(p.Vendor), plain(o.Fournisseur)}, {"version", plain(p.Version), plain(o.Version)},
				{"status", p.Status, o.Statut}, {"supported", p.Supported, o.SuppLL}, {"licence", p.Licence, o.Licence}, {"change", p.Change, o.Changement},
				{"part", plain(p.Part), plain(o.PartieTitre)}, {"part code", p.PartCode, o.Partie}, {"chapter", plain(p.Chapter), plain(o.ChapitreTitre)}, {"comment", plain(p.Comment), plain(o.Commentaire)},
			} {
				if f.got != f.want {
					t.Errorf("%s: %s is %q, want %q", o.ID, f.what, f.got, f.want)
				}
			}
		case "glossaire":
			r := byKey["terme/"+markdown.Slug(o.ID)]
			if r == nil {
				t.Errorf("the term %s is missing", o.ID)
			} else if got, want := plain(r.Text), plain(o.Text); !strings.HasPrefix(got, want[:min(40, len(want))]) && !strings.Contains(o.Text, "](") {
				t.Errorf("%s: %q, want %q", o.ID, got, want)
			}
		case "regle-api":
			if byKey["regle/"+o.ID] == nil || byKey["regle/"+o.ID].Regle.Kind != "regle-api" {
				t.Errorf("the API rule %s is missing", o.ID)
			}
		case "regle":
			found := slices.ContainsFunc(byKind[content.KindRegle], func(r *content.Record) bool {
				return source[r.PageID] == o.File && (o.ID == "" || o.ID == "-" || r.ID == o.ID) && r.Regle.Status == strings.Trim(o.Statut, "-") && strings.HasPrefix(plain(r.Text), plain(o.Text))
			})
			if !found {
				t.Errorf("the rule %q of %s is missing: %s %s", o.ID, o.File, o.Statut, o.Text)
			}
		case "regle-en-ligne", "norme", "ligne":
			kind := map[string]content.Kind{"regle-en-ligne": content.KindRegle, "norme": content.KindNorme, "ligne": content.KindLigne}[o.Kind]
			want := plain(strings.TrimPrefix(o.Text, "Règle :"))
			want = want[:min(40, len(want))]
			list := byKind[kind]
			if o.Kind == "ligne" {
				list = append(slices.Clone(list), byKind[content.KindNorme]...)
			}
			if !slices.ContainsFunc(list, func(r *content.Record) bool {
				return source[r.PageID] == o.File && (strings.Contains(plain(r.Label+" "+r.Text), want) || strings.Contains(plain(r.Text), want))
			}) {
				t.Errorf("%s of %s:%s is missing: %q", o.Kind, o.File, o.ID, want)
			}
		}
	}
	kinds := map[string]int{}
	for _, r := range byKind[content.KindRegle] {
		kinds[r.Regle.Kind]++
	}
	for _, c := range []struct {
		what      string
		got, want int
	}{
		{"exigences", len(byKind[content.KindExigence]), 58}, {"produits", len(byKind[content.KindProduit]), 336}, {"termes", len(byKind[content.KindTerme]), 58},
		{"règles, inline ones included", kinds["regle"], 44}, {"règles d’API", kinds["regle-api"], 38}, {"principes", kinds["principe-api"], 6},
		{"normes", len(byKind[content.KindNorme]), 25}, {"other rows", len(byKind[content.KindLigne]), counts["ligne"] - 9}, {"pages", len(ed.Pages), 107},
	} {
		if c.got != c.want {
			t.Errorf("%d %s, want %d", c.got, c.what, c.want)
		}
	}
}

// TestOfficialAnchors follows every deep link of the official site.
func TestOfficialAnchors(t *testing.T) {
	ed := loadOfficial(t)
	b, err := os.ReadFile(shared(t, "corpus/anchors-2025-01.txt"))
	if err != nil {
		t.Fatal(err)
	}
	to := map[string]string{}
	for _, a := range ed.Aliases {
		to[a.From] = a.To
	}
	html := map[string]string{}
	for _, p := range ed.Pages {
		html[p.URL()] = p.HTML
	}
	lost, n := 0, 0
	for line := range strings.SplitSeq(string(b), "\n") {
		f := strings.Split(line, " | ")
		if len(f) < 4 {
			continue
		}
		n++
		page := html[to["/fr/"+strings.TrimSuffix(f[0], "index.html")]]
		if page == "" {
			t.Errorf("%s leads nowhere", f[0])
			continue
		}
		if !strings.Contains(page, `id="`+f[2]+`"`) {
			lost++
			t.Errorf("%s has no #%s", f[0], f[2])
		}
	}
	if n < 200 {
		t.Errorf("only %d anchors read", n)
	}
}

func TestOfficialFaults(t *testing.T) {
	ed := loadOfficial(t)
	count := map[string]int{}
	for _, p := range ed.Problems {
		count[p.Code]++
	}
	for code, want := range map[string]int{"lien-casse": 17, "image-cassee": 7, "page-vide": 6, "page-ebauche": 13, "cle-double": 1, "page-orpheline": 6, "identifiant-inconnu": 1, "niveau-absent": 1, "titre-absent": 0, "gabarit-restant": 0, "niveau-saute": 0} {
		if count[code] != want {
			t.Errorf("%d %s, want %d", count[code], code, want)
			for _, p := range ed.Problems {
				if p.Code == code {
					t.Logf("  %s:%d %s", p.File, p.Line, p.What)
				}
			}
		}
	}
	// The likely targets, as one who knows the repository would name them.
	likely := map[string]string{
		"4-exigences-d-architecture/sommaire/": "5-socle-d-architecture/4-exigences-d-architecture/introduction.md",
		"strategie-api/sommaire/":              "5-socle-d-architecture/2-donnees-et-api/3-strategie-api/introduction.md",
		"6-cycle-de-vie/":                      "5-socle-d-architecture/2-donnees-et-api/5-cycle-de-vie.md",
		"cct_pro/":                             "4-environnement-numerique-de-travail/1-ent-agent/3-referentiel-produits.md",
		"3-SGAMI/":                             "3-doctrine-d-hebergement/3-sgami/4-securite/SSI-et-homologation.md",
		"integration-deploiement/":             "3-doctrine-d-hebergement/1-cloud-native/2-integration-et-deploiement/readme.md",
		"supervision/":                         "3-doctrine-d-hebergement/1-cloud-native/3-hebergement-et-exploitation/readme.md",
		"7-Annexes/":                           "", // never published
	}
	for part, want := range likely {
		i := slices.IndexFunc(ed.Problems, func(p content.Problem) bool { return p.Code == "lien-casse" && strings.Contains(p.What, part) })
		if i < 0 {
			t.Errorf("no broken link to %s", part)
		} else if _, got, _ := strings.Cut(ed.Problems[i].What, "peut-être "); got != want {
			t.Errorf("%s: perhaps %q, want %q", part, got, want)
		}
	}
	states, words := map[content.State]int{}, 0
	for _, p := range ed.Pages {
		states[p.State]++
		words += p.Words
	}
	if states[content.Stub] != 13 || states[content.Empty] != 6 {
		t.Errorf("states of pages: %v", states)
	}
	if words < 45_000 || words > 52_000 { // 47,790 of the source, less its tags, with headers of tables
		t.Errorf("%d words in all", words)
	}
}
