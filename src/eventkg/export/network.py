"""Networks of actors, events, equipment and places as networkx graphs, aggregated with the events behind."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations, product
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

from eventkg.errors import UsageError
from eventkg.export.material import CONTESTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from eventkg.export.material import Material, Part

    Graph = nx.MultiDiGraph[str]

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ACTING = {"performedBy", "supportedBy"}
# Whether a tie puts two actors on one side (1), on opposite sides (-1) or says neither (0).
SIGNS = {
    "together": 1, "against": -1, "opposed": -1, "transfer": 0,
    "relays": 0, "cites": 0, "denies": -1, "doubts": -1, "contradicts": -1,
}  # fmt: skip


class Tie(NamedTuple):
    """An event's contribution to an edge."""

    source: str
    target: str
    role: str
    event: str
    status: str


@dataclass(slots=True)
class _Edge:
    events: set[str] = field(default_factory=set)
    contested: set[str] = field(default_factory=set)
    statuses: set[str] = field(default_factory=set)

    def add(self, other: _Edge) -> None:
        """What is behind another one as well."""
        self.events |= other.events
        self.contested |= other.contested
        self.statuses |= other.statuses


@lru_cache(maxsize=1 << 14)
def clean(text: str) -> str:
    """Text that XML can hold."""
    return _NOT_IN_XML.sub("\ufffd", text)


def actor_event(material: Material) -> Iterator[Tie]:
    """Actor → event, a tie for each part, by its role."""
    return (Tie(p.actor, p.event, p.role, p.event, p.status) for p in material.parts)


def actor_actor(material: Material) -> Iterator[Tie]:
    """Actor to actor: `together` (both performed or supported), `against` (one acted, the other was target).

    `opposed` joins the two sides of a conflict as a data set names them: it does not say who acted.
    `transfer` goes from a sender to a recipient.
    """
    by_event: dict[str, list[Part]] = defaultdict(list)
    for part in material.parts:
        by_event[part.event].append(part)
    for event, parts in by_event.items():
        if len(parts) > 1:
            yield from _within(event, parts)


def _within(event: str, parts: list[Part]) -> Iterator[Tie]:
    """The ties that one event makes."""
    by_role: dict[str, list[Part]] = {}
    for part in parts:
        by_role.setdefault("acting" if part.role in _ACTING else part.role, []).append(part)
    acting = sorted(by_role.get("acting", ()), key=_actor)
    for a, b in combinations(acting, 2):
        if a.actor != b.actor:
            yield _tie(a, b, "together", event)
    for role, source, target in _DIRECTED:
        if source in by_role and target in by_role:
            yield from (_tie(a, b, role, event) for a, b in product(by_role[source], by_role[target]))


_actor = attrgetter("actor")
_DIRECTED = (
    ("against", "acting", "target"),
    ("opposed", "sideA", "sideB"),
    ("transfer", "sender", "recipient"),
)


def _with(parts: Iterable[Part], role: str) -> list[Part]:
    return [part for part in parts if part.role == role]


def _tie(a: Part, b: Part, role: str, event: str) -> Tie:
    """As well founded as the weaker of two parts."""
    status = a.status if a.status == b.status else min(a.status, b.status, key=_rank)
    return Tie(a.actor, b.actor, role, event, status)


def _rank(status: str) -> int:
    return _RANKS.get(status, 2)


_RANKS = {CONTESTED: 0, "Unsupported": 1, "Uncontested": 2, "Corroborated": 3}


def event_place(material: Material) -> Iterator[Tie]:
    """Event → place, by the relation that the source states (in, near, over, from)."""
    for event, sites in material.sites.items():
        for site in sites:
            yield Tie(event, site.place, site.relation or "place", event, "Uncontested")


def actor_equipment(material: Material) -> Iterator[Tie]:
    """Actor → equipment: `operates`, and `used` where it is said by whom or one alone performed the event."""
    yield from (Tie(actor, item, "operates", "", "Uncontested") for actor, item in material.operators)
    performers: dict[str, list[Part]] = defaultdict(list)
    for part in _with(material.parts, "performedBy"):
        performers[part.event].append(part)
    for use in material.uses:
        alone = performers.get(use.event, [])
        if use.actor:
            yield Tie(use.actor, use.equipment, "used", use.event, use.status)
        elif len(alone) == 1:
            yield Tie(alone[0].actor, use.equipment, "used", use.event, alone[0].status)


def speaker_speaker(material: Material) -> Iterator[Tie]:
    """Speaker → speaker: relays, cites, denies, doubts; a tie for each claim."""
    return (Tie(c.speaker, c.other, c.relation, c.claim, "Uncontested") for c in material.claims)


