"""THOR and GDELT as they were published: answers that are known, by SPARQL over the imported graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.conftest import SHARED
from tests.kg.tables import imported

import eventkg
from eventkg.query.answers import Solutions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventkg import KnowledgeGraph
    from eventkg.kg.importing import Imported

DATA = SHARED / "data"
FILES = {
    "thor-wwii": DATA / "thor" / "thor_wwii_1943.csv.gz",
    "gdelt-events": DATA / "gdelt" / "20180101000000.export.CSV.gz",
    "gdelt-mentions": DATA / "gdelt" / "20170701234500.mentions_with_header.csv.gz",
}
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason="the published files are not beside the repository here"),
]
_OF = "?e ekg:fromDataset/dcterms:isVersionOf dataset:"
_TONS = "OPTIONAL { ?e ekg:bombTons ?known } BIND(COALESCE(?known, 0) AS ?tons)"
_GERMANY = "<https://w3id.org/eventkg/id/place/thor-wwii/GERMANY>"
_B17 = "<https://w3id.org/eventkg/id/equipment/thor-wwii/B17>"
_CODE = "https://w3id.org/eventkg/code"
_QUESTIONS = {
    "the 8th Air Force against Germany": (
        f"""SELECT (COUNT(?e) AS ?missions) (SUM(?tons) AS ?all) {{
            ?e ekg:performedBy <https://w3id.org/eventkg/id/actor/thor-wwii/8%20AF> ;
               ekg:place/ekg:within* {_GERMANY} . {_TONS} }}""",
        ("206", "5149.0"),
    ),
    "the B-17 and its variants": (
        f"""SELECT (COUNT(?e) AS ?missions) (SUM(?tons) AS ?all) {{
            ?e ekg:usedEquipment/skos:broadMatch? {_B17} . {_TONS} }}""",
        ("5979", "141373.0"),
    ),
    "missions held to have happened": (
        f"SELECT (COUNT(?e) AS ?n) {{ ?e a ekg:AirStrike , ekg:Event . {_OF}thor-wwii }}",
        ("23210",),
    ),
    "targets off the globe": (
        """SELECT (COUNT(?p) AS ?n) { ?p ekg:latitude ?y ; ekg:longitude ?x
            FILTER(ABS(?y) > 90 || ABS(?x) > 180) }""",
        ("0",),
    ),
    "GDELT's rows": (f"SELECT (COUNT(?e) AS ?n) {{ {_OF}gdelt-events }}", ("2414",)),
    "GDELT's rows that are held to have happened": (
        f"SELECT (COUNT(?e) AS ?n) {{ {_OF}gdelt-events . ?e a ekg:Event }}",
        ("0",),
    ),
    "material conflict": (
        f"SELECT (COUNT(DISTINCT ?e) AS ?n) {{ ?e ekg:eventType <{_CODE}/gdelt-quad-class/4> }}",
        ("478",),
    ),
    "root code 19": (
        f"SELECT (COUNT(DISTINCT ?e) AS ?n) {{ ?e ekg:eventType/skos:broader* <{_CODE}/cameo/19> }}",
        ("288",),
    ),
    "code 195x": (
        f"SELECT (COUNT(DISTINCT ?e) AS ?n) {{ ?e ekg:eventType/skos:broader* <{_CODE}/cameo/195> }}",
        ("1",),
    ),
    "articles": (
        f"SELECT (COUNT(DISTINCT ?d) AS ?n) {{ {_OF}gdelt-events . ?claim ekg:conveys ?e ; ekg:foundIn ?d }}",
        ("372",),
    ),
    "rows of the article that has most": (
        f"""SELECT (COUNT(?e) AS ?n) {{ {_OF}gdelt-events . ?claim ekg:conveys ?e ; ekg:foundIn ?d }}
            GROUP BY ?d ORDER BY DESC(?n) LIMIT 1""",
        ("221",),
    ),
    "events without a place": (
        f"SELECT (COUNT(?e) AS ?n) {{ {_OF}gdelt-events . FILTER NOT EXISTS {{ ?e ekg:place ?p }} }}",
        ("58",),
    ),
    "events placed at a country's centroid and not marked so": (
        """SELECT (COUNT(?e) AS ?n) { ?e ekg:place ?p . ?p a ekg:Country FILTER NOT EXISTS {
            ?e ekg:placePrecision <https://w3id.org/eventkg/code/place-precision/country> } }""",
        ("0",),
    ),
    "mentions by GDELT of what other articles say": (
        """SELECT (COUNT(?c) AS ?n) { ?c ekg:claimant actor:gdelt ; ekg:stance ekg:Relays ;
            ekg:attributedTo ?outlet }""",
        ("1635",),
    ),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the store is."""
    return tmp_path_factory.mktemp("store") / "kg"


@pytest.fixture(scope="module")
def done(place: Path) -> dict[str, Imported]:
    """What came of the imports, by source."""
    return {name: imported(place, name, path) for name, path in FILES.items()}


@pytest.fixture(scope="module")
def graph(place: Path, done: dict[str, Imported]) -> Iterator[KnowledgeGraph]:
    """The graph of that store."""
    assert done
    with eventkg.open(place, timeout_s=120) as opened:
        yield opened


@pytest.mark.parametrize("question", _QUESTIONS)
def test_the_answer_is_the_one_that_is_known(question: str, graph: KnowledgeGraph) -> None:
    sparql, expected = _QUESTIONS[question]
    answer = graph.query(sparql)
    assert isinstance(answer, Solutions)
    (row,) = answer
    assert [float(str(cell)) for cell in row.values()] == [float(number) for number in expected]


@pytest.mark.parametrize(
    ("source", "read", "quarantined"),
    [("thor-wwii", 23_214, 4), ("gdelt-events", 2_414, 0), ("gdelt-mentions", 1_635, 0)],
)
def test_every_row_is_accounted_for(
    source: str, read: int, quarantined: int, done: dict[str, Imported]
) -> None:
    assert (done[source].read, done[source].quarantined) == (read, quarantined)
    assert done[source].imported == read - quarantined


def test_impossible_targets_and_shifted_columns_are_put_aside(done: dict[str, Imported]) -> None:
    assert [(row[1], row[2], row[3]) for row in done["thor-wwii"].wrong] == [
        ("1140", "target_latitude", "100.65"),
        ("9519", "target_latitude", "100.65"),
        ("9520", "target_latitude", "100.65"),
        ("17721", "target_latitude", "1108"),
    ]


@pytest.mark.parametrize("source", ["thor-wwii", "gdelt-events"])
def test_an_event_costs_at_most_24_statements(source: str, done: dict[str, Imported]) -> None:
    assert done[source].statements / done[source].imported <= 24
