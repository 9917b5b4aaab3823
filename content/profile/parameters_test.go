package profile_test

import (
	"net/url"
	"testing"

	"github.com/cct-mi/cct/content/profile"
)

// TestAnsweredTwice: an answer is never chosen in silence among several.
func TestAnsweredTwice(t *testing.T) {
	for query, want := range map[string]string{
		"type=legacy&type=legacy": "legacy", "type=&type=legacy": "legacy", "type= legacy ": "legacy", "": "",
		"type=legacy&type=ent": "error", "type=legacy&type=mobile": "error", "type=legacy,ent": "error", "type=LEGACY": "legacy",
	} {
		v, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		p, err := profile.Parse(profile.Given(v))
		if (err != nil) != (want == "error") || err == nil && p.Answer("type") != want {
			t.Errorf("%s: %q, %v", query, p.Answer("type"), err)
		}
	}
}
