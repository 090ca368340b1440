"""Queries are arranged so that little is looked at, and find what they would find otherwise."""

from __future__ import annotations

import random

import pyoxigraph as ox
import pytest
from tests.checking.conformance import prop, select
from tests.checking.test_conformance import compiled, lines, turtle

from eventkg.checking.blocks import in_order, required
from eventkg.checking.compiler import Compiler
from eventkg.checking.components import TABLE
from eventkg.checking.engine import Data
from eventkg.checking.intake import written_data
from eventkg.checking.shapes import Shapes
from eventkg.checking.shapesgraph import ShapesGraph
from eventkg.checking.sparqltext import read_query

P, Q = "<urn:x#p>", "<urn:x#q>"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("SELECT $this { $this x:p ?v }", [f"{{0}} {P} {{1}}"]),
        ("SELECT $this { ?v x:p $this ; x:q 1 }", [f"{{1}} {P} {{0}}"]),
        ("SELECT $this { $this x:p+ $this }", [f"{{0}} {P} {{1}}"]),
        ("SELECT $this { $this (x:p|x:q)+ ?v }", [f"{{0}} ({P}|{Q}) {{1}}"]),
        ("SELECT $this { $this ?any ?v FILTER EXISTS { ?v x:p $this } }", [f"{{1}} {P} {{0}}"]),
        ("SELECT $this { $this x:p* ?v }", []),
        ("SELECT $this { OPTIONAL { $this x:p ?v } }", []),
        ("SELECT $this { { $this x:p ?v } UNION { $this x:q ?v } }", []),
        ("SELECT $this { FILTER NOT EXISTS { $this x:p ?v } }", []),
        ("SELECT $this { ?a x:q ?b FILTER (EXISTS { $this x:p ?v } || ?a = ?b) }", []),
        ("SELECT $this (COUNT(?v) AS ?n) { $this x:p ?v }", []),
    ],
)
def test_what_a_node_has_to_have_for_a_result_is_read_out_of_a_query(query: str, wanted: list[str]) -> None:
    assert required(read_query(query, {"x": "urn:x#"}, "here").tokens) == wanted


def test_a_filter_stands_where_the_last_of_its_variables_becomes_known() -> None:
    query = read_query(
        "SELECT $this { $this ?path ?value . ?path a x:C . FILTER (?value > 1) "
        "FILTER EXISTS { ?other x:p $this } FILTER NOT EXISTS { $this x:q ?value } }",
        {"x": "urn:x#"},
        "here",
    )
    text = in_order(query.tokens, {"this"})
    parts = ("EXISTS { { ?other", "$this ?path", "> 1", "NOT EXISTS", "?path a <urn")
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


FILTERED = [
    "$this x:p ?v . ?v x:q ?w . FILTER (?w > 1) FILTER EXISTS { ?w2 x:p $this }",
    "$this x:p ?v . FILTER (?w > 1) OPTIONAL { ?v x:q ?w }",
    "{ $this x:p ?v . FILTER (?v != ?u) } ?u x:q $this",
    "$this x:p ?v . FILTER NOT EXISTS { ?v x:p ?w . ?w x:q ?u . FILTER (?u = ?w) } ?v x:q ?w",
    "FILTER (bound(?v)) $this x:p ?v",
    "FILTER (!bound(?nothing)) $this x:p ?v",
]


@pytest.mark.parametrize("pattern", FILTERED)
def test_arranged_queries_find_what_they_would_find_for_each_node(pattern: str) -> None:
    """The oracle is the query as it was written, with the node in place of $this."""
    chance = random.Random(7)  # noqa: S311  (no secret)
    nodes = [f":n{number}" for number in range(12)]
    data = " ".join(
        f"{chance.choice(nodes)} {chance.choice((':p', ':q'))} {chance.choice(nodes)} ." for _ in range(60)
    )
    data += " ".join(f"{node} a :C ; :q {chance.randint(0, 3)} ." for node in nodes)
    store = ox.Store()
    store.extend(turtle(data))
    wanted = set()
    for node in nodes:
        text = pattern.replace("$this", node).replace("x:", ":")
        if list(store.query(f"PREFIX : <urn:x#> SELECT * {{ {text} }} LIMIT 1")):  # type: ignore[arg-type]
            wanted.add(f"{node} SPARQL - {node}")
    assert set(lines(compiled(select(f"SELECT $this {{ {pattern} }}"), data))) == wanted


@pytest.mark.parametrize(
    ("constraint", "data", "can"),
    [
        ("sh:maxCount 1", ":a a :C ; :p 1 . :b a :C ; :p 2 .", False),
        ("sh:maxCount 1", ":a a :C ; :p 1 , 2 .", True),
        ("sh:uniqueLang true", ':a a :C ; :p "x"@en . :b a :C ; :p "y"@en .', False),
        ("sh:uniqueLang true", ':a a :C ; :p "x"@en , "y"@en .', True),
        ("sh:lessThan :q", ":a a :C ; :p 1 .", False),
        ("sh:lessThan :q", ":a a :C ; :p 1 . :b :q 1 .", True),
        ("sh:datatype xsd:integer", ":a a :C ; :q 1 .", False),
        ("sh:minCount 1", ":a a :C .", True),
    ],
)
def test_a_constraint_is_passed_over_where_nothing_can_break_it(
    constraint: str, data: str, can: bool
) -> None:
    shapes, loaded = Shapes(ShapesGraph(turtle(prop(constraint)))), written_data(turtle(data))
    (shape,) = shapes.with_targets()
    (query,) = Compiler(shapes, TABLE, loaded.classes).queries(shape)
    assert loaded.can_break(query) is can


def test_the_rarest_of_some_patterns_is_found_without_counting_all() -> None:
    store = ox.Store()
    store.extend(turtle(" ".join(f":a{n} a :C . :a{n} :p {n} ." for n in range(3_000)) + ":a1 :q 1 ."))
    data = Data(store)
    assert data.rarest(["?ekg1 <urn:x#p> ?ekg2", "?ekg1 <urn:x#q> ?ekg2"]) == 1
    assert data.rarest(["?ekg1 <urn:x#none> ?ekg2", "?ekg1 <urn:x#q> ?ekg2"]) == 0
