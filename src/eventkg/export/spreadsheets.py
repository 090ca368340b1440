"""Tables as files: CSV, Excel and Parquet, with the meaning of every column."""

from __future__ import annotations

import importlib
import io
import json
from typing import TYPE_CHECKING, Any

from eventkg.errors import UsageError
from eventkg.export.network import clean
from eventkg.export.packing import csv_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventkg.export.about import About
    from eventkg.export.tables import Table

_MOST_ROWS, _MOST_TEXT = (
    1_048_576,
    32_767,
)  # of a sheet, of a cell (Microsoft, "Excel specifications and limits")


def csv_bytes(table: Table, _: About) -> bytes:
    """RFC 4180; a CSV has no place for what is told about it: see `described`."""
    return csv_file([column.name for column in table.columns], table.rows)


def described(table: Table, about: About, name: str) -> bytes:
    """The meaning of the columns of the CSV of this name, and what is told about it, to stand beside it.

    Source: W3C, "Metadata Vocabulary for Tabular Data", 2015.
    """
    columns = [
        {"name": c.name, "titles": c.name, "datatype": _CSVW[c.type], "dc:description": c.meaning}
        for c in table.columns
    ]
    document = {
        "@context": "http://www.w3.org/ns/csvw",
        "url": name,
        "dc:title": about.title,
        **(
            {"dc:license": [{"@id": licence} for licence in addresses]}
            if (addresses := _addresses(about))
            else {}
        ),
        "dc:source": [str(credit) for credit in about.credits],
        "tableSchema": {
            "columns": columns,
            "primaryKey": table.columns[0].name if table.name == "events" else [],
        },
        "notes": [about.members()],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace") + b"\n"


def _addresses(about: About) -> list[str]:
    return [licence for licence in about.licences if licence.startswith(("http://", "https://"))]


_CSVW = {str: "string", int: "integer", float: "double"}


def xlsx_bytes(table: Table, about: About) -> bytes:
    """Sheets: the table, its data dictionary, what it is; text stays text, whatever it begins with."""
    if len(table.rows) >= _MOST_ROWS:
        raise UsageError(
            f"xlsx: {len(table.rows):,} rows found, fewer than {_MOST_ROWS:,} expected; use parquet or csv"
        )
    openpyxl = library("openpyxl")
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(table.name)
    sheet.freeze_panes = "A2"
    sheet.append([column.name for column in table.columns])
    for row in table.rows:
        sheet.append([_sheet_cell(openpyxl, sheet, cell) for cell in row])
    words = book.create_sheet("columns")
    words.append(["column", "type", "meaning"])
    for column in table.columns:
        words.append([column.name, column.type.__name__, column.meaning])
    notes = book.create_sheet("about")
    for name, value in about.facts().items():
        for line in value.split("\n"):
            notes.append([name, _sheet_cell(openpyxl, notes, line)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet_cell(openpyxl: Any, sheet: Any, value: object) -> Any:
    if not isinstance(value, str):
        return value
    cell = openpyxl.cell.WriteOnlyCell(sheet, clean(value)[:_MOST_TEXT])
    cell.data_type = "s"
    return cell


def parquet_bytes(table: Table, about: About) -> bytes:
    """The meaning of the columns and what is told about the file as metadata."""
    return write_parquet(arrow_table(table, about))


def arrow_table(table: Table, about: About, extra: Mapping[str, str] | None = None) -> Any:
    """With metadata; `extra` goes beside what is told about it."""
    arrow = library("pyarrow")
    types = {str: arrow.string(), int: arrow.int64(), float: arrow.float64()}
    fields = [
        arrow.field(column.name, types[column.type], metadata={"description": column.meaning})
        for column in table.columns
    ]
    schema = arrow.schema(
        fields, metadata={**about.facts(), "about": about.document().decode(), **(extra or {})}
    )
    columns = zip(*table.rows, strict=True) if table.rows else ((),) * len(table.columns)
    return arrow.table([list(column) for column in columns], schema=schema)


def write_parquet(table: Any) -> bytes:
    """The bytes of a file."""
    out = io.BytesIO()
    library("pyarrow.parquet").write_table(table, out)
    return out.getvalue()


def library(name: str) -> Any:
    """A module that not everybody has installed.

    Raises:
        UsageError: it is missing, with the command that installs it.

    """
    try:
        return importlib.import_module(name)
    except ImportError as problem:
        package = name.partition(".")[0]
        raise UsageError(f"{package} is not installed: pip install 'eventkg[tables]'") from problem
