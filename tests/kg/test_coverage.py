"""An empty answer says which data sets cover what was asked for, and which do not."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from tests.kg.stores import load
from tests.kg.tables import SOURCE, imported, row, source, table

import eventkg
from eventkg.cli import cli
from eventkg.export.only import Only
from eventkg.kg.coverage import coverage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventkg import KnowledgeGraph

_PLACE = "https://w3id.org/eventkg/id/place"
_NORTH = "place: {id: place/raids/north, label: North}"
_RAIDS = SOURCE.replace("coverage: {", f"coverage: {{{_NORTH}, ")
# A source that says nothing of days or places, and one that goes on
_NOTES = SOURCE.replace("raids", "notes").replace('from: "2031-01-01", to: "2031-12-31", ', "")
_WIRE = SOURCE.replace("raids", "wire").replace('to: "2031-12-31", ', "")
# Sampleton lies in the province, which is the North of the raids; Elsewhere is no part of theirs.
_MAP = f"""@prefix ekg: <https://w3id.org/eventkg/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<{_PLACE}/sampleton> ekg:within <{_PLACE}/province> .
<{_PLACE}/province> ekg:within <{_PLACE}/land> ; skos:exactMatch <{_PLACE}/raids/north> .
<{_PLACE}/elsewhere> a ekg:Place ."""
_COVERS = "raids 1 covers 2031-01-01 to 2031-12-31 in North"
_NOTES_SAY = "notes 1 covers days that are not stated: it does not state its"
_WIRE_COVERS = "wire 1 covers 2031-01-01 and later"


def places(*names: str) -> frozenset[str]:
    return frozenset(f"{_PLACE}/{name}" for name in names)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("coverage")
    for name, text in (("raids", _RAIDS), ("notes", _NOTES), ("wire", _WIRE)):
        imported(folder / "kg", source(folder / name, text), table(folder / f"{name}.csv", row(name)))
    imported(folder / "kg", folder / "raids", table(folder / "second.csv", row("second")))
    (folder / "map.ttl").write_text(_MAP, encoding="utf-8")
    load(folder / "kg", folder / "map.ttl")
    return folder / "kg"


@pytest.fixture(scope="module")
def graph(store: Path) -> Iterator[KnowledgeGraph]:
    with eventkg.open(store) as opened:
        yield opened


VERDICTS = {
    "days inside": (
        Only("2031-02-01", "2031-02-28"),
        (f"{_NOTES_SAY} days", f"{_COVERS}: it has no such event", f"{_WIRE_COVERS}: it has no such event"),
    ),
    "days before": (
        Only("2029-01-01", "2030-12-31"),
        (
            f"{_NOTES_SAY} days",
            f"{_COVERS}: the days asked for lie outside",
            f"{_WIRE_COVERS}: the days asked for lie outside",
        ),
    ),
    "days after": (Only(since="2032-01-01", sources=frozenset({"raids", "wire"})), (
        f"{_COVERS}: the days asked for lie outside", f"{_WIRE_COVERS}: it has no such event"
    )),
    "days on both sides of the end": (Only("2031-12-01", "2032-01-31", sources=frozenset({"raids"})), (
        f"{_COVERS}: some of the days asked for lie outside, on the others it has no such event",
    )),
    "a place within": (Only(places=places("sampleton"), sources=frozenset({"raids", "notes"})), (
        f"{_NOTES_SAY} places", f"{_COVERS}: it has no such event"
    )),
    "a place around": (Only(places=places("land"), sources=frozenset({"raids"})), (
        f"{_COVERS}: it has no such event",
    )),
    "another place": (Only(places=places("elsewhere"), sources=frozenset({"raids"})), (
        f"{_COVERS}: the places asked for lie outside",
    )),
    "another place, or one within": (
        Only(places=places("elsewhere", "sampleton"), sources=frozenset({"raids"})),
        (f"{_COVERS}: it has no such event",),
    ),
    "other days at another place": (
        Only(until="1999-12-31", places=places("elsewhere"), sources=frozenset({"raids"})),
        (f"{_COVERS}: the days and places asked for lie outside",),
    ),
    "a source that is not there": (Only(sources=frozenset({"acled"})), ("nothing of acled is in the graph",)),
}  # fmt: skip


@pytest.mark.parametrize("case", VERDICTS)
def test_what_was_asked_for_is_held_against_what_each_data_set_covers(
    case: str, graph: KnowledgeGraph
) -> None:
    only, parts = VERDICTS[case]
    assert coverage(graph, only).line() == f"no event found; {'; '.join(parts)}"


def test_two_files_of_a_release_cover_what_it_covers_and_programs_read_it(graph: KnowledgeGraph) -> None:
    found = coverage(graph, Only("2040-01-01", places=places("elsewhere")))
    (raids,) = [
        each for each in json.loads(json.dumps(asdict(found)))["covered"] if each["source"] == "raids"
    ]
    assert raids == {
        "source": "raids",
        "title": "Raids of an example",
        "release": "1",
        "start": "2031-01-01",
        "end": "2031-12-31",
        "places": [[f"{_PLACE}/raids/north", "North"]],
        "unit": "one raid",
        "inclusion": "any raid",
        "days": "outside",
        "at": "outside",
    }


EMPTY = {
    "a network": ("network", "--since", "2040-01-01"),
    "a table": ("export", "csv", "--since", "2040-01-01"),
    "a network as a file": ("export", "node-link", "--since", "2040-01-01", "--place", "elsewhere"),
}


@pytest.mark.parametrize("case", EMPTY)
def test_an_empty_answer_says_on_stderr_what_is_covered(case: str, store: Path) -> None:
    done = CliRunner().invoke(cli, [*EMPTY[case], "-l", str(store), "--source", "raids"])
    assert done.exit_code == 0, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("no event found")]
    assert len(lines) == 1
    assert f"{_COVERS}: the days" in lines[0]


@pytest.mark.parametrize("more", [(), ("--since", "2031-01-01")])
def test_an_answer_that_is_not_empty_or_asked_for_everything_says_nothing_of_it(
    more: tuple[str, ...], store: Path
) -> None:
    done = CliRunner().invoke(cli, ["export", "csv", "-l", str(store), *more])
    assert done.stdout.count("\n") == 5
    assert "no event found" not in done.stderr


def test_a_graph_without_data_sets_says_that_nothing_states_what_it_covers(kg: KnowledgeGraph) -> None:
    line = coverage(kg, Only(since="2040-01-01")).line()
    assert line == "no event found; no data set here says what it covers"
