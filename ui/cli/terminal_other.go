//go:build !windows

package cli

import "os"

// colours says whether the terminal understands escape sequences.
func colours(*os.File) bool { return true }

func goneOnWindows(error) bool { return false }

// PrepareConsole readies the console for UTF-8; other systems need nothing.
func PrepareConsole() (restore func()) { return func() {} }
