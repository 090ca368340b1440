"""Data sets that the project has never seen: a `source.yml` of their own is all that they need."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.kg.stores import unchecked

import eventkg
from eventkg.kg.importing import Import, import_tables
from eventkg.query.answers import Solutions
from eventkg.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventkg import KnowledgeGraph

MOST_LINES = 80
# A monitor that grades its own reports: words of its own, which are no number.
MONITOR = """
name: monitor
title: Strikes that an example monitors
version: "2031"
publisher: Example Monitor
license: CC0-1.0
citation: Example Monitor, Strikes
coverage: {from: "2031-01-01", to: "2031-12-31", unit: one strike, inclusion: strikes reported anywhere}
layout: {delimiter: ";", encoding: cp1252}
record: code
ignore: [comment]
lookups:
  grades:
    scheme: code/monitor-grade
    title: how well a strike is reported
    source: Example Monitor, method
    codes: {A: several kinds of sources, B: one kind of source, X: responsibility disputed}
claim:
  claimant: actor/example-monitor
  foundIn: {entity: file}
  attributedTo: {entity: reporter}
entities:
  strike:
    id: event/monitor/{code}
    type: [ekg:AirStrike, ekg:ReportedEvent]
    when: {start: "{from}", end: "{to}", format: "%d.%m.%Y", precision: code/date-precision/days}
    statements:
      skos:prefLabel: {text: "Strike on {town}", lang: en}
      ekg:deathsLow: {column: dead at least, as: integer}
      ekg:place: {entity: town}
  assessment:
    id: assessment/monitor/{code}
    type: ekg:Assessment
    statements:
      ekg:assesses: {entity: strike}
      ekg:assessor: {id: actor/example-monitor}
      ekg:grade: {column: grade, lookup: grades}
  town:
    id: place/monitor/{town}
    type: ekg:Settlement
    statements: {skos:prefLabel: {text: "{town}", lang: en}}
  reporter:
    id: actor/monitor/{source}
    each: {columns: [source], split: ","}
    type: ekg:Actor
    statements: {skos:prefLabel: {text: "{source}", lang: en}}
"""
BASES = """
name: bases
title: Bases of an example
version: "1"
publisher: Example Maps
license: ODbL-1.0
share_alike: true
citation: Example Maps, Bases
coverage: {unit: one base, inclusion: bases on the map}
layout: {format: geojson}
record: feature.id
ignore: [geometry.type, colour]
entities:
  base:
    id: place/bases/{feature.id}
    type: ekg:AirBase
    statements:
      skos:prefLabel: [{column: name.en, lang: en}, {column: name.ar, lang: ar}]
      ekg:latitude: {column: geometry.latitude, as: latitude}
      ekg:longitude: {column: geometry.longitude, as: longitude}
      dcterms:spatial: {column: geometry.wkt}
"""
SIGNALS = """
name: signals
title: Signals of an example
version: "1"
publisher: Example Ears
license: CC0-1.0
citation: Example Ears, Signals
coverage: {from: "2031-01-01", to: "2031-12-31", unit: one signal, inclusion: all that were heard}
layout: {format: tsv, quoting: false, header: [[id, day, what, who], [id, day, what]]}
record: id
optional: [who]
claim: {claimant: actor/example-ears, foundIn: {entity: file}}
entities:
  event:
    id: event/signals/{id}
    type: ekg:ReportedEvent
    when: {start: "{day}", format: "%Y%m%d", precision: code/date-precision/day}
    statements:
      skos:prefLabel: {text: "{what}", lang: en}
      ekg:sender: {entity: sender}
  sender:
    id: actor/signals/{who}
    type: ekg:Actor
    statements: {skos:prefLabel: {text: "{who}", lang: en}}
