package address

import "testing"

func TestURL(t *testing.T) {
	for _, c := range []struct{ base, edition, to, want string }{
		{"", "", "/exigences/EX32", "/exigences/EX32"},
		{"/", "", "/exigences/EX32", "/exigences/EX32"},
		{"/cct", "", "/exigences/EX32#a", "/cct/exigences/EX32#a"},
		{"/cct", "2024-02", "/exigences/EX32#a", "/cct/exigences/EX32?edition=2024-02#a"},
		{"", "2024-02", "/recherche?q=s3", "/recherche?q=s3&edition=2024-02"},
		{"", "2024-02", "/", "/?edition=2024-02"},
		{"", "a&b", "/pages/x", "/pages/x?edition=a%26b"},
		{"https://h.fr/cct", "2024-02", "/pages/x", "https://h.fr/cct/pages/x?edition=2024-02"},
		{"", "2024-02", "/pages/x?edition=2023", "/pages/x?edition=2023"}, // it says its own
		{"", "2024-02", "/static/site.css", "/static/site.css"},           // no edition has its own
		{"/cct", "2024-02", "/api/v1/exigences?format=csv", "/cct/api/v1/exigences?format=csv&edition=2024-02"},
		{"/cct", "2024-02", "/api/v1/openapi.json", "/cct/api/v1/openapi.json"}, // of all editions
		{"/cct", "2024-02", "//ailleurs.fr/pages/x", "//ailleurs.fr/pages/x"},
		{"/cct", "2024-02", "https://ailleurs.fr/", "https://ailleurs.fr/"},
		{"/cct", "2024-02", "#ancre", "#ancre"},
	} {
		if got := (Site{c.base, c.edition}).URL(c.to); got != c.want {
			t.Errorf("%q, edition %q: %q gives %q, want %q", c.base, c.edition, c.to, got, c.want)
		}
	}
}

func TestHTML(t *testing.T) {
	const page = `<p title='href="/pages/x"'>href="/pages/x" <a class=k href='/pages/x?a=1&amp;b=2'>x</a> <IMG src="/fichiers/a.png" alt=""><a href="https://ailleurs.fr/">y</a></p><pre>&lt;a href="/z"&gt;</pre>`
	const want = `<p title='href="/pages/x"'>href="/pages/x" <a class="k" href="/cct/pages/x?a=1&amp;b=2">x</a> <img src="/cct/fichiers/a.png" alt=""><a href="https://ailleurs.fr/">y</a></p><pre>&lt;a href="/z"&gt;</pre>`
	if got := (Site{Base: "/cct"}).HTML(page); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := (Site{Base: "/"}).HTML(page); got != page {
		t.Errorf("at the root: %s", got)
	}
}

func TestKeep(t *testing.T) {
	for to, want := range map[string]string{
		"/cct/exigences/EX1":           "/cct/exigences/EX1?edition=2024-02",
		"/cct/pages/x#y":               "/cct/pages/x?edition=2024-02#y",
		"/cct/recherche?q=a%20b":       "/cct/recherche?q=a%20b&edition=2024-02",
		"/cct/":                        "/cct/?edition=2024-02",
		"/cct/static/style.css":        "/cct/static/style.css",
		"/cct/editions":                "/cct/editions",
		"/cct/exigences?edition=x":     "/cct/exigences?edition=x",
		"https://ailleurs.fr/cct/":     "https://ailleurs.fr/cct/",
		"//ailleurs.fr/exigences":      "//ailleurs.fr/exigences",
		"#ancre":                       "#ancre",
		"/cct/exigences/EX1?a=%zz&b=1": "/cct/exigences/EX1?a=%zz&b=1&edition=2024-02",
	} {
		if got := (Site{"/cct", "2024-02"}).Keep(to); got != want {
			t.Errorf("%s → %s, want %s", to, got, want)
		}
	}
}
