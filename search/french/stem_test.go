package french

import (
	"slices"
	"strings"
	"testing"
)

// stemsOf is what a text is searched by.
func stemsOf(s string) []string {
	var out []string
	for _, t := range Tokenize(s) {
		out = append(out, known().stem(t.Term))
	}
	return out
}

// meet says whether two spellings share a stem.
func meet(a, b string) bool {
	x := stemsOf(a)
	for _, y := range stemsOf(b) {
		if slices.Contains(x, y) {
			return true
		}
	}
	return false
}

// pairs are separated by ";", the two spellings of a pair by "=".
func pairs(list string) [][2]string {
	var out [][2]string
	for p := range strings.SplitSeq(strings.ReplaceAll(list, "\n", " "), ";") {
		if a, b, ok := strings.Cut(p, "="); ok {
			out = append(out, [2]string{strings.TrimSpace(a), strings.TrimSpace(b)})
		}
	}
	return out
}

// mustMeet: one word in another form, or one name in another spelling.
const mustMeet = `donnée=données; serveur=serveurs; réseau=réseaux; journal=journaux; outil=outils; hébergé=hébergée; développé=développées; sécurisé=sécurisées;
œuvre=oeuvre; ÉTAT=etat; l'État=etat; l’État=état; d'hébergement=hebergement; qu'un=un; aujourd'hui=aujourd’hui; CI/CD=cicd; CI/CD=ci cd; open-source=opensource; open source=open-source;
C++=c++; C#=c#; .NET=.net; .NET=net; Node.js=nodejs; Node.js=node js; ST(SI)²=STSI2; ST(SI)²=stsi2; EX29=ex 29; EX-29=ex29; AT-1368=at1368; AT 1368=AT-1368; TLS 1.3=tls 1.3; 2.2.1=règle 2.2.1;
15 factors=factor; mots-clés=motsclés; mots-clés=mot clé; 7-Zip=7zip; Notepad++=notepad++; Notepad++=notepad; LemonLDAP::NG=lemonldap; Prim’X=primx; mod_jk=modjk; Joomla !=joomla;
travail=travaux; national=nationaux; matériel=matériels; interopérabilité=interoperabilite; applicatif=applicatifs; applicative=applicatifs; actif=active; nouveau=nouveaux; exigence=exigences;
utilisateur=utilisatrice; concepteur=conceptrice; rédacteur=rédactrices; opérateur=opérateurs; sauvegarde=sauvegardes; chiffrée=chiffrés; API=APIs; base de données=bases de données; logiciel=logicielle; numérique=numériques;
publique=public; important=importante; primordial=primordiale; administratif=administrative; conteneur=conteneurs; image=images; identifiant=identifiants; hôte=hotes; entrée=entrées; accès=acces;
déploiement=déploiements; mise à jour=mises à jour; e-mail=email; wi-fi=wifi; pare-feu=parefeu; back-end=backend; self-service=selfservice; RGAA=rgaa;
venir=vint; tenir=tenait; obtenir=obtint; prendre=prirent; mettre=mis; écrire=écrivit; construire=construisit; recevoir=reçoit; connaître=connut; vaincre=vaincu; rendre=rendu; battre=battit; mener=mena; diriger=dirigea; appeler=appelait; ouvrir=ouvrent;
descendre=descente; acheter=achat; déposer=dépôt; promouvoir=promotion; marier=mariage`

