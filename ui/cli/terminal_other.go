//go:build !windows

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// colours says whether the terminal understands escape sequences.
func colours(*os.File) bool { return true }

func goneOnWindows(error) bool { return false }

// PrepareConsole keeps a reader who left (« cct search x | head ») from ending
// the program by a signal: it sees the failed write instead. The signal is taken
// and not ignored, since programs that we start would inherit that.
func PrepareConsole() (restore func()) {
	taken := make(chan os.Signal, 1)
	signal.Notify(taken, syscall.SIGPIPE)
	return func() { signal.Stop(taken) }
}
