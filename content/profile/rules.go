package profile

// The rules. Each names the pages that it comes from, as files: of the content
// that the program carries first, then of the official repository.

var (
	pageMatrix       = []string{"presentation/documents-et-applicabilite.md", official}
	pageControls     = []string{"presentation/controles-et-accords.md", official}
	pagePhases       = []string{"presentation/niveaux-et-phases.md", official}
	pageChoice       = []string{"presentation/legacy-ou-cloud-native.md", official}
	pageContracts    = []string{"presentation/marches-publics.md", "1-chapeau/Guide_CCT_dans_la_commande_publique.md", official}
	pageLevels       = []string{"architecture/exigences-d-architecture.md", "5-socle-d-architecture/4-exigences-d-architecture/introduction.md"}
	pageCompare      = append([]string{"presentation/comparer-les-niveaux.md"}, pageLevels...)
	pagePrinciple    = []string{"cloud-native/principes.md", "3-doctrine-d-hebergement/1-cloud-native/1-cct-cloud-native/3-principes-generaux-cadre-cloud-native.md"}
	pageHomologation = []string{"securite/homologation.md", "6-socle-de-securite/introduction.md"}
	pageMobile       = []string{"environnement-numerique-de-travail/agent.md", "4-environnement-numerique-de-travail/1-ent-agent/1-sommaire.md"}
	pageExchanges    = []string{"architecture/echanges.md", "5-socle-d-architecture/2-donnees-et-api/2-gestion-des-echanges.md"}
	pageSSO          = []string{"architecture/identite-agents.md", "5-socle-d-architecture/1-contexte-utilisateur/1.2-Pilier_utilisateur_Gestion_identite_agent.md"}
	pageRequirements = []string{"cloud-native/exigences.md", "3-doctrine-d-hebergement/1-cloud-native/5-exigences-d-architecture/exigences-architecture.md"}
	pageIntro        = []string{"cloud-native/introduction.md", "3-doctrine-d-hebergement/1-cloud-native/1-cct-cloud-native/1-introduction.md"}
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
			map[string]string{"interministeriel": "Sa portée est interministérielle. " + hosted}},
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

const (
	minorReview = "Pour une évolution mineure, ce périmètre est à revoir, quel que soit le type, selon l’application et l’évolution."
	hosted      = "Le ministère héberge l’application : le cadre s’impose à elle, quel qu’en soit le propriétaire."
)

