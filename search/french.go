package search

import "sync"

// commonWords are words of everyday French. A content may lack them, and a small
// one lacks most: they are then unknown, but no slip of the finger, and near
// words would be another question ("musique" is no "unique", "père" no "peer").
// They are compared by family, so one form of each is enough.
const commonWords = `
pere mere frere soeur fils fille enfant bebe parent famille mari femme epoux epouse homme garcon monsieur madame ami amie voisin cousin oncle tante grand couple mariage divorce naissance mort
deces vie age jeune vieux vieille retraite adulte adolescent personne gens peuple population habitant citoyen etranger heritage succession enterrement tete corps main pied bras jambe oeil yeux
oreille bouche nez dent coeur sang peau dos ventre cheveux visage doigt os muscle cerveau voix regard maladie malade sante medecin medicament hopital blessure douleur fievre grippe cancer
traitement soin vaccin infirmier dentiste pharmacie ordonnance grossesse handicap maison appartement logement chambre cuisine salle porte fenetre mur toit jardin garage escalier meuble table
chaise lit canape lampe cle serrure loyer locataire proprietaire bail voisinage demenagement chauffage electricite facture eau gaz feu lumiere cave immeuble batiment construction travaux terrain
manger boire repas dejeuner diner pain vin biere cafe the lait fromage beurre viande poisson poulet boeuf porc oeuf legume fruit pomme poire orange banane fraise cerise raisin tomate salade
carotte oignon soupe riz pate sucre sel poivre huile farine gateau tarte chocolat recette restaurant pizza sauce dessert faim soif cuisiner cuisson ingredient animal chien chat cheval vache
mouton cochon poule oiseau souris loup ours lion tigre elephant singe serpent insecte abeille mouche papillon arbre fleur feuille herbe foret bois plante rose racine branche graine ferme champ
agriculture paysan recolte elevage chasse peche jardinier ville village pays region departement commune quartier rue route chemin pont place gare aeroport port ile mer ocean fleuve riviere lac
montagne vallee plage cote desert plaine colline campagne nord sud est ouest centre frontiere continent capitale monde terre ciel soleil lune etoile nuage pluie neige vent orage tempete
temperature meteo climat froid chaud chaleur saison printemps ete automne hiver air planete espace univers galaxie an annee mois semaine jour journee heure minute seconde matin midi soir soiree
nuit hier aujourd demain date siecle epoque periode debut fin moment instant temps duree fois avenir passe futur janvier fevrier mars avril mai juin juillet aout septembre octobre novembre
decembre lundi mardi mercredi jeudi vendredi samedi dimanche noel paques vacances fete anniversaire premier premiere deuxieme second troisieme dernier derniere prochain precedent suivant seul
unique double moitie tiers quart dizaine centaine millier million milliard zero deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante
cinquante soixante cent mille petit gros gras mince maigre haut bas long court large etroit profond lourd leger plein vide nouveau ancien bon mauvais meilleur pire beau belle joli laid cher
gratuit riche pauvre fort faible dur doux mou sec humide propre sale rapide lent facile difficile simple complique vrai faux juste important principal possible impossible necessaire utile inutile
dangereux certain sur libre occupe ouvert heureux triste content fache calme nerveux fatigue gentil mechant intelligent bete drole serieux celebre connu inconnu etrange normal rare frequent
public prive noir blanc rouge bleu vert jaune gris brun marron violet couleur clair sombre rond carre droit gauche faire dire aller voir savoir pouvoir vouloir venir devoir prendre trouver donner
falloir parler mettre passer regarder aimer croire demander rester repondre entendre penser arriver connaitre devenir sentir sembler tenir comprendre rendre attendre sortir vivre entrer porter
chercher revenir appeler mourir partir jeter suivre ecrire montrer tomber ouvrir arreter perdre commencer paraitre marcher lever permettre asseoir cacher continuer crier jouer sourire courir
apercevoir quitter toucher oublier poser apprendre finir tuer garder descendre monter tirer traverser rire ecouter reconnaitre offrir dormir raconter lire servir pousser couper rencontrer
recevoir rappeler frapper changer tourner battre expliquer compter laisser choisir gagner payer acheter vendre louer preter emprunter rembourser voler casser reparer construire detruire laver
nettoyer essayer reussir echouer decider preferer esperer craindre souhaiter promettre refuser accepter obtenir remplir signer envoyer poster declarer renouveler resilier annuler modifier
inscrire voyager conduire stationner garer habiter demenager travailler embaucher licencier demissionner etudier enseigner naitre grandir marier divorcer heriter soigner guerir nager danser
chanter peindre dessiner photographier filmer imprimer coller plier remporter vaincre attaquer defendre envahir conquerir regner gouverner elire voter abdiquer fonder creer inventer decouvrir
explorer naviguer mesurer peser couter durer contenir composer comporter situer repousser jouir montant dominer influencer inspirer provoquer causer entrainer empecher eviter echapper menacer
proteger sauver aider participer organiser diriger commander obeir condamner juger punir liberer emprisonner assassiner survivre disparaitre apparaitre exister representer symboliser signifier
designer nommer surnommer qualifier considerer musique chanson chanteur chanteuse film cinema acteur actrice livre roman auteur ecrivain poete poesie theatre piece peinture peintre tableau
sculpture sculpteur musee art artiste danse opera concert album groupe guitare piano violon orchestre photo photographie television radio journal presse magazine article histoire conte legende
personnage heros titre oeuvre spectacle festival prix sport football rugby tennis basket natation course velo cyclisme ski athletisme match equipe joueur joueuse entraineur club championnat coupe
tournoi finale victoire defaite medaille champion record stade but score arbitre jeux olympique jouet guerre bataille armee soldat general officier arme fusil canon bombe paix traite conquete
invasion siege revolte revolution resistance ennemi allie troupe regiment marine navire bateau avion helicoptere chateau forteresse prison prisonnier victime attentat reddition tribu esclave
esclavage colonie roi reine prince princesse empereur imperatrice empire royaume couronne trone noble duc comte marquis baron chevalier pape eveque eglise cathedrale temple mosquee religion dieu
chretien catholique protestant juif musulman islam christianisme moine pretre bible coran ange diable saint sainte ame president ministre gouvernement parlement assemblee senat depute senateur
maire mairie election vote parti politique loi constitution republique democratie dictature monarchie etat nation justice tribunal juge avocat police policier gendarme crime voleur vol meurtre
enquete proces peine amende condamnation prefet prefecture syndicat greve manifestation impot taxe travail emploi metier salaire employeur employe salarie ouvrier patron chef entreprise usine
societe commerce magasin marche boutique client vendeur achat vente argent euro franc dollar banque compte carte credit pret dette assurance contrat conge chomage embauche licenciement demission
stage formation diplome apprentissage pension allocation prestation prime bourse ecole college lycee universite classe cours lecon eleve etudiant professeur maitre instituteur examen bac
baccalaureat note cahier stylo crayon papier page lettre mot phrase langue francais anglais allemand espagnol italien latin grec arabe chinois mathematique physique chimie biologie geographie
philosophie science savant scientifique chercheur recherche decouverte theorie experience voiture automobile camion moto bus train metro tramway taxi permis conducteur essence carburant moteur
roue pneu frein accident autoroute vitesse parking billet voyage voyageur passager passeport visa valise bagage hotel camping tourisme touriste identite immatriculation vetement robe pantalon
chemise jupe manteau chaussure chapeau gant sac bijou montre bague collier or fer cuivre bronze acier pierre marbre verre plastique tissu laine coton soie cuir chose objet partie bout forme
taille poids longueur largeur hauteur surface superficie volume distance nombre chiffre quantite somme total moyenne pourcentage cause raison consequence effet resultat objectif probleme solution
question reponse idee avis exemple cas sorte genre espece type maniere facon moyen manque besoin envie choix erreur faute verite mensonge secret surprise peur joie colere amour haine honte espoir
courage force faiblesse beaute bonheur malheur chance reve souvenir memoire oubli attention silence bruit son odeur gout nom prenom surnom adresse telephone numero message colis cadeau image
dessin bonjour bonsoir salut merci pardon plait beaucoup trop assez peu tellement vraiment toujours jamais souvent parfois rarement bientot tard tot vite lentement ensemble partout ailleurs
dehors dedans devant derriere dessus dessous pres loin autour environ presque surtout notamment malgre pendant durant depuis jusque contre parmi selon sauf hors chacun quelque autrefois desormais
auparavant amerique afrique asie europe france paris marseille lyon toulouse nice nantes bordeaux lille strasbourg rennes angleterre allemagne espagne italie russie chine japon inde canada bresil
mexique algerie maroc tunisie egypte turquie suisse belgique portugal pologne grece barbare pirate sorcier roseau grenier fossile dinosaure volcan seisme tremblement eruption inondation incendie
tornade glacier atome molecule cellule gene virus bacterie energie petrole charbon nucleaire solaire electrique mecanique machine outil invention fabrique fabrication industrie industriel artisan
artisanat atelier ouvrage origine evolution developpement croissance chute declin crise succes echec progres reforme changement mouvement action activite fonction role rang ordre suite serie
liste habitude coutume tradition culture civilisation moeurs mode style caractere qualite defaut propriete difference rapport relation lien contact echange accord conflit dispute combat lutte
immerger recouvrir glisser commettre matiere vice sublime bizarre savoureux delicieux magnifique terrible horrible enorme immense minuscule geant locatif copropriete hypotheque notaire testament
donation tutelle curatelle adoption filiation paternite maternite creche nourrice assistante garde naturalisation nationalite sejour asile refugie immigration regroupement mutuelle remboursement
indemnite cotisation declaration revenu foyer fiscal
`

// commonFrench are the words and their stems, made when a word is first looked
// at: no start waits for them.
var commonFrench = sync.OnceValue(func() (m struct{ words, stems map[string]bool }) {
	m.words, m.stems = words(commonWords), map[string]bool{}
	for w := range m.words {
		m.stems[stem(w)] = true
	}
	return m
})

// everyday says whether a word is common French, whatever the content holds.
func everyday(word, stem string) bool {
	if questionWords[word] || stopWords[word] {
		return true
	}
	common := commonFrench()
	return common.words[word] || len(word) > 4 && common.stems[stem]
}
