package cli

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/cct-mi/cct/content/ingest"
)

// version and commit are stamped by the release; a plain build says what Go
// knows.
var version, commit = "dev", ""

// licences are those of all that the program holds.
//
//go:embed licences.txt
var licences string

var versionCommand = &command{
	name: "version", short: "dit la version du programme et l’édition du contenu",
	long:    "Dit la version du programme, l’édition du contenu, les versions de Go et de Bleve. Avec --licences, les licences de tout ce que le programme contient.",
	example: []string{"cct version", "cct version --json", "cct version --licences"},
	flags: func(c *config) []setting {
		return append(contentFlags(c), jsonFlag(c), setting{name: "licences", value: &c.licences, help: "les licences de tout ce que le programme contient"})
	},
	run: func(ctx context.Context, p *program) error {
		if err := p.noArgs(); err != nil {
			return err
		}
		if p.licences {
			_, err := io.WriteString(p.Stdout, licences)
			return err
		}
		s, err := p.source()
		if err != nil {
			return err
		}
		defer s.close()
		edition, err := ingest.EditionName(s.folder, s.edition)
		if err != nil {
			return p.locate(err)
		}
		v := map[string]string{"version": version, "commit": commitOf(), "edition": edition, "go": runtime.Version(), "bleve": moduleVersion("github.com/blevesearch/bleve/v2"), "os": runtime.GOOS, "arch": runtime.GOARCH}
		if p.json {
			b, err := json.MarshalIndent(v, "", "  ")
			if err != nil {
				return err
			}
			_, err = p.Stdout.Write(append(b, '\n'))
			return err
		}
		_, err = fmt.Fprintf(p.Stdout, "cct %s %s\nédition %s\nGo %s, Bleve %s, %s/%s\n", v["version"], v["commit"], v["edition"], v["go"], v["bleve"], v["os"], v["arch"])
		return err
	},
}

func commitOf() string {
	if commit != "" {
		return commit
	}
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, s := range b.Settings {
			if s.Key == "vcs.revision" {
				return s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return "sans commit"
}

func moduleVersion(path string) string {
	if b, ok := debug.ReadBuildInfo(); ok {
		for _, d := range b.Deps {
			if d.Path == path {
				return d.Version
			}
		}
	}
	return "inconnue"
}
