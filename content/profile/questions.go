package profile

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Prefix stands before the names of the parameters where others of the same
// name exist: searches and lists narrowed to "mon application"
// ("app-type=cloud-native" beside the filter "type=exigence").
const Prefix = "app-"

// Question is one of those that describe an application, in the words of a form.
type Question struct {
	Name    string // of the parameter and the flag: "type"
	Label   string // "De quel type d’application s’agit-il ?"
	Subject string // in a sentence: "le type de l’application"
	Help    string // what it decides
	Many    bool   // takes several values
	First   bool   // always shown; the others are folded
	Values  []Value
}

// Value is one possible answer.
type Value struct {
	Value string // "ent-cloud-native"
	Label string // in a form
	Short string // in a sentence or a title
	Help  string // "" where the label says it all
	None  bool   // holds alone: "aucun"
}

// Questions lists the questions in the order of a form. The slice is shared: do
// not change it.
func Questions() []Question { return questions() }

var questions = sync.OnceValue(func() []Question { return slices.Concat(firstQuestions(), moreQuestions()) })

func firstQuestions() []Question {
	return []Question{
		{Name: "type", Label: "De quel type d’application s’agit-il ?", Subject: "le type de l’application", First: true,
			Help: "L’environnement numérique de travail (ENT) est ce qui tourne sur le poste ; Cloud Native et Legacy, ce qui tourne sur des serveurs. Décide des documents et des exigences.",
			Values: []Value{
				{Value: "ent", Label: "Environnement numérique de travail uniquement", Short: "ENT uniquement", Help: "Un logiciel du poste de travail, sans partie serveur."},
				{Value: "ent-cloud-native", Label: "Environnement numérique de travail et Cloud Native", Short: "ENT et Cloud Native", Help: "Une partie sur le poste, une partie serveur en conteneurs Kubernetes."},
				{Value: "ent-legacy", Label: "Environnement numérique de travail et Legacy", Short: "ENT et Legacy", Help: "Une partie sur le poste, une partie serveur hors Cloud Native."},
				{Value: "cloud-native", Label: "Cloud Native uniquement", Short: "Cloud Native uniquement", Help: "Une application serveur, livrée par la chaîne DevSecOps sur Kubernetes."},
				{Value: "legacy", Label: "Legacy uniquement", Short: "Legacy uniquement", Help: "Une application serveur sur machines physiques ou virtuelles, qui ne peut pas être Cloud Native."},
			}},
		{Name: "evolution", Label: "Que préparez-vous ?", Subject: "l’évolution", First: true,
			Help: "Le cadre ne définit ni l’une ni l’autre de ces évolutions : en cas de doute, demandez au comité d’architecture. Décide de l’accord nécessaire, et de l’audit d’accessibilité.",
			Values: []Value{
				{Value: "nouvelle", Label: "Une nouvelle application", Short: "nouvelle application"},
				{Value: "majeure", Label: "Une évolution majeure d’une application existante", Short: "évolution majeure"},
				{Value: "mineure", Label: "Une évolution mineure d’une application existante", Short: "évolution mineure"},
			}},
		{Name: "taille", Label: "Quelle est la taille de l’application ?", Subject: "la taille de l’application", First: true,
			Help: "La taille décide, avec l’évolution, de qui doit donner son accord.",
			Values: []Value{
				{Value: "grande", Label: "Une grande application", Short: "grande application"},
				{Value: "petite", Label: "Une petite application", Short: "petite application"},
			}},
		{Name: "perimetre", Label: "À qui appartient l’application ?", Subject: "le propriétaire de l’application", First: true,
			Help: "Le cadre vaut pour les applications du ministère, et pour celles d’autres entités qu’il héberge.",
			Values: []Value{
				{Value: "ministeriel", Label: "Au ministère de l’Intérieur et des Outre-Mer", Short: "périmètre ministériel"},
				{Value: "interministeriel", Label: "À un autre ministère ou organisme, hébergée par le ministère", Short: "périmètre interministériel"},
			}},
		{Name: "marche", Label: "Est-elle développée dans le cadre d’un marché public ?", Subject: "le recours à un marché public", First: true,
			Help: "Le cadre et ses exigences deviennent alors des pièces de la consultation.",
			Values: []Value{
				{Value: "oui", Label: "Oui", Short: "marché public"},
				{Value: "non", Label: "Non", Short: "hors marché public"},
			}},
	}
}

