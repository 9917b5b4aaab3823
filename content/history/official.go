package history

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/cct-mi/cct/content"
)

// The tables of official places, at the root of a content folder.
const (
	PublishedFile = "editions-publiees.csv"  // where each edition is published
	PlacesFile    = "lignes-officielles.csv" // where the row that each record restates stands
)

// Publication is where an edition's own words can be read by all.
type Publication struct {
	Repository string // https://github.com/dnum-mi/cct-mi
	Commit     string
	Path       string // of the content folder, or of the one file
}

// URL is the address of a line of one of the edition's files, at its commit; source
// is relative to the content folder, and line 0 leads to the file.
func (p Publication) URL(source string, line int) string {
	if p.Repository == "" {
		return ""
	}
	path := p.Path
	if !strings.HasSuffix(path, ".md") {
		path += "/" + source
	}
	parts := strings.Split(path, "/")
	for i := range parts {
		parts[i] = url.PathEscape(parts[i])
	}
	to := p.Repository + "/blob/" + p.Commit + "/" + strings.Join(parts, "/")
	if line > 0 {
		to += fmt.Sprintf("?plain=1#L%d", line)
	}
	return to
}

// Published gives each published edition's place, by its name.
type Published map[string]Publication

// Places gives the line of a record's official row, by kind and id, in the first file
// that its page restates.
type Places map[content.Kind]map[string]int

// table reads a table of the content: semicolons, a header, remarks after #.
func table(file string, data []byte, header []string, row func(cells []string) string) (problems []content.Problem) {
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff"))))
	r.Comma, r.Comment, r.FieldsPerRecord = ';', '#', len(header)
	for n := 0; ; n++ {
		cells, err := r.Read()
		if err == io.EOF {
			return problems
		}
		line := 0
		if err == nil {
			line, _ = r.FieldPos(0)
		}
		what := ""
		switch {
		case err != nil:
			what = fmt.Sprintf("la table ne se lit pas (%v)", err)
		case n > 0:
			what = row(cells)
		case !slices.Equal(cells, header):
			what = "la première ligne doit être « " + strings.Join(header, ";") + " »"
			err = io.ErrUnexpectedEOF
		}
		if what != "" {
			problems = append(problems, content.Problem{File: file, Line: line, Code: "table-illisible", What: what})
		}
		if err != nil {
			return problems
		}
	}
}

// ParsePublished reads the table of published editions.
func ParsePublished(file string, data []byte) (Published, []content.Problem) {
	out := Published{}
	return out, table(file, data, []string{"edition", "repository", "commit", "path"}, func(c []string) string {
		if !strings.HasPrefix(c[1], "https://") || c[0] == "" || c[2] == "" {
			return "la ligne doit donner une édition, l’adresse https d’un dépôt et un commit"
		}
		out[c[0]] = Publication{Repository: strings.TrimSuffix(c[1], "/"), Commit: c[2], Path: strings.Trim(c[3], "/")}
		return ""
	})
}

// ParsePlaces reads the table of official rows.
func ParsePlaces(file string, data []byte) (Places, []content.Problem) {
	out := Places{}
	return out, table(file, data, []string{"kind", "id", "line"}, func(c []string) string {
		line, err := strconv.Atoi(c[2])
		if err != nil || line < 1 || c[1] == "" {
			return "la ligne doit donner un identifiant et un numéro de ligne"
		}
		kind := content.Kind(c[0])
		if out[kind] == nil {
			out[kind] = map[string]int{}
		}
		out[kind][c[1]] = line
		return ""
	})
}

// Words gives official words to the records that restate them, and their places.
type Words struct {
	edition    string
	published  Publication
	places     Places
	records    map[content.Kind]map[string]*content.Record // of the official folder; nil without it
	pages      map[string]string                           // source of a page, by its id
	unnumbered map[string]*content.Record                  // rules without a number, by source and rank: "….md-regle-1"
	matched    map[*content.Record]bool                    // of both sides
}

// NewWords prepares the official words for an edition. official is the ministry's
// folder as read, nil when nobody gave one.
func NewWords(t *Tables, edition string, official *content.Edition) *Words {
	w := &Words{edition: edition, published: t.Published[edition], places: t.Official, matched: map[*content.Record]bool{}}
	if official == nil {
		return w
	}
	w.records, w.pages, w.unnumbered = map[content.Kind]map[string]*content.Record{}, map[string]string{}, map[string]*content.Record{}
	for _, p := range official.Pages {
		w.pages[p.ID] = p.Source
	}
	for _, r := range official.Records {
		if w.records[r.Kind] == nil {
			w.records[r.Kind] = map[string]*content.Record{}
		}
		w.records[r.Kind][r.ID] = r
		if end := numbered().FindString(r.ID); end != "" {
			w.unnumbered[w.pages[r.PageID]+end] = r
		}
	}
	return w
}

