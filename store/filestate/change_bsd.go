//go:build darwin || freebsd

package filestate

import (
	"io/fs"
	"syscall"
	"time"
)

// changeOf is as on Linux.
func changeOf(i fs.FileInfo) (changed time.Time, place uint64, ok bool) {
	st, ok := i.Sys().(*syscall.Stat_t)
	if !ok {
		return time.Time{}, 0, false
	}
	return time.Unix(st.Ctimespec.Unix()), uint64(st.Ino), true
}
