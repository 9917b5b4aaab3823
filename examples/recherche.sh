#!/bin/sh
# Toutes les exigences qui répondent à une recherche, une par ligne :
# identifiant, niveau, intitulé, séparés par des tabulations.
#
#   ./recherche.sh sauvegarde s3
#   CCT_URL=https://cct.exemple.fr ./recherche.sh journaux | cut -f1
set -eu
[ $# -gt 0 ] || { echo "usage : $0 MOTS…" >&2; exit 2; }
url=${CCT_URL:-http://127.0.0.1:8080}
url=${url%/}
rang=0
while :; do
  # Un proxy du réseau ne sait pas joindre ce poste.
  page=$(curl -fsSG --noproxy 127.0.0.1,localhost "$url/api/v1/search" --data-urlencode "q=$*" -d type=exigence -d limit=100 -d "offset=$rang")
  printf '%s\n' "$page" | jq -r '.hits[] | [.id, .level, .title] | @tsv'
  rang=$((rang + 100))
  [ "$rang" -lt "$(printf '%s\n' "$page" | jq .total)" ] || break
done
