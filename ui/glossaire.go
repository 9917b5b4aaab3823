package ui

import (
	"cmp"
	"net/http"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/gorilla/mux"
	"golang.org/x/text/unicode/norm"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
)

type glossairePage struct {
	frame
	*list
	Letters []letter           // with the anchor of the first term of each
	Pages   []content.PageHead // that the terms come from
}

// letter is the terms that begin by one; Name is "#" for digits and signs.
type letter struct {
	Name, Anchor string
	Terms        []*content.Record
}

// termesPerPage is more than any edition holds: a glossary is read on one page.
const termesPerPage = 5000

func termeColumns() []column {
	return []column{{"nom", "Terme", func(r *content.Record) string { return r.Name }}}
}

func (s *Site) glossaire(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	c := lib.Catalog()
	l, err := readList(r, lib, content.KindTerme, "/glossaire", nil, termeColumns(), termesPerPage)
	if err != nil {
		return err
	}
	if done, err := s.asFile(w, r, lib, l.matching, "termes"); done || err != nil {
		return err
	}
	p := glossairePage{frame: frame{Title: "Glossaire : " + count(l.Total, "terme", "termes"), Menu: "/glossaire", Edition: c.Head().Name, Robots: len(l.Chips) == 0}, list: l}
	if l.Text == "" || l.Sorted != "" {
		p.Letters = byLetter(l.Records)
		if l.down {
			slices.Reverse(p.Letters)
			for i := range p.Letters {
				slices.Reverse(p.Letters[i].Terms)
			}
		}
	} else if len(l.Records) > 0 {
		p.Letters = []letter{{Terms: l.Records}}
	}
	seen := map[string]bool{}
	for _, t := range l.Records {
		if !seen[t.PageID] {
			seen[t.PageID] = true
			head, err := pageHead(c, t.PageID)
			if err != nil {
				return err
			}
			if head != nil {
				p.Pages = append(p.Pages, *head)
			}
		}
	}
	return s.render(w, http.StatusOK, "glossaire", p)
}

// byLetter orders terms as a French dictionary does, under their first letter
// without its accent.
func byLetter(terms []*content.Record) (letters []letter) {
	sorted := slices.Clone(terms)
	slices.SortStableFunc(sorted, func(a, b *content.Record) int {
		return cmp.Or(cmp.Compare(initial(a.Name), initial(b.Name)), frenchOrder(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	for _, t := range sorted {
		name := initial(t.Name)
		if n := len(letters); n == 0 || letters[n-1].Name != name {
			anchor := "lettre-" + name
			if name == "#" {
				anchor = "lettre-autre"
			}
			letters = append(letters, letter{Name: name, Anchor: anchor})
		}
		last := &letters[len(letters)-1]
		last.Terms = append(last.Terms, t)
	}
	return letters
}

func initial(s string) string {
	if r, _ := utf8.DecodeRuneInString(norm.NFD.String(s)); unicode.IsLetter(r) {
		return string(unicode.ToUpper(r))
	}
	return "#"
}

// terme leads to the term's place in the glossary, so that /glossaire/mco works
// like the addresses of other records.
func (s *Site) terme(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	record, err := s.record(w, r, lib, content.KindTerme, mux.Vars(r)["id"])
	if record == nil {
		return err
	}
	s.redirect(w, r, record.URL(), http.StatusMovedPermanently)
	return nil
}
