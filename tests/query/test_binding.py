"""Variables replaced by values in a query's text: the same answers as bound variables give."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from eventkg.query.binding import bound

_A, _B = ox.NamedNode("urn:a"), ox.NamedNode("urn:b")
BINDINGS = {"s": ("urn:a", "", "")}


@pytest.fixture(scope="module")
def store() -> ox.Store:
    store = ox.Store()
    for subject, number in ((_A, "1"), (_A, "2"), (_B, "3")):
        store.add(ox.Quad(subject, ox.NamedNode("urn:p"), ox.Literal(number), ox.NamedNode("urn:g")))
    return store


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?s ?o { ?s <urn:p> ?o } ORDER BY ?o", ["<urn:a> 1", "<urn:a> 2"]),
        ("SELECT DISTINCT $s WHERE { $s ?p ?o }", ["<urn:a>"]),
        ("SELECT (STR(?s) AS ?text) { ?s ?p 'x' } ", []),
        ("SELECT (COUNT(?o) AS ?n) ?s { ?s ?p ?o } GROUP BY ?s", ["2 <urn:a>"]),
        ("SELECT ?o { ?s ?p ?o } ORDER BY ?s DESC(?o)", ["2", "1"]),
        ("SELECT ?o { { SELECT ?s ?o { ?s ?p ?o } } } ORDER BY ?o", ["1", "2"]),
        ("SELECT ?so { ?so ?p '3' } # ?s", ["<urn:b>"]),
        ("SELECT ?o { ?s ?p ?o FILTER(?o != '?s') } ORDER BY ?o", ["1", "2"]),
        ("SELECT ?x { ?s ?p '1' BIND(?s AS ?x) }", ["<urn:a>"]),
        ("SELECT ?o { <urn:x?s> ?p ?o }", []),
    ],
)
def test_a_bound_variable_is_its_value_wherever_it_stands(
    query: str, expected: list[str], store: ox.Store
) -> None:
    text = bound(query, BINDINGS)
    answer = store.query(text, use_default_graph_as_union=True)
    assert isinstance(answer, ox.QuerySolutions)
    found = [" ".join(_plain(value) for value in row) for row in answer]
    assert found == expected


def _plain(term: object) -> str:
    return term.value if isinstance(term, ox.Literal) else str(term)


@pytest.mark.parametrize("value", [("x> ?p ?o } #", "", ""), ("a b", "", "")])
def test_a_value_that_is_no_term_is_refused(value: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match="IRI"):
        bound("ASK { ?s ?p ?o }", {"s": value})


def test_a_text_cannot_end_its_quotes(store: ox.Store) -> None:
    value = ("\" } #\n'", "http://www.w3.org/2001/XMLSchema#string", "")
    assert not store.query(bound("ASK { ?a ?b ?s }", {"s": value}), use_default_graph_as_union=True)
