package api

// The wire types, alone: what goes out, and nothing of how. A field's doc tag
// becomes its description in openapi.json, which a test holds against these
// types; changing them means raising Version there. Every key is always
// present unless it says omitempty; arrays are never null.

// SearchAnswer answers /search.
type SearchAnswer struct {
	Query       string      `json:"query" doc:"La recherche, telle qu’elle a été reçue."`
	Total       int         `json:"total" doc:"Nombre de résultats, filtres appliqués."`
	Limit       int         `json:"limit" doc:"Nombre de résultats demandés."`
	Offset      int         `json:"offset" doc:"Rang du premier résultat rendu, à partir de 0."`
	TookMS      float64     `json:"took_ms" doc:"Durée de la recherche, en millisecondes."`
	Edition     string      `json:"edition" doc:"Édition du cadre."`
	Confident   bool        `json:"confident" doc:"Faux quand rien ne correspond vraiment : les résultats ne sont que les plus proches."`
	Corrected   *string     `json:"corrected" doc:"La recherche employée à la place d’une recherche mal écrite, sinon null."`
	Unknown     []string    `json:"unknown" doc:"Mots, noms et identifiants de la recherche que l’édition ne contient pas."`
	Relaxed     []string    `json:"relaxed" doc:"Ce que la recherche n’a pu respecter de sa syntaxe, et comment elle a été menée."`
	Expanded    []Expansion `json:"expanded" doc:"Mots élargis à leurs synonymes ou à leur sigle."`
	Suggestions []string    `json:"suggestions" doc:"Autres recherches, qui trouvent quelque chose."`
	Direct      *string     `json:"direct" doc:"Adresse de la fiche que la recherche nomme exactement, sinon null."`
	Facets      Facets      `json:"facets" doc:"Nombre de résultats par valeur ; chaque groupe ignore son propre filtre."`
	Hits        []Hit       `json:"hits" doc:"Les résultats, du meilleur au moins bon ; à égalité, par identifiant."`
}

// Expansion is what a word was widened to.
type Expansion struct {
	Term string   `json:"term" doc:"Le mot de la recherche."`
	With []string `json:"with" doc:"Ce qui est cherché avec lui."`
}

// Facets counts hits by value.
type Facets struct {
	Type     []FacetValue `json:"type"`
	Theme    []FacetValue `json:"theme"`
	Level    []FacetValue `json:"level"`
	RawLevel []FacetValue `json:"raw_level,omitempty" doc:"Par les mots du référentiel pour ses niveaux, du plus contraignant au moins ; absent quand ce sont ceux du CCT."`
}

// FacetValue is one value of a facet.
type FacetValue struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Hit is one result.
type Hit struct {
	ID       string   `json:"id" doc:"Identifiant de la fiche, ou « page#ancre » pour un passage."`
	Type     string   `json:"type" enum:"section,exigence,produit,terme,regle,norme,ligne"`
	Title    string   `json:"title"`
	URL      string   `json:"url" doc:"Adresse sur ce site."`
	Heading  string   `json:"heading" doc:"Le titre tel que l’écrit la source, ou l’identifiant ou libellé de la ligne."`
	Path     []string `json:"path" doc:"Les titres qui l’entourent, du plus général au plus précis."`
	Page     PageRef  `json:"page"`
	Theme    string   `json:"theme"`
	Level    string   `json:"level" enum:"bloquant,primordial,important," doc:"Niveau d’une exigence, vide pour le reste."`
	RawLevel string   `json:"raw_level,omitempty" doc:"Le niveau dans le mot du référentiel ; absent quand ce sont ceux du CCT."`
	Status   string   `json:"status" doc:"Statut d’un produit (R, A, M, O) ou d’une règle (RG, rc), vide pour le reste."`
	Snippet  string   `json:"snippet" doc:"Extrait en HTML échappé, dont la seule balise est <mark>."`
	Score    float64  `json:"score"`
	Why      []Reason `json:"why,omitempty" doc:"Ce qui a compté dans le score ; seulement avec explain=true."`
}

