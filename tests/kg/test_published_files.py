"""Answers that are known of files as their publishers offer them, asked by SPARQL of an imported graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.conftest import SHARED
from tests.kg.tables import imported

import eventkg
from eventkg.query.answers import Solutions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg import KnowledgeGraph

DATA = SHARED / "data"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason="the published files are not beside this checkout"),
]
SYRIA = "652.1601.1911"
AL_BAB = """?e ekg:earliestStart ?d ; ekg:place/ekg:within+ ?district .
    ?district skos:prefLabel "Al Bab district"@en
    FILTER (?d >= "2017-01-01"^^xsd:date && ?d < "2017-02-01"^^xsd:date)"""
DEATHS = "?e ekg:deathsLow ?low ; ekg:deathsBest ?best ; ekg:deathsHigh ?high ."
UCDP_ACTOR = "https://w3id.org/eventkg/id/actor/ucdp/"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """UCDP's events in Syria and its actors, and the strike releases."""
    store = tmp_path_factory.mktemp("published") / "store"
    done = imported(store, "ucdp-ged", DATA / "ucdp/ged_syria_652.1601.1911.csv.gz", release=SYRIA)
    assert (done.read, done.imported, done.quarantined) == (16_566, 16_566, 0)
    assert imported(store, "ucdp-actor", DATA / "ucdp/ucdp-actor-221.csv").imported == 1_725
    assert imported(store, "centcom-oir", DATA / "centcom-oir/all.csv.gz").imported == 5_605
    with eventkg.open(store, timeout_s=120) as opened:
        yield opened


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    """A sample of UCDP's events of the world, in the other layout."""
    store = tmp_path_factory.mktemp("world") / "store"
    assert imported(store, "ucdp-ged", DATA / "ucdp/ged_v23_1_sample1000.csv.gz").imported == 1_000
    with eventkg.open(store, timeout_s=120) as opened:
        yield opened


def row_of(graph: KnowledgeGraph, query: str) -> tuple[object, ...]:
    answer = graph.query(query)
    assert isinstance(answer, Solutions)
    (only,) = list(answer)
    return tuple(only.values())


