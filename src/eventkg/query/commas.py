"""Comma-separated answers, out of tab-separated ones.

pyoxigraph 0.5.13 leaves an IRI that holds a comma without quotation marks in its own comma-separated form.
Source: SPARQL 1.1 Query Results CSV and TSV Formats, 3; RFC 4180.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Protocol

from eventkg.query.rows import text_of

_BLOCK = 1 << 16  # bytes that are looked at together
_MARKED = re.compile('[",\r\n]')


class Writer(Protocol):
    """What takes the answer."""

    def write(self, data: bytes) -> int:
        """Take the next bytes."""


class CommaSeparated:
    """A file object that is written tab-separated lines and passes them on with commas."""

    def __init__(self, out: Writer) -> None:
        self._out, self._read, self._lines = out, bytearray(), 0

    def write(self, data: bytes) -> int:
        """Take the next bytes."""
        self._read += data
        if len(self._read) >= _BLOCK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        """Pass the lines on that are complete."""
        end = self._read.rfind(b"\n") + 1
        lines = bytes(self._read[:end]).decode("utf-8").split("\n")[:-1]
        del self._read[:end]
        if lines and not self._lines:
            lines[0] = lines[0].replace("?", "")  # the names of variables; none of them holds one
        self._lines += len(lines)
        made = "".join([",".join(map(_cell, line.split("\t"))) + "\r\n" for line in lines])
        self._out.write(made.encode("utf-8"))


@lru_cache(maxsize=1 << 14)
def _cell(term: str) -> str:
    text = text_of(term)
    if _MARKED.search(text) is None:
        return text
    return '"' + text.replace('"', '""') + '"'
