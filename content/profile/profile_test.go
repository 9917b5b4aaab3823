package profile_test

import (
	"errors"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/profile"
)

// catalog is a small edition: a page for each file that rules point at, one
// exigence in each of the five documents and one elsewhere.
func catalog(t testing.TB, files ...string) *content.Catalog {
	t.Helper()
	ed := &content.Edition{Name: "2025-01"}
	for _, f := range files {
		ed.Pages = append(ed.Pages, &content.Page{ID: strings.NewReplacer("/", "--", ".md", "").Replace(f), Source: f})
	}
	for theme, id := range map[string]string{"environnement-numerique-de-travail": "EX100", "legacy": "EX101", "cloud-native": "EX1", "architecture": "EX102", "securite": "EX103", "ailleurs": "EX104"} {
		ed.Records = append(ed.Records, &content.Record{Kind: content.KindExigence, ID: id, Theme: theme, Exigence: &content.Exigence{}})
	}
	table := "Identifiant;Nature;Condition;Certitude;À confirmer;Confirmé par;À qui;Source\n"
	for id, when := range map[string]string{"EX100": "type = ent, ent-cloud-native, ent-legacy", "EX101": "type = ent-legacy, legacy", "EX1": "type = ent-cloud-native, cloud-native", "EX102": "toujours", "EX103": "toujours", "EX104": "toujours"} {
		table += id + ";exigence;" + when + ";certain;;;;\n"
	}
	ed.Tables = []content.Table{{Name: profile.TableFile, Data: []byte(table)}}
	return stored(t, ed)
}

