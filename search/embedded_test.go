package search

import (
	"testing"

	"github.com/cct-mi/cct/content"
)

// TestEmbeddedContent holds what is tested on the content that comes with the program,
// which takes a while to index.
func TestEmbeddedContent(t *testing.T) {
	l := library(t, content.Embedded())
	for name, test := range map[string]func(*testing.T, *Library){
		"slips by ear": slipsByEar, "slips reached": slipsReached, "French is corrected nowhere": frenchIsCorrectedNowhere, "French is left alone": frenchIsLeftAlone, "English finds French": englishFindsFrench,
		"proposals are real": proposalsAreReal, "proposals reached": proposalsReached,
	} {
		t.Run(name, func(t *testing.T) { test(t, l) })
	}
}
