"""Where an open graph's statements are: in memory, in a store on disk, or behind a SPARQL endpoint."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from math import inf
from typing import TYPE_CHECKING, Protocol, Self, cast

import pyoxigraph as ox

from eventkg.claims.writing import rederive
from eventkg.errors import DataError, MemoryLimitError, TimeLimitError, UsageError, WorkerError
from eventkg.model.naming import GRAPH
from eventkg.query.answers import Solutions
from eventkg.query.child import run_child
from eventkg.query.engine import StoreEngine, in_memory, remote
from eventkg.query.job import Job
from eventkg.store.directory import hold_current, open_checkpoint
from eventkg.store.files import to_nquads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from eventkg.kg.views import Change
    from eventkg.query.engine import Mode
    from eventkg.query.job import Head
    from eventkg.query.pool import Pool, Running
    from eventkg.settings import Limits
    from eventkg.store.directory import Checkpoint


LOOK_S, RENEW_S = 10.0, 600.0
_COUNTS = (
    "SELECT ?graph (COUNT(*) AS ?n) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph",
    "SELECT ?stance (COUNT(*) AS ?n) { ?claim ekg:stance ?stance } GROUP BY ?stance",
)


class Engine(Protocol):
    """What answers queries."""

    def start(self, job: Job) -> Running:
        """Hand over a query."""

    def start_if_idle(self, job: Job) -> Running | None:
        """The same, if that waits for nothing."""

    def ask(self, job: Job) -> tuple[Head, bytes]:
        """The whole answer at once."""

    def branch(self, change: Change) -> tuple[str, Pool]:
        """The version of the current state, and a pool over a changed copy of it."""

    def version(self) -> str:
        """Names the state that the next query would run on."""

    def state(self) -> str:
        """The same for what is made of a state and kept: of an endpoint, what it seems to hold."""

    def close(self) -> None:
        """End every worker."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


class FixedEngine:
    """Answers over a state that does not change; if its holder dies, another one is made from the store."""

    def __init__(self, make: Callable[[], Pool], store: Callable[[], ox.Store]) -> None:
        self._make, self._store = make, store
        self._lock = threading.Lock()
        self._closed = False
        self._pool = make()

    def start(self, job: Job) -> Running:
        """See `Engine`."""
        return self._living().start(job)

    def start_if_idle(self, job: Job) -> Running | None:
        """See `Engine`."""
        return self._pool.start_if_idle(job) if self._pool.alive() and not self._closed else None

    def ask(self, job: Job) -> tuple[Head, bytes]:
        """See `Engine`."""
        return self._living().ask(job)

    def branch(self, change: Change) -> tuple[str, Pool]:
        """See `Engine`."""
        return self.version(), self._living().branch(*change(self._store()))

    def version(self) -> str:
        """See `Engine`: there is only one."""
        return "only"

    def state(self) -> str:
        """See `Engine`."""
        return self.version()

    def close(self) -> None:
        """See `Engine`."""
        with self._lock:
            self._closed = True
            self._pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _living(self) -> Pool:
        with self._lock:
            if self._closed:
                raise WorkerError("the graph was closed by its user")
            if not self._pool.alive():
                self._pool.close()
                self._pool = self._make()
            return self._pool


class RemoteEngine(FixedEngine):
    """Answers of an endpoint; a view of it is made here, in memory, of everything it holds.

    Nobody tells us when an endpoint changes. So before a view is used it is asked how many statements each of
    its graphs has and how many claims take each stance, at most every `LOOK_S` seconds; a view of other
    numbers, or one that is older than `RENEW_S`, is made again.
    """

    def __init__(self, make: Callable[[], Pool], store: Callable[[], ox.Store], limits: Limits) -> None:
        super().__init__(make, store)
        self._limits = limits
        self._looking = threading.Lock()
        self._numbers, self._looked = "", -inf

    def branch(self, change: Change) -> tuple[str, Pool]:
        """See `Engine`; the version is that of `state`."""
        state, store = self.state(), self._store()
        with in_memory([to_nquads(store)], self._limits) as whole:
            return state, whole.branch(*change(store))

    def state(self) -> str:
        """See `Engine`; where the endpoint cannot count in time, as it was last known."""
        with self._looking:
            if time.monotonic() - self._looked >= LOOK_S:
                with suppress(TimeLimitError, MemoryLimitError):
                    self._numbers = "\n".join(sorted(map(str, self._counts())))
                self._looked = time.monotonic()
            return f"{self._looked // RENEW_S:.0f} {self._numbers}"

    def _counts(self) -> Iterator[tuple[str, ...]]:
        for question in _COUNTS:
            _, body = self.ask(Job(question))
            yield from (tuple(map(str, row.values())) for row in Solutions.from_json(body))


class Source(Protocol):
    """A graph to be opened."""

    def engine(self, limits: Limits) -> Engine:
        """Start what answers queries."""

    def graphs(self) -> list[str]:
        """The IRIs of its named graphs."""

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """Its statements, or those of one graph."""

    def store(self) -> ox.Store:
        """All of it, to read."""


