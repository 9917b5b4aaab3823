package mcp

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/ui/address"
	"github.com/cct-mi/cct/ui/api"
	"github.com/cct-mi/cct/ui/cite"
	"github.com/cct-mi/cct/ui/markdown"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
)

// object is a part of a JSON schema.
type object = map[string]any

// tool is one that only reads. run gives what is shown to the assistant and what
// is given to its program; nil for nothing.
type tool struct {
	name, title, description string
	properties               object
	required                 []string
	output                   any // schema of what run gives the program; nil: any object
	run                      func(ctx context.Context, v url.Values) (text string, structured any, err error)
}

func (a *assistant) addTools(s *sdk.Server) {
	for _, t := range a.tools() {
		yes, no := true, false
		s.AddTool(&sdk.Tool{
			Name: t.name, Title: t.title, Description: t.description, OutputSchema: t.output,
			InputSchema: object{"type": "object", "properties": t.properties, "required": append([]string{}, t.required...), "additionalProperties": false},
			Annotations: &sdk.ToolAnnotations{Title: t.title, ReadOnlyHint: yes, IdempotentHint: yes, DestructiveHint: &no, OpenWorldHint: &no},
		}, func(ctx context.Context, req *sdk.CallToolRequest) (*sdk.CallToolResult, error) {
			v, err := t.arguments(req.Params.Arguments)
			if err != nil {
				return refused(err), nil
			}
			text, structured, err := t.run(ctx, v)
			if err != nil {
				return refused(err), nil
			}
			return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: text}}, StructuredContent: structured}, nil
		})
	}
}

// refused tells the assistant what was wrong, so that it can ask better.
func refused(err error) *sdk.CallToolResult {
	return &sdk.CallToolResult{IsError: true, Content: []sdk.Content{&sdk.TextContent{Text: err.Error()}}}
}

// arguments reads a call's arguments as an address would carry them.
func (t tool) arguments(raw json.RawMessage) (url.Values, error) {
	given := map[string]any{}
	if len(raw) > 0 && string(raw) != "null" {
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if err := d.Decode(&given); err != nil {
			return nil, errors.New("les arguments ne se lisent pas : il faut un objet JSON")
		}
	}
	v := url.Values{}
	for name, value := range given {
		if t.properties[name] == nil {
			return nil, fmt.Errorf("l’argument « %s » n’existe pas ; cet outil prend : %s", name, strings.Join(slices.Sorted(maps.Keys(t.properties)), ", "))
		}
		list, ok := value.([]any)
		if !ok {
			list = []any{value}
		}
		for _, one := range list {
			switch one := one.(type) {
			case nil:
			case string:
				v.Add(name, one)
			case json.Number, bool:
				v.Add(name, fmt.Sprint(one))
			default:
				return nil, fmt.Errorf("l’argument « %s » doit être un texte, un nombre, oui ou non, ou une liste de textes", name)
			}
		}
	}
	for _, name := range t.required {
		if strings.TrimSpace(v.Get(name)) == "" {
			return nil, fmt.Errorf("il manque l’argument « %s »", name)
		}
	}
	return v, nil
}

func (a *assistant) tools() []tool {
	list := []tool{a.chercher(), a.lire(), a.applicable(), a.verifier()}
	if _, ok := endpoint("/editions/{a}/{b}"); ok {
		list = append(list, a.comparer())
	}
	return list
}

func endpoint(path string) (api.Endpoint, bool) {
	for _, e := range api.Endpoints() {
		if e.Path == path {
			return e, true
		}
	}
	return api.Endpoint{}, false
}

// properties are the parameters of an address of the API as a JSON schema, but for
// some.
func properties(path string, but ...string) object {
	e, _ := endpoint(path)
	out := object{}
	for _, p := range e.Params {
		if slices.Contains(but, p.Name) {
			continue
		}
		one := object{"type": p.Type}
		if len(p.Values) > 0 {
			one["enum"] = p.Values
		}
		if p.Type == "integer" {
			one["minimum"], one["maximum"] = p.Min, p.Max
		}
		if p.Many {
			one = object{"type": "array", "items": one}
		}
		one["description"] = p.Doc
		out[p.Name] = one
	}
	return out
}

