package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/cct-mi/cct/content/profile"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/store"
)

// refusal is an error with its status; a handler returns it, answer alone
// writes it.
type refusal struct {
	status    int
	parameter string
	detail    string
}

func (r *refusal) Error() string { return r.detail }

func bad(parameter, detail string) error {
	return &refusal{http.StatusBadRequest, parameter, "Le paramètre « " + parameter + " » " + detail}
}

func missing(detail string) error { return &refusal{status: http.StatusNotFound, detail: detail} }

func titleOf(status int) string {
	switch status {
	case http.StatusBadRequest:
		return "Demande incomprise"
	case http.StatusNotFound:
		return "Introuvable"
	case http.StatusMethodNotAllowed:
		return "Méthode refusée"
	case http.StatusServiceUnavailable:
		return "Service indisponible un instant"
	}
	return "Erreur du service"
}

// refuse turns an error into a problem document (RFC 9457): the only place
// where an error of the API becomes a status.
func (a *api) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var why *refusal
	var answer *profile.BadAnswer
	var parameter *search.BadParameter
	switch {
	case errors.As(err, &why):
	case errors.As(err, &parameter):
		why = &refusal{http.StatusBadRequest, parameter.Name, capital(parameter.Error())}
	case errors.As(err, &answer):
		why = &refusal{http.StatusBadRequest, answer.Name, capital(answer.Error()) + "."}
	case errors.Is(err, context.Canceled) && r.Context().Err() != nil:
		return // the client left: nobody reads the answer
	case errors.Is(err, context.DeadlineExceeded):
		why = &refusal{status: http.StatusServiceUnavailable, detail: "La réponse a pris trop de temps. Réessayez dans un instant, ou avec moins de mots."}
	case errors.Is(err, store.ErrDamaged):
		why = &refusal{status: http.StatusServiceUnavailable, detail: "Le contenu enregistré est abîmé ; il est en train d’être refait. Réessayez dans un instant."}
	default:
		a.failed(r, err)
		why = &refusal{status: http.StatusInternalServerError, detail: "Une erreur de notre fait s’est produite. Réessayez ; si elle revient, prévenez l’exploitant du service."}
	}
	h := w.Header()
	h.Del("Content-Disposition")
	h.Del("ETag")
	h.Set("Content-Type", "application/problem+json")
	h.Set("Cache-Control", "no-store")
	if why.status == http.StatusServiceUnavailable && h.Get("Retry-After") == "" {
		h.Set("Retry-After", "2")
	}
	body, err := Encode(Problem{"about:blank", titleOf(why.status), why.status, why.detail, why.parameter})
	if err != nil {
		http.Error(w, why.detail, why.status)
		return
	}
	w.WriteHeader(why.status)
	w.Write(body) // a client that left is no error of ours
}

func capital(s string) string {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		return string(s[0]-'a'+'A') + s[1:]
	}
	return s
}

// clip shortens what someone sent, for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}
