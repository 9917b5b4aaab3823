// Package cli is the command line: one file per command.
package cli

import (
	"context"
	"io"
)

// Env is the process as a command sees it, so that a test starts the very same program.
type Env struct {
	Args           []string // without the program's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string
}

// Run runs one command and gives the exit code.
func Run(ctx context.Context, env Env) int { return 3 }
