package mcp

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/cct-mi/cct/content/profile"
)

// addPrompt gives the request that writes the compliance section of an
// architecture file, with what binds the application already in it.
func (a *assistant) addPrompt(s *sdk.Server) {
	arguments := []*sdk.PromptArgument{{Name: "application", Title: "Nom de l’application", Description: "Le nom de l’application que décrit le dossier."}}
	for _, q := range profile.Questions() {
		var values []string
		for _, v := range q.Values {
			values = append(values, v.Value)
		}
		arguments = append(arguments, &sdk.PromptArgument{Name: q.Name, Title: q.Label, Description: "Une valeur parmi : " + strings.Join(values, ", ") + ". Laissez vide si vous ne savez pas."})
	}
	s.AddPrompt(&sdk.Prompt{
		Name: "dossier-conformite", Title: "Section de conformité " + a.whose().To() + " d’un dossier d’architecture",
		Description: "Rédige la section du dossier d’architecture technique qui répond à chaque exigence " + a.whose().Of() + " applicable à l’application.", Arguments: arguments,
	}, a.prompt)
}

func (a *assistant) prompt(ctx context.Context, req *sdk.GetPromptRequest) (*sdk.GetPromptResult, error) {
	v := url.Values{}
	name := "l’application"
	for key, value := range req.Params.Arguments {
		switch {
		case strings.TrimSpace(value) == "":
		case key == "application":
			name = "l’application « " + value + " »"
		default:
			v.Set(key, value)
		}
	}
	body, err := a.ask(ctx, "/applicable", v)
	if err != nil {
		return nil, err
	}
	var verdicts verdicts
	if err := json.Unmarshal(body, &verdicts); err != nil {
		return nil, err
	}
	var b strings.Builder
	whose, conformity := a.whose(), "au cadre de cohérence technique"
	if whose.Foreign() {
		conformity = whose.To()
	}
	fmt.Fprintf(&b, "Rédige la section « Conformité %s » du dossier d’architecture technique de %s, sur l’édition %s %s.\n\n", conformity, name, verdicts.Edition, whose.Of())
	b.WriteString("Pour chaque exigence et règle de la liste, dans l’ordre : un titre avec son identifiant et son niveau, la réponse (conforme, non conforme, dérogation, sans objet), la preuve ou ce qui manque, et le document où elle se lit. " +
		"N’invente ni réponse ni preuve : ce que tu ne sais pas de l’application, écris-le comme une question. Lis le texte d’une exigence par l’outil « lire » avant d’y répondre, et passe la section rédigée à l’outil « verifier ».\n\n")
	list := func(title string, items []verdict) {
		first := true
		for _, x := range items {
			if !x.Applies {
				continue
			}
			if first {
				fmt.Fprintf(&b, "## %s\n\n", title)
				first = false
			}
			about := cmp.Or(x.Own, x.Level) + x.Status
			if about == "" {
				about = "niveau non précisé"
			}
			fmt.Fprintf(&b, "- %s (%s)\n", x.Title, about)
		}
		if !first {
			b.WriteString("\n")
		}
	}
	list("Exigences applicables", verdicts.Exigences)
	list("Règles applicables", verdicts.Regles)
	return &sdk.GetPromptResult{Description: "Section de conformité " + whose.To(), Messages: []*sdk.PromptMessage{{Role: "user", Content: &sdk.TextContent{Text: b.String()}}}}, nil
}
