"""What networks are made of: parts in events, dates, sites, sources and names, as tables of text."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from eventkg.model.naming import CODE, EKG, GRAPH, shorten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Cells = tuple[str, ...]  # empty where nothing is bound
    Ask = Callable[[str], Iterable[Cells]]  # the name of a query -> its rows

CONTESTED = "Contested"
_NONE = ("",)
_GENERAL = {"Event", "ReportedEvent"}  # said of an event beside what it was


class Part(NamedTuple):
    """An actor's part in an event: `role` is the property's local name, `status` that of the statement."""

    event: str
    role: str
    actor: str
    status: str

    @property
    def contested(self) -> bool:
        """Whether somebody asserts and somebody objects."""
        return self.status == CONTESTED


class Name(NamedTuple):
    """What is known of a node before an edge is drawn."""

    label: str
    kind: str
    more: tuple[tuple[str, str], ...] = ()


class Site(NamedTuple):
    """Where an event is located: place (IRI), relation and precision (codes), empty where not said."""

    place: str
    relation: str
    precision: str


class Use(NamedTuple):
    """Equipment used in an event; `actor` and its `status` where a statement says by whom."""

    event: str
    equipment: str
    actor: str
    status: str


class Said(NamedTuple):
    """A claim by which one speaker relays, cites, denies or doubts another."""

    claim: str
    speaker: str
    relation: str
    other: str


@dataclass(frozen=True, slots=True)
class Material:
    """Tables by the IRI of the event, or of the thing that is named; only what was asked for is filled."""

    parts: tuple[Part, ...] = ()
    spans: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    sites: Mapping[str, tuple[Site, ...]] = field(default_factory=dict)
    within: Mapping[str, frozenset[str]] = field(default_factory=dict)
    sources: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, Name] = field(default_factory=dict)
    uses: tuple[Use, ...] = ()
    operators: tuple[tuple[str, str], ...] = ()
    claims: tuple[Said, ...] = ()

    def span(self, event: str) -> tuple[str, str]:
        """First and last day of an event (ISO text): both empty without a date, the last without an end."""
        return self.spans.get(event, ("", ""))

    def name(self, iri: str) -> Name:
        """A label and kind for whatever is drawn."""
        return self.names.get(iri) or Name(shorten(iri), "")


@cache
def local(iri: str) -> str:
    """`performedBy` of a property of ours, `near` of a code, the IRI itself of a stranger's."""
    if iri.startswith(CODE):
        return iri.rpartition("/")[2]
    return shorten(iri).removeprefix("ekg:")


def read_parts(ask: Ask) -> tuple[Part, ...]:
    """Parts that are facts, and the contested ones that are none; each once."""
    found = dict.fromkeys(ask("network_parts"), "Uncontested")
    for event, role, actor, status in ask("network_standings"):
        told, part = local(status), (event, role, actor)
        if told == CONTESTED or part in found:
            found[part] = told
    return tuple(
        [Part(event, local(role), actor, found[event, role, actor]) for event, role, actor in sorted(found)]
    )


def read_uses(ask: Ask) -> tuple[Use, ...]:
    """Equipment used, each use once; a use by somebody stands before one by nobody known."""
    rows = {(event, item, actor, local(status)) for event, item, actor, status in ask("network_use")}
    return tuple(Use(*row) for row in sorted(rows))


def read_operators(ask: Ask) -> tuple[tuple[str, str], ...]:
    """(actor, equipment) for every fact that one operates the other."""
    return tuple(sorted((actor, item) for actor, item in ask("network_operators")))


def read_claims(ask: Ask) -> tuple[tuple[Said, ...], dict[str, tuple[str, str]]]:
    """Claims about other speakers, and the day of each as its span."""
    rows = sorted(set(ask("network_claims")))
    spans = {claim: (date, date) for claim, _, _, _, date in rows if date}
    return tuple(Said(claim, speaker, relation, other) for claim, speaker, relation, other, _ in rows), spans


def read_spans(ask: Ask) -> dict[str, tuple[str, str]]:
    """First and last day of every dated event; the last is empty where no end is known."""
    ends: dict[str, str] = {}
    for event, day in ask("network_ends"):
        if ends.setdefault(event, day) < day:
            ends[event] = day
    spans: dict[str, tuple[str, str]] = {}
    for event, day in ask("network_starts"):
        if event not in spans or day < spans[event][0]:
            spans[event] = (day, ends.get(event, ""))
    return spans


def read_sites(ask: Ask) -> dict[str, tuple[Site, ...]]:
    """The places of every event."""
    relations, precisions = _codes(ask("network_relations")), _codes(ask("network_precisions"))
    sites: dict[str, set[Site]] = defaultdict(set)
    for event, place in ask("network_sites"):
        for relation in relations.get(event, _NONE):
            for precision in precisions.get(event, _NONE):
                sites[event].add(Site(place, relation, precision))
    return {event: tuple(sorted(found)) for event, found in sites.items()}


def _codes(rows: Iterable[Cells]) -> dict[str, tuple[str, ...]]:
    """Of every event, by the names that codes have in their lists."""
    alone: dict[str, tuple[str, ...]] = {}  # one object for all events that have no other code
    codes: dict[str, tuple[str, ...]] = {}
    for event, code in rows:
        found = alone.setdefault(code, (local(code),))
        known = codes.setdefault(event, found)
        if known is not found:
            codes[event] = (*known, *found)
    return codes


def read_sources(ask: Ask) -> dict[str, tuple[str, ...]]:
    """The graphs that each event comes from, ours by their short names."""
    sources: dict[str, tuple[str, ...]] = {}
    alone: dict[str, tuple[str, ...]] = {}  # one object for all events that have no other source
    for event, graph in ask("network_sources"):
        name = alone.setdefault(graph, (graph.removeprefix(GRAPH),))
        known = sources.setdefault(event, name)
        if known is not name:
            sources[event] = tuple(sorted({*known, *name}))
    return sources


def read_within(ask: Ask) -> dict[str, frozenset[str]]:
    """Every place with all places that it lies within."""
    above: dict[str, set[str]] = defaultdict(set)
    for part, whole in ask("network_within"):
        above[part].add(whole)
    return {place: _ancestors(place, above) for place in above}


def _ancestors(place: str, above: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = [place]
    while waiting:
        new = above.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return frozenset(found)


def read_names(ask: Ask, *queries: str) -> dict[str, Name]:
    """Labels (English where there is one) and kinds (the most telling class) of things."""
    labels: dict[str, tuple[bool, str, str]] = {}
    kinds: dict[str, set[str]] = defaultdict(set)
    more: dict[str, tuple[tuple[str, str], ...]] = {}
    for query in queries:
        for iri, kind, label, language, *others in ask(query):
            kinds[iri].add(local(kind))
            if label:
                found = (language != "en", language, label)
                labels[iri] = min(labels.get(iri, found), found)
            known = zip(_MORE.get(query, ()), others, strict=True)
            more[iri] = tuple((name, value) for name, value in known if value)
    return {
        iri: Name(labels[iri][2] if iri in labels else shorten(iri), _telling(found), more[iri])
        for iri, found in kinds.items()
    }


_MORE = {
    "network_actors": ("symbol",),
    "network_equipment": ("symbol",),
    "network_places": ("latitude", "longitude", "symbol"),
}


def _telling(kinds: set[str]) -> str:
    """The class that says what something is; Event only where that is all that is said."""
    told = kinds - _GENERAL or kinds - {"ReportedEvent"} or kinds
    return min(told).removeprefix(EKG)
