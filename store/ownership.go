package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// A store bears our mark twice, and either tells that it is ours, so that one
// that was cut, grown or overwritten is still known: at its end the trailer's magic,
// and in its first page, where bbolt leaves all free after its meta (80 bytes of
// page 0, see bbolt's internal/common/meta.go), the same magic at headMarkAt.
const (
	headMarkAt  = 128
	markOfAny   = "cct-magasin-" // the magic without its version
	longestHead = 512
)

// emptyHead is how every store begins: bbolt's header of page 0, then its magic
// and its version, little-endian. A file cut within that holds nothing.
var emptyHead = []byte{0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0xed, 0xda, 0x0c, 0xed, 2, 0, 0, 0}

// ForeignError says that a path holds something that is not ours to replace.
type ForeignError struct {
	Path  string
	Looks string // what it looks like, in French, with its article
	file  bool   // a regular file, which --force may replace
}

func (e *ForeignError) Error() string {
	what := fmt.Sprintf("%s est %s, pas une base de cct : rien n’y est touché ; indiquez un autre fichier par --store", e.Path, e.Looks)
	if e.file {
		what += ", ou ajoutez --force pour le remplacer"
	}
	return what
}

// Claim says whether a store may be written at path, which somebody chose, and
// gives the file to open in its place: the target, where path is a link. It may
// where nothing is, in an empty file, in a store of ours whatever has befallen it,
// and, with force, in any regular file. Else its error is a *ForeignError, and
// what is there was neither written nor, unless it is a regular file, opened.
func Claim(path string, force bool) (target string, err error) {
	target, err = followLinks(path)
	if err != nil {
		return "", err
	}
	st, err := os.Lstat(target)
	if err != nil {
		return target, nil // absent, or out of reach: opening it will tell
	}
	if !st.Mode().IsRegular() {
		return "", &ForeignError{Path: path, Looks: kindOf(st.Mode())}
	}
	if force || st.Size() == 0 {
		return target, nil
	}
	f, err := os.OpenFile(target, os.O_RDONLY|notFollowed, 0)
	if err != nil {
		return "", &ForeignError{path, "un fichier qui ne peut pas être lu (" + Reason(err) + ")", true}
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, longestHead))
	if err != nil {
		return "", &ForeignError{path, "un fichier qui ne peut pas être lu (" + Reason(err) + ")", true}
	}
	end := make([]byte, min(st.Size(), int64(trailerSize)))
	if _, err := f.ReadAt(end, st.Size()-int64(len(end))); err != nil && !errors.Is(err, io.EOF) {
		return "", &ForeignError{path, "un fichier qui ne peut pas être lu (" + Reason(err) + ")", true}
	}
	if marked(head, end) {
		return target, nil
	}
	return "", &ForeignError{path, looksLike(f, st.Size(), head), true}
}

// marked says whether a file with this head and this end is a store of ours.
func marked(head, end []byte) bool {
	if len(head) >= headMarkAt && bytes.HasPrefix(head[headMarkAt:], []byte(markOfAny)) || bytes.HasPrefix(end, []byte(markOfAny)) {
		return true
	}
	return len(head) < headMarkAt+len(markOfAny) && bytes.HasPrefix(head, emptyHead[:min(len(head), len(emptyHead))])
}

// mark writes ours in the first page of a store that bbolt has closed.
func mark(f *os.File) error {
	_, err := f.WriteAt([]byte(trailerMagic), headMarkAt)
	return err
}

// maxLinks is how many links may lead to one another, as on Linux.
const maxLinks = 40

// followLinks gives what a chain of symbolic links leads to, be it there or not.
func followLinks(path string) (string, error) {
	for range maxLinks {
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil // no link
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", fmt.Errorf("%s : trop de liens se suivent ; indiquez le fichier lui-même par --store", path)
}

func kindOf(m fs.FileMode) string {
	switch {
	case m.IsDir():
		return "un dossier"
	case m&fs.ModeNamedPipe != 0:
		return "un tube nommé (FIFO)"
	case m&fs.ModeSocket != 0:
		return "une socket"
	case m&fs.ModeDevice != 0:
		return "un périphérique"
	}
	return "un fichier spécial"
}

// signatures are the first bytes by which the kinds of files are known that
// people keep, and that a slip of the keyboard must not cost them.
var signatures = []struct {
	at    int
	bytes string
	looks string
}{
	{0, "SQLite format 3\x00", "une base SQLite"},
	{0, "\x03\xd9\xa2\x9a", "une base de mots de passe KeePass"},
	{0, "!BDN", "une boîte aux lettres Outlook"},
	{4, "Standard Jet DB", "une base Access"},
	{4, "Standard ACE DB", "une base Access"},
	{0, "-----BEGIN ", "un certificat ou une clé (PEM)"},
	{0, "\x30\x82", "un certificat ou une clé (DER)"},
	{0, "\xfe\xed\xfe\xed", "un magasin de clés Java"},
	{0, "PK\x03\x04", "une archive ZIP ou un document bureautique"},
	{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "un document Office"},
	{0, "7z\xbc\xaf\x27\x1c", "une archive 7-Zip"},
	{0, "\xfd7zXZ\x00", "une archive xz"},
	{0, "\x28\xb5\x2f\xfd", "une archive zstd"},
	{257, "ustar", "une archive tar"},
	{0, "MZ", "un programme Windows"},
	{0, "\x7fELF", "un programme"},
	{0, "QFI\xfb", "une image de disque (qcow2)"},
	{0, "KDMV", "une image de disque (VMDK)"},
	{0, "conectix", "une image de disque (VHD)"},
	{0, "vhdxfile", "une image de disque (VHDX)"},
	{64, "\x7f\x10\xda\xbe", "une image de disque (VDI)"},
	{0, "LUKS\xba\xbe", "un volume chiffré (LUKS)"},
	{510, "\x55\xaa", "une image de disque"},
	{16, "\xed\xda\x0c\xed", "une base bbolt d’un autre programme"},
}

// looksLike names in French what a regular file looks like by its first bytes.
func looksLike(f io.ReaderAt, size int64, head []byte) string {
	for _, s := range signatures {
		if len(head) > s.at && bytes.HasPrefix(head[s.at:], []byte(s.bytes)) {
			return s.looks
		}
	}
	for at, signature := range map[int64]string{32769: "CD001", 1080: "\x53\xef"} { // ISO 9660; ext2 to ext4
		b := make([]byte, len(signature))
		if n, err := f.ReadAt(b, at); n == len(b) && err == nil && string(b) == signature {
			return "une image de disque"
		}
	}
	switch kind := http.DetectContentType(head); {
	case kind == "application/pdf":
		return "un document PDF"
	case strings.HasPrefix(kind, "image/"):
		return "une image"
	case strings.HasPrefix(kind, "audio/"), strings.HasPrefix(kind, "video/"):
		return "un son ou une vidéo"
	case strings.HasPrefix(kind, "text/"):
		return "un fichier de texte"
	case kind != "application/octet-stream":
		return "un fichier de type " + kind
	}
	return fmt.Sprintf("un fichier de %d octets d’un autre programme", size)
}
