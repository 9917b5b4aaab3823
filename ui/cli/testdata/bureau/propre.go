package propre

// La sauvegarde suit EX2.
