"""An index of one state and view, asked: which events meet what was asked, and counts of all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache, reduce
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from eventkg.model.naming import shorten
from eventkg.search.asked import CHOICES, Asked
from eventkg.search.columns import FACETS, SHOWN, Column
from eventkg.search.file import IndexFile, numbers
from eventkg.search.found import Facet, Found, Value
from eventkg.search.gathering import OPEN_END
from eventkg.search.rows import Rows
from eventkg.search.suggesting import Suggestions
from eventkg.search.timeline import bins
from eventkg.search.words import phrases

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from eventkg.search.columns import Mask

LISTED = 20  # values of a facet
_REMEMBERED = 64  # answers
_IN_NAMES, _IN_NAMES_OF_THINGS, _IN_QUOTATIONS = 4, 2, 1  # what a word weighs where it is found
_IN_ORDER = {"deaths", "status"}  # facets of few values with an order of their own


class Meeting(NamedTuple):
    """Which events meet each condition, and how well the words fit."""

    text: Mask
    time: Mask
    facets: Mapping[str, Mask]
    relevance: NDArray[np.int16]

    def all_but(self, left_out: str) -> Mask:
        """Events that meet every condition, or every one but one."""
        masks = {"text": self.text, "time": self.time, **self.facets}
        return reduce(np.logical_and, (mask for name, mask in masks.items() if name != left_out))


class Index:
    """Open; safe to use from many threads. Days in it are numbers as `date.toordinal` has them."""

    def __init__(self, path: Path) -> None:
        """Open an index's file.

        Raises:
            UnusableError: it is to be built again.

        """
        self._file = IndexFile(path)
        found = self._file.numbers
        self._first, self._last, self._deaths = found["first"], found["last"], found["died"]
        self._columns = {
            name: Column(found[f"{name} events"], found[f"{name} things"]) for name in (*FACETS, *SHOWN)
        }
        undated_last = np.where(self._first > 0, self._first, OPEN_END)
        self._by_day = {
            "date": np.argsort(undated_last, kind="stable"),
            "-date": np.argsort(-self._first, kind="stable"),
        }
        self._having = {name: self._columns[name].having(self.events) for name in FACETS}
        with self._file.asking() as file:
            self._things = int(file.execute("SELECT COUNT(*) FROM thing").fetchone()[0])
        self._rows = Rows(self._file, self._columns, self._deaths)
        self.suggest = Suggestions(self._file, self._columns, self.events, self._things).suggest
        self.find = lru_cache(maxsize=_REMEMBERED)(self._find)

    @property
    def events(self) -> int:
        """How many events there are."""
        return len(self._first)

    def close(self) -> None:
        """Nobody asks any more."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def chosen(self, asked: Asked) -> tuple[str, ...]:
        """The IRIs of all events that meet every condition, in the order asked for, whatever the limit."""
        replace(asked, limit=0).check()
        meeting = self._meeting(asked)
        return self._rows.iris(self._ordered(meeting, asked))

    def _find(self, asked: Asked) -> Found:
        asked.check()
        meeting = self._meeting(asked)
        ordered = self._ordered(meeting, asked)
        page = ordered[asked.offset : asked.offset + asked.limit]
        return Found(
            total=len(ordered),
            rows=self._rows.hits(page, self._first, self._last, phrases(asked.text)),
            facets={name: self._facet(name, meeting, chosen) for name, chosen in asked.chosen().items()},
            timeline=bins(self._first[meeting.all_but("time") & (self._first > 0)]),
        )

    def _meeting(self, asked: Asked) -> Meeting:
        text, relevance = self._with_words(phrases(asked.text))
        facets = {name: self._with_chosen(name, chosen) for name, chosen in asked.chosen().items() if chosen}
        return Meeting(text, self._in_time(asked.since, asked.until), facets, relevance)

    def _in_time(self, since: str, until: str) -> Mask:
        if not since and not until:
            return self._all()
        found = self._first > 0
        if since:
            found &= self._last >= date.fromisoformat(since).toordinal()
        if until:
            found &= self._first <= date.fromisoformat(until).toordinal()
        return found

    def _with_chosen(self, facet: str, chosen: Iterable[str]) -> Mask:
        wanted = np.zeros(self._things, dtype=np.bool_)
        for number, _, _ in self._known(facet, chosen):
            wanted[number] = True
        return self._columns[facet].with_any(wanted, self.events)

    def _known(self, facet: str, chosen: Iterable[str]) -> list[tuple[int, str, str]]:
        """Number, IRI and label of those of the chosen things that are there."""
        kinds = {facet} if facet not in CHOICES[:4] else set(CHOICES[:4])
        found = []
        with self._file.asking() as file:
            for iri in dict.fromkeys(chosen):
                rows = file.execute("SELECT id, iri, label, kind FROM thing WHERE iri = ?", (iri,))
                found += [(number, name, label) for number, name, label, kind in rows if kind in kinds]
        return found

    def _with_words(self, wanted: tuple[str, ...]) -> tuple[Mask, NDArray[np.int16]]:
        relevance = np.zeros(self.events, dtype=np.int16)
        found = self._all()
        for phrase in wanted:
            score = np.zeros(self.events, dtype=np.int16)
            with self._file.asking() as file:
                search = "SELECT rowid FROM event_words WHERE event_words MATCH ?"
                score[numbers(file.execute(search, (f"quotations : {phrase}",)))] += _IN_QUOTATIONS
                score[numbers(file.execute(search, (f"names : {phrase}",)))] += _IN_NAMES
                search = "SELECT rowid FROM thing_words WHERE thing_words MATCH ?"
                named = numbers(file.execute(search, (phrase,)))
            if len(named):
                score[self._having_to_do_with(named)] += _IN_NAMES_OF_THINGS
            found &= score > 0
            relevance += score
        return found, relevance

    def _having_to_do_with(self, things: NDArray[np.int64]) -> Mask:
        wanted = np.zeros(self._things, dtype=np.bool_)
        wanted[things] = True
        facets = (self._columns[name].with_any(wanted, self.events) for name in CHOICES[:4])
        return reduce(np.logical_or, facets)

    def _ordered(self, meeting: Meeting, asked: Asked) -> NDArray[np.int64]:
        """Numbers of the events found; those without a day come last, equals in the order that they had."""
        found = meeting.all_but("")
        order = self._by_day["date" if asked.sort in {"date", "deaths"} else "-date"]
        listed = order[found[order]]
        if asked.sort == "deaths":
            return listed[np.argsort(-self._deaths[listed], kind="stable")]
        if asked.sort == "relevance":
            return listed[np.argsort(-meeting.relevance[listed], kind="stable")]
        return listed

    def _facet(self, name: str, meeting: Meeting, chosen: tuple[str, ...]) -> Facet:
        among = meeting.all_but(name)
        counts = self._columns[name].counts(among, self._things)
        there = np.flatnonzero(counts)
        known = {number: (iri, label) for number, iri, label in self._known(name, chosen)}
        best = there[np.argsort(-counts[there], kind="stable")][:LISTED]
        listed = self._rows.names([int(number) for number in best]) | known
        values = [
            Value(iri, label, int(counts[number]), iri in chosen) for number, (iri, label) in listed.items()
        ]
        there_too = {iri for iri, _ in known.values()}
        values += [
            Value(iri, shorten(iri), 0, chosen=True) for iri in dict.fromkeys(chosen) if iri not in there_too
        ]
        more = len(there) - sum(1 for value in values if value.count)
        missing = int(np.count_nonzero(among & ~self._having[name]))
        return Facet(tuple(sorted(values, key=lambda value: _rank(name, value))), more, missing)

    def _all(self) -> Mask:
        return np.ones(self.events, dtype=np.bool_)


def _rank(facet: str, value: Value) -> tuple[int, str, str]:
    """The most frequent first; brackets of numbers in their own order."""
    return (0 if facet in _IN_ORDER else -value.count, value.label if facet != "deaths" else "", value.iri)
