"""A first `source.yml` for a file that the project has never seen; a person completes it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from eventkg.errors import DataError
from eventkg.sources.guessing import Column, guess_layout, look_at
from eventkg.sources.layout import Row
from eventkg.sources.rows import open_table

if TYPE_CHECKING:
    from pathlib import Path

    from eventkg.sources.layout import Layout

_LOOKED_AT = 1_000
_HEAD = """\
# Draft made from {file}: the first {rows} rows were looked at, every guess is to be checked.
# An empty "" has to be filled in before the source can be imported. docs/add-a-source.md explains each line.
name: {name}
title: ""             # of the data set, as its publisher writes it
version: ""           # the release
publisher: ""
license: ""           # SPDX, such as CC-BY-4.0; LicenseRef-… with license_url: where there is none
citation: ""          # as the publisher asks for it
# share_alike: true   # what is derived must keep the licence
# redistributable: false
coverage:
  # from: "2017-01-01"
  # to: "2017-12-31"
  unit: ""            # what one row is
  inclusion: ""       # what makes an event be recorded
"""


def draft(path: Path) -> str:
    """The text of a `source.yml`: names and layout filled in, columns with what they seem to hold.

    Raises:
        DataError: the file cannot be read, or has no rows.

    """
    layout = guess_layout(path)
    with open_table(path, layout) as table:
        columns = look_at(table.columns, (row.cells for row in table if isinstance(row, Row)), _LOOKED_AT)
    if not columns or not columns[0].seen:
        raise DataError(f"{path}: no rows found, expected some to look at")
    name = _name(path)
    record = next((column for column in columns if column.unique and _fit_for_key(column)), None)
    label = next((c for c in columns if c.kind == "text" and not c.codes and c is not record), record)
    parts = [
        _HEAD.format(file=_quoted(path.name), rows=columns[0].seen, name=name),
        _layout(layout),
        _record(record),
        _entities(name, columns, record, label),
        _ignored([column for column in columns if column is not record and column is not label]),
    ]
    return "".join(parts)


def _name(path: Path) -> str:
    stem = path.name.split(".")[0]
    words = re.findall(r"[a-z0-9]+", stem.lower())
    name = "-".join(words)[:60].rstrip("-")
    return name if name[:1].isalpha() else f"source-{name}".rstrip("-")


def _layout(layout: Layout) -> str:
    said = [f"format: {layout.format}"]
    if layout.encoding != "utf-8-sig":
        said.append(f"encoding: {layout.encoding}")
    if layout.delimiter:
        said.append(f"delimiter: {_quoted(layout.delimiter)}")
    if not layout.quoting:
        said.append("quoting: false")
    if layout.items:
        said.append(f"items: {_quoted(layout.items)}")
    lines = "".join(f"  {line}\n" for line in said)
    if isinstance(layout.header, bool):
        return f"layout:\n{lines}"
    names = ", ".join(str(name) for name in layout.header)
    return f"layout:\n{lines}  header: [{names}]  # the file names no columns\n"


def _record(record: Column | None) -> str:
    if record is None:
        return 'record: ""            # the column that names a row; none is different on every row\n'
    return f"record: {_quoted(record.name)}  # filled, and different on every row\n"


def _fit_for_key(column: Column) -> bool:
    return column.kind in ("integer", "text") and max(map(len, column.values)) <= 80


def _entities(name: str, columns: list[Column], record: Column | None, label: Column | None) -> str:
    key = record.name if record else ""
    others = [column for column in columns if column is not record and column is not label]
    proposed = [line for column in others if (line := _statement(column))]
    lines = [
        "claim:                # one a row: who says so, found where",
        f"  claimant: actor/{name}-maker",
        "  foundIn: {entity: file}",
        "entities:",
        "  event:",
        f"    id: {_quoted(f'event/{name}/{{{key}}}')}",
        "    type: [ekg:Event]  # ekg:ReportedEvent if the data set does not hold that it happened",
        *(f"    # {_when(column)}" for column in others if "%" in column.kind),
        "    statements:",
        f"      skos:prefLabel: {{text: {_quoted(f'{{{label.name if label else key}}}')}, lang: en}}",
        *(f"      # {line}" for line in proposed),
    ]
    return "\n".join(lines) + "\n"


def _statement(column: Column) -> str:
    """A statement that a column could make, to be given the right property."""
    cell = f"column: {_quoted(column.name)}"
    if column.kind in ("latitude", "longitude"):
        return f"ekg:{column.kind}: {{{cell}, as: {column.kind}}}  # of a place, not of the event"
    if column.codes and column.kind in ("text", "integer"):
        codes = ", ".join(_quoted(_short(value)) for value in sorted(column.values)[:8])
        return f"ekg:eventType: {{{cell}, lookup: …}}  # {len(column.values)} values: {codes}"
    if column.kind in ("integer", "decimal"):
        return f"ekg:…: {{{cell}, as: {column.kind}}}"
    return ""


def _when(column: Column) -> str:
    start = _quoted(f"{{{column.name}}}")
    return f"when: {{start: {start}, format: {_quoted(column.kind)}, precision: code/date-precision/day}}"


def _ignored(columns: list[Column]) -> str:
    """Every column is used or left out on purpose: they start as left out, and move up one by one."""
    if not columns:
        return ""
    width = min(max(len(_quoted(column.name)) for column in columns), 40)
    lines = [f"  - {_quoted(column.name):{width}}  # {_described(column)}" for column in columns]
    return "\n".join(["ignore:", *lines]) + "\n"


def _described(column: Column) -> str:
    if not column.filled:
        return "empty"
    kind = f"date {column.kind}" if "%" in column.kind else column.kind
    empty = (
        f", empty in {column.seen - column.filled} of {column.seen}" if column.filled < column.seen else ""
    )
    return f"{kind}{empty}, such as {_quoted(_short(column.example))}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"


def _quoted(text: str) -> str:
    """A YAML string on one line, whatever is in it."""
    escaped = json.dumps(text, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in escaped)
