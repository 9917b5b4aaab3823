//go:build unix

package middleware

import (
	"net"

	"golang.org/x/sys/unix"
)

// waiting says whether the system holds a connection that was not accepted yet.
func waiting(l *net.TCPListener) bool {
	raw, err := l.SyscallConn()
	if err != nil {
		return false
	}
	n := 0
	err = raw.Control(func(fd uintptr) {
		n, _ = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}, 0) // an error: as if none were
	})
	return err == nil && n > 0
}
