"""Networks and tables of an open graph: the queries asked, the answers handed to what draws and writes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from eventkg.errors import UsageError
from eventkg.export import material as tables
from eventkg.export.material import Material
from eventkg.export.network import build, kind_of
from eventkg.export.tables import claims_table, events_table, read_values
from eventkg.kg.asking import EVERYTHING, Asking, many_things

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg.export.material import Ask
    from eventkg.export.network import Graph
    from eventkg.export.only import Only
    from eventkg.export.tables import Table
    from eventkg.kg.asking import Reading
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View


ASKED_FOR_TABLES = (
    "network_actors", "network_ends", "network_equipment", "network_events", "network_parts",
    "network_places", "network_precisions", "network_relations", "network_sites", "network_sources",
    "network_standings", "network_starts", "table_claims", "table_values",
)  # fmt: skip


class _Read(NamedTuple):
    """How a part of `Material` is read, and the queries that it takes."""

    read: Callable[[Ask], Any]
    queries: tuple[str, ...]


_PARTS = {  # in this order they are read; what takes longest to read is asked for first
    "within": _Read(tables.read_within, ("network_within",)),
    "operators": _Read(tables.read_operators, ("network_operators",)),
    "uses": _Read(tables.read_uses, ("network_use",)),
    "sources": _Read(tables.read_sources, ("network_sources",)),
    "parts": _Read(tables.read_parts, ("network_parts", "network_standings")),
    "sites": _Read(tables.read_sites, ("network_relations", "network_precisions", "network_sites")),
    "spans": _Read(tables.read_spans, ("network_starts", "network_ends")),
}


def network(
    graph: KnowledgeGraph, kind: str, view: View | None, only: Only, reading: Reading = EVERYTHING
) -> Graph:
    """A network in the world of a view.

    Raises:
        UsageError: no such kind, no such view.

    """
    declared = kind_of(kind)
    with many_things():
        with Asking(graph, view, reading) as ask:
            material = known(read(ask, kind, only), reading, kind)
        events = only.events(material)
        made = build(declared.ties(material), material, declared.sides, events, declared.unit)
    made.graph["kind"] = kind
    return made


def read(ask: Asking, kind: str, only: Only) -> Material:
    """What a kind of network, and the conditions set on it, need to know."""
    names = tuple(f"network_{name}" for name in kind_of(kind).names)
    if kind == "claims":
        claims, spans = tables.read_claims(ask)
        others = _read(ask, _located(only) | ({"parts"} if only.actors else set()), names)
        return replace(others, claims=claims, spans=spans)
    wanted = {"spans", "sources", *_located(only)}
    wanted |= {"sites"} if kind == "event-place" else set()
    wanted |= {"parts"} if kind != "event-place" or only.actors else set()
    wanted |= {"uses", "operators"} if kind == "actor-equipment" else set()
    return _read(ask, wanted, names)


def _located(only: Only) -> set[str]:
    return {"sites", "within"} if only.places else set()


def _read(ask: Asking, wanted: set[str], names: tuple[str, ...]) -> Material:
    """All that is wanted, asked at once."""
    chosen = {name: part for name, part in _PARTS.items() if name in wanted}
    ask.begin(query for part in chosen.values() for query in part.queries)
    ask.begin(names)
    found = {name: part.read(ask) for name, part in chosen.items()}
    return Material(**found, names=tables.read_names(ask, *names))


def known(material: Material, reading: Reading, kind: str = "") -> Material:
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


def table(
    graph: KnowledgeGraph, name: str, view: View | None, only: Only, reading: Reading = EVERYTHING
) -> Table:
    """Events or claims as a table in the world of a view.

    Raises:
        UsageError: no such table, no such view.

    """
    if name not in {"events", "claims"}:
        raise UsageError(f"table {name!r} found, events or claims expected")
    with many_things(), Asking(graph, view, reading) as ask:
        return _table(ask, name, only, reading)


def _table(ask: Asking, name: str, only: Only, reading: Reading) -> Table:
    wanted = {"parts", "spans", "sites", "sources", *_located(only)}
    names = tuple(f"network_{kind}" for kind in ("actors", "events", "places", "equipment"))
    material = known(_read(ask, wanted, names), reading)
    events = only.events(material)
    if name == "events":
        return events_table(material, read_values(ask), events)
    return claims_table(ask, material, events)