def build(
    ties: Iterable[Tie],
    material: Material,
    sides: tuple[str, str] | None = None,
    events: frozenset[str] | None = None,
    unit: str = "event",
) -> Graph:
    """A network of the ties of these events (None: of all), those of one kind between two nodes as one edge.

    Nodes carry `label`, `kind`, `events` (number), `contested_events`, `contested` (all their ties are),
    `status` (the best of their ties), and where known `first`, `last` (ISO days), `symbol`, `latitude`,
    `longitude`, `sources`; `bipartite` (one of `sides`) where the network has two kinds of nodes.
    Edges carry `role`, `weight` (number of events, at least 1), `contested_events`, `contested` (all of them
    are), `status` (the best of them), `first`, `last`, `sources`, `event_list` (IRIs, blank-separated), and
    `sign` between actors. Where the ties are claims (`unit`), the lists and numbers are of claims.
    """
    edges = _gathered(ties if events is None else (tie for tie in ties if tie.event in events))
    network: Graph = nx.MultiDiGraph()
    behind: dict[str, _Edge] = defaultdict(_Edge)
    for (source, target, role), edge in edges.items():
        for node, side in zip((source, target), sides or ("", ""), strict=True):
            behind[node].add(edge)
            if node not in network:
                network.add_node(node, **_node(node, side, material))
        network.add_edge(source, target, key=role, **_edge(role, edge, material, unit))
    for node, told in behind.items():
        network.nodes[node].update(_standing(told, unit))
        network.nodes[node].update({f"{unit}s": len(told.events), **_extent(told.events, material)})
    return network


def _gathered(ties: Iterable[Tie]) -> dict[tuple[str, str, str], _Edge]:
    edges: dict[tuple[str, str, str], _Edge] = defaultdict(_Edge)
    for source, target, role, event, status in ties:
        edge = edges[source, target, role]
        if event:
            edge.events.add(event)
        edge.statuses.add(status)
        if status == CONTESTED:
            edge.contested.add(event)
    return edges


def _node(node: str, side: str, material: Material) -> dict[str, str | float]:
    name = material.name(node)
    known: dict[str, str | float] = {"label": clean(name.label) or node, "kind": clean(name.kind)}
    if side:
        known["bipartite"] = side
    for key, value in name.more:
        known[key] = float(value) if key in {"latitude", "longitude"} else clean(value)
    return known


def _edge(role: str, edge: _Edge, material: Material, unit: str) -> dict[str, str | int | bool]:
    known: dict[str, str | int | bool] = {
        "role": clean(role),
        "weight": len(edge.events) or 1,
        **_standing(edge, unit),
        f"{unit}_list": " ".join(sorted(edge.events)),
        **_extent(edge.events, material),
    }
    if role in SIGNS:
        known["sign"] = SIGNS[role]
    return known


def _standing(edge: _Edge, unit: str) -> dict[str, str | int | bool]:
    """Of an edge, or of all those of a node: contested where nothing behind it is uncontested."""
    return {
        f"contested_{unit}s": len(edge.contested),
        "contested": edge.statuses == {CONTESTED},
        "status": max(edge.statuses, key=_rank),
    }


def _extent(events: set[str], material: Material) -> dict[str, str]:
    """First and last day and the sources of some events where known; no last day if one has no end."""
    known = {}
    spans = [material.spans[event] for event in events if event in material.spans]
    if spans:
        known["first"] = min(spans)[0]
        last = max([span[1] for span in spans]) if all([span[1] for span in spans]) else ""  # noqa: C419
        if last:
            known["last"] = last
    sources = [material.sources[event] for event in events if event in material.sources]
    if sources:
        known["sources"] = _joined(frozenset(sources))
    return known


@lru_cache(maxsize=1024)
def _joined(sources: frozenset[tuple[str, ...]]) -> str:
    return clean(" ".join(sorted({source for told in sources for source in told})))


class Kind(NamedTuple):
    """A kind of network: how its ties are made, what stands at their ends, whose names it needs.

    `unit` is what is counted: events, or claims.
    """

    ties: Callable[[Material], Iterable[Tie]]
    ends: tuple[str, str]
    names: tuple[str, ...]
    title: str
    unit: str = "event"

    @property
    def sides(self) -> tuple[str, str] | None:
        """The two kinds of nodes; None where all are actors."""
        return None if "other" in self.ends else self.ends


KINDS = {
    "actor-event": Kind(
        actor_event, ("actor", "event"), ("actors", "events"), "who has which part in which event"
    ),
    "actor-actor": Kind(actor_actor, ("actor", "other"), ("actors",), "who acted together, who struck whom"),
    "actor-equipment": Kind(
        actor_equipment,
        ("actor", "equipment"),
        ("actors", "equipment"),
        "who used or operates which equipment",
    ),
    "event-place": Kind(event_place, ("event", "place"), ("events", "places"), "what happened where"),
    "claims": Kind(
        speaker_speaker,
        ("speaker", "other"),
        ("actors",),
        "who relays, cites, denies or doubts whom",
        "claim",
    ),
}


def kind_of(name: str) -> Kind:
    """The declaration of a kind.

    Raises:
        UsageError: no such kind.

    """
    if name not in KINDS:
        raise UsageError(f"network kind {name!r} found, one of {', '.join(KINDS)} expected")
    return KINDS[name]
