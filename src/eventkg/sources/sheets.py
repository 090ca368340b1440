"""XLSX. Formulas are never run: a cell has the value that the program which saved it left there."""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, cast

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from eventkg.errors import DataError
from eventkg.sources.layout import BadRow, Layout, Names, Row, beginning, named, unique

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

    from eventkg.sources.opening import Opened

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_BLOCK = 1 << 16
# The strings of a workbook are held in memory, its sheets are not.
_MAX_STRINGS, _MAX_RATIO, _ALLOWED = 100 << 20, 200, 64 << 20

Cells = tuple[Any, ...]


class Sheet:
    """A table in a sheet of a workbook."""

    def __init__(self, opened: Opened, layout: Layout) -> None:
        self._where, self._layout, self._line = str(opened.path), layout, 0
        file = opened.seekable()
        formulas = _formulas(file, self._where)
        values = _rows(file, layout, self._where, values=True)
        written = _rows(file, layout, self._where, values=False) if formulas else ()
        self._rows = zip_longest(values, written, fillvalue=())
        self._held: tuple[Cells, Cells] | None = None

    def at(self) -> str:
        """Where reading has come to."""
        return f"row {self._line + 1}"

    def undecodable(self, problem: UnicodeDecodeError) -> str:
        """What bytes no character was found for."""
        return f"{self.at()}: {problem}"

    def columns(self) -> Names:
        """Of the first row that has a cell, or declared for a sheet without a header."""
        for first, written in self._counted():
            names = tuple(_text(cell.value) for cell in first)
            while names and not names[-1]:
                names = names[:-1]
            if names:
                return self._named(names, first, written)
        raise DataError(f"{self._where}: the sheet is empty, expected rows")

    def rows(self, columns: Names) -> Iterator[Row | BadRow]:
        """Rows with the sheet's own numbers; rows without a cell are none."""
        if self._held is not None:
            yield self._row(*self._held, len(columns))
        for cells, written in self._counted():
            if any(cell.value is not None for cell in cells) or written:
                row = self._row(cells, written, len(columns))
                if isinstance(row, BadRow) or any(row.cells):
                    yield row

    def _counted(self) -> Iterator[tuple[Cells, Cells]]:
        for cells, written in self._rows:
            self._line += 1
            yield cells, written

    def _named(self, names: Names, first: Cells, written: Cells) -> Names:
        where = f"{self._where}: row {self._line}"
        if len(names) > self._layout.max_columns:
            raise DataError(f"{where}: {len(names):,} columns, at most {self._layout.max_columns:,} expected")
        if self._layout.header is True:
            return unique(names, where)
        self._held = (first, written)
        return named(self._layout, len(names), where)

    def _row(self, cells: Cells, written: Cells, width: int) -> Row | BadRow:
        text = [_text(cell.value) for cell in cells[:width]]
        text += [""] * (width - len(text))
        for column, (cell, formula) in enumerate(zip_longest(cells, written), start=1):
            reason = self._reason(cell, formula, column > width)
            if reason:
                place = get_column_letter(column)
                return BadRow(self._line, f"column {place}: {reason}", beginning(", ".join(text)))
        return Row(self._line, text)

    def _reason(self, cell: Any, formula: Any, beyond: bool) -> str | None:  # noqa: ANN401, FBT001
        value = cell.value if cell is not None else None
        if value is None:
            if formula is not None and getattr(formula, "data_type", "") == "f":
                return f"the formula {formula.value} has no saved value, and formulas are not run"
            return None
        if beyond:
            return "a cell beyond the last column"
        if cell.data_type == "e":
            return f"the error {value}, expected a value"
        if len(str(value)) > self._layout.max_cell:
            return f"a cell of more than {self._layout.max_cell:,} characters"
        return None


def _rows(file: BinaryIO, layout: Layout, where: str, *, values: bool) -> Iterator[Cells]:
    with warnings.catch_warnings():  # what openpyxl leaves out (styles, validations) is not data
        warnings.simplefilter("ignore")
        try:
            book = load_workbook(file, read_only=True, data_only=values, keep_links=False)
        except (InvalidFileException, KeyError, ValueError, TypeError, SyntaxError, OSError) as problem:
            raise DataError(f"{where}: is no workbook that can be read: {problem}") from problem
        names = [sheet.title for sheet in book.worksheets]
        wanted = layout.sheet or (names[0] if len(names) == 1 else None)
        if wanted not in names:
            expected = f"'{layout.sheet}'" if layout.sheet else "one (sheet: says which)"
            raise DataError(f"{where}: sheets found: {', '.join(names) or 'none'}, expected {expected}")
        sheet = cast("Any", book[wanted])
        sheet.reset_dimensions()
        yield from cast("Iterable[Cells]", sheet.iter_rows())


def _formulas(file: BinaryIO, where: str) -> bool:
    """Whether any sheet has a formula; a workbook that unpacks out of all proportion is refused."""
    try:
        archive = zipfile.ZipFile(file)
    except zipfile.BadZipFile as problem:
        raise DataError(f"{where}: is no workbook: {problem}") from problem
    found = False
    with archive:
        _check_size(archive, where)
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                found = found or _has_formula(archive, name)
    file.seek(0)
    return found


def _check_size(archive: zipfile.ZipFile, where: str) -> None:
    for info in archive.infolist():
        bomb = info.file_size > _ALLOWED and info.file_size > _MAX_RATIO * max(info.compress_size, 1)
        strings = info.filename.endswith("sharedStrings.xml") and info.file_size > _MAX_STRINGS
        if bomb or strings:
            found = f"'{info.filename}' unpacks to {info.file_size:,} bytes"
            raise DataError(f"{where}: {found}, expected less: save the sheet as CSV")


def _has_formula(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as sheet:
        tail = b""
        while block := sheet.read(_BLOCK):
            if _FORMULA.search(tail + block):
                return True
            tail = block[-40:]
    return False


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time.min
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    return str(value)
