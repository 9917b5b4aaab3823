package search

import "strings"

// Third-group verbs change their stem, and no ending tells it: these endings
// name the family of a verb whatever its prefix (obtenir, obtenu, obtient;
// construire, construit, construction).
var verbEndings = []suffix{
	{"tiennent", "ten", 2}, {"tiendra", "ten", 2}, {"tiendront", "ten", 2}, {"tient", "ten", 2}, {"tenue", "ten", 2}, {"tenu", "ten", 2}, {"tenant", "ten", 2}, {"tenir", "ten", 2}, {"tention", "ten", 2}, {"tien", "ten", 3},
	{"viennent", "ven", 2}, {"viendra", "ven", 2}, {"viendront", "ven", 2}, {"vient", "ven", 2}, {"venue", "ven", 2}, {"venu", "ven", 2}, {"venant", "ven", 2}, {"venir", "ven", 2},
	{"prendre", "pren", 0}, {"prennent", "pren", 0}, {"prenant", "pren", 0}, {"prend", "pren", 0}, {"prise", "pren", 0}, {"pris", "pren", 0}, {"prit", "pren", 0}, {"prehension", "pren", 2},
	{"mettre", "met", 0}, {"mettent", "met", 0}, {"mettant", "met", 0}, {"mise", "met", 0}, {"mis", "met", 0}, {"mission", "met", 3}, {"met", "met", 2},
	{"struire", "struct", 1}, {"struit", "struct", 1}, {"struite", "struct", 1}, {"struction", "struct", 1}, {"structeur", "struct", 1},
	{"duire", "duct", 2}, {"duit", "duct", 2}, {"duite", "duct", 2}, {"duction", "duct", 2}, {"ducteur", "duct", 2}, {"duisent", "duct", 2}, {"duisant", "duct", 2},
	{"crire", "cript", 1}, {"crit", "cript", 1}, {"crite", "cript", 1}, {"crivent", "cript", 1}, {"crivant", "cript", 1}, {"cription", "cript", 2}, {"criture", "cript", 1}, {"crivain", "cript", 1},
	{"ouverture", "ouvr", 0}, {"ouverte", "ouvr", 0}, {"ouvert", "ouvr", 0}, {"ouvrir", "ouvr", 0}, {"ouvrant", "ouvr", 0}, {"ouvre", "ouvr", 0}, {"offert", "offr", 0}, {"offerte", "offr", 0},
	{"fendre", "fend", 1}, {"fendu", "fend", 2}, {"fense", "fend", 2}, {"fenseur", "fend", 2}, {"pondre", "pond", 2}, {"pondu", "pond", 2}, {"ponse", "pond", 2}, {"pendre", "pend", 2}, {"pendu", "pend", 2}, {"pension", "pend", 3},
	{"cevoir", "cept", 1}, {"cevez", "cept", 1}, {"cevra", "cept", 1}, {"cevrez", "cept", 1}, {"cevront", "cept", 1}, {"cevait", "cept", 1}, {"cevant", "cept", 1}, {"coivent", "cept", 2}, {"coit", "cept", 2}, {"ception", "cept", 2}, {"cepteur", "cept", 2},
	{"eindre", "eint", 1}, {"eignent", "eint", 2}, {"einte", "eint", 1}, {"aindre", "aint", 1}, {"ainte", "aint", 2}, {"oindre", "oint", 1},
	{"paraitre", "parai", 0}, {"paraissent", "parai", 0}, {"parait", "parai", 0}, {"parition", "parai", 2}, {"parution", "parai", 0}, {"paru", "parai", 0}, {"parue", "parai", 0},
	{"connaitre", "connais", 0}, {"connait", "connais", 0}, {"connaissance", "connais", 0}, {"connaissent", "connais", 0}, {"connu", "connais", 0}, {"connue", "connais", 0},
	{"querir", "quis", 2}, {"quiert", "quis", 2}, {"quise", "quis", 2}, {"quisition", "quis", 2}, {"battre", "bat", 0}, {"battu", "bat", 0}, {"battue", "bat", 0},
	{"clure", "clus", 2}, {"clut", "clus", 2}, {"clue", "clus", 2}, {"clu", "clus", 2}, {"clus", "clus", 2}, {"cluse", "clus", 2}, {"clusion", "clus", 2}, {"suivre", "suiv", 0}, {"suivi", "suiv", 0}, {"suivie", "suiv", 0},
	{"soudre", "sol", 2},
}

