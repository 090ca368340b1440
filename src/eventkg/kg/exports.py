"""What leaves an open graph as a file: with its licences, without what may not be passed on."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from typing import IO, TYPE_CHECKING, cast

from eventkg.errors import UsageError
from eventkg.export import rdf
from eventkg.export.about import About, Credit, short_graph
from eventkg.export.only import Only
from eventkg.export.void import GRAPH_EXPORT, Export, description
from eventkg.kg.asking import Reading
from eventkg.kg.coverage import coverage
from eventkg.kg.licences import licences
from eventkg.kg.sources import MemorySource, Retold, StoreSource
from eventkg.kg.statements import statements
from eventkg.model.naming import GRAPH_CODES, GRAPH_DERIVED, GRAPH_MOVED, GRAPH_ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from eventkg.export.network import Graph
    from eventkg.export.tables import Table
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.licences import Licences, Terms
    from eventkg.kg.policies import View
    from eventkg.kg.statements import Statements

    Progress = Callable[[str, int], None]

_MADE_HERE = {GRAPH_DERIVED, GRAPH_MOVED, GRAPH_EXPORT.value}  # of the others

_WORDS = {GRAPH_ONTOLOGY, GRAPH_CODES}  # of which no event comes


def _nobody_watches(_: str, __: int) -> None:
    """No terminal."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What leaves: in which world, which events, and whether also what may not be passed on.

    `progress` is told what is being done and how many more of it are done.
    """

    view: View | None = None
    only: Only = field(default_factory=Only)
    restricted: bool = False
    progress: Progress = _nobody_watches


def network(graph: KnowledgeGraph, kind: str, choice: Choice) -> tuple[Graph, About]:
    """A network, and what to say about it.

    Raises:
        UsageError: no such kind or view, or nothing in it may be passed on.

    """
    from eventkg.export.network import kind_of
    from eventkg.kg import networks  # networkx takes longer to import than RDF to write

    terms = licences(graph, choice.view)
    about = _about(graph, terms, choice, f"Network {kind}: {kind_of(kind).title}")
    made = networks.network(graph, kind, choice.view, choice.only, _reading(terms, choice))
    made.graph["view"] = about.view
    return made, about


def table(graph: KnowledgeGraph, name: str, choice: Choice) -> tuple[Table, About]:
    """A table of events or claims, and what to say about it.

    Raises:
        UsageError: no such table or view, or nothing in it may be passed on.

    """
    from eventkg.kg import networks

    terms = licences(graph, choice.view)
    about = _about(graph, terms, choice, f"Table of {name}")
    return networks.table(graph, name, choice.view, choice.only, _reading(terms, choice)), about


def _reading(terms: Licences, choice: Choice) -> Reading:
    return Reading(frozenset() if choice.restricted else terms.withheld, choice.progress)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Statements that leave, with what to say about them."""

    statements: Statements
    about: About
    licences: Licences | None

    def parts(self) -> Iterable[tuple[str, Chosen]]:
        """Each graph alone, with its short name."""
        for graph in self.statements.graphs:
            own = tuple(credit for credit in self.about.credits if credit.graph == graph)
            about = About(self.about.view, _title((graph,)), credits=own)
            yield short_graph(graph), Chosen(self.statements.only((graph,)), about, self.licences)

    def write(self, form: str, out: IO[bytes], memory_mb: float, progress: Progress) -> rdf.Tally:
        """In bounded memory; at the end stands a description of what was written.

        Raises:
            DataError: text that the format cannot hold.

        """
        lines = self.statements.lines(form, self.licences, lambda more: progress("statements read", more))
        export = Export(self.about, self.statements.counts)
        how = rdf.How(
            self.about.lines(),
            lambda tally: description(export, tally),
            memory_mb,
            lambda more: progress("statements written", more),
        )
        return rdf.write_lines(lines, form, out, how)


def chosen(graph: KnowledgeGraph, names: tuple[str, ...], choice: Choice) -> Chosen:
    """The statements of these graphs, of all of them unless told.

    Raises:
        UsageError: no such graph or view, or none of them may be passed on.

    """
    terms = licences(graph, choice.view)
    found = statements(graph, names, choice.view)
    withheld = frozenset() if choice.restricted else terms.withheld
    left = tuple(name for name in found.graphs if name not in withheld)
    if found.graphs and not left:
        raise UsageError(f"{_told(found.graphs)}: may not be passed on; --include-restricted exports it")
    about = About(
        found.policy.iri,
        _title(left),
        credits=_credits(terms.terms, left),
        left_out=tuple(name for name in found.graphs if name in withheld),
    )
    return Chosen(found.only(left), about, None if choice.restricted else terms)


def about_events(graph: KnowledgeGraph, terms: Licences, choice: Choice, title: str) -> About:
    """What to say about a file of some events of a graph, with what its sources cover.

    Raises:
        UsageError: nothing of the sources that were chosen may be passed on.

    """
    about = _about(graph, terms, choice, title)
    covered = coverage(graph, choice.only, choice.view).covered
    return replace(about, coverage=tuple(one.told() for one in covered))


def _about(graph: KnowledgeGraph, terms: Licences, choice: Choice, title: str) -> About:
    sources = {name for name in graph.source.graphs() if _wanted(name, choice.only)} - _WORDS
    withheld = frozenset() if choice.restricted else terms.withheld
    if choice.only.sources and sources and sources <= withheld:
        raise UsageError(f"{_told(sources)}: may not be passed on; --include-restricted exports it")
    return About(
        terms.view,
        title,
        snapshot(graph),
        _credits(terms.terms, sources - withheld),
        tuple(sorted(sources & withheld)),
    )


def _wanted(graph: str, only: Only) -> bool:
    return not only.sources or short_graph(graph) in only.sources


def _credits(terms: tuple[Terms, ...], graphs: Iterable[str]) -> tuple[Credit, ...]:
    """Each once, in order; of a graph of which no terms are known just that."""
    held = set(graphs)
    known = {_credit(term) for term in terms if term.graph in held}
    unknown = held - {term.graph for term in terms} - _MADE_HERE
    return tuple(sorted({*known, *(Credit(name, short_graph(name), "", "") for name in unknown)}))


def _credit(term: Terms) -> Credit:
    return Credit(
        term.graph, term.title, term.licence, term.citation, term.dataset, term.release, term.homepage,
        term.share_alike,
    )  # fmt: skip


def _title(graphs: tuple[str, ...]) -> str:
    return f"Export of eventkg: {_told(graphs)}"


def _told(graphs: Iterable[str]) -> str:
    return ", ".join(sorted(map(short_graph, graphs)))


def snapshot(graph: KnowledgeGraph) -> str:
    """The state of a graph: the number of a store's checkpoint, the sum of what is held in memory."""
    if isinstance(graph.source, Retold):
        return graph.source.snapshot
    if isinstance(graph.source, StoreSource):
        return f"checkpoint {graph.engine.version()}"
    if isinstance(graph.source, MemorySource):
        return f"sha256:{rdf.write(graph.source.quads(), 'nq', cast('IO[bytes]', _Nowhere())).sum}"
    return "of a SPARQL endpoint, not known"


class _Nowhere(io.RawIOBase):
    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        return len(data)  # type: ignore[arg-type]