func moreQuestions() []Question {
	return []Question{
		{Name: "realisation", Label: "Que réalise-t-on, ou qu’achète-t-on ?", Subject: "la réalisation", Many: true,
			Help: "Décide des outils de développement à choisir dans le référentiel, et de ce qui suppose d’écrire du code.",
			Values: []Value{
				{Value: "specifique", Label: "Du développement spécifique", Short: "développement spécifique"},
				{Value: "progiciel", Label: "Un progiciel, installé ou configuré", Short: "progiciel"},
				{Value: "service", Label: "Un service acheté (SaaS)", Short: "service acheté"},
			}},
		{Name: "utilisateurs", Label: "Qui s’en sert ?", Subject: "les utilisateurs", Many: true,
			Help: "Décide de la façon de s’identifier : SSO des agents, FranceConnect, entreprises et associations.",
			Values: []Value{
				{Value: "agents", Label: "Des agents du ministère", Short: "agents du ministère"},
				{Value: "agents-externes", Label: "Des agents d’autres administrations", Short: "agents d’autres administrations"},
				{Value: "public", Label: "Le public : citoyens, usagers", Short: "public"},
				{Value: "personnes-morales", Label: "Des entreprises ou des associations", Short: "personnes morales"},
				{Value: "aucun", Label: "Personne : des programmes seulement", Short: "aucun utilisateur", None: true},
			}},
		{Name: "interface", Label: "Par quelle interface ?", Subject: "l’interface", Many: true,
			Help: "Décide de l’accessibilité (RGAA), du design de l’État et de la validation des applications mobiles.",
			Values: []Value{
				{Value: "web", Label: "Un site ou une application web", Short: "interface web"},
				{Value: "client-lourd", Label: "Un logiciel du poste (client lourd)", Short: "client lourd"},
				{Value: "mobile", Label: "Une application sur smartphone ou tablette", Short: "application mobile"},
				{Value: "aucune", Label: "Aucune interface", Short: "sans interface", None: true},
			}},
		{Name: "api", Label: "Expose-t-elle ou appelle-t-elle des API ?", Subject: "l’usage des API", Many: true,
			Help: "Décide des règles et des principes de la doctrine API.",
			Values: []Value{
				{Value: "expose", Label: "Elle en expose, au sein du ministère ou de l’État", Short: "expose une API"},
				{Value: "expose-internet", Label: "Elle en expose sur l’internet", Short: "expose une API sur l’internet"},
				{Value: "donnees-ouvertes", Label: "Elle publie des données ouvertes", Short: "publie des données ouvertes"},
				{Value: "consomme", Label: "Elle en appelle d’autres", Short: "consomme des API"},
				{Value: "aucune", Label: "Aucune", Short: "sans API", None: true},
			}},
		{Name: "donnees", Label: "Quelles données traite-t-elle ?", Subject: "les données", Many: true,
			Help: "Décide de ce qui touche au stockage, à la sauvegarde, au RGPD, aux adresses et aux cartes.",
			Values: []Value{
				{Value: "conservees", Label: "Elle en conserve", Short: "données conservées"},
				{Value: "personnelles", Label: "Des données personnelles", Short: "données personnelles"},
				{Value: "sensibles", Label: "Des données sensibles", Short: "données sensibles"},
				{Value: "adresses", Label: "Des adresses postales", Short: "adresses postales"},
				{Value: "geographiques", Label: "Des données géographiques", Short: "données géographiques"},
				{Value: "aucune", Label: "Aucune", Short: "sans données", None: true},
			}},
		{Name: "echanges", Label: "Avec quoi échange-t-elle ?", Subject: "les échanges", Many: true,
			Help: "Décide des plateformes d’échange, des formats et de la sécurité des interconnexions.",
			Values: []Value{
				{Value: "applications", Label: "D’autres applications du ministère", Short: "échanges entre applications"},
				{Value: "partenaires", Label: "Des partenaires extérieurs au ministère", Short: "échanges avec des partenaires"},
				{Value: "centres", Label: "Des applications d’un autre centre d’hébergement", Short: "échanges entre centres d’hébergement"},
				{Value: "fichiers", Label: "Par fichiers", Short: "échanges de fichiers"},
				{Value: "aucun", Label: "Avec rien", Short: "sans échange", None: true},
			}},
	}
}

