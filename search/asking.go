package search

import (
	"slices"
	"strings"
)

// People wrap what they look for in words that ask: "bonjour, je voudrais
// savoir …", "un équivalent de …". These carry no subject, but some of them do
// elsewhere ("une demande d’aide"), so they are dropped by what stands around.

// askingVerbs only ask when someone asks: after a pronoun.
var askingVerbs = words(`
demande demandons demandais demander cherche cherchons cherchais chercher recherche recherchons rechercher dire dis dites indiquer indique indiquez expliquer explique expliquez aider aide aidez
renseigner renseigne renseignez informer preciser conseiller conseillez montrer comprendre comprends connaitre connaissez connais connait pense crois arrive arrivez interroge interesse
trouve trouver donner donnez saurait sait savent`)

// pronouns are those of people who ask and are asked.
var pronouns = words(`je j me moi nous vous tu te quelqu quelquun`)

// courtesies go with words that are dropped only beside them.
var courtesies = words(`merci aimerais aimerions voudrais voudrions voulais`)

// comparing words point at what is named next to them.
var comparing = words(`equivalent equivalents equivalente equivalence alternative alternatives`)

// linking words tie a comparison to its term.
var linking = words(`a au aux de du des d pour`)

// turns are words that carry no subject after some others: "à partir de quand",
// "que se passe-t-il", "à quoi sert", "en quoi consiste", "en cas de".
var turns = map[string][]string{
	"partir": {"a"}, "passe": {"se"}, "passera": {"se"}, "deroule": {"se"}, "deroulent": {"se"}, "cas": {"en", "quel", "quels"},
	"sert": {"quoi"}, "servent": {"quoi"}, "consiste": {"quoi"}, "consistent": {"quoi"}, "lieu": {"a", "eu", "avoir", "elle", "il"},
}

// dutyWords ask what is required, allowed or forbidden.
var dutyWords = words(`doit doivent dois devons devez faut obligatoire obligatoires obligation interdit interdite interdits interdites impose imposer exige exiger`)

// markAsking marks the words of a query that only ask.
func markAsking(text string, all []unit) {
	for i := range all {
		u := &all[i]
		if u.capitals && len(all) > 1 && len(u.word) < 5 {
			continue
		}
		switch {
		case questionWords[u.word]:
			u.question = true
		case askingVerbs[u.word]:
			u.question = asked(text, all, i)
		case turns[u.word] != nil:
			u.question = i > 0 && slices.Contains(turns[u.word], all[i-1].word)
		case comparing[u.word]:
			u.question = i == 0 || i == len(all)-1 || linking[all[i+1].word] || strings.HasPrefix(foldWord(text[u.end:]), " d'") || strings.HasPrefix(foldWord(text[u.end:]), " d’")
		case u.word == "avance" || u.word == "bien" || u.word == "beaucoup": // merci d'avance, j'aimerais bien
			u.question = i > 0 && courtesies[all[i-1].word] || i > 1 && all[i-1].idle && courtesies[all[i-2].word]
		}
	}
}

// asked says whether a pronoun stands just before or after a word.
func asked(text string, all []unit, i int) bool {
	before := text[:all[i].start]
	for _, elided := range []string{"m'", "m’", "M'", "M’", "j'", "j’", "J'", "J’"} {
		if strings.HasSuffix(before, elided) {
			return true
		}
	}
	for k := max(0, i-3); k < i; k++ {
		if pronouns[all[k].word] && allAsking(all[k+1:i]) {
			return true
		}
	}
	return i+1 < len(all) && (all[i+1].word == "moi" || all[i+1].word == "nous")
}

func allAsking(between []unit) bool {
	for _, u := range between {
		if !u.question && !u.idle {
			return false
		}
	}
	return true
}
