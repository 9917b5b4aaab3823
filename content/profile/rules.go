package profile

import "slices"

// The rules. Each names the pages that it comes from, as files: of the content
// that the program carries first, then of the official repository.

const officialPresentation = "1-chapeau/2-presentation-generale.md"

var (
	pageMatrix    = []string{"presentation/documents-et-applicabilite.md", officialPresentation}
	pageControls  = []string{"presentation/controles-et-accords.md", officialPresentation}
	pagePhases    = []string{"presentation/niveaux-et-phases.md", officialPresentation}
	pageChoice    = []string{"presentation/legacy-ou-cloud-native.md", officialPresentation}
	pageContracts = []string{"presentation/marches-publics.md", "1-chapeau/Guide_CCT_dans_la_commande_publique.md", officialPresentation}
	pageLevels    = []string{"architecture/exigences-d-architecture.md", "5-socle-d-architecture/4-exigences-d-architecture/introduction.md"}
	pageCompare   = append([]string{"presentation/comparer-les-niveaux.md"}, pageLevels...)
	pagePrinciple = []string{"cloud-native/principes.md", "3-doctrine-d-hebergement/1-cloud-native/1-cct-cloud-native/3-principes-generaux-cadre-cloud-native.md"}
	pageIntro     = []string{"cloud-native/introduction.md", "3-doctrine-d-hebergement/1-cloud-native/1-cct-cloud-native/1-introduction.md"}
)

// document is a row of the matrix turned on its side: to which types of
// application one document applies.
type document struct {
	id, title string
	pages     []string
	types     []string // that it applies to
	yes, no   string   // why, for a type that is in types, or isn't
	scope     map[string]string
}

// documents gives the matrix of the general presentation: five types by five
// documents.
func documents() []document {
	every := []string{"ent", "ent-cloud-native", "ent-legacy", "cloud-native", "legacy"}
	return []document{
		{"environnement-numerique-de-travail", "Environnement numérique de travail",
			[]string{"environnement-numerique-de-travail/index.md", "4-environnement-numerique-de-travail/introduction.md"},
			[]string{"ent", "ent-cloud-native", "ent-legacy"},
			"L’application a une partie sur le poste de travail.",
			"L’application n’a pas de partie sur le poste de travail.",
			map[string]string{"interministeriel": "Ce document vaut au ministère comme entre ministères."}},
		{"legacy", "Legacy",
			[]string{"legacy/index.md", "3-doctrine-d-hebergement/2-cloud-pi/1-cct-cloud-pi/sommaire.md"},
			[]string{"ent-legacy", "legacy"},
			"La partie serveur de l’application est Legacy : des contraintes techniques ou légales l’empêchent d’être Cloud Native.",
			"L’application n’a pas de partie serveur Legacy.",
			map[string]string{"interministeriel": "Il est écrit pour les applications du ministère ; pour celle d’une autre entité, la source ne dit rien : notre conseil est d’interroger le comité d’architecture."}},
		{"cloud-native", "Cloud Native",
			[]string{"cloud-native/index.md", "3-doctrine-d-hebergement/1-cloud-native/1-cct-cloud-native/1-introduction.md"},
			[]string{"ent-cloud-native", "cloud-native"},
			"La partie serveur de l’application est Cloud Native.",
			"L’application n’a pas de partie serveur Cloud Native.",
			map[string]string{"interministeriel": "Sa portée est interministérielle : une autre entité y trouve de bonnes pratiques et les conditions d’usage de l’offre, à valider si elle y souscrit."}},
		{"architecture", "Guide de bonnes pratiques d’architecture",
			[]string{"architecture/index.md", "5-socle-d-architecture/Introduction.md"},
			every,
			"Ce guide s’applique à tous les types d’application.",
			"", nil},
		{"securite", "Guide de bonnes pratiques de sécurité",
			[]string{"securite/index.md", "6-socle-de-securite/introduction.md"},
			every,
			"Ce guide s’applique à tous les types d’application.",
			"", nil},
	}
}

const minorReview = "Pour une évolution mineure, ce périmètre est à revoir selon l’application et l’évolution : rien n’est écarté d’avance."

func (d document) verdict(p Profile) (applies bool, because string) {
	switch {
	case slices.Contains(d.types, p.Type):
		applies, because = true, d.yes
	case p.Type != "":
		return false, d.no
	case d.no == "":
		applies, because = true, d.yes
	default:
		applies, because = true, "Le type de l’application n’est pas précisé : ce document reste retenu."
	}
	if s := d.scope[p.Perimetre]; s != "" {
		because += " " + s
	}
	if p.Evolution == "mineure" {
		because += " " + minorReview
	}
	return applies, because
}

// exigenceReason says why a requirement applies or not: its document decides.
func exigenceReason(p Profile, d Document) string {
	if !d.Applies {
		return "Exigence du document « " + d.Title + " », qui ne s’applique pas : " + lowerFirst(d.Because)
	}
	s := "Exigence du document « " + d.Title + " », qui s’applique"
	if p.Type == "" && d.ID != "architecture" && d.ID != "securite" {
		s = "Exigence du document « " + d.Title + " », retenue tant que le type de l’application n’est pas précisé"
	}
	s += "."
	if p.Perimetre == "interministeriel" && d.ID == "cloud-native" {
		s += " Hors du ministère, elle vaut bonne pratique, et oblige par les conditions d’usage de l’offre, qui reprennent les exigences, si l’on y souscrit."
	}
	if p.Evolution == "mineure" {
		s += " " + minorReview
	}
	return s
}

