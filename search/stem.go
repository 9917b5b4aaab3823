package search

import (
	"strings"
	"sync"
)

// The stemmer works on folded words, so that accents can't change a stem. It
// takes off plural, feminine and verb endings, and the suffixes that make a noun
// or an adjective of a verb, so that a family meets: héberger, hébergé,
// hébergement, hébergeur. What is left must be long enough to still name the
// family: short words keep their ending rather than meet strangers.

// suffix is an ending, what replaces it, and how long the rest must be.
type suffix struct {
	end, to string
	rest    int
}

// suffixes are tried in order, longest families first; after each the word is
// tried again, at most three times.
var suffixes = []suffix{
	{"ifique", "ific", 2}, {"ificite", "ific", 2}, {"icite", "", 4}, {"bution", "bu", 3}, {"minution", "minu", 2},
	{"airement", "aire", 4}, {"oirement", "oire", 4}, {"ablement", "able", 3}, {"iblement", "ible", 3}, {"iquement", "ique", 3}, {"eusement", "euse", 4},
	{"isateur", "is", 4}, {"isatrice", "is", 4}, {"isation", "is", 4}, {"isable", "is", 4},
	{"ibilite", "ib", 3}, {"abilite", "ab", 3}, {"ible", "ib", 3}, {"able", "ab", 3},
	{"ificateur", "ifi", 2}, {"ification", "ifi", 2}, {"ificatif", "ifi", 2}, {"ificative", "ifi", 2},
	{"ationnel", "", 4}, {"ationnelle", "", 4}, {"ionnellement", "", 4}, {"ionnement", "ion", 3}, {"ionnelle", "", 5}, {"ionnel", "", 5}, {"ionnaire", "", 4}, {"ionner", "ion", 3}, {"ionne", "ion", 3}, {"ionnee", "ion", 3},
	{"issement", "", 3}, {"issante", "", 4}, {"issant", "", 4}, {"isseur", "", 4}, {"issent", "", 4}, {"issait", "", 4},
	{"ativement", "", 4}, {"atrice", "", 4}, {"ateur", "", 4}, {"ative", "", 4}, {"atif", "", 4}, {"ation", "", 4}, {"atoire", "", 4}, {"ature", "", 4},
	{"ivement", "iv", 3}, {"ivite", "iv", 3}, {"itude", "", 5}, {"ition", "", 5}, {"ement", "", 4}, {"amment", "", 4}, {"emment", "", 4}, {"ment", "", 4},
	{"erie", "", 5}, {"iser", "is", 4}, {"ance", "", 4}, {"ence", "", 4}, {"euse", "", 4}, {"eur", "", 4}, {"aire", "", 5}, {"ique", "", 5}, {"iste", "", 5}, {"isme", "", 5},
	{"ante", "", 5}, {"ant", "", 5}, {"ente", "", 5}, {"ent", "", 5}, {"age", "", 5}, {"ite", "", 4}, {"if", "iv", 3}, {"ive", "iv", 3}, {"ion", "", 5},
	{"erent", "", 4}, {"irent", "", 4}, {"eraient", "", 4}, {"erait", "", 4}, {"eront", "", 4}, {"erons", "", 4}, {"erez", "", 4}, {"era", "", 4}, {"aient", "", 4}, {"ait", "", 4},
	{"ons", "", 4}, {"ez", "", 3}, {"er", "", 3}, {"ier", "i", 4}, {"ees", "", 3}, {"ee", "", 3}, {"ir", "", 4}, {"ie", "i", 3}, {"elle", "el", 3}, {"ienne", "ien", 3}, {"e", "", 3},
}

