package cli

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// run reads the command line, which cobra does, and runs the command that it
// names; without one, serve.
func run(ctx context.Context, env Env) error {
	args := arrange(env.Args)
	wanted := commands() // completion looks among all
	if name := args[0]; !asksCompletion(name) {
		c := find(name)
		if c == nil {
			return misuse("la commande « %s » n’existe pas%s : tapez « cct help »", name, nearestCommand(tree(env, wanted), name))
		}
		wanted = []*command{c}
	}
	root := tree(env, wanted)
	root.SetArgs(args)
	return root.ExecuteContext(ctx)
}

// tree gives commands to cobra. Each has a configuration of its own, so that
// the defaults of one are not another's.
func tree(env Env, of []*command) *cobra.Command {
	cobra.MousetrapHelpText = "" // a double-click on Windows starts the site, it is no mistake
	root := &cobra.Command{Use: "cct", SilenceErrors: true, SilenceUsage: true}
	root.CompletionOptions.DisableDefaultCmd = true // ours is in French
	root.SetIn(env.Stdin)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	begun := now()
	for _, c := range of {
		branch := (&program{Env: env, command: c, started: begun}).branch()
		root.AddCommand(branch)
		if c.name == "help" {
			root.SetHelpCommand(branch)
		}
	}
	return root
}

// branch is one command as cobra knows it.
func (p *program) branch() *cobra.Command {
	settings := p.command.settings(&p.config)
	c := &cobra.Command{
		Use: strings.TrimSpace(p.command.name + " " + p.command.args), Short: p.command.short, Long: p.command.long,
		Args: cobra.ArbitraryArgs, // each command says itself, in French, what it takes
		RunE: func(c *cobra.Command, args []string) error {
			if err := readVariables(c.Flags(), settings, p.Getenv); err != nil {
				return err
			}
			p.args = args
			return p.command.run(c.Context(), p)
		},
		ValidArgsFunction: p.completeArgument,
	}
	flags := c.Flags()
	flags.SortFlags = false
	for i := range settings {
		p.addFlag(c, &settings[i])
	}
	flags.BoolP("help", "h", false, "explique la commande")
	c.SetHelpFunc(func(*cobra.Command, []string) { _ = writeHelp(p.Stdout, p.screen(), p.command) }) // who closes the pipe has read enough
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return misuse("%s : tapez « cct help %s »", flagFault(err), p.command.name)
	})
	return c
}

func (p *program) addFlag(c *cobra.Command, s *setting) {
	if s.preset != "" {
		if err := s.set(s.preset); err != nil {
			panic("the default of --" + s.name + ": " + err.Error()) // a fault of ours, which any run shows
		}
	}
	f := c.Flags().VarPF((*flagValue)(s), s.name, s.short, s.help)
	if s.isSwitch() {
		f.NoOptDefVal = "true"
		return
	}
	// An error can only be of a flag that has no name or two completions.
	_ = c.RegisterFlagCompletionFunc(s.name, func(c *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		return p.completions(*s, c, typed)
	})
}

// flagValue is a setting as pflag knows a flag's value.
type flagValue setting

func (v *flagValue) Set(text string) error { return (*setting)(v).set(text) }

// String is the value without the flag; help says it in its own words.
func (v *flagValue) String() string { return "" }

func (v *flagValue) Type() string {
	if (*setting)(v).isSwitch() {
		return "bool"
	}
	return v.arg
}

// readVariables sets from the environment what no flag set. An empty variable is
// none.
func readVariables(flags *pflag.FlagSet, settings []setting, getenv func(string) string) error {
	for _, s := range settings {
		if s.env == "" || flags.Changed(s.name) {
			continue
		}
		for _, v := range s.variable(getenv(s.env)) {
			if err := s.set(v); err != nil {
				return misuse("la variable %s vaut « %s » : %v", s.env, v, err)
			}
		}
	}
	return nil
}

// variable parts the value of a variable: paths of a setting that can be given again
// stand as in PATH.
func (s setting) variable(v string) []string {
	if v == "" {
		return nil
	}
	if _, several := s.value.(*[]string); several {
		if _, err := os.Stat(v); err != nil {
			return filepath.SplitList(v)
		}
	}
	return []string{v}
}

