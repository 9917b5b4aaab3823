//go:build !windows

package cli

import (
	"errors"
	"syscall"
)

func ownConsole() bool { return false }

func portTaken(err error) bool { return errors.Is(err, syscall.EADDRINUSE) }
