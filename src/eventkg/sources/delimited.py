"""CSV and TSV. The cells of a row are handed over as the parser made them: nothing is done per cell."""

from __future__ import annotations

import csv
import io
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from eventkg.errors import DataError
from eventkg.sources.layout import BadRow, Layout, Names, Row, beginning, named, unique, widths

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from eventkg.sources.opening import Opened


class Delimited:
    """A table whose rows are lines."""

    def __init__(self, opened: Opened, layout: Layout) -> None:
        self._where, self._layout = str(opened.path), layout
        text = io.TextIOWrapper(opened.stream, layout.encoding, newline="")
        self._lines = _Lines(text, layout.record_limit)
        csv.field_size_limit(layout.max_cell)
        self._delimiter = layout.delimiter or ("\t" if layout.format == "tsv" else ",")
        self._reader = csv.reader(iter(self._lines), **self._dialect(self._delimiter[0]))
        self._held: list[str] | None = None

    def at(self) -> str:
        """Where reading has come to."""
        return f"line {self._reader.line_num + 1}"

    def undecodable(self, problem: UnicodeDecodeError) -> str:
        """What bytes no character was found for, and on which line."""
        before = problem.object[: problem.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = self._reader.line_num + 1 + before.count(b"\n")
        found = problem.object[problem.start : problem.end].hex(" ")
        return f"line {line}: the bytes {found} are no {self._layout.encoding} (encoding: says which it is)"

    def columns(self) -> Names:
        """Read from the first row, or declared for a file without a header."""
        self._lines.taken = 0
        if len(self._delimiter) > 1:
            self._choose()
        first = next(self._reader, None)
        while first == []:
            first = next(self._reader, None)
        if first is None:
            raise DataError(f"{self._where}: is empty, expected rows")
        where = f"{self._where}: line {self._reader.line_num}"
        if len(first) > self._layout.max_columns:
            raise DataError(f"{where}: {len(first):,} columns, at most {self._layout.max_columns:,} expected")
        if self._layout.header is True:
            return unique(tuple(first), where)
        names = named(self._layout, len(first), where)
        if [cell.strip().lower() for cell in first] != [name.lower() for name in names]:
            self._held = first
        return names

    def _choose(self) -> None:
        """The delimiter that the first line shows."""
        lines = iter(self._lines)
        start = list(islice(lines, 1))
        counts = {sign: len(next(csv.reader(start, delimiter=sign), [])) for sign in self._delimiter}
        declared = widths(self._layout)
        best = max(self._delimiter, key=lambda sign: (counts[sign] in declared, counts[sign]))
        self._reader = csv.reader(chain(start, lines), **self._dialect(best))

    def _dialect(self, delimiter: str) -> dict[str, Any]:
        if not self._layout.quoting:
            return {"delimiter": delimiter, "quoting": csv.QUOTE_NONE, "quotechar": None}
        return {"delimiter": delimiter, "strict": True}

    def rows(self, columns: Names) -> Iterator[Row | BadRow]:
        """All rows that follow; blank lines are none."""
        if self._held is not None:
            yield Row(1, self._held)
        reader, lines, width = self._reader, self._lines, len(columns)
        while True:
            start = reader.line_num + 1
            lines.taken = 0
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as problem:
                yield self._bad(start, str(problem))
                continue
            if len(cells) == width:
                yield Row(start, cells)
            elif cells:
                text = self._reader.dialect.delimiter.join(cells[:50])
                yield BadRow(start, f"{len(cells)} cells, expected {width}", beginning(text))

    def _bad(self, start: int, problem: str) -> BadRow:
        line = self._reader.line_num
        if problem.startswith("field larger"):
            found = f"a cell of more than {self._layout.max_cell:,} characters"
            if line > start:
                raise DataError(
                    f"{self._where}: line {start}: {found} down to line {line}: a quote that is never closed?"
                )
            return BadRow(start, found, beginning(self._lines.last))
        if problem.startswith("unexpected end"):
            raise DataError(f"{self._where}: line {start}: a quote is open at the end of the file")
        return BadRow(start, f"line {line} is no row: {problem}", beginning(self._lines.last))


class _Lines:
    """Lines of a text; a row that grows past the limit ends the reading before it fills the memory."""

    def __init__(self, text: TextIO, limit: int) -> None:
        self._text, self._limit = text, limit
        self.taken = 0
        self.last = ""

    def __iter__(self) -> Iterator[str]:
        readline, limit = self._text.readline, self._limit
        while line := readline(limit + 1):
            self.taken += len(line)
            if self.taken > limit:
                raise DataError(f"a row of more than {limit:,} characters, expected a shorter one")
            self.last = line
            yield line