// Reason is one part of a score.
type Reason struct {
	What   string  `json:"what"`
	Points float64 `json:"points"`
}

// PageRef is the page that something stands on.
type PageRef struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	URL    string `json:"url"`
	Source string `json:"source" doc:"Chemin du fichier, relatif au dossier de contenu."`
}

// SuggestAnswer answers /suggest.
type SuggestAnswer struct {
	Query       string       `json:"query"`
	Edition     string       `json:"edition"`
	Total       int          `json:"total" doc:"Nombre de propositions rendues."`
	Suggestions []Suggestion `json:"suggestions"`
}

// Suggestion is one completion.
type Suggestion struct {
	Text string `json:"text" doc:"Ce qui serait cherché ou ouvert."`
	Type string `json:"type" enum:"section,exigence,produit,terme,regle,norme,ligne," doc:"Nature de la fiche, section pour une page, vide pour une recherche."`
	ID   string `json:"id" doc:"Identifiant, vide pour une recherche."`
	URL  string `json:"url"`
	Note string `json:"note" doc:"Précision à afficher : « Exigence, primordial »."`
}

// Record is what every record has.
type Record struct {
	ID    string `json:"id" doc:"Unique dans sa collection, pas d’une collection à l’autre."`
	Title string `json:"title"`
	URL   string `json:"url" doc:"Adresse sur ce site."`
	Theme string `json:"theme"`
	Text  string `json:"text" doc:"Le texte seul, les adresses de ses liens écrites en toutes lettres."`
	HTML  string `json:"html" doc:"Le même, en HTML nettoyé."`
	Note  string `json:"note" doc:"Ce que les éditeurs remarquent, à part des mots de la fiche."`

	Wording  string   `json:"wording" enum:"reformulé,officiel," doc:"reformulé : les mots de text sont de ce site, pas du cadre ; officiel : ce sont ceux du cadre ; vide pour un autre contenu."`
	Official Official `json:"official" doc:"La ligne officielle que la fiche reformule, ou qu’elle est."`
	Page     PageRef  `json:"page"`
}

// Official is the framework's own row.
type Official struct {
	Text   string `json:"text" doc:"Le texte officiel, mot à mot ; vide quand le dossier officiel n’est pas donné (--official)."`
	Source string `json:"source" doc:"Le fichier, relatif au dossier de contenu officiel."`
	Line   int    `json:"line" doc:"La ligne du fichier, à partir de 1 ; 0 quand elle n’est pas connue."`
	URL    string `json:"url" doc:"La ligne dans le dépôt public, au commit de l’édition."`
}

// Exigence is a requirement.
type Exigence struct {
	Record
	Name     string `json:"name" doc:"L’intitulé, sans l’identifiant."`
	Level    string `json:"level" enum:"bloquant,primordial,important," doc:"Vide quand la source n’en donne pas."`
	Category string `json:"category"`
	Nature   string `json:"nature"`
	RawLevel string `json:"raw_level" doc:"Le niveau tel que l’écrit la source."`
	Replaces string `json:"replaces" doc:"Identifiants dans d’autres éditions, tels que les écrit la source."`
}

// Produit is a referenced product.
type Produit struct {
	Record
	Name      string `json:"name"`
	Vendor    string `json:"vendor"`
	Version   string `json:"version"`
	Status    string `json:"status" doc:"R, A, M ou O, comme l’écrit la source."`
	Supported string `json:"supported" doc:"Support du logiciel libre : Oui, Non ou vide."`
	Licence   string `json:"licence" enum:"open,nonopen,"`
	Change    string `json:"change" enum:"inc,new,maj," doc:"Inchangé, nouveau ou mis à jour dans l’édition."`
	Part      string `json:"part"`
	Chapter   string `json:"chapter"`
	Comment   string `json:"comment"`
}

// Terme is an entry of the glossary.
type Terme struct {
	Record
	Term       string   `json:"term"`
	Definition string   `json:"definition"`
	Aliases    []string `json:"aliases" doc:"Développements du sigle et autres graphies."`
}

