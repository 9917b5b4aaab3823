package profile

import (
	"fmt"
	"strings"
)

// Prefix stands before the names of the five parameters where others of the
// same name exist: searches and lists narrowed to "mon application"
// ("app-type=cloud-native" beside the filter "type=exigence").
const Prefix = "app-"

// Question is one of the five, in the words of a form.
type Question struct {
	Name   string // of the parameter and the flag: "type"
	Label  string // "De quel type d’application s’agit-il ?"
	Help   string
	Values []Value
}

// Value is one possible answer.
type Value struct {
	Value string // "ent-cloud-native"
	Label string // in a form
	Short string // in a sentence or a title
	Help  string // "" where the label says it all
}

// Questions lists the five questions in the order of a form.
func Questions() []Question {
	return []Question{
		{"type", "De quel type d’application s’agit-il ?",
			"L’environnement numérique de travail (ENT) désigne ce qui tourne sur le poste : bureautique, client lourd, outils de l’agent. Cloud Native et Legacy désignent la partie hébergée sur des serveurs.",
			[]Value{
				{"ent", "Environnement numérique de travail uniquement", "ENT uniquement", "Un logiciel du poste de travail, sans partie serveur."},
				{"ent-cloud-native", "Environnement numérique de travail et Cloud Native", "ENT et Cloud Native", "Une partie sur le poste, une partie serveur en conteneurs Kubernetes."},
				{"ent-legacy", "Environnement numérique de travail et Legacy", "ENT et Legacy", "Une partie sur le poste, une partie serveur hors Cloud Native."},
				{"cloud-native", "Cloud Native uniquement", "Cloud Native uniquement", "Une application serveur, livrée par la chaîne DevSecOps sur Kubernetes."},
				{"legacy", "Legacy uniquement", "Legacy uniquement", "Une application serveur sur machines physiques ou virtuelles, qui ne peut pas être Cloud Native."},
			}},
		{"evolution", "Que préparez-vous ?",
			"Le cadre ne définit ni l’une ni l’autre de ces évolutions : en cas de doute, demandez au comité d’architecture.",
			[]Value{
				{"nouvelle", "Une nouvelle application", "nouvelle application", ""},
				{"majeure", "Une évolution majeure d’une application existante", "évolution majeure", ""},
				{"mineure", "Une évolution mineure d’une application existante", "évolution mineure", ""},
			}},
		{"taille", "Quelle est la taille de l’application ?",
			"La taille décide, avec l’évolution, de qui doit donner son accord.",
			[]Value{
				{"grande", "Une grande application", "grande application", ""},
				{"petite", "Une petite application", "petite application", ""},
			}},
		{"perimetre", "À qui appartient l’application ?",
			"Le cadre vaut pour les applications du ministère, et pour celles d’autres entités qu’il héberge.",
			[]Value{
				{"ministeriel", "Au ministère de l’Intérieur et des Outre-Mer", "périmètre ministériel", ""},
				{"interministeriel", "À un autre ministère ou organisme, hébergée par le ministère", "périmètre interministériel", ""},
			}},
		{"marche", "Est-elle développée dans le cadre d’un marché public ?",
			"Le cadre et ses exigences deviennent alors des pièces de la consultation.",
			[]Value{
				{"oui", "Oui", "marché public", ""},
				{"non", "Non", "hors marché public", ""},
			}},
	}
}

// BadAnswer is an answer that the question doesn't know.
type BadAnswer struct {
	Name    string // of the parameter, with its prefix
	Value   string
	Allowed []string
}

func (b *BadAnswer) Error() string {
	return fmt.Sprintf("le paramètre « %s » ne peut pas valoir « %s » : choisissez parmi %s", b.Name, short(b.Value), strings.Join(b.Allowed, ", "))
}

// short keeps an error's line readable whatever was sent.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// Parse reads the five answers by name; an unknown value is a *BadAnswer that
// names it and lists the values. Case and surrounding blanks don't count.
func Parse(get func(name string) string) (Profile, error) { return parse("", get) }

// ParseNarrow reads them under Prefix, for searches and lists.
func ParseNarrow(get func(name string) string) (Profile, error) { return parse(Prefix, get) }

func parse(prefix string, get func(name string) string) (Profile, error) {
	var p Profile
	for _, q := range Questions() {
		raw := get(prefix + q.Name)
		answer := strings.ToLower(strings.TrimSpace(raw))
		if answer == "" {
			continue
		}
		var allowed []string
		for _, v := range q.Values {
			if v.Value == answer {
				*p.field(q.Name) = answer
			}
			allowed = append(allowed, v.Value)
		}
		if p.Answer(q.Name) == "" {
			return Profile{}, &BadAnswer{Name: prefix + q.Name, Value: raw, Allowed: allowed}
		}
	}
	return p, nil
}
