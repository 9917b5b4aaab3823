//go:build !windows

package store

import "syscall"

// notFollowed opens a path that must be a regular file: a link put there
// meanwhile is not followed, and a FIFO does not keep us waiting.
const notFollowed = syscall.O_NOFOLLOW | syscall.O_NONBLOCK