func (a *assistant) chercher() tool {
	whose := a.whose()
	return tool{
		name: "chercher", title: "Chercher dans " + whose.InText(),
		description: "Cherche dans les pages, exigences, produits, règles, termes et normes " + whose.Of() + ". Comprend les mots, les questions, les sigles, les identifiants et les fautes de frappe. La réponse structurée est celle de /api/v1/search.",
		properties:  properties("/search"), required: []string{"q"}, output: api.Schema("/search"),
		run: func(ctx context.Context, v url.Values) (string, any, error) {
			body, err := a.ask(ctx, "/search", v)
			if err != nil {
				return "", nil, err
			}
			var found api.SearchAnswer
			if err := json.Unmarshal(body, &found); err != nil {
				return "", nil, err
			}
			return markdown.Answer(answered(found), address.Site{}), body, nil // its addresses have their base already
		},
	}
}

// answered is the API's answer as the search gave it, for the writer of Markdown.
func answered(w api.SearchAnswer) *search.Answer {
	a := &search.Answer{Query: w.Query, Total: w.Total, Limit: w.Limit, Offset: w.Offset, Edition: w.Edition, Confident: w.Confident, Unknown: w.Unknown, Suggestions: w.Suggestions}
	if w.Corrected != nil {
		a.Corrected = *w.Corrected
	}
	for _, e := range w.Expanded {
		a.Expanded = append(a.Expanded, search.Expansion(e))
	}
	for _, h := range w.Hits {
		hit := search.Hit{ID: h.ID, Type: content.Kind(h.Type), Title: h.Title, URL: h.URL, Level: h.Level, OwnLevel: h.RawLevel, Snippet: h.Snippet}
		hit.Page.Title = h.Page.Title
		a.Hits = append(a.Hits, hit)
	}
	return a
}

func (a *assistant) lire() tool {
	return tool{
		name: "lire", title: "Lire une fiche ou une page",
		description: "Donne le texte de ce qui porte cet identifiant : exigence (EX33), produit (AT-1368), règle (1230, 2.2.1), terme ou page. En Markdown, ou en JSON (celui de l’API).",
		properties: object{
			"id":     object{"type": "string", "description": "L’identifiant, de quelque façon qu’il soit écrit."},
			"format": object{"type": "string", "enum": []string{"md", "json"}, "description": "md (par défaut) ou json."},
		}, required: []string{"id"},
		run: func(ctx context.Context, v url.Values) (string, any, error) {
			refs, err := a.named(v.Get("id"))
			if err != nil {
				return "", nil, err
			}
			if f := v.Get("format"); f == "json" {
				b, err := api.RecordJSON(a.lib.Catalog(), refs[0].Kind, refs[0].ID, address.Of(a.lib, a.o.BasePath))
				return string(b), json.RawMessage(bytes.TrimSpace(b)), err
			} else if f != "" && f != "md" {
				return "", nil, errors.New("l’argument « format » doit être md ou json")
			}
			var texts []string
			for _, ref := range refs {
				text, err := markdown.Named(a.lib.Catalog(), ref, address.Of(a.lib, a.o.BasePath))
				if err != nil {
					return "", nil, err
				}
				texts = append(texts, text)
			}
			return strings.Join(texts, "\n\n"), nil, nil
		},
	}
}

// maxRead is how many records one reading gives: "EX1-EX58" names as many.
const maxRead = 100

// named lists what bears an id.
func (a *assistant) named(id string) ([]content.Ref, error) {
	id = strings.TrimSpace(id)
	refs := a.lib.Resolve(id)
	for _, kind := range content.Kinds() {
		if len(refs) > 0 {
			break
		}
		exact, err := api.Resolve(a.lib, kind, id)
		if err != nil {
			return nil, err
		}
		if exact != "" {
			refs = []content.Ref{{Kind: kind, ID: exact}}
		}
	}
	if len(refs) == 0 {
		return nil, fmt.Errorf("rien ne porte l’identifiant « %s » dans l’édition %s ; cherchez par « chercher »", id, a.lib.Catalog().Head().Name)
	}
	return refs[:min(len(refs), maxRead)], nil
}

