"""Which graphs a query sees: all of them, or those that it or its request names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.query.conftest import TRIPLES

from eventkg.errors import QueryError
from eventkg.query.job import GRAPHS, SOLUTIONS, Job
from eventkg.query.pool import NotAcceptableError

if TYPE_CHECKING:
    from eventkg.query.pool import Pool

HALF = TRIPLES // 2


def count(pool: Pool, query: str, **more: Any) -> int:
    _, body = pool.ask(Job(query, **more))
    return int(json.loads(body)["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize(
    ("query", "graphs", "named", "found"),
    [
        ("{ ?s ?p ?o }", (), (), TRIPLES + 1),
        ("{ GRAPH ?g { ?s ?p ?o } }", (), (), TRIPLES),
        ("{ GRAPH <urn:g:1> { ?s ?p ?o } }", (), (), HALF),
        ("FROM <urn:g:0> { ?s ?p ?o }", (), (), HALF),
        ("FROM <urn:g:0> FROM <urn:g:1> { ?s ?p ?o }", (), (), TRIPLES),
        ("FROM <urn:g:0> { GRAPH ?g { ?s ?p ?o } }", (), (), 0),
        ("FROM <urn:nowhere> { ?s ?p ?o }", (), (), 0),
        ("FROM NAMED <urn:g:0> { ?s ?p ?o }", (), (), 0),
        ("FROM NAMED <urn:g:0> { GRAPH ?g { ?s ?p ?o } }", (), (), HALF),
        ("FROM <urn:g:0> FROM NAMED <urn:g:1> { ?s ?p ?o }", (), (), HALF),
        ("{ ?s ?p ?o }", ("urn:g:0",), (), HALF),
        ("{ ?s ?p ?o }", ("urn:g:0", "urn:g:1"), (), TRIPLES),
        ("{ GRAPH ?g { ?s ?p ?o } }", ("urn:g:0",), (), 0),
        ("{ GRAPH ?g { ?s ?p ?o } }", (), ("urn:g:1",), HALF),
        ("{ ?s ?p ?o }", (), ("urn:g:1",), 0),
        ("{ ?s ?p ?o }", ("urn:nowhere",), (), 0),
        ("FROM <urn:nowhere> { ?s ?p ?o }", ("urn:g:0",), (), HALF),
    ],
)
def test_a_query_sees_the_graphs_that_are_named_or_all(
    query: str, graphs: tuple[str, ...], named: tuple[str, ...], found: int, pool: Pool
) -> None:
    asked = f"SELECT (COUNT(*) AS ?n) {query}"
    assert count(pool, asked, default_graphs=graphs, named_graphs=named) == found


@pytest.mark.parametrize("iri", ["not an IRI", "urn:a b", ""])
def test_a_graph_that_is_no_iri_is_an_error_of_the_query(iri: str, pool: Pool) -> None:
    with pytest.raises(QueryError):
        pool.ask(Job("ASK { }", default_graphs=(iri,)))


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (("urn:s:7", "", ""), 1),
        (("urn:nobody", "", ""), 0),
        (("urn:s:7> . ?x ?y <urn:o", "", ""), None),
    ],
)
def test_bound_values_are_terms_and_never_query_text(
    value: tuple[str, str, str], found: int | None, pool: Pool
) -> None:
    query, bindings = "SELECT ?s ?o { ?s ?p ?o }", {"s": value}
    if found is None:
        with pytest.raises(QueryError):
            pool.ask(Job(query, bindings=bindings))
    else:
        _, body = pool.ask(Job(query, bindings=bindings))
        assert len(json.loads(body)["results"]["bindings"]) == found


def test_bound_literals_keep_their_type_and_language(pool: Pool) -> None:
    bindings = {"a": ("007", "http://www.w3.org/2001/XMLSchema#integer", ""), "b": ('"x" .', "", "de")}
    _, body = pool.ask(Job("SELECT ?a ?b { BIND(?a AS ?c) BIND(?b AS ?d) }", bindings=bindings))
    (row,) = json.loads(body)["results"]["bindings"]
    assert row["b"] == {"type": "literal", "value": '"x" .', "xml:lang": "de"}
    assert row["a"]["datatype"].endswith("#integer")


@pytest.mark.parametrize(("query", "form", "known"), [
    ("SELECT * { ?s ?p ?o }", "solutions", SOLUTIONS),
    ("ASK { }", "boolean", SOLUTIONS),
    ("CONSTRUCT WHERE { ?s ?p ?o }", "graph", GRAPHS),
    ("DESCRIBE <urn:s:1>", "graph", GRAPHS),
])  # fmt: skip
def test_every_form_of_answer_comes_in_every_format(
    query: str, form: str, known: dict[str, Any], pool: Pool
) -> None:
    for name, (_, media_type) in known.items():
        head, body = pool.ask(Job(query, solutions=name, graph=name))
        assert (head.form, head.media_type) == (form, media_type)
        assert head.length in {-1, len(body)}


@pytest.mark.parametrize(("query", "job", "form"), [
    ("SELECT * { }", {"solutions": ""}, "solutions"),
    ("ASK { }", {"solutions": ""}, "boolean"),
    ("DESCRIBE <urn:s:1>", {"graph": ""}, "graph"),
])  # fmt: skip
def test_a_form_that_no_accepted_format_can_hold_is_named(
    query: str, job: dict[str, Any], form: str, pool: Pool
) -> None:
    with pytest.raises(NotAcceptableError) as refused:
        pool.ask(Job(query, **job))
    assert refused.value.form == form


@pytest.mark.parametrize(("query", "line", "column"), [("ASK {\n ?s ?p ?o )", 2, 12), ("SELEC", 1, 6)])
def test_a_syntax_error_has_its_line_and_column(query: str, line: int, column: int, pool: Pool) -> None:
    with pytest.raises(QueryError, match=f"query: line {line}, column {column}: .* found") as refused:
        pool.ask(Job(query))
    assert (refused.value.line, refused.value.column) == (line, column)


@pytest.mark.parametrize(
    "query", ["INSERT DATA { <urn:s> <urn:p> <urn:o> }", "DELETE WHERE { ?s ?p ?o }", "CLEAR ALL", "DROP ALL"]
)
def test_an_update_is_no_query(query: str, pool: Pool) -> None:
    with pytest.raises(QueryError):
        pool.ask(Job(query))
    assert count(pool, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == TRIPLES + 1


@pytest.mark.parametrize("query", ["SELECT (<urn:f>(1) AS ?x) { }", "ASK { FILTER(<urn:f>(?x)) }"])
def test_an_unknown_function_is_named_in_the_error(query: str, pool: Pool) -> None:
    with pytest.raises(QueryError, match="urn:f") as refused:
        pool.ask(Job(query))
    assert "RuntimeError" not in str(refused.value)


@pytest.mark.parametrize(("form", "query"), [
    ("xml", 'SELECT ("a\\u0001b" AS ?x) { }'),
    ("rdfxml", 'CONSTRUCT { <urn:s> <urn:p> "a\\u0001b" } { }'),
])  # fmt: skip
def test_a_character_that_xml_cannot_hold_is_an_error_and_no_broken_document(
    form: str, query: str, pool: Pool
) -> None:
    with pytest.raises(QueryError, match=r"U\+0001 found, which XML cannot hold"):
        pool.ask(Job(query, solutions=form, graph=form))
    assert b"u0001" in pool.ask(Job(query))[1]
