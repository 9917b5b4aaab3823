package ui

import (
	"bytes"
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/export"
	"github.com/cct-mi/cct/ui/middleware"
)

const (
	maxKept     = 200 // ids that an address carries
	maxCompared = 4   // records side by side: more don't fit a window
)

// keptIDs are the ids that an address carries, given several times or with commas.
func keptIDs(r *http.Request) []string {
	ids, _ := search.Values(r.URL.Query()).List("ids", nil) // any value is allowed, so none is refused
	return ids[:min(len(ids), maxKept)]
}

// chosen finds the records that ids name, of any kind, in the order given; unknown
// are those that name none. An id that several kinds use brings them all.
func chosen(lib *search.Library, ids []string) (records []*content.Record, unknown []string, err error) {
	c := lib.Catalog()
	seen := map[*content.Record]bool{}
	for _, id := range ids {
		n := len(records)
		add := func(kind content.Kind, id string) error {
			r, err := c.Record(kind, id)
			if isMissing(err) {
				return nil
			}
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(records, func(o *content.Record) bool { return o.Kind == r.Kind && o.ID == r.ID }) {
				records = append(records, r)
			}
			seen[r] = true
			return nil
		}
		found := false
		for _, kind := range []content.Kind{content.KindExigence, content.KindRegle, content.KindProduit, content.KindTerme, content.KindNorme} {
			before := len(seen)
			if err := add(kind, id); err != nil {
				return nil, nil, err
			}
			found = found || len(seen) > before
		}
		if !found {
			for _, ref := range lib.Resolve(id) {
				if ref.Kind == content.KindSection {
					continue
				}
				before := len(seen)
				if err := add(ref.Kind, ref.ID); err != nil {
					return nil, nil, err
				}
				found = found || len(seen) > before
			}
		}
		if !found && len(records) == n {
			unknown = append(unknown, cut(strings.ToValidUTF8(id, "?"), 40))
		}
	}
	return records, unknown, nil
}

type selectionPage struct {
	frame
	IDs     string // as the address gives them, with commas
	Lines   []chosenLine
	Unknown []string
	Compare string // address of the comparison, "" when there is nothing to compare
	Annex   string // address of a tender's annex with the exigences and rules chosen, "" when none is
	Formats []export.Format
	Places  map[string]string // where more can be chosen: address → name
}

// chosenLine is a record with the address of the selection without it.
type chosenLine struct {
	*content.Record
	Kind, Without string
}

func selectionURL(path string, ids []string) string {
	if len(ids) == 0 {
		return path
	}
	return path + "?" + url.Values{"ids": {strings.Join(ids, ",")}}.Encode()
}

// selection shows the records that a reader has gathered, and gives them as a file.
func (s *Site) selection(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	ids := keptIDs(r)
	records, unknown, err := chosen(lib, ids)
	if err != nil {
		return err
	}
	if done, err := s.asFile(w, r, lib, records, "selection"); done || err != nil {
		return err
	}
	p := selectionPage{frame: frame{Title: "Ma sélection", Menu: "/selection", Edition: lib.Catalog().Head().Name}, Unknown: unknown, IDs: strings.Join(ids, ","), Formats: listFormats(),
		Places: map[string]string{"/exigences": "Exigences", "/regles": "Règles", "/produits": "Produits", "/glossaire": "Glossaire"}}
	var binding []string
	for _, record := range records {
		rest := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return strings.EqualFold(id, record.ID) })
		p.Lines = append(p.Lines, chosenLine{record, kindLabel(record.Kind), selectionURL("/selection", rest)})
		if record.Kind == content.KindExigence || record.Kind == content.KindRegle {
			binding = append(binding, record.ID)
		}
	}
	if len(records) > 0 {
		p.Title = "Ma sélection : " + count(len(records), "fiche", "fiches")
	}
	if len(records) > 1 {
		p.Compare = selectionURL("/comparer", ids[:min(len(ids), maxCompared)])
	}
	if len(binding) > 0 {
		p.Annex = "/api/v1/applicable?" + url.Values{"format": {"xlsx"}, "id": {strings.Join(binding, ",")}}.Encode()
	}
	return s.render(w, http.StatusOK, "selection", p)
}

