package content

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// Kind is what a record is. It is also the `type` of a search hit, which knows
// one more: the text of a heading.
type Kind string

const (
	KindSection  Kind = "section"
	KindExigence Kind = "exigence"
	KindProduit  Kind = "produit"
	KindTerme    Kind = "terme"
	KindRegle    Kind = "regle"
	KindNorme    Kind = "norme"
	KindLigne    Kind = "ligne" // a row of any other table
)

// Kinds lists them all, in the order in which facets and menus show them.
func Kinds() []Kind {
	return []Kind{KindExigence, KindProduit, KindRegle, KindTerme, KindNorme, KindSection, KindLigne}
}

// Level is how binding an exigence is; "" where the source gives none.
type Level string

const (
	Bloquant   Level = "bloquant"
	Primordial Level = "primordial"
	Important  Level = "important"
	NoLevel    Level = ""
)

// Levels lists them from the most binding, without the missing one.
func Levels() []Level { return []Level{Bloquant, Primordial, Important} }

// Rank is 0 for the most binding level, the highest for none.
func (l Level) Rank() int {
	if i := slices.Index(Levels(), l); i >= 0 {
		return i
	}
	return len(Levels())
}

// Unstated is how filters name exigences without a level.
const Unstated = "non-precise"

// NamedLevel is a framework's own word for a level, and what it amounts to: NoLevel
// where the CCT has no such word.
type NamedLevel struct {
	Name  string `json:"name"`
	Level Level  `json:"level"`
}

// Record is one thing that a reader can be bound by or look up: a table's row,
// or a numbered rule under a heading. Its ID is unique within its kind. Just
// one of the kind's own parts is set; norme and ligne have Cells alone.
type Record struct {
	Kind      Kind      `json:"kind"`
	ID        string    `json:"id"`                  // "EX33", "AT-1368", "2.2.1"; made from its place where the source gives none
	Title     string    `json:"title"`               // what a list shows: "EX33 — Sauvegarde de référence…"
	Name      string    `json:"name"`                // the title without the id
	Label     string    `json:"label"`               // the row's id or first cell as the source writes it; a hit's heading
	Theme     string    `json:"theme"`               // of its page
	PageID    string    `json:"page"`                // the page that holds it
	Anchor    string    `json:"anchor"`              // its element's id in that page's HTML
	Path      []string  `json:"path"`                // headings that enclose it, outermost first, from the page's title on
	Text      string    `json:"text"`                // plain text: the statement, definition or comment; the cells of another row
	HTML      string    `json:"html"`                // the same, sanitised
	Note      string    `json:"note,omitempty"`      // what editors remark on it: in HTML too; not in Text, or at its end, see Plain
	Addresses []Address `json:"addresses,omitempty"` // of Text
	Line      int       `json:"line"`                // of the source file, from 1
	Cells     []Cell    `json:"cells"`               // header and plain text of every column, for every row of a table

	Restated bool     `json:"restated,omitempty"` // the words are ours, not the framework's
	Official Official `json:"official,omitzero"`

	Exigence *Exigence `json:"exigence,omitempty"`
	Produit  *Produit  `json:"produit,omitempty"`
	Terme    *Terme    `json:"terme,omitempty"`
	Regle    *Regle    `json:"regle,omitempty"`

	Links     []Ref `json:"links"`
	Backlinks []Ref `json:"backlinks"`
}

// Official is the framework's own row for a record, of which a restated one tells the
// content. The zero value is a record that has none.
type Official struct {
	Text   string `json:"text"`   // its words; "" when only its place is known
	Source string `json:"source"` // the file's path, relative to the official content folder
	Line   int    `json:"line"`   // from 1
	URL    string `json:"url"`    // the row in the public repository, at the edition's commit
}

// What words are, as everything that leaves the site says.
const (
	WordsRestated = "reformulé" // ours
	WordsOfficial = "officiel"  // the framework's
)

// Wording says whose words the text is: ours, the framework's, or "" for content that
// has nothing to do with the framework.
func (r *Record) Wording() string { return wording(r.Restated, r.Official) }

func wording(restated bool, o Official) string {
	switch {
	case restated:
		return WordsRestated
	case o.URL != "":
		return WordsOfficial
	}
	return ""
}

// Cell is one cell of a row.
type Cell struct {
	Header string `json:"header"` // "" where the table has none
	Text   string `json:"text"`
}

// Exigence is what a requirement has beyond its text.
type Exigence struct {
	Level    Level  `json:"level"`
	RawLevel string `json:"raw_level"`           // as the source writes it: "**P**"
	OwnLevel string `json:"own_level,omitempty"` // the framework's own word, as Edition.Levels spells it; "" where that is the CCT's
	Category string `json:"category"`
	Nature   string `json:"nature"`
	Replaces string `json:"replaces"` // ids of other editions, as the source writes them
}

// Produit is a referenced product.
type Produit struct {
	Name      string `json:"name"`
	Vendor    string `json:"vendor"`
	Version   string `json:"version"`
	Status    string `json:"status"`    // R, A, M, O
	Supported string `json:"supported"` // Oui, Non, ""
	Licence   string `json:"licence"`   // open, nonopen
	Change    string `json:"change"`    // inc, new, maj
	Part      string `json:"part"`      // "Partie 5 : Poste de travail…", or as the source titles it
	PartCode  string `json:"part_code"` // the part's two letters: "PT"
	Chapter   string `json:"chapter"`
	Comment   string `json:"comment"`
}

// Terme is an entry of the glossary.
type Terme struct {
	Term       string   `json:"term"`
	Definition string   `json:"definition"`
	Aliases    []string `json:"aliases"` // expansions, other spellings
}

// Regle is a rule of the architecture documents or of the API doctrine.
type Regle struct {
	Status string `json:"status"` // RG, rc, ""
	Kind   string `json:"kind"`   // regle, regle-api, principe-api
}

// URL is the record's site-relative address, its id escaped: a page of its own for
// the kinds that have one, else the row on its page.
func (r *Record) URL() string {
	switch r.Kind {
	case KindExigence:
		return "/exigences/" + url.PathEscape(r.ID)
	case KindProduit:
		return "/produits/" + url.PathEscape(r.ID)
	case KindRegle:
		return "/regles/" + url.PathEscape(r.ID)
	case KindTerme:
		return "/glossaire#" + r.ID
	}
	return r.PageURL()
}

// PageURL is the address of the row on the page that holds it.
func (r *Record) PageURL() string { return "/pages/" + r.PageID + "#" + r.Anchor }

// Level is the record's level, "" for what has none.
func (r *Record) Level() Level {
	if r.Exigence == nil {
		return NoLevel
	}
	return r.Exigence.Level
}

// OwnLevel is the level in the framework's own word, "" where that is the CCT's.
func (r *Record) OwnLevel() string {
	if r.Exigence == nil {
		return ""
	}
	return r.Exigence.OwnLevel
}

// LevelWord is the level as the record's framework calls it: in its own word, else in
// the CCT's; "" for what has none.
func (r *Record) LevelWord() string { return cmp.Or(r.OwnLevel(), string(r.Level())) }

// HasLevel says whether a filter by level keeps the record: asked is the framework's
// own word or the CCT's, whatever its case, or Unstated.
func (r *Record) HasLevel(asked string) bool {
	word := r.LevelWord()
	if word == "" {
		return asked == Unstated
	}
	return strings.EqualFold(asked, word) || strings.EqualFold(asked, string(r.Level()))
}
