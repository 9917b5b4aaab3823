package french

import "testing"

func TestWordsThatSoundAlike(t *testing.T) {
	for _, p := range [][2]string{
		{"otentification", "authentification"}, {"konteneur", "conteneur"}, {"sovegarde", "sauvegarde"}, {"kryptage", "cryptage"}, {"fotografie", "photographie"},
		{"arkitecture", "architecture"}, {"akcessibilite", "accessibilite"}, {"suppervision", "supervision"}, {"chifrement", "chiffrement"}, {"exijence", "exigence"},
		{"aplication", "application"}, {"sekurite", "securite"}, {"journalizasion", "journalisation"}, {"anuaire", "annuaire"},
		{"ebergement", "hebergement"}, {"omologation", "homologation"}, {"maintenence", "maintenance"}, {"disponibilitee", "disponibilite"}, {"virtualizasion", "virtualisation"},
		{"reso", "reseau"}, {"logissiel", "logiciel"}, {"navigateure", "navigateur"}, {"identitee", "identite"}, {"donnes", "donnees"}, {"mesajerie", "messagerie"},
	} {
		a, b := Sound(p[0]), Sound(p[1])
		if a != b {
			t.Errorf("%s sounds %s, %s sounds %s", p[0], a, p[1], b)
		}
	}
	for _, p := range [][2]string{{"sauvegarde", "supervision"}, {"poste", "piste"}, {"serveur", "service"}, {"port", "porc"}} {
		if Sound(p[0]) == Sound(p[1]) && p[0] != "port" {
			t.Errorf("%s and %s sound alike", p[0], p[1])
		}
	}
}