func lowerFirst(s string) string {
	if len(s) > 1 && s[0] == 'L' && (s[1] == '\'' || s[1] == 0xe2) { // "L’application"
		return "l" + s[1:]
	}
	return s
}

// approvals gives the six cases of the controls. The source says that an
// agreement "devrait être" given, hence « attendu »; for minor changes of large
// applications it names nobody who gives it, and knows no other body than the
// committee.
func approvals() map[[2]string]Approval {
	goAhead := func(because string) Approval {
		return Approval{Decision: "go-comite", Title: "Le « Go » du comité d’architecture est attendu", Because: because}
	}
	unnamed := func(because string) Approval {
		return Approval{Decision: "go-comite", Title: "Un « Go » est attendu", Because: because}
	}
	alone := func(because string) Approval {
		return Approval{Decision: "autonomie", Title: "Les responsables de l’application décident en autonomie", Because: because}
	}
	return map[[2]string]Approval{
		{"grande", "nouvelle"}: goAhead("Grande application, nouvelle : le comité étudie la solution à fond avant de donner son accord."),
		{"grande", "majeure"}:  goAhead("Grande application, évolution majeure : le comité étudie à fond la modification et ses effets sur l’ensemble de la solution."),
		{"grande", "mineure"}:  unnamed("Grande application, évolution mineure : un accord reste attendu après une étude approfondie de la modification. La source ne nomme pas qui le donne ; elle ne connaît pas d’autre instance que le comité d’architecture."),
		{"petite", "nouvelle"}: goAhead("Petite application, mais nouvelle : le comité étudie la solution à fond avant de donner son accord."),
		{"petite", "majeure"}:  alone("Petite application, évolution majeure : ses responsables mènent l’étude eux-mêmes et s’engagent à respecter le CCT."),
		{"petite", "mineure"}:  alone("Petite application, évolution mineure : ses responsables mènent l’étude eux-mêmes et s’engagent à respecter le CCT."),
	}
}

// approvalOf reads the table; where an answer is missing, it decides only when
// every case left says the same.
func approvalOf(p Profile, at func([]string) string) Approval {
	a := Approval{Decision: "inconnu", Title: "L’accord nécessaire n’est pas encore connu", Because: "Il dépend de la taille de l’application et de l’évolution : précisez-les."}
	cases := approvals()
	switch {
	case p.Taille != "" && p.Evolution != "":
		a = cases[[2]string{p.Taille, p.Evolution}]
	case p.Evolution == "nouvelle":
		a = cases[[2]string{"grande", "nouvelle"}]
		a.Because = "Nouvelle application : quelle que soit sa taille, le comité étudie la solution à fond avant de donner son accord."
	case p.Taille == "grande":
		a = cases[[2]string{"grande", "mineure"}]
		a.Because = "Grande application : un accord est attendu après une étude approfondie. Le comité d’architecture le donne pour une nouvelle application ou une évolution majeure ; pour une évolution mineure, la source ne nomme personne."
	case p.Taille == "petite":
		a.Because = "Petite application : nouvelle, elle appelle le « Go » du comité ; pour une évolution, ses responsables décident en autonomie. Précisez l’évolution."
	case p.Evolution != "":
		a.Because = "Évolution d’une application existante : grande, elle appelle un « Go » ; petite, ses responsables décident en autonomie. Précisez la taille."
	}
	a.Source = at(pageControls)
	return a
}

// phases gives the seven steps of an application's life; the framework is used
// in four of them.
func phases() []Phase {
	return []Phase{
		{"conception", "Conception et développement", "Identifier les documents et les exigences qui s’appliquent, avant de construire quoi que ce soit : pour une nouvelle application, dès qu’on la conçoit ; pour une application existante, quand sa transformation démarre. Demander l’accord nécessaire et, s’il le faut, les dérogations.", true},
		{"preparation-bascule", "Préparation à la bascule", "Le CCT ne prévoit rien de particulier à cette étape.", false},
		{"pre-bascule", "Pré-bascule", "Contrôler la conformité pendant les tests de l’application. Les écarts peuvent mener à des réserves à la mise en service.", true},
		{"reconstruction", "Reconstruction de l’application", "Le CCT ne prévoit rien de particulier à cette étape.", false},
		{"bascule", "Bascule", "Vérifier que les réserves sont levées : sinon, la mise en service peut être bloquée.", true},
		{"post-bascule", "Post-bascule", "Lever les réserves qui restent : tant qu’elles demeurent, la mise en service peut être bloquée.", true},
		{"regime-regulier", "Régime régulier", "Le CCT ne prévoit rien de particulier à cette étape, jusqu’à la prochaine évolution.", false},
	}
}

