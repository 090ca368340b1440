"""What tests of imports share: a source of an analyst's own, tables of it, imports without validation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.kg.stores import in_graph, unchecked

from eventkg.kg.importing import Import, Imported, import_tables
from eventkg.settings import Limits
from eventkg.sources.catalog import find_source

if TYPE_CHECKING:
    from pathlib import Path

GRAPH = "https://w3id.org/eventkg/graph/raids"
SOURCE = """
name: raids
title: Raids of an example
version: "1"
publisher: Example Institute
license: CC0-1.0
citation: Example Institute, Raids
contests: true
coverage: {from: "2031-01-01", to: "2031-12-31", unit: one raid, inclusion: any raid}
record: key
ignore: [note]
lookups:
  kinds: {r: code/event-type/air-strike, g: code/event-type/ground-operation}
claim:
  claimant: actor/example-institute
  foundIn: {entity: file}
  flags: {estimates-out-of-order: {ascending: [low, high]}}
entities:
  event:
    id: event/raids/{key}
    type: ekg:Event
    when: {start: "{day}", precision: code/date-precision/day}
    statements:
      skos:prefLabel: {text: "Raid on {town}", lang: en}
      ekg:eventType: {column: kind, lookup: kinds}
      ekg:deathsLow: {column: low, as: integer}
      ekg:deathsHigh: {column: high, as: integer}
      ekg:place: {entity: town}
  town:
    id: place/raids/{town}
    type: ekg:Place
    statements: {skos:prefLabel: {text: "{town}", lang: en}}
"""
HEADER = "key,day,town,kind,low,high,note"


def source(folder: Path, text: str = SOURCE) -> Path:
    """The folder of the source."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.yml").write_text(text, encoding="utf-8")
    return folder


def row(key: object, **cells: object) -> str:
    """A line of the table."""
    plain = {"day": "2031-05-06", "town": "Sampleton", "kind": "r", "low": 1, "high": 2, "note": ""}
    return ",".join(str(cell) for cell in (key, *{**plain, **cells}.values()))


def table(path: Path, *rows: str) -> Path:
    """A file of such lines."""
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return path


def imported(store: Path, name: Path | str, *files: Path, **options: Any) -> Imported:
    """An import without validation, which takes seconds and is tested elsewhere."""
    with unchecked():
        wanted = Import(str(name), tuple(str(file) for file in files), **options)
        return import_tables(store, wanted, Limits())


def events(store: Path) -> dict[str, str]:
    """The label of each event of the source, by key."""
    lines = [line for line in in_graph(store, GRAPH) if "/id/event/raids/" in line.split(" ")[0]]
    return {
        line.split("/raids/")[1].split(">")[0]: line.split('"')[1] for line in lines if "prefLabel" in line
    }


def sample(name: str) -> Path:
    """The synthetic rows of a source that comes with the package."""
    (found,) = find_source(name).path.parent.glob("sample.*")
    return found
