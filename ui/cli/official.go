package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/history"
	"github.com/cct-mi/cct/content/ingest"
)

// officialFlag is the setting of all commands that show records.
func officialFlag(c *config) setting {
	return setting{name: "official", env: "CCT_OFFICIAL", value: &c.official, arg: "DOSSIER", help: "le content/fr du dépôt officiel, ou le dépôt : chaque fiche montre alors aussi le texte officiel"}
}

// officialFolder opens the folder of --official; nil when there is none.
func (c *config) officialFolder() (*source, error) {
	if c.official == "" {
		return nil, nil
	}
	abs, err := filepath.Abs(c.official)
	if err != nil {
		return nil, fmt.Errorf("le dossier officiel %s n’est pas un chemin : %w", c.official, err)
	}
	st, err := os.Stat(abs)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("le dossier officiel %s n’existe pas : vérifiez --official", c.official)
	case err != nil:
		return nil, fmt.Errorf("le dossier officiel %s ne peut pas être lu (%w) : vérifiez --official", c.official, err)
	case !st.IsDir():
		return nil, fmt.Errorf("%s est un fichier : --official attend le dossier content/fr du dépôt officiel", c.official)
	}
	return openOne(repositoryContent(abs), nil)
}

// tablesStamp names the tables that the program carries, which have their say on the
// editions of other folders too.
func tablesStamp() (string, error) {
	h := sha256.New()
	for _, name := range []string{history.LineageFile, history.DatedFile, history.PublishedFile, history.PlacesFile} {
		data, err := fs.ReadFile(content.Embedded(), name)
		if err != nil {
			return "", err
		}
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil)[:6]), nil
}

// giveOfficial sets what is official of an edition's records. It gives the official
// edition, nil without --official, and what was matched.
func (s *source) giveOfficial(ctx context.Context, ed *content.Edition) (*history.Words, *content.Edition, error) {
	official, err := s.officialEdition(ctx)
	if err != nil {
		return nil, nil, err
	}
	w := history.NewWords(history.Embedded(), ed.Name, official)
	w.GiveAll(ed)
	return w, official, nil
}

// officialEdition reads the folder of --official; nil without it.
func (s *source) officialEdition(ctx context.Context) (*content.Edition, error) {
	if s.official == nil {
		return nil, nil
	}
	official, err := ingest.Load(ctx, s.official, ingest.Options{Edition: "officielle"})
	if err != nil {
		return nil, fmt.Errorf("lire le dossier officiel : %w", err)
	}
	return official, nil
}

// faults adds to an edition's problems those of its lineage table, and what the
// official folder and it don't share.
func (s *source) faults(ctx context.Context, ed *content.Edition, held []*history.Edition) error {
	words, official, err := s.giveOfficial(ctx, ed)
	if err != nil {
		return err
	}
	if official != nil {
		ed.Problems = append(ed.Problems, words.Unmatched(ed, official)...)
	}
	own, problems := tablesOf(ed)
	ed.Problems = append(ed.Problems, problems...)
	ed.Problems = append(ed.Problems, history.Unknown(own.Rows, held, history.Embedded().With(own).Dated)...)
	return nil
}