QUESTIONS = {
    "events and deaths in Al Bab district, January 2017": (
        f"""SELECT (COUNT(?e) AS ?n) (SUM(?low) AS ?l) (SUM(?best) AS ?b) (SUM(?high) AS ?h) {{
            {DEATHS} {AL_BAB} }}""",
        (50, 251, 251, 270),
    ),
    "of those, Government of Turkey and IS": (
        f"""SELECT (COUNT(?e) AS ?n) (SUM(?best) AS ?b) {{ {DEATHS} {AL_BAB}
            ?e ekg:sideA <{UCDP_ACTOR}115> ; ekg:sideB <{UCDP_ACTOR}234> }}""",
        (26, 165),
    ),
    "the whole file": (
        f"SELECT (SUM(?best) AS ?b) (SUM(?low) AS ?l) (SUM(?high) AS ?h) {{ {DEATHS} }}",
        (112_337, 104_929, 119_020),
    ),
    "dyads": (
        "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?a ?b { ?e ekg:sideA ?a ; ekg:sideB ?b } }",
        (120,),
    ),
    "sides": ("SELECT (COUNT(DISTINCT ?a) AS ?n) { ?e ekg:sideA|ekg:sideB ?a }", (94,)),
    "sides that the actor data set has": (
        """SELECT (COUNT(DISTINCT ?a) AS ?n) {
            GRAPH graph:ucdp-ged { ?e ekg:sideA|ekg:sideB ?a }
            GRAPH graph:ucdp-actor { ?a ekg:record ?r } }""",
        (43,),
    ),
    "rows with estimates out of order, kept and flagged": (
        """SELECT (COUNT(?claim) AS ?n) {
            ?claim ekg:conveys ?e ;
                ekg:rowFlag <https://w3id.org/eventkg/code/row-flag/estimates-out-of-order> }""",
        (101,),
    ),
    "a whole year's residue is on no day": (
        """SELECT ?from ?to (EXISTS { ?e ekg:date ?day } AS ?day) ?precision {
            ?c ekg:record "233200" ; ekg:conveys ?e .
            ?e ekg:earliestStart ?from ; ekg:latestEnd ?to ; ekg:placePrecision ?p .
            BIND(REPLACE(STR(?p), "^.*/", "") AS ?precision) }""",
        ("2016-01-01", "2016-12-31", False, "country"),
    ),
    "sides are never performers": (
        """SELECT (COUNT(*) AS ?n) {
            GRAPH graph:ucdp-ged { ?e ekg:performedBy|ekg:participant|ekg:target ?a } }""",
        (0,),
    ),
    "one claim an event, of the data set's maker": (
        """SELECT (COUNT(?c) AS ?n) (COUNT(DISTINCT ?e) AS ?events) {
            ?c ekg:claimant <https://w3id.org/eventkg/id/actor/ucdp> ; ekg:conveys ?e }""",
        (16_566, 16_566),
    ),
    "rows that quote nobody": (
        """SELECT (COUNT(?c) AS ?n) {
            GRAPH graph:ucdp-ged { ?c ekg:conveys ?e } FILTER NOT EXISTS { ?c ekg:attributedTo ?who } }""",
        (452,),
    ),
    "rows that quote several speakers": (
        """SELECT (COUNT(DISTINCT ?c) AS ?n) {
            GRAPH graph:ucdp-ged { ?c ekg:attributedTo ?one , ?other FILTER (?one != ?other) } }""",
        (871,),
    ),
    "364 spellings are 28 speakers by reviewed links, and 213 that stay the source's own": (
        """SELECT (SUM(IF(?own, 0, 1)) AS ?linked) (SUM(IF(?own, 1, 0)) AS ?local) {
            SELECT DISTINCT ?who ?own {
                GRAPH graph:ucdp-ged { ?c ekg:conveys ?e ; ekg:attributedTo ?who }
                BIND(CONTAINS(STR(?who), "/actor/ucdp-ged/") AS ?own) } }""",
        (28, 213),
    ),
    "every event is found in what an office published on a day": (
        """SELECT (COUNT(DISTINCT ?e) AS ?n) (COUNT(DISTINCT ?document) AS ?documents) {
            GRAPH graph:ucdp-ged {
                ?c ekg:conveys ?e ; ekg:foundIn ?document . ?document ekg:publishedOn ?day } }""",
        (16_566, 2_291),
    ),
    "strikes in Syria": (
        """SELECT (SUM(?n) AS ?strikes) (COUNT(?e) AS ?lines) {
            ?e ekg:strikeCount ?n ; ekg:place place:syria }""",
        (4_280, 1_606),
    ),
    "strikes at Raqqa, whatever its spelling": (
        """SELECT (SUM(?n) AS ?strikes) (COUNT(?e) AS ?lines) {
            ?e ekg:strikeCount ?n ; ekg:place place:ar-raqqah }""",
        (407, 234),
    ),
    "strikes at Al Bab": (
        """SELECT ?n ?day { ?e ekg:strikeCount ?n ; ekg:place place:al-bab ; ekg:latestEnd ?day .
            ?claim ekg:conveys ?e ; ekg:claimedOn ?day }""",
        (1, "2015-10-15"),
    ),
    "one preferred name a language": (
        """SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s skos:prefLabel ?a , ?b
            FILTER (LANG(?a) = LANG(?b) && STR(?a) < STR(?b)) }""",
        (0,),
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_known_of_a_file_comes_out_of_the_graph(question: str, graph: KnowledgeGraph) -> None:
    query, answer = QUESTIONS[question]
    assert tuple(str(part) for part in row_of(graph, query)) == tuple(str(part) for part in answer)


def test_an_event_takes_24_statements_at_most_with_all_that_is_shared(graph: KnowledgeGraph) -> None:
    (count,) = row_of(graph, "SELECT (COUNT(*) AS ?n) { GRAPH graph:ucdp-ged { ?s ?p ?o } }")
    assert int(str(count)) <= 24 * 16_566


WORLD = {
    "Syria: rows and deaths": (
        f"""SELECT (COUNT(?e) AS ?n) (SUM(?best) AS ?b) {{ {DEATHS}
            ?e ekg:place/ekg:within+ <https://w3id.org/eventkg/id/place/ucdp/country/652> }}""",
        (265, 948),
    ),
    "all deaths": (f"SELECT (SUM(?best) AS ?b) {{ {DEATHS} }}", (9_561,)),
    "countries": (
        "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?e ekg:place/ekg:within+ ?c . ?c a ekg:Country }",
        (59,),
    ),
}


@pytest.mark.parametrize("question", WORLD)
def test_the_other_layout_is_read_by_the_names_of_its_columns(question: str, world: KnowledgeGraph) -> None:
    query, answer = WORLD[question]
    assert tuple(str(part) for part in row_of(world, query)) == tuple(str(part) for part in answer)
