package cli

import (
	"errors"
	"unsafe"

	"golang.org/x/sys/windows"
)

var consoleProcesses = windows.NewLazySystemDLL("kernel32.dll").NewProc("GetConsoleProcessList")

// ownConsole says whether the console was made for this program alone, as a
// double-click does; a program started in a terminal shares the shell's.
func ownConsole() bool {
	var list [2]uint32
	n, _, _ := consoleProcesses.Call(uintptr(unsafe.Pointer(&list[0])), uintptr(len(list)))
	return n == 1
}

// portTaken knows the error of a port in use by its number: its text is in the
// system's language.
func portTaken(err error) bool { return errors.Is(err, windows.WSAEADDRINUSE) }