// families are words of one family that no ending joins, the stem first.
var wordFamilies = strings.TrimSpace(`
detruct detruire detruit detruite detruits detruites destruction destructions destructeur destructrice
decript decrire decrit decrite decrits description descriptions descriptif descriptive
vend vendre vend vendu vendue vendus vente ventes vendeur vendeurs
perd perdre perd perdu perdue perdus perdit perte pertes
recept recu recue recus recues
concept concu concue concus concues
lect lire lecture lectures lecteur lecteurs lectrice
elect elire elu elue elus election elections electeur electeurs electoral electorale
interd interdire interdit interdite interdits interdites interdiction interdictions
peint peindre peint peinte peintre peintres peinture peintures
resol resoudre resolu resolue resolus resolution resolutions
nais naitre nait nee nees nes naquit naissance naissances
nourr nourrir nourri nourrit nourriture
conquis conquete conquetes
decis decider decide decidee decides decideur decision decisions
cre creer cree creee crees creees creation creations createur createurs creatrice
etud etude etudes etudier etudie etudiee etudiant etudiants etudiante
mort mort morts morte mortes mourir meurt mourut meurent mortel mortelle mortalite
deced deces deceder decede decedee decedes
music musique musiques musical musicale musicaux musicien musiciens musicienne
histor histoire histoires historique historiques historien historiens
colon colonie colonies colonial coloniale coloniaux colonisation colonise coloniser
difficil difficile difficiles difficulte difficultes
preven prevenir prevention preventif preventive
interven intervenir intervention interventions intervenant intervenants
maintenance maintenance
convention convention conventions
attention attention
intention intention intentions
commission commission commissions
chemise chemise chemises
different different differents differente differentes difference differences
appren apprendre apprentissage apprentissages appris apprenti
arret arret arrets arreter arrete arretee arretes arrestation arrestations
renvoi renvoi renvois renvoyer
joueur jouer joue jouent joueur joueurs joueuse jeu jeux
france france francais francaise francaises
europ europe europeen europeenne europeens europeennes
allemagne allemagne allemand allemande allemands allemandes
angleterre angleterre anglais anglaise anglaises
espagne espagne espagnol espagnole espagnols espagnoles
italie italie italien italienne italiens italiennes
russie russie russe russes
chine chine chinois chinoise chinoises
japon japon japonais japonaise japonaises
amerique amerique americain americaine americains americaines
afrique afrique africain africaine africains africaines
algerie algerie algerien algerienne algeriens algeriennes
maroc maroc marocain marocaine marocains
tunisie tunisie tunisien tunisienne tunisiens
egypte egypte egyptien egyptienne egyptiens
grece grece grec grecque grecs grecques
rome rome romain romaine romains romaines
turquie turquie turc turque turcs turques
inde inde indien indienne indiens indiennes
canada canada canadien canadienne canadiens canadiennes
mexique mexique mexicain mexicaine mexicains
bresil bresil bresilien bresilienne bresiliens
portugal portugal portugais portugaise portugaises
belgique belgique belge belges
suisse suisse suisses helvetique
pologne pologne polonais polonaise
suede suede suedois suedoise
norvege norvege norvegien norvegienne
danemark danemark danois danoise
irlande irlande irlandais irlandaise
ecosse ecosse ecossais ecossaise
autriche autriche autrichien autrichienne autrichiens
hongrie hongrie hongrois hongroise
ukraine ukraine ukrainien ukrainienne ukrainiens
australie australie australien australienne australiens
paris paris parisien parisienne parisiens parisiennes
permis permis
professeur professeur professeurs
personnage personnage personnages
employeur employeur employeurs
temperatur temperature temperatures
fonctionnair fonctionnaire fonctionnaires
case case cases
plaqu plaque plaques
contrair contraire contraires contrairement
champion champion champions championne championnes championnat championnats
indice indice indices indiciaire indiciaires
paie payes payee payees payez payent paient payant payants payante payantes
puissanc puissance puissances puissant puissante puissants puissantes
presenc presence presences
pression pression pressions
presse presse
repression repression repressif repressive
competition competition competitions competitif competitive competitifs competitives
violenc violence violences violent violente violents violentes
violat violation violations
gens gens
base basee basees
environn environnement environnements environnemental environnementale environnementales environnementaux
particule particule particules
organism organisme organismes
journali journalier journaliere journaliers journalieres
journalist journaliste journalistes journalisme
exemplair exemplaire exemplaires
activit activite activites
fonds fonds
secondair secondaire secondaires
suiv suit
partir partir
retir retirer retire retiree retires retirees retrait retraits
officier officier officiers
expression expression expressions
correctionnel correctionnel correctionnelle correctionnels correctionnelles
sorte sorte sortes
sort sortir sort sortent sortie sorties sorti
parlement parlement parlements parlementaire parlementaires
martinique martinique martiniquais martiniquaise
communic communiquer communique communiquee communiques communiquees communiquent communication communications
elementair elementaire elementaires
serieu serieux serieuse serieuses serieusement
heureu heureux heureuse heureuses heureusement
geste geste gestes
cassation cassation
armee armee armees
premier premiere premieres
nouveau nouveau nouveaux nouvel nouvelle nouvelles
blanc blanc blanche blancs blanches
souhait souhaite souhaites souhaitez souhaitent souhaiter souhait souhaits souhaitant souhaitee souhaitees
acquis acquis
ferm fermeture fermetures
bles blessure blessures
candidat candidat candidats candidate candidates candidature candidatures
indemn indemnite indemnites indemniser indemnise indemnisee indemnises indemnisees indemnisation indemnisations
possed possession possessions
tourism tourisme touriste touristes touristique touristiques
evolu evolution evolutions
pollu pollution pollutions
restitu restitution restitutions
publicit publicite publicites publicitaire publicitaires
agricol agricole agricoles agriculture agriculteur agriculteurs agricultrice
maxim maximum maximal maximale maximales maximaux maximums
minim minimum minimal minimale minimales minimaux minima minimums
percept percu percue percus percues
complic complice complices complicite
institut institution institutions
`)

