"""What stands behind the ties of a network: each event's part in each tie, and what the events are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventkg.export.material import Material
    from eventkg.export.network import Tie

    Ends = tuple[str, str, str]  # source, target, role

# From the least to the best founded, as a tie is as good as the best of its events.
STATUSES = ("Contested", "Unsupported", "Uncontested", "Corroborated")


class Credit(NamedTuple):
    """A data set that must be named, and under what it may be passed on; texts are empty where unknown."""

    source: str
    title: str
    licence: str
    citation: str
    passed_on: bool = True


class Told(NamedTuple):
    """An event or claim as a list shows it: its last day is empty where no end is known."""

    label: str
    kind: str
    first: str
    last: str
    sources: str


@dataclass(frozen=True, slots=True)
class Behind:
    """The events of each tie with how that part of each stands, and what is known of the events."""

    ties: Mapping[Ends, Mapping[str, str]] = field(default_factory=dict)
    events: Mapping[str, Told] = field(default_factory=dict)
    credits: tuple[Credit, ...] = ()


def rank(status: str) -> int:
    """The place of a status among all; one that is not known counts as uncontested."""
    return STATUSES.index(status) if status in STATUSES else STATUSES.index("Uncontested")


def behind(
    ties: Iterable[Tie],
    material: Material,
    events: frozenset[str] | None = None,
    credit: tuple[Credit, ...] = (),
) -> Behind:
    """The events behind the ties of a network of these events (None: of all)."""
    found: dict[Ends, dict[str, str]] = defaultdict(dict)
    for tie in ties:
        if tie.event and (events is None or tie.event in events):
            told = found[tie.source, tie.target, tie.role]
            told[tie.event] = max(tie.status, told.get(tie.event, tie.status), key=rank)
    named = sorted({event for told in found.values() for event in told})
    return Behind(found, {event: _told(event, material) for event in named}, credit)


def _told(event: str, material: Material) -> Told:
    name, (first, last) = material.name(event), material.span(event)
    return Told(name.label, name.kind, first, last, " ".join(material.sources.get(event, ())))