// listFormats are the formats that any list can take.
func listFormats() []export.Format {
	return slices.DeleteFunc(export.Formats(), func(f export.Format) bool { return f.Annex || f.Name == "tsv" }) // which is for scripts
}

// asFile answers with records as a file, when the address asks for one.
func (s *Site) asFile(w http.ResponseWriter, r *http.Request, lib *search.Library, records []*content.Record, name string) (done bool, err error) {
	names := []string{"html"}
	for _, f := range listFormats() {
		names = append(names, f.Name)
	}
	asked, err := search.Values(r.URL.Query()).List("format", names)
	if err != nil || len(asked) == 0 || asked[0] == "html" {
		return err != nil, err
	}
	if len(records) == 0 {
		return true, badRequest("Rien à exporter : aucune fiche n’est choisie, ou aucune ne répond. Choisissez-en au moins une, puis recommencez.")
	}
	f, _ := export.FormatNamed(asked[0])
	var b bytes.Buffer // whole before the first byte leaves: half a file must not pass for one
	if err := f.Write(&b, table(lib.Catalog(), records, name, address.Of(lib, middleware.Origin(r)+s.base))); err != nil {
		return true, err
	}
	h := w.Header()
	h.Set("Content-Type", f.MediaType)
	h.Set("Content-Disposition", `attachment; filename="cct-`+name+"."+f.Extension+`"`)
	h.Set("Cache-Control", "no-cache")
	_, err = b.WriteTo(w)
	return true, clientLeft(err)
}

// table puts records of any kind in one table, with empty columns for an answer:
// a profile's annex may begin by it.
func table(c *content.Catalog, records []*content.Record, name string, at address.Site) *export.Table {
	head := c.Head()
	t := &export.Table{Title: head.Framework.Short() + " : " + name, Framework: head.Framework, Name: name,
		Facts: []export.Fact{
			{Key: "edition", Label: "Édition", Value: head.Name},
			{Key: "date", Label: "Exporté le", Value: time.Now().Format(time.DateOnly), Date: true},
			{Key: "total", Label: "Lignes", Value: number(len(records))},
			{Key: "source", Label: "Source", Value: head.Framework.Citation()},
			{Key: "licence", Label: "Licence", Value: head.Framework.Licence},
		},
		Columns: []export.Column{
			{Key: "id", Title: "ID", Width: 14}, {Key: "type", Title: "Type", Width: 12}, {Key: "title", Title: "Intitulé", Width: 40},
			{Key: "level", Title: "Niveau ou statut", Width: 22}, {Key: "text", Title: "Texte", Width: 70}, {Key: "vendor", Title: "Fournisseur", Width: 20},
			{Key: "version", Title: "Version", Width: 14}, {Key: "category", Title: "Catégorie ou chapitre", Width: 28}, {Key: "theme", Title: "Thème", Width: 22}, {Key: "url", Title: "Adresse", Width: 44},
			{Key: "wording", Title: "Mots", Width: 12}, {Key: "official", Title: "Ligne officielle", Width: 44},
		}}
	answers := slices.ContainsFunc(records, func(r *content.Record) bool { return r.Kind == content.KindExigence || r.Kind == content.KindRegle })
	if answers {
		t.Columns = append(t.Columns,
			export.Column{Key: "reponse", Title: "Réponse", Width: 16, Choices: []string{"conforme", "non conforme", "dérogation", "sans objet"}, Answer: true},
			export.Column{Key: "preuve", Title: "Preuve", Width: 30, Answer: true}, export.Column{Key: "commentaire", Title: "Commentaire", Width: 40, Answer: true})
	}
	t.Rows = func(yield func([]string) bool) {
		for _, r := range records {
			f := factsOf(c, r)
			row := []string{r.ID, kindLabel(r.Kind), r.Name, cmp.Or(f.level, f.status), r.Plain(), f.vendor, f.version, f.category, c.ThemeTitle(r.Theme), at.URL(r.URL()), r.Wording(), r.Official.URL}
			if r.Official.Text != "" {
				row[4], row[10] = r.Official.Text, content.WordsOfficial
			}
			if answers {
				row = append(row, "", "", "")
			}
			if !yield(row) {
				return
			}
		}
	}
	return t
}

