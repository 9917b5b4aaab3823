package search

import "github.com/cct-mi/cct/content"

// Answer is what a search found: the one type that the pages, the API and the
// terminal show. Slices are never nil.
type Answer struct {
	Query         string
	Total         int // hits after filters
	Limit, Offset int
	TookMS        float64 // in process, in milliseconds
	Edition       string
	Confident     bool     // false when nothing really matches: the hits are only what is nearest
	Corrected     string   // the query used in place of a misspelt one, else ""
	Unknown       []string // words of the query that the edition does not hold, as typed
	Relaxed       []string // what of the query's syntax could not be honoured, in words
	Expanded      []Expansion
	Suggestions   []string // other queries worth trying; each finds something
	Facets        Facets
	Hits          []Hit
	Direct        string // site-relative address of the record that the query names exactly, else ""
}

// Expansion is what a word of the query was widened to.
type Expansion struct {
	Term string
	With []string
}

// Facets counts the hits by value; each group ignores its own filter. Values
// that would give nothing are left out.
type Facets struct {
	Type, Theme, Level []FacetValue
	OwnLevel           []FacetValue // by the framework's own words for levels, in their order; nil for those of the CCT
}

// FacetValue is one value of a facet and how many hits bear it.
type FacetValue struct {
	Value string
	Count int
}

// PageRef is the page that a hit stands on.
type PageRef struct {
	ID, Title, URL, Source string
}

// Hit is one section or record found.
type Hit struct {
	ID       string // a record's id; "<page>#<anchor>" for a section
	Type     content.Kind
	Title    string
	URL      string // site-relative
	Heading  string
	Path     []string
	Page     PageRef
	Theme    string
	Level    string // "" for what has none
	OwnLevel string // the level in the framework's own word, "" where that is the CCT's
	Status   string // of a produit or a règle, else ""
	Snippet  string // HTML-escaped text whose only tag is <mark>
	Score    float64
	Why      []Reason // what matched, when asked
}

// Reason is one part of a hit's score, in words that a reader understands.
type Reason struct {
	What   string  // "« sauvegarde » dans le titre"
	Points float64 // its share of the score
}

// Suggestion is one completion of what is being typed.
type Suggestion struct {
	Text string       // what would be searched or opened
	Type content.Kind // of the record, "section" for a page, "" for a query
	ID   string       // "" for a query
	URL  string       // site-relative; of the record, or of the results page
	Note string       // "Exigence, primordial"
}
