package french

import (
	_ "embed"
	"encoding/binary"
	"sync"

	"github.com/bits-and-blooms/bloom/v3"
)

//go:generate go run makeforms.go node_modules/an-array-of-french-words/index.json

//go:embed data/forms.bloom
var formsFile []byte

// forms are the folded forms of French, as a Bloom filter: half a megabyte where a
// map takes twenty. One word in three hundred that is no form is taken for one.
var forms = sync.OnceValue(func() *bloom.BloomFilter {
	// What BloomFilter.WriteTo writes, big-endian: the filter's two numbers, its length in
	// bits, its bits. Its own ReadFrom takes a fiftieth of a restart.
	bits, hashes := binary.BigEndian.Uint64(formsFile), binary.BigEndian.Uint64(formsFile[8:])
	words := make([]uint64, (len(formsFile)-24)/8)
	for i := range words {
		words[i] = binary.BigEndian.Uint64(formsFile[24+8*i:])
	}
	return bloom.FromWithM(words, uint(bits), uint(hashes))
})

// IsForm says whether a folded word is a form of a French word: a plural, a
// feminine and every form of a verb included. The list is one of French in general
// (see data/forms.md): names and English words are not in it. It is wrong on one
// word in three hundred that is no form.
func IsForm(word string) bool { return forms().TestString(word) }
