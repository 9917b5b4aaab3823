package ui

import (
	"net/http"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
)

type homePage struct {
	frame
	Examples []chip
	Themes   []themeIntro
	Counts   map[content.Kind]int
	Levels   []levelCount
}

// themeIntro is a theme as the home page presents it.
type themeIntro struct {
	content.Theme
	About string
}

func (s *Site) home(w http.ResponseWriter, r *http.Request, lib *search.Library) error {
	c := lib.Catalog()
	head := c.Head()
	p := homePage{frame: frame{Title: "Chercher dans le cadre de cohérence technique", Home: true, Edition: head.Name, Robots: true}, Counts: head.Counts}
	if head.Framework.Foreign() {
		p.Title = "Chercher"
	}
	var err error
	if p.Themes, err = themesOf(c); err != nil {
		return err
	}
	exigences, err := c.Records(content.KindExigence)
	if err != nil {
		return err
	}
	p.Levels = levelsOf(head, exigences)
	if len(exigences) > 0 {
		first := exigences[min(32, len(exigences)-1)]
		p.Examples = append(p.Examples, chip{first.ID, question{text: first.ID}.url()})
	}
	for _, text := range []string{"sauvegarde s3", "qui valide une petite application ?"} {
		p.Examples = append(p.Examples, chip{text, question{text: text}.url()})
	}
	return s.render(w, http.StatusOK, "accueil", p)
}

// themesOf presents each theme by what its first page says of itself, else by
// what it holds.
func themesOf(c *content.Catalog) (out []themeIntro, err error) {
	pages, err := c.Pages()
	if err != nil {
		return nil, err
	}
	for _, t := range c.Head().Themes {
		n, about := 0, ""
		for _, p := range pages {
			if p.Theme == t.ID {
				if n == 0 {
					about = p.Description
				}
				n++
			}
		}
		if about == "" {
			about = count(n, "page", "pages") + "."
		}
		out = append(out, themeIntro{t, about})
	}
	return out, nil
}
