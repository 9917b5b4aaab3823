package content

// Status is a letter that the source gives to a product or a rule, without a
// legend, and how we read it: a doubt that whoever shows the word must say.
type Status struct {
	Letter  string // "R"
	Word    string // "recommandé"; "" where we cannot read the letter
	Meaning string // what the word entails, as far as we can tell
}

// ProductStatuses are the letters of products, in the order in which lists show them.
func ProductStatuses() []Status {
	return []Status{
		{"R", "recommandé", "le produit à choisir d’abord"},
		{"A", "assujetti", "le produit demande une autorisation"},
		{"M", "maintenu", "le produit reste en service, sans nouvel usage"},
		{"O", "en observation", "le produit est à l’étude"},
	}
}

// RuleStatuses are the letters of rules.
func RuleStatuses() []Status {
	return []Status{
		{"RG", "règle", "à suivre"},
		{"rc", "recommandation", "à suivre autant que possible"},
	}
}

// StatusNamed reads a letter.
func StatusNamed(letter string) Status {
	for _, s := range append(ProductStatuses(), RuleStatuses()...) {
		if s.Letter == letter {
			return s
		}
	}
	return Status{Letter: letter}
}

// String says a status in words, with its letter: "recommandé (R)". One that we
// cannot read is its letter alone.
func (s Status) String() string {
	if s.Word == "" {
		return s.Letter
	}
	return s.Word + " (" + s.Letter + ")"
}
