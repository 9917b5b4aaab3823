package ui

import (
	"slices"
	"testing"
)

func TestFrenchOrder(t *testing.T) {
	got := []string{"Zimbra", "œuvre", "EX10", "péage", "7-Zip", "PostgreSQL 13", "Écoconception", "API", "EX2", "PostgreSQL 9.6", "", "Oracle"}
	slices.SortFunc(got, frenchOrder)
	want := []string{"", "7-Zip", "API", "Écoconception", "EX2", "EX10", "œuvre", "Oracle", "péage", "PostgreSQL 9.6", "PostgreSQL 13", "Zimbra"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if frenchOrder("cote", "côté") == 0 {
		t.Error("accents tell apart what letters don't")
	}
}
