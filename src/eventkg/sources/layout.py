"""How a table lies in its file, as a source declares it, and what reading it yields."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import NamedTuple

from eventkg.errors import DataError

FORMATS = ("csv", "tsv", "json", "jsonl", "geojson", "xlsx", "parquet")

Names = tuple[str, ...]


class Row(NamedTuple):
    """One row: cells as the file has them, "" for an empty one, as many as there are columns.

    `line` counts from 1: the row's first line in CSV, TSV and JSON Lines, its number in XLSX, the record
    in JSON, GeoJSON and Parquet.
    """

    line: int
    cells: list[str]


class BadRow(NamedTuple):
    """A row that cannot be read as one: `reason` says what was found and expected, `text` its beginning."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Declared, never guessed.

    `header`: True if the file's first row names its columns; else the names, or several lists of names of
    different lengths (releases with more or fewer columns), of which the one as long as the first row is
    taken. In JSON and GeoJSON names are the members to read, and no others are looked at.
    A first row that has just these names, in upper or lower case, is a header all the same.
    `delimiter` is a comma in CSV and a tab in TSV unless told; of several characters it is the one by which
    the first row has a declared number of columns, else the most. `quoting` False takes `"` for a character
    like any other. Line ends may be LF, CRLF or CR. `sheet` names a sheet of a workbook (the only one
    unless told), `member` is a pattern for a file inside a zip (the only one unless told), `items` the
    dotted path to the array of rows in a JSON object. `max_cell` is in characters.
    """

    format: str = "csv"
    encoding: str = "utf-8-sig"
    delimiter: str | None = None
    quoting: bool = True
    header: bool | Names | tuple[Names, ...] = True
    sheet: str | None = None
    member: str | None = None
    items: str | None = None
    max_cell: int = 1_000_000
    max_columns: int = 5_000

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise DataError(f"format: '{self.format}' is not one of {', '.join(FORMATS)}")
        if not _is_text_encoding(self.encoding):
            raise DataError(f"encoding: '{self.encoding}' is no text encoding that Python knows")
        if self.delimiter is not None and not 0 < len(set(self.delimiter)) == len(self.delimiter) <= 4:
            raise DataError(f"delimiter: {self.delimiter!r} is not one to four different characters")
        if self.header is False or self.header == ():
            raise DataError("header: a file without a header needs the names of its columns")

    @property
    def record_limit(self) -> int:
        """The longest row, in characters: what one row may cost in memory is bounded."""
        return 8 * self.max_cell


def _is_text_encoding(name: str) -> bool:
    try:
        return bool(codecs.lookup(name)._is_text_encoding)  # noqa: SLF001, RUF100
    except LookupError:
        return False


def widths(layout: Layout) -> set[int]:
    """How many columns the declared names allow; none where the file names its columns."""
    return {len(names) for names in _lists(layout)}


def _lists(layout: Layout) -> tuple[Names, ...]:
    declared = layout.header
    if isinstance(declared, bool):
        return ()
    return tuple(names for names in declared if isinstance(names, tuple)) or (_plain(declared),)


def _plain(declared: tuple[object, ...]) -> Names:
    return tuple(str(name) for name in declared)


def named(layout: Layout, width: int, where: str) -> Names:
    """The declared names for a table of that many columns.

    Raises:
        DataError: no list of names has that length, or a name stands twice.

    """
    lists = _lists(layout)
    for names in lists:
        if len(names) == width:
            return unique(names, where)
    expected = " or ".join(str(len(names)) for names in lists)
    raise DataError(f"{where}: {width} columns, expected {expected}")


def unique(names: Names, where: str) -> Names:
    """The names themselves.

    Raises:
        DataError: one stands twice.

    """
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise DataError(
            f"{where}: the column '{twice}' stands there {names.count(twice)} times, expected once"
        )
    return names


def beginning(text: str, length: int = 200) -> str:
    """What a person needs to recognise a row."""
    return text if len(text) <= length else text[:length] + "…"