// families: the verb, the noun and who does it.
const families = `remplir=il remplit; choisir=choisie; établir=établissent; porter=ils portent; nombreux=nombreuses; dangereux=danger; nécessaire=nécessairement; spécifique=spécifiquement; scientifique=scientifiques;
électrique=électricité; attribuer=attribution; première=premier; nouvelle=nouveaux; retirer=retrait; percevoir=perçue; recevoir=vous recevez; agir=agissant; payer=payée; sortir=sortie;
héberger=hébergement; hébergeur=hébergement; héberger=hébergeur; déployer=déploiement; sauvegarder=sauvegarde; chiffrer=chiffrement; archiver=archivage; archive=archivage;
authentifier=authentification; identifier=identification; identifiant=identification; développer=développement; développeur=développement; documenter=documentation; administrer=administrateur;
administration=administrateur; opérer=opérateur; opération=opérateur; superviser=supervision; sécuriser=sécurisation; tester=tests; stocker=stockage; exploiter=exploitation; exploitant=exploitation;
utiliser=utilisation; utilisateur=utilisation; fédérer=fédération; fédérateur=fédération; naviguer=navigateur; navigateur=navigation; certifier=certification; certificat=certification; valider=validation; paramétrer=paramétrage; paramètre=paramétrage;
versionner=version; anonymiser=anonymisation; externaliser=externalisation; responsable=responsabilité; disponible=disponibilité; accessible=accessibilité; compatible=compatibilité; portable=portabilité;
surveiller=surveillance; performant=performance; résilient=résilience; gouverner=gouvernance; signer=signature; configurer=configuration; automatiser=automatisation; intégrer=intégration; intégrateur=intégration;
réutiliser=réutilisation; protéger=protection; gérer=gestion; gestionnaire=gestion; normaliser=normalisation; virtualiser=virtualisation; installer=installation; migrer=migration; restaurer=restauration; tracer=traçabilité`

// apart: strangers that look alike.
const apart = `permis=permettre; professeur=profession; personnage=personne; temps=température; présence=pression; violence=violation; environ=environnement; employeur=emploi; fonctionnaire=fonction;
représentation=répression; contre=contraire; geste=gestion; pays=payée; organe=organisme; champ=champion; indice=indiquer; publicité=public; activité=activer; partir=part; moyen=moitié;
mission=missive; information=informatique; port=rapport; agent=agence; message=messagerie; service=serveur; commune=communication; moteur=mot; original=origine; règle=règlement;
accès=accessibilité; application=appel; conteneur=contenir; autorité=autorisation; publique=publication; général=génération; libre=librairie; page=paiement; production=produit; présent=présentation; entreprise=entrer;
direction=directive; relation=relatif; acteur=action; personne=personnalisation; compte=comportement; partie=participation; organe=organisation; experte=expérience; logique=logiciel; technique=technologie; site=situation; contrat=contraste;
politique=police; mesure=message; document=documentaire; note=notation; session=section; national=nationalité; numéro=numérique; identité=identifier; utile=utiliser; porte=portail; serveur=servir; marché=marchandise; base=basique; code=codex;
normal=norme; certain=certificat; fonction=fondation; ordre=ordinateur; carte=cartouche; image=imaginer; tache=tachymètre; interne=internet; virus=virtuel; liste=lister2; cadre=cadran; version=versement; titre=tiroir; clé=clair; plan=plante`

func TestPairsThatMustMeet(t *testing.T) {
	for _, p := range pairs(mustMeet) {
		if !meet(p[0], p[1]) {
			t.Errorf("%s %v and %s %v do not meet", p[0], stemsOf(p[0]), p[1], stemsOf(p[1]))
		}
	}
}

func TestFamilies(t *testing.T) {
	lost := 0
	for _, p := range pairs(families) {
		if !meet(p[0], p[1]) {
			lost++
			t.Logf("%s %v and %s %v are apart", p[0], stemsOf(p[0]), p[1], stemsOf(p[1]))
		}
	}
	if all := len(pairs(families)); lost*20 > all { // a stemmer without a dictionary misses a few
		t.Errorf("%d of %d families are broken, at most one in twenty may be", lost, all)
	}
}

func TestStrangersStayApart(t *testing.T) {
	met := 0
	for _, p := range pairs(apart) {
		if meet(p[0], p[1]) {
			met++
			t.Logf("%s %v meets %s %v", p[0], stemsOf(p[0]), p[1], stemsOf(p[1]))
		}
	}
	if all := len(pairs(apart)); met*20 > all {
		t.Errorf("%d of %d strangers meet, at most one in twenty may", met, all)
	}
}

// TestIdsStayApart: the joined forms of ids, which rank them, never meet.
func TestIdsStayApart(t *testing.T) {
	for _, p := range pairs("EX1=EX-1110; EX5=EX55; EX12=EX-1210; AT-1368=AT-136; 2.2.1=2.2") {
		if a, b := stemsOf(p[0])[0], stemsOf(p[1])[0]; a == b {
			t.Errorf("%s and %s are both %s", p[0], p[1], a)
		}
	}
}
