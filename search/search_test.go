package search

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest"
	"github.com/cct-mi/cct/store"
)

// small is an edition that holds one of everything.
var small = fstest.MapFS{
	"index.md": {Data: []byte("---\ntitle: Référentiel d’essai\nedition: 2030-01\n---\n\nCe référentiel sert aux essais.\n")},
	"synonymes.txt": {Data: []byte(`sauvegarde, backup
trello => gestion de tâches
répartition de charge, équilibrage, load balancer
^SI, système d’information
`)},
	"cloud/exigences.md": {Data: []byte(`---
title: Exigences du cloud
id: exigences
---

## Exploiter

| ID | Niveau | Intitulé | Exigence | Nature | Catégorie | Autre édition |
|---|---|---|---|---|---|---|
| EX1 | P | Sauvegarder les données | Une sauvegarde quotidienne est chiffrée, puis gardée trente jours. | Ministériel | Données | |
| EX2 | I | Superviser | La supervision publie l’état de chaque composant de l’application. | Ministériel | Exploitation | |
| EX10 | P | Authentifier les agents | Les agents s’authentifient par la fédération d’identité. | Ministériel | Sécurité | |
| EX11 | | Livrer souvent | La chaîne CI/CD livre l’application sans interruption. | Ministériel | Exploitation | |
`)},
	"cloud/reseau.md": {Data: []byte(`---
title: Le réseau
---

## Équilibrer

L’équilibrage se fait devant les serveurs, jamais dans l’application. Le système d’information reste joignable.

## Nommer

Chaque hôte porte un nom unique. C++ et .NET ont leurs bibliothèques. TLS 1.3 est attendu.
`)},
	"outils/produits.md": {Data: []byte(`---
title: Produits
---

## Partie 1 : Outils

### Chapitre 1 : Suivi

| Référence | Composant | Fournisseur | Version | Statut | Supp. LL | Licence | Évolution | Commentaires |
|---|---|---|---|---|---|---|---|---|
| AT-100 | Kanboard | Kanboard | 1.2 | R | Oui | libre | inchangé | Gestion de tâches en colonnes |
| AT-101 | ElasticSearch | Elastic | 8 | R | Non | libre | nouveau | Moteur de recherche |
`)},
	"outils/glossaire.md": {Data: []byte(`---
title: Glossaire
---

| Terme | Autres noms | Définition |
|---|---|---|
| MCO | maintien en condition opérationnelle | Ce qui garde une application en état de marche. |
`)},
}

// stored keeps what Build writes of a folder, in a file unless path is ""; then
// does more to it.
func stored(tb testing.TB, folder fs.FS, path string, more ...func(*store.Writer) error) *store.Store {
	tb.Helper()
	st, _, err := store.Open(context.Background(), store.Options{Path: path, Stamp: "essai", Build: func(ctx context.Context, w *store.Writer) error {
		ed, err := ingest.Load(ctx, folder, ingest.Options{})
		if err == nil {
			err = Build(ctx, ed, w)
		}
		for _, do := range more {
			err = errors.Join(err, do(w))
		}
		return err
	}})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := st.Close(); err != nil {
			tb.Error(err)
		}
	})
	return st
}

