package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
)

func completionCommand() *command {
	return &command{
		name: "completion", args: "bash|zsh|fish|powershell", short: "écrit le script de complétion d’un interpréteur",
		long:    "Écrit un script qui complète les commandes et les options.",
		example: []string{"cct completion bash > ~/.local/share/bash-completion/completions/cct", "cct completion zsh > ~/.zfunc/_cct", "cct completion fish > ~/.config/fish/completions/cct.fish", "cct completion powershell >> $PROFILE"},
		run:     completion,
	}
}

func completion(_ context.Context, p *program) error {
	shells := map[string]func(io.Writer) error{"bash": bash, "zsh": zsh, "fish": fish, "powershell": powershell}
	if len(p.args) != 1 || shells[p.args[0]] == nil {
		return misuse("il faut un interpréteur : cct completion bash, zsh, fish ou powershell")
	}
	return shells[p.args[0]](p.Stdout)
}

func visibleCommands() (out []string) {
	for _, c := range commands() {
		out = append(out, c.name)
	}
	return out
}

func (c *command) words() (out []string) {
	for _, s := range c.settings(&config{}) {
		out = append(out, "--"+s.name)
	}
	return out
}

// terms are the words that may follow a command, for those that take few.
func (c *command) terms() []string {
	switch c.name {
	case "help", "man":
		return visibleCommands()
	case "completion":
		return []string{"bash", "zsh", "fish", "powershell"}
	}
	return nil
}

func bash(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# bash completion for cct\n_cct() {\n  local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\"\n  COMPREPLY=()\n")
	fmt.Fprintf(&b, "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W '%s' -- \"$cur\"))\n    return\n  fi\n  case \"${COMP_WORDS[1]} $prev\" in\n", strings.Join(visibleCommands(), " "))
	for _, c := range commands() {
		for _, s := range c.settings(&config{}) {
			if len(s.values) > 0 {
				fmt.Fprintf(&b, "    '%s --%s') COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", c.name, s.name, strings.Join(s.values, " "))
			}
		}
	}
	b.WriteString("  esac\n  case \"$prev\" in\n    --content) COMPREPLY=($(compgen -d -- \"$cur\")); return ;;\n    --store|--output|-o|--check|--tls-cert|--tls-key|--audit|--query-log) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n  esac\n  case \"${COMP_WORDS[1]}\" in\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "    %s) COMPREPLY=($(compgen -W '%s' -- \"$cur\")) ;;\n", c.name, strings.Join(append(c.words(), c.terms()...), " "))
	}
	b.WriteString("  esac\n}\ncomplete -o default -F _cct cct\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func zsh(w io.Writer) error {
	quote := strings.NewReplacer("'", "’", "[", "(", "]", ")", ":", " ")
	var b strings.Builder
	b.WriteString("#compdef cct\n_cct() {\n  local -a commandes\n  commandes=(\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "    '%s:%s'\n", c.name, quote.Replace(c.short))
	}
	b.WriteString("  )\n  if (( CURRENT == 2 )); then\n    _describe commande commandes\n    return\n  fi\n  case $words[2] in\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "    %s)\n      _arguments", c.name)
		for _, s := range c.settings(&config{}) {
			fmt.Fprintf(&b, " \\\n        '--%s[%s]", s.name, quote.Replace(s.help))
			switch {
			case s.isSwitch():
			case len(s.values) > 0:
				fmt.Fprintf(&b, ":valeur:(%s)", strings.Join(s.values, " "))
			case s.name == "content":
				b.WriteString(":dossier:_files -/")
			case strings.Contains(s.arg, "FICHIER"):
				b.WriteString(":fichier:_files")
			default:
				b.WriteString(":valeur: ")
			}
			b.WriteString("'")
		}
		if terms := c.terms(); terms != nil {
			fmt.Fprintf(&b, " \\\n        '*:terme:(%s)' ;;\n", strings.Join(terms, " "))
			continue
		}
		b.WriteString(" \\\n        '*:terme:_files' ;;\n")
	}
	b.WriteString("  esac\n}\n_cct \"$@\"\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func fish(w io.Writer) error {
	quote := strings.NewReplacer("'", "’", `\`, "")
	var b strings.Builder
	b.WriteString("# fish completion for cct\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "complete -c cct -n __fish_use_subcommand -f -a %s -d '%s'\n", c.name, quote.Replace(c.short))
	}
	for _, c := range commands() {
		for _, s := range c.settings(&config{}) {
			fmt.Fprintf(&b, "complete -c cct -n '__fish_seen_subcommand_from %s' -l %s -d '%s'", c.name, s.name, quote.Replace(s.help))
			if !s.isSwitch() {
				b.WriteString(" -r")
			}
			if len(s.values) > 0 {
				fmt.Fprintf(&b, " -f -a '%s'", strings.Join(s.values, " "))
			}
			b.WriteString("\n")
		}
		if terms := c.terms(); terms != nil {
			fmt.Fprintf(&b, "complete -c cct -n '__fish_seen_subcommand_from %s' -f -a '%s'\n", c.name, strings.Join(terms, " "))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func powershell(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# PowerShell completion for cct\nRegister-ArgumentCompleter -Native -CommandName cct, cct.exe -ScriptBlock {\n  param($mot, $ast, $position)\n  $options = @{\n")
	for _, c := range commands() {
		var words []string
		for _, word := range append(c.words(), c.terms()...) {
			words = append(words, "'"+word+"'")
		}
		fmt.Fprintf(&b, "    '%s' = @(%s)\n", c.name, strings.Join(words, ", "))
	}
	b.WriteString("  }\n  $mots = @($ast.CommandElements | ForEach-Object { $_.ToString() })\n  $choix = if ($mots.Count -le 1 -or ($mots.Count -eq 2 -and $mot)) { $options.Keys | Sort-Object } else { $options[$mots[1]] }\n  $choix | Where-Object { $_ -like \"$mot*\" } | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }\n}\n")
	_, err := io.WriteString(w, b.String())
	return err
}