// irregular words whose suffix is part of the name, or whose plural no ending
// tells.
var irregular = map[string]string{
	"travaux": "travail", "apis": "api", "yeux": "oeil", "reglement": "reglement", "reglements": "reglement", "reglementation": "reglement", "reglementaire": "reglement",
	"reglementaires": "reglement", "reglementations": "reglement", "conteneur": "conteneur", "conteneurs": "conteneur", "conteneuriser": "conteneur", "conteneurisation": "conteneur",
	"conteneurise": "conteneur", "conteneurisee": "conteneur", "conteneurisees": "conteneur", "container": "container", "containers": "container", "autorisation": "autoris", "autorisations": "autoris", "autoriser": "autoris",
	"autorise": "autoris", "autorises": "autoris", "autorisee": "autoris", "autorisees": "autoris", "departement": "departement", "departements": "departement", "appartement": "appartement",
	"appartements": "appartement", "serveur": "serveur", "serveurs": "serveur", "moteur": "moteur", "moteurs": "moteur", "ordinateur": "ordinateur", "ordinateurs": "ordinateur",
	"direction": "direction", "directions": "direction", "directeur": "directeur", "directeurs": "directeur", "directrice": "directeur", "directive": "directive", "directives": "directive",
	"message": "messag", "messages": "messag", "messagerie": "messageri", "messageries": "messageri", "editeur": "edit", "editeurs": "edit", "editrice": "edit", "edition": "edit", "editions": "edit", "editer": "edit",
	"gestion": "gest", "gestions": "gest", "gerer": "gest", "gere": "gest", "geres": "gest", "geree": "gest", "gerees": "gest", "gestionnaire": "gest", "gestionnaires": "gest", "version": "version", "versions": "version",
	"versionner": "version", "versioning": "version", "versionnement": "version", "session": "session", "sessions": "session", "mission": "mission", "missions": "mission", "missive": "missive",
	"proteger": "protect", "protege": "protect", "protegee": "protect", "proteges": "protect", "protegees": "protect", "protection": "protect", "protections": "protect",
	"acces": "acces", "acceder": "acces", "accede": "acces", "process": "process", "connexion": "connect", "connexions": "connect", "connecter": "connect", "connecte": "connect", "connectes": "connect",
	"utile": "utile", "utiles": "utile", "utilite": "utile", "publication": "publication", "publications": "publication", "publier": "publication", "publie": "publication", "publiee": "publication",
	"marche": "march", "marches": "march", "cookie": "cooki", "cookies": "cooki", "service": "service", "services": "service", "servir": "servir", "station": "station", "stations": "station",
	"instruction": "instruction", "instructions": "instruction", "production": "product", "productions": "product", "produire": "product", "produit": "produit", "produits": "produit",
	"recette": "recett", "projet": "projet", "projets": "projet", "cloud": "cloud", "base": "base", "bases": "base", "fonction": "fonct", "fonctions": "fonct", "image": "image", "images": "image", "page": "page", "pages": "page",
	"choix": "choi", "choisir": "choi", "choisi": "choi", "prix": "prix", "voix": "voix", "nation": "nation", "nations": "nation", "national": "national", "nationale": "national", "nationaux": "national", "nationales": "national",
	"metier": "metier", "metiers": "metier", "premier": "premier", "dossier": "dossier", "dossiers": "dossier", "fichier": "fichier", "fichiers": "fichier", "papier": "papier", "clavier": "clavier",
	"agent": "agent", "agents": "agent", "client": "client", "clients": "client", "document": "document", "documents": "document", "documenter": "document", "documentation": "document", "documente": "document",
	"documentee": "document", "documentees": "document", "documentes": "document", "documentaire": "documentair", "monument": "monument", "monuments": "monument", "moment": "moment", "moments": "moment", "element": "element", "elements": "element",
	"payer": "paie", "paye": "paie", "paiement": "paie", "paiements": "paie", "paie": "paie", "licence": "licence", "licences": "licence", "science": "science", "sciences": "science",
	"identite": "identit", "identites": "identit", "entite": "entit", "entites": "entit", "porte": "port", "portes": "port", "anime": "anim", "animal": "animal", "animaux": "animal",
}

// stems remembers the stems of words: a corpus repeats them. It is bounded by
// giving up, not by forgetting.
type stems struct {
	mu sync.RWMutex
	of map[string]string
}

const stemsKept = 100_000

func (s *stems) stem(w string) string {
	s.mu.RLock()
	r, ok := s.of[w]
	s.mu.RUnlock()
	if ok {
		return r
	}
	r = stem(w)
	s.mu.Lock()
	if s.of == nil {
		s.of = map[string]string{}
	}
	if len(s.of) < stemsKept {
		s.of[strings.Clone(w)] = r
	}
	s.mu.Unlock()
	return r
}

// stem reduces a folded word to what its family shares.
func stem(w string) string {
	if len(w) < 4 || strings.ContainsAny(w, "0123456789+#.") {
		return w
	}
	if r, ok := irregular[w]; ok {
		return r
	}
	if r, ok := familyOf[w]; ok {
		return r
	}
	if r := verbStem(w); r != "" {
		return r
	}
	w = singular(w)
	if r, ok := irregular[w]; ok {
		return r
	}
	if r := verbStem(w); r != "" {
		return r
	}
	for range 3 {
		next := strip(w)
		if next == w {
			break
		}
		w = next
	}
	return tidy(w)
}

// singular takes a plural's ending off.
func singular(w string) string {
	switch {
	case strings.HasSuffix(w, "eaux"):
		return w[:len(w)-1]
	case strings.HasSuffix(w, "aux") && len(w) > 5:
		return w[:len(w)-3] + "al"
	case strings.HasSuffix(w, "eux") && len(w) > 6 && !strings.HasSuffix(w, "veux") && !strings.HasSuffix(w, "lieux"):
		return w[:len(w)-1] + "se" // nombreux as nombreuse
	case strings.HasSuffix(w, "eux") && len(w) > 4:
		return w[:len(w)-1]
	case strings.HasSuffix(w, "ss") || strings.HasSuffix(w, "us") && len(w) < 6 || strings.HasSuffix(w, "is") && len(w) < 6:
		return w
	case w[len(w)-1] == 's':
		return w[:len(w)-1]
	}
	return w
}

func strip(w string) string {
	for _, s := range suffixes {
		if len(w)-len(s.end) >= s.rest && strings.HasSuffix(w, s.end) {
			return w[:len(w)-len(s.end)] + s.to
		}
	}
	return w
}

// tidy evens out what suffixes leave: double consonants, y for i, qu for c, and
// the e or i of a verb's stem.
func tidy(w string) string {
	if strings.HasSuffix(w, "qu") && len(w) > 4 {
		w = w[:len(w)-2] + "c"
	}
	if strings.HasSuffix(w, "gu") && len(w) > 4 {
		w = w[:len(w)-1]
	}
	if n := len(w); n > 4 && w[n-1] == w[n-2] && strings.IndexByte("lnmtprsf", w[n-1]) >= 0 {
		w = w[:n-1]
	}
	if n := len(w); n > 3 && w[n-1] == 'y' {
		w = w[:n-1] + "i"
	}
	if n := len(w); n > 5 && w[n-1] == 'i' && w[n-2] != 'f' { // déploi-: keep; hébergi-: an i of -ier
		if w[n-2] != 'o' && w[n-2] != 'a' && w[n-2] != 'u' {
			w = w[:n-1]
		}
	}
	return w
}
