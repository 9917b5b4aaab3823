package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
)

func manCommand() *command {
	return &command{
		name: "man", args: "[COMMANDE]", short: "écrit la page de manuel",
		long:    "Écrit la page de manuel du programme, au format man (roff).",
		example: []string{"cct man > cct.1", "cct man | man -l -"},
		run:     man,
	}
}

// roff escapes text for a man page.
var roff = strings.NewReplacer(`\`, `\e`, "-", `\-`, "'", `\(aq`)

func man(_ context.Context, p *program) error {
	list := commands()
	if len(p.args) > 0 {
		c := find(p.args[0])
		if c == nil {
			return misuse("la commande « %s » n’existe pas : « cct help » les cite toutes", p.args[0])
		}
		list = []*command{c}
	}
	var b strings.Builder
	b.WriteString(".TH CCT 1 \"\" \"cct " + roff.Replace(version) + "\" \"Manuel de cct\"\n.SH NOM\ncct \\- le cadre de cohérence technique, à portée de recherche\n.SH SYNOPSIS\n.B cct\n.I commande\n[\\fIoptions\\fR] [\\fItermes\\fR]\n.SH COMMANDES\n")
	for _, c := range list {
		fmt.Fprintf(&b, ".SS \"cct %s %s\"\n%s\n", roff.Replace(c.name), roff.Replace(c.args), roff.Replace(c.long))
		for _, s := range c.settings(&config{}) {
			fmt.Fprintf(&b, ".TP\n\\fB\\-\\-%s\\fR", roff.Replace(s.name))
			if s.arg != "" {
				fmt.Fprintf(&b, " \\fI%s\\fR", roff.Replace(s.arg))
			}
			fmt.Fprintf(&b, "\n%s", roff.Replace(s.help))
			if s.env != "" {
				fmt.Fprintf(&b, " (variable %s)", s.env)
			}
			b.WriteString("\n")
		}
		if len(c.example) > 0 {
			b.WriteString(".PP\nExemples :\n.nf\n")
			for _, e := range c.example {
				b.WriteString("    " + roff.Replace(e) + "\n")
			}
			b.WriteString(".fi\n")
		}
	}
	b.WriteString(".SH \"CODES DE SORTIE\"\n.TP\n0\nfait ; pour une recherche : quelque chose est trouvé\n.TP\n1\nrien trouvé, ou des fautes\n.TP\n2\nmauvais usage\n.TP\n3\ntout autre échec\n")
	_, err := io.WriteString(p.Stdout, b.String())
	return err
}
