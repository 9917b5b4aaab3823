package ingest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/content"
	"golang.org/x/net/html"
)

// folder makes a content folder of files given as name, text, name, text…
func folder(files ...string) fstest.MapFS {
	fs := fstest.MapFS{}
	for i := 0; i+1 < len(files); i += 2 {
		fs[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fs
}

func load(t testing.TB, fs fstest.MapFS) *content.Edition {
	t.Helper()
	ed, err := Load(context.Background(), fs, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return ed
}

func codes(ed *content.Edition) []string {
	var out []string
	for _, p := range ed.Problems {
		out = append(out, p.Code)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func TestOwnTables(t *testing.T) {
	ed := load(t, folder("index.md", "---\ntitle: Accueil\nedition: 2031-07\n---\n\nBonjour à tous.\n", "regles.md", `---
title: Règles
description: Les règles.
---

## Exigences

| ID | Niveau | Intitulé | Exigence | Nature | Catégorie | Autre édition |
|---|---|---|---|---|---|---|
| EX7 | P | Sauvegarder | L’application orchestre ses sauvegardes. | Ministériel | Données | EXI-ARCH-4, important |
| EX8 | X | Restaurer | L’équipe essaie la restauration. | | | |

## Partie 2 : Outils [ AT ]

### Chapitre 1 : Édition

| Référence | Composant | Fournisseur | Version | Statut | Supp. LL | Licence | Évolution | Commentaires |
|---|---|---|---|---|---|---|---|---|
| AT-12 | C++ Builder \| pro | Fabrique | <5.5 | R | Oui | propriétaire | mis à jour | Éditeur |

## Termes

| Terme | Autres noms | Définition |
|---|---|---|
| MCO | maintien en condition; entretien | Ce qui garde en marche. |

## Les règles

| Réf. | Statut | Règle |
|---|---|---|
| 1234 | RG | Une règle générale s’applique. |
| | rc | Une recommandation sans numéro. |

### Règle 2.2.1 : nommer les ressources

Un nom est au pluriel.

## Autre

Tableau : les couleurs

| Couleur | Usage |
|---|---|
| Rouge | Arrêt |
| | |
`))
	record := func(kind content.Kind, id string) *content.Record {
		i := slices.IndexFunc(ed.Records, func(r *content.Record) bool { return r.Kind == kind && r.ID == id })
		if i < 0 {
			t.Fatalf("no %s %s among %d records", kind, id, len(ed.Records))
		}
		return ed.Records[i]
	}
	if ed.Name != "2031-07" {
		t.Errorf("edition %q", ed.Name)
	}
	ex := record(content.KindExigence, "EX7")
	if e := ex.Exigence; e.Level != content.Primordial || e.Nature != "Ministériel" || e.Category != "Données" || e.Replaces != "EXI-ARCH-4, important" || ex.Name != "Sauvegarder" || ex.Text != "L’application orchestre ses sauvegardes." || ex.Title != "EX7 — Sauvegarder" {
		t.Errorf("EX7: %+v %+v", ex, e)
	}
	if e := record(content.KindExigence, "EX8").Exigence; e.Level != "" || e.RawLevel != "X" {
		t.Errorf("EX8: %+v", e)
	}
	if !slices.Contains(codes(ed), "niveau-inconnu") {
		t.Errorf("an unknown level is no problem: %v", ed.Problems)
	}
	p := record(content.KindProduit, "AT-12").Produit
	if *p != (content.Produit{Name: "C++ Builder | pro", Vendor: "Fabrique", Version: "<5.5", Status: "R", Supported: "Oui", Licence: "nonopen", Change: "maj", Part: p.Part, PartCode: "AT", Chapter: p.Chapter, Comment: "Éditeur"}) || !strings.Contains(p.Part, "Outils") || !strings.Contains(p.Chapter, "Édition") {
		t.Errorf("AT-12: %+v", *p)
	}
	if m := record(content.KindTerme, "mco").Terme; m.Term != "MCO" || !slices.Contains(m.Aliases, "entretien") {
		t.Errorf("MCO: %+v", m)
	}
	if r := record(content.KindRegle, "1234"); r.Regle.Status != "RG" {
		t.Errorf("1234: %+v", r.Regle)
	}
	if r := record(content.KindRegle, "2.2.1"); r.Regle.Kind != "regle-api" || r.Text == "" {
		t.Errorf("2.2.1: %+v", r)
	}
	rows := 0
	for _, r := range ed.Records {
		if r.Kind == content.KindLigne {
			rows++
		}
	}
	if rows != 1 {
		t.Errorf("%d other rows, want the one that is not empty", rows)
	}
	for i, p := range ed.Problems {
		if p.File == "" || p.What == "" {
			t.Errorf("problem %d: %+v", i, p)
		}
	}
}

func TestPlainFolder(t *testing.T) {
	ed := load(t, folder(
		"README.md", "# Un projet\n\nVoir [le guide](docs/guide.md#installer) et [la suite](docs/absent.md).\n",
		"docs/guide.md", "# Guide\n\n## Installer\n\nDu texte.\n\n## Installer\n\nEncore.\n\n#### Trop profond\n\nFin. ![un plan](plan.png)\n",
		"docs/vide.md", "", "docs/.cache/x.md", "# caché\n", "node_modules/a/readme.md", "# non\n", "notes.txt", "pas lu"))
	var ids []string
	for _, p := range ed.Pages {
		ids = append(ids, p.ID)
	}
	if len(ids) != 3 {
		t.Fatalf("pages %v", ids)
	}
	for _, want := range []string{"lien-casse", "image-cassee", "page-vide", "niveau-saute"} {
		if !slices.Contains(codes(ed), want) {
			t.Errorf("%s is not noticed: %v", want, codes(ed))
		}
	}
	guide := ed.Pages[slices.IndexFunc(ed.Pages, func(p *content.Page) bool { return p.Title == "Guide" })]
	if len(guide.Sections) < 3 || guide.Sections[len(guide.Sections)-3].Anchor == guide.Sections[len(guide.Sections)-2].Anchor {
		t.Errorf("two headings share an anchor: %+v", guide.Sections)
	}
	if strings.Contains(guide.HTML, "<h1") {
		t.Error("a page's body holds an h1")
	}
}

func TestNothingToRead(t *testing.T) {
	if _, err := Load(context.Background(), folder("a.txt", "x"), Options{}); err == nil || !strings.Contains(err.Error(), "--content") {
		t.Errorf("a folder without Markdown: %v", err)
	}
	if _, err := Load(context.Background(), os.DirFS(filepath.Join(t.TempDir(), "absent")), Options{}); err == nil || !strings.Contains(err.Error(), "n’existe pas") {
		t.Errorf("no folder: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Load(ctx, folder("a.md", "# A\n"), Options{}); err == nil {
		t.Error("a cancelled reading goes on")
	}
}

func TestHashFollowsContent(t *testing.T) {
	a, err := Hash(folder("a.md", "# A\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []fstest.MapFS{folder("a.md", "# B\n"), folder("b.md", "# A\n"), folder("a.md", "# A\n", "b.md", ""), folder("a.md", "# A\n", "synonymes.txt", "a, b\n")} {
		if b, err := Hash(other); err != nil || a == b {
			t.Errorf("another content has the same hash (%v)", err)
		}
	}
	if b, err := Hash(folder("a.md", "# A\n", "notes.txt", "x")); err != nil || a != b {
		t.Error("a file that is not read changes the hash")
	}
}

// hostile is a page that tries what a page may try.
const hostile = `---
title: "<script>alert(1)</script>"
id: "../../etc"
---

![image](javascript:alert(1)) ![ailleurs](https://example.org/pixel.gif) ![dehors](../../../etc/passwd)
[dehors](../../../../etc/passwd)

<script>alert(1)</script>
<img src=x onerror="alert(1)">
<a href="javascript:alert(1)">un</a> <a href=" jAvAsCrIpT:alert(1)">deux</a> [trois](javascript:alert(1)) [quatre](data:text/html;base64,PHNjcmlwdD4=) [cinq](vbscript:x)
<a href="&#106;avascript:alert(1)">six</a> <a href="java&#10;script:alert(1)">sept</a>
<svg onload="alert(1)"><script>alert(1)</script></svg>
<iframe src="https://example.org"></iframe><object data="x"></object><embed src="x">
<form action="https://example.org"><input name="q"><button formaction="javascript:alert(1)">x</button></form>
<div style="position:fixed;inset:0" class="barre" onclick="alert(1)" id="contenu">couvre tout</div>
<base href="https://example.org/"><meta http-equiv="refresh" content="0;url=https://example.org"><link rel="stylesheet" href="https://example.org/x.css">
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">
<noscript><p title="</noscript><img src=x onerror=alert(1)>">
<table><tr><td background="javascript:alert(1)"><a href="//example.org/x">sans protocole</a></td></tr></table>
`

// TestHostilePageHarmsNobody reads what was served back as a browser would.
func TestHostilePageHarmsNobody(t *testing.T) {
	ed := load(t, folder("a.md", hostile, "table.md", "| a | b |\n|---|---|\n| <script>alert(1)</script> | <img src=x onerror=alert(1)> |\n",
		"thead.md", `<table><thead><tr><th>a</th><th>b</th></tr><tr><td><a href="javascript:alert(1)">un</a></td><td><img src="https://example.org/pixel.gif"><a href="//example.org/x">deux</a></td></tr></thead><tbody><tr><td>c</td><td>d</td></tr></tbody></table>`))
	for _, p := range ed.Pages {
		assertHarmless(t, p.HTML)
		if strings.ContainsAny(p.ID, "/.<>\"") {
			t.Errorf("page id %q", p.ID)
		}
	}
	for _, r := range ed.Records {
		assertHarmless(t, r.HTML)
	}
	if !slices.ContainsFunc(ed.Records, func(r *content.Record) bool { return strings.Contains(r.Text, "deux") }) {
		t.Error("the row of the second head is no record")
	}
	for _, want := range []string{"html-refuse", "image-exterieure", "image-refusee", "lien-refuse"} {
		if !slices.Contains(codes(ed), want) {
			t.Errorf("%s is not named: %v", want, codes(ed))
		}
	}
}

var allowedTags = strings.Fields("html head body a abbr b blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var")

func assertHarmless(t *testing.T, src string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(allowedTags, n.Data) {
			t.Errorf("<%s> survived in %.200s", n.Data, src)
		}
		for _, a := range n.Attr {
			v := strings.ToLower(strings.Map(func(r rune) rune {
				if r <= ' ' {
					return -1
				}
				return r
			}, a.Val))
			switch {
			case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "srcdoc", a.Key == "formaction", a.Key == "background":
				t.Errorf("attribute %s=%q survived", a.Key, a.Val)
			case a.Key == "href" || a.Key == "src":
				if strings.HasPrefix(v, "javascript:") || strings.HasPrefix(v, "data:") || strings.HasPrefix(v, "vbscript:") || strings.HasPrefix(v, "//") || a.Key == "src" && !strings.HasPrefix(v, "/fichiers/") {
					t.Errorf("%s=%q survived", a.Key, a.Val)
				}
			case a.Key == "id" && (a.Val == "contenu" || a.Val == "q"):
				t.Errorf("id %q of the site's own survived", a.Val)
			}
		}
	}
}

func TestTooLargeAndOutside(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("secret.txt", "secret")
	write("secret.png", "\x89PNG secret")
	write("contenu/a.md", "# A\n\n![x](lien.png) ![y](../secret.png)\n\nDu texte.\n")
	write("contenu/..drole...md", "# Drôle\n\nUn nom à points.\n")
	write("contenu/gros.md", strings.Repeat("Une ligne de texte.\n", 50<<20/20))
	for from, to := range map[string]string{"contenu/lien.md": "../secret.txt", "contenu/lien.png": "../secret.png", "contenu/dossier": ".."} {
		if err := os.Symlink(to, filepath.Join(dir, from)); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	root, err := os.OpenRoot(filepath.Join(dir, "contenu"))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	ed, err := Load(context.Background(), root.FS(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(ed.Assets) != 0 {
		t.Errorf("a file outside the folder is served: %v", ed.Assets[0].Name)
	}
	for _, p := range ed.Pages {
		if strings.Contains(p.Text, "secret") {
			t.Errorf("page %s holds what is outside", p.ID)
		}
		if p.Title == "" || p.Source == "" || p.Source == "gros.md" && (p.Title != "Gros" || !strings.Contains(p.HTML, "cct check")) {
			t.Errorf("%q from %q: %s", p.Title, p.Source, p.HTML)
		}
	}
	for _, want := range []string{"trop-grand", "lien-symbolique", "image-cassee"} {
		if !slices.Contains(codes(ed), want) {
			t.Errorf("%s is not named: %v", want, codes(ed))
		}
	}
}

func TestHugeTableAndDepth(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("# T\n\n| a | b |\n|---|---|\n")
	for i := range 50_100 {
		fmt.Fprintf(&rows, "| %d | x |\n", i)
	}
	ed := load(t, folder("t.md", rows.String(), "p.md", "# P\n\n"+strings.Repeat("<div>", 5000)+"profond"+strings.Repeat("</div>", 5000)+"\n\n"+strings.Repeat("> ", 3000)+"cité\n", "l.md", "# L\n\n"+strings.Repeat("[", 20000)+"\n"))
	if len(ed.Pages) != 3 {
		t.Errorf("%d pages", len(ed.Pages))
	}
	if n := len(ed.Records); n > 50_000 {
		t.Errorf("%d records of one table", n)
	}
	if !slices.Contains(codes(ed), "trop-grand") {
		t.Errorf("the huge table is not named: %v", codes(ed))
	}
	for _, p := range ed.Pages {
		if n := strings.Count(p.HTML, "<tr"); n > 50_001 {
			t.Errorf("%d rows are shown", n)
		}
	}
}

// TestEmbeddedEqualsOracle compares the records that come with the program,
// field by field, with the official ones.
func TestEmbeddedEqualsOracle(t *testing.T) {
	rows := oracle(t)
	ed, err := Load(context.Background(), content.Embedded(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	byKey := map[string]*content.Record{}
	for _, r := range ed.Records {
		byKey[string(r.Kind)+"/"+r.ID] = r
	}
	terms := map[string]bool{}
	for _, r := range ed.Records {
		if r.Terme != nil {
			terms[plain(r.Terme.Term)] = true
		}
	}
	for _, o := range rows {
		switch o.Kind {
		case "exigence":
			r := byKey["exigence/"+o.ID]
			if r == nil {
				t.Errorf("%s is missing", o.ID)
				continue
			}
			level := map[string]content.Level{"P": content.Primordial, "I": content.Important, "": ""}[o.Niveau]
			if e := r.Exigence; e.Level != level || plain(e.Nature) != plain(o.Nature) || plain(e.Category) != plain(o.Categorie) {
				t.Errorf("%s: level %q nature %q category %q; official %q %q %q", o.ID, e.Level, e.Nature, e.Category, o.Niveau, o.Nature, o.Categorie)
			}
		case "produit":
			r := byKey["produit/"+o.ID]
			if r == nil {
				t.Errorf("%s is missing", o.ID)
				continue
			}
			p := r.Produit
			if plain(p.Name) != plain(o.Composant) || plain(p.Vendor) != plain(o.Fournisseur) || plain(p.Version) != plain(o.Version) || p.Status != o.Statut || p.Supported != o.SuppLL || p.Licence != o.Licence || p.Change != o.Changement || p.PartCode != o.Partie {
				t.Errorf("%s: %+v; official %+v", o.ID, *p, o)
			}
		case "glossaire":
			if !terms[plain(o.ID)] {
				t.Errorf("the term %s is missing", o.ID)
			}
		case "regle-api", "regle":
			r := byKey["regle/"+o.ID]
			if o.ID == "" || o.ID == "-" {
				continue
			}
			if r == nil {
				t.Errorf("the rule %s is missing", o.ID)
			} else if o.Kind == "regle" && r.Regle.Status != strings.Trim(o.Statut, "-") {
				t.Errorf("rule %s: status %q, official %q", o.ID, r.Regle.Status, o.Statut)
			}
		}
	}
	got := map[content.Kind]int{}
	for _, r := range ed.Records {
		got[r.Kind]++
	}
	for _, c := range []struct {
		kind content.Kind
		n    int
	}{{content.KindExigence, 58}, {content.KindProduit, 336}, {content.KindNorme, 25}} {
		if got[c.kind] != c.n {
			t.Errorf("%d %s, want %d", got[c.kind], c.kind, c.n)
		}
	}
	if got[content.KindTerme] < 58 {
		t.Errorf("%d terms", got[content.KindTerme])
	}
	for _, p := range ed.Problems {
		t.Errorf("%s:%d: %s: %s", p.File, p.Line, p.Code, p.What)
	}
}

func TestLikelyTarget(t *testing.T) {
	fs := folder("index.md", "# Accueil\n\nBonjour.\n",
		"1-guide/readme.md", "Le guide.\n", "1-guide/introduction.md", "# Introduction\n\nDébut du guide.\n", "1-guide/5-cycle-de-vie.md", "# Cycle\n\nDe la vie.\n", "1-guide/installation.md", "# Installer\n\nUne étape après l’autre.\n",
		"2-achats/readme.md", "Les achats de l’équipe.\n", "2-achats/liste-des-produits-retenus.md", "# Liste\n\nTous.\n", "2-achats/Vide.md", "")
	for link, want := range map[string]string{
		"1-guide/6-cycle-de-vie.md":     "1-guide/5-cycle-de-vie.md",
		"1-guide/instalation.md":        "1-guide/installation.md",
		"/1-Guide/installation/":        "1-guide/installation.md",
		"1-guide/sommaire/":             "1-guide/introduction.md",
		"1-guide/jamais-ecrit/":         "1-guide/readme.md",
		"ailleurs/guide/jamais-ecrit":   "1-guide/readme.md",
		"liste-produits-retenus/x":      "2-achats/liste-des-produits-retenus.md",
		"2-achats/vide/":                "2-achats/Vide.md",
		"7-annexes/note-de-service.pdf": "",
		"7-annexes/charte":              "",
	} {
		fs["lien.md"] = &fstest.MapFile{Data: []byte("# Lien\n\n[vers](" + link + ")\n")}
		ed := load(t, fs)
		i := slices.IndexFunc(ed.Problems, func(p content.Problem) bool { return p.Code == "lien-casse" })
		if i < 0 {
			t.Errorf("%s: no broken link", link)
			continue
		}
		_, got, _ := strings.Cut(ed.Problems[i].What, "peut-être ")
		if got != want {
			t.Errorf("%s: %q, want %q", link, got, want)
		}
	}
}

// TestMenu: pages of a site with a menu, as the official one, in another folder.
func TestMenu(t *testing.T) {
	ed := load(t, folder(
		"menu.md", "---\neleventyNavigation:\n  key: Socle\n  order: 3 \npermalink: false\n---",
		"socle/b.md", "---\ntitle: Second\neleventyNavigation:\n  key: b\n  parent: Socle \n  order: 2\n---\n\nDu texte en nombre suffisant.\n",
		"socle/a.md", "---\neleventyNavigation:\n  key: Premier\n  parent: Socle\n  order: 1\n---\n\nDu texte en nombre suffisant.\n",
		"socle/c.md", "# Perdue\n\nDu texte en nombre suffisant.\n"))
	menu := ed.Pages[slices.IndexFunc(ed.Pages, func(p *content.Page) bool { return p.Source == "menu.md" })]
	if menu.Title != "Socle" || menu.State != content.Complete || menu.Theme != "socle" || len(menu.Links) != 2 || menu.Links[0].Title != "Premier" || strings.Count(menu.HTML, "<li>") != 2 {
		t.Errorf("%+v", menu)
	}
	for _, p := range ed.Problems {
		if p.Code == "page-orpheline" && p.File != "socle/c.md" || p.Code == "page-ebauche" || p.Code == "titre-absent" && p.File != "socle/a.md" {
			t.Errorf("%s: %s", p.File, p.What)
		}
	}
	if !slices.Contains(codes(ed), "page-orpheline") {
		t.Errorf("the lost page is not named: %v", codes(ed))
	}
}

// TestTextOnce: a rule that is a heading is read once, not as a section too.
func TestTextOnce(t *testing.T) {
	ed := load(t, folder("regles.md", "# Règles\n\n### Règle 1.1 : nommer\n\nUn nom unique au pluriel.\n\nRègle : le nom reste.\n"))
	if p := ed.Pages[0]; strings.Count(p.Text, "unique") != 1 || strings.Count(p.Text, "reste") != 1 || p.Words != 14 {
		t.Errorf("%d words: %q", p.Words, p.Text)
	}
}

func TestLevelMissing(t *testing.T) {
	const head = "| ID | Niveau | Exigence |\n|---|---|---|\n"
	for level, want := range map[string]string{"": "niveau-absent", "Z": "niveau-inconnu", "—": "", "P": ""} {
		ed := load(t, folder("e.md", "# E\n\n"+head+"| EX1 | "+level+" | L’application est sobre. |\n"))
		if got := strings.Join(codes(ed), " "); got != want {
			t.Errorf("level %q: %q, want %q", level, got, want)
		}
	}
}

// TestManyAlike: what a page repeats costs no more than its length; these would
// take hours if each name were compared with all before it.
func TestManyAlike(t *testing.T) {
	const many = 5_000
	ed := load(t, folder(
		"lignes.md", "# T\n\n| a | b |\n|---|---|\n"+strings.Repeat("| même | x |\n", many),
		"titres.md", "# T\n\n"+strings.Repeat("## Règle 1.1\n\nUn texte.\n\n", many),
		"regles.md", "# R\n\n| Réf. | Statut | Règle |\n|---|---|---|\n"+strings.Repeat("| | RG | La même. |\n", many),
		"tables.md", "# T\n\n"+strings.Repeat("| Référence | Composant |\n|---|---|\n| AT-1234 | x |\n\n", many/4)))
	ids := map[string]bool{}
	for _, r := range ed.Records {
		ids[string(r.Kind)+"/"+r.ID] = true
	}
	if len(ids) != len(ed.Records) || len(ids) < 3*many {
		t.Errorf("%d ids of %d records", len(ids), len(ed.Records))
	}
}

// TestUnreadableNames: a name that is not UTF-8, or a file that may not be read,
// is named, and the rest is served.
func TestUnreadableNames(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"a.md": "# A\n\nDu texte.\n", "latin-\xe9.md": "# Latin\n", "deux\nlignes.md": "# Deux\n", "ferme.md": "# Fermé\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Skip("this file system refuses such names: ", err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "dossier-\xe9"), 0o755); err != nil {
		t.Skip("this file system refuses such names: ", err)
	}
	if err := os.Chmod(filepath.Join(dir, "ferme.md"), 0); err != nil {
		t.Fatal(err)
	}
	ed, err := Load(context.Background(), os.DirFS(dir), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(codes(ed), "nom-illisible") {
		t.Errorf("a name is not named: %v", ed.Problems)
	}
	if os.Getuid() > 0 && !slices.Contains(codes(ed), "illisible") {
		t.Errorf("a closed file is not named: %v", ed.Problems)
	}
	if _, err := Hash(os.DirFS(dir)); err != nil {
		t.Error(err)
	}
	if Glance(os.DirFS(dir)) == "" {
		t.Error("the folder can't be looked at")
	}
}

func TestGlanceFollowsFiles(t *testing.T) {
	dir := t.TempDir()
	seen := map[string]bool{Glance(os.DirFS(filepath.Join(dir, "absent"))): true}
	for _, do := range []func() error{
		func() error { return os.WriteFile(filepath.Join(dir, "a.md"), []byte("a"), 0o644) },
		func() error { return os.WriteFile(filepath.Join(dir, "a.md"), []byte("ab"), 0o644) },
		func() error { return os.WriteFile(filepath.Join(dir, "i.png"), nil, 0o644) },
		func() error { return os.Mkdir(filepath.Join(dir, "d"), 0o755) },
		func() error { return os.WriteFile(filepath.Join(dir, "d", "b.markdown"), nil, 0o644) },
		func() error { return os.Remove(filepath.Join(dir, "a.md")) },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
		seen[Glance(os.DirFS(dir))] = true
	}
	if len(seen) != 6 { // all but the empty folder's
		t.Errorf("%d looks that differ, want 6", len(seen))
	}
}
