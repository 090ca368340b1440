"""Files of some events: what the exports say of those, and of no other; without what may not be passed on."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from tests.export.stores import restricted_store

import eventkg
from eventkg.export import streams, tablefiles
from eventkg.export.only import Only
from eventkg.kg import exports
from eventkg.kg.exports import Choice
from eventkg.kg.picking import Picked
from eventkg.model.naming import BASE, EKG
from eventkg.query import listed
from eventkg.search.asked import Asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg import KnowledgeGraph

EVENT = f"{BASE}id/event/"
STRIKE = f"{EVENT}2017-01-22-al-bab-strike"
MINISTRY = "claimant/russian-defence-ministry"
WITHHELD = "acled/XSX"  # what every row of the sample has in its IRIs


def everything(graph: KnowledgeGraph) -> tuple[str, ...]:
    graph.finder.wait(graph.policy(), 120)
    with graph.finder.using(graph.policy()) as (index, _, _):
        return index.chosen(Asked())


@pytest.mark.parametrize("view", [None, pytest.param(MINISTRY, marks=pytest.mark.slow)])
def test_rows_are_those_of_the_table_in_the_order_asked_for(view: str | None, kg: KnowledgeGraph) -> None:
    table, _ = exports.table(kg, "events", Choice(view))
    by_event = {str(row[0]): row for row in table.rows}
    wanted = tuple(reversed([iri for iri in by_event if "al-bab" in iri]))
    picked = [row for part in Picked(kg, (*wanted, f"{EVENT}nothing"), view).tables() for row in part.rows]
    assert picked == [by_event[iri] for iri in wanted]
    assert len(picked) == 3


def test_blocks_come_to_the_same_as_one(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    iris = everything(kg)
    whole = Picked(kg, iris)
    rows = [row for part in whole.tables() for row in part.rows]
    about = whole.about("All")
    csv = b"".join(streams.csv_blocks(whole.tables(), about))
    turtle = triples(Picked(kg, iris).turtle())
    monkeypatch.setattr(listed, "AT_ONCE", 3)
    assert [len(part.rows) for part in whole.tables()] == [3, 3, 2]
    assert [row for part in whole.tables() for row in part.rows] == rows
    assert b"".join(streams.csv_blocks(whole.tables(), about)) == csv
    assert triples(Picked(kg, iris).turtle()) == turtle
    features = json.loads(b"".join(streams.geojson_blocks(whole.tables(), about)))["features"]
    assert [one["id"] for one in features] == list(iris)


def triples(parts: Iterator[bytes]) -> set[ox.Triple]:
    """Each part is a document of its own, and all of them together are one."""
    data = b"".join(parts)
    return {quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)}


def test_the_file_of_an_event_has_who_claims_and_who_denies_and_is_a_part_of_the_graph(
    kg: KnowledgeGraph,
) -> None:
    found = triples(Picked(kg, (STRIKE,)).turtle())
    whole = {quad.triple for quad in ox.parse(kg.serialize("nt"), format=ox.RdfFormat.N_TRIPLES)}
    assert found < whole
    stances = {triple.object for triple in found if triple.predicate.value.lower().endswith("stance")}
    assert {ox.NamedNode(f"{EKG}Asserts"), ox.NamedNode(f"{EKG}Denies")} <= stances
    about = {triple.object for triple in found if triple.predicate.value == f"{EKG}about"}
    assert about == {
        ox.NamedNode(STRIKE),
        ox.NamedNode(f"{EVENT}us-russian-coordination"),
    }  # what contradicts
    named = {triple.subject for triple in found if triple.predicate.value.endswith("#prefLabel")}
    assert {ox.NamedNode(f"{BASE}id/actor/{name}") for name in ("pentagon", "daesh")} <= named
    told = {triple.subject for triple in found if triple.predicate.value == f"{EKG}performedBy"}
    assert told == {ox.NamedNode(STRIKE)}


def test_what_is_said_about_a_file_names_view_licences_and_what_its_sources_cover(
    kg: KnowledgeGraph,
) -> None:
    about = Picked(kg, (STRIKE,)).about("A title\nof two lines")
    head = next(iter(streams.turtle_blocks((), about))).decode()
    assert head.startswith("# A title of two lines\n# view default <")
    assert "Seed of eventkg (CC-BY-4.0)" in head
    assert all(line.startswith("# ") for line in head.splitlines())


def test_no_event_is_an_empty_file_that_says_the_same(kg: KnowledgeGraph) -> None:
    picked = Picked(kg, ())
    about = picked.about("Nothing")
    assert b"".join(streams.csv_blocks(picked.tables(), about)).count(b"\r\n") == 1
    document = json.loads(b"".join(streams.geojson_blocks(picked.tables(), about)))
    assert (document["features"], document["about"]["title"]) == ([], "Nothing")
    assert list(picked.turtle()) == []


@pytest.fixture(scope="module")
def restricted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    with eventkg.open(restricted_store(tmp_path_factory.mktemp("restricted"))) as graph:
        yield graph


@pytest.mark.slow
def test_what_may_not_be_passed_on_is_found_but_in_no_file(restricted: KnowledgeGraph) -> None:
    iris = everything(restricted)
    picked = Picked(restricted, iris)
    about = picked.about("All")
    assert [iri for iri in iris if WITHHELD in iri]
    rows = [row for part in picked.tables() for row in part.rows]
    table, _ = exports.table(restricted, "events", Choice())
    assert sorted(map(str, rows)) == sorted(map(str, table.rows))
    turtle = b"".join(streams.turtle_blocks(picked.turtle(), about)).decode()
    allowed = restricted_away(restricted)
    found = {quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}
    assert found < allowed
    assert WITHHELD not in turtle
    assert "left out, may not be passed on: acled" in turtle
    assert about.coverage
    assert f"# coverage: {about.coverage[0]}\n" in turtle
    assert not [line for line in about.coverage if "no such event" in line]
    data = tablefiles.write(table, "geojson", about)
    assert json.loads(data)["about"]["coverage"] == list(about.coverage)


def restricted_away(graph: KnowledgeGraph) -> set[ox.Triple]:
    """What an export may hold."""
    out = io.BytesIO()
    exports.chosen(graph, (), Choice()).write("nt", out, 512, lambda _, __: None)
    return {quad.triple for quad in ox.parse(out.getvalue(), format=ox.RdfFormat.N_TRIPLES)}


@pytest.mark.slow
def test_a_file_of_a_source_that_may_not_be_passed_on_is_refused(restricted: KnowledgeGraph) -> None:
    only = Only(sources=frozenset({"acled"}))
    with pytest.raises(eventkg.errors.UsageError, match="acled: may not be passed on"):
        Picked(restricted, (), None, only).about("None")


@pytest.mark.parametrize("iri", ["a b", "x> ?p ?o } #", "", "urn:x\n"])
def test_what_is_no_iri_gets_into_no_query(iri: str, kg: KnowledgeGraph) -> None:
    with pytest.raises(ValueError, match="an IRI expected"):
        list(Picked(kg, (iri,)).tables())
