# Les exigences d'un type d'application, en CSV, et leur nombre par niveau.
# Marche avec Windows PowerShell 5.1 comme avec PowerShell 7. Ce fichier reste en
# ASCII : la version 5.1 lit un fichier sans BOM dans la page de codes du poste.
#
#   .\exigences.ps1 -Type cloud-native -Sortie exigences.csv
param(
    [string]$Type = 'cloud-native',
    [string]$Sortie = 'exigences.csv'
)
$ErrorActionPreference = 'Stop'
$url = if ($env:CCT_URL) { $env:CCT_URL.TrimEnd('/') } else { 'http://127.0.0.1:8080' }

# WebClient, parce que Invoke-RestMethod 5.1 prend le JSON pour du Latin-1.
$client = New-Object System.Net.WebClient
$client.Encoding = [System.Text.Encoding]::UTF8
if (([uri]$url).IsLoopback) { $client.Proxy = $null }
$reponse = $client.DownloadString("$url/api/v1/applicable?type=" + [uri]::EscapeDataString($Type)) | ConvertFrom-Json

$retenues = @($reponse.exigences | Where-Object { $_.applies })
$retenues | Select-Object id, level, title, because |
    Export-Csv -Path $Sortie -NoTypeInformation -Encoding UTF8 -Delimiter ';'
$retenues | Group-Object level | Sort-Object Name | ForEach-Object {
    $niveau = if ($_.Name) { $_.Name } else { "niveau non pr$([char]0xE9)cis$([char]0xE9)" }
    '{0} : {1}' -f $niveau, $_.Count
}
