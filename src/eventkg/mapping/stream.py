"""A table's rows as N-Quads, the wrong ones apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from eventkg.errors import SourceError
from eventkg.mapping.compiling import Mapping, check_unknown
from eventkg.mapping.faults import RowFault
from eventkg.sources.converting import Converted
from eventkg.sources.layout import BadRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eventkg.mapping.compiling import Target
    from eventkg.sources.manifest import Manifest
    from eventkg.sources.rows import Table


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row that is not imported: where it stands, which column holds what, why."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Counts:
    """Rows so far: read = imported + quarantined; and statements made of them."""

    read: int = 0
    imported: int = 0
    quarantined: int = 0
    statements: int = 0


class Made(NamedTuple):
    """What a row came to: its key, and its statements as lines of N-Quads."""

    key: str
    lines: str


def statements(
    manifest: Manifest, table: Table, target: Target, counts: Counts, aside: Callable[[Quarantined], None]
) -> Iterator[Made]:
    """The lines of one row after the other; what is wrong with a row is told to `aside`.

    Raises:
        SourceError: a wrong declaration, with the line where it shows. DataError: the file cannot be read on.

    """
    try:
        rows = _converted(manifest, table)
        mapping = Mapping(manifest, rows.columns, target)
    except SourceError as problem:
        raise SourceError(f"{table.path}: {problem}") from problem
    for row in rows:
        counts.read += 1
        if isinstance(row, BadRow):
            counts.quarantined += 1
            aside(Quarantined(row.line, "", row.text, row.reason))
            continue
        try:
            made = Made(*mapping.lines(row.cells))
        except RowFault as fault:
            counts.quarantined += 1
            aside(Quarantined(row.line, fault.column, fault.value, fault.reason))
            continue
        except SourceError as problem:
            raise SourceError(f"{table.path}:{row.line}: {problem}; nothing was imported") from problem
        counts.imported += 1
        counts.statements += made.lines.count("\n")
        yield made


def _converted(manifest: Manifest, table: Table) -> Table | Converted:
    """Rows after `convert.py`; where that fails on columns that nobody declared, it is another file."""
    if manifest.convert is None:
        return table
    try:
        return Converted(manifest.convert, table.columns, table)
    except SourceError:
        check_unknown(manifest, table.columns)
        raise