// Regle is a rule of architecture or of the API doctrine.
type Regle struct {
	Record
	Name   string `json:"name"`
	Status string `json:"status" enum:"RG,rc," doc:"RG : règle ; rc : recommandation ; vide quand la source n’en donne pas."`
	Kind   string `json:"kind" enum:"regle,regle-api,principe-api"`
}

// Norme is a standard that the framework cites.
type Norme struct {
	Record
	Name string `json:"name"`
}

// Page is one page of the framework.
type Page struct {
	Record
	Description string    `json:"description"`
	Source      string    `json:"source" doc:"Chemin du fichier, relatif au dossier de contenu."`
	Restates    string    `json:"restates" doc:"La page officielle qu’elle reformule, sinon vide."`
	Updated     string    `json:"updated" doc:"Date de la source, AAAA-MM-JJ, sinon vide."`
	Words       int       `json:"words"`
	Headings    []Heading `json:"headings"`
	State       string    `json:"state" enum:"complete,stub,empty"`
}

// Heading is a heading of a page.
type Heading struct {
	ID    string `json:"id" doc:"Ancre dans la page."`
	Text  string `json:"text"`
	Level int    `json:"level" doc:"De 1 à 6."`
}

// The collections.
type (
	Exigences struct {
		Edition   string     `json:"edition"`
		Total     int        `json:"total"`
		Exigences []Exigence `json:"exigences"`
	}
	Produits struct {
		Edition  string    `json:"edition"`
		Total    int       `json:"total"`
		Produits []Produit `json:"produits"`
	}
	Termes struct {
		Edition string  `json:"edition"`
		Total   int     `json:"total"`
		Termes  []Terme `json:"termes"`
	}
	Regles struct {
		Edition string  `json:"edition"`
		Total   int     `json:"total"`
		Regles  []Regle `json:"regles"`
	}
	Normes struct {
		Edition string  `json:"edition"`
		Total   int     `json:"total"`
		Normes  []Norme `json:"normes"`
	}
	Pages struct {
		Edition string `json:"edition"`
		Total   int    `json:"total"`
		Pages   []Page `json:"pages"`
	}
)

// One of each, with its edition.
type (
	ExigenceAnswer struct {
		Edition string `json:"edition"`
		Exigence
	}
	ProduitAnswer struct {
		Edition string `json:"edition"`
		Produit
	}
	TermeAnswer struct {
		Edition string `json:"edition"`
		Terme
	}
	RegleAnswer struct {
		Edition string `json:"edition"`
		Regle
	}
	NormeAnswer struct {
		Edition string `json:"edition"`
		Norme
	}
	PageAnswer struct {
		Edition string `json:"edition"`
		Page
	}
)

// ApplicableAnswer answers /applicable. With view=resume, the lists are left out.
type ApplicableAnswer struct {
	Edition     string       `json:"edition"`
	Profile     Profile      `json:"profile" doc:"Les réponses données ; celles qui manquent n’écartent rien."`
	Said        string       `json:"said" doc:"Le profil en mots."`
	Summary     Summary      `json:"summary" doc:"Ce qui s’applique ou peut s’appliquer, en nombres."`
	Documents   []Document   `json:"documents" doc:"Les cinq documents du cadre, toujours."`
	Exigences   []Applies    `json:"exigences,omitzero" doc:"Les exigences de l’édition, ou celles que gardent les filtres."`
	Regles      []RuleBinds  `json:"regles,omitzero" doc:"Les règles et principes de l’édition, ou ceux que gardent les filtres."`
	Families    []Family     `json:"families,omitzero" doc:"Les familles de produits de l’édition."`
	Approval    Approval     `json:"approval"`
	Approvals   []Obligation `json:"approvals" doc:"Les autres accords que demandent les règles."`
	Phases      []Phase      `json:"phases" doc:"Les étapes de la vie d’une application, dans l’ordre."`
	Obligations []Obligation `json:"obligations" doc:"Ce que le profil oblige à faire."`
}