// facts are a record's properties in words, whatever its kind.
type facts struct{ level, status, vendor, version, category string }

func factsOf(c *content.Catalog, r *content.Record) (f facts) {
	switch {
	case r.Exigence != nil:
		f.level = levelLabel(r.LevelWord())
		f.category = strings.Join(notEmpty(r.Exigence.Category, r.Exigence.Nature), " · ")
	case r.Produit != nil:
		if r.Produit.Status != "" {
			f.status = statusLabel(r.Produit.Status)
		}
		f.vendor, f.version = r.Produit.Vendor, r.Produit.Version
		f.category = strings.Join(notEmpty(withoutCode(r.Produit.Part), withoutCode(r.Produit.Chapter)), " › ")
	case r.Regle != nil:
		if r.Regle.Status != "" {
			f.status = statusLabel(r.Regle.Status)
		}
		f.category = ruleKindLabel(r.Regle.Kind)
	case r.Terme != nil:
		f.category = strings.Join(r.Terme.Aliases, " ; ")
	}
	return f
}

type comparePage struct {
	frame
	Records []chosenLine
	Rows    []compareRow
	Unknown []string
	TooMany bool
	Back    string // address of the selection
}

// compareRow is one property of the records compared.
type compareRow struct {
	Label string
	Cells []string
	Same  bool // all say the same
}

// compare sets two or more records side by side.
func (s *Site) compare(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	ids := keptIDs(r)
	records, unknown, err := chosen(lib, ids)
	if err != nil {
		return err
	}
	c := lib.Catalog()
	p := comparePage{frame: frame{Title: "Comparer", Edition: c.Head().Name}, Unknown: unknown, TooMany: len(records) > maxCompared, Back: selectionURL("/selection", ids)}
	records = records[:min(len(records), maxCompared)]
	var names []string
	for _, record := range records {
		rest := slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return strings.EqualFold(id, record.ID) })
		p.Records = append(p.Records, chosenLine{record, kindLabel(record.Kind), selectionURL("/comparer", rest)})
		names = append(names, record.ID)
	}
	if len(names) > 0 {
		p.Title = "Comparer " + strings.Join(names, ", ")
	}
	for _, row := range []struct {
		label string
		value func(*content.Record) string
	}{
		{"Nature", func(r *content.Record) string { return kindLabel(r.Kind) }},
		{"Intitulé", wholeTitle},
		{"Niveau", func(r *content.Record) string { return factsOf(c, r).level }},
		{"Statut", func(r *content.Record) string { return factsOf(c, r).status }},
		{"Texte", func(r *content.Record) string { return r.Plain() }},
		{"Fournisseur", func(r *content.Record) string { return factsOf(c, r).vendor }},
		{"Version", func(r *content.Record) string { return factsOf(c, r).version }},
		{"Licence", func(r *content.Record) string {
			if r.Produit == nil {
				return ""
			}
			return licenceLabel(r.Produit.Licence)
		}},
		{"Support de logiciel libre", func(r *content.Record) string {
			if r.Produit == nil {
				return ""
			}
			return cmp.Or(r.Produit.Supported, unknownLabel)
		}},
		{"Catégorie ou chapitre", func(r *content.Record) string { return factsOf(c, r).category }},
		{"Thème", func(r *content.Record) string { return c.ThemeTitle(r.Theme) }},
	} {
		line := compareRow{Label: row.label}
		for _, record := range records {
			line.Cells = append(line.Cells, row.value(record))
		}
		if strings.Join(line.Cells, "") == "" {
			continue
		}
		line.Same = len(slices.Compact(slices.Clone(line.Cells))) == 1
		p.Rows = append(p.Rows, line)
	}
	return s.render(w, http.StatusOK, "comparer", p)
}
