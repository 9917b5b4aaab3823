// Package content holds the nouns of the product: an Edition of the technical
// framework, its pages, their sections, and the records that its tables and
// headings hold (exigences, produits, termes, règles, normes, other rows).
//
// It imports the standard library only, and knows neither Markdown (see
// content/ingest) nor the index (see search). An Edition is what ingest makes
// of a folder; a Catalog is the same edition read back, lazily, from the store.
// Addresses in it are site-relative ("/pages/x#y"); whoever serves under a
// prefix passes them through ui/address.
package content

// State says how much of a page its authors have written.
type State string

const (
	Complete State = "complete" // written
	Stub     State = "stub"     // a title or headings, without text of its own
	Empty    State = "empty"    // nothing at all
)

// Edition is one edition of the framework, as read from a folder of Markdown.
type Edition struct {
	Name      string       // "2025-01", or what the folder's index page says; never empty
	Title     string       // of the whole, for the window's title
	Framework Framework    // whose rules it holds
	Levels    []NamedLevel // its own words for levels, the most binding first: as it declares them, then others that its records bear
	Themes    []Theme      // in the order of the pages
	Pages     []*Page      // in reading order
	Records   []*Record    // of every kind, in reading order
	Synonyms  []Synonym    // the folder's thesaurus, empty when it has none
	Tables    []Table      // tables of data at the folder's root
	Assets    []Asset      // images that pages show
	Aliases   []Alias      // addresses of the source site that must keep working
	Problems  []Problem    // everything found wrong on the way, by file and line
}

// Theme is the document or folder that a page belongs to; the facet "theme".
type Theme struct {
	ID    string // "cloud-native"
	Title string // "Cloud Native"
}

// Page is one Markdown file.
type Page struct {
	ID          string    `json:"id"` // one path segment, stable: from front matter, else from the file's path
	Title       string    `json:"title"`
	Description string    `json:"description"` // of the front matter, else ""
	Source      string    `json:"source"`      // the file's path, relative to the content folder
	Theme       string    `json:"theme"`
	State       State     `json:"state"`
	Words       int       `json:"words"`
	Order       int       `json:"order"`               // rank in reading order, from 0
	Updated     string    `json:"updated"`             // "2025-01-18" when the source gives a date, else ""
	Restates    string    `json:"restates"`            // the source page that it restates, else ""
	Crumbs      []Crumb   `json:"crumbs"`              // from the outermost ancestor to the parent
	Sections    []Section `json:"sections"`            // in reading order; the first may have no heading (the text before it)
	HTML        string    `json:"html"`                // sanitised body, serialised by x/net/html, site-relative addresses
	Text        string    `json:"text"`                // plain text of the whole body
	Addresses   []Address `json:"addresses,omitempty"` // of Text
	Links       []Ref     `json:"links"`               // pages and records that it speaks of
	Backlinks   []Ref     `json:"backlinks"`
	Official    Official  `json:"official,omitzero"` // the page that it restates, or is
}

// Wording says whose words the page's text is, as that of a record does.
func (p *Page) Wording() string { return wording(p.Restates != "", p.Official) }

// URL is the page's site-relative address.
func (p *Page) URL() string { return "/pages/" + p.ID }

// Crumb is one step of a breadcrumb; URL is "" for a folder without a page.
type Crumb struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Section is the text directly under one heading, up to the next heading.
// Rows that are records are not part of it: they are documents of their own.
type Section struct {
	Anchor  string   `json:"anchor"`  // id of the heading in the page's HTML; "" for the text before the first heading
	Heading string   `json:"heading"` // as the source writes it; the page's title where Anchor is ""
	Level   int      `json:"level"`   // 1 to 6; 0 where Anchor is ""
	Path    []string `json:"path"`    // headings that enclose it, outermost first, from the page's title on
	Text    string   `json:"text"`    // plain text, without the heading
	Line    int      `json:"line"`    // of the source file, from 1
	Record  string   `json:"record"`  // id of the règle that this section is, else ""; search holds the record alone
}

// Ref points at a page or a record.
type Ref struct {
	Kind  Kind   `json:"kind"` // KindSection for a page
	ID    string `json:"id"`
	Title string `json:"title"`
	URL   string `json:"url"`
}

// Synonym is one group of the thesaurus: words and phrases that users type for
// the same thing.
type Synonym struct {
	Terms  []SynonymTerm `json:"terms"`
	OneWay bool          `json:"one_way"` // the first term leads to the others, not back
	// SeeAlso marks a one-way group whose others are near the first term, not the
	// same thing: they count less, and nothing is reached through them.
	SeeAlso bool `json:"see_also,omitempty"`
}

// SynonymTerm is one spelling in a group.
type SynonymTerm struct {
	Text     string `json:"text"`
	Capitals bool   `json:"capitals"` // an acronym that is also a word: expanded only when typed in capitals
}

// Table is a table of data that stands beside the pages: filiation.csv.
type Table struct {
	Name string
	Data []byte // as the folder has it
}

// Asset is a file that pages show, served under /fichiers/{Name}.
type Asset struct {
	Name string `json:"name"` // content hash and extension: "3f9a….png"
	Type string `json:"type"` // media type
	Data []byte `json:"data"`
}

// Alias is an address of the source site ("/fr/1-chapeau/x-glossaire/", or with
// "#anchor") and where the same thing stands here.
type Alias struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Problem is a fault of the content, for its editors. None of them stops the
// reading of an edition.
type Problem struct {
	File string `json:"file"` // relative to the content folder
	Line int    `json:"line"` // from 1; 0 when it concerns the whole file
	Code string `json:"code"` // "lien-casse", "identifiant-double", …: see content/ingest
	What string `json:"what"` // in French, what is wrong and what to do
}