// familyOf maps each word of a family to its stem.
var familyOf = func() map[string]string {
	m := map[string]string{}
	for line := range strings.SplitSeq(wordFamilies, "\n") {
		forms := strings.Fields(line)
		for _, f := range forms[1:] {
			m[f] = forms[0]
		}
	}
	return m
}()

// Regular verbs whose forms no ending tells from nouns: "remplit" and "profit",
// "portent" and "talent". Roots of the first group, then of the second.
const (
	erRoots = `port sign donn pass rest form entr mont trouv jou aim parl cherch pens laiss touch gard tomb march tourn mang achet gagn pay compt cout dur vot chang`
	irRoots = `etabl fourn rempl garant chois fin sais defin accompl reuss avert sub ag reag reun pun grand invest convert enrich elarg guer franch ralent vieill obe trah`
)

func init() {
	for _, g := range []struct{ roots, infinitive, endings string }{
		{erRoots, "er", "ent ait aient"},
		{irRoots, "ir", "i ie is ies it issez issons isse issent issant issait issaient ira iront irez irait"},
	} {
		for root := range strings.FieldsSeq(g.roots) {
			family := stem(root + g.infinitive)
			for e := range strings.FieldsSeq(g.endings) {
				if form := root + e; familyOf[form] == "" && irregular[form] == "" {
					familyOf[form] = family
				}
			}
		}
	}
}

// verbStem gives the stem of a third-group verb's form, "" for another word.
func verbStem(w string) string {
	for _, s := range verbEndings {
		if len(w)-len(s.end) >= s.rest && strings.HasSuffix(w, s.end) {
			return w[:len(w)-len(s.end)] + s.to
		}
	}
	return ""
}
