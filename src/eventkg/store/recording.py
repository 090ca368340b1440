"""A draft's store that writes down what is done to it, and the transcript that comes of that."""

from __future__ import annotations

import io
import shutil
from contextlib import contextmanager
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, cast

import pyoxigraph as ox

from eventkg.errors import DataError
from eventkg.store.directory import open_checkpoint
from eventkg.store.transcript import (
    ADD,
    CLEAR,
    FOLDER,
    REMOVE,
    Lines,
    Log,
    Segment,
    is_small,
    is_worth,
    read_index,
    tables_size,
    write_index,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_GROWS = 4 << 20  # bytes of a segment that is copied and appended to; larger ones are shared as they are
_TIMES = 2  # a transcript of so many times the engine's files repeats itself; the next reader makes a new one
_QUADS = 10_000
_READS = {
    "query",
    "quads_for_pattern",
    "named_graphs",
    "contains_named_graph",
    "dump",
    "backup",
    "flush",
}


class Recorder:
    """The transcript of one draft: that of the checkpoint it is a copy of, and what happens to it."""

    def __init__(self, base: Path | None, notes: Path) -> None:
        """`base` is None for an empty draft; `notes` is a folder on the same file system."""
        self._base = base
        self._segments = read_index(base) if base else ()
        self._log = Log(notes / "steps")

    def watch(self, store: ox.Store) -> ox.Store:
        """What is done to the store that is returned will be in the transcript.

        The store itself, if there is nothing to continue: a large checkpoint has no transcript yet.
        """
        if self._segments is None and self._base is not None and not is_small(self._base):
            self._log.lose()
            return store
        return cast("ox.Store", _Recorded(store, self._log))

    def forget(self) -> None:
        """The draft was given up for another one."""
        self._log.lose()

    def settle(self, draft: Path) -> None:
        """Put the transcript into a closed draft, unless it is lost or not worth it."""
        if self._log.lost or not (self._segments or is_worth(self._log.size)):
            return
        folder = draft / FOLDER
        try:
            folder.mkdir()
            segments = self._continued(folder)
            if sum(one.size for one in segments) > _TIMES * tables_size(draft) + _GROWS:
                shutil.rmtree(folder)
            else:
                write_index(folder, segments)
        except (OSError, DataError):  # no room, no hard links
            shutil.rmtree(folder, ignore_errors=True)

    def _continued(self, folder: Path) -> list[Segment]:
        segments = list(self._before(folder))
        if segments and segments[-1].size < _GROWS and self._log.size < _GROWS:
            last = segments.pop()
            shutil.copyfile(folder / last.name, copy := folder / f"{last.name}.new")
            copy.replace(folder / last.name)
            return [*segments, self._log.append_to(folder / last.name, last.crc)]
        return [*segments, self._log.append_to(folder / f"{len(segments) + 1:08d}")]

    def _before(self, folder: Path) -> tuple[Segment, ...]:
        """What the draft held when it began."""
        if self._base is None:
            return ()
        if self._segments is not None:
            for one in self._segments:
                (folder / one.name).hardlink_to(self._base / FOLDER / one.name)
            return self._segments
        log = Log(folder / "base")
        write_down(open_checkpoint(self._base), log)
        return (log.append_to(folder / "00000001"),)


def write_down(store: ox.Store, log: Log) -> None:
    """All that a store holds."""
    lines = Lines(lambda block: log.note(ADD, block))
    store.dump(cast("IO[bytes]", lines), ox.RdfFormat.N_QUADS)
    lines.close()


class _Recorded:
    """A store whose changes are noted; one of which only the result is known loses the log.

    It stands for a store, so it has the names that a store has; whatever it does not know loses the log.
    """

    def __init__(self, store: ox.Store, log: Log) -> None:
        self._store, self._log = store, log

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  (whatever a store has)
        if name not in _READS:
            self._log.lose()
        return getattr(self._store, name)

    def __contains__(self, quad: ox.Quad) -> bool:
        return quad in self._store

    def __iter__(self) -> Iterator[ox.Quad]:
        return iter(self._store)

    def __len__(self) -> int:
        return len(self._store)

    def add(self, quad: ox.Quad) -> None:
        """See `ox.Store`; so for the others."""
        self.extend((quad,))

    def remove(self, quad: ox.Quad) -> None:
        with self._all_or_lost():
            self._store.remove(quad)
            self._log.note(REMOVE, _nquads((quad,)))

    def extend(self, quads: Iterable[ox.Quad]) -> None:
        with self._all_or_lost():
            self._store.extend(self._noted(quads))

    def bulk_extend(self, quads: Iterable[ox.Quad]) -> None:
        with self._all_or_lost():
            self._store.bulk_extend(self._noted(quads))

    def bulk_load(
        self,
        input: IO[bytes] | bytes | str | None = None,  # noqa: A002  (a store's own name for it)
        format: ox.RdfFormat | None = None,  # noqa: A002
        *,
        lenient: bool = False,
        **others: Any,  # noqa: ANN401
    ) -> None:
        with self._all_or_lost():
            if input is None or format != ox.RdfFormat.N_QUADS or others:
                self._log.lose()
                self._store.bulk_load(input, format, lenient=lenient, **others)
                return
            source = (
                io.BytesIO(input.encode() if isinstance(input, str) else input)
                if isinstance(input, bytes | str)
                else input
            )
            lines = Lines(lambda block: self._log.note(ADD, block))
            self._store.bulk_load(cast("IO[bytes]", _Shown(source, lines)), format, lenient=lenient)
            lines.close()

    def remove_graph(self, graph_name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> None:
        with self._all_or_lost():
            self._store.remove_graph(graph_name)
            self._clear(graph_name)

    def clear_graph(self, graph_name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> None:
        with self._all_or_lost():
            self._store.clear_graph(graph_name)
            self._clear(graph_name)

    def add_graph(self, graph_name: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> None:
        """An empty graph is no statement: it is in no snapshot."""
        self._store.add_graph(graph_name)

    def _clear(self, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> None:
        if isinstance(graph, ox.BlankNode):
            self._log.lose()
        else:
            self._log.note(CLEAR, (graph.value if isinstance(graph, ox.NamedNode) else "").encode() + b"\n")

    def _noted(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        left = iter(quads)
        while some := list(islice(left, _QUADS)):
            self._log.note(ADD, _nquads(some))
            yield from some

    @contextmanager
    def _all_or_lost(self) -> Iterator[None]:
        try:
            yield
        except BaseException:  # how much of it was done is not known
            self._log.lose()
            raise


class _Shown(io.RawIOBase):
    """A stream to read, of which `lines` gets a copy."""

    def __init__(self, source: IO[bytes], lines: Lines) -> None:
        self._source, self._lines = source, lines

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """As io has it."""
        block = self._source.read(size)
        self._lines.write(block)
        return block


def _nquads(quads: Iterable[ox.Quad]) -> bytes:
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
