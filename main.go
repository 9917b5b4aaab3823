// Command cct holds the technical framework of France's interior ministry,
// indexes it when it starts, and serves it as pages, JSON and commands.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/cct-mi/cct/ui/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	env := cli.Env{Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv}
	restore := cli.PrepareConsole()
	code := cli.Run(ctx, env)
	restore()
	stop()
	os.Exit(code)
}