// GiveAll sets it for a whole edition.
func (w *Words) GiveAll(ed *content.Edition) {
	records := ed.Records
	for _, p := range ed.Pages { // records stand in the order of their pages
		n := 0
		for n < len(records) && records[n].PageID == p.ID {
			n++
		}
		w.Give(p, records[:n])
		records = records[n:]
	}
}

// Give sets what is official of a page and its records: it restates the framework, or
// is the framework's own.
func (w *Words) Give(page *content.Page, records []*content.Record) {
	switch {
	case page.Restates != "":
		source, _, _ := strings.Cut(page.Restates, ", ") // the main one of several
		page.Official = content.Official{Source: source, URL: w.published.URL(source, 0)}
		for _, r := range records {
			r.Restated = true
			w.give(r, source)
		}
	case w.own(page):
		page.Official = content.Official{Source: page.Source, URL: w.published.URL(page.Source, 0)}
		for _, r := range records {
			r.Official = content.Official{Text: r.Text, Source: page.Source, Line: r.Line, URL: w.published.URL(page.Source, r.Line)}
		}
	case strings.HasSuffix(w.published.Path, ".md"): // a list is one file among others
		for _, r := range records {
			if strings.HasPrefix(r.ID, "EXI-") {
				r.Official = content.Official{Text: r.Text, Source: page.Source, Line: r.Line, URL: w.published.URL(page.Source, r.Line)}
			}
		}
	}
}

// own says whether a page is one of the files of the ministry's repository, which are
// in folders 1-chapeau to 6-socle-de-securite.
func (w *Words) own(page *content.Page) bool {
	if w.published.Repository == "" || strings.HasSuffix(w.published.Path, ".md") {
		return false
	}
	first, _, _ := strings.Cut(page.Source, "-")
	return len(first) == 1 && first >= "1" && first <= "6" && strings.Contains(page.Source, "/")
}

// numbered is the end of an id that was made from a page's: "echanges-regle-1" is the
// first rule without a number of its page.
var numbered = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`-regle-\d+$`) })

// give finds the official row of a record.
func (w *Words) give(r *content.Record, source string) {
	line := w.places[r.Kind][r.ID]
	if line > 0 {
		r.Official = content.Official{Source: source, Line: line, URL: w.published.URL(source, line)}
	}
	o := w.records[r.Kind][r.ID]
	if end := numbered().FindString(r.ID); o == nil && end != "" {
		o = w.unnumbered[source+end]
	}
	if o == nil {
		return
	}
	w.matched[o], w.matched[r] = true, true
	r.Official.Text = o.Text
	// The table's line is that on which a row of HTML begins, one above the line
	// with its id. Another line is another edition's.
	if from := w.pages[o.PageID]; from != source || o.Line > 0 && o.Line-line != 0 && o.Line-line != 1 {
		r.Official.Source, r.Official.Line, r.Official.URL = from, o.Line, w.published.URL(from, o.Line)
	}
}

// Unmatched lists what of both sides found no counterpart: ours that restate nothing
// of the official folder, and official ones that nothing restates.
func (w *Words) Unmatched(ours, official *content.Edition) (problems []content.Problem) {
	name := map[content.Kind]string{content.KindExigence: "l’exigence", content.KindProduit: "le produit", content.KindRegle: "la règle", content.KindTerme: "le terme"}
	sources := map[string]string{}
	for _, p := range ours.Pages {
		sources[p.ID] = p.Source
	}
	for _, r := range ours.Records {
		if _, known := w.places[r.Kind][r.ID]; !known && len(w.places[r.Kind]) > 0 {
			continue // the table says that ours restates no row, as acronyms of the text
		}
		if name[r.Kind] != "" && r.Restated && !w.matched[r] {
			problems = append(problems, content.Problem{File: sources[r.PageID], Line: r.Line, Code: "officiel-absent", What: fmt.Sprintf("%s « %s » n’a pas de texte officiel dans le dossier de --official", name[r.Kind], r.ID)})
		}
	}
	for _, r := range official.Records {
		if name[r.Kind] != "" && !w.matched[r] {
			problems = append(problems, content.Problem{File: w.pages[r.PageID], Line: r.Line, Code: "officiel-sans-reprise", What: fmt.Sprintf("%s « %s » du dossier officiel n’est reprise par aucune fiche", name[r.Kind], r.ID)})
		}
	}
	return problems
}
