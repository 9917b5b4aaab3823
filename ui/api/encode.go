package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
)

// Encode writes a wire value as every answer is written: one line, HTML not
// escaped (the media type and nosniff keep browsers from reading it as HTML).
func Encode(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("écrire la réponse en JSON : %w", err)
	}
	return b.Bytes(), nil
}

// encodeIndented writes what people read too.
func encodeIndented(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, fmt.Errorf("écrire la réponse en JSON : %w", err)
	}
	return b.Bytes(), nil
}

// SearchJSON is the answer to a search as the API gives it; base is the path
// that the site is served under ("/" or "/cct").
func SearchJSON(a *search.Answer, at address.Site) ([]byte, error) {
	return Encode(searchAnswer(a, at))
}

// RecordJSON is one record by its exact id; content.ErrNotFound when there is
// none. KindSection names a page.
func RecordJSON(c *content.Catalog, kind content.Kind, id string, at address.Site) ([]byte, error) {
	v, err := one(c, kind, id, at)
	if err != nil {
		return nil, err
	}
	return Encode(v)
}

func searchAnswer(a *search.Answer, at address.Site) *SearchAnswer {
	w := &SearchAnswer{
		Query: a.Query, Total: a.Total, Limit: a.Limit, Offset: a.Offset, TookMS: round(a.TookMS, 3), Edition: a.Edition, Confident: a.Confident,
		Corrected: orNull(a.Corrected), Unknown: some(a.Unknown), Relaxed: some(a.Relaxed), Expanded: make([]Expansion, 0, len(a.Expanded)), Suggestions: some(a.Suggestions),
		Direct: orNull(at.URL(a.Direct)),
		Facets: Facets{facet(a.Facets.Type), facet(a.Facets.Theme), facet(a.Facets.Level), facet(a.Facets.OwnLevel)},
		Hits:   make([]Hit, 0, len(a.Hits)),
	}
	for _, e := range a.Expanded {
		w.Expanded = append(w.Expanded, Expansion{e.Term, some(e.With)})
	}
	for _, h := range a.Hits {
		hit := Hit{
			ID: h.ID, Type: string(h.Type), Title: h.Title, URL: at.URL(h.URL), Heading: h.Heading, Path: some(h.Path),
			Page:  PageRef{h.Page.ID, h.Page.Title, at.URL(h.Page.URL), h.Page.Source},
			Theme: h.Theme, Level: h.Level, RawLevel: h.OwnLevel, Status: h.Status, Snippet: h.Snippet, Score: round(h.Score, 4),
		}
		for _, r := range h.Why {
			hit.Why = append(hit.Why, Reason{r.What, round(r.Points, 4)})
		}
		w.Hits = append(w.Hits, hit)
	}
	return w
}

func suggestAnswer(query, edition string, list []search.Suggestion, at address.Site) *SuggestAnswer {
	w := &SuggestAnswer{Query: query, Edition: edition, Total: len(list), Suggestions: make([]Suggestion, 0, len(list))}
	for _, s := range list {
		w.Suggestions = append(w.Suggestions, Suggestion{s.Text, string(s.Type), s.ID, at.URL(s.URL), s.Note})
	}
	return w
}

func facet(values []search.FacetValue) []FacetValue {
	out := make([]FacetValue, 0, len(values))
	for _, v := range values {
		out = append(out, FacetValue(v))
	}
	return out
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// some makes an absent list an empty one.
func some(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

func round(f float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(f*p) / p
}
