package export

import (
	"bufio"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// answerMark begins the line of a dossier where a record is answered.
const answerMark = "- **Réponse** :"

// WriteDossier writes, of an annex, the skeleton of an architecture file in
// Markdown: what binds the application and where in the file each record is to be
// answered, then a section for each. ReadDossier reads it back once filled.
func WriteDossier(w io.Writer, t *Table) error {
	b := bufio.NewWriter(w)
	cell := t.Cells()
	selection := ""
	for row := range t.Rows {
		selection = cell(row, "selection")
		break
	}
	fmt.Fprintf(b, "<!-- cct dossier ; édition %s ; sélection %s -->\n\n", t.Fact("edition"), selection)
	b.WriteString("# Dossier d’architecture technique\n\n")
	for _, f := range t.Facts {
		switch key := f.Key; {
		case key == "licence" && t.framework().Foreign() && f.Value != "", slices.Contains([]string{"profile", "edition", "counts", "filters", "approval", "wording", "source"}, key):
			fmt.Fprintf(b, "- %s : %s\n", inTable.Replace(prose(f.Label)), inTable.Replace(prose(f.Value)))
		}
	}
	b.WriteString("\n## 1. Présentation de l’application\n\nObjet, utilisateurs, données, échanges, contraintes.\n\n## 2. Architecture\n\nVues fonctionnelle, applicative, technique ; environnements ; hébergement.\n\n## 3. Où répondre\n\n")
	b.WriteString("| Identifiant | Niveau | Intitulé | Section |\n| --- | --- | --- | --- |\n")
	names, of := groups(t.lines())
	for i, name := range names {
		for j, l := range of[name] {
			fmt.Fprintf(b, "| %s | %s | %s | [4.%d.%d](#%s) |\n", inTable.Replace(l.id), inTable.Replace(prose(l.level)), inTable.Replace(prose(l.title)), i+1, j+1, token(l))
		}
	}
	fmt.Fprintf(b, "\n## 4. Conformité : %s\n", inTable.Replace(prose(t.framework().Name)))
	for i, name := range names {
		fmt.Fprintf(b, "\n### 4.%d. %s\n", i+1, inTable.Replace(prose(name)))
		for j, l := range of[name] {
			fmt.Fprintf(b, "\n<a id=\"%s\"></a>\n\n#### 4.%d.%d. %s — %s\n\n", token(l), i+1, j+1, inTable.Replace(l.id), inTable.Replace(prose(l.title)))
			for text := range strings.SplitSeq(prose(l.text), "\n") {
				fmt.Fprintf(b, "> %s\n", inTable.Replace(text))
			}
			b.WriteString("\n")
			for _, f := range [][2]string{{"Niveau", l.level}, {"Pourquoi", l.because}, {"S’adresse à", l.addressee}, {"Remarque de l’éditeur", l.note}, {"Texte", l.url}} {
				if f[1] != "" {
					fmt.Fprintf(b, "- %s : %s\n", f[0], inTable.Replace(prose(strings.Join(strings.Fields(f[1]), " "))))
				}
			}
			fmt.Fprintf(b, "%s\n- **Preuve** :\n- **Commentaire** :\n", answerMark)
		}
	}
	b.WriteString("\nRéponses possibles : " + strings.Join(Answers(), ", ") + ".\n")
	if err := b.Flush(); err != nil {
		return fmt.Errorf("écrire le dossier : %w", err)
	}
	return nil
}

// Dossier is a filled architecture file, as far as the framework is concerned.
type Dossier struct {
	Selection *Selection // what the skeleton was made for; nil when the file is none of ours
	Sections  []DossierSection
	Answered  string // its text, without the list of where to answer and the sections left empty, with as many lines
}

// DossierSection is where a record is answered.
type DossierSection struct {
	ID     string
	Line   int  // of its heading, from 1
	Filled bool // its answer is given
}

var sectionHead = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^#### [0-9.]+ (\S+) —`)
})

var dossierHead = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`<!-- cct dossier ; édition (\S+) ; sélection (\S+) -->`)
})

// ReadDossier reads a filled architecture file: one that WriteDossier began, or any
// other text, all of which then counts.
func ReadDossier(text string) (*Dossier, error) {
	d := &Dossier{}
	m := dossierHead().FindStringSubmatch(text)
	if m == nil {
		d.Answered = text
		return d, nil
	}
	d.Selection = &Selection{}
	if m[2] != "toutes" {
		v, err := url.ParseQuery(m[2])
		if err != nil {
			return nil, fmt.Errorf("la sélection du dossier (« %s ») ne se lit pas : remettez sa première ligne, ou donnez le profil en options", m[2])
		}
		s, err := ParseSelection(v)
		if err != nil {
			return nil, fmt.Errorf("la sélection du dossier ne se lit pas : %w", err)
		}
		d.Selection = &s
	}
	lines := strings.Split(text, "\n")
	for from := 0; from < len(lines); {
		to := from + 1
		for to < len(lines) && !strings.HasPrefix(lines[to], "#") {
			to++
		}
		section := lines[from:to]
		empty := isEmptySection(section)
		if m := sectionHead().FindStringSubmatch(spaced(section[0])); m != nil {
			d.Sections = append(d.Sections, DossierSection{strings.ReplaceAll(m[1], `\`, ""), from + 1, !empty})
		}
		if empty {
			for i := range section {
				section[i] = ""
			}
		}
		from = to
	}
	for i, line := range lines {
		if strings.HasPrefix(line, `<a id="`) { // where links lead, no citation
			lines[i] = ""
		}
	}
	d.Answered = strings.Join(lines, "\n")
	return d, nil
}

// isEmptySection says whether a section is as the skeleton left it: its answer is
// not given, or it only says where to answer.
func isEmptySection(section []string) bool {
	if strings.HasPrefix(section[0], "## 3. ") {
		return true
	}
	for _, line := range section {
		if rest, ok := strings.CutPrefix(spaced(line), answerMark); ok {
			return strings.TrimSpace(rest) == ""
		}
	}
	return false
}

// spaced gives back the plain spaces that an editor made French ones.
func spaced(s string) string { return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s) }