func (a *assistant) applicable() tool {
	whose := a.whose()
	p := properties("/applicable", "format", "view", "q", "id", "limit", "offset", "fields")
	p["complet"] = object{"type": "boolean", "description": "true : tous les verdicts, avec leurs raisons (long) ; sinon un résumé."}
	return tool{
		name: "applicable", title: "Ce qui s’applique à une application",
		description: "Dit quels documents, exigences et règles " + whose.Of() + " s’appliquent à une application, et pourquoi. Ce qui n’est pas dit de l’application n’écarte rien.",
		properties:  p,
		run: func(ctx context.Context, v url.Values) (string, any, error) {
			whole := false
			switch strings.ToLower(v.Get("complet")) {
			case "true", "oui", "1":
				whole = true
			case "", "false", "non", "0":
			default:
				return "", nil, errors.New("l’argument « complet » doit être true ou false")
			}
			v.Del("complet")
			body, err := a.ask(ctx, "/applicable", v)
			if err != nil {
				return "", nil, err
			}
			text, err := applicableText(body, whole)
			if err != nil || whole {
				return text, body, err
			}
			short, err := withoutLists(body)
			return text, short, err
		},
	}
}

// verdicts is what the text says of the API's answer.
type verdicts struct {
	Edition   string `json:"edition"`
	Documents []struct {
		Title   string `json:"title"`
		Applies bool   `json:"applies"`
		Because string `json:"because"`
	} `json:"documents"`
	Exigences []verdict `json:"exigences"`
	Regles    []verdict `json:"regles"`
	Approval  struct {
		Title   string `json:"title"`
		Because string `json:"because"`
	} `json:"approval"`
	Obligations []struct {
		Title   string `json:"title"`
		Because string `json:"because"`
	} `json:"obligations"`
}

type verdict struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Level   string `json:"level"`
	Own     string `json:"raw_level"`
	Status  string `json:"status"`
	Applies bool   `json:"applies"`
	Because string `json:"because"`
}

func applicableText(body json.RawMessage, whole bool) (string, error) {
	var v verdicts
	if err := json.Unmarshal(body, &v); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Ce qui s’applique, édition %s\n\n## Documents\n\n", v.Edition)
	for _, d := range v.Documents {
		mark := "ne s’applique pas"
		if d.Applies {
			mark = "s’applique"
		}
		fmt.Fprintf(&b, "- **%s** %s : %s\n", d.Title, mark, d.Because)
	}
	for _, part := range []struct {
		title string
		list  []verdict
	}{{"Exigences", v.Exigences}, {"Règles", v.Regles}} {
		var applying []verdict
		ids := map[string][]string{}
		var levels []string
		for _, x := range part.list {
			if !x.Applies {
				continue
			}
			applying = append(applying, x)
			level := cmp.Or(x.Own, x.Level) + x.Status
			if level == "" {
				level = "sans niveau"
			}
			if ids[level] == nil {
				levels = append(levels, level)
			}
			ids[level] = append(ids[level], x.ID)
		}
		if len(part.list) == 0 {
			continue
		}
		fmt.Fprintf(&b, "\n## %s : %d sur %d\n\n", part.title, len(applying), len(part.list))
		for _, level := range levels {
			if !whole {
				fmt.Fprintf(&b, "- %s (%d) : %s\n", level, len(ids[level]), strings.Join(ids[level], ", "))
			}
		}
		for _, x := range applying {
			if whole {
				fmt.Fprintf(&b, "- %s %s : %s\n", x.Title, cmp.Or(x.Own, x.Level)+x.Status, x.Because)
			}
		}
	}
	fmt.Fprintf(&b, "\n## Accord\n\n%s. %s\n", v.Approval.Title, v.Approval.Because)
	if len(v.Obligations) > 0 {
		b.WriteString("\n## À faire\n\n")
	}
	for _, o := range v.Obligations {
		fmt.Fprintf(&b, "- **%s** : %s\n", o.Title, o.Because)
	}
	return b.String(), nil
}

