"""Actor/strike networks as networkx graphs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import networkx as nx

from eventkg.errors import UsageError
from eventkg.model.naming import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KINDS = {"actor-event": "network_actor_event"}  # kind -> the query behind it
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def query_name(kind: str) -> str:
    """The named query that a kind of network is made from."""
    if kind not in KINDS:
        raise UsageError(f"network kind {kind!r} found, one of {', '.join(KINDS)} expected")
    return KINDS[kind]


def actor_event_network(rows: Iterable[Mapping[str, Any]]) -> nx.MultiDiGraph[str]:
    """Actors and events as nodes, an edge for each part that an actor has in an event.

    Nodes carry `label`, `bipartite` (actor or event), `kind`, and `date` (ISO text) or `symbol` where known;
    edges `role`, `status` and `contested`. Keys are the role, so an actor may have two parts in one event.
    """
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in rows:
        _add_node(network, row, "actor", symbol=row["symbol"])
        _add_node(network, row, "event", date=row["date"])
        role, status = shorten(row["role"]), shorten(row["status"])
        network.add_edge(
            row["actor"],
            row["event"],
            key=role,
            role=role.removeprefix("ekg:"),
            status=status.removeprefix("ekg:"),
            contested=status == "ekg:Contested",
        )
    return network


def _add_node(network: nx.MultiDiGraph[str], row: Mapping[str, Any], side: str, **more: object) -> None:
    """Text that XML can hold, and none that is empty: the writers of GEXF and GraphML accept nothing else."""
    iri = row[side]
    known = {name: _NOT_IN_XML.sub("\ufffd", str(value)) for name, value in more.items() if value is not None}
    label = _NOT_IN_XML.sub("\ufffd", row[f"{side}Label"] or shorten(iri))
    kind = shorten(row[f"{side}Kind"]).removeprefix("ekg:")
    network.add_node(iri, label=label, bipartite=side, kind=kind, **known)