func (d document) verdict(p Profile) (is Outcome, because string) {
	switch {
	case p.Has("type", d.types...):
		is, because = Applies, d.yes
	case len(p["type"]) > 0:
		is, because = Dropped, d.no
	case d.no == "":
		is, because = Applies, d.yes
		if !p.Known() {
			is = MayApply
		}
	default:
		is, because = MayApply, "Le type de l’application n’est pas précisé : ce document reste retenu."
	}
	if s := d.scope[p.Answer("perimetre")]; s != "" && is != Dropped {
		because += " " + s
	}
	if p.Has("evolution", "mineure") {
		because += " " + minorReview
	}
	return is, because
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
	size, change := p.Answer("taille"), p.Answer("evolution")
	switch {
	case size != "" && change != "":
		a = cases[[2]string{size, change}]
	case change == "nouvelle":
		a = cases[[2]string{"grande", "nouvelle"}]
		a.Because = "Nouvelle application : quelle que soit sa taille, le comité étudie la solution à fond avant de donner son accord."
	case size == "grande":
		a = cases[[2]string{"grande", "mineure"}]
		a.Because = "Grande application : un accord est attendu après une étude approfondie. Le comité d’architecture le donne pour une nouvelle application ou une évolution majeure ; pour une évolution mineure, la source ne nomme personne."
	case size == "petite":
		a.Because = "Petite application : nouvelle, elle appelle le « Go » du comité ; pour une évolution, ses responsables décident en autonomie. Précisez l’évolution."
	case change != "":
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

// duty is a rule that adds something to do or to ask for when answers call for
// it.
type duty struct {
	Duty
	pages []string
	when  func(Profile) bool
}

func obligations() []duty {
	contract := func(p Profile) bool { return p.Has("marche", "oui") }
	legacy := func(p Profile) bool { return p.Has("type", "legacy", "ent-legacy") }
	cloud := func(p Profile) bool { return p.Has("type", "cloud-native", "ent-cloud-native") }
	return []duty{
		{Duty{"annexe-cctp", "Joindre le CCT et la liste de ses exigences au CCTP", "L’application est développée dans le cadre d’un marché public.", "", Applies},
			pagePhases, contract},
		{Duty{"annexe-cctp", "Si l’application est confiée à un titulaire de marché public, joindre le CCT et la liste de ses exigences au CCTP", "Le profil ne dit pas si l’application relève d’un marché public.", "", Applies},
			pagePhases, func(p Profile) bool { return len(p["marche"]) == 0 }},
		{Duty{"exclusion-primordial", "Écrire dans la consultation si ne pas tenir une exigence primordiale exclut", "Les textes se contredisent : impérative selon l’un, non bloquante selon l’autre. Le règlement de consultation et le CCAP peuvent exclure le candidat, sauf dérogation accordée.", "", Applies},
			pageCompare, contract},
		{Duty{"notation", "Noter la réponse aux exigences primordiales et importantes", "Leur bonne application est évaluée et notée quand les solutions des prestataires sont comparées.", "", Applies},
			pagePhases, contract},
		{Duty{"exigence-bloquante", "Dire dans la consultation ce qu’entraîne une exigence bloquante, s’il y en a", "Le CCT nomme ce niveau sans le définir ; aucune exigence de l’édition 2025-01 ne le porte.", "", Applies},
			pageCompare, contract},
		{Duty{"reglement-consultation", "Préciser, au besoin, la portée du CCT dans le règlement de consultation et dans le CCAP", "Le CCT s’impose par défaut ; le règlement de consultation peut le préciser pour le dépouillement des offres, le CCAP pour l’exécution du marché.", "", Applies},
			pageLevels, contract},
		{Duty{"logiciel-embarque", "Faire garantir par le fournisseur tout composant absent du référentiel des produits", "Un composant non référencé n’est admis que comme logiciel « embarqué » dans l’application, sans effet sur la sécurité du SI ; sa gestion revient au demandeur sur tout son cycle de vie.", "", Applies},
			pageContracts, contract},
		{Duty{"derogation-legacy", "Obtenir une dérogation pour un nouvel usage de Legacy", "Legacy héberge l’existant ; une nouvelle application n’y entre qu’à titre exceptionnel et par dérogation.", "", Applies},
			pageChoice, func(p Profile) bool { return legacy(p) && (p.Has("evolution", "nouvelle") || len(p["evolution"]) == 0) }},
		{Duty{"etudier-cloud-native", "Privilégier une transformation vers Cloud Native", "Cloud Native est à privilégier systématiquement quand une application existante est transformée.", "", Applies},
			pageChoice, func(p Profile) bool { return legacy(p) && p.Has("evolution", "majeure") }},
		{Duty{"cgu-cloud-pi-native", "Faire valider les conditions générales d’usage de Cloud Pi Native par la direction d’application", "Souscrire à l’offre suppose d’accepter ces conditions, qui reprennent les exigences.", "", Applies},
			pageIntro, cloud},
		{Duty{"chaine-devsecops", "Passer par la chaîne DevSecOps du ministère", "Elle est impérative pour toutes les configurations d’hébergement Cloud Native, hors dérogation accordée.", "", Applies},
			pagePrinciple, cloud},
		{Duty{"api-cloud-native", "Prévoir une API : l’application dit ne pas en avoir", "EX54 demande à toute application Cloud Native mise en ligne une API définie et documentée. EX44 à EX46 restent donc retenues ; les règles de la doctrine API reviennent dès qu’une API est déclarée.", "", Applies},
			pageRequirements, func(p Profile) bool { return cloud(p) && p.Has("api", "aucune") }},
		{Duty{"hebergement-ministere", "Respecter le CCT comme application hébergée par le ministère", "Le CCT s’impose aux applications que le ministère héberge, qu’il en soit ou non le propriétaire ; ce cas vise surtout les applications Cloud Native.", "", Applies},
			pageMatrix, func(p Profile) bool { return p.Has("perimetre", "interministeriel") }},
		{Duty{"revue-mineure", "Revoir au cas par cas le périmètre applicable", "Pour une évolution mineure, il dépend des particularités de l’application et de l’évolution.", "", Applies},
			pageMatrix, func(p Profile) bool { return p.Has("evolution", "mineure") }},
		{Duty{"engagement", "S’engager à respecter le CCT", "Les responsables de l’application mènent eux-mêmes l’étude de l’évolution.", "", Applies},
			pageControls, func(p Profile) bool {
				return p.Has("taille", "petite") && p.Has("evolution", "majeure", "mineure")
			}},
		{Duty{"derogation", "Demander par avance une dérogation motivée pour chaque exigence qui ne peut pas être tenue", "Seule la décision notifiée dispense de la conformité, pour un temps ou durablement ; la direction d’application prend alors à sa charge tout le surcoût.", "", Applies},
			pagePrinciple, func(Profile) bool { return true }},
	}
}

// approvalsToAsk are the agreements that rules ask of others than the owners and
// the committee's own "Go". Where no answer tells, they are given as possible.
func approvalsToAsk() []duty {
	asked := func(name string, values ...string) [2]func(Profile) bool {
		return [2]func(Profile) bool{
			func(p Profile) bool { return p.Has(name, values...) },
			func(p Profile) bool { return len(p[name]) == 0 },
		}
	}
	mobile, files, agents := asked("interface", "mobile"), asked("echanges", "fichiers"), asked("utilisateurs", "agents", "agents-externes")
	return []duty{
		{Duty{"homologation", "L’homologation de sécurité", "Le propriétaire de l’application en gère l’homologation : en continu par la chaîne DevSecOps pour Cloud Native, de bout en bout pour Legacy.", "", Applies},
			pageHomologation, Profile.Known},
		{Duty{"homologation", "L’homologation de sécurité", "Le propriétaire de l’application en gère l’homologation : en continu par la chaîne DevSecOps pour Cloud Native, de bout en bout pour Legacy.", "", MayApply},
			pageHomologation, func(p Profile) bool { return !p.Known() }},
		{Duty{"c2mi", "La validation du C2MI, par le RSSI du demandeur", "Toute nouvelle application pour smartphone ou tablette passe par le RSSI du demandeur, qui saisit le centre de cyberdéfense (C2MI) : lui seul autorise le déploiement.", "", Applies},
			pageMobile, mobile[0]},
		{Duty{"c2mi", "La validation du C2MI, par le RSSI du demandeur", "Seulement si l’application tourne sur smartphone ou tablette : l’interface n’est pas précisée.", "", MayApply},
			pageMobile, mobile[1]},
		{Duty{"comite-fichiers", "L’accord du comité d’architecture pour échanger des fichiers", "Échanger par fichiers est une tolérance, que le comité d’architecture doit valider, sans exception.", "", Applies},
			pageExchanges, files[0]},
		{Duty{"comite-fichiers", "L’accord du comité d’architecture pour échanger des fichiers", "Seulement si l’application échange par fichiers : les échanges ne sont pas précisés.", "", MayApply},
			pageExchanges, files[1]},
		{Duty{"comite-sso", "L’accord du comité d’architecture pour identifier des agents sans SSO", "Seulement si aucun des SSO prévus ne convient : toute autre voie, LDAP par exemple, est à faire valider par le comité.", "", MayApply},
			pageSSO, func(p Profile) bool { return agents[0](p) || agents[1](p) }},
	}
}

func dutiesOf(p Profile, all []duty, at func([]string) string) []Duty {
	list := []Duty{}
	for _, d := range all {
		if d.when(p) {
			d.Source = at(d.pages)
			list = append(list, d.Duty)
		}
	}
	return list
}