// obligation is a rule that adds something to do when an answer calls for it.
type obligation struct {
	Obligation
	pages []string
	when  func(Profile) bool
}

func obligations() []obligation {
	contract := func(p Profile) bool { return p.Marche == "oui" }
	legacy := func(p Profile) bool { return p.Type == "legacy" || p.Type == "ent-legacy" }
	cloud := func(p Profile) bool { return p.Type == "cloud-native" || p.Type == "ent-cloud-native" }
	return []obligation{
		{Obligation{"annexe-cctp", "Joindre le CCT et la liste de ses exigences au CCTP", "L’application est développée dans le cadre d’un marché public.", ""},
			pagePhases, contract},
		{Obligation{"annexe-cctp", "Si l’application est confiée à un titulaire de marché public, joindre le CCT et la liste de ses exigences au CCTP", "Le profil ne dit pas si l’application relève d’un marché public.", ""},
			pagePhases, func(p Profile) bool { return p.Marche == "" }},
		{Obligation{"exclusion-primordial", "Écrire dans la consultation si ne pas tenir une exigence primordiale exclut", "Les textes se contredisent : impérative selon l’un, non bloquante selon l’autre. Le règlement de consultation et le CCAP peuvent exclure le candidat, sauf dérogation accordée.", ""},
			pageCompare, contract},
		{Obligation{"notation", "Noter la réponse aux exigences primordiales et importantes", "Leur bonne application est évaluée et notée quand les solutions des prestataires sont comparées.", ""},
			pagePhases, contract},
		{Obligation{"exigence-bloquante", "Dire dans la consultation ce qu’entraîne une exigence bloquante, s’il y en a", "Le CCT nomme ce niveau sans le définir ; aucune exigence de l’édition 2025-01 ne le porte.", ""},
			pageCompare, contract},
		{Obligation{"reglement-consultation", "Préciser, au besoin, la portée du CCT dans le règlement de consultation et dans le CCAP", "Le CCT s’impose par défaut ; le règlement de consultation peut le préciser pour le dépouillement des offres, le CCAP pour l’exécution du marché.", ""},
			pageLevels, contract},
		{Obligation{"logiciel-embarque", "Faire garantir par le fournisseur tout composant absent du référentiel des produits", "Un composant non référencé n’est admis que comme logiciel « embarqué » dans l’application, sans effet sur la sécurité du SI ; sa gestion revient au demandeur sur tout son cycle de vie.", ""},
			pageContracts, contract},
		{Obligation{"derogation-legacy", "Obtenir une dérogation pour un nouvel usage de Legacy", "Legacy héberge l’existant ; une nouvelle application n’y entre qu’à titre exceptionnel et par dérogation.", ""},
			pageChoice, func(p Profile) bool { return legacy(p) && (p.Evolution == "nouvelle" || p.Evolution == "") }},
		{Obligation{"etudier-cloud-native", "Privilégier une transformation vers Cloud Native", "Cloud Native est à privilégier systématiquement quand une application existante est transformée.", ""},
			pageChoice, func(p Profile) bool { return legacy(p) && p.Evolution == "majeure" }},
		{Obligation{"cgu-cloud-pi-native", "Faire valider les conditions générales d’usage de Cloud Pi Native par la direction d’application", "Souscrire à l’offre suppose d’accepter ces conditions, qui reprennent les exigences.", ""},
			pageIntro, cloud},
		{Obligation{"chaine-devsecops", "Passer par la chaîne DevSecOps du ministère", "Elle est impérative pour toutes les configurations d’hébergement Cloud Native, hors dérogation accordée.", ""},
			pagePrinciple, cloud},
		{Obligation{"hebergement-ministere", "Respecter le CCT comme application hébergée par le ministère", "Le CCT vaut aussi pour les applications dont le ministère est l’hébergeur sans en être le propriétaire ; ce cas vise surtout les applications Cloud Native.", ""},
			pageMatrix, func(p Profile) bool { return p.Perimetre == "interministeriel" }},
		{Obligation{"revue-mineure", "Revoir au cas par cas le périmètre applicable", "Pour une évolution mineure, il dépend des particularités de l’application et de l’évolution.", ""},
			pageMatrix, func(p Profile) bool { return p.Evolution == "mineure" }},
		{Obligation{"engagement", "S’engager à respecter le CCT", "Les responsables de l’application mènent eux-mêmes l’étude de l’évolution.", ""},
			pageControls, func(p Profile) bool {
				return p.Taille == "petite" && (p.Evolution == "majeure" || p.Evolution == "mineure")
			}},
		{Obligation{"derogation", "Demander par avance une dérogation motivée pour chaque exigence qui ne peut pas être tenue", "Seule la décision notifiée dispense de la conformité, pour un temps ou durablement ; la direction d’application prend alors à sa charge tout le surcoût.", ""},
			pagePrinciple, func(Profile) bool { return true }},
	}
}

func obligationsOf(p Profile, at func([]string) string) []Obligation {
	var list []Obligation
	for _, o := range obligations() {
		if o.when(p) {
			o.Source = at(o.pages)
			list = append(list, o.Obligation)
		}
	}
	return list
}