// stored is an edition read back, as every face reads it.
func stored(t testing.TB, ed *content.Edition) *content.Catalog {
	t.Helper()
	kept := map[string][]byte{}
	if err := ed.Write(func(bucket, key string, v []byte) error { kept[bucket+"/"+key] = v; return nil }); err != nil {
		t.Fatal(err)
	}
	c, err := content.OpenCatalog(func(bucket, key string) ([]byte, error) { return kept[bucket+"/"+key], nil })
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var ourFiles = []string{
	"presentation/documents-et-applicabilite.md", "presentation/controles-et-accords.md", "presentation/niveaux-et-phases.md", "presentation/legacy-ou-cloud-native.md",
	"presentation/marches-publics.md", "architecture/exigences-d-architecture.md", "cloud-native/principes.md", "cloud-native/introduction.md",
	"environnement-numerique-de-travail/index.md", "legacy/index.md", "cloud-native/index.md", "architecture/index.md", "securite/index.md",
}

var officialFiles = []string{
	"1-chapeau/2-presentation-generale.md", "1-chapeau/Guide_CCT_dans_la_commande_publique.md", "5-socle-d-architecture/4-exigences-d-architecture/introduction.md",
	"3-doctrine-d-hebergement/1-cloud-native/1-cct-cloud-native/3-principes-generaux-cadre-cloud-native.md", "3-doctrine-d-hebergement/1-cloud-native/1-cct-cloud-native/1-introduction.md",
	"3-doctrine-d-hebergement/2-cloud-pi/1-cct-cloud-pi/sommaire.md", "4-environnement-numerique-de-travail/introduction.md", "5-socle-d-architecture/Introduction.md", "6-socle-de-securite/introduction.md",
}

// matrix is the table of the general presentation, written by hand from it:
// ENT, Legacy, Cloud Native, architecture, sécurité.
var matrix = map[string]string{
	"":                 "xxxxx", // unknown drops nothing
	"ent":              "x..xx",
	"ent-cloud-native": "x.xxx",
	"ent-legacy":       "xx.xx",
	"cloud-native":     "..xxx",
	"legacy":           ".x.xx",
}

var agreements = map[string]string{
	"grande nouvelle": "go-comite", "grande majeure": "go-comite", "grande mineure": "go-comite",
	"petite nouvelle": "go-comite", "petite majeure": "autonomie", "petite mineure": "autonomie",
	" nouvelle": "go-comite", "grande ": "go-comite", // every case left says the same
	" majeure": "inconnu", " mineure": "inconnu", "petite ": "inconnu", " ": "inconnu",
}

// TestEveryProfile goes through all 648 combinations of the five answers.
func TestEveryProfile(t *testing.T) {
	order := []string{"environnement-numerique-de-travail", "legacy", "cloud-native", "architecture", "securite"}
	idIn := []string{"EX100", "EX101", "EX1", "EX102", "EX103"}
	for _, files := range [][]string{ourFiles, officialFiles} {
		c := catalog(t, files...)
		seen := 0
		for _, kind := range slices.Sorted(maps.Keys(matrix)) {
			for _, evolution := range []string{"", "nouvelle", "majeure", "mineure"} {
				for _, size := range []string{"", "grande", "petite"} {
					for _, scope := range []string{"", "ministeriel", "interministeriel"} {
						for _, contract := range []string{"", "oui", "non"} {
							seen++
							given := url.Values{"type": {kind}, "evolution": {evolution}, "taille": {size}, "perimetre": {scope}, "marche": {contract}}
							p, err := profile.Parse(given.Get)
							if err != nil {
								t.Fatalf("%v: %v", given, err)
							}
							v, err := profile.Evaluate(p, c)
							if err != nil {
								t.Fatalf("%v: %v", given, err)
							}
							only := v.Only()
							for i, d := range v.Documents {
								want := matrix[kind][i] == 'x'
								if d.ID != order[i] || (d.Outcome != profile.Dropped) != want {
									t.Errorf("%v: document %d is %s, %s; want %s, %t", given, i, d.ID, d.Outcome, order[i], want)
								}
								if d.Because == "" || d.URL == "" || d.Source == "" || d.Title == "" {
									t.Errorf("%v: document %s lacks its reason or an address: %+v", given, d.ID, d)
								}
								if only[idIn[i]] != want {
									t.Errorf("%v: exigence %s applies %t, its document %t", given, idIn[i], only[idIn[i]], want)
								}
							}
							if len(v.Documents) != 5 || len(v.Exigences) != 6 || !only["EX104"] {
								t.Errorf("%v: %d documents, %d exigences, one outside the documents kept %t", given, len(v.Documents), len(v.Exigences), only["EX104"])
							}
							for _, e := range v.Exigences {
								if e.Because == "" {
									t.Errorf("%v: exigence %s has no reason", given, e.Record.ID)
								}
							}
							if got, want := v.Approval.Decision, agreements[size+" "+evolution]; got != want {
								t.Errorf("%v: approval %q, want %q", given, got, want)
							}
							if v.Approval.Because == "" || v.Approval.Title == "" || v.Approval.Source == "" {
								t.Errorf("%v: approval without its reason: %+v", given, v.Approval)
							}
							checkObligations(t, p, v)
						}
					}
				}
			}
		}
		if seen != 648 {
			t.Fatalf("%d combinations, want 648", seen)
		}
	}
}

func checkObligations(t *testing.T, p profile.Profile, v *profile.Verdict) {
	t.Helper()
	has := map[string]bool{}
	for _, o := range v.Obligations {
		if o.Because == "" || o.Title == "" || o.Source == "" || has[o.ID] {
			t.Errorf("%+v: obligation twice, or without its reason or source: %+v", p, o)
		}
		has[o.ID] = true
	}
	for id, want := range map[string]bool{
		"annexe-cctp":           !p.Has("marche", "non"),
		"exclusion-primordial":  p.Has("marche", "oui"),
		"notation":              p.Has("marche", "oui"),
		"exigence-bloquante":    p.Has("marche", "oui"),
		"logiciel-embarque":     p.Has("marche", "oui"),
		"derogation":            true,
		"derogation-legacy":     strings.Contains(p.Answer("type"), "legacy") && (len(p["evolution"]) == 0 || p.Has("evolution", "nouvelle")),
		"etudier-cloud-native":  strings.Contains(p.Answer("type"), "legacy") && p.Has("evolution", "majeure"),
		"cgu-cloud-pi-native":   strings.Contains(p.Answer("type"), "cloud-native"),
		"hebergement-ministere": p.Has("perimetre", "interministeriel"),
		"revue-mineure":         p.Has("evolution", "mineure"),
		"engagement":            v.Approval.Decision == "autonomie",
	} {
		if has[id] != want {
			t.Errorf("%+v: obligation %s is there %t, want %t", p, id, has[id], want)
		}
	}
}

func TestPhasesThatUseTheFramework(t *testing.T) {
	v, err := profile.Evaluate(profile.Profile{}, catalog(t))
	if err != nil {
		t.Fatal(err)
	}
	var used []string
	for _, p := range v.Phases {
		if p.UsesCCT {
			used = append(used, p.ID)
		}
		if p.Does == "" || p.Title == "" {
			t.Errorf("phase %s says nothing", p.ID)
		}
	}
	if want := []string{"conception", "pre-bascule", "bascule", "post-bascule"}; len(v.Phases) != 7 || !slices.Equal(used, want) {
		t.Errorf("%d phases, used in %v; want 7, %v", len(v.Phases), used, want)
	}
}

// TestContradictions: "nothing" beside something is said, not chosen between.
func TestContradictions(t *testing.T) {
	for name, value := range map[string]string{"utilisateurs": "aucun,public", "interface": "web, AUCUNE", "api": "aucune,expose", "donnees": "aucune,conservees", "echanges": "fichiers,aucun", "type": "ent,legacy"} {
		_, err := profile.Parse(url.Values{name: {value}}.Get)
		var bad *profile.BadAnswer
		if !errors.As(err, &bad) || bad.Against == "" || !strings.Contains(err.Error(), "se contredit") || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}

// TestForeignContent: a folder that is not the framework still gets verdicts,
// without addresses.
func TestForeignContent(t *testing.T) {
	v, err := profile.Evaluate(profile.Profile{"type": {"legacy"}}, catalog(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range v.Documents {
		if d.URL != "" || d.Source != "" || d.Because == "" {
			t.Errorf("document %s: %+v", d.ID, d)
		}
	}
}

func TestBadAnswer(t *testing.T) {
	for name, given := range map[string]url.Values{
		"type":          {"type": {"mobile"}},
		"evolution":     {"evolution": {"énorme"}},
		"taille":        {"taille": {"moyenne"}},
		"perimetre":     {"perimetre": {"mondial"}},
		"marche":        {"marche": {"peut-être"}},
		"interface":     {"interface": {"web,télépathie"}},
		"app-perimetre": {"app-perimetre": {strings.Repeat("é", 5000)}},
	} {
		parse := profile.Parse
		if strings.HasPrefix(name, profile.Prefix) {
			parse = profile.ParseNarrow
		}
		_, err := parse(given.Get)
		var bad *profile.BadAnswer
		if !errors.As(err, &bad) || bad.Name != name || len(bad.Allowed) < 2 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(err.Error()) > 400 || !strings.Contains(err.Error(), bad.Allowed[0]) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: unhelpful message: %v", name, err)
		}
	}
}

func TestAnswersRoundTrip(t *testing.T) {
	p := profile.Profile{"type": {"cloud-native"}, "evolution": {"nouvelle"}, "marche": {"oui"}, "interface": {"web", "mobile"}}
	if got := p.Values("").Encode(); got != "evolution=nouvelle&interface=web%2Cmobile&marche=oui&type=cloud-native" {
		t.Error(got)
	}
	back, err := profile.ParseNarrow(p.Values(profile.Prefix).Get)
	if err != nil || !reflect.DeepEqual(back, p) {
		t.Errorf("%+v, %v", back, err)
	}
	if loose, err := profile.Parse(url.Values{"type": {" Cloud-Native "}}.Get); err != nil || loose.Answer("type") != "cloud-native" {
		t.Errorf("case and blanks should not count: %+v, %v", loose, err)
	}
	if got, want := p.String(), "Cloud Native uniquement, nouvelle application, marché public, interface web, application mobile"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if (profile.Profile{}).Known() || !p.Known() {
		t.Error("Known is wrong")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("type=ent&evolution=nouvelle")
	f.Add("type=\xff&marche=%00")
	f.Fuzz(func(t *testing.T, query string) {
		v, _ := url.ParseQuery(query)
		p, err := profile.Parse(v.Get)
		if err != nil {
			if p.Known() {
				t.Errorf("%q: an error and a profile %+v", query, p)
			}
			return
		}
		if back, err := profile.Parse(p.Values("").Get); err != nil || !reflect.DeepEqual(back, p) {
			t.Errorf("%q: %+v read back as %+v, %v", query, p, back, err)
		}
	})
}
