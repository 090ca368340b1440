"""Networks and tables of an open graph: the queries asked, the answers handed to what draws and writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventkg.errors import UsageError
from eventkg.export import material as tables
from eventkg.export.material import Material
from eventkg.export.network import build, kind_of
from eventkg.export.tables import claims_table, events_table, read_values
from eventkg.kg.tabrows import rows
from eventkg.query.job import Job
from eventkg.query.named import named_query

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.export.material import Ask, Cells
    from eventkg.export.network import Graph
    from eventkg.export.only import Only
    from eventkg.export.tables import Table
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View


def network(graph: KnowledgeGraph, kind: str, view: View | None, only: Only) -> Graph:
    """A network in the world of a view.

    Raises:
        UsageError: no such kind, no such view.

    """
    declared = kind_of(kind)
    material = read(asker(graph, view), kind, only)
    events = only.events(material)
    made = build(declared.ties(material), material, declared.sides, events, declared.unit)
    made.graph["kind"] = kind
    return made


def read(ask: Ask, kind: str, only: Only) -> Material:
    """What a kind of network, and the conditions set on it, need to know."""
    claims, spans = tables.read_claims(ask) if kind == "claims" else ((), tables.read_spans(ask))
    located = kind == "event-place" or bool(only.places)
    with_equipment = kind == "actor-equipment"
    return Material(
        parts=() if kind in {"event-place", "claims"} and not only.actors else tables.read_parts(ask),
        spans=spans,
        sites=tables.read_sites(ask) if located else {},
        within=tables.read_within(ask) if only.places else {},
        sources={} if kind == "claims" else tables.read_sources(ask),
        names=tables.read_names(ask, *(f"network_{name}" for name in kind_of(kind).names)),
        uses=tables.read_uses(ask) if with_equipment else (),
        operators=tables.read_operators(ask) if with_equipment else (),
        claims=claims,
    )


def asker(graph: KnowledgeGraph, view: View | None) -> Ask:
    """Named queries answered as rows of text, without types: 100,000 events are many rows."""

    def ask(name: str) -> Iterator[Cells]:
        with graph.start(Job(named_query(name), solutions="tsv"), view)[0] as running:
            running.head()
            return rows(b"".join(running.chunks()).decode("utf-8"))

    return ask


def table(graph: KnowledgeGraph, name: str, view: View | None, only: Only) -> Table:
    """Events or claims as a table in the world of a view.

    Raises:
        UsageError: no such table, no such view.

    """
    if name not in {"events", "claims"}:
        raise UsageError(f"table {name!r} found, events or claims expected")
    ask = asker(graph, view)
    material = Material(
        parts=tables.read_parts(ask),
        spans=tables.read_spans(ask),
        sites=tables.read_sites(ask),
        within=tables.read_within(ask) if only.places else {},
        sources=tables.read_sources(ask),
        names=tables.read_names(
            ask, *(f"network_{kind}" for kind in ("actors", "events", "places", "equipment"))
        ),
    )
    events = only.events(material)
    if name == "events":
        return events_table(material, read_values(ask), events)
    return claims_table(ask, material, events)
