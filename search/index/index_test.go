package index

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/blevesearch/bleve/v2/document"
	"github.com/cct-mi/cct/search/french"
)

// texts are those of a document.
type texts struct{ Label, Title, Path, Body string }

func (t texts) document() Document {
	label, title, path, body, s := french.Tokenize(t.Label), french.Tokenize(t.Title), french.Tokenize(t.Path), french.Tokenize(t.Body), &french.Stemmer{}
	return Document{Stems(Label, label, s), Stems(Title, title, s), Stems(Path, path, s), Stems(Body, body, s), Words(label, title, body)}
}

// documents are made of few words, so that every term stands in many of them.
func documents(n int) []texts {
	random := rand.New(rand.NewPCG(1, 2))
	words := strings.Fields("sauvegarde serveur réseau agent identité chiffrement journal application donnée service contrôle accès")
	text := func(n int) string {
		var out []string
		for range n {
			out = append(out, words[random.IntN(len(words))])
		}
		return strings.Join(out, " ")
	}
	list := make([]texts, n)
	for i := range list {
		list[i] = texts{Label: text(2), Title: text(1), Path: text(3), Body: text(5 + random.IntN(20))}
	}
	return list
}

// built makes an index in batches of size documents, in files, and opens it.
func built(t *testing.T, list []texts, size int) *Index {
	t.Helper()
	folder := t.TempDir()
	finished := filepath.Join(folder, "finished")
	b, err := newBuilder(finished, folder, size, 3)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range list {
		if err := b.Add(d.document()); err != nil {
			t.Fatal(err)
		}
	}
	numbers, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	files, err := Files(finished)
	if err != nil || len(files) != 3 {
		t.Fatalf("the index is of %v, %v", files, err)
	}
	x, err := Open(finished, numbers)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

// inMemory makes an index that needs no file.
func inMemory(t *testing.T, list []texts) *Index {
	t.Helper()
	x, err := InMemory(func(add func(Document) error) error {
		for _, d := range list {
			if err := add(d.document()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

// TestPostingsHoweverBuilt reads an index made in one batch, in many that were
// merged, and in memory, and counts for itself: all must say the same of every
// document.
func TestPostingsHoweverBuilt(t *testing.T) {
	list := documents(300)
	for name, x := range map[string]*Index{"one batch": built(t, list, 1000), "merged": built(t, list, 37), "in memory": inMemory(t, list)} {
		all := make([]uint32, len(list))
		for i := range all {
			all[i] = uint32(i)
		}
		for _, word := range []string{"serveur", "reseau", "identite"} {
			want, got, places := map[uint32]int{}, map[uint32]int{}, map[uint32]int{}
			for i, d := range list {
				for w := range strings.FieldsSeq(d.Label + " " + d.Title + " " + d.Body) {
					if strings.NewReplacer("é", "e", "ô", "o", "è", "e").Replace(w) == word {
						want[uint32(i)]++
					}
				}
			}
			if err := x.Each(Exact, word, func(d uint32, times int) { got[d] += times }); err != nil {
				t.Fatal(err)
			}
			if err := x.Positions(Exact, word, all, func(i int, at []uint32) {
				if !slices.IsSorted(at) {
					t.Errorf("%s %s: positions %v", name, word, at)
				}
				places[all[i]] += len(at)
			}); err != nil {
				t.Fatal(err)
			}
			if fmt.Sprint(got) != fmt.Sprint(want) || fmt.Sprint(places) != fmt.Sprint(want) {
				t.Errorf("%s %s: %v\nwith positions %v\nwant %v", name, word, got, places, want)
			}
			if n, err := x.Count(Exact, word); err != nil || n != len(want) {
				t.Errorf("%s %s: in %d documents, want %d (%v)", name, word, n, len(want), err)
			}
		}
		pairs, want := map[uint32]int{}, map[uint32]int{}
		for i, d := range list {
			for _, text := range []string{d.Label, d.Title, d.Body} { // none across two texts
				words := strings.Fields(text)
				for k := 1; k < len(words); k++ {
					if words[k-1] == "serveur" && words[k] == "agent" {
						want[uint32(i)]++
					}
				}
			}
		}
		if err := x.Together(Exact, []string{"serveur", "agent"}, 1, func(d uint32, times int) { pairs[d] += times }); err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(pairs) != fmt.Sprint(want) || len(want) == 0 {
			t.Errorf("%s: together %v, want %v", name, pairs, want)
		}
		if terms, err := x.Beginning(Exact, "ser", 10); err != nil || len(terms) != 2 || terms[0].Text != "serveur" || terms[1].Text != "service" || terms[0].Count == 0 {
			t.Errorf("%s: beginning %v, %v", name, terms, err)
		}
		if err := x.Each(Body, "absent", func(uint32, int) { t.Error("an absent term has a document") }); err != nil {
			t.Fatal(err)
		}
	}
}

// TestSearch: from the place that is asked for the best come first, of equal ones the
// first given, each with what its score is made of; and the end of the context ends the
// search.
func TestSearch(t *testing.T) {
	x := built(t, documents(50), 20)
	ranking := func(_ context.Context, explain bool) (func() (Match, bool), error) {
		next := uint32(0)
		return func() (Match, bool) {
			if next == 50 {
				return Match{}, false
			}
			m := Match{Document: next, Score: float64(next % 10)}
			if explain {
				m.Why = []Reason{{"le reste", m.Score}}
			}
			next++
			return m, true
		}, nil
	}
	best, err := x.Search(context.Background(), ranking, 3, 12, true)
	if err != nil || len(best) != 12 {
		t.Fatalf("%d, %v", len(best), err)
	}
	for i, m := range best {
		place := i + 3
		want := uint32(9 - place/5 + 10*(place%5))
		if m.Document != want || len(m.Why) != 1 || m.Why[0].Points != m.Score {
			t.Errorf("%d: %+v, want document %d", i, m, want)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := x.Search(ctx, ranking, 0, 10, false); err == nil {
		t.Error("a search goes on after its context")
	}
}

// TestOpenNeedsItsOwnNumbers: a table of another index is refused.
func TestOpenNeedsItsOwnNumbers(t *testing.T) {
	folder := t.TempDir()
	b, err := NewBuilder(filepath.Join(folder, "finished"), folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range documents(5) {
		if err := b.Add(d.document()); err != nil {
			t.Fatal(err)
		}
	}
	numbers, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range [][]uint32{nil, numbers[:4], {0, 1, 2, 3, 9}} {
		if x, err := Open(filepath.Join(folder, "finished"), wrong); err == nil {
			x.Close()
			t.Errorf("%v: opened", wrong)
		}
	}
}

// TestTermsAreTheAnalyzers: what the builder makes of words that are cut already is
// what the analyzer that the mapping names makes of the text.
func TestTermsAreTheAnalyzers(t *testing.T) {
	text := texts{"EX32 — Sauvegardes du SI", "CI/CD et l’hébergement", "C++ et .NET", "Les données hébergées au ST(SI)² sont chiffrées en TLS 1.3 ; un agent s’y connecte."}
	m := newMapping()
	d := document.NewDocument("1")
	if err := m.MapDocument(d, text.document()); err != nil {
		t.Fatal(err)
	}
	of := [Fields][]string{Label: {text.Label}, Title: {text.Title}, Path: {text.Path}, Body: {text.Body}, Exact: {text.Label, text.Title, text.Body}}
	for f, field := range d.Fields {
		field.Analyze()
		got, want := map[string]int{}, map[string]int{}
		for term, frequency := range field.AnalyzedTokenFrequencies() {
			got[term] = frequency.Frequency()
		}
		analyzer := m.AnalyzerNamed(m.AnalyzerNameForPath(field.Name()))
		for _, text := range of[f] {
			for _, token := range analyzer.Analyze([]byte(text)) {
				want[string(token.Term)]++
			}
		}
		if !maps.Equal(got, want) || len(want) == 0 {
			t.Errorf("%s: %v, the analyzer gives %v", field.Name(), got, want)
		}
	}
}
