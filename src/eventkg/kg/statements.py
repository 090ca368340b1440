"""The statements of an open graph as a policy has them, chosen by graph, written as RDF."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.policy import DEFAULT
from eventkg.claims.worlds import difference
from eventkg.errors import UsageError
from eventkg.export import rdf
from eventkg.export.void import GRAPH_EXPORT
from eventkg.kg.sources import RemoteSource, graph_iri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eventkg.claims.policy import Policy
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.licences import Licences
    from eventkg.kg.policies import View

_STEP = 10_000  # statements between two reports


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of some graphs (IRIs) of one state, under one policy."""

    graphs: tuple[str, ...]
    policy: Policy
    read: Callable[[str], Iterator[ox.Quad]]
    removed: frozenset[ox.Quad] = frozenset()
    added: frozenset[ox.Quad] = frozenset()
    counts: dict[str, int] = field(default_factory=dict)

    def only(self, graphs: tuple[str, ...]) -> Statements:
        """Those of fewer graphs."""
        return Statements(graphs, self.policy, self.read, self.removed, self.added)

    def quads(
        self, licences: Licences | None = None, progress: Callable[[int], None] | None = None
    ) -> Iterator[ox.Quad]:
        """Graph after graph, counted in `counts`; without what the licences do not let pass on.

        `progress` is told how many more were read.
        """
        for graph in self.graphs:
            found = self._of(graph)
            if licences is not None and (licences.withheld or licences.moved):
                found = (quad for quad in found if not _left_out(quad, graph, licences))
            number = 0
            for number, quad in enumerate(found, 1):
                yield quad
                if progress and not number % _STEP:
                    progress(_STEP)
            if number:
                self.counts[graph] = number

    def _of(self, graph: str) -> Iterator[ox.Quad]:
        if not self.removed and not self.added:
            yield from self.read(graph)
            return
        yield from (quad for quad in self.read(graph) if quad not in self.removed)
        yield from (quad for quad in self.added if _iri(quad.graph_name) == graph)


def _left_out(quad: ox.Quad, graph: str, licences: Licences) -> bool:
    return licences.left_out(_iri(quad.subject), _iri(quad.object), graph)


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
    if isinstance(source, RemoteSource):
        read: Callable[[str], Iterator[ox.Quad]] = source.quads
    else:
        store = source.store()  # one state, whatever is published meanwhile

        def read(name: str) -> Iterator[ox.Quad]:
            return store.quads_for_pattern(None, None, None, ox.NamedNode(name))

    removed, added = (
        (frozenset[ox.Quad](), frozenset[ox.Quad]())
        if policy == DEFAULT
        else map(_parsed, difference(source.store(), policy))
    )
    everything = {*known, *(_iri(quad.graph_name) for quad in added)} - {GRAPH_EXPORT.value}
    return Statements(tuple(chosen) or tuple(sorted(everything)), policy, read, removed, added)


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
    rdf.write(chosen.quads(), form, out, how)
