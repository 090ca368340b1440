"""The same answers from endpoints of other makes on many synthetic events.

With 100,000 events, which are 2.2 million statements and take some minutes:

    EVENTKG_TEST_EVENTS=100000 .venv/bin/pytest tests/kg/test_remote_size.py
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
from benchmarks.generator import quads
from tests.kg.endpoints import oxigraph, oxigraph_binary, virtuoso
from tests.kg.stores import load
from tests.kg.test_remote import rows

import eventkg
from eventkg.store.directory import hold_any, open_checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventkg import KnowledgeGraph

EVENTS = int(os.environ.get("EVENTKG_TEST_EVENTS", "2000"))
_CONTESTED = 0.05
_PATIENCE_S = 600
_MAKES = {
    "oxigraph": (oxigraph, oxigraph_binary()),
    "virtuoso": (virtuoso, shutil.which("virtuoso-t") and shutil.which("isql-vt")),
}
pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]

EVENT = "https://w3id.org/eventkg/id/event/synthetic"
OURS = 'FILTER (STRSTARTS(STR(?g), "https://w3id.org/eventkg/"))'  # beside the graphs that others bring along
QUESTIONS = {
    "everything counted": f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} {OURS} }}",
    "graphs": f"SELECT ?g (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} {OURS} }} GROUP BY ?g",
    "predicates": f"SELECT ?p (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} {OURS} }} GROUP BY ?p",
    "one event": f"SELECT ?p ?o {{ <{EVENT}/7> ?p ?o }}",
    "events by kind": "SELECT ?kind (COUNT(DISTINCT ?e) AS ?n) { ?e a ekg:Event, ?kind } GROUP BY ?kind",
    "who did most": """SELECT ?who (COUNT(DISTINCT ?e) AS ?n) { ?e ekg:performedBy ?who }
        GROUP BY ?who HAVING (COUNT(DISTINCT ?e) > 5) ORDER BY DESC(?n) ?who LIMIT 20""",
    "deaths by place": """SELECT ?place (SUM(?deaths) AS ?all) (MAX(?deaths) AS ?most)
        { ?e ekg:place ?place ; ekg:deathsBest ?deaths }
        GROUP BY ?place ORDER BY DESC(?all) ?place LIMIT 50""",
    "days": """SELECT DISTINCT ?e { ?e ekg:date ?day
        FILTER (?day >= "2015-03-01"^^xsd:date && ?day < "2015-03-04"^^xsd:date) }""",
    "numbers": """SELECT ?e ?low { ?e ekg:deathsLow ?low ; ekg:deathsHigh ?high
        FILTER (?high - ?low > 2 && ?low = 9) }""",
    "labels": """SELECT ?who ?label { ?who skos:prefLabel ?label
        FILTER (LANG(?label) = "en" && STRENDS(STR(?label), "99") && CONTAINS(STR(?label), "Actor")) }""",
    "languages": """SELECT ?l (COUNT(DISTINCT ?s) AS ?n) { ?s skos:prefLabel ?t BIND (LANG(?t) AS ?l) }
        GROUP BY ?l""",
    "absent": """SELECT (COUNT(DISTINCT ?e) AS ?n) { ?e a ekg:AirStrike
        FILTER NOT EXISTS { ?e ekg:supportedBy ?who } }""",
    "without": "SELECT (COUNT(DISTINCT ?e) AS ?n) { ?e a ekg:Battle MINUS { ?e ekg:target ?who } }",
    "perhaps": """SELECT ?e ?target { ?e ekg:place <https://w3id.org/eventkg/id/place/synthetic/3>
        OPTIONAL { ?e ekg:target ?target } }""",
    "either": """SELECT (COUNT(DISTINCT ?who) AS ?n)
        { { ?e ekg:performedBy ?who } UNION { ?e ekg:target ?who } }""",
    "along a path": """SELECT (COUNT(DISTINCT ?e) AS ?n) { ?claim ekg:conveys/ekg:place ?place ;
        ekg:conveys ?e . ?place ekg:latitude ?north FILTER (?north > 36.5) }""",
    "above in the ontology": "SELECT ?top { ekg:AirStrike rdfs:subClassOf+ ?top FILTER (ISIRI(?top)) }",
    "a question in a question": """SELECT ?place ?n { { SELECT ?place (COUNT(DISTINCT ?e) AS ?n)
        { ?e ekg:place ?place } GROUP BY ?place } FILTER (?n > 3) } ORDER BY DESC(?n) ?place LIMIT 30""",
    "given ones": f"""SELECT ?e ?p {{ VALUES ?e {{ <{EVENT}/1> <{EVENT}/2> <{EVENT}/none> }}
        ?e ekg:place ?p }}""",
    "contested": """SELECT ?status (COUNT(DISTINCT ?p) AS ?n)
        { ?p a ekg:Proposition ; ekg:status ?status } GROUP BY ?status""",
    "who denies": """SELECT ?event ?by { ?p ekg:about ?event ; ekg:deniedBy ?by }
        ORDER BY ?event ?by LIMIT 100""",
    "yes": f"ASK {{ <{EVENT}/7> a ekg:Event }}",
    "no": f"ASK {{ <{EVENT}/7> a ekg:Claim }}",
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with as many events as were asked for, every twentieth contested."""
    folder = tmp_path_factory.mktemp("events")
    with (folder / "events.nq").open("w", encoding="utf-8") as stream:
        stream.writelines(quads(EVENTS, _CONTESTED))
    load(folder / "store", folder / "events.nq", memory_mb=8192)
    return folder / "store"


@pytest.fixture(scope="module")
def here(store: Path) -> Iterator[KnowledgeGraph]:
    """Our own answers."""
    with eventkg.open(store, timeout_s=_PATIENCE_S) as graph:
        yield graph


@pytest.fixture(scope="module", params=sorted(_MAKES))
def there(
    request: pytest.FixtureRequest, store: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeGraph]:
    """An endpoint with the same statements."""
    start, binary = _MAKES[request.param]
    if not binary:
        pytest.skip(f"{request.param} is not installed")
    folder = tmp_path_factory.mktemp(request.param)
    with hold_any(store) as held:
        open_checkpoint(held.path).dump(str(folder / "all.nq"), format=ox.RdfFormat.N_QUADS)
    with start(folder / "all.nq", folder) as url, eventkg.open(url, timeout_s=_PATIENCE_S) as graph:
        yield graph


@pytest.mark.parametrize("name", QUESTIONS)
def test_many_events_give_the_same_answers_there(
    name: str, here: KnowledgeGraph, there: KnowledgeGraph
) -> None:
    ours: Any = here.query(QUESTIONS[name])
    theirs: Any = there.query(QUESTIONS[name])
    if isinstance(ours, bool):
        assert theirs is ours
        return
    assert rows(theirs) == rows(ours)
    assert ours
