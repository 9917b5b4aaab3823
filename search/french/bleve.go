package french

import (
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/registry"
)

// Names under which the analysis is registered with Bleve.
const (
	TokenizerName = "cct_fr"       // words folded, elisions cut, compounds whole and in parts
	StopName      = "cct_fr_stop"  // drops what carries no subject
	StemmerName   = "cct_fr_stem"  // reduces terms to stems
	AnalyzerName  = "cct_fr"       // all of these: words of a family meet
	ExactName     = "cct_fr_exact" // the tokenizer alone: every word as typed, but for accents and case
)

// Types of Bleve's tokens, beyond its own: what the filters must know of a word.
const (
	joinedType analysis.TokenType = 100 + iota
	partType
)

func init() { // Bleve's way of making an analyzer known by name
	for _, err := range []error{
		registry.RegisterTokenizer(TokenizerName, func(map[string]any, *registry.Cache) (analysis.Tokenizer, error) { return tokens{}, nil }),
		registry.RegisterTokenFilter(StopName, func(map[string]any, *registry.Cache) (analysis.TokenFilter, error) { return stopFilter{}, nil }),
		registry.RegisterTokenFilter(StemmerName, func(map[string]any, *registry.Cache) (analysis.TokenFilter, error) { return &stemFilter{}, nil }),
		registry.RegisterAnalyzer(AnalyzerName, analyzerOf(StopName, StemmerName)),
		registry.RegisterAnalyzer(ExactName, analyzerOf()),
	} {
		if err != nil {
			panic(err) // a name is taken: the program is built wrong
		}
	}
}

func analyzerOf(filters ...string) registry.AnalyzerConstructor {
	return func(_ map[string]any, cache *registry.Cache) (analysis.Analyzer, error) {
		tokenizer, err := cache.TokenizerNamed(TokenizerName)
		if err != nil {
			return nil, err
		}
		a := &analysis.DefaultAnalyzer{Tokenizer: tokenizer}
		for _, name := range filters {
			filter, err := cache.TokenFilterNamed(name)
			if err != nil {
				return nil, err
			}
			a.TokenFilters = append(a.TokenFilters, filter)
		}
		return a, nil
	}
}

type tokens struct{}

// Tokenize gives the tokens of a text; acronyms in capitals are marked as keywords.
func (tokens) Tokenize(text []byte) (stream analysis.TokenStream) {
	// Bleve analyses in goroutines of its own, where a panic would end the program.
	defer func() {
		if recover() != nil {
			stream = nil
		}
	}()
	list := Tokenize(string(text))
	stream = make(analysis.TokenStream, len(list))
	all := make([]analysis.Token, len(list)) // a text has thousands of words: two pieces of memory for all
	terms := make([]byte, 0, len(text)+len(text)/2)
	for i, t := range list {
		stream[i] = &all[i]
		from := len(terms)
		terms = append(terms, t.Term...)
		*stream[i] = analysis.Token{
			Term: terms[from:len(terms):len(terms)], Start: t.Start, End: t.End, Position: t.Position, KeyWord: t.Capitals,
		}
		switch {
		case t.Joined:
			stream[i].Type = joinedType
		case t.Part:
			stream[i].Type = partType
		}
	}
	return stream
}

type stopFilter struct{}

func (stopFilter) Filter(in analysis.TokenStream) analysis.TokenStream {
	out := in[:0]
	for _, t := range in {
		token := Token{Term: string(t.Term), Capitals: t.KeyWord, Joined: t.Type == joinedType, Part: t.Type == partType}
		if !token.IsStop() {
			out = append(out, t)
		}
	}
	return out
}

type stemFilter struct{ stemmer Stemmer }

func (f *stemFilter) Filter(in analysis.TokenStream) analysis.TokenStream {
	for _, t := range in {
		t.Term = append(t.Term[:0], f.stemmer.Stem(string(t.Term))...)
	}
	return in
}
