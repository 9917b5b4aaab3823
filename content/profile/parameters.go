package profile

import (
	"net/url"
	"slices"
	"strings"
)

// Given reads answers from the parameters of an address. A question answered
// twice, and not the same way, gets both answers as one, which Parse refuses:
// taking the first would drop documents that the second keeps.
func Given(v url.Values) func(name string) string {
	return func(name string) string {
		var given []string
		for _, a := range v[name] {
			if a = strings.TrimSpace(a); a != "" && !slices.Contains(given, a) {
				given = append(given, a)
			}
		}
		return strings.Join(given, ",")
	}
}
