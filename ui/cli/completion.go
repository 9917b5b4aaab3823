package cli

import (
	"bytes"
	"context"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/spf13/cobra"
)

var shells = []string{"bash", "zsh", "fish", "powershell"}

func completionCommand() *command {
	return &command{
		name: "completion", args: "bash|zsh|fish|powershell", short: "écrit le script de complétion d’un interpréteur",
		long:     "Écrit un script qui complète les commandes, les options, leurs valeurs et les identifiants. Le script interroge cct, qui doit être dans le PATH.",
		example:  []string{"cct completion bash > ~/.local/share/bash-completion/completions/cct", "cct completion zsh > ~/.zfunc/_cct", "cct completion fish > ~/.config/fish/completions/cct.fish", "cct completion powershell >> $PROFILE"},
		run:      completion,
		complete: func(_ context.Context, _ *program, typed string) []string { return beginning(typed, shells) },
	}
}

func completion(_ context.Context, p *program) error {
	if len(p.args) != 1 || !slices.Contains(shells, p.args[0]) {
		return misuse("il faut un interpréteur : cct completion bash, zsh, fish ou powershell")
	}
	root := tree(p.Env, commands())
	var script bytes.Buffer
	var err error
	switch p.args[0] {
	case "bash":
		script.WriteString(withoutBashCompletion)
		err = root.GenBashCompletionV2(&script, true)
	case "zsh":
		err = root.GenZshCompletion(&script)
	case "fish":
		err = root.GenFishCompletion(&script, true)
	case "powershell":
		err = root.GenPowerShellCompletionWithDesc(&script)
	}
	if err != nil {
		return err
	}
	_, err = script.WriteTo(p.Stdout)
	return err
}

// withoutBashCompletion stands in for the functions of Debian's bash-completion
// that cobra's script calls, on a machine without that package. Bash parts words
// at "=" and ":", which are put together again.
const withoutBashCompletion = `declare -F _get_comp_words_by_ref >/dev/null || _get_comp_words_by_ref() {
    local i glue='' ; words=() cword=0
    for ((i = 0; i <= COMP_CWORD; i++)); do
        if [[ $i -gt 0 && ( ${COMP_WORDS[i]} == [=:]* || -n $glue ) ]]; then
            words[cword]+=${COMP_WORDS[i]}
        else
            cword=${#words[@]} ; words+=("${COMP_WORDS[i]}")
        fi
        [[ ${COMP_WORDS[i]} == *[=:] ]] && glue=1 || glue=''
    done
    cur=${words[cword]} ; ((cword > 0)) && prev=${words[cword - 1]} || prev=''
}
declare -F _filedir >/dev/null || _filedir() {
    local entry
    while IFS='' read -r entry; do COMPREPLY+=("$entry"); done < <(compgen "${1:--f}" -- "$cur")
}

`

// completeArgument proposes what may follow the command.
func (p *program) completeArgument(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if p.command.complete == nil {
		if p.command.args == "" {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return nil, cobra.ShellCompDirectiveDefault
	}
	if err := readVariables(c.Flags(), p.command.settings(&p.config), p.Getenv); err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	p.args = args
	return p.command.complete(c.Context(), p, typed), cobra.ShellCompDirectiveNoFileComp
}

// completions proposes a flag's values; for one that takes several, the last of
// the list that is being typed.
func (p *program) completions(s setting, c *cobra.Command, typed string) ([]string, cobra.ShellCompDirective) {
	values := s.values
	if s.held != nil && readVariables(c.Flags(), p.command.settings(&p.config), p.Getenv) == nil {
		if o, err := p.openLibrary(c.Context(), nil); err == nil { // else the command itself will say what is wrong
			values = s.held(o)
			_ = o.Close()
		}
	}
	switch {
	case len(values) > 0 && s.listed:
		before := typed[:strings.LastIndex(typed, ",")+1]
		var out []string
		for _, v := range values {
			if !slices.Contains(strings.Split(before, ","), v) {
				out = append(out, before+v)
			}
		}
		return beginning(typed, out), cobra.ShellCompDirectiveNoFileComp
	case len(values) > 0:
		return beginning(typed, values), cobra.ShellCompDirectiveNoFileComp
	case s.arg == "DOSSIER":
		return nil, cobra.ShellCompDirectiveFilterDirs
	case strings.Contains(s.arg, "FICHIER"):
		return nil, cobra.ShellCompDirectiveDefault
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// knownIDs proposes the ids of records and pages that begin with what is typed,
// in the letters, capital or not, that it is typed in.
func knownIDs(ctx context.Context, p *program, typed string) (out []string) {
	o, err := p.openLibrary(ctx, nil)
	if err != nil {
		return nil // the command itself will say what is wrong
	}
	defer o.Close()
	var ids []string
	for _, kind := range content.Kinds() {
		of, err := o.Catalog().IDs(kind)
		if err != nil {
			return nil
		}
		ids = append(ids, of...)
	}
	pages, err := o.Catalog().Pages()
	if err != nil {
		return nil
	}
	for _, page := range pages {
		ids = append(ids, page.ID)
	}
	for _, id := range ids {
		if n := len(typed); n <= len(id) && strings.EqualFold(id[:n], typed) && !slices.Contains(p.args, id) {
			out = append(out, typed+cased(id[n:], typed))
		}
	}
	return out
}

// cased writes the rest of an id as its beginning is typed: "ex3" goes on in
// small letters, since a shell keeps only what begins as it is typed.
func cased(rest, typed string) string {
	if typed != "" && typed == strings.ToLower(typed) {
		return strings.ToLower(rest)
	}
	return rest
}

func beginning(typed string, values []string) (out []string) {
	for _, v := range values {
		if strings.HasPrefix(v, typed) {
			out = append(out, v)
		}
	}
	return out
}
