package markdown

import (
	"slices"
	"testing"
)

func TestGraph(t *testing.T) {
	for _, c := range []struct {
		what, src string
		want      []string
	}{
		{"labels, words on arrows", "flowchart TD\nA[Collecte] --> B[Mise à jour]\nA -->|de nouveau| A\nB -- publier --> C(Site)", []string{"Collecte → Mise à jour", "Collecte → Collecte (de nouveau)", "Mise à jour → Site (publier)"}},
		{"hyphens in ids, a group, a dotted arrow with words, looks", " graph LR;\n client([client])-. géré par <br> la répartition .->ingress[Ingress];\n ingress-->|règle|cct-mi[service 'cct-mi'];\n subgraph cluster\n ingress;\n cct-mi-->pod1[Pod];\n cct-mi-->pod2[Pod];\n end\n classDef plain fill:#ddd;\n class client plain;",
			[]string{"client → Ingress (géré par la répartition)", "Ingress → service 'cct-mi' (règle)", "cluster : Ingress, service 'cct-mi', Pod (pod1), Pod (pod2)", "service 'cct-mi' → Pod (pod1)", "service 'cct-mi' → Pod (pod2)"}},
		{"several at once, chains, quotes, lone nodes", "graph TD\na & b --> c{\"Choix (oui)\"} ==> d((fin))\nseul[Un nœud seul]:::rouge\n%% remarque", []string{"a → Choix (oui)", "b → Choix (oui)", "Choix (oui) → fin", "Un nœud seul"}},
		{"another kind", "sequenceDiagram\nAlice->>Bob: Bonjour", []string{"Alice->>Bob: Bonjour"}},
		{"nothing", "", nil},
	} {
		if got := graph(lineBreak().ReplaceAllString(c.src, " ")); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