// Profile is what was answered; what is unknown is left out.
type Profile struct {
	Type         string   `json:"type,omitempty" enum:"ent,ent-cloud-native,ent-legacy,cloud-native,legacy"`
	Evolution    string   `json:"evolution,omitempty" enum:"nouvelle,majeure,mineure"`
	Taille       string   `json:"taille,omitempty" enum:"grande,petite"`
	Perimetre    string   `json:"perimetre,omitempty" enum:"ministeriel,interministeriel"`
	Marche       string   `json:"marche,omitempty" enum:"oui,non"`
	Realisation  []string `json:"realisation,omitempty"`
	Utilisateurs []string `json:"utilisateurs,omitempty"`
	Interface    []string `json:"interface,omitempty"`
	API          []string `json:"api,omitempty"`
	Donnees      []string `json:"donnees,omitempty"`
	Echanges     []string `json:"echanges,omitempty"`
}

// Summary counts what applies, or may.
type Summary struct {
	Documents int `json:"documents"`
	Exigences int `json:"exigences"`
	Regles    int `json:"regles"`
	Families  int `json:"families"`
	Dropped   int `json:"dropped" doc:"Exigences et règles qui ne s’appliquent pas."`
}

// Verdict is what is said of one thing, and why.
type Verdict struct {
	Applies   bool     `json:"applies"`
	Verdict   string   `json:"verdict" enum:"s-applique,peut-s-appliquer,ne-s-applique-pas" doc:"« S’applique » seulement quand une réponse le dit."`
	Because   string   `json:"because"`
	Source    string   `json:"source" doc:"Fichier et ligne du texte officiel qui le fonde, ou adresse de la page dont vient la règle."`
	Certainty string   `json:"certainty" enum:"certain,a-confirmer" doc:"Ce qui est à confirmer n’est jamais écarté."`
	Addressee []string `json:"addressee" doc:"À qui s’adresse l’exigence : candidat, direction-application, operateur-cicd, acheteur, exploitant."`
}

// Document is the verdict on one of the five documents.
type Document struct {
	ID      string `json:"id" enum:"environnement-numerique-de-travail,legacy,cloud-native,architecture,securite"`
	Title   string `json:"title"`
	URL     string `json:"url"`
	Applies bool   `json:"applies"`
	Verdict string `json:"verdict" enum:"s-applique,peut-s-appliquer,ne-s-applique-pas"`
	Because string `json:"because"`
	Source  string `json:"source" doc:"Adresse de la page dont vient la règle."`
}

// Applies is the verdict on one requirement.
type Applies struct {
	ID       string `json:"id"`
	Title    string `json:"title"`
	Level    string `json:"level" enum:"bloquant,primordial,important,"`
	RawLevel string `json:"raw_level,omitempty" doc:"Le niveau dans le mot du référentiel ; absent quand ce sont ceux du CCT."`
	URL      string `json:"url"`
	Verdict
}

// RuleBinds is the verdict on one rule or principle.
type RuleBinds struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Status string `json:"status" enum:"RG,rc,"`
	Kind   string `json:"kind" enum:"regle,regle-api,principe-api"`
	URL    string `json:"url"`
	Verdict
}

// Family is the verdict on one family of products.
type Family struct {
	ID          string `json:"id" doc:"Les lettres de la partie, puis celles du chapitre : AT/T2."`
	Title       string `json:"title"`
	URL         string `json:"url"`
	Products    int    `json:"products"`
	Recommended int    `json:"recommended" doc:"Ceux de statut R."`
	Verdict
}

// Approval is who must agree.
type Approval struct {
	Decision string `json:"decision" enum:"go-comite,autonomie,inconnu"`
	Title    string `json:"title"`
	Because  string `json:"because"`
	Source   string `json:"source"`
}

// Phase is a step of an application's life.
type Phase struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Does    string `json:"does"`
	UsesCCT bool   `json:"uses_cct" doc:"Vrai quand le cadre intervient à cette étape."`
}

// Obligation is something to do, or an agreement to ask for.
type Obligation struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Because string `json:"because"`
	Source  string `json:"source"`
	Verdict string `json:"verdict" enum:"s-applique,peut-s-appliquer"`
}

// EditionsAnswer answers /editions.
type EditionsAnswer struct {
	Editions []EditionHead `json:"editions" doc:"La plus récente d’abord."`
}

