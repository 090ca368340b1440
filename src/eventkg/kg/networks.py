"""Networks and tables of an open graph: the queries asked, the answers handed to what draws and writes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from eventkg.errors import UsageError
from eventkg.export import material as tables
from eventkg.export.material import Material
from eventkg.export.network import build, kind_of
from eventkg.export.tables import claims_table, events_table, read_values
from eventkg.query.job import Job
from eventkg.query.named import named_query, title
from eventkg.query.rows import rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from eventkg.export.material import Ask, Cells
    from eventkg.export.network import Graph
    from eventkg.export.only import Only
    from eventkg.export.tables import Table
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View


ASKED_FOR_TABLES = (
    "network_actors", "network_dates", "network_equipment", "network_events", "network_parts",
    "network_places", "network_sites", "network_sources", "network_standings", "table_claims", "table_values",
)  # fmt: skip


class Reading(NamedTuple):
    """How a graph is read: which of its graphs (IRIs) are passed over, and who is told of every query."""

    withheld: frozenset[str] = frozenset()
    progress: Callable[[str, int], None] = lambda _, __: None


_EVERYTHING = Reading()


def network(
    graph: KnowledgeGraph, kind: str, view: View | None, only: Only, reading: Reading = _EVERYTHING
) -> Graph:
    """A network in the world of a view.

    Raises:
        UsageError: no such kind, no such view.

    """
    declared = kind_of(kind)
    material = _known(read(asker(graph, view, reading), kind, only), reading, kind)
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


def _known(material: Material, reading: Reading, kind: str = "") -> Material:
    """Without events of which only what is passed over says that they are any.

    What derivation says of them stands in graphs of its own.
    """
    if not reading.withheld or kind == "claims":
        return material
    return replace(
        material,
        parts=tuple(part for part in material.parts if part.event in material.sources),
        uses=tuple(use for use in material.uses if use.event in material.sources),
    )


def asker(graph: KnowledgeGraph, view: View | None, reading: Reading = _EVERYTHING) -> Ask:
    """Named queries answered as rows of text, without types: 100,000 events are many rows."""
    held = graph.select("graphs", view) if reading.withheld else ()
    graphs = tuple(str(row["graph"]) for row in held if row["graph"] not in reading.withheld)

    def ask(name: str) -> Iterator[Cells]:
        query = named_query(name)
        reading.progress(title(query), 1)
        job = Job(query, solutions="tsv", default_graphs=graphs, named_graphs=graphs)
        with graph.start(job, view)[0] as running:
            running.head()
            return rows(b"".join(running.chunks()))

    return ask


def table(
    graph: KnowledgeGraph, name: str, view: View | None, only: Only, reading: Reading = _EVERYTHING
) -> Table:
    """Events or claims as a table in the world of a view.

    Raises:
        UsageError: no such table, no such view.

    """
    if name not in {"events", "claims"}:
        raise UsageError(f"table {name!r} found, events or claims expected")
    ask = asker(graph, view, reading)
    found = Material(
        parts=tables.read_parts(ask),
        spans=tables.read_spans(ask),
        sites=tables.read_sites(ask),
        within=tables.read_within(ask) if only.places else {},
        sources=tables.read_sources(ask),
        names=tables.read_names(
            ask, *(f"network_{kind}" for kind in ("actors", "events", "places", "equipment"))
        ),
    )
    material = _known(found, reading)
    events = only.events(material)
    if name == "events":
        return events_table(material, read_values(ask), events)
    return claims_table(ask, material, events)
