package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// Each value bears before it the CRC-32C of its bucket, its key and all that follows,
// little-endian, and a byte that says how it is kept. So whatever is read is proven,
// and at its place.
const (
	plain      = 0 // as it is
	compressed = 1 // by Zstandard
	beforeIt   = 4 + 1
)

// sealed puts the checksum of a value in its first bytes, which were left free.
func sealed(bucket, key string, stored []byte) []byte {
	binary.LittleEndian.PutUint32(stored, sealOf(bucket, key, stored))
	return stored
}

func sealOf(bucket, key string, stored []byte) uint32 {
	crc := crc32.Update(0, castagnoli, []byte(bucket+"\x00"+key+"\x00"))
	return crc32.Update(crc, castagnoli, stored[4:])
}

// worthCompressing is the length from which a value is compressed, if that makes
// it shorter.
const worthCompressing = 128

// maxValue bounds what a value that was compressed may grow to.
const maxValue = 1 << 30

// newEncoder makes what compresses the values of a store: it holds some MiB.
func newEncoder() (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithWindowSize(1<<20), zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false))
}

var decoder = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxMemory(maxValue))
})

// compressing holds memory for values while they are compressed: how long they become
// is known afterwards.
var compressing = sync.Pool{New: func() any { return new([]byte) }}

// encode gives the stored form of a value; without an encoder it is not compressed.
func encode(e *zstd.Encoder, bucket, key string, value []byte) []byte {
	if e != nil && len(value) >= worthCompressing {
		b := compressing.Get().(*[]byte)
		defer compressing.Put(b)
		if *b = e.EncodeAll(value, append((*b)[:0], 0, 0, 0, 0, compressed)); len(*b) < beforeIt+len(value) {
			return sealed(bucket, key, bytes.Clone(*b))
		}
	}
	return sealed(bucket, key, append([]byte{0, 0, 0, 0, plain}, value...))
}

// decode gives a value back. One that was not compressed is where it lies.
func decode(bucket, key string, stored []byte) ([]byte, error) {
	if len(stored) < beforeIt || binary.LittleEndian.Uint32(stored) != sealOf(bucket, key, stored) {
		return nil, fmt.Errorf("%w (une valeur de %s)", ErrDamaged, bucket)
	}
	if stored[4] == plain {
		return stored[beforeIt:], nil
	}
	d, err := decoder()
	if err != nil {
		return nil, err
	}
	b, err := d.DecodeAll(stored[beforeIt:], nil)
	if err != nil {
		return nil, fmt.Errorf("%w (%v)", ErrDamaged, err)
	}
	return b, nil
}
