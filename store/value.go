package store

import (
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Each value bears a byte before it that says how it is kept.
const (
	plain      = 0 // as it is
	compressed = 1 // by Zstandard
)

// worthCompressing is the length from which a value is compressed, if that makes
// it shorter.
const worthCompressing = 128

// maxValue bounds what a value that was compressed may grow to.
const maxValue = 1 << 30

var encoder = sync.OnceValues(func() (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true))
})

var decoder = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(maxValue))
})

// encode gives the stored form of a value.
func encode(value []byte, compress bool) ([]byte, error) {
	if compress && len(value) >= worthCompressing {
		e, err := encoder()
		if err != nil {
			return nil, err
		}
		if b := e.EncodeAll(value, []byte{compressed}); len(b) <= len(value) {
			return b, nil
		}
	}
	return append([]byte{plain}, value...), nil
}

// decode gives a value back. One that was not compressed is where it lies.
func decode(stored []byte) ([]byte, error) {
	if len(stored) == 0 {
		return nil, fmt.Errorf("%w (une valeur est vide)", ErrDamaged)
	}
	switch stored[0] {
	case plain:
		return stored[1:], nil
	case compressed:
		d, err := decoder()
		if err != nil {
			return nil, err
		}
		b, err := d.DecodeAll(stored[1:], nil)
		if err != nil {
			return nil, fmt.Errorf("%w (%v)", ErrDamaged, err)
		}
		return b, nil
	}
	return nil, fmt.Errorf("%w (une valeur est d’une forme inconnue)", ErrDamaged)
}
