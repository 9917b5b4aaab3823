package cli

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// colours turns escape sequences on, and says whether the console has them.
func colours(f *os.File) bool {
	var mode uint32
	h := windows.Handle(f.Fd())
	if windows.GetConsoleMode(h, &mode) != nil {
		return false
	}
	return windows.SetConsoleMode(h, mode|windows.ENABLE_VIRTUAL_TERMINAL_PROCESSING) == nil
}

// goneOnWindows knows the two ways in which Windows says that nobody reads a pipe.
func goneOnWindows(err error) bool {
	return errors.Is(err, windows.ERROR_BROKEN_PIPE) || errors.Is(err, windows.ERROR_NO_DATA)
}

const utf8CodePage = 65001

// PrepareConsole makes the console read our UTF-8 as such; restore gives it its
// own code page back.
func PrepareConsole() (restore func()) {
	old, err := windows.GetConsoleOutputCP()
	if err != nil || old == utf8CodePage || windows.SetConsoleOutputCP(utf8CodePage) != nil {
		return func() {}
	}
	return func() { _ = windows.SetConsoleOutputCP(old) }
}
