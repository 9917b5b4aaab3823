package ingest

import (
	"strings"

	"github.com/cct-mi/cct/content"
)

// What is peculiar to the official repository (dnum-mi/cct-mi). Each quirk
// names the file that needs it; none changes how another folder is read.

// officialThemes gives the theme of its folders; the longest prefix wins. The
// five documents and the presentation are not its folders one to one.
var officialThemes = []struct{ prefix, theme string }{
	{"3-doctrine-d-hebergement/1-cloud-native", "cloud-native"},
	{"3-doctrine-d-hebergement/2-cloud-pi", "legacy"},
	{"3-doctrine-d-hebergement/3-sgami", "legacy"},
	{"3-doctrine-d-hebergement", "cloud-native"},
	{"1-chapeau", "presentation"},
	{"2-referentiel-normes-europeenees-et-intermin", "normes"},
	{"4-environnement-numerique-de-travail", "environnement-numerique-de-travail"},
	{"5-socle-d-architecture", "architecture"},
	{"6-socle-de-securite", "securite"},
	{"accessibility", "presentation"}, {"blog", "presentation"}, {"contact", "presentation"}, {"legal", "presentation"}, {"personal-data", "presentation"},
}

// themeTitles names the themes of the framework, in the order of the documents.
var themeTitles = []content.Theme{
	{ID: "presentation", Title: "Présentation"},
	{ID: "environnement-numerique-de-travail", Title: "Environnement numérique de travail"},
	{ID: "legacy", Title: "Legacy"},
	{ID: "cloud-native", Title: "Cloud Native"},
	{ID: "architecture", Title: "Architecture"},
	{ID: "securite", Title: "Sécurité"},
	{ID: "normes", Title: "Normes"},
}

// official says whether a folder is the official repository's.
func (b *builder) official() bool {
	for _, d := range b.files {
		if strings.HasPrefix(d.Source, "5-socle-d-architecture/") {
			return true
		}
	}
	return false
}

// servicePages are folders of the official site's own notices, which its menu
// does not hold.
var servicePages = []string{"accessibility/", "blog/", "contact/", "legal/", "personal-data/"}

func officialTheme(source string) string {
	for _, t := range officialThemes {
		if strings.HasPrefix(source, t.prefix+"/") {
			return t.theme
		}
	}
	return ""
}

// number writes the addresses of the official site that must keep working.
func (b *builder) number() {
	if !b.official() {
		return
	}
	for _, from := range []string{"/fr/", "/fr/blog/"} {
		b.edition.Aliases = append(b.edition.Aliases, content.Alias{From: from, To: "/"})
	}
	for _, d := range b.files {
		from := "/fr/" + strings.Replace(d.Route, "blog/posts/", "blog/", 1)
		if !strings.HasSuffix(from, "/") {
			from += "/"
		}
		b.edition.Aliases = append(b.edition.Aliases, content.Alias{From: from, To: d.URL()})
	}
}
