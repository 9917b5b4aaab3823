package filestate

import (
	"io/fs"
	"syscall"
	"time"
)

// changeOf tells when a file was last changed in any way, its name and rights
// included, and its place on the disk: nobody can set them back.
func changeOf(i fs.FileInfo) (changed time.Time, place uint64, ok bool) {
	st, ok := i.Sys().(*syscall.Stat_t)
	if !ok {
		return time.Time{}, 0, false
	}
	return time.Unix(st.Ctim.Unix()), uint64(st.Ino), true
}
