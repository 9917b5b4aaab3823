package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"syscall"
)

// The trailer is the last trailerSize bytes of a file: the magic, the length of all
// before it and its CRC-32C (Castagnoli), little-endian. bbolt ignores bytes
// after its last page.
const (
	trailerMagic = "cct-magasin-1\n\x00\x00"
	trailerSize  = len(trailerMagic) + 8 + 4
)

// unusable says why a file can't serve; notice is "" when it is simply not there.
type unusable struct{ notice string }

func (u *unusable) Error() string {
	if u.notice == "" {
		return "pas encore de fichier"
	}
	return u.notice
}

// appendTrailer puts our mark in the file's head and the trailer at its end; it gives the checksum
// as a name. Nothing is forced to the disk: should the power fail before the system
// has written it all, the checksum tells, and the store is rebuilt.
func appendTrailer(path string) (sum string, err error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := mark(f); err != nil {
		return "", err
	}
	c, err := checksumOf(f)
	if err != nil {
		return "", err
	}
	b := binary.LittleEndian.AppendUint64([]byte(trailerMagic), uint64(c.Size))
	b = binary.LittleEndian.AppendUint32(b, c.CRC)
	_, err = f.Write(b)
	return c.String(), err
}

// String names the state of a file, in checksumDigits hexadecimal digits.
func (c checksum) String() string { return fmt.Sprintf("%08x%012x", c.CRC, c.Size) }

const checksumDigits = 20

// verify holds the whole file to its trailer, so that nothing but a file that we
// finished is ever mapped. It gives the checksum as a name, and what is proven; its
// error is *unusable.
func verify(path string) (sum string, p *proofs, err error) {
	i, err := os.Stat(path) // first: opening a FIFO would wait for ever
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return "", nil, &unusable{}
	}
	if err != nil {
		return "", nil, &unusable{notice: fmt.Sprintf("ne peut pas être lu (%s)", Reason(err))}
	}
	if !i.Mode().IsRegular() {
		return "", nil, &unusable{notice: "n’est pas un fichier ordinaire"}
	}
	f, err := os.Open(path)
	if err != nil {
		return "", nil, &unusable{notice: fmt.Sprintf("ne peut pas être lu (%s)", Reason(err))}
	}
	defer f.Close()
	if i.Size() <= int64(trailerSize) {
		return "", nil, &unusable{notice: "est vide ou tronqué"}
	}
	body := i.Size() - int64(trailerSize)
	b := make([]byte, trailerSize)
	if _, err := f.ReadAt(b, body); err != nil {
		return "", nil, &unusable{notice: fmt.Sprintf("ne peut pas être lu (%s)", Reason(err))}
	}
	if string(b[:len(trailerMagic)]) != trailerMagic || binary.LittleEndian.Uint64(b[len(trailerMagic):]) != uint64(body) {
		return "", nil, &unusable{notice: "est tronqué, ou n’a pas été écrit par cette version du programme"}
	}
	want := checksum{binary.LittleEndian.Uint32(b[len(trailerMagic)+8:]), body}
	p = proofsOf(path, want.String())
	whole, err := p.proves(f, want)
	if err != nil {
		return "", nil, &unusable{notice: fmt.Sprintf("ne peut pas être lu (%s)", Reason(err))}
	}
	if !whole {
		return "", nil, &unusable{notice: "est abîmé"}
	}
	return want.String(), p, nil
}
