"""Answers as a person reads them in a terminal."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import rich.box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from eventkg.cli.printing import printable, printable_turtle
from eventkg.model.naming import XSD, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from eventkg.query.job import Head

_WIDE = 10_000  # columns where no terminal limits them: nothing is cut off in a file


def print_answer(head: Head, body: bytes, view: str) -> None:
    """A table of solutions, yes or no, or the Turtle of a graph; and the IRI of the view's policy."""
    if head.form == "graph":
        sys.stdout.write(f"# view <{view}>\n{printable_turtle(body.decode())}")
        return
    document = json.loads(body)
    if head.form == "boolean":
        sys.stdout.write("yes\n" if document["boolean"] else "no\n")
        print_stamp(view)
        return
    variables, rows = document["head"]["vars"], document["results"]["bindings"]
    print_table(variables, ([_cell(row.get(name)) for name in variables] for row in rows))
    print_stamp(view, len(rows))


def print_stamp(view: str, rows: int | None = None) -> None:
    """Under which policy an answer was given, to stderr; with the number of rows where it has some."""
    counted = "" if rows is None else f"{rows} row{'' if rows == 1 else 's'}, "
    sys.stderr.write(printable(f"{counted}view {view}") + "\n")


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Sequence[str] = ()
) -> None:
    """Rows under their headings, to stdout, made safe for a terminal; `numbers` are aligned right."""
    table = Table(box=rich.box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(
            Text(printable(column)), justify="right" if column in numbers else "left", overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else _WIDE, highlight=False)
    with console.capture() as captured:
        console.print(table)
    lines = [line.rstrip() for line in captured.get().splitlines()]
    sys.stdout.write("\n".join(line for line in lines if line) + "\n")


def _cell(term: dict[str, Any] | None) -> str:
    """IRIs shortened, literals as they read."""
    if term is None:
        return ""
    if term["type"] == "uri":
        return shorten(term["value"])
    if term["type"] == "triple":  # RDF 1.2
        parts = (_cell(term["value"][part]) for part in ("subject", "predicate", "object"))
        return f"<<( {' '.join(parts)} )>>"
    text = str(term["value"])
    language = term.get("xml:lang")
    if language and language != "en":
        return f"{text} @{language}"
    datatype = term.get("datatype", "")
    return text if not datatype or datatype.startswith(XSD) else f"{text} ({shorten(datatype)})"
