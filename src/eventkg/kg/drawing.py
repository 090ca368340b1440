"""What pictures show beyond a network or a table: the events behind each tie, and whom to credit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eventkg.export import material as tables
from eventkg.export.behind import Behind, Credit, behind
from eventkg.export.network import build, kind_of
from eventkg.kg.asking import EVERYTHING, Asking, many_things
from eventkg.kg.coverage import coverage
from eventkg.kg.licences import licences
from eventkg.kg.networks import read, table
from eventkg.model.naming import GRAPH
from eventkg.settings import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.export.chart import Foot, Shown
    from eventkg.export.network import Graph
    from eventkg.export.only import Only
    from eventkg.kg.asking import Reading
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View


def network_behind(
    graph: KnowledgeGraph, kind: str, view: View | None, only: Only, reading: Reading = EVERYTHING
) -> tuple[Graph, Behind]:
    """A network in the world of a view, with the events behind each of its ties and their sources.

    Raises:
        UsageError: no such kind, no such view.

    """
    with many_things(), Asking(graph, view, reading) as ask:
        return _behind(graph, ask, kind, view, only)


def _behind(
    graph: KnowledgeGraph, ask: Asking, kind: str, view: View | None, only: Only
) -> tuple[Graph, Behind]:
    declared = kind_of(kind)
    material = read(ask, kind, only)
    if declared.unit == "event" and "events" not in declared.names:
        named = tables.read_names(ask, "network_events")
        material = replace(material, names={**named, **material.names})
    events = only.events(material)
    network = build(declared.ties(material), material, declared.sides, events, declared.unit)
    network.graph.update(kind=kind, view=graph.policy(view).iri)
    sources = material.sources or tables.read_sources(ask)  # claims are not asked where they come from
    shown = {
        source for event, told in sources.items() if events is None or event in events for source in told
    }
    return network, behind(declared.ties(material), material, events, credits_of(graph, shown))


def network_with_foot(
    graph: KnowledgeGraph, kind: str, view: View | None, only: Only, reading: Reading = EVERYTHING
) -> tuple[Graph, Foot]:
    """A network in the world of a view, and what stands at the foot of its picture.

    Raises:
        UsageError: no such kind, no such view.

    """
    from eventkg.export.chart import Foot  # matplotlib takes long to import

    network, told = network_behind(graph, kind, view, only, reading)
    covered = coverage(graph, only, view).told()
    return network, Foot(network.graph["view"], str(only), state_of(graph), told.credits, covered)


def events_shown(
    graph: KnowledgeGraph, view: View | None, only: Only, reading: Reading = EVERYTHING
) -> tuple[list[Shown], Foot]:
    """The events in the world of a view as a picture shows them, and what stands at its foot.

    Raises:
        UsageError: no such view.

    """
    from eventkg.export.chart import Foot, shown  # matplotlib takes long to import

    found = table(graph, "events", view, only, reading)
    at = [column.name for column in found.columns].index("sources")
    sources = {source for row in found.rows for source in str(row[at] or "").split("; ") if source}
    covered = coverage(graph, only, view).told()
    foot = Foot(graph.policy(view).iri, str(only), state_of(graph), credits_of(graph, sources), covered)
    return shown(found), foot


def credits_of(graph: KnowledgeGraph, sources: Iterable[str]) -> tuple[Credit, ...]:
    """Titles, licences and citations of sources by their graphs' short names, each data set once."""
    found = {
        Credit(
            terms.graph.removeprefix(GRAPH),
            f"{terms.title} {terms.release}".strip(),
            _licence(terms.licence),
            terms.citation,
            terms.redistributable,
        )
        for terms in licences(graph).terms
    }
    wanted = set(sources)
    unknown = (Credit(source, f"Graph {source}", "", "") for source in wanted - {one.source for one in found})
    return tuple(sorted(credit for credit in (*found, *unknown) if credit.source in wanted))


def _licence(iri: str) -> str:
    return iri.removeprefix("https://spdx.org/licenses/")


def state_of(graph: KnowledgeGraph) -> str:
    """The state of the graph in words: the program, and the checkpoint of a store."""
    version = graph.engine.version()
    return f"eventkg {VERSION}" + ("" if version == "only" else f", store state {version}")