// withoutLists leaves the long lists out of the API's answer, and counts them.
func withoutLists(body json.RawMessage) (any, error) {
	var v map[string]any
	if err := json.Unmarshal(body, &v); err != nil {
		return nil, err
	}
	counts := object{}
	for _, name := range []string{"exigences", "regles", "families"} {
		list, ok := v[name].([]any)
		if !ok {
			continue
		}
		n := 0
		for _, x := range list {
			if one, ok := x.(map[string]any); ok && one["applies"] == true {
				n++
			}
		}
		counts[name] = n
		delete(v, name)
	}
	if v["summary"] == nil {
		v["summary"] = counts
	}
	return v, nil
}

func (a *assistant) verifier() tool {
	whose := a.whose()
	return tool{
		name: "verifier", title: "Vérifier les identifiants cités",
		description: "Relève les identifiants " + whose.Of() + " qu’un texte cite, et dit de chacun s’il existe, son titre et son niveau. À appeler avant de rendre un document qui cite " + whose.InText() + ".",
		properties: object{
			"texte":   object{"type": "string", "description": "Le texte à vérifier."},
			"fichier": object{"type": "string", "description": "Son nom, repris dans la réponse."},
		}, required: []string{"texte"},
		run: func(_ context.Context, v url.Values) (string, any, error) {
			list, err := cite.In(a.lib, v.Get("fichier"), v.Get("texte"))
			if err != nil {
				return "", nil, err
			}
			report := cite.NewReport(list)
			var b strings.Builder
			fmt.Fprintf(&b, "%d identifiants cités, dont %d inconnus dans l’édition %s.\n\n", report.Total, len(report.Unknown), a.lib.Catalog().Head().Name)
			for _, c := range list {
				what := "n’existe pas"
				if c.Exists {
					what = c.Title
				}
				if c.Level != "" {
					what += " (" + string(c.Level) + ")"
				}
				fmt.Fprintf(&b, "- ligne %d : `%s` — %s\n", c.Line, c.ID, what)
			}
			return b.String(), report, nil
		},
	}
}

func (a *assistant) comparer() tool {
	whose := a.whose()
	return tool{
		name: "comparer", title: "Comparer deux éditions",
		description: "Dit ce qui a changé entre deux éditions " + whose.Of() + " : exigences nouvelles, retirées, reformulées, changées de niveau. Sans argument, la liste des éditions.",
		properties: object{
			"de":   object{"type": "string", "description": "L’édition de départ, telle que la nomme la liste des éditions."},
			"vers": object{"type": "string", "description": "L’édition d’arrivée."},
		},
		run: func(ctx context.Context, v url.Values) (string, any, error) {
			path := "/editions"
			switch from, to := v.Get("de"), v.Get("vers"); {
			case from != "" && to != "":
				path += "/" + url.PathEscape(from) + "/" + url.PathEscape(to)
			case from != "" || to != "":
				return "", nil, errors.New("donnez les deux éditions, « de » et « vers », ou aucune pour en avoir la liste")
			}
			body, err := a.ask(ctx, path, nil)
			if err != nil || path == "/editions" {
				return string(body), body, err
			}
			text, err := changesText(body)
			return text, body, err
		},
	}
}

// changesText is what changed between two editions, a line for each record that is
// not the same.
func changesText(body json.RawMessage) (string, error) {
	var c api.ChangesAnswer
	if err := json.Unmarshal(body, &c); err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# De l’édition %s à l’édition %s\n\n", c.From, c.To)
	for _, r := range c.Records {
		if r.Relation == "identical" && r.Level == nil {
			continue
		}
		from, to := r.From, strings.Join(r.To, ", ")
		if from == "" {
			from = "(rien)"
		}
		if to == "" {
			to = "(rien)"
		}
		fmt.Fprintf(&b, "- %s → %s : %s, %s", from, to, r.Relation, r.Certainty)
		if r.Level != nil {
			fmt.Fprintf(&b, " ; niveau %s → %s", r.Level.From, r.Level.To)
		}
		b.WriteString("\n")
	}
	return b.String(), nil
}
