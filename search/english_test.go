package search

import (
	"strings"
	"testing"

	"github.com/cct-mi/cct/content"
)

func TestEnglishTermsAreGroups(t *testing.T) {
	groups, problems := content.ParseSynonyms(strings.NewReader(english))
	if len(groups) < 100 || len(problems) > 0 {
		t.Errorf("%d groups, faults: %v", len(groups), problems)
	}
	for _, g := range groups {
		if !g.OneWay {
			t.Errorf("%v leads both ways: French texts must not be searched for in English", g.Terms)
		}
	}
}

// englishFindsFrench: what someone asks in English finds what French texts write.
func englishFindsFrench(t *testing.T, l *Library) {
	for query, want := range map[string]string{
		"rate limit": "429 5.10 5.7", "password manager": "SI-1428", "single sign on": "sso EX56 SG-1402", "bug tracker": "DV-1180 DV-1462",
		"disaster recovery": "pra EX8", "object storage": "EX33 EX7 s3", "secret management": "EX36 secrets",
	} {
		a := ask(t, l, Request{Query: query})
		found := false
		for _, h := range a.Hits {
			for id := range strings.FieldsSeq(want) {
				found = found || h.ID == id || strings.HasSuffix(h.ID, "--"+id)
			}
		}
		if !found || !a.Confident {
			t.Errorf("%s: confident %v, finds %q, want one of %s", query, a.Confident, idsOf(a), want)
		}
	}
}
