package cli

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// hugePage is the size that transparent huge pages have on all machines we build
// for; where it is another, the advice is taken for the part that fits.
const hugePage = 2 << 20

// hugePages has the heap grow by size bytes, to be filled in huge pages. It says
// whether the system took the advice.
func hugePages(size int) bool {
	room := make([]byte, size)
	from := -uintptr(unsafe.Pointer(unsafe.SliceData(room))) % hugePage // up to the next boundary
	if from >= uintptr(size) {
		return false
	}
	return unix.Madvise(room[from:uintptr(size)-(uintptr(size)-from)%hugePage], unix.MADV_HUGEPAGE) == nil
}
