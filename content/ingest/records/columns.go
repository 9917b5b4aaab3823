package records

import (
	"github.com/cct-mi/cct/content"
)

// Tables are told apart by their headers, never by their caption or place: a
// caption of the source was copied from another table.

// column is what a header stands for.
type column int

const (
	other column = iota
	colID
	colLevel
	colName
	colText
	colNature
	colCategory
	colReplaces
	colReference
	colComponent
	colVendor
	colVersion
	colStatus
	colSupport
	colLicence
	colChange
	colComment
	colTerm
	colAliases
	colDefinition
	colNumber
	colRule
	colNorm
	colGoverns

	columnCount
)

// values are the texts of a row, by what their columns are.
type values [columnCount]string

// columns maps a folded header to what it stands for.
var columns = map[string]column{
	"id": colID, "identifiant": colID, "type": colLevel, "niveau": colLevel, "intitule": colName, "exigence": colText, "nature": colNature,
	"categorisation": colCategory, "categorie": colCategory, "autre edition": colReplaces,
	"reference": colReference, "composant": colComponent, "produit": colComponent, "fournisseur": colVendor, "editeur": colVendor, "version": colVersion, "statut": colStatus,
	"supp ll": colSupport, "licence": colLicence, "evolution": colChange, "commentaires": colComment, "commentaire": colComment,
	"terme": colTerm, "autres noms": colAliases, "description definition": colDefinition, "definition": colDefinition, "description": colDefinition,
	"ref": colNumber, "regle": colRule, "norme": colNorm, "ce qu elle regit": colGoverns,
}

// classify tells the kind of records that a table holds, and what each of its
// columns is; KindLigne when nothing is recognised.
func (s *Schema) classify(headers []string) (content.Kind, []column) {
	cols := make([]column, len(headers))
	var has [columnCount]bool
	for i, h := range headers {
		cols[i] = s.columnOf(h)
		has[cols[i]] = true
	}
	replace := func(from, to column) {
		for i := range cols {
			if cols[i] == from {
				cols[i] = to
			}
		}
	}
	switch {
	case has[colReference] && has[colComponent]:
		return content.KindProduit, cols
	case has[colID] && has[colText]:
		return content.KindExigence, cols
	case has[colTerm] && has[colDefinition]:
		return content.KindTerme, cols
	case has[colNumber] && has[colStatus] && (has[colName] || has[colRule]):
		if !has[colRule] {
			replace(colName, colRule)
		}
		return content.KindRegle, cols
	case has[colNorm]:
		return content.KindNorme, cols
	}
	return content.KindLigne, cols
}
