package cli

import (
	"context"
	"fmt"
	"time"
)

var indexCommand = &command{
	name: "index", short: "construit le fichier de la base, et s’arrête",
	long:    "Construit la base que « cct serve » et « cct search » ouvriront avec --store, par exemple dans une image de conteneur.",
	example: []string{"cct index --store cct.db", "cct index --content ./content/fr --store /var/lib/cct/cct.db"},
	flags:   storeFlags,
	run: func(ctx context.Context, p *program) error {
		if err := p.noArgs(); err != nil {
			return err
		}
		if p.store == "" {
			return misuse("il manque le fichier à construire : cct index --store cct.db")
		}
		return p.withLibrary(ctx, func(o *opened) error {
			if o.store.Temporary() {
				return fmt.Errorf("la base n’a pas pu être écrite dans %s : vérifiez le dossier et la place libre", p.store)
			}
			h := o.Catalog().Head()
			state := "déjà à jour"
			if o.store.Rebuilt() {
				state = fmt.Sprintf("construite en %d ms", time.Since(p.started.at).Milliseconds())
			}
			_, err := fmt.Fprintf(p.Stdout, "%s : %s, %d pages (édition %s)\n", p.store, state, h.Pages, h.Name)
			return err
		})
	},
}
