"""Data into the store that the compiled shapes are run over: the union of all graphs, each triple once."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from eventkg.checking.engine import Data
from eventkg.checking.literals import WRITTEN, as_stored, may_change
from eventkg.errors import DataError
from eventkg.model.naming import XSD

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 1 << 20
# A line of N-Quads as the engine writes it: the name of the graph is the fourth term.
_GRAPH = re.compile(rb'(?m)^(\S+ \S+ (?:"(?:[^"\\\n]|\\.)*+"\S*|[<_]\S*)) <[^>\n]*> \.$')
_TYPED = re.compile(rb'"((?:[^"\\\n]|\\.)*+)"\^\^<http://www\.w3\.org/2001/XMLSchema#(\w+)>')


def written_data(nquads: bytes) -> Data:
    """Data of a stranger's file, with every literal told from others of the same value."""
    changing = _Changing()
    text = _TYPED.sub(changing.kept, nquads)
    store = ox.Store()
    _load(store, io.BytesIO(text))
    return Data(store, as_written=changing.found)


def stored_data(nquads: bytes) -> Data:
    """Data that come out of a store."""
    store = ox.Store()
    _load(store, io.BytesIO(nquads))
    return Data(store)


def checkpoint_data(path: str) -> Data:
    """A checkpoint in memory, written out by a process of its own.

    Raises:
        DataError: it cannot be read.

    """
    store = ox.Store()
    command = [sys.executable, "-P", "-m", "eventkg.store.dump", path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as dump:  # noqa: S603  (our own module)
        if dump.stdout is not None:
            _load(store, dump.stdout)
    if dump.returncode:
        raise DataError(f"{path}: could not be read")
    return Data(store)


def _load(store: ox.Store, nquads: IO[bytes]) -> None:
    stream = cast("IO[bytes]", _Lines(nquads, _triples))
    store.bulk_load(input=stream, format=ox.RdfFormat.N_TRIPLES)


def _triples(block: bytes) -> bytes:
    return _GRAPH.sub(rb"\1 .", block)


class _Changing:
    """Literals that the store would change, and whether there was one."""

    def __init__(self) -> None:
        self.found = False
        self._known: dict[bytes, bytes] = {}

    def kept(self, match: re.Match[bytes]) -> bytes:
        """What to store for a literal."""
        whole = match[0]
        if whole not in self._known:
            self._known[whole] = self._ask(whole, match[1].decode(), XSD + match[2].decode())
        return self._known[whole]

    def _ask(self, whole: bytes, text: str, datatype: str) -> bytes:
        if "\\" in text or not may_change(text, datatype):
            return whole
        stored = as_stored(ox.Literal(text, datatype=ox.NamedNode(datatype)))
        if not stored.datatype.value.startswith(WRITTEN):
            return whole
        self.found = True
        return str(stored).encode()


class _Lines(io.RawIOBase):
    """A stream of lines changed on its way."""

    def __init__(self, source: IO[bytes], change: Callable[[bytes], bytes]) -> None:
        self._source, self._change = source, change
        self._ready, self._rest = b"", b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes; nothing at the end."""
        while not self._ready:
            block = self._source.read(_CHUNK)
            if not block:
                self._ready, self._rest = self._change(self._rest), b""
                break
            whole, end, rest = (self._rest + block).rpartition(b"\n")
            self._rest = rest
            self._ready = self._change(whole + end)
        size = len(self._ready) if size < 0 else size
        given, self._ready = self._ready[:size], self._ready[size:]
        return given
