"""One preferred name a language: where sources name a thing differently, the other names stay beside it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.model.naming import EKG, GRAPH_SEED, GRAPH_USER, RDF, SKOS

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFERRED, _OTHER = ox.NamedNode(f"{SKOS}prefLabel"), ox.NamedNode(f"{SKOS}altLabel")
_CURATED = (GRAPH_SEED, GRAPH_USER)
_SHARED = (
    *("Actor", "State", "ArmedForce", "ArmedGroup", "Coalition", "GovernmentBody", "MediaOutlet", "Document"),
    *("Place", "Settlement", "AirBase", "AdministrativeArea", "Country", "EquipmentType", "AircraftType"),
)


def settle_names(store: ox.Store, graph: str) -> None:
    """Of several preferred names of a thing one stays: a curated one, or the first by graph and text.

    The order in which sources were imported makes no difference.
    """
    for thing in _things(store, ox.NamedNode(graph)):
        by_language: defaultdict[str, list[ox.Quad]] = defaultdict(list)
        for quad in store.quads_for_pattern(thing, _PREFERRED, None, None):
            if isinstance(quad.object, ox.Literal):
                by_language[quad.object.language or ""].append(quad)
        for quads in by_language.values():
            if len({quad.object.value for quad in quads}) > 1:  # type: ignore[union-attr]
                _settle(store, sorted(quads, key=_rank))


def _things(store: ox.Store, graph: ox.NamedNode) -> Iterator[ox.NamedNode]:
    for name in _SHARED:
        quads = store.quads_for_pattern(None, ox.NamedNode(f"{RDF}type"), ox.NamedNode(EKG + name), graph)
        yield from [quad.subject for quad in quads if isinstance(quad.subject, ox.NamedNode)]


def _rank(quad: ox.Quad) -> tuple[bool, str, str]:
    graph = quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""
    return (graph not in _CURATED, graph, str(quad.object))


def _settle(store: ox.Store, quads: list[ox.Quad]) -> None:
    kept = quads[0].object
    for quad in quads[1:]:
        if quad.object != kept:
            store.remove(quad)
            store.add(ox.Quad(quad.subject, _OTHER, quad.object, quad.graph_name))
