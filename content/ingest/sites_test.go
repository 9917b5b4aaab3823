package ingest

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"github.com/cct-mi/cct/content"
)

// TestLinksOfOtherSites: what leads somewhere on the site that a folder is written for
// leads there here, without a fault.
func TestLinksOfOtherSites(t *testing.T) {
	const page = "\n\nDu texte.\n\n## Un titre\n\nLa suite.\n\n### Plus bas\n\nFin.\n"
	picture := "\x89PNG\r\n\x1a\n"
	for _, c := range []struct {
		what  string
		files []string
		link  string // of "docs/a.md"
		want  string // in its HTML
	}{
		{"an address of the front matter", []string{"qualite/1-preparer.md", "---\npermalink: /qualite/preparer.html\n---\n# P" + page}, "[x](/qualite/preparer/#un-titre)", `href="/pages/qualite--1-preparer#un-titre"`},
		{"an address of Hugo", []string{"docs/b.md", "---\nurl: /ailleurs/\n---\n# B" + page}, "[x](/ailleurs)", `href="/pages/docs--b"`},
		{"a slug of Docusaurus", []string{"docs/b.md", "---\nslug: vers-b\n---\n# B" + page}, "[x](./vers-b)", `href="/pages/docs--b"`},
		{"a former address", []string{"docs/b.md", "---\naliases: [/vieux/b]\n---\n# B" + page}, "[x](/vieux/b/)", `href="/pages/docs--b"`},
		{"an address in lower case", []string{"docs/_index.md", "# Site" + page, "docs/Guide/Ma-Page.md", "# B" + page}, "[x](/guide/ma-page/#un-titre)", `href="/pages/docs--guide--ma-page#un-titre"`},
		{"a section of Hugo", []string{"docs/guide/_index.md", "# Guide" + page}, "[x](/guide/) [y](../guide)", `href="/pages/docs--guide"`},
		{"a root that the generator knows", []string{"docs/b.md", "# B" + page}, "[x]({{ site.baseurl }}/b/)", `href="/pages/docs--b"`},
		{"a link that Jekyll makes", []string{"docs/b c.md", "# B" + page}, "[x]({% link docs/b c.md %})", `href="/pages/docs--b-c"`},
		{"a file that is left out", []string{".github/workflows/ci.yaml", "a: b\n"}, "[x](../.github/workflows/ci.yaml)", "x"},
		{"a picture of GitBook, its name decomposed", []string{".gitbook/assets/" + norm.NFD.String("Capture d’écran à 10.png"), picture}, "![Vue de l’écran](<../.gitbook/assets/Capture d’écran à 10.png>)", `src="/fichiers/`},
		{"a picture by its name, twice in the vault", []string{"docs/pieces/vue.png", picture, "autre/pieces/vue.png", picture + "2"}, "![[vue.png#icone]]", `src="/fichiers/`},
		{"a picture by the end of its path", []string{"docs/x/pieces/vue.png", picture}, "![[pieces/vue.png|Vue]]", `src="/fichiers/`},
		{"a heading below another", []string{"docs/b.md", "# B" + page}, "[[b#Un titre#Plus bas]]", `href="/pages/docs--b#plus-bas"`},
		{"a note that is shown within", []string{"docs/b.md", "# B" + page}, "![[b#Un titre]]", `href="/pages/docs--b#un-titre"`},
		{"a block with a name", []string{"docs/b.md", "# B\n\nUn point important. ^point-utile\n"}, "[[b#^point-utile]]", `href="/pages/docs--b#^point-utile"`},
		{"a film", []string{"docs/film.mp4", "x"}, "![[film.mp4]]", "film.mp4"},
		{"a heading with a sign", []string{"docs/b.md", "# B\n\nTexte.\n\n## Frais & taxes\n\nTexte.\n"}, "[x](b.md#frais-and-taxes)", `href="/pages/docs--b#frais-taxes"`},
		{"a table of contents", nil, "[[toc]]", ""},
	} {
		ed := load(t, folder(append([]string{"docs/a.md", "# A\n\nAvant le lien.\n\n" + c.link + "\n"}, c.files...)...))
		for _, code := range codes(ed) {
			if strings.HasPrefix(code, "lien-") || strings.HasPrefix(code, "ancre-") || code == "image-cassee" || code == "gabarit-restant" {
				t.Errorf("%s: %v", c.what, ed.Problems)
			}
		}
		i := slices.IndexFunc(ed.Pages, func(p *content.Page) bool { return p.Source == "docs/a.md" })
		if html := ed.Pages[i].HTML; !strings.Contains(strings.ToLower(html), strings.ToLower(c.want)) || strings.Contains(html, "toc") {
			t.Errorf("%s: %s", c.what, html)
		}
		assertAnchors(t, ed)
	}
	// What leads nowhere is still told.
	for _, link := range []string{"[x](/guide/ma-page.md)", "[x](.github/absent.yaml)", "![[vue.png]]", "[[absent.mp4]]", "[[B#Un titre#Autre]]", "[x](/deux)", "[x](/guide/MA-page)"} {
		ed := load(t, folder("docs/a.md", "# A\n\nAvant.\n\n"+link+"\n", "docs/guide/Ma-Page.md", "# B"+page, "docs/b.md", "# B"+page, "docs/_index.md", "# I"+page, "docs/Deux.md", "# D"+page, "docs/DEUX.md", "# E"+page))
		if list := codes(ed); !slices.ContainsFunc(list, func(code string) bool { return strings.HasSuffix(code, "-casse") || strings.HasSuffix(code, "-cassee") }) {
			t.Errorf("%s: nothing told: %v", link, ed.Problems)
		}
	}
}
