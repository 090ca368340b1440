"""The answers of queries, row by row, as the columns of an index."""

from __future__ import annotations

from array import array
from collections import defaultdict
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from eventkg.model.naming import EKG, GRAPH, shorten
from eventkg.search.asked import CONTESTED, CORROBORATED, DEATHS, REPORTED, SINGLE, UNCONTESTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    Cells = tuple[str, ...]

OPEN_END = date.max.toordinal()  # of an event that goes on
_GENERAL = {f"{EKG}Event", f"{EKG}ReportedEvent"}  # said of an event beside what it was
_CONTESTED, _UNSUPPORTED = f"{EKG}Contested", f"{EKG}Unsupported"
_ENGLISH = "en"
_TOPS = {f"{EKG}Actor": "actor", f"{EKG}Place": "place", f"{EKG}EquipmentType": "equipment"}
_CODES = {"source", "status", "deaths"}


class Pairs:
    """Event and thing, both by number; one pair may come several times."""

    def __init__(self) -> None:
        self.events, self.things = array("i"), array("i")

    def add(self, event: int, thing: int) -> None:
        """One more."""
        self.events.append(event)
        self.things.append(thing)

    def renumber(self, events: Sequence[int], things: Sequence[int]) -> None:
        """New numbers in place of the old."""
        self.events = array("i", map(events.__getitem__, self.events))
        self.things = array("i", map(things.__getitem__, self.things))


