"""The statements of an open graph as a policy has them, chosen by graph, written as RDF."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.policy import DEFAULT
from eventkg.claims.worlds import difference
from eventkg.errors import UsageError
from eventkg.export import rdf
from eventkg.export.void import GRAPH_EXPORT
from eventkg.kg.sources import RemoteSource, StoreSource, graph_iri
from eventkg.model.naming import GRAPH_DERIVED, GRAPH_MOVED
from eventkg.store.directory import open_checkpoint
from eventkg.store.reading import is_large, ntriples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from eventkg.claims.policy import Policy
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.licences import Licences
    from eventkg.kg.policies import View
    from eventkg.kg.sources import Source

_STEP = 10_000  # statements between two reports
_DERIVED = {GRAPH_DERIVED, GRAPH_MOVED}
_REMEMBERED = 100_000  # things of which is known whether they may be passed on


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of some graphs (IRIs) of one state, under one policy."""

    graphs: tuple[str, ...]
    policy: Policy
    store: ox.Store
    source: Source
    path: Path | None = None
    removed: frozenset[ox.Quad] = frozenset()
    added: frozenset[ox.Quad] = frozenset()
    counts: dict[str, int] = field(default_factory=dict)

    def only(self, graphs: tuple[str, ...]) -> Statements:
        """Those of fewer graphs."""
        return replace(self, graphs=graphs, counts={})

    def quads(
        self, licences: Licences | None = None, progress: Callable[[int], None] | None = None
    ) -> Iterator[ox.Quad]:
        """Graph after graph, counted in `counts`; without what the licences do not let pass on.

        `progress` is told how many more were read.
        """
        for graph in self.graphs:
            found = self._of(graph)
            if licences is not None and licences.withheld:
                keeps = _Keeps(licences, self.store)
                found = (quad for quad in found if keeps(quad, graph))
            number = 0
            for number, quad in enumerate(found, 1):
                yield quad
                if progress and not number % _STEP:
                    progress(_STEP)
            if number:
                self.counts[graph] = number

    def lines(
        self,
        form: str,
        licences: Licences | None = None,
        progress: Callable[[int], None] = lambda _: None,
    ) -> Iterator[rdf.Lines]:
        """The same as lines of N-Triples, for a format; read ahead where nothing is left out or added."""
        if self.removed or self.added or (licences is not None and licences.withheld):
            yield from rdf.lines_of(self.quads(licences, progress), form)
            return
        with self.held() as checkpoint:
            if checkpoint is None:
                yield from rdf.lines_of(self.quads(None, progress), form)
                return
            for graph in self.graphs:
                for data in ntriples(checkpoint, graph):
                    number = data.count(b"\n")
                    self.counts[graph] = self.counts.get(graph, 0) + number
                    progress(number)
                    yield graph, data

    @contextmanager
    def held(self) -> Iterator[Path | None]:
        """The large checkpoint that is read, if it is still the current one: another process may open it."""
        if not isinstance(self.source, StoreSource):
            yield None
            return
        with self.source.checkpoint() as checkpoint:
            yield checkpoint.path if checkpoint.path == self.path and is_large(checkpoint.path) else None

    def _of(self, graph: str) -> Iterator[ox.Quad]:
        quads = self.store.quads_for_pattern(None, None, None, ox.NamedNode(graph))
        if not self.removed and not self.added:
            yield from quads
            return
        yield from (quad for quad in quads if quad not in self.removed)
        yield from (quad for quad in self.added if _iri(quad.graph_name) == graph)


class _Keeps:
    """Whether a statement may be passed on.

    What derivation says may name things that only a withheld graph describes: those who are quoted in its
    rows, the events that it alone has. That goes as well.
    """

    def __init__(self, licences: Licences, store: ox.Store) -> None:
        self._licences, self._store = licences, store
        self._known: dict[str, bool] = {}

    def __call__(self, quad: ox.Quad, graph: str) -> bool:
        ends = _iri(quad.subject), _iri(quad.object)
        if self._licences.left_out(*ends, graph):
            return False
        return graph not in _DERIVED or not any(map(self._is_withheld, ends))

    def _is_withheld(self, iri: str) -> bool:
        if iri not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            graphs = self._described_in(iri) if iri else iter(())
            found = {graph in self._licences.withheld for graph in graphs if graph not in _DERIVED}
            self._known[iri] = found == {True}
        return self._known[iri]

    def _described_in(self, iri: str) -> Iterator[str]:
        quads = self._store.quads_for_pattern(ox.NamedNode(iri), None, None, None)
        return (_iri(quad.graph_name) for quad in quads)


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def statements(graph: KnowledgeGraph, names: tuple[str, ...] = (), view: View | None = None) -> Statements:
    """Of these graphs (names or IRIs); of all but the description of an earlier export if none is named.

    Raises:
        UsageError: no such graph, no such view.

    """
    source, policy = graph.source, graph.policy(view)
    known = source.graphs()
    chosen = {graph_iri(name, known): None for name in names}
    store, path = _opened(source, tuple(chosen))
    removed, added = (
        (frozenset[ox.Quad](), frozenset[ox.Quad]())
        if policy == DEFAULT
        else map(_parsed, difference(source.store(), policy))
    )
    everything = {*known, *(_iri(quad.graph_name) for quad in added)} - {GRAPH_EXPORT.value}
    return Statements(tuple(chosen) or tuple(sorted(everything)), policy, store, source, path, removed, added)


def _opened(source: Source, graphs: tuple[str, ...]) -> tuple[ox.Store, Path | None]:
    """One state, whatever is published meanwhile, and its place; of an endpoint only what is asked for."""
    if isinstance(source, StoreSource):
        with source.checkpoint() as checkpoint:
            return open_checkpoint(checkpoint.path), checkpoint.path
    if not isinstance(source, RemoteSource) or not graphs or not _DERIVED.isdisjoint(graphs):
        return source.store(), None
    store = ox.Store()
    for graph in graphs:
        store.extend(source.quads(graph))
    return store, None


def _parsed(nquads: bytes) -> frozenset[ox.Quad]:
    return frozenset(ox.parse(nquads, format=ox.RdfFormat.N_QUADS))


def write(
    graph: KnowledgeGraph, out: IO[bytes], form: str, names: tuple[str, ...], view: View | None
) -> None:
    """The statements and nothing else, in bounded memory.

    Raises:
        UsageError: no such format, graph or view. DataError: text that the format cannot hold.

    """
    if form not in rdf.FORMATS:
        raise UsageError(f"format {form!r} found, one of {', '.join(rdf.FORMATS)} expected")
    chosen = statements(graph, names, view)
    how = rdf.How((f"view <{chosen.policy.iri}>",), memory_mb=graph.limits.memory_mb)
    rdf.write_lines(chosen.lines(form), form, out, how)