// flagFault puts pflag's errors in French.
func flagFault(err error) string {
	var (
		absent  *pflag.NotExistError
		missing *pflag.ValueRequiredError
		invalid *pflag.InvalidValueError
		syntax  *pflag.InvalidSyntaxError
	)
	switch {
	case errors.As(err, &absent):
		return "l’option " + dashed(absent.GetSpecifiedName()) + " n’existe pas (un terme qui commence par un tiret s’écrit après « -- »)"
	case errors.As(err, &missing):
		return "l’option " + dashed(missing.GetSpecifiedName()) + " attend une valeur"
	case errors.As(err, &invalid):
		return "l’option --" + invalid.GetFlag().Name + " ne peut pas valoir « " + invalid.GetValue() + " » (" + invalid.Unwrap().Error() + ")"
	case errors.As(err, &syntax):
		return "l’option " + syntax.GetSpecifiedFlag() + " ne se lit pas"
	}
	return "les options ne se lisent pas (" + err.Error() + ")"
}

// dashed writes a flag's name as people type it.
func dashed(name string) string {
	if utf8.RuneCountInString(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// arrange puts the command's name first, whatever flags stand before it, and
// gives long flags written with one dash, as Go programs take them, their two.
// What asks for help or the version is made its command; without a command it is
// serve. What shells ask of completion goes through the same.
func arrange(args []string) []string {
	if len(args) > 1 && asksCompletion(args[0]) {
		return append([]string{args[0]}, arrangeTyped(args[1:])...)
	}
	args = twoDashes(args)
	at := commandAt(args)
	switch {
	case len(args) == 0:
		return []string{"serve"}
	case slices.Contains([]string{"-h", "--help", "-help", "/?"}, args[0]):
		return append([]string{"help"}, args[1:]...)
	case at >= 0:
		return append([]string{args[at]}, slices.Delete(slices.Clone(args), at, at+1)...)
	}
	if i := slices.IndexFunc(args, func(a string) bool { return a == "-v" || a == "--version" || a == "-version" }); i >= 0 {
		return append([]string{"version"}, slices.Delete(slices.Clone(args), i, i+1)...)
	}
	return append([]string{"serve"}, args...)
}

func asksCompletion(name string) bool {
	return name == cobra.ShellCompRequestCmd || name == cobra.ShellCompNoDescRequestCmd
}

// arrangeTyped arranges an unfinished command line, whose last word is being
// typed and stays last.
func arrangeTyped(args []string) []string {
	done, typing := twoDashes(args[:len(args)-1]), args[len(args)-1]
	if at := commandAt(done); at >= 0 {
		done = append([]string{done[at]}, slices.Delete(slices.Clone(done), at, at+1)...)
		return append(done, typing)
	}
	if strings.HasPrefix(typing, "-") || len(done) > 0 && takesValue(done[len(done)-1]) {
		return append(append([]string{"serve"}, done...), typing)
	}
	return []string{typing}
}

// commandAt is the place of the command's name: the first word that is neither a
// flag nor a flag's value; -1 where there is none.
func commandAt(args []string) int {
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case a == "--":
			return -1
		case !strings.HasPrefix(a, "-"):
			return i
		case takesValue(a):
			i++
		}
	}
	return -1
}

// takesValue says whether the next word is the value of this flag, of whatever
// command it is.
func takesValue(word string) bool {
	if strings.Contains(word, "=") {
		return false
	}
	for _, c := range commands() {
		for _, s := range c.settings(&config{}) {
			if word == "--"+s.name || s.short != "" && word == "-"+s.short {
				return !s.isSwitch()
			}
		}
	}
	return false
}

// twoDashes writes -json as --json, up to a "--".
func twoDashes(args []string) []string {
	long := map[string]bool{"help": true, "version": true}
	for _, c := range commands() {
		for _, s := range c.settings(&config{}) {
			long[s.name] = true
		}
	}
	out := slices.Clone(args)
	for i, a := range out {
		if a == "--" {
			break
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(a, "-"), "=")
		if strings.HasPrefix(a, "-") && long[name] {
			out[i] = "-" + a
		}
	}
	return out
}

// nearestCommand suggests the command that was probably meant.
func nearestCommand(root *cobra.Command, name string) string {
	if name == "aide" { // cobra never suggests its help command
		return " (vouliez-vous « cct help » ?)"
	}
	for root.SuggestionsMinimumDistance = 1; root.SuggestionsMinimumDistance <= 2; root.SuggestionsMinimumDistance++ {
		if near := root.SuggestionsFor(name); len(near) > 0 {
			return " (vouliez-vous « cct " + near[0] + " » ?)"
		}
	}
	return ", et une recherche s’écrit « cct search " + name + " »"
}
