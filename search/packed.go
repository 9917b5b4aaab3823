package search

import (
	"encoding/binary"
	"errors"
	"maps"
	"math"
	"slices"
	"sort"
)

// packed is a list of keys with their values, in one value of the store: the store
// takes a microsecond a key, and a few pages each time one is sought. Lists in which a
// key is sought are sorted.
// It is the number of entries, where each key and each value begins and the last
// ends (4 bytes little-endian each), then keys and values one after the other.
type packed []byte

var errPacked = errors.New("trop de texte pour un seul fichier : partagez le contenu entre plusieurs dossiers")

// pack makes the list of what size entries there are; each gives the key and the
// value of an entry.
func pack(size int, each func(i int) (key string, value []byte)) (packed, error) {
	p := binary.LittleEndian.AppendUint32(nil, uint32(size))
	total := 4 * (2 + 2*size)
	for i := range size {
		key, value := each(i)
		total += len(key) + len(value)
	}
	if uint64(total) > math.MaxUint32 {
		return nil, errPacked
	}
	p = slices.Grow(p, total)
	at := uint32(4 * (2 + 2*size))
	for i := range size {
		key, value := each(i)
		p = binary.LittleEndian.AppendUint32(p, at)
		p = binary.LittleEndian.AppendUint32(p, at+uint32(len(key)))
		at += uint32(len(key) + len(value))
	}
	p = binary.LittleEndian.AppendUint32(p, at)
	for i := range size {
		key, value := each(i)
		p = append(append(p, key...), value...)
	}
	return p, nil
}

// packMap does the same for a map.
func packMap(m map[string][]byte) (packed, error) {
	keys := slices.Sorted(maps.Keys(m))
	return pack(len(keys), func(i int) (string, []byte) { return keys[i], m[keys[i]] })
}

// What follows reads the store's map: within its Read alone. A list that makes no
// sense panics there, which Read takes for what it is.

func (p packed) size() int { return int(binary.LittleEndian.Uint32(p)) }

func (p packed) offset(i int) uint32 { return binary.LittleEndian.Uint32(p[4+4*i:]) }

func (p packed) key(i int) []byte { return p[p.offset(2*i):p.offset(2*i+1)] }

// value is the value of the entry i.
func (p packed) value(i int) []byte { return p[p.offset(2*i+1):p.offset(2*i+2)] }

// get is the value of a key; nil when there is none.
func (p packed) get(key string) []byte {
	i := sort.Search(p.size(), func(i int) bool { return string(p.key(i)) >= key })
	if i == p.size() || string(p.key(i)) != key {
		return nil
	}
	return p.value(i)
}