class Named:
    """Things by number in the order in which they were met, with their names."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.kinds: list[str] = []
        self._labels: dict[int, tuple[bool, str]] = {}
        self.names: dict[int, set[str]] = defaultdict(set)

    def __len__(self) -> int:
        return len(self.kinds)

    def number(self, iri: str, kind: str = "") -> int:
        """The number of a thing, a new one where it was not met before."""
        iri = coded(kind, iri)
        found = self.numbers.get(iri)
        if found is None:
            found = self.numbers[iri] = len(self.kinds)
            self.kinds.append(kind)
        return found

    def name(self, number: int, label: str, language: str) -> None:
        """A preferred name: the English one is shown, else the first in order."""
        if label:
            found = (language != _ENGLISH, label)
            self._labels[number] = min(self._labels.get(number, found), found)
            self.names[number].add(label)

    def put_in_order(self) -> list[int]:
        """Number things by their IRIs, so that the same things have the same numbers; the new one of each."""
        ordered = sorted(self.numbers.items())
        new = [0] * len(ordered)
        for number, (_, old) in enumerate(ordered):
            new[old] = number
        self.numbers = {iri: number for number, (iri, _) in enumerate(ordered)}
        self.kinds = [self.kinds[old] for _, old in ordered]
        self._labels = {new[old]: label for old, label in self._labels.items()}
        self.names = {new[old]: names for old, names in self.names.items()}
        return new

    def label(self, number: int, iri: str) -> str:
        """What a thing is called."""
        found = self._labels.get(number)
        return found[1] if found else shorten(iri)


class Gathering:
    """Everything that an index is made of; `take` the answers in the order of `QUERIES`."""

    def __init__(self) -> None:
        self.events, self.things = Named(), Named()
        self.pairs = {name: Pairs() for name in ("part", "contested", "equipment", "kind", "site", "source")}
        self.first, self.last = array("i"), array("i")  # days by number, 0 where there is none
        self.deaths: dict[int, int] = {}
        self.quotations: list[tuple[int, str]] = []
        self.above: dict[int, set[int]] = defaultdict(set)  # kinds of kinds
        self.within: dict[int, set[int]] = defaultdict(set)
        self._held: set[int] = set()  # to have happened
        self._disputed: set[int] = set()
        self._corroborated: set[int] = set()
        self._standing: dict[Cells, str] = {}
        self._starts: dict[int, int] = {}
        self._ends: dict[int, int] = {}

    def take(self, query: str, rows: Iterable[Cells]) -> None:
        """The rows of one of `QUERIES`."""
        _TAKEN[query](self, rows)

    def _take_events(self, rows: Iterable[Cells]) -> None:
        for iri, kind in rows:
            event = self.events.number(iri)
            if kind not in _GENERAL:
                self.pairs["kind"].add(event, self.things.number(kind, "type"))
            elif kind == f"{EKG}Event":
                self._held.add(event)

    def _take_things(self, rows: Iterable[Cells]) -> None:
        for iri, top in rows:
            self.things.number(iri, _TOPS[top])

    def _take_types(self, rows: Iterable[Cells]) -> None:
        for (iri,) in rows:
            self.things.number(iri, "type")

    def _take_names(self, rows: Iterable[Cells]) -> None:
        for iri, name, language in rows:
            for named in (self.events, self.things):
                number = named.numbers.get(iri)
                if number is not None:
                    named.name(number, name, language)

    def _take_kinds(self, rows: Iterable[Cells]) -> None:
        for kind, above in rows:
            if above not in _GENERAL:
                self.above[self.things.number(kind, "type")].add(self.things.number(above, "type"))

    def _take_aliases(self, rows: Iterable[Cells]) -> None:
        for iri, name in rows:
            for named in (self.events, self.things):
                number = named.numbers.get(iri)
                if number is not None:
                    named.names[number].add(name)

    def _take_standings_of_parts(self, rows: Iterable[Cells]) -> None:
        for event, role, actor, status in rows:
            if status == _CONTESTED:
                self._standing[event, role, actor] = status
                self._pair("contested", event, actor, "actor")

    def _take_parts(self, rows: Iterable[Cells]) -> None:
        for cells in rows:
            if cells not in self._standing:
                self._pair("part", cells[0], cells[2], "actor")

    def _take_use(self, rows: Iterable[Cells]) -> None:
        for event, item, _, status in rows:
            if status != _UNSUPPORTED:
                self._pair("equipment", event, item, "equipment")

    def _take_sites(self, rows: Iterable[Cells]) -> None:
        for event, place in rows:
            self._pair("site", event, place, "place")

    def _take_within(self, rows: Iterable[Cells]) -> None:
        for part, whole in rows:
            self.within[self.things.number(part, "place")].add(self.things.number(whole, "place"))

    def _take_sources(self, rows: Iterable[Cells]) -> None:
        for event, graph in rows:
            self._pair("source", event, graph.removeprefix(GRAPH), "source")

    def _take_days(self, rows: Iterable[Cells]) -> None:
        for iri, name, text in rows:
            event, day = self.events.numbers.get(iri), _day(text)
            if event is None or not day:
                continue
            if name == f"{EKG}latestEnd":
                self._ends[event] = max(self._ends.get(event, day), day)
            else:
                self._starts[event] = min(self._starts.get(event, day), day)

    def _take_values(self, rows: Iterable[Cells]) -> None:
        for event, name, value in rows:
            number = self.events.numbers.get(event)
            if number is None:
                continue
            if name == f"{EKG}eventType":
                self.pairs["kind"].add(number, self.things.number(value, "type"))
            elif value.isdecimal():
                self.deaths[number] = min(self.deaths.get(number, int(value)), int(value))

    def _take_standings(self, rows: Iterable[Cells]) -> None:
        for iri, status, detail, independent in rows:
            event = self.events.numbers.get(iri)
            if event is None:
                continue
            if _CONTESTED in (status, detail):
                self._disputed.add(event)
            if independent.isdecimal() and int(independent) > 1:
                self._corroborated.add(event)

    def _take_quotations(self, rows: Iterable[Cells]) -> None:
        for iri, quotation in rows:
            event = self.events.numbers.get(iri)
            if event is not None:
                self.quotations.append((event, quotation))

    def _pair(self, name: str, event: str, thing: str, kind: str) -> None:
        number = self.events.numbers.get(event)
        if number is not None:
            self.pairs[name].add(number, self.things.number(thing, kind))

    def finish(self) -> None:
        """What follows from all of it together: statuses, columns of days and deaths, an order."""
        for event in range(len(self.events)):
            first = self._starts.get(event, 0)
            self.first.append(first)
            self.last.append(self._ends.get(event, OPEN_END) if first else 0)
        statuses, deaths = Pairs(), Pairs()
        for event in range(len(self.events)):
            for status in self._statuses(event):
                statuses.add(event, self.things.number(status, "status"))
        for event, count in self.deaths.items():
            deaths.add(event, self.things.number(bracket(count), "deaths"))
        self.pairs |= {"status": statuses, "deaths": deaths}
        self._put_in_order()

    def _put_in_order(self) -> None:
        events, things = self.events.put_in_order(), self.things.put_in_order()
        for pairs in self.pairs.values():
            pairs.renumber(events, things)
        for days in (self.first, self.last):
            days[:] = array("i", (day for _, day in sorted(zip(events, days, strict=True))))
        self.deaths = {events[event]: count for event, count in self.deaths.items()}
        self.quotations = sorted((events[event], words) for event, words in self.quotations)
        self.above = _renumbered(self.above, things)
        self.within = _renumbered(self.within, things)

    def _statuses(self, event: int) -> Iterator[str]:
        yield CONTESTED if event in self._disputed else UNCONTESTED
        yield CORROBORATED if event in self._corroborated else SINGLE
        if event not in self._held:
            yield REPORTED


def _renumbered(wholes: dict[int, set[int]], new: Sequence[int]) -> dict[int, set[int]]:
    return {new[part]: {new[whole] for whole in found} for part, found in wholes.items()}


def coded(kind: str, name: str) -> str:
    """Graphs, statuses and brackets of numbers have names of their own, which are no IRIs."""
    return f"{kind} {name}" if kind in _CODES else name


def uncoded(kind: str, key: str) -> tuple[str, str]:
    """A thing's kind, and its IRI or the name that it has instead."""
    return kind, key.removeprefix(f"{kind} ") if kind in _CODES else key


def bracket(deaths: int) -> str:
    """The key of `DEATHS` that a number falls under."""
    return next(name for name, (_, most) in DEATHS.items() if most is None or deaths <= most)


@lru_cache(maxsize=1 << 14)
def _day(text: str) -> int:
    """A day by its number; 0 for one that Python's calendar does not have."""
    try:
        return date.fromisoformat(text[:10]).toordinal()
    except ValueError:
        return 0


_TAKEN: dict[str, Callable[[Gathering, Iterable[Cells]], None]] = {
    "search_events": Gathering._take_events,
    "search_things": Gathering._take_things,
    "search_types": Gathering._take_types,
    "search_kinds": Gathering._take_kinds,
    "network_standings": Gathering._take_standings_of_parts,
    "network_parts": Gathering._take_parts,
    "network_use": Gathering._take_use,
    "search_sites": Gathering._take_sites,
    "network_within": Gathering._take_within,
    "network_sources": Gathering._take_sources,
    "search_days": Gathering._take_days,
    "search_values": Gathering._take_values,
    "search_standings": Gathering._take_standings,
    "search_quotations": Gathering._take_quotations,
    "search_names": Gathering._take_names,
    "search_aliases": Gathering._take_aliases,
}
QUERIES = tuple(_TAKEN)  # in this order: what is told of an event follows the events, names come last
