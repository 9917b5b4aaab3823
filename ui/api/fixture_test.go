package api_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/cct-mi/cct/content"
	"github.com/cct-mi/cct/content/ingest"
	"github.com/cct-mi/cct/search"
	"github.com/cct-mi/cct/store"
	"github.com/cct-mi/cct/ui/api"
)

// folder is a small content of our own, with every kind of record.
func folder() fstest.MapFS {
	return fstest.MapFS{
		"index.md":              {Data: []byte("---\nid: accueil\ntitle: Cadre d’essai\nedition: 2025-01\n---\n\nBienvenue.\n")},
		"presentation/index.md": {Data: []byte("---\nid: presentation\ntitle: Présentation\norder: 1\n---\n\n## Matrice des documents\n\nQui lit quoi, selon le type d’application.\n\nVoir [les sauvegardes](../cloud-native/exigences.md#EX33).\n")},
		"presentation/documents-et-applicabilite.md": {Data: []byte("---\nid: documents-et-applicabilite\ntitle: Documents\n---\n\nUn tableau.\n")},
		"presentation/glossaire.md":                  {Data: []byte("---\nid: glossaire\ntitle: Glossaire\n---\n\n| Terme | Autres noms | Définition |\n| --- | --- | --- |\n| MCO | maintien en condition opérationnelle | Garder un service en état de marche. |\n| API | interface de programmation | Ce par quoi deux logiciels se parlent. |\n")},
		"presentation/normes.md":                     {Data: []byte("---\nid: normes\ntitle: Normes\n---\n\n| Norme | Ce qu’elle régit |\n| --- | --- |\n| RGAA | L’accessibilité des services en ligne. |\n")},
		"cloud-native/index.md":                      {Data: []byte("---\nid: cloud-native\ntitle: Cloud Native\norder: 2\n---\n\nConteneurs et livraison continue.\n")},
		"cloud-native/exigences.md": {Data: []byte("---\nid: exigences\ntitle: Exigences Cloud Native\n---\n\n## Le tableau\n\n| ID | Niveau | Intitulé | Exigence | Nature | Catégorie | Autre édition |\n| --- | --- | --- | --- | --- | --- | --- |\n" +
			"| EX7 | P | Sauvegarde | L’application orchestre elle-même sa sauvegarde. | Ministériel | Modèle d'Opération | |\n" +
			"| EX33 | I | Copie de référence | La sauvegarde de référence est déposée dans un stockage S3 indépendant. | Ministériel | Code Applicatif & Image | EXI-ARCH-4, primordial |\n" +
			"| EX43 | | Flux | =Les flux sont séparés. | Ministériel | Intéractions & Flux | |\n")},
		"legacy/index.md":            {Data: []byte("---\nid: legacy\ntitle: Legacy\norder: 3\n---\n\n| ID | Niveau | Intitulé | Exigence | Nature | Catégorie | Autre édition |\n| --- | --- | --- | --- | --- | --- | --- |\n| EX90 | P | Exploitation | L’exploitant reçoit un dossier d’exploitation. | Ministériel | Infrastructure | |\n")},
		"architecture/regles-api.md": {Data: []byte("---\nid: regles-api\ntitle: Règles d’API\n---\n\n### Règle 2.2.1 : nommer les ressources au pluriel\n\nUne collection porte un nom au pluriel.\n\n## Autres règles\n\n| Réf. | Statut | Règle |\n| --- | --- | --- |\n| 1114 | RG | Passer par le fournisseur d’identité. |\n")},
		"applicabilite.csv": {Data: []byte("Identifiant;Nature;Condition;Certitude;À confirmer;Confirmé par;À qui;Source\n" +
			"EX7;exigence;type = ent-cloud-native, cloud-native;à confirmer;l’application conserve des données;donnees = conservees;candidat;exigences.md:14\n" +
			"EX33;exigence;type = ent-cloud-native, cloud-native;certain;;;candidat, opérateur CI/CD;exigences.md:15\n" +
			"EX43;exigence;type = ent-cloud-native, cloud-native et interface = web;certain;;;;\n" +
			"EX90;exigence;type = ent-legacy, legacy;certain;;;;\n" +
			"1114;règle;utilisateurs = agents;certain;;;;\n" +
			"2.2.1;règle d’API;api = expose;certain;;;;regles.md:52\n")},
		"securite/produits.md": {Data: []byte("---\nid: produits-securite\ntitle: Produits\n---\n\n## Partie 2 : Sécurité [ SI ]\n\n### Chapitre 1 : Coffres\n\n| Référence | Composant | Fournisseur | Version | Statut | Supp. LL | Licence | Évolution | Commentaires |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n| SI-1400 | Coffre | Éditeur | 5.1 | R | Oui | libre | nouveau | Référencé. |\n| SI-1401 | Écluse | Autre | | A | | propriétaire | inchangé | |\n")},
	}
}

// open builds a library of a folder in memory.
func open(t testing.TB, ed *content.Edition) *search.Library {
	t.Helper()
	ctx := context.Background()
	st, _, err := store.Open(ctx, store.Options{Build: func(ctx context.Context, w *store.Writer) error { return search.Build(ctx, ed, w) }})
	if err != nil {
		t.Fatal(err)
	}
	lib, err := search.Open(st)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		st.Close()
	})
	return lib
}

func library(t testing.TB) *search.Library {
	t.Helper()
	ed, err := ingest.Load(context.Background(), folder(), ingest.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return open(t, ed)
}

// official loads the official corpus, where it is there.
func official(t testing.TB) *search.Library {
	t.Helper()
	dir := "../../../shared/corpus/2025-01/content/fr"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("le corpus officiel n’est pas là : ", dir)
	}
	ed, err := ingest.Load(context.Background(), os.DirFS(dir), ingest.Options{Edition: "2025-01"})
	if err != nil {
		t.Fatal(err)
	}
	return open(t, ed)
}

func handler(lib *search.Library, base string) http.Handler {
	return api.Handler(api.Options{Current: func() *search.Library { return lib }, BasePath: base, Version: "essai"})
}

func get(t testing.TB, h http.Handler, address string) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, nil))
	return w.Result()
}

func body(t testing.TB, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// object reads a JSON object; anything else is a failure.
func object(t testing.TB, r *http.Response) map[string]any {
	t.Helper()
	var v map[string]any
	s := body(t, r)
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		t.Fatalf("not an object: %v\n%.300s", err, s)
	}
	return v
}

// at digs into decoded JSON: at(v, "hits", 0, "id").
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func ids(list any) string {
	var out []string
	l, _ := list.([]any)
	for _, v := range l {
		out = append(out, at(v, "id").(string))
	}
	return strings.Join(out, " ")
}
