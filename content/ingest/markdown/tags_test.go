package markdown

import "testing"

// TestUsualTags: what the usual generators' tags say is read, what closes nothing and
// what is not known stays.
func TestUsualTags(t *testing.T) {
	for _, c := range []struct{ what, in, out string }{
		{"a hint", "{% hint style=\"info\" %}\nTexte.\n{% endhint %}\n", ":::::::::::::: info\nTexte.\n::::::::::::::\n"},
		{"a hint in a list", "- a\n\n  {% hint style='danger' %}\n  b\n  {% endhint %}\n", "- a\n\n  :::::::::::::: danger\n  b\n  ::::::::::::::\n"},
		{"a hint of Hugo", "{{< hint warning >}}\nTexte.\n{{< /hint >}}\n", ":::::::::::::: warning\nTexte.\n::::::::::::::\n"},
		{"a hint within a line", "Un {% hint %} ici.\n", "Un {% hint %} ici.\n"},
		{"the end of nothing", "{% endhint %}\n{{< /hint >}}\n", "{% endhint %}\n{{< /hint >}}\n"},
		{"tabs", "{% tabs %}\n{% tab title=\"Un deux\" %}\nTexte.\n{% endtab %}\n{% endtabs %}\n", "\n::::::::::::::: details Un deux\nTexte.\n:::::::::::::::\n\n"},
		{"a reference", "{% content-ref url=\"b.md\" %}\n[b.md](b.md)\n{% endcontent-ref %}\n", "\n[b.md](b.md)\n\n"},
		{"a file", "{% file src=\"../x/Mod%C3%A8le [1].pdf\" %}\nLégende\n{% endfile %}\n", "[Modèle \\[1\\].pdf](<../x/Mod%C3%A8le [1].pdf>)\nLégende\n\n"},
		{"something elsewhere", "{% embed url=\"https://exemple.fr/a?b=c\" %}\n", "<https://exemple.fr/a?b=c>\n"},
		{"Jekyll's root", "[a]({{ site.baseurl }}/b/) [c]({{site.base_url}}/d)\n", "[a](/b/) [c](/d)\n"},
		{"a link of Jekyll", "[a]({% link _docs/mon guide.md %})\n", "[a](/_docs/mon%20guide.md)\n"},
		{"another's link", "{% link \"https://exemple.fr\" %}\n", "{% link \"https://exemple.fr\" %}\n"},
		{"a filter", "[a]({{ '/b/c' | relative_url }})\n", "[a](/b/c)\n"},
		{"references of Hugo", "[a]({{< ref \"b.md#c\" >}}) [d]({{% relref \"/e\" %}})\n", "[a](b.md#c) [d](/e)\n"},
		{"a comment", "a {% comment %}\nb\n{% endcomment %} c\n", "a \n\n c\n"},
		{"what stays raw", "{% raw %}{{ x }}\n{% y %}{% endraw %}\n", "{{ x }}\n{% y %}\n"},
		{"code of Jekyll", "{% highlight ruby linenos %}\n{{ x }}\n{% endhighlight %}\n", "~~~~~~~~~~~~ ruby\n{{ x }}\n~~~~~~~~~~~~\n"},
		{"code of Hugo", "{{< highlight go \"linenos=table\" >}}\n[[a]] {{ b }}\n{{< /highlight >}}\n", "~~~~~~~~~~~~ go\n[[a]] {{ b }}\n~~~~~~~~~~~~\n"},
		{"what is not closed", "{% raw %} a\n{% comment %} b\n", "{% raw %} a\n{% comment %} b\n"},
		{"another expression", "{{ site.title }} {{ page.url | x }}\n", "{{ site.title }} {{ page.url | x }}\n"},
		{"code", "```\n{% hint style=\"info\" %}\n```\n`{{ site.baseurl }}`\n", "```\n{% hint style=\"info\" %}\n```\n`{{ site.baseurl }}`\n"},
	} {
		if got := expand(c.in, func(int, string, string, ...any) {}); got.text != c.out {
			t.Errorf("%s: %q, want %q", c.what, got.text, c.out)
		}
	}
	var named []string
	expand("{% a x %}\n{% b %}\n{% a y %}\n{{ c }} {{ c }}\n", func(line int, code, format string, args ...any) {
		p := Problems{}
		p.Problem(line, code, format, args...)
		named = append(named, p.List[0].What)
	})
	if len(named) != 3 {
		t.Errorf("each tag is named once a file: %q", named)
	}
}
