"""A client whose types quicktype makes from the description: it asks a running
server, and every answer must be what the types say, and nothing more."""

import json
import sys
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import ProxyHandler, build_opener

import api

ask = build_opener(ProxyHandler({})).open


def get(path, **parameters):
    try:
        answer = ask(sys.argv[1] + "/api/v1" + path + "?" + urlencode(parameters), timeout=30)
    except HTTPError as refused:
        answer = refused
    return json.load(answer), answer.headers


body, _ = get("/search", q="sauvegarde s3", type="exigence", limit=2)
found = api.search_answer_from_dict(body)
assert api.search_answer_to_dict(found) == body, "the types leave something out"
hit = found.hits[0]
print("search", hit.id, hit.level.value, found.corrected is None, hit.page.source)

body, _ = get("/exigences/ex33")
record = api.exigence_answer_from_dict(body)
assert api.exigence_answer_to_dict(record) == body, "the types leave something out"
print("record", record.id, record.title)

body, headers = get("/exigences", limit=2, offset=1, fields="title")
piece = api.exigences_from_dict(body)
print("piece", piece.total, ",".join(e.id for e in piece.exigences), "Link" in headers)

print("absent", api.problem_from_dict(get("/exigences/EX999")[0]).status)
wrong = api.problem_from_dict(get("/search", q="a", limit=1000)[0])
print("wrong", wrong.status, wrong.parameter)
