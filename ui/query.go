package ui

import (
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"
)

// legible refuses parameters that cannot be read, rather than answer as if they
// had not been given. A semicolon is text: who types an address means it so. The
// API says itself what it cannot read.
func (s *Site) legible(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.RawQuery, ";") {
			to := *r.URL
			to.RawQuery = strings.ReplaceAll(to.RawQuery, ";", "%3B")
			r = r.WithContext(r.Context())
			r.URL = &to
		}
		if !strings.HasPrefix(r.URL.Path, s.base+"/api/") {
			if why := illegible(r.URL.RawQuery); why != "" {
				s.Refuse(w, r, http.StatusBadRequest, why)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func illegible(rawQuery string) string {
	v, err := url.ParseQuery(rawQuery)
	if err != nil {
		return "Cette adresse est mal formée : un « % » doit y être suivi de deux chiffres hexadécimaux (%25 pour le signe lui-même)."
	}
	for name, values := range v {
		for _, value := range values {
			if !utf8.ValidString(name) || !utf8.ValidString(value) {
				return "Le paramètre « " + cut(strings.ToValidUTF8(name, "?"), 40) + " » n’est pas écrit en UTF-8 : retapez-le."
			}
		}
	}
	return ""
}
