"""Data into the store that the compiled shapes are run over: the union of all graphs, each triple once.

They go there in portions: the engine's loader takes memory in proportion to what it is given at once.
"""

from __future__ import annotations

import io
import re
import subprocess
import sys
from itertools import chain, islice
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from eventkg.checking.engine import Data
from eventkg.checking.literals import WRITTEN, as_stored, may_change
from eventkg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BLOCK, _QUADS = 16 << 20, 100_000  # bytes of text and statements in a portion
_NONE = ox.DefaultGraph()
# A line of N-Quads as the engine writes it: the name of the graph is the fourth term.
_GRAPH = re.compile(rb'(?m)^(\S+ \S+ (?:"(?:[^"\\\n]|\\.)*+"\S*|[<_]\S*)) <[^>\n]*> \.$')
# A line with a blank node, whose name would mean another node in another portion.
_BLANK = re.compile(rb"(?m)^(?:_:.*|<[^>\n]*> <[^>\n]*> _:.*)\n")


def written_data(quads: Iterable[ox.Quad]) -> Data:
    """Data of a stranger's files, with every literal told from others of the same value."""
    store, changed = ox.Store(), _Changed()
    triples = changed.triples(quads)
    for first in triples:
        store.bulk_extend(chain((first,), islice(triples, _QUADS)))
    return Data(store, as_written=changed.found)


def stored_data(nquads: bytes) -> Data:
    """Data that come out of a store."""
    store = ox.Store()
    _load(store, io.BytesIO(_GRAPH.sub(rb"\1 .", nquads)))
    return Data(store)


def checkpoint_data(path: str) -> Data:
    """A checkpoint in memory, written out by a process of its own.

    Raises:
        DataError: it cannot be read.

    """
    store = ox.Store()
    command = [sys.executable, "-P", "-m", "eventkg.store.dump", path, "triples"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as dump:  # noqa: S603  (our own module)
        if dump.stdout is not None:
            _load(store, dump.stdout)
    if dump.returncode:
        raise DataError(f"{path}: could not be read")
    return Data(store)


def _load(store: ox.Store, ntriples: IO[bytes]) -> None:
    while block := ntriples.read(_BLOCK):
        block += ntriples.readline()
        if b"_:" in block and (blank := b"".join(_BLANK.findall(block))):
            store.bulk_extend(ox.parse(blank, format=ox.RdfFormat.N_TRIPLES))
            block = _BLANK.sub(b"", block)
        store.bulk_load(input=block, format=ox.RdfFormat.N_TRIPLES)


class _Changed:
    """Literals that the store would change; `found` says whether there was one."""

    def __init__(self) -> None:
        self.found = False

    def triples(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        """What to store for the statements."""
        for quad in quads:
            obj = quad.object
            if isinstance(obj, ox.Literal) and may_change(obj.value, obj.datatype.value):
                obj = as_stored(obj)
                self.found = self.found or obj.datatype.value.startswith(WRITTEN)
                yield ox.Quad(quad.subject, quad.predicate, obj)
            elif quad.graph_name != _NONE:
                yield ox.Quad(quad.subject, quad.predicate, obj)
            else:
                yield quad
