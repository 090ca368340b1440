"""What is found: events, what they have to do with and how often, and when they were."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """A thing (IRI) and what it is called."""

    iri: str
    label: str


@dataclass(frozen=True, slots=True)
class Hit:
    """An event; days are ISO, empty where it has none.

    `actors` have a part in it as a fact, `contested` are those of whom one asserts and another denies it.
    `types` are its classes and the type that a data set gives it, `status` of `asked.STATUSES`.
    `deaths` is the best estimate, None where there is none; `sources` are graphs by their short names.
    `snippet` is a quotation with words that were looked for, empty where they stand in names.
    """

    iri: str
    label: str
    start: str
    end: str
    place: Name | None
    actors: tuple[Name, ...]
    contested: tuple[Name, ...]
    types: tuple[Name, ...]
    status: tuple[str, ...]
    deaths: int | None
    sources: tuple[str, ...]
    snippet: str


@dataclass(frozen=True, slots=True)
class Value:
    """Something that a facet can be set to, and how many events would be found with it alone."""

    iri: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values and all chosen ones, among events that meet all conditions but this facet's.

    `more` counts values that are not listed, `missing` events without any value.
    """

    values: tuple[Value, ...]
    more: int
    missing: int


@dataclass(frozen=True, slots=True)
class Bin:
    """How many events begin in a stretch of days, both included, whatever days were asked for."""

    start: str
    end: str
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, and the counts of all of it.

    `view` is the policy's IRI. `state` names the state of the store that was counted, empty where it cannot
    change; `current` is False where a newer one is there, whose index is not ready yet.
    """

    total: int
    rows: tuple[Hit, ...]
    facets: dict[str, Facet]
    timeline: tuple[Bin, ...]
    view: str = ""
    state: str = ""
    current: bool = True


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A thing whose name fits: actor, place, equipment, type or event (`kind`); `events` counts its own."""

    iri: str
    label: str
    kind: str
    events: int
