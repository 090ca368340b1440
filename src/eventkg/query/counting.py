"""How many rows an answer has, told from its bytes as they pass."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Rows(Protocol):
    """A count that goes on with each piece of an answer."""

    def see(self, data: bytes | bytearray) -> None:
        """The next bytes."""

    @property
    def count(self) -> int | None:
        """Rows, or statements; None where it cannot be told."""


class _Marks:
    """Of a format in which data can never look like the end of a row."""

    def __init__(self, mark: bytes, before: int) -> None:
        self._mark, self._before = mark, before
        self._tail, self._found = b"", 0

    def see(self, data: bytes | bytearray) -> None:
        here = self._tail + data
        self._found += here.count(self._mark)
        longest = len(self._mark) - 1  # one byte less than a mark, so that none is counted twice
        self._tail = here[-longest:] if longest else b""

    @property
    def count(self) -> int | None:
        return max(0, self._found - self._before)


class _Json:
    """Quotation marks are escaped within JSON strings, and after one that ends a string comes no name.

    So no data look like the border of two rows.
    """

    _LONGEST = 14  # bytes: one less than the longest border
    _ROW = re.compile(rb'(?:"bindings":\[\{"|"\}\},\{")[^},]')
    _EMPTY = b"{}"  # a row without values, or a text that looks like one

    def __init__(self) -> None:
        self._tail, self._found, self._clear = b"", 0, True

    def see(self, data: bytes | bytearray) -> None:
        here, end = self._tail + data, 0
        for row in self._ROW.finditer(here):
            self._found += 1
            end = row.end()
        self._clear = self._clear and self._EMPTY not in here
        self._tail = here[max(end, len(here) - self._LONGEST) :]

    @property
    def count(self) -> int | None:
        return self._found if self._clear else None


class _Csv:
    """Line ends that are not between quotation marks, the head's not counted."""

    def __init__(self) -> None:
        self._quotes, self._found = 0, -1

    def see(self, data: bytes | bytearray) -> None:
        parts = data.split(b'"')
        self._found += sum(part.count(b"\n") for part in parts[self._quotes % 2 :: 2])
        self._quotes += len(parts) - 1

    @property
    def count(self) -> int | None:
        return max(0, self._found)


class _Unknown:
    def see(self, data: bytes | bytearray) -> None:
        """It cannot be told."""

    @property
    def count(self) -> int | None:
        return None


UNCOUNTED = _Unknown()
_COUNTERS: dict[str, Callable[[], Rows]] = {
    "application/sparql-results+json": _Json,
    "application/sparql-results+xml": lambda: _Marks(b"<result>", 0),
    "text/csv": _Csv,
    "text/tab-separated-values": lambda: _Marks(b"\n", 1),
    "application/n-triples": lambda: _Marks(b"\n", 0),
    "application/n-quads": lambda: _Marks(b"\n", 0),
}


def rows_of(form: str, media_type: str) -> Rows:
    """A counter for an answer; a yes or no has no rows."""
    return UNCOUNTED if form == "boolean" else _COUNTERS.get(media_type, lambda: UNCOUNTED)()