// EditionHead is one of the editions held.
type EditionHead struct {
	ID        string `json:"id" doc:"Son nom, pour le paramètre edition."`
	Title     string `json:"title"`
	Date      string `json:"date" doc:"AAAA-MM ou AAAA-MM-JJ, vide quand le nom n’est pas une date."`
	Exigences int    `json:"exigences" doc:"Nombre d’exigences."`
	Current   bool   `json:"current" doc:"Vrai pour celle qui répond par défaut."`
}

// ChangesAnswer answers /editions/{a}/{b}.
type ChangesAnswer struct {
	From        string         `json:"from"`
	To          string         `json:"to"`
	Substantial bool           `json:"substantial" doc:"Faux quand il n’y a aucun changement de fond : typographie et pages seules."`
	Summary     ChangeCounts   `json:"summary"`
	Records     []RecordChange `json:"records" doc:"Les changements de niveau d’abord, puis les primordiales retirées ; ce qui n’a pas changé à la fin."`
	Pages       []PageChange   `json:"pages" doc:"Les pages nouvelles, retirées ou modifiées."`
}

// ChangeCounts counts records by what became of them.
type ChangeCounts struct {
	Unchanged int `json:"unchanged" doc:"Mêmes mots, même niveau."`
	Reworded  int `json:"reworded"`
	Level     int `json:"level" doc:"Niveau modifié, quoi qu’il soit arrivé au texte."`
	Split     int `json:"split"`
	Merged    int `json:"merged"`
	Withdrawn int `json:"withdrawn"`
	New       int `json:"new"`
}

// RecordChange is what became of one record.
type RecordChange struct {
	Kind      string        `json:"kind" enum:"exigence,regle,produit,terme"`
	From      string        `json:"from" doc:"Identifiant avant, vide pour une nouvelle ; suivi de @ et de la date quand deux listes datées l’emploient pour des choses différentes."`
	To        []string      `json:"to" doc:"Identifiants après, le plus proche d’abord ; aucun pour une retirée."`
	Title     string        `json:"title"`
	Relation  string        `json:"relation" enum:"identical,reworded,split,merged,withdrawn,new"`
	Level     *LevelChange  `json:"level" doc:"null, sauf quand les deux côtés existent et diffèrent."`
	Certainty string        `json:"certainty" enum:"sure,probable,partial"`
	Proof     string        `json:"proof"`
	Added     []string      `json:"added" doc:"Suites de mots ajoutées."`
	Removed   []string      `json:"removed" doc:"Suites de mots supprimées."`
	Fields    []FieldChange `json:"fields" doc:"Ce qui a changé à côté du texte : statut, licence, catégorie."`
}

// LevelChange is a level on both sides.
type LevelChange struct {
	From string `json:"from" doc:"bloquant, primordial, important, vide, ou le mot du référentiel lui-même."`
	To   string `json:"to"`
}

// FieldChange is a property on both sides.
type FieldChange struct {
	Name string `json:"name"`
	From string `json:"from"`
	To   string `json:"to"`
}

// PageChange is what became of a page.
type PageChange struct {
	Relation string `json:"relation" enum:"reworded,withdrawn,new"`
	Source   string `json:"source"`
	Title    string `json:"title"`
}

// IndexAnswer answers /, for those who begin there.
type IndexAnswer struct {
	Title   string         `json:"title"`
	Edition string         `json:"edition"`
	Version string         `json:"version" doc:"Version du programme."`
	OpenAPI string         `json:"openapi" doc:"Adresse de cette description."`
	Pages   int            `json:"pages"`
	Counts  map[string]int `json:"counts" doc:"Nombre de fiches de chaque nature."`
	Themes  []Theme        `json:"themes"`
	Links   []string       `json:"links" doc:"Adresses de cette API."`
}

// Theme is a document or folder.
type Theme struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// Problem is an error (RFC 9457).
type Problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail" doc:"Ce qui ne va pas, et que faire."`
	Parameter string `json:"parameter,omitempty" doc:"Le paramètre en cause, s’il y en a un."`
}