func questionNamed(name string) (Question, bool) {
	for _, q := range Questions() {
		if q.Name == name {
			return q, true
		}
	}
	return Question{}, false
}

// Short says an answer as it stands in a sentence; the value itself when it
// isn't one of the question's.
func (q Question) Short(value string) string {
	for _, v := range q.Values {
		if v.Value == value {
			return v.Short
		}
	}
	return value
}

// Takes says whether the question has a value.
func (q Question) Takes(value string) bool {
	return slices.ContainsFunc(q.Values, func(v Value) bool { return v.Value == value })
}

// Allowed lists the values.
func (q Question) Allowed() []string {
	var values []string
	for _, v := range q.Values {
		values = append(values, v.Value)
	}
	return values
}

// BadAnswer is an answer that the question doesn't know, or one that another
// contradicts.
type BadAnswer struct {
	Name    string // of the parameter, with its prefix
	Value   string
	Allowed []string
	Against string // the answer that can't stand beside Value, else ""
}

func (b *BadAnswer) Error() string {
	if b.Against != "" {
		return fmt.Sprintf("le paramètre « %s » se contredit : « %s » ne va pas avec « %s » ; gardez l’un des deux", b.Name, b.Value, b.Against)
	}
	return fmt.Sprintf("le paramètre « %s » ne peut pas valoir « %s » : choisissez parmi %s", b.Name, short(b.Value), strings.Join(b.Allowed, ", "))
}

// short keeps an error's line readable whatever was sent.
func short(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// Parse reads the answers by name, several values of one separated by commas;
// one that the question does not know, or that another contradicts, is a
// *BadAnswer. Case and surrounding blanks don't count.
func Parse(get func(name string) string) (Profile, error) { return parse("", get) }

// ParseNarrow reads them under Prefix, for searches and lists.
func ParseNarrow(get func(name string) string) (Profile, error) { return parse(Prefix, get) }

func parse(prefix string, get func(name string) string) (Profile, error) {
	p := Profile{}
	for _, q := range Questions() {
		name := prefix + q.Name
		answer, err := q.answer(name, get(name))
		if err != nil {
			return Profile{}, err
		}
		if len(answer) > 0 {
			p[q.Name] = answer
		}
	}
	return p, nil
}

// answer reads the values of one question, in the order of the form.
func (q Question) answer(name, raw string) ([]string, error) {
	if raw == "" {
		return nil, nil
	}
	given := map[string]bool{}
	for v := range strings.SplitSeq(raw, ",") {
		v = strings.ToLower(strings.TrimSpace(v))
		if v == "" {
			continue
		}
		if !q.Takes(v) {
			return nil, &BadAnswer{Name: name, Value: v, Allowed: q.Allowed()}
		}
		given[v] = true
	}
	var answer []string
	none := ""
	for _, v := range q.Values {
		if given[v.Value] {
			answer = append(answer, v.Value)
			if v.None {
				none = v.Value
			}
		}
	}
	if len(answer) > 1 && (none != "" || !q.Many) {
		if none == "" {
			none = answer[1]
		}
		other := answer[0]
		return nil, &BadAnswer{Name: name, Value: none, Against: other, Allowed: q.Allowed()}
	}
	return answer, nil
}
