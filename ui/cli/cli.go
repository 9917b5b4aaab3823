// Package cli is the command line: one file per command. Run is the whole
// program; main only gives it the process.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cct-mi/cct/store"
)

// Env is the process as a command sees it, so that a test starts the very same program.
type Env struct {
	Args           []string // without the program's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Getenv         func(string) string

	endWithin *atomic.Int64 // nanoseconds that a command has to end once ctx is done
}

// Exit codes of every command.
const (
	done     = 0
	nothing  = 1 // nothing found, or faults found
	wrongUse = 2
	failed   = 3
)

// usage is an error of the person at the keyboard: exit code 2.
type usage struct{ what string }

func (u *usage) Error() string { return u.what }

func misuse(format string, args ...any) error { return &usage{fmt.Sprintf(format, args...)} }

// errNothing ends a command that found nothing, or found faults: exit code 1, and
// nothing more to say.
var errNothing = errors.New("rien trouvé")

// command is one of the program's verbs.
type command struct {
	name    string
	args    string              // what follows the flags, for help
	short   string              // one line
	long    string              // a paragraph
	detail  func(screen) string // what else its help says; nil: nothing
	example []string
	flags   func(*config) []setting
	run     func(ctx context.Context, p *program) error
	// complete lists what may follow the command and begins with what is typed;
	// nil: files, or nothing for a command without arguments.
	complete func(ctx context.Context, p *program, typed string) []string
}

// program is one run of a command: what was asked, and where answers go.
type program struct {
	Env
	config
	command *command
	args    []string // after the flags
	started started
}

func commands() []*command {
	return []*command{serveCommand, searchCommand, showCommand, applicableCommand, exportCommand, dossierCommand, checkCommand, citeCommand, diffCommand, mcpCommand, indexCommand, versionCommand, completionCommand(), manCommand(), helpCommand()}
}

func find(name string) *command {
	for _, c := range commands() {
		if c.name == name {
			return c
		}
	}
	return nil
}

// Run runs one command and gives the exit code: 0 done, 1 nothing found or
// faults found, 2 wrong use, 3 any other failure. An error is one line on
// Stderr, in French, that says what to do next.
func Run(ctx context.Context, env Env) int {
	env.endWithin = new(atomic.Int64)
	env.endWithin.Store(int64(endWithin))
	code := outcome(env, untilAsked(ctx, env.endWithin, func() error { return run(ctx, env) }))
	if code != done && env.clicked() && ownConsole() {
		// The window that the click opened closes with the program: what it
		// says must be read first.
		fmt.Fprintln(env.Stderr, "cct: appuyez sur Entrée pour fermer cette fenêtre")
		_, _ = env.Stdin.Read(make([]byte, 1))
	}
	return code
}

// endWithin is how long a command may go on once it was asked to end.
const endWithin = 900 * time.Millisecond

// untilAsked gives what do returns, or the reason of ctx when it was asked to end
// and do goes on: it may be waiting for a FIFO, a terminal or a file system that
// no longer answers, and only the process's end will stop that.
func untilAsked(ctx context.Context, limit *atomic.Int64, do func() error) error {
	result := make(chan error, 1)
	go func() { result <- do() }()
	select {
	case err := <-result:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-result:
		return err
	case <-time.After(time.Duration(limit.Load())):
		return ctx.Err()
	}
}

// reported is an error that its command has told already.
type reported struct{ error }

func (r *reported) Unwrap() error { return r.error }

// outcome tells how a run ended, and gives its exit code.
func outcome(env Env, err error) int {
	var u *usage
	if errors.As(err, new(*reported)) {
		env.Stderr = io.Discard
	}
	switch {
	case err == nil || closedPipe(err):
		return done
	case errors.Is(err, errNothing):
		return nothing
	case errors.As(err, &u):
		fmt.Fprintln(env.Stderr, "cct: "+oneLine(u.what))
		return wrongUse
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(env.Stderr, "cct: interrompu")
		return failed
	}
	fmt.Fprintln(env.Stderr, "cct: "+oneLine(inFrench(err)))
	return failed
}

// inFrench is an error's text with the file system's English part, which also
// repeats a path that the rest names, put in French.
func inFrench(err error) string {
	text, english := err.Error(), ""
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &path):
		english = path.Error()
	case errors.As(err, &link):
		english = link.Error()
	default:
		return text
	}
	if text == english && path != nil {
		return path.Path + " : " + store.Reason(err)
	}
	return strings.Replace(text, english, store.Reason(err), 1)
}

func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\n", " ; ")), " ")
}
