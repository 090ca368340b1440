"""How a file seems to be laid out and what its columns seem to hold: guesses, for a person to check."""

from __future__ import annotations

import codecs
import csv
import datetime
import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from eventkg.sources.layout import Layout
from eventkg.sources.opening import Opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_START = 1 << 20  # bytes that are looked at
_DELIMITERS = ",\t;|"
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_ROWS_INSIDE = re.compile(r'"([^"\\]+)"\s*:\s*\[\s*\{')
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y%m%d", "%d %B %Y", "%Y-%m-%d %H:%M:%S")
_MANY, _LONG = 20, 40  # more values, or longer ones, are no codes


def guess_layout(path: Path) -> Layout:
    """The layout of a file by its first bytes.

    Raises:
        DataError: it cannot be read.

    """
    workbook = path.suffix.lower() in (".xlsx", ".xlsm")
    with Opened(path, workbook=workbook) as opened:
        start = opened.stream.read(_START)
    if start.startswith(b"PAR1"):
        return Layout(format="parquet")
    if workbook or start.startswith(b"PK\x03\x04"):
        return Layout(format="xlsx")
    encoding = _encoding(start)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(start)
    if text.lstrip()[:1] in ("[", "{"):
        return _guess_json(text.lstrip(), encoding)
    return _guess_lines(text, encoding)


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for name in ("utf-8-sig", "cp1252"):
        try:
            codecs.getincrementaldecoder(name)().decode(start)
        except UnicodeDecodeError:
            continue
        return name
    return "iso-8859-1"


def _guess_json(text: str, encoding: str) -> Layout:
    lines = [line for line in text.splitlines()[:2] if line]
    if len(lines) == 2 and all(line.startswith("{") and line.endswith("}") for line in lines):
        return Layout(format="jsonl", encoding=encoding)
    if '"FeatureCollection"' in text:
        return Layout(format="geojson", encoding=encoding)
    inside = _ROWS_INSIDE.search(text) if text.startswith("{") else None
    return Layout(format="json", encoding=encoding, items=inside[1] if inside else None)


def _guess_lines(text: str, encoding: str) -> Layout:
    lines = text.splitlines(keepends=True)[:50]
    delimiter = max(_DELIMITERS, key=lambda sign: _evenness(lines, sign))
    quoting = not _has_stray_quotes(lines, delimiter)
    form = "tsv" if delimiter == "\t" else "csv"
    layout = Layout(
        format=form, encoding=encoding, delimiter=delimiter if delimiter in ";|" else None, quoting=quoting
    )
    first = next(_cells(lines, delimiter), [])
    if _is_header(first):
        return layout
    names = tuple(f"column_{number}" for number in range(1, len(first) + 1))
    return replace(layout, header=names) if names else layout


def _cells(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    return (row for row in csv.reader(lines, delimiter=delimiter) if row)


def _evenness(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many rows have as many cells as the first, if it has several; then how many cells."""
    widths = [len(row) for row in _cells(lines, delimiter)]
    if not widths or widths[0] < 2:
        return (0, 0)
    return (widths.count(widths[0]), widths[0])


def _has_stray_quotes(lines: list[str], delimiter: str) -> bool:
    """Whether a quotation mark stands where a quoted cell can neither begin nor end."""
    marks = sum(line.count('"') for line in lines)
    if marks % 2:
        return True
    try:
        list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return True
    return False


def _is_header(cells: list[str]) -> bool:
    named = [cell.strip() for cell in cells]
    numbers = any(_NUMBER.fullmatch(cell) for cell in named)
    return bool(named) and all(named) and not numbers and len(set(named)) == len(named)


@dataclass(slots=True)
class Column:
    """What was seen of a column."""

    name: str
    seen: int = 0
    filled: int = 0
    values: set[str] = field(default_factory=set)
    example: str = ""
    kinds: set[str] | None = None

    def see(self, cell: str) -> None:
        """One more cell."""
        self.seen += 1
        if not cell.strip():
            return
        self.filled += 1
        self.example = self.example or cell
        self.values.add(cell)
        fits = _kinds(cell.strip())
        self.kinds = fits if self.kinds is None else self.kinds & fits

    @property
    def unique(self) -> bool:
        """Whether it could name the rows."""
        return self.seen == self.filled == len(self.values)

    @property
    def kind(self) -> str:
        """The narrowest kind that all cells fit: a date format, integer, latitude …; text if none does."""
        kinds = self.kinds or set()
        days = [day for day in _DAYS if day in kinds]
        if days:
            return days[0]
        lower = self.name.lower()
        for kind, part in (("latitude", "lat"), ("longitude", "lon"), ("longitude", "lng")):
            if part in lower and "decimal" in kinds and kind in kinds:
                return kind
        return next((kind for kind in ("integer", "decimal", "url") if kind in kinds), "text")

    @property
    def codes(self) -> bool:
        """Whether it seems to hold codes: few different values, each often."""
        few = 1 < len(self.values) <= _MANY and self.filled >= 3 * len(self.values)
        return few and max(map(len, self.values)) <= _LONG


def _kinds(cell: str) -> set[str]:
    kinds = {day for day in _DAYS if len(cell) >= 8 and _is_day(cell, day)}
    if _NUMBER.fullmatch(cell):
        kinds.add("decimal")
        kinds |= {"integer"} if cell.lstrip("+-").isdigit() else set()
        kinds |= {kind for kind, most in (("latitude", 90), ("longitude", 180)) if abs(float(cell)) <= most}
    if cell.startswith(("http://", "https://")):
        kinds.add("url")
    return kinds


def _is_day(cell: str, form: str) -> bool:
    try:
        datetime.datetime.strptime(cell, form)  # noqa: DTZ007 - a day without a zone
    except ValueError:
        return False
    return True


def look_at(names: Iterable[str], rows: Iterable[list[str]], most: int = 1_000) -> list[Column]:
    """What the first rows hold, column by column."""
    columns = [Column(name) for name in names]
    for cells in islice(rows, most):
        for column, cell in zip(columns, cells, strict=True):
            column.see(cell)
    return columns
