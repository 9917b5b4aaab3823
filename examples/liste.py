#!/usr/bin/env python3
"""Les exigences d'une application, en liste Markdown à cocher.

    python3 liste.py type=cloud-native evolution=nouvelle > suivi.md

Les réponses possibles (type, evolution, taille, perimetre, marche) sont celles
de la page « Mon application ». N'emploie que la bibliothèque standard.
"""
import json
import os
import sys
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

NIVEAUX = ["bloquant", "primordial", "important", ""]


def demander(chemin, **parametres):
    adresse = os.environ.get("CCT_URL", "http://127.0.0.1:8080").rstrip("/")
    # Un proxy du réseau ne sait pas joindre ce poste.
    ouvrir = build_opener(ProxyHandler({})) if "://127.0.0.1" in adresse else build_opener()
    with ouvrir.open(adresse + "/api/v1/" + chemin + "?" + urlencode(parametres), timeout=30) as reponse:
        return json.load(reponse)


def main(arguments):
    try:
        profil = dict(a.split("=", 1) for a in arguments)
    except ValueError:
        return "usage : liste.py [type=cloud-native] [evolution=nouvelle] …"
    try:
        reponse = demander("applicable", **profil)
    except HTTPError as e:  # le corps est un « problem+json » : sa phrase dit quoi changer
        return json.load(e)["detail"]
    except URLError as e:
        return f"cct ne répond pas ({e.reason}) : lancez-le, ou indiquez son adresse par CCT_URL"
    retenues = [e for e in reponse["exigences"] if e["applies"]]
    print(f"# Exigences du CCT, édition {reponse['edition']}")
    for niveau in NIVEAUX:
        du_niveau = [e for e in retenues if e["level"] == niveau]
        if du_niveau:
            print(f"\n## {(niveau or 'niveau non précisé').capitalize()} ({len(du_niveau)})\n")
            for e in du_niveau:
                print(f"- [ ] {e['title']}")
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # sous Windows, un fichier serait écrit dans une autre page de codes
    sys.exit(main(sys.argv[1:]))
