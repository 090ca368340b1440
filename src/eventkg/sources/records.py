"""JSON, JSON Lines and GeoJSON: each object is a row, its members are columns, inner ones `outer.inner`.

Numbers keep the text they have in the file, arrays become JSON text, null is an empty cell. A GeoJSON
feature has its properties, and `feature.id`, `geometry.type`, `geometry.wkt`, `geometry.longitude` and
`geometry.latitude` (the last two of a point only; degrees, WGS 84).
"""

from __future__ import annotations

import io
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TextIO

import ijson

from eventkg.errors import DataError
from eventkg.sources.geometry import wkt
from eventkg.sources.layout import BadRow, Layout, Names, Row, beginning, unique
from eventkg.sources.opening import Opened

if TYPE_CHECKING:
    from collections.abc import Iterator

_BLOCK = 1 << 16
_DEEPEST = 20  # members within members
_MAX_OPEN = 2_000  # brackets, those in texts included
_FEATURE = ("feature.id", "geometry.type", "geometry.wkt", "geometry.longitude", "geometry.latitude")
_CRS = re.compile(r'"crs"\s*:\s*\{[^{}]*\{[^{}]*"name"\s*:\s*"([^"]*)"')


class Records:
    """A table whose rows are JSON objects."""

    def __init__(self, opened: Opened, layout: Layout) -> None:
        self._opened, self._layout, self._count = opened, layout, 0

    def at(self) -> str:
        """Where reading has come to."""
        return f"record {self._count + 1}"

    def undecodable(self, problem: UnicodeDecodeError) -> str:
        """What bytes no character was found for, and near which record."""
        found = problem.object[problem.start : problem.end].hex(" ")
        return f"{self.at()} or soon after: the bytes {found} are no {self._layout.encoding}"

    def columns(self) -> Names:
        """Declared, or the members of all records in the order in which they appear: one more reading."""
        if not isinstance(self._layout.header, bool):
            return unique(tuple(str(name) for name in self._layout.header), str(self._opened.path))
        found = dict.fromkeys(_FEATURE if self._layout.format == "geojson" else ())
        with Opened(self._opened.path, self._layout.member) as again:
            for record in self._records(again):
                found.update(dict.fromkeys(self._flat(record)) if isinstance(record, dict) else {})
                if len(found) > self._layout.max_columns:
                    limit = self._layout.max_columns
                    raise DataError(f"{len(found):,} columns up to here, at most {limit:,} expected")
        if not self._count:
            raise DataError(f"{self._opened.path}: no records, expected some in {self._prefix()!r}")
        self._count = 0
        return tuple(found)

    def rows(self, columns: Names) -> Iterator[Row | BadRow]:
        """One for each record; a member that a record lacks is an empty cell."""
        for record in self._records(self._opened):
            yield self._row(record, columns)

    def _row(self, record: Any, columns: Names) -> Row | BadRow:  # noqa: ANN401 - whatever JSON holds
        line, limit = self._count, self._layout.max_cell
        if isinstance(record, _Broken):
            return BadRow(line, record.reason, beginning(record.text))
        if not isinstance(record, dict):
            return BadRow(
                line, "no object, expected one with a member for each column", beginning(str(record))
            )
        flat = self._flat(record)
        cells = [_text(flat.get(name)) for name in columns]
        if any(len(cell) > limit for cell in cells):
            return BadRow(line, f"a cell of more than {limit:,} characters", beginning(str(record)))
        return Row(line, cells)

    def _flat(self, record: dict[str, Any]) -> dict[str, Any]:
        if self._layout.format != "geojson":
            return dict(_members(record))
        flat = dict(_members(record.get("properties") or {}))
        shape = record.get("geometry") or {}
        kind, at = shape.get("type"), shape.get("coordinates") or []
        point = at if kind == "Point" else [None, None]
        values = (record.get("id"), kind, wkt(shape) if kind else None, *point[:2])
        return {**dict(zip(_FEATURE, values, strict=False)), **flat}

    def _records(self, opened: Opened) -> Iterator[Any]:
        text = io.TextIOWrapper(opened.stream, self._layout.encoding, newline="")
        self._count = 0
        try:
            for record in self._lines(text) if self._layout.format == "jsonl" else self._items(text):
                self._count += 1
                yield record
        except ijson.JSONError as problem:
            raise DataError(f"is no JSON here: {str(problem).splitlines()[0].strip()}") from problem
        except RecursionError as problem:
            raise DataError("is nested too deeply, expected records") from problem
        finally:
            text.detach()

    def _lines(self, text: TextIO) -> Iterator[Any]:
        limit = self._layout.record_limit
        while line := text.readline(limit + 1):
            if len(line) > limit:
                raise DataError(f"a line of more than {limit:,} characters")
            if not line.strip():
                continue
            try:
                yield json.loads(line, parse_float=str, parse_int=str, parse_constant=_no_number)
            except ValueError as problem:
                yield _Broken(f"is no JSON: {problem}", line)

    def _items(self, text: TextIO) -> Iterator[Any]:
        bounded = _Bounded(text, self._layout.record_limit)
        self._check_crs(bounded.start)
        for record in ijson.items(bounded, self._prefix(bounded.start), buf_size=_BLOCK):
            bounded.since = bounded.depth = 0
            yield record

    def _prefix(self, start: str = "[") -> str:
        if self._layout.format == "geojson":
            return "features.item"
        if self._layout.items:
            return f"{self._layout.items}.item"
        if start.lstrip()[:1] == "[":
            return "item"
        if start.lstrip()[:1] == "{":
            raise DataError("an object, expected an array of rows (items: says which member holds it)")
        raise DataError(f"is no JSON: begins with {start.lstrip()[:20]!r}, expected an array of rows")

    def _check_crs(self, start: str) -> None:
        crs = _CRS.search(start) if self._layout.format == "geojson" else None
        if crs and not crs[1].endswith(("CRS84", "EPSG::4326", "EPSG:4326")):
            raise DataError(f"{self._opened.path}: coordinates in {crs[1]}, expected longitude and latitude")


class _Broken:
    """A line that is no JSON."""

    def __init__(self, reason: str, text: str) -> None:
        self.reason, self.text = reason, text


class _Bounded:
    """Text as UTF-8 for the parser; one record that grows past the limit ends the reading."""

    def __init__(self, text: TextIO, limit: int) -> None:
        self._text, self._limit = text, limit
        self.start = text.read(_BLOCK)
        self._held: str | None = self.start
        self.since = self.depth = 0  # since the last record: characters, brackets left open

    def read(self, size: int = -1) -> bytes:
        """At most `size` characters; more bytes than that are fine with the parser."""
        text = self._held if self._held is not None and size else self._text.read(size)
        self._held = self._held if not size else None
        self.since += len(text)
        self.depth += text.count("{") + text.count("[") - text.count("}") - text.count("]")
        if self.depth > _MAX_OPEN:  # the parser's time grows with the square of it
            raise DataError("is nested too deeply, expected records")
        if self.since > self._limit + _BLOCK:
            raise DataError(f"a record of more than {self._limit:,} characters")
        return text.encode("utf-8", "surrogatepass")


def _members(record: dict[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    if depth > _DEEPEST:
        raise DataError("is nested too deeply, expected records")
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _members(value, f"{prefix}{name}.", depth + 1)
        else:
            yield prefix + name, value


def _text(value: Any) -> str:  # noqa: ANN401 - whatever JSON holds
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, default=_number)
    return str(value)


def _number(value: object) -> float | str:
    return float(value) if isinstance(value, Decimal) else str(value)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number in JSON")
