package cli

import (
	"context"

	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/mcp"
)

var mcpCommand = &command{
	name: "mcp", short: "répond à un assistant, sur l’entrée et la sortie standard",
	long:    "Parle le Model Context Protocol sur l’entrée et la sortie standard : un assistant qui le connaît cherche, lit et vérifie avec les mêmes réponses que le site. Il lance lui-même cette commande. Par HTTP : « cct serve --mcp ».",
	example: []string{"cct mcp", "cct mcp --content ./content/fr", `{"mcpServers": {"cct": {"command": "cct", "args": ["mcp"]}}}`},
	flags:   storeFlags,
	run: func(ctx context.Context, p *program) error {
		if err := p.noArgs(); err != nil {
			return err
		}
		return p.withLibrary(ctx, func(o *opened) error {
			return mcp.Serve(ctx, mcp.Options{Current: func() *search.Library { return o.Library }, Version: version}, p.Stdin, p.Stdout)
		})
	},
}
