package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
)

func helpCommand() *command {
	return &command{
		name: "help", args: "[COMMANDE]", short: "explique une commande",
		long: "Explique le programme, ou une commande.", example: []string{"cct help", "cct help search"},
		run:      help,
		complete: func(_ context.Context, _ *program, typed string) []string { return beginning(typed, visibleCommands()) },
	}
}

func help(_ context.Context, p *program) error {
	if len(p.args) == 0 {
		return writeHelp(p.Stdout, p.screen(), nil)
	}
	c := find(p.args[0])
	if c == nil {
		return misuse("la commande « %s » n’existe pas : « cct help » les cite toutes", p.args[0])
	}
	return writeHelp(p.Stdout, p.screen(), c)
}

// writeHelp explains a command, or the whole when c is nil.
func writeHelp(w io.Writer, s screen, c *command) error {
	var b strings.Builder
	if c == nil {
		b.WriteString(s.wrap("cct : le cadre de cohérence technique du ministère de l’Intérieur, à portée de recherche", "") + "\n\nCommandes :\n")
		for _, x := range commands() {
			b.WriteString(s.hanging(fmt.Sprintf("  %-11s ", x.name), x.short) + "\n")
		}
		b.WriteString("\n" + s.wrap("Sans commande, « cct » sert le site sur ce poste. « cct help COMMANDE » donne les options et des exemples.", "") + "\n\nExemples :\n  cct\n  cct search sauvegarde des données\n  cct show EX33\n  cct export --format xlsx --output exigences.xlsx\n")
		_, err := io.WriteString(w, b.String())
		return err
	}
	settings := c.settings(&config{})
	fmt.Fprintf(&b, "cct %s", c.name)
	if len(settings) > 0 {
		b.WriteString(" [OPTIONS]")
	}
	if c.args != "" {
		b.WriteString(" " + c.args)
	}
	b.WriteString("\n\n" + s.wrap(c.long, "") + "\n")
	if len(settings) > 0 {
		b.WriteString("\nOptions :\n")
		for _, o := range settings {
			name := "--" + o.name
			if o.short != "" {
				name = "-" + o.short + ", " + name
			}
			if o.arg != "" {
				name += " " + o.arg
			}
			more := ""
			if o.preset != "" {
				more += " (sans indication : " + o.preset + ")"
			}
			if o.env != "" {
				more += " [" + o.env + "]"
			}
			b.WriteString(s.wrap(name, "  ") + "\n" + s.wrap(o.help+more, "      ") + "\n")
		}
	}
	if c.detail != nil {
		b.WriteString("\n" + c.detail(s))
	}
	if len(c.example) > 0 {
		b.WriteString("\nExemples :\n")
		for _, e := range c.example {
			b.WriteString(s.fill(strings.Fields(e), "  ") + "\n") // a command's blanks are no French ones
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func visibleCommands() (out []string) {
	for _, c := range commands() {
		out = append(out, c.name)
	}
	return out
}
