"""Tables that come in parts, as files that grow: a part is in memory at a time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from eventkg.export.maps import features
from eventkg.export.packing import csv_file
from eventkg.export.tables import EVENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventkg.export.about import About
    from eventkg.export.tables import Table


def csv_blocks(tables: Iterable[Table], _: About) -> Iterator[bytes]:
    """RFC 4180; a CSV has no place for what is told about it: see `spreadsheets.described`."""
    names = [column.name for column in EVENT_COLUMNS]
    head = csv_file(names, ())
    yield head
    for table in tables:
        yield csv_file(names, table.rows)[len(head) :]


def geojson_blocks(tables: Iterable[Table], about: About) -> Iterator[bytes]:
    """RFC 7946; an event without a point has no geometry and stays."""
    told = {"type": "FeatureCollection", "name": about.title, "about": about.members()}
    before = json.dumps(told, ensure_ascii=False)[:-1] + ', "features": [\n'
    for table in tables:
        if table.rows:
            yield (before + ",\n".join(features(table))).encode("utf-8", "replace")
            before = ",\n"
    head = before if before.startswith("{") else ""
    yield f"{head}\n]}}\n".encode("utf-8", "replace")


def turtle_blocks(statements: Iterable[bytes], about: About) -> Iterator[bytes]:
    """What is told about it as comments, then documents of Turtle one after the other."""
    yield "".join(f"# {line}\n" for line in about.lines()).encode("utf-8", "replace")
    yield from statements
