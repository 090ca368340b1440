"""Where an open graph's statements are: in memory, in a store on disk, or behind a SPARQL endpoint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pyoxigraph as ox

from eventkg.claims.writing import rederive
from eventkg.query.engine import StoreEngine, in_memory
from eventkg.store.directory import hold_current, open_checkpoint
from eventkg.store.files import to_nquads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from eventkg.query.engine import Mode
    from eventkg.query.job import Head, Job
    from eventkg.query.pool import Running
    from eventkg.settings import Limits


class Engine(Protocol):
    """What answers queries."""

    def start(self, job: Job) -> Running:
        """Hand over a query."""

    def ask(self, job: Job) -> tuple[Head, bytes]:
        """The whole answer at once."""

    def version(self) -> str:
        """Names the state that the next query would run on."""

    def close(self) -> None:
        """End every worker."""


class Source(Protocol):
    """A graph to be opened."""

    def engine(self, limits: Limits) -> Engine:
        """Start what answers queries."""

    def graphs(self) -> list[str]:
        """The IRIs of its named graphs."""

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """Its statements, or those of one graph."""


class MemorySource:
    """Quads at hand, with facts, statuses and counts derived from the claims among them."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._store = ox.Store()
        self._store.extend(quads)
        rederive(self._store)

    def engine(self, limits: Limits) -> Engine:
        """See `Source`."""
        return in_memory([to_nquads(self._store)], limits)

    def graphs(self) -> list[str]:
        """See `Source`."""
        return _graphs(self._store)

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """See `Source`."""
        return _quads(self._store, graph)


class StoreSource:
    """A store on disk; what is read at one time is one checkpoint, what is asked is the current one."""

    def __init__(self, directory: Path, mode: Mode) -> None:
        self._directory, self._mode = directory, mode

    def engine(self, limits: Limits) -> Engine:
        """See `Source`."""
        return StoreEngine(self._directory, limits, self._mode)

    def graphs(self) -> list[str]:
        """See `Source`."""
        with hold_current(self._directory) as checkpoint:
            return _graphs(open_checkpoint(checkpoint.path))

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """See `Source`."""
        with hold_current(self._directory) as checkpoint:
            yield from _quads(open_checkpoint(checkpoint.path), graph)


def _graphs(store: ox.Store) -> list[str]:
    return sorted(graph.value for graph in store.named_graphs())


def _quads(store: ox.Store, graph: str | None) -> Iterator[ox.Quad]:
    if graph is None:
        return iter(store)
    return store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
