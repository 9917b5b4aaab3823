package profile_test

import (
	"bufio"
	"context"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest"
	"github.com/cct-mi/cct/content/profile"
)

// framework is the content that the program carries, and its edition.
var framework = sync.OnceValues(func() (*content.Edition, error) {
	return ingest.Load(context.Background(), content.Embedded(), ingest.Options{})
})

func carried(t testing.TB) (*content.Edition, *content.Catalog) {
	t.Helper()
	ed, err := framework()
	if err != nil {
		t.Fatal(err)
	}
	return ed, stored(t, ed)
}

// groups name several ids at once in testdata/applications.txt.
func groups(c *content.Catalog, t *testing.T) map[string][]string {
	all := map[string][]string{}
	for _, kind := range []content.Kind{content.KindExigence, content.KindRegle} {
		records, err := c.Records(kind)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			switch {
			case r.Exigence != nil:
				all["EX"] = append(all["EX"], r.ID)
			case r.Regle.Kind == "regle":
				all["REGLES"] = append(all["REGLES"], r.ID)
			default:
				all["API"] = append(all["API"], r.ID)
			}
		}
	}
	return all
}

// neverDropped are those that no answer may set aside within their type.
var neverDropped = strings.Fields("EX7 EX10 EX16 EX24 EX33 EX40 EX42 EX44 EX45 EX46")