class MemorySource:
    """Quads at hand, with facts, statuses and counts derived from the claims among them."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._store = ox.Store()
        self._store.extend(quads)
        rederive(self._store)

    def engine(self, limits: Limits) -> Engine:
        """See `Source`."""
        return FixedEngine(lambda: in_memory([to_nquads(self._store)], limits), self.store)

    def store(self) -> ox.Store:
        """See `Source`."""
        return self._store

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

    @property
    def directory(self) -> Path:
        """The folder of the store."""
        return self._directory

    def engine(self, limits: Limits) -> Engine:
        """See `Source`."""
        return StoreEngine(self._directory, limits, self._mode)

    def checkpoint(self) -> Checkpoint:
        """The current state on disk, which the caller lets go."""
        return hold_current(self._directory)

    def store(self) -> ox.Store:
        """See `Source`; its files are open, so it outlives the checkpoint's name."""
        with hold_current(self._directory) as checkpoint:
            return open_checkpoint(checkpoint.path)

    def graphs(self) -> list[str]:
        """See `Source`."""
        with hold_current(self._directory) as checkpoint:
            return _graphs(open_checkpoint(checkpoint.path))

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """See `Source`."""
        with hold_current(self._directory) as checkpoint:
            yield from _quads(open_checkpoint(checkpoint.path), graph)


class RemoteSource:
    """A SPARQL 1.1 endpoint; its default graph is taken to be the union of its graphs."""

    def __init__(self, url: str, limits: Limits) -> None:
        """Nothing is asked yet.

        Raises:
            UsageError: not an http or https address.

        """
        if not url.startswith(("http://", "https://")):
            raise UsageError(f"{url}: an http or https address of a SPARQL endpoint expected")
        self._url, self._limits = url, limits

    def engine(self, limits: Limits) -> Engine:
        """See `Source`."""
        return RemoteEngine(lambda: remote(self._url, limits), self.store, limits)

    def store(self) -> ox.Store:
        """See `Source`; all of it is fetched."""
        store = ox.Store()
        store.extend(self.quads())
        return store

    def graphs(self) -> list[str]:
        """See `Source`."""
        with self.engine(self._limits) as engine:
            _, body = engine.ask(Job("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"))
        return sorted(str(row["g"]) for row in Solutions.from_json(body))

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """See `Source`.

        Raises:
            DataError: fewer statements came than the endpoint says it has: many limit an answer.

        """
        for name in [graph] if graph else self.graphs():
            yield from self._graph(name)

    def _graph(self, name: str) -> list[ox.Quad]:
        where = f"{{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
        with self.engine(self._limits) as engine:
            _, counted = engine.ask(Job(f"SELECT (COUNT(*) AS ?n) {where}"))
            _, body = engine.ask(Job(f"CONSTRUCT {{ ?s ?p ?o }} {where}", graph="nt"))
        request: dict[str, object] = {"graph": name}
        nquads = run_child(
            "eventkg.store.files:ntriples_to_nquads", request, body, self._limits.memory_mb, None
        )
        quads = list(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))
        said = Solutions.from_json(counted)[0]["n"]
        if said != len(quads):
            raise DataError(
                f"{self._url}: {len(quads):,} of {said:,} statements of {name} returned; raise its limit"
            )
        return quads


class Retold:
    """A graph that another process has open: what is known of it here is what that one says."""

    def __init__(self, version: str, snapshot: str, names: Callable[[], list[str]]) -> None:
        """`names` asks for the graphs."""
        self._version, self.snapshot, self._names = version, snapshot, names

    def engine(self, limits: Limits) -> Engine:  # noqa: ARG002  (the protocol's)
        """See `Source`: it only names the state."""
        return cast("Engine", _Named(self._version))

    def graphs(self) -> list[str]:
        """See `Source`."""
        return self._names()

    def quads(self, graph: str | None = None) -> Iterator[ox.Quad]:
        """See `Source`: no statement is here."""
        raise UsageError(f"{graph or 'all statements'}: asked of a graph that another process has open")

    def store(self) -> ox.Store:
        """See `Source`: no statement is here."""
        raise UsageError("the store was asked of a graph that another process has open")


class _Named:
    """An engine that answers nothing."""

    def __init__(self, version: str) -> None:
        self._version = version

    def version(self) -> str:
        return self._version

    def close(self) -> None:
        """Nothing runs."""


def _graphs(store: ox.Store) -> list[str]:
    return sorted(graph.value for graph in store.named_graphs())


def _quads(store: ox.Store, graph: str | None) -> Iterator[ox.Quad]:
    if graph is None:
        return iter(store)
    return store.quads_for_pattern(None, None, None, ox.NamedNode(graph))


def graph_iri(name: str, known: list[str]) -> str:
    """A graph by its IRI, or by the short name of one of ours.

    Raises:
        UsageError: none of the known ones.

    """
    iri = name if ":" in name else GRAPH + name
    if iri not in known:
        names = ", ".join(graph.removeprefix(GRAPH) for graph in known)
        raise UsageError(f"graph {name!r} found, one of {names} expected")
    return iri
