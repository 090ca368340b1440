"""What the samples come to: the meaning that the sources give to rows, asked by SPARQL."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from eventkg.model.naming import GRAPH, PREFIXES
from eventkg.sources.links import read_links

ROOT = Path(__file__).parents[2]
SOURCES = (
    "thor-wwii", "thor-wwii-aircraft", "thor-wwii-weapons", "gdelt-events", "gdelt-mentions", "gazetteer",
    "gazetteer-divisions", "aviation", "aviation-types", "acled",
)  # fmt: skip
LINKS = ("thor-aircraft", "gdelt-countries", "gazetteer-places", "aviation-places")
_DECLARED = "\n".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items())
_ID, _CODE = "https://w3id.org/eventkg/id", "https://w3id.org/eventkg/code"
GRAPH_LINKS = f"{GRAPH}links"
_DAY = f"<{_CODE}/date-precision/day>"

NOBODY: dict[str, str] = {
    "a machine-coded row is held to have happened": (
        "?e ekg:fromDataset/dcterms:isVersionOf dataset:gdelt-events ; a ekg:Event"
    ),
    "a coordinate is off the globe": (
        "?p ekg:latitude ?y ; ekg:longitude ?x FILTER(ABS(?y) > 90 || ABS(?x) > 180)"
    ),
    "a place has half a coordinate": (
        "?p ekg:latitude|ekg:longitude ?c FILTER(!EXISTS { ?p ekg:latitude ?a ; ekg:longitude ?b })"
    ),
    "a span is a day": f"?e ekg:date ?d ; ekg:datePrecision ?how FILTER(?how != {_DAY})",
    "a day lies within a span that is no day": (
        "?e ekg:date ?d ; ekg:earliestStart ?a ; ekg:latestEnd ?b FILTER(?a != ?b)"
    ),
    "an unknown place is one": '?p a ekg:Place ; skos:prefLabel ?l FILTER(CONTAINS(?l, "UNKNOWN"))',
    "a centroid is an event's own place": (
        f"?e ekg:place/a ekg:Country FILTER NOT EXISTS {{ ?e ekg:placePrecision "
        f"<{_CODE}/place-precision/country> }}"
    ),
    "a monitor's actors have a direction": (
        "?e ekg:fromDataset/dcterms:isVersionOf dataset:acled ; ekg:performedBy|ekg:target ?who"
    ),
    "one number of deaths becomes a range": (
        "?e ekg:fromDataset/dcterms:isVersionOf dataset:acled ; ekg:deathsLow|ekg:deathsHigh ?n"
    ),
    "a gazetteer's id is taken for the same thing": (
        "?p schema:sameAs ?q . GRAPH graph:gazetteer { ?p ?r ?o }"
    ),
    "a designator is an aircraft": f"?d skos:inScheme <{_CODE}/icao-type-designator> ; a ekg:AircraftType",
    "a shifted row is there": f"<{_ID}/event/thor-wwii/9000009> ?p ?o",
    "HVY is a Lancaster": f"<{_ID}/equipment/thor-wwii/HVY> skos:altLabel ?name",
}
ANSWERS: dict[str, tuple[str, set[tuple[str, ...]]]] = {
    "rows of one article have one document and one claimant": (
        f"""SELECT (COUNT(DISTINCT ?e) AS ?rows) (COUNT(DISTINCT ?who) AS ?claimants) {{
            ?claim ekg:foundIn <{_ID}/document/gdelt/https%3A%2F%2Fnews.example%2Fone%3Fa%3D1%26b%3D2> ;
                ekg:conveys ?e ; ekg:claimant ?who ; ekg:stance ekg:Asserts }}""",
        {("4", "1")},
    ),
    "a code lies under its root": (
        f"SELECT ?e {{ ?e ekg:eventType/skos:broader+ <{_CODE}/cameo/19> }}",
        {(f"{_ID}/event/gdelt-events/900000002",)},
    ),
    "codes keep their noughts": (
        f'SELECT ?l {{ <{_CODE}/cameo/04> skos:notation "04" ; skos:prefLabel ?l }}',
        {("Consult",)},
    ),
    "an event is not younger than what was added": (
        f"""SELECT ?day ?added {{ <{_ID}/event/gdelt-events/900000003> ekg:date ?day .
            ?claim ekg:conveys <{_ID}/event/gdelt-events/900000003> ; ekg:recordedOn ?added ; ekg:stance
            ekg:Asserts }}""",
        {("2017-12-02", "2018-01-01")},
    ),
    "a mention relays, and its root is unstated": (
        f"""SELECT DISTINCT ?outlet ?root {{ ?c ekg:conveys <{_ID}/event/gdelt-events/900000002> ;
            ekg:stance ekg:Relays ;
            ekg:attributedTo/skos:prefLabel ?outlet ; ekg:rootStatus ?root }}""",
        {(outlet, f"{_CODE}/root-status/unstated") for outlet in ("news.example", "copy.example")},
    ),
    "FIPS SY is Syria": (
        f"SELECT ?p {{ <{_ID}/place/fips-10-4/SY> skos:exactMatch ?p FILTER(?p = place:syria) }}",
        {(f"{_ID}/place/syria",)},
    ),
    "a variant counts with its family": (
        (
            f"SELECT (SUM(?t) AS ?tons) {{ ?e ekg:usedEquipment/skos:broadMatch? "
            f"<{_ID}/equipment/thor-wwii/B17> ; ekg:bombTons ?t }}"
        ),
        {("53",)},
    ),
    "two units in one cell are two": (
        f"SELECT ?l {{ <{_ID}/event/thor-wwii/9000004> ekg:performedBy/skos:prefLabel ?l }}",
        {("8 AF",), ("1 SFG",), ("2 SFG",)},
    ),
    "a mission without coordinates is at its city": (
        f"SELECT ?p {{ <{_ID}/event/thor-wwii/9000005> ekg:place ?p }}",
        {(f"{_ID}/place/thor-wwii/SAMPLELAND/SAMPLETON",)},
    ),
    "a date known to the week is a span": (
        (
            f"SELECT ?a ?b ?how {{ <{_ID}/event/acled/XSX2> ekg:earliestStart ?a ; ekg:latestEnd ?b ; "
            f"ekg:datePrecision ?how }}"
        ),
        {("2017-01-06", "2017-01-18", f"{_CODE}/date-precision/week")},
    ),
    "a date known to the month is that month": (
        (
            f"SELECT ?a ?b ?how {{ <{_ID}/event/acled/XSX3> ekg:earliestStart ?a ; ekg:latestEnd ?b ; "
            f"ekg:datePrecision ?how }}"
        ),
        {("2017-02-01", "2017-02-28", f"{_CODE}/date-precision/month")},
    ),
    "a claim is attributed to every reporter": (
        f"SELECT ?l {{ ?c ekg:conveys <{_ID}/event/acled/XSX1> ; ekg:attributedTo/skos:prefLabel ?l }}",
        {("Sample News",), ("Sample Observatory",)},
    ),
    "one designator stands for several types": (
        f"SELECT ?l {{ ?t skos:broader <{_CODE}/icao-type-designator/XS27> ; skos:prefLabel ?l }}",
        {("Sample X-27",), ("Sample X-34",), ("Example X-34",)},
    ),
    "an air base is named one": (
        "SELECT ?l { ?p a ekg:AirBase ; skos:prefLabel ?l }",
        {("Sample Air Base",)},
    ),
    "what may not be passed on is marked": (
        "SELECT DISTINCT ?d { ?d ekg:redistributable false ; dcterms:isVersionOf ?all }",
        {(f"{_ID}/dataset/acled/undated/*",)},
    ),
    "what must keep its licence is marked": (
        "SELECT DISTINCT ?all { ?d ekg:shareAlike true ; dcterms:isVersionOf ?all }",
        {(f"{_ID}/dataset/gazetteer",), (f"{_ID}/dataset/gazetteer-divisions",)},
    ),
}


@pytest.fixture(scope="module")
def graph() -> ox.Store:
    store = ox.Store()
    for name in SOURCES:
        path = ROOT / "data" / "sources" / name / "expected.nq"
        store.load(path.read_bytes(), format=ox.RdfFormat.N_QUADS)
    for name in LINKS:
        for link in read_links(ROOT / "data" / "links" / f"{name}.sssom.tsv"):
            one, how, other = (ox.NamedNode(iri) for iri in (link.subject, link.predicate, link.object))
            store.add(ox.Quad(one, how, other, ox.NamedNode(GRAPH_LINKS)))
    return store


def ask(store: ox.Store, query: str) -> set[tuple[str, ...]]:
    found = store.query(f"{_DECLARED}\n{query}", use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    return {tuple(getattr(term, "value", "") for term in row) for row in found}


@pytest.mark.parametrize("claim", NOBODY)
def test_nowhere(claim: str, graph: ox.Store) -> None:
    assert ask(graph, f"SELECT * {{ {NOBODY[claim]} }}") == set()


@pytest.mark.parametrize("question", ANSWERS)
def test_so_it_is(question: str, graph: ox.Store) -> None:
    query, expected = ANSWERS[question]
    found = {
        tuple(cell[:-16] + "*" if "undated/" in cell else cell for cell in row) for row in ask(graph, query)
    }
    assert found == expected
