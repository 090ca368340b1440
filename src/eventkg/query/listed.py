"""Named queries asked of a list of things, which stand before everything else in the pattern."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from eventkg.query.lexical import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

AT_ONCE = 1_000  # things in one query
_LONGEST = MAX_LENGTH // 2  # characters of things in one query
_IRI = re.compile(r'[^<>"{}|^`\\\x00-\x20]+')  # SPARQL 1.1, IRIREF
_PATTERN = re.compile(r"\bWHERE\s*\{")


def listed(query: str, variable: str, iris: Iterable[str]) -> str:
    """The query of these things alone, as values of a variable.

    Raises:
        ValueError: no IRI, which nothing in a graph can be named.

    """
    values = []
    for iri in iris:
        if not _IRI.fullmatch(iri):
            raise ValueError(f"{iri[:50]!r} found, an IRI expected")
        values.append(f"<{iri}>")
    start = _PATTERN.search(query)
    assert start is not None  # noqa: S101  (our own queries have it)
    return f"{query[: start.end()]} VALUES ?{variable} {{ {' '.join(values)} }} {query[start.end() :]}"


def blocks(iris: Iterable[str]) -> Iterator[list[str]]:
    """So many as one query takes."""
    block: list[str] = []
    length = 0
    for iri in iris:
        if block and (len(block) >= AT_ONCE or length + len(iri) > _LONGEST):
            yield block
            block, length = [], 0
        block.append(iri)
        length += len(iri)
    if block:
        yield block
