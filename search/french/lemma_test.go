package french

import (
	"slices"
	"testing"
)

func TestLemma(t *testing.T) {
	var z Lemmatizer
	for _, c := range []struct{ forms, apart []string }{
		{forms: []string{"sauvegarde", "sauvegardes", "sauvegarder", "sauvegardee"}},
		{forms: []string{"journal", "journaux"}, apart: []string{"journee"}},
		{forms: []string{"reseau", "reseaux"}},
		{forms: []string{"developpeur", "developpeuse", "developpeurs"}, apart: []string{"developpement"}},
		{forms: []string{"administrateur", "administratrice", "administratrices"}},
		{forms: []string{"heberger", "hebergee", "hebergees", "heberges"}, apart: []string{"hebergement"}},
		{forms: []string{"fournir", "fournie", "fourni"}},
		{forms: []string{"majeur", "majeure", "majeures", "majeurs"}},
		{forms: []string{"primordial", "primordiale", "primordiaux", "primordiales"}},
		{forms: []string{"backup", "backups"}},
		{forms: []string{"acces"}, apart: []string{"acce"}},
		{forms: []string{"processus"}, apart: []string{"processu"}},
		{forms: []string{"venir", "vint", "vient", "viennent", "venu"}, apart: []string{"vente"}},
		{forms: []string{"mettre", "mis", "mit", "mettait", "mise"}, apart: []string{"remise"}},
		{forms: []string{"recevoir", "recoit", "recut", "recu"}},
		{forms: []string{"rendre", "rendit", "rendu", "rendue", "rendaient"}},
		{forms: []string{"produit", "produits"}, apart: []string{"produire", "produisait"}},
		{forms: []string{"marche", "marches"}, apart: []string{"marcher"}},
		{forms: []string{"appeler", "appela", "appelait", "appelaient"}},
		{forms: []string{"journaliser", "journalise", "journalisees"}},               // no list has it
		{forms: []string{"telecharger", "telecharge", "telechargee", "telecharges"}}, // nor this one, but charger
		{forms: []string{"desinstaller", "desinstallee", "desinstalle"}},
		{forms: []string{"donner", "donna", "donnera"}},
		{forms: []string{"oauth2"}, apart: []string{"oauth"}},
	} {
		want := z.Lemma(c.forms[0])
		for _, form := range c.forms[1:] {
			if got := z.Lemma(form); got != want {
				t.Errorf("%s → %s, %s → %s", c.forms[0], want, form, got)
			}
		}
		for _, other := range c.apart {
			if z.Lemma(other) == want {
				t.Errorf("%s and %s have the same lemma %s", c.forms[0], other, want)
			}
		}
	}
}

func TestIsForm(t *testing.T) {
	for _, word := range []string{"clavier", "cantine", "hebergees", "oeuvre", "rendions", "numerique"} {
		if !IsForm(word) {
			t.Errorf("%s is a form of French", word)
		}
	}
	// A Bloom filter is wrong on some; not on all of many.
	wrong := 0
	for _, word := range []string{"kubernetes", "sauvegrade", "otentification", "konteneur", "postgresql", "devsecops", "zzxyq", "numreique", "clavvier", "xqzt"} {
		if IsForm(word) {
			wrong++
		}
	}
	if wrong > 1 {
		t.Errorf("%d of ten words that are no French forms are taken for some", wrong)
	}
}

func TestActionNouns(t *testing.T) {
	for verb, noun := range map[string]string{"archiver": "archivage", "journaliser": "journalisation", "chiffrer": "chiffrement", "expliquer": "explication", "deployer": "deploiement", "soumettre": "soumission", "cloisonner": "cloisonnement"} {
		if !slices.Contains(ActionNouns(verb), noun) {
			t.Errorf("%s: %q lacks %s", verb, ActionNouns(verb), noun)
		}
	}
}

func TestOrigin(t *testing.T) {
	for noun, want := range map[string]string{"portabilite": "portable", "compatibilite": "compatible", "habilite": "", "qualite": "", "orchestrateur": "orchestrer", "hebergeur": "heberger", "fournisseur": "fournir", "vendeur": "vendre", "certificateur": "certifier", "valeur": "", "moteur": "", "chiffrement": ""} {
		if got := Origin(noun); got != want {
			t.Errorf("%s: %q, want %q", noun, got, want)
		}
	}
}

func TestIsInfinitive(t *testing.T) {
	for word, want := range map[string]bool{
		"monter": true, "signer": true, "partager": true, "fournir": true, "ouvrir": true, "rendre": true, "lire": true, "ecrire": true, "produire": true, "recevoir": true, "prendre": true, "telecharger": true,
		"fichier": false, "papier": false, "courrier": false, "titre": false, "registre": false, "membre": false, "chiffre": false, "document": false, "docker": false, "reader": false,
	} {
		if isInfinitive(word) != want {
			t.Errorf("%s: %v, want %v", word, !want, want)
		}
	}
}
