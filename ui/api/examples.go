package api

import "strings"

// Example is a short program that uses the API.
type Example struct {
	Title    string // what it does
	Language string // "curl", "PowerShell", "Python"
	Code     string
}

// Examples gives the programs that the page /api shows, for a server at origin
// ("https://cct.exemple.fr") under base ("/" or "/cct"). Tests run them.
func Examples(origin, base string) []Example {
	at := strings.NewReplacer("{api}", strings.TrimSuffix(origin, "/")+strings.TrimSuffix("/"+strings.Trim(base, "/"), "/")+Root)
	const (
		searching = "Chercher, et lister les trois premiers résultats"
		profiling = "Enregistrer la matrice des exigences d’une application"
		reading   = "Lire une exigence"
	)
	list := []Example{
		{searching, "curl", `curl -sSG '{api}/search' --data-urlencode 'q=sauvegarde s3' -d limit=3`},
		// WebClient: the Invoke-RestMethod of Windows PowerShell 5.1 takes JSON for Latin-1.
		{searching, "PowerShell", `$client = New-Object System.Net.WebClient
$client.Encoding = [System.Text.Encoding]::UTF8
$reponse = $client.DownloadString('{api}/search?q=sauvegarde%20s3&limit=3') | ConvertFrom-Json
$reponse.hits | Format-Table id, level, title`},
		{searching, "Python", `import json
from urllib.parse import urlencode
from urllib.request import urlopen

adresse = "{api}/search?" + urlencode({"q": "sauvegarde s3", "limit": 3})
with urlopen(adresse) as reponse:
    for resultat in json.load(reponse)["hits"]:
        print(resultat["id"], resultat["level"], resultat["title"])`},
		{reading, "curl", `curl -sS '{api}/exigences/EX33'`},
		{reading, "PowerShell", `$client = New-Object System.Net.WebClient
$client.Encoding = [System.Text.Encoding]::UTF8
$exigence = $client.DownloadString('{api}/exigences/EX33') | ConvertFrom-Json
$exigence.text`},
		{reading, "Python", `import json
from urllib.request import urlopen

with urlopen("{api}/exigences/EX33") as reponse:
    print(json.load(reponse)["text"])`},
		{profiling, "curl", `curl -sS -o exigences.xlsx '{api}/applicable?type=cloud-native&evolution=nouvelle&format=xlsx'`},
		{profiling, "PowerShell", `$client = New-Object System.Net.WebClient
$client.DownloadFile('{api}/applicable?type=cloud-native&evolution=nouvelle&format=xlsx', "$PWD\exigences.xlsx")`},
		{profiling, "Python", `from urllib.request import urlretrieve

urlretrieve("{api}/applicable?type=cloud-native&evolution=nouvelle&format=xlsx", "exigences.xlsx")`},
	}
	for i := range list {
		list[i].Code = at.Replace(list[i].Code)
	}
	return list
}