// TestApplications holds real applications against what a reader of the source
// finds for each: what is set aside, all of it, and what is sure.
func TestApplications(t *testing.T) {
	_, c := carried(t)
	named := groups(c, t)
	f, err := os.Open("testdata/applications.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	asked, n := map[string]bool{}, 0
	var name, query string
	var v *profile.Verdict
	ids := func(list string) []string {
		var out []string
		for _, id := range strings.Fields(list) {
			if g := named[id]; g != nil {
				out = append(out, g...)
			} else {
				out = append(out, id)
			}
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	for s := bufio.NewScanner(f); s.Scan(); {
		line := s.Text()
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch key {
		case "":
		case "profil":
			n, query = n+1, value
			given, err := url.ParseQuery(query)
			if err != nil {
				t.Fatal(err)
			}
			for q := range given {
				asked[q] = true
			}
			p, err := profile.Parse(profile.Given(given))
			if err != nil {
				t.Fatal(name, err)
			}
			if v, err = profile.Evaluate(p, c); err != nil {
				t.Fatal(err)
			}
			checkReasons(t, name, v)
		case "écartées":
			got := idsOf(v, func(b profile.Bound) bool { return !b.Binds() })
			if want := ids(value); !slices.Equal(got, want) {
				t.Errorf("%s (%s): set aside\n%v, want\n%v", name, query, got, want)
			}
		case "sûres":
			got := idsOf(v, func(b profile.Bound) bool { return b.Outcome == profile.Applies })
			for _, id := range ids(value) {
				if !slices.Contains(got, id) {
					t.Errorf("%s (%s): %s isn't sure", name, query, id)
				}
			}
		case "à confirmer":
			got := idsOf(v, func(b profile.Bound) bool { return b.Binds() && b.Certainty == profile.ToConfirm })
			for _, id := range ids(value) {
				if !slices.Contains(got, id) {
					t.Errorf("%s (%s): %s isn't to be confirmed", name, query, id)
				}
			}
		case "familles écartées":
			var got []string
			for _, f := range v.Families {
				if !f.Binds() {
					got = append(got, f.ID)
				}
			}
			slices.Sort(got)
			if want := ids(value); !slices.Equal(got, want) {
				t.Errorf("%s (%s): families set aside %v, want %v", name, query, got, want)
			}
		case "accords":
			var got []string
			for _, a := range v.Approvals {
				if a.Outcome == profile.Applies {
					got = append(got, a.ID)
				}
			}
			if strings.Join(got, " ") != value {
				t.Errorf("%s (%s): approvals %v, want %s", name, query, got, value)
			}
		default:
			if name = line; !strings.HasPrefix(line, "#") {
				t.Fatalf("%q is not understood", line)
			}
		}
	}
	if n < 30 {
		t.Errorf("%d applications", n)
	}
	for _, q := range profile.Questions() {
		if !asked[q.Name] {
			t.Errorf("no application answers %s", q.Name)
		}
	}
}

func idsOf(v *profile.Verdict, keep func(profile.Bound) bool) []string {
	var list []string
	for _, b := range slices.Concat(v.Exigences, v.Regles) {
		if keep(b) {
			list = append(list, b.Record.ID)
		}
	}
	slices.Sort(list)
	return list
}

// checkReasons: what holds of every verdict.
func checkReasons(t *testing.T, name string, v *profile.Verdict) {
	t.Helper()
	cloud := !v.Profile.Known() || len(v.Profile["type"]) == 0 || v.Profile.Has("type", "cloud-native", "ent-cloud-native")
	for _, b := range slices.Concat(v.Exigences, v.Regles) {
		id := b.Record.ID
		switch {
		case b.Because == "" || b.Source == "" || b.Addressee == nil:
			t.Errorf("%s: %s lacks its reason, source or addressee: %+v", name, id, b.Reason)
		case b.Certainty == profile.ToConfirm && !b.Binds():
			t.Errorf("%s: %s is to be confirmed, and dropped", name, id)
		case b.Outcome == profile.Applies && !v.Profile.Known():
			t.Errorf("%s: %s applies, and nothing is known", name, id)
		case cloud && !b.Binds() && slices.Contains(neverDropped, id):
			t.Errorf("%s: %s is dropped: %s", name, id, b.Because)
		case v.Profile.Has("evolution", "mineure") && !strings.Contains(b.Because, "évolution mineure"):
			t.Errorf("%s: %s does not say that its scope is to be reviewed: %s", name, id, b.Because)
		case v.Profile.Has("perimetre", "interministeriel") && strings.Contains(b.Because, "bonne pratique"):
			t.Errorf("%s: %s passes for good practice: %s", name, id, b.Because)
		}
	}
	n := v.Counts()
	if n.Exigences+n.Regles+n.Dropped != len(v.Exigences)+len(v.Regles) {
		t.Errorf("%s: %+v", name, n)
	}
}

// TestOfficialFolder: the ministry's folder has no table; the one that the
// program carries serves it, whatever ids it gives to rules without a number.
func TestOfficialFolder(t *testing.T) {
	const official = "../../../shared/corpus/2025-01/content/fr"
	if _, err := os.Stat(official); err != nil {
		t.Skip("the official corpus is not here")
	}
	ed, err := ingest.Load(t.Context(), os.DirFS(official), ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, own := carried(t)
	theirs := stored(t, ed)
	for _, query := range []string{"type=legacy", "type=cloud-native&interface=aucune&marche=non&echanges=aucun&utilisateurs=aucun", "api=aucune&donnees=aucune", "evolution=majeure&interface=web"} {
		given, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		p, err := profile.Parse(profile.Given(given))
		if err != nil {
			t.Fatal(err)
		}
		a, err := profile.Evaluate(p, own)
		if err != nil {
			t.Fatal(err)
		}
		b, err := profile.Evaluate(p, theirs)
		if err != nil {
			t.Fatal(err)
		}
		if a.Counts() != b.Counts() {
			t.Errorf("%s: %+v with our words, %+v with theirs", query, a.Counts(), b.Counts())
		}
		for _, r := range slices.Concat(b.Exigences, b.Regles) {
			if r.Source == "" {
				t.Errorf("%s has no line", r.Record.ID)
			}
		}
	}
}

// TestForeignFolder: without a table, nothing is dropped, and nothing is sure.
func TestForeignFolder(t *testing.T) {
	c := stored(t, &content.Edition{Name: "1", Records: []*content.Record{{Kind: content.KindExigence, ID: "EX1", Theme: "cloud-native", Exigence: &content.Exigence{}}}})
	v, err := profile.Evaluate(profile.Profile{"type": {"legacy"}}, c)
	if err != nil || v.Exigences[0].Outcome != profile.MayApply || !strings.Contains(v.Exigences[0].Because, profile.TableFile) {
		t.Errorf("%v %+v", err, v.Exigences)
	}
}

// TestTable: the table that the program carries has no fault, and each fault of
// another is named by its line.
func TestTable(t *testing.T) {
	ed, _ := carried(t)
	if faults := profile.Check(ed); len(faults) > 0 {
		t.Error(faults)
	}
	const head = "Identifiant;Nature;Condition;Certitude;À confirmer;Confirmé par;À qui;Source\r\n"
	records := []*content.Record{{Kind: content.KindExigence, ID: "EX1"}, {Kind: content.KindRegle, ID: "1166"}}
	for table, want := range map[string]string{
		"\ufeff" + head + "EX1;exigence;toujours;certain;;;candidat;a.md:1\r\n1166;règle;type = legacy et interface = web, mobile ou marche = oui;à confirmer si perimetre = ministeriel;c’est vrai;;;a.md:2\r\n": "",
		head + "EX1;;toujours;certain;;;;\n": "0 absente 1166",
		head + "EX1;;toujours;certain;;;;\nEX1;;toujours;certain;;;;\n1166;;toujours;certain;;;;\n":     "3 double EX1",
		head + "EX9;;toujours;certain;;;;\nEX1;;toujours;certain;;;;\n1166;;toujours;certain;;;;\n":     "2 inconnue EX9",
		head + "EX1;;couleur = bleu;certain;;;;\n1166;;toujours;certain;;;;\n":                          "2 condition couleur = bleu",
		head + "EX1;;type = mobile;certain;;;;\n1166;;toujours;certain;;;;\n":                           "2 condition mobile",
		head + "EX1;;;certain;;;;\n1166;;toujours;certain;;;;\n":                                        "2 condition vide",
		head + "EX1;;toujours;sans doute;;;;\n1166;;toujours;certain;;;;\n":                             "2 certitude sans doute",
		head + "EX1;;toujours;à confirmer;;;;\n1166;;toujours;certain;;;;\n":                            "2 certitude À confirmer",
		head + "EX1;;toujours;à confirmer;c’est vrai;interface = laser;;\n1166;;toujours;certain;;;;\n": "2 condition laser",
		head + "EX1;;toujours;certain;;;le voisin;\n1166;;toujours;certain;;;;\n":                       "2 destinataire le voisin",
		head + "EX1;;toujours\n1166;;toujours;certain;;;;\n":                                            "2 invalide 3 cellules",
		"Identifiant;Condition\nEX1;toujours\n":                                                         "1 invalide Nature",
		head + "EX1;\"oups;;\n":                                                                         "3 invalide CSV",
	} {
		ed := &content.Edition{Records: records, Tables: []content.Table{{Name: profile.TableFile, Data: []byte(table)}}}
		faults := profile.Check(ed)
		if want == "" {
			if len(faults) > 0 {
				t.Error(faults)
			}
			continue
		}
		line, rest, _ := strings.Cut(want, " ")
		code, what, _ := strings.Cut(rest, " ")
		found := slices.ContainsFunc(faults, func(p content.Problem) bool {
			return p.File == profile.TableFile && p.Code == "applicabilite-"+code && strings.Contains(p.What, what) && (line == "3" || string(rune('0'+p.Line)) == line)
		})
		if !found {
			t.Errorf("%q: want %s, got %+v", table, want, faults)
		}
	}
}

// TestFamilies: an outdated product never comes before a recommended one.
func TestFamilies(t *testing.T) {
	_, c := carried(t)
	families, err := profile.Families(c)
	if err != nil || len(families) != 40 {
		t.Fatal(err, len(families))
	}
	products := 0
	for _, f := range families {
		products += len(f.Products)
		if f.Title == "" || strings.ContainsAny(f.Title, "[]") {
			t.Errorf("%s is called %q", f.ID, f.Title)
		}
		if !slices.IsSortedFunc(f.Products, func(a, b *content.Record) int { return profile.Rank(a) - profile.Rank(b) }) {
			t.Errorf("%s is not in the order of use", f.ID)
		}
		for i, p := range f.Products {
			if (p.Produit.Status == "R") != (i < f.Recommended) {
				t.Errorf("%s: %s stands at %d", f.ID, p.ID, i)
			}
		}
	}
	if products != 336 {
		t.Errorf("%d products", products)
	}
}

func TestUndecided(t *testing.T) {
	_, c := carried(t)
	open := func(query string) map[string]int {
		given, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		p, err := profile.Parse(profile.Given(given))
		if err != nil {
			t.Fatal(err)
		}
		n, err := profile.Undecided(p, c)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := open(""); n["api"] < 44 || n["type"] < 58 || n["interface"] == 0 {
		t.Error(n)
	}
	if n := open("api=aucune&type=legacy"); n["api"] != 0 || n["type"] != 0 || n["interface"] == 0 {
		t.Error(n)
	}
}

// BenchmarkEvaluate is a verdict over the whole edition.
func BenchmarkEvaluate(b *testing.B) {
	_, c := carried(b)
	p := profile.Profile{"type": {"cloud-native"}, "evolution": {"nouvelle"}, "interface": {"web"}, "donnees": {"personnelles"}}
	for b.Loop() {
		if _, err := profile.Evaluate(p, c); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzTable: whatever an editor writes, nothing breaks, and what can't be read
// drops nothing.
func FuzzTable(f *testing.F) {
	f.Add("Identifiant;Nature;Condition;Certitude;À confirmer;Confirmé par;À qui;Source\nEX1;exigence;type = legacy et marche = oui;à confirmer;x;api = aucune;candidat;a.md:1\n")
	f.Fuzz(func(t *testing.T, table string) {
		ed := &content.Edition{Name: "1", Records: []*content.Record{{Kind: content.KindExigence, ID: "EX1", Exigence: &content.Exigence{}}}, Tables: []content.Table{{Name: profile.TableFile, Data: []byte(table)}}}
		profile.Check(ed)
		v, err := profile.Evaluate(profile.Profile{}, stored(t, ed))
		if err != nil || !v.Exigences[0].Binds() {
			t.Errorf("%v %+v", err, v)
		}
	})
}
