"""Networks of actors, events, equipment and places as networkx graphs, aggregated with the events behind."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from itertools import combinations, product
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx

from eventkg.errors import UsageError
from eventkg.export.totals import Totals, rank

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
            parts.sort(key=_actor)
            for a, b in combinations(parts, 2):
                role, is_forward = _BETWEEN.get((a.role, b.role), ("", True))
                if role and (a.actor != b.actor or role != "together"):
                    yield _tie(a, b, role, event) if is_forward else _tie(b, a, role, event)


_actor = attrgetter("actor")
_TIES = (
    ("together", _ACTING, _ACTING),
    ("against", _ACTING, {"target"}),
    ("opposed", {"sideA"}, {"sideB"}),
    ("transfer", {"sender"}, {"recipient"}),
)
# The roles of two parts in an event -> the tie that they make, and whether the first is its source.
_BETWEEN: dict[tuple[str, str], tuple[str, bool]] = {
    **{(a, b): (tie, True) for tie, ones, others in _TIES for a, b in product(ones, others)},
    **{(b, a): (tie, False) for tie, ones, others in _TIES[1:] for a, b in product(ones, others)},
}


def _with(parts: Iterable[Part], role: str) -> list[Part]:
    return [part for part in parts if part.role == role]


def _tie(a: Part, b: Part, role: str, event: str) -> Tie:
    """As well founded as the weaker of two parts."""
    status = a.status if a.status == b.status else min(a.status, b.status, key=rank)
    return Tie(a.actor, b.actor, role, event, status)


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
    chosen = list(ties) if events is None else [tie for tie in ties if tie.event in events]
    edges: dict[tuple[str, str, str], int] = {}
    groups = [edges.setdefault(tie[:3], len(edges)) for tie in chosen]
    nodes: dict[str, str] = {}  # with the side on which each stands
    for source, target, _ in edges:
        nodes.setdefault(source, (sides or ("", ""))[0])
        nodes.setdefault(target, (sides or ("", ""))[1])
    at = {node: number for number, node in enumerate(nodes)}
    totals = Totals([tie[3:] for tie in chosen], material, unit)
    network: Graph = nx.MultiDiGraph()
    ends = [at[tie.source] for tie in chosen], [at[tie.target] for tie in chosen]
    for (node, side), (known, _) in zip(nodes.items(), totals.by_both(*ends), strict=True):
        network.add_node(node, **_node(node, side, material), **known)
    for (source, target, role), (known, found) in zip(edges, totals.by(groups), strict=True):
        known["weight"] = max(known.pop(f"{unit}s"), 1)
        known[f"{unit}_list"] = " ".join(found)
        if role in SIGNS:
            known["sign"] = SIGNS[role]
        network.add_edge(source, target, key=role, role=clean(role), **known)
    return network


def _node(node: str, side: str, material: Material) -> dict[str, str | float]:
    name = material.name(node)
    known: dict[str, str | float] = {"label": clean(name.label) or node, "kind": clean(name.kind)}
    if side:
        known["bipartite"] = side
    for key, value in name.more:
        known[key] = float(value) if key in {"latitude", "longitude"} else clean(value)
    return known


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
