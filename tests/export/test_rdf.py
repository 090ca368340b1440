"""RDF files: the same graph gives the same bytes, and every parser reads the same graph back."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib

from eventkg.errors import DataError, UsageError
from eventkg.export.rdf import FORMATS, serialize
from eventkg.model.naming import EKG, GRAPH_DERIVED, GRAPH_SEED, PREFIXES, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg import KnowledgeGraph

Node = tuple[str, str, str]  # text, datatype, language
Triple = tuple[Node, Node, Node]
RDFLIB = {"ttl": "turtle", "nt": "nt", "nq": "nquads", "trig": "trig", "jsonld": "json-ld", "rdfxml": "xml"}
WITH_GRAPHS = ("nq", "trig")
_DIGESTS = """
import eventkg, hashlib, json
with eventkg.open() as kg:
    print(json.dumps({form: hashlib.sha256(kg.serialize(form)).hexdigest() for form in %r}))
"""
LITERALS = {
    "plain": ox.Literal("Al-Bab"),
    "language": ox.Literal("Эль-Баб", language="ru"),
    "regional language": ox.Literal("colour", language="en-gb"),
    "date": ox.Literal("2017-01-22", datatype=ox.NamedNode(f"{XSD}date")),
    "number as written": ox.Literal("7.50", datatype=ox.NamedNode(f"{XSD}decimal")),
    "number that is none": ox.Literal("seven", datatype=ox.NamedNode(f"{XSD}integer")),
    "boolean as written": ox.Literal("1", datatype=ox.NamedNode(f"{XSD}boolean")),
    "own datatype": ox.Literal("POINT(37.5 36.4)", datatype=ox.NamedNode(f"{PREFIXES['geo']}wktLiteral")),
    "empty": ox.Literal(""),
    "spaces": ox.Literal("  two  "),
    "quotation marks": ox.Literal("\"'\"\"\"'''\\"),
    "backslash at the end": ox.Literal("C:\\"),
    "lines": ox.Literal("one\ntwo\r\nthree\rfour\tfive"),
    "markup": ox.Literal("<script>&amp;]]></script>"),
    "emoji": ox.Literal("✈\U0001f1f9\U0001f1f7 \U0001f468\u200d\U0001f469"),
    "right to left": ox.Literal("مدينة الباب", language="ar"),
    "byte order mark": ox.Literal("\ufeffx"),
    "what looks like a declaration": ox.Literal("x\n@prefix ekg: <urn:other#> .\n"),
    "combining characters": ox.Literal("e\u0301 é"),
}


def quads() -> list[ox.Quad]:
    """One triple a literal, half of them in another graph."""
    graphs = [ox.NamedNode(GRAPH_SEED), ox.NamedNode(GRAPH_DERIVED)]
    return [
        ox.Quad(ox.NamedNode(f"urn:s:{n}"), ox.NamedNode(f"{EKG}value"), literal, graphs[n % 2])
        for n, literal in enumerate(LITERALS.values())
    ]


def by_pyoxigraph(data: bytes, form: str) -> set[Triple]:
    return {
        (node(q.subject), node(q.predicate), node(q.object)) for q in ox.parse(data, format=FORMATS[form])
    }


def node(term: object) -> Node:
    if isinstance(term, ox.Literal):
        return (term.value, "" if term.language else term.datatype.value, term.language or "")
    assert isinstance(term, ox.NamedNode)
    return (term.value, "", "")


def by_rdflib(data: bytes, form: str) -> set[Triple]:
    graph = rdflib.Dataset(default_union=True)
    graph.parse(data=data, format=RDFLIB[form])
    return {
        (rdflib_node(s), rdflib_node(p), rdflib_node(o))
        for s, p, o in graph.triples((None, None, None))
        if str(p) != "urn:x-rdflib:default"
    }


def rdflib_node(term: object) -> Node:
    if isinstance(term, rdflib.Literal):
        datatype = str(term.datatype or f"{XSD}string")
        return (str(term), "" if term.language else datatype, (term.language or "").lower())
    return (str(term), "", "")


@pytest.fixture
def _as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib rewrites `007` to `7` unless told not to."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.mark.slow
def test_two_processes_write_the_same_bytes() -> None:
    script = _DIGESTS % (tuple(FORMATS),)
    first, second = (
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            timeout=120,
        ).stdout
        for seed in ("1", "2")
    )
    assert len(json.loads(first)) == len(FORMATS)
    assert first == second


@pytest.mark.parametrize("form", FORMATS)
def test_the_order_of_the_statements_does_not_matter(form: str) -> None:
    assert serialize(quads(), form) == serialize(reversed(quads()), form)


@pytest.mark.parametrize("form", FORMATS)
def test_another_literal_gives_other_bytes(form: str) -> None:
    other = [*quads()[:-1], ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p#p"), ox.Literal("other"))]
    assert digest(serialize(other, form)) != digest(serialize(quads(), form))


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.mark.usefixtures("_as_written")
@pytest.mark.parametrize("form", FORMATS)
def test_every_literal_comes_back_as_it_was(form: str) -> None:
    expected = {(node(q.subject), node(q.predicate), node(q.object)) for q in quads()}
    data = serialize(quads(), form)
    assert by_pyoxigraph(data, form) == expected
    if form in RDFLIB:
        assert by_rdflib(data, form) == expected


@pytest.mark.parametrize("form", FORMATS)
def test_a_number_keeps_its_sign_and_its_zeros(form: str) -> None:
    number = ox.Literal("+007", datatype=ox.NamedNode(f"{XSD}integer"))
    quad = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p#p"), number)
    assert {triple[2] for triple in by_pyoxigraph(serialize([quad], form), form)} == {node(number)}


@pytest.mark.slow
@pytest.mark.usefixtures("_as_written")
@pytest.mark.parametrize("form", RDFLIB)
def test_the_bundled_graph_comes_back_by_either_parser(form: str, kg: KnowledgeGraph) -> None:
    expected = by_pyoxigraph(kg.serialize("nt"), "nt")
    assert len(expected) > 4_000
    data = kg.serialize(form)
    assert by_pyoxigraph(data, form) == expected
    assert by_rdflib(data, form) == expected


@pytest.mark.parametrize("form", WITH_GRAPHS)
def test_formats_with_graphs_keep_them(form: str) -> None:
    read = {(q.subject, q.graph_name) for q in ox.parse(serialize(quads(), form), format=FORMATS[form])}
    assert read == {(q.subject, q.graph_name) for q in quads()}


@pytest.mark.parametrize("form", [form for form in FORMATS if form not in WITH_GRAPHS])
def test_a_triple_in_two_graphs_is_written_once_where_graphs_are_unknown(form: str) -> None:
    triple = ox.NamedNode("urn:s"), ox.NamedNode("urn:p#p"), ox.Literal("x")
    twice = [ox.Quad(*triple, ox.NamedNode(graph)) for graph in (GRAPH_SEED, GRAPH_DERIVED)]
    read = list(ox.parse(serialize(twice, form), format=FORMATS[form]))
    assert [(q.subject, q.graph_name) for q in read] == [(triple[0], ox.DefaultGraph())]


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_graph_is_a_file_without_statements(form: str) -> None:
    data = serialize([], form)
    assert by_pyoxigraph(data, form) == set()
    if form in RDFLIB:
        assert by_rdflib(data, form) == set()


@pytest.mark.parametrize("form", ["ttl", "trig"])
def test_prefixes_are_declared_once_and_used(form: str) -> None:
    lines = serialize(quads(), form).decode().splitlines()
    declared = [line for line in lines if line.startswith("@prefix")]
    assert declared == lines[: len(PREFIXES)]
    assert any("ekg:value" in line for line in lines[len(PREFIXES) :])


def test_a_subject_says_first_what_it_is() -> None:
    predicates = [f"{EKG}about", f"{PREFIXES['rdf']}type", f"{EKG}value"]
    subject = ox.NamedNode("urn:s")
    facts = [ox.Quad(subject, ox.NamedNode(name), ox.NamedNode(f"{EKG}x")) for name in predicates]
    lines = [line for line in serialize(facts, "ttl").decode().splitlines() if "urn:s" in line]
    assert lines == ["<urn:s> a ekg:x ;"]


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_rdf_xml_is_refused_what_xml_cannot_hold(character: str) -> None:
    quad = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p#p"), ox.Literal(f"a{character}b"))
    with pytest.raises(DataError, match=rf"U\+{ord(character):04X} found, which XML cannot hold"):
        serialize([quad], "rdfxml")
    for form in set(FORMATS) - {"rdfxml"}:
        assert {triple[2][0] for triple in by_pyoxigraph(serialize([quad], form), form)} == {f"a{character}b"}


@pytest.mark.parametrize(
    ("graphs", "expected"),
    [([], None), (["seed"], {GRAPH_SEED}), (["seed", GRAPH_DERIVED], {GRAPH_SEED, GRAPH_DERIVED})],
    ids=["all", "short name", "both"],
)
def test_graphs_are_chosen_by_short_name_or_iri(
    graphs: Iterable[str], expected: set[str] | None, kg: KnowledgeGraph
) -> None:
    read = {str(q.graph_name) for q in ox.parse(kg.serialize("nq", graphs), format=ox.RdfFormat.N_QUADS)}
    assert len(read) == 4 if expected is None else read == {f"<{graph}>" for graph in expected}


@pytest.mark.parametrize(
    ("form", "graphs", "said"),
    [
        ("pdf", [], "format 'pdf' found, one of ttl, nt, nq, trig, jsonld, rdfxml, ttl12, nt12 expected"),
        ("nt", ["nowhere"], "graph 'nowhere' found, one of codes, derived, ontology, seed expected"),
        ("nt", ["urn:x"], "graph 'urn:x' found"),
        ("nt", [""], "graph '' found"),
    ],
)
def test_a_wrong_format_or_graph_is_named(
    form: str, graphs: list[str], said: str, kg: KnowledgeGraph
) -> None:
    with pytest.raises(UsageError) as wrong:
        kg.serialize(form, graphs)
    assert said in str(wrong.value)
