"""Rows of an answer as text without types, read from SPARQL's tab-separated form.

Not from its comma-separated form: there pyoxigraph 0.5.13 leaves an IRI that holds a comma without quotation
marks.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_MEANT = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def rows(answer: str) -> Iterator[tuple[str, ...]]:
    """The text of every cell, row by row, without the line of names; empty where nothing is bound."""
    lines = iter(answer.removesuffix("\n").split("\n"))
    next(lines)
    return (tuple(map(_text, line.removesuffix("\r").split("\t"))) for line in lines)


@lru_cache(maxsize=200_000)
def _text(cell: str) -> str:
    """An IRI without its brackets, a literal without its marks, datatype and language."""
    if cell.startswith("<"):
        return _meant(cell[1:-1])
    if cell.startswith('"'):
        return _meant(cell[1 : cell.rindex('"')])
    return cell


def _meant(text: str) -> str:
    return _ESCAPE.sub(_letter, text) if "\\" in text else text


def _letter(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _MEANT.get(found[3], found[3])