// opened is the library of a store.
func opened(tb testing.TB, st *store.Store) *Library {
	tb.Helper()
	l, err := Open(st)
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

func library(tb testing.TB, folder fs.FS) *Library {
	tb.Helper()
	return opened(tb, stored(tb, folder, ""))
}

func ask(tb testing.TB, l *Library, r Request) *Answer {
	tb.Helper()
	a, err := l.Search(context.Background(), r)
	if err != nil {
		tb.Fatalf("%q: %v", r.Query, err)
	}
	return a
}

func idsOf(a *Answer) []string {
	out := []string{}
	for _, h := range a.Hits {
		out = append(out, h.ID)
	}
	return out
}

// TestFirstHit asks what users ask; the first hit must be the right one.
func TestFirstHit(t *testing.T) {
	l := library(t, small)
	for _, c := range []struct{ query, id string }{
		{"EX10", "EX10"}, {"ex 10", "EX10"}, {"exigence EX-10", "EX10"}, {"ex10 ", "EX10"}, {"EX01", "EX1"}, {"l'exigence EX1", "EX1"}, {"AT-100", "AT-100"}, {"at100", "AT-100"}, {"produit 101", "AT-101"}, {"101", "AT-101"},
		{"sauvegarde", "EX1"}, {"SAUVEGARDES", "EX1"}, {"comment sauvegarder ?", "EX1"}, {"backup", "EX1"}, {"sauvegrade", "EX1"}, {"trello", "AT-100"},
		{"elastic search", "AT-101"}, {"elastic serach", "AT-101"}, {"elasticseach", "AT-101"}, {"identite federee des agents", "EX10"}, {"supervison", "EX2"},
		{"load balancer", "reseau#equilibrer"}, {"répartition des charges", "reseau#equilibrer"}, {"C++", "reseau#nommer"}, {".net", "reseau#nommer"}, {"tls 1.3", "reseau#nommer"},
		{"ci/cd", "EX11"}, {"cicd", "EX11"}, {"mco", "mco"}, {"maintien en condition operationnelle", "mco"}, {"Quelle est la durée de garde des sauvegardes ?", "EX1"},
		{"existe-t-il une fédération ?", "EX10"}, {"sauvegardequotidienne", "EX1"}, {`"chaque hôte"`, "reseau#nommer"},
	} {
		a := ask(t, l, Request{Query: c.query})
		if len(a.Hits) == 0 || !strings.HasSuffix(a.Hits[0].ID, c.id) {
			t.Errorf("%q: %v, want %s first", c.query, idsOf(a), c.id)
			continue
		}
		if !a.Confident {
			t.Errorf("%q: the answer is right but not confident", c.query)
		}
	}
}

func TestDirectAndUnknownIDs(t *testing.T) {
	l := library(t, small)
	if a := ask(t, l, Request{Query: "ex 10"}); a.Direct != "/exigences/EX10" {
		t.Errorf("direct: %q", a.Direct)
	}
	a := ask(t, l, Request{Query: "EX99"})
	if a.Confident || a.Direct != "" || !slices.Equal(a.Suggestions, []string{"EX11", "EX10", "EX2"}) || a.Corrected != "" {
		t.Errorf("EX99: confident %v, direct %q, suggestions %v, corrected %q", a.Confident, a.Direct, a.Suggestions, a.Corrected)
	}
	if refs := l.Resolve("Ex-01"); len(refs) != 1 || refs[0].ID != "EX1" {
		t.Errorf("resolve: %v", refs)
	}
	if refs := l.Resolve("rien"); refs != nil {
		t.Errorf("resolve of no id: %v", refs)
	}
}

func TestCorrectionIsSaidAndUndone(t *testing.T) {
	l := library(t, small)
	a := ask(t, l, Request{Query: "federaton d'identité"})
	if a.Corrected != "fédération d'identité" || len(a.Hits) == 0 {
		t.Errorf("corrected %q, hits %v", a.Corrected, idsOf(a))
	}
	a = ask(t, l, Request{Query: "federaton", NoCorrect: true})
	if a.Corrected != "" || a.Total != 0 || !slices.Equal(a.Unknown, []string{"federaton"}) {
		t.Errorf("exactly as typed: corrected %q, total %d, unknown %v", a.Corrected, a.Total, a.Unknown)
	}
	a = ask(t, l, Request{Query: "sauvegarde"})
	if a.Corrected != "" {
		t.Errorf("a known word was corrected to %q", a.Corrected)
	}
	if a = ask(t, l, Request{Query: "zzqqxx wwkkyy"}); a.Confident || a.Total != 0 || len(a.Unknown) != 2 {
		t.Errorf("nonsense: confident %v, total %d, unknown %v", a.Confident, a.Total, a.Unknown)
	}
}

func TestExpansionIsSaidAndUndone(t *testing.T) {
	l := library(t, small)
	a := ask(t, l, Request{Query: "backup"})
	if len(a.Expanded) != 1 || a.Expanded[0].Term != "backup" || !slices.Contains(a.Expanded[0].With, "sauvegarde") {
		t.Errorf("expanded: %v", a.Expanded)
	}
	if a = ask(t, l, Request{Query: "backup", NoExpand: true, NoCorrect: true}); a.Total != 0 || len(a.Expanded) != 0 {
		t.Errorf("not widened: total %d, %v", a.Total, a.Expanded)
	}
	if a = ask(t, l, Request{Query: "SI"}); len(a.Expanded) != 1 || len(a.Hits) == 0 || a.Hits[0].Heading != "Équilibrer" {
		t.Errorf("SI in capitals: %v %v", a.Expanded, idsOf(a))
	}
	if a = ask(t, l, Request{Query: "si l’application"}); len(a.Expanded) != 0 {
		t.Errorf("si, the word, was widened: %v", a.Expanded)
	}
}

// TestASynonymIsNotItsOrigin: the thesaurus leads to who or what does something, not to
// every text that says that it is done, and to a quality, not to all that has it; what is
// typed finds its whole family.
func TestASynonymIsNotItsOrigin(t *testing.T) {
	l := library(t, fstest.MapFS{
		"a.md":          {Data: []byte("# Garder\n\nL’application orchestre ses sauvegardes, et orchestrera leur reprise.\n")},
		"b.md":          {Data: []byte("# Exécuter\n\nUn orchestrateur place les charges : son orchestration est déclarée.\n")},
		"c.md":          {Data: []byte("# Confier\n\nLa DNUM fournit un espace.\n")},
		"d.md":          {Data: []byte("# Partir\n\nLa portabilité des données est un droit.\n")},
		"e.md":          {Data: []byte("# Bureau\n\nUn ordinateur portable, ou deux portables.\n")},
		"synonymes.txt": {Data: []byte("k8s, orchestrateur\nprestataire, fournisseur\nréversibilité, portabilité\n")},
	})
	for query, want := range map[string][]string{
		"k8s":           {"b"},
		"orchestrateur": {"b", "a"},
		"réversibilité": {"d"},
		"portabilité":   {"d", "e"},
		"prestataire":   {"c"}, // no text has the noun: its verb is better than nothing
	} {
		if got := idsOf(ask(t, l, Request{Query: query})); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}

// TestExpansionIsSaidAsTyped: a phrase of the thesaurus is named with the stop
// words that the reader put in it.
func TestExpansionIsSaidAsTyped(t *testing.T) {
	l := library(t, fstest.MapFS{"a.md": {Data: []byte("# Comptes\n\nUn password par compte.\n")}, "synonymes.txt": {Data: []byte("mot de passe, password\n")}})
	if a := ask(t, l, Request{Query: "quel mot de passe ?"}); len(a.Expanded) != 1 || a.Expanded[0].Term != "mot de passe" {
		t.Errorf("expanded: %v", a.Expanded)
	}
}

// TestRelatedLeadsToText: a section that holds nothing but links is no answer to
// who wants to read on.
func TestRelatedLeadsToText(t *testing.T) {
	l := library(t, fstest.MapFS{
		"a.md": {Data: []byte("# Exigences\n\n| Identifiant | Niveau | Exigence |\n|---|---|---|\n| EX1 | P | Chiffrer les sauvegardes |\n")},
		"b.md": {Data: []byte("# Stockage\n\n## Voir aussi\n\nChiffrer les sauvegardes\n\n## Chiffrer\n\nComment chiffrer les sauvegardes.\n")},
	})
	hits, err := l.Related(context.Background(), content.KindExigence, "EX1", 5)
	if err != nil {
		t.Fatal(err)
	}
	if len(hits) != 1 || hits[0].Heading != "Chiffrer" {
		t.Errorf("related: %v", hits)
	}
}

func TestFiltersAndFacets(t *testing.T) {
	l := library(t, small)
	all := ask(t, l, Request{Query: "application"})
	value := func(list []FacetValue, v string) int {
		for _, f := range list {
			if f.Value == v {
				return f.Count
			}
		}
		return 0
	}
	for _, f := range all.Facets.Type {
		a := ask(t, l, Request{Query: "application", Types: []string{f.Value}})
		if a.Total != f.Count {
			t.Errorf("type %s: %d hits, the facet said %d", f.Value, a.Total, f.Count)
		}
		if !reflect.DeepEqual(a.Facets.Type, all.Facets.Type) {
			t.Errorf("type %s: its own filter changed the facet", f.Value)
		}
	}
	for _, f := range all.Facets.Theme {
		if a := ask(t, l, Request{Query: "application", Themes: []string{f.Value}}); a.Total != f.Count {
			t.Errorf("theme %s: %d hits, the facet said %d", f.Value, a.Total, f.Count)
		}
	}
	for _, f := range all.Facets.Level {
		if a := ask(t, l, Request{Query: "application", Levels: []string{f.Value}}); a.Total != f.Count {
			t.Errorf("level %s: %d hits, the facet said %d", f.Value, a.Total, f.Count)
		}
	}
	if value(all.Facets.Level, NoLevel) != 1 {
		t.Errorf("levels: %v, want one without level", all.Facets.Level)
	}
	for _, q := range []string{"application niveau:important", "niveau:important application", "level:important application", "application type:exigence niveau:important"} {
		if a := ask(t, l, Request{Query: q}); a.Total != 1 || a.Hits[0].ID != "EX2" {
			t.Errorf("%q: %v", q, idsOf(a))
		}
	}
	if a := ask(t, l, Request{Query: "application niveau:rouge"}); a.Total == 0 {
		t.Error("an unknown value is text, not a filter that hides all")
	}
	if a := ask(t, l, Request{Query: "application -chaîne type:exigence"}); slices.Contains(idsOf(a), "EX11") || a.Total == 0 {
		t.Errorf("exclusion: %v", idsOf(a))
	}
	a := ask(t, l, Request{Query: "application", Only: map[string]bool{"EX2": true}})
	if ids := idsOf(a); slices.Contains(ids, "EX11") || !slices.Contains(ids, "EX2") || !slices.ContainsFunc(ids, func(id string) bool { return strings.Contains(id, "#") }) {
		t.Errorf("only EX2: %v", ids)
	}
}

func TestPagesOfResultsJoin(t *testing.T) {
	l := library(t, small)
	whole := idsOf(ask(t, l, Request{Query: "application agents données", Limit: 50}))
	var joined []string
	for off := 0; off < len(whole); off += 2 {
		joined = append(joined, idsOf(ask(t, l, Request{Query: "application agents données", Limit: 2, Offset: off}))...)
	}
	if !slices.Equal(whole, joined) || len(whole) < 3 {
		t.Errorf("by twos %v, at once %v", joined, whole)
	}
	if a := ask(t, l, Request{Query: "application", Offset: 1000}); len(a.Hits) != 0 || a.Total == 0 {
		t.Errorf("beyond the last: %d hits of %d", len(a.Hits), a.Total)
	}
}

// TestAccentsChangeNothing is the promise that matters most to who types fast.
func TestAccentsChangeNothing(t *testing.T) {
	l := library(t, small)
	for _, pair := range [][2]string{{"fédération d’identité", "federation d'identite"}, {"équilibrage", "equilibrage"}, {"ÉTAT", "etat"}, {"hôte", "hote"}, {"opérationnelle", "OPERATIONNELLE"}, {"chiffrée", "chiffree"}} {
		a, b := ask(t, l, Request{Query: pair[0]}), ask(t, l, Request{Query: pair[1]})
		if !slices.Equal(idsOf(a), idsOf(b)) || len(a.Hits) == 0 {
			t.Errorf("%q gives %v, %q gives %v", pair[0], idsOf(a), pair[1], idsOf(b))
		}
	}
}

func TestSnippets(t *testing.T) {
	long := strings.Repeat("Un texte qui parle d’autre chose et qui dure. ", 40)
	l := library(t, fstest.MapFS{"a.md": {Data: []byte("---\ntitle: A\n---\n\n## Titre\n\n" + long + "La clef <b>&amp;</b> la serrure sont changées chaque année. " + long + "\n")}})
	a := ask(t, l, Request{Query: "serrures"})
	if len(a.Hits) != 1 {
		t.Fatal(idsOf(a))
	}
	s := a.Hits[0].Snippet
	if !strings.Contains(s, "<mark>serrure</mark>") || !strings.HasPrefix(s, "… ") || !strings.HasSuffix(s, " …") || !strings.Contains(s, "clef &amp; la") {
		t.Errorf("snippet: %q", s)
	}
	if n := len([]rune(s)); n > 260 || n < 120 {
		t.Errorf("snippet of %d characters: %q", n, s)
	}
	if plain := strings.NewReplacer("<mark>", "", "</mark>", "").Replace(s); strings.ContainsAny(plain, "<>") {
		t.Errorf("a tag other than mark: %q", s)
	}
}

func TestMarks(t *testing.T) {
	l := library(t, small)
	for _, c := range []struct{ text, query, want string }{
		{"Une sauvegarde & des sauvegardes", "sauvegarder", "sauvegarde|sauvegardes"},
		{"Agents", "agent", "Agents"},
		{"rien", "", ""},
		{"le la", "agent", ""},
		{"l’exigence EX33, et AT-1368", "ex", "EX33"},
		{"l’exigence EX33, et AT-1368", "1368", "AT-1368"},
		{"l’exigence EX33, et AT-1368", "EX33", "EX33"},
	} {
		var got []string
		if marks := l.Marks(c.query); marks != nil {
			for _, p := range marks(c.text) {
				got = append(got, c.text[p[0]:p[1]])
			}
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%q in %q: got %q, want %q", c.query, c.text, got, c.want)
		}
	}
}

func TestSuggest(t *testing.T) {
	l := library(t, small)
	ctx := context.Background()
	texts := func(s []Suggestion) (out []string) {
		for _, x := range s {
			out = append(out, x.Text)
		}
		return out
	}
	for _, c := range []struct{ typed, want string }{
		{"EX1", "EX10"}, {"ex 1", "EX10"}, {"sauv", "EX1"}, {"authentifier a", "EX10"}, {"kan", "AT-100"}, {"mco", "MCO"}, {"maintien", "MCO"}, {"rés", "Le réseau"}, {"elas", "ElasticSearch"}, {"supervis", "supervis"},
	} {
		got, err := l.Suggest(ctx, c.typed, 8)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(texts(got), func(s string) bool { return strings.HasPrefix(s, c.want) || strings.Contains(s, c.want) }) {
			t.Errorf("%q: %v, want %s", c.typed, texts(got), c.want)
		}
		if len(got) > 8 {
			t.Errorf("%q: %d suggestions", c.typed, len(got))
		}
	}
	for _, typed := range []string{"", "s", "  ", "zzzqqq", "é"} {
		if got, err := l.Suggest(ctx, typed, 8); err != nil || len(got) != 0 || got == nil {
			t.Errorf("%q: %v, %v", typed, got, err)
		}
	}
	// None leads nowhere.
	for _, typed := range []string{"sa", "ex", "ap", "ag", "un", "app ag", "la sup", "de la sau"} {
		got, err := l.Suggest(ctx, typed, 20)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range got {
			if s.Type == "" && ask(t, l, Request{Query: s.Text}).Total == 0 {
				t.Errorf("%q leads to %q, which finds nothing", typed, s.Text)
			}
		}
	}
}

func TestSuggestFromTheThesaurusAndDespiteSlips(t *testing.T) {
	l := library(t, small)
	for typed, want := range map[string]string{
		"trel":                 "trello", // the content lacks it, the thesaurus leads to something
		"sauvgar":              "sauvegarde",
		"sauvegarde quotidenn": "sauvegarde quotidienne",
		"supervision xq":       "supervision", // what stands before the word under way
	} {
		got, err := l.Suggest(context.Background(), typed, 5)
		if err != nil || len(got) == 0 || !slices.ContainsFunc(got, func(s Suggestion) bool { return s.Text == want }) {
			t.Errorf("%q: %v, %v, want %q", typed, got, err, want)
		}
	}
}

func TestRelated(t *testing.T) {
	l := library(t, small)
	hits, err := l.Related(context.Background(), content.KindExigence, "EX2", 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range hits {
		if h.ID == "EX2" {
			t.Error("a record is related to itself")
		}
	}
	if hits, err := l.Related(context.Background(), content.KindExigence, "EX999", 3); err != nil || len(hits) != 0 {
		t.Errorf("of no record: %v %v", hits, err)
	}
}

// TestSameAnswersHoweverMade opens the index from the store's file, and in memory
// where no folder can be written: the answers must be equal to the last digit.
func TestSameAnswersHoweverMade(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "cct.db")
	one := opened(t, stored(t, small, path))
	blocked := filepath.Join(folder, "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("TMPDIR", blocked)
	t.Setenv("TMP", blocked)
	again := opened(t, stored(t, small, path))
	apart := opened(t, stored(t, small, ""))
	for _, q := range []string{"application", "sauvegarde des données", "agents fédération identité", "load balancer", "EX10", "federaton", "ci/cd livre", `"sauvegarde des"`, "maintien en condition"} {
		x := ask(t, one, Request{Query: q, Explain: true})
		x.TookMS = 0
		for name, l := range map[string]*Library{"from the file": again, "apart": apart} {
			y := ask(t, l, Request{Query: q, Explain: true})
			y.TookMS = 0
			if !reflect.DeepEqual(x, y) {
				t.Errorf("%q: from files %+v\n%s %+v", q, x, name, y)
			}
		}
	}
	for _, typed := range []string{"sa", "appli", "fédé"} {
		x, _ := one.Suggest(context.Background(), typed, 8)
		y, _ := apart.Suggest(context.Background(), typed, 8)
		if len(x) == 0 || !reflect.DeepEqual(x, y) {
			t.Errorf("%q: from files %+v\napart %+v", typed, x, y)
		}
	}
}

// TestStoreCutWhileServed: the index is read in the store's map, so a file that
// is cut under it must end in an error, not the process.
func TestStoreCutWhileServed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a mapped file can't be cut on Windows")
	}
	path := filepath.Join(t.TempDir(), "cct.db")
	st := stored(t, small, path)
	l := opened(t, st)
	if a := ask(t, l, Request{Query: "sauvegarde"}); a.Total == 0 {
		t.Fatal("nothing found before the cut")
	}
	if err := os.Truncate(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Search(context.Background(), Request{Query: "application agents"}); !errors.Is(err, store.ErrDamaged) || !st.Damaged() {
		t.Errorf("err = %v, damaged %v", err, st.Damaged())
	}
	if _, err := l.Suggest(context.Background(), "appli", 5); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("suggestions: %v", err)
	}
	if err := st.Close(); err != nil {
		t.Error(err)
	}
	if _, err := l.Search(context.Background(), Request{Query: "application"}); err == nil {
		t.Error("a closed store answers")
	}
}

// TestBrokenIndex: files that are no index are an error that has the store
// rebuilt, never the end of the process.
func TestBrokenIndex(t *testing.T) {
	whole := stored(t, small, "")
	keys, err := whole.Keys(bucketIndex)
	if err != nil || len(keys) != 6 { // a part and a checksum each
		t.Fatalf("the index's files are %v, %v", keys, err)
	}
	for _, key := range []string{keys[0], keys[2], keys[4]} {
		name, _, _ := strings.Cut(key, "\x00")
		good, err := whole.Get(bucketIndex, key)
		if err != nil {
			t.Fatal(err)
		}
		wrong := slices.Clone(good)
		for i := range wrong {
			wrong[i] ^= 0x5a
		}
		for harm, b := range map[string][]byte{"empty": {}, "short": good[:20], "cut": good[:len(good)/8], "garbled": wrong} {
			st := stored(t, small, "", func(w *store.Writer) error {
				path := filepath.Join(t.TempDir(), "abîmé")
				return errors.Join(os.WriteFile(path, b, 0o600), w.PutFile(bucketIndex, name, path))
			})
			if _, err := Open(st); !errors.Is(err, store.ErrDamaged) {
				t.Errorf("%s %s: %v", name, harm, err)
			}
		}
	}
}

func TestExplainAddsUp(t *testing.T) {
	l := library(t, small)
	a := ask(t, l, Request{Query: "fédération des agents", Explain: true})
	for _, h := range a.Hits {
		sum := 0.0
		for _, r := range h.Why {
			sum += r.Points
		}
		if len(h.Why) == 0 || sum < h.Score-.01 || sum > h.Score+.01 {
			t.Errorf("%s: score %.3f, reasons %v", h.ID, h.Score, h.Why)
		}
	}
}

func TestCancelledSearchStops(t *testing.T) {
	l := library(t, small)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := l.Search(ctx, Request{Query: "application"}); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

// TestManyAtOnce is for the race detector.
func TestManyAtOnce(t *testing.T) {
	l := library(t, small)
	want := idsOf(ask(t, l, Request{Query: "application agents"}))
	for i := range 8 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			for range 20 {
				if got := idsOf(ask(t, l, Request{Query: "application agents"})); !slices.Equal(got, want) {
					t.Errorf("%v, want %v", got, want)
				}
				if _, err := l.Suggest(context.Background(), "sa", 5); err != nil {
					t.Error(err)
				}
			}
		})
	}
}

