//go:build ignore

// Makeforms writes data/forms.bloom from a JSON list of French words:
//
//	npm install an-array-of-french-words
//	go run makeforms.go node_modules/an-array-of-french-words/index.json
package main

import (
	"encoding/json"
	"log"
	"os"

	"github.com/bits-and-blooms/bloom/v3"
	"github.com/cct-mi/cct/search/french"
)

func main() {
	list, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	var words []string
	if err := json.Unmarshal(list, &words); err != nil {
		log.Fatal(err)
	}
	folded := map[string]bool{}
	for _, w := range words {
		folded[french.Fold(w)] = true
	}
	f := bloom.NewWithEstimates(uint(len(folded)), 1.0/300)
	for w := range folded {
		f.AddString(w)
	}
	out, err := os.Create("data/forms.bloom")
	if err != nil {
		log.Fatal(err)
	}
	if _, err := f.WriteTo(out); err != nil {
		log.Fatal(err)
	}
	if err := out.Close(); err != nil {
		log.Fatal(err)
	}
	log.Printf("%d forms", len(folded))
}
