package ui

import (
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/ui/address"
)

// citation is what a reader pastes into a document: what it is, its words, where. The
// words stand in quotation marks unless they are ours; ours are said to be, and lead to
// the official row.
func citation(r *content.Record, head content.Head, at address.Site) string {
	words, quoted := r.Plain(), !r.Restated
	if r.Official.Text != "" {
		words, quoted = r.Official.Text, true
	}
	words = strings.Join(strings.Fields(words), " ")
	var b strings.Builder
	b.WriteString(head.Framework.Acronym() + ", édition " + head.Name)
	switch {
	case r.Produit != nil:
		b.WriteString(". " + productSentence(r))
		if words != "" {
			b.WriteString(" Commentaire" + said(r, quoted) + " : " + quotedOr(words, quoted))
		}
	default:
		b.WriteString(", " + cited(r) + said(r, quoted) + " : " + quotedOr(words, quoted))
	}
	if r.Official.URL != "" {
		b.WriteString(" Texte officiel : " + r.Official.URL)
	}
	b.WriteString(" Fiche : " + at.URL(r.URL()))
	return b.String()
}

// cited names a record in a sentence: "EX33 (important)", "règle 1166 (RG)".
func cited(r *content.Record) string {
	name, beside := r.ID, ""
	switch {
	case r.Exigence != nil:
		beside = levelInText(r)
	case r.Regle != nil:
		beside = r.Regle.Status
		if head, _, numbered := strings.Cut(r.Title, " — "); numbered {
			name = content.LowerFirst(head)
		} else {
			name = "règle sans numéro (" + r.ID + ")"
		}
	case r.Terme != nil:
		name = "glossaire, " + r.Terme.Term
	}
	if beside != "" {
		name += " (" + beside + ")"
	}
	return name
}

// said tells that words are ours.
func said(r *content.Record, quoted bool) string {
	if r.Restated && !quoted {
		return ", " + content.WordsRestated
	}
	return ""
}

func quotedOr(words string, quoted bool) string {
	if quoted {
		return "« " + words + " »"
	}
	return ended(words)
}

// ended makes a sentence of words that lack a full stop.
func ended(words string) string {
	if words == "" || strings.ContainsAny(words[len(words)-1:], ".!?") || strings.HasSuffix(words, "…") {
		return words
	}
	return words + "."
}

// productSentence says in a sentence what a product's row says in cells.
func productSentence(r *content.Record) string {
	p := r.Produit
	s := "Le produit " + r.ID + " est " + p.Name
	if p.Version != "" {
		s += ", version " + p.Version
	}
	if p.Vendor != "" {
		s += ", de " + p.Vendor
	}
	if p.Status != "" {
		s += ", au statut " + p.Status
		if word := content.StatusNamed(p.Status).Word; word != "" {
			s += " (" + content.LowerFirst(word) + ")"
		}
	}
	return s + "."
}