"""
_FEATURES = [
    {
        "id": "b1",
        "properties": {"name": {"en": "North base", "ar": "قاعدة"}, "colour": "red"},
        "geometry": {"type": "Point", "coordinates": [20.25, 10.5]},
    },
    {
        "id": "b2",
        "properties": {"name": {"en": "Runway"}, "colour": None},
        "geometry": {"type": "LineString", "coordinates": [[20.0, 10.0], [20.5, 10.0]]},
    },
]
FILES: dict[str, tuple[str, dict[str, bytes]]] = {
    "monitor": (
        MONITOR,
        {
            "strikes.csv": "code;from;to;town;dead at least;grade;source;comment\r\n"
            "M1;01.02.2031;03.02.2031;Mar\u2019a;3;A;Radio One, Paper Two;\r\n"
            "M2;05.02.2031;05.02.2031;Mar\u2019a;0;X;Radio One;see M1\r\n".encode("cp1252")
        },
    ),
    "bases": (
        BASES,
        {"map.geojson": json.dumps({"type": "FeatureCollection", "features": _FEATURES}).encode()},
    ),
    "signals": (
        SIGNALS,
        {
            "new.tsv": b'1\t20310102\tA "call\tStation\n2\t20310103\tNoise\t\n',
            "old.tsv": b"3\t20310104\tSilence\n",
        },
    ),
}
_CODE = "https://w3id.org/eventkg/code"
ANSWERS: dict[str, tuple[str, set[tuple[str, ...]]]] = {
    "a grade stays a word of its own scheme": (
        """SELECT ?s ?label { ?a a ekg:Assessment ; ekg:assesses/skos:prefLabel ?s ; ekg:grade ?g .
            ?g skos:prefLabel ?label ; skos:inScheme <https://w3id.org/eventkg/code/monitor-grade>
            FILTER(CONTAINS(?label, "disputed")) }""",
        {("Strike on Mar\u2019a", "responsibility disputed")},
    ),
    "a grade is no status of ours": (
        "SELECT ?e { ?e ekg:fromDataset/dcterms:isVersionOf dataset:monitor ; ekg:status ?s }",
        set(),
    ),
    "a span gains no day": (
        """SELECT ?a ?b ?d { ?e skos:prefLabel ?l ; ekg:earliestStart ?a ; ekg:latestEnd ?b
            FILTER(STRSTARTS(?l, "Strike on")) OPTIONAL { ?e ekg:date ?d } }""",
        {("2031-02-01", "2031-02-03", ""), ("2031-02-05", "2031-02-05", "")},
    ),
    "the speakers of a row are those whom it names": (
        """SELECT ?l { ?c ekg:conveys/skos:prefLabel ?s ; ekg:attributedTo/skos:prefLabel ?l
            FILTER(STRSTARTS(?s, "Strike on")) }""",
        {("Radio One",), ("Paper Two",)},
    ),
    "a point has coordinates, a line has none": (
        """SELECT ?l ?x { ?b a ekg:AirBase ; dcterms:spatial ?shape ; skos:prefLabel ?l
            FILTER(LANG(?l) = 'en') OPTIONAL { ?b ekg:longitude ?x } }""",
        {("North base", "20.25"), ("Runway", "")},
    ),
    "columns are known by their position": (
        """SELECT ?day ?what ?who { ?e ekg:fromDataset/dcterms:isVersionOf dataset:signals ; ekg:date ?day ;
            skos:prefLabel ?what OPTIONAL { ?e ekg:sender/skos:prefLabel ?who } }""",
        {("2031-01-02", 'A "call', "Station"), ("2031-01-03", "Noise", ""), ("2031-01-04", "Silence", "")},
    ),
}


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    folder: Path = tmp_path_factory.mktemp("new")
    with unchecked():
        for name, (declared, files) in FILES.items():
            (folder / name).mkdir()
            (folder / name / "source.yml").write_text(declared, encoding="utf-8")
            for file, data in files.items():
                (folder / file).write_bytes(data)
            paths = tuple(str(folder / file) for file in files)
            done = import_tables(folder / "kg", Import(str(folder / name), paths), Limits())
            assert (done.quarantined, done.read) == (0, 3 if name == "signals" else 2)
    with eventkg.open(folder / "kg") as opened:
        yield opened


@pytest.mark.parametrize("name", FILES)
def test_a_new_source_is_short(name: str) -> None:
    assert len(FILES[name][0].splitlines()) < MOST_LINES


@pytest.mark.slow
@pytest.mark.parametrize("question", ANSWERS)
def test_a_new_source_answers(question: str, graph: KnowledgeGraph) -> None:
    query, expected = ANSWERS[question]
    answer = graph.query(query)
    assert isinstance(answer, Solutions)
    assert {tuple(str(cell or "") for cell in row.values()) for row in answer} == expected
