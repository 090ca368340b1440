"""Every format parses with a reader that is not ours, and all say the same."""

from __future__ import annotations

import csv
import io
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import httpx
import pytest
import rdflib

if TYPE_CHECKING:
    from collections.abc import Callable

SELECT = """SELECT ?who ?label {
    { event:2017-01-21-al-bab-strike ekg:performedBy ?who . ?who skos:prefLabel ?label
      FILTER(LANG(?label) = "en") }
    UNION { VALUES (?who ?label) {
      (actor:x "a\\r\\n\\"b\\", <c> & 'd'\\t\\u00e9\\U0001F680") (actor:y UNDEF) } }
} ORDER BY ?who"""
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } { ?s a ekg:AirStrike ; ?p ?o }"
_SR = "{http://www.w3.org/2005/sparql-results#}"
Rows = list[tuple[str, str]]


def ask(server: str, query: str, form: str) -> httpx.Response:
    answer = httpx.get(f"{server}/sparql", params={"query": query, "format": form})
    assert answer.status_code == 200, answer.text
    return answer


def read_json(answer: httpx.Response) -> Rows:
    rows = answer.json()["results"]["bindings"]
    return [(row["who"]["value"], row.get("label", {}).get("value", "")) for row in rows]


def read_xml(answer: httpx.Response) -> Rows:
    rows = ET.fromstring(answer.content).iter(f"{_SR}result")  # noqa: S314  (our own)
    return [(cells[0], cells[1] if len(cells) > 1 else "") for cells in map(_cells, rows)]


def _cells(row: ET.Element) -> list[str]:
    return [binding[0].text or "" for binding in row]


def read_csv(answer: httpx.Response) -> Rows:
    head, *rows = csv.reader(io.StringIO(answer.text, newline=""))
    assert head == ["who", "label"]
    return [(who, label) for who, label in rows]


def read_tsv(answer: httpx.Response) -> Rows:
    head, *rows = answer.text.removesuffix("\n").split("\n")
    assert head == "?who\t?label"
    return [(_term(who), _term(label)) for who, label in (row.split("\t") for row in rows)]


def _term(turtle: str) -> str:
    return str(rdflib.util.from_n3(turtle)) if turtle else ""


@pytest.mark.parametrize(
    ("form", "media_type", "read"),
    [
        ("xml", "application/sparql-results+xml", read_xml),
        ("csv", "text/csv; charset=utf-8", read_csv),
        ("tsv", "text/tab-separated-values; charset=utf-8", read_tsv),
    ],
)
def test_solutions_say_the_same_in_every_format(
    form: str, media_type: str, read: Callable[[httpx.Response], Rows], server: str
) -> None:
    expected = read_json(ask(server, SELECT, "json"))
    assert len(expected) > 2
    answer = ask(server, SELECT, form)
    assert answer.headers["content-type"] == media_type
    assert read(answer) == expected


@pytest.mark.parametrize("form", ["json", "xml"])
def test_yes_and_no_are_told_apart(form: str, server: str) -> None:
    for query, said in (("ASK { }", "true"), ("ASK { FILTER(false) }", "false")):
        body = ask(server, query, form).text
        assert said in body


@pytest.mark.parametrize(
    ("form", "media_type", "parser"),
    [
        ("ttl", "text/turtle; charset=utf-8", "turtle"),
        ("nt", "application/n-triples", "nt"),
        ("jsonld", "application/ld+json", "json-ld"),
        ("rdfxml", "application/rdf+xml", "xml"),
    ],
)
def test_graphs_say_the_same_in_every_format(form: str, media_type: str, parser: str, server: str) -> None:
    answer = ask(server, CONSTRUCT, form)
    assert answer.headers["content-type"] == media_type
    found = rdflib.Graph().parse(data=answer.content, format=parser)
    expected = rdflib.Graph().parse(data=ask(server, CONSTRUCT, "nt").content, format="nt")
    assert len(expected) > 10
    assert set(found) == set(expected)


@pytest.mark.parametrize("query", ["SELECT * { ?s a ekg:AirStrike }", "ASK { }", CONSTRUCT])
def test_a_small_answer_has_its_length_and_varies_by_accept(query: str, server: str) -> None:
    answer = httpx.get(f"{server}/sparql", params={"query": query})
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["vary"] == "Accept"


def test_a_large_answer_is_streamed_to_its_end(server: str) -> None:
    query = "SELECT * { ?s a ekg:Claim . ?t a ekg:Proposition . ?u a ekg:Event }"
    total = httpx.get(f"{server}/sparql", params={"query": query.replace("*", "(COUNT(*) AS ?n)")}).json()
    with httpx.stream("GET", f"{server}/sparql", params={"query": query, "format": "csv"}) as answer:
        assert "content-length" not in answer.headers
        lines = sum(1 for _ in answer.iter_lines())
    assert lines == 1 + int(total["results"]["bindings"][0]["n"]["value"]) > 10_000


def test_what_xml_cannot_hold_is_an_error_and_no_broken_document(server: str) -> None:
    answer = httpx.get(f"{server}/sparql", params={"query": 'SELECT ("\\u0001" AS ?x) { }', "format": "xml"})
    assert answer.status_code == 400
    assert "XML cannot hold" in answer.json()["detail"]