// FuzzSearch: no query harms, and whatever is answered holds together.
func FuzzSearch(f *testing.F) {
	for _, s := range []string{"", " ", "sauvegarde", "type:", "type:exigence", `"`, `""`, `"a" b`, "-x", "--", "EX", "EX99999999999999999999", "?*~^\\/", "é", "\xff\xfe", "a\x00b", "« le »", "niveau:primordial niveau:important", strings.Repeat("mot ", 120), strings.Repeat("a", 500), "C++ C# .NET", "(((", "AND OR NOT", "ST(SI)²"} {
		f.Add(s)
	}
	l := library(f, small)
	f.Fuzz(func(t *testing.T, q string) {
		a, err := l.Search(context.Background(), Request{Query: q, Explain: true})
		if err != nil {
			t.Fatal(err)
		}
		if len(a.Hits) > a.Total || a.Confident && a.Total == 0 {
			t.Errorf("%q: %d hits of %d, confident %v", q, len(a.Hits), a.Total, a.Confident)
		}
		for i := 1; i < len(a.Hits); i++ {
			if a.Hits[i].Score > a.Hits[i-1].Score {
				t.Errorf("%q: not in order", q)
			}
		}
		if _, err := l.Suggest(context.Background(), q, 5); err != nil {
			t.Error(err)
		}
		if marks := l.Marks(q); marks != nil {
			marks("sauvegarde EX33")
		}
	})
}

// TestSearchesWaitTheirTurn: no more run at once than there are cores, and one that
// waits ends with its context.
func TestSearchesWaitTheirTurn(t *testing.T) {
	l := library(t, small)
	var releases []func()
	for range runtime.GOMAXPROCS(0) {
		_, release, err := l.turn(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		releases = append(releases, release)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		_, err := l.Search(ctx, Request{Query: "application"})
		ended <- err
	}()
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
	for _, release := range releases {
		release()
	}
	ask(t, l, Request{Query: "application"})
}

// TestLeaders: however scores follow each other, the first are those that sorting all
// would give.
func TestLeaders(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for _, kinds := range []int{1, 5, 1000} {
		all := make([]candidate, 300)
		for i := range all {
			all[i] = candidate{uint32(i), float64(random.IntN(kinds))}
		}
		sorted := slices.SortedFunc(slices.Values(all), better)
		for _, size := range []int{1, 40, 300, 500} {
			first := leaders{size: size}
			for _, c := range all {
				first.add(c)
			}
			slices.SortFunc(first.list, better)
			if !slices.Equal(first.list, sorted[:min(size, len(all))]) {
				t.Errorf("%d kinds, %d wanted: %v", kinds, size, first.list)
			}
		}
	}
}
