package ui

import "net/http"

// securityHeaders go on every answer, errors included: the rules of ANSSI's
// recommendations for sites (PA-009) that an answer's headers can follow.
// Strict-Transport-Security belongs to whoever ends TLS (see ui/middleware).
var securityHeaders = http.Header{
	"Content-Security-Policy":      {"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"},
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"},
	"Referrer-Policy":              {"no-referrer"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {"accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), payment=(), usb=()"},
}

func setHeaders(h http.Header) {
	for name, values := range securityHeaders {
		if len(h[name]) == 0 {
			h[name] = values // shared by all answers: headers are replaced, not changed
		}
	}
}

// Secure sets the security headers on every answer of next, before it runs: a
// handler may replace one by a stricter one. New uses it; so should whoever
// answers around the site.
func Secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		next.ServeHTTP(w, r)
	})
}
