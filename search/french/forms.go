package french

import (
	"bytes"
	_ "embed"
	"fmt"
	"sync"

	"github.com/bits-and-blooms/bloom/v3"
)

//go:generate go run makeforms.go node_modules/an-array-of-french-words/index.json

//go:embed data/forms.bloom
var formsFile []byte

// forms are the folded forms of French, as a Bloom filter: half a megabyte where a
// map takes twenty. One word in three hundred that is no form is taken for one.
var forms = sync.OnceValue(func() *bloom.BloomFilter {
	f := &bloom.BloomFilter{}
	if _, err := f.ReadFrom(bytes.NewReader(formsFile)); err != nil {
		panic(fmt.Errorf("data/forms.bloom: %w", err)) // the file is part of the program
	}
	return f
})

// IsForm says whether a folded word is a form of a French word: a plural, a
// feminine and every form of a verb included. The list is one of French in general
// (see data/forms.md): names and English words are not in it. It is wrong on one
// word in three hundred that is no form.
func IsForm(word string) bool { return forms().TestString(word) }
