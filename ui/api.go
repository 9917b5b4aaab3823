package ui

import "net/http"

// api is the JSON API, served under /api/v1/.
func (s *Site) api() (http.Handler, error) { return nil, nil }
