"""Answers as rows of text, without types: for tables of many rows.

Out of TSV, whose terms are marked as what they are; the engine's CSV leaves commas in IRIs bare.
Source: SPARQL 1.1 Query Results CSV and TSV Formats, 4.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from eventkg.model.naming import XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def rows(answer: bytes) -> Iterator[tuple[str, ...]]:
    """IRIs and the texts of literals, empty where nothing is bound; in the order of their text."""
    text = answer.decode("utf-8")
    if text.count('"') == 2 * text.count(_DATE):  # no literals but dates: all marks can go at once
        head, *lines = text.replace(_DATE, "").translate(_MARKS).split("\n")
        lines = sorted(filter(None, lines))
        cells = iter("\t".join(lines).split("\t") if lines else ())
        return zip(*[cells] * (head.count("\t") + 1), strict=True)
    lines = sorted(filter(None, text.split("\n")[1:]))
    return (tuple(map(_cell, line.split("\t"))) for line in lines)


def streamed(blocks: Iterable[bytes]) -> Iterator[tuple[str, ...]]:
    """As `rows`, in the order of an answer that comes in blocks cut anywhere; one is in memory at a time."""
    begun, is_head = b"", True
    for block in blocks:
        whole, end, rest = block.rpartition(b"\n")  # a line's end is escaped within a cell
        if not end:
            begun += rest
            continue
        lines, begun = begun + whole, rest
        if is_head:
            lines, is_head = lines.partition(b"\n")[2], False
        yield from _rows(lines)
    if not is_head:
        yield from _rows(begun)


def _rows(lines: bytes) -> Iterator[tuple[str, ...]]:
    text = lines.decode("utf-8")
    if text.count('"') == 2 * text.count(_DATE):  # no literals but dates: all marks can go at once
        plain = text.replace(_DATE, "").translate(_MARKS).split("\n")
        return (tuple(line.split("\t")) for line in plain if line)
    return (tuple(map(_cell, line.split("\t"))) for line in text.split("\n") if line)


_DATE = f'"^^<{XSD}date>'
_MARKS = str.maketrans("", "", '<>"')


def text_of(term: str) -> str:
    """An IRI without its brackets, a literal without its marks, datatype and language; all else as it is."""
    if term.startswith("<") and not term.startswith("<<"):
        return term[1:-1]
    if term.startswith('"'):
        text = term[1 : term.rindex('"')]
        return _ESCAPE.sub(_meant, text) if "\\" in text else text
    return term  # a number or truth value as it is


_cell = lru_cache(maxsize=1 << 16)(text_of)


def _meant(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _SHORT.get(found[3], found[3])
