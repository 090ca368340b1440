"""What ties come to by edge and by node: numbers, statuses, days and sources, summed in columns.

A network of 100,000 events has as many edges, and each is told of all its events: one pass over columns
takes two thirds of the time of asking each edge for its own.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from eventkg.export.material import CONTESTED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from eventkg.export.material import Material

    Codes = NDArray[np.int64]
    Known = dict[str, str | int | bool]

_UNKNOWN, _OPEN = -1, np.iinfo(np.int64).max  # of days: nothing is known; something goes on
_RANKS = {CONTESTED: 0, "Unsupported": 1, "Uncontested": 2, "Corroborated": 3}


def rank(status: str) -> int:
    """How well founded, from contested upwards; what is not in the list is as good as uncontested."""
    return _RANKS.get(status, 2)


class Totals:
    """Ties as columns: of which event each is, and how well founded."""

    def __init__(self, ties: Sequence[tuple[str, str]], material: Material, unit: str) -> None:
        """`ties` are (event or "", status); `unit` is what an event is called."""
        self._unit = unit
        self._events = sorted(dict.fromkeys(event for event, _ in ties))
        statuses = {status for _, status in ties}
        self._statuses = sorted(statuses, key=lambda status: (rank(status), status))
        at = {event: code for code, event in enumerate(self._events)}
        ranked = {status: code for code, status in enumerate(self._statuses)}
        self._contested = np.array([status == CONTESTED for status in self._statuses], np.int64)
        self._of = np.array([at[event] for event, _ in ties], np.int64)
        self._status = np.array([ranked[status] for _, status in ties], np.int64)
        self._is_event = np.array([bool(event) for event in self._events], np.int64)
        self._set_days([material.spans.get(event) for event in self._events])
        told = [material.sources.get(event, ()) for event in self._events]
        self._sources = list(dict.fromkeys(told))
        numbered = {sources: code for code, sources in enumerate(self._sources)}
        self._source = np.array([numbered[sources] for sources in told], np.int64)

    def _set_days(self, spans: list[tuple[str, str] | None]) -> None:
        self._days = sorted({day for span in spans if span for day in span})
        code: dict[str, int] = {day: number for number, day in enumerate(self._days)} | {"": _OPEN}
        self._start = np.array([_OPEN if span is None else code[span[0]] for span in spans], np.int64)
        self._end = np.array([_UNKNOWN if span is None else code[span[1]] for span in spans], np.int64)

    def by(self, groups: Sequence[int]) -> Iterator[tuple[Known, list[str]]]:
        """What is known of each group, and its events; `groups` says to which each tie belongs, from 0 on.

        The number of events is told as that of `unit`s; days and sources where they are known.
        """
        return self._told(np.array(groups, np.int64), self._of, self._status)

    def by_both(self, ones: Sequence[int], others: Sequence[int]) -> Iterator[tuple[Known, list[str]]]:
        """The same where each tie belongs to two groups (or twice to one)."""
        groups = np.array([*ones, *others], np.int64)
        return self._told(groups, np.tile(self._of, 2), np.tile(self._status, 2))

    def _told(self, groups: Codes, of: Codes, status: Codes) -> Iterator[tuple[Known, list[str]]]:
        if not len(groups):
            return
        pairs = groups * len(self._events) + of  # a group's event
        order = np.argsort(pairs, kind="stable")
        each = _starts(pairs[order])
        worst, best = (pick.reduceat(status[order], each) for pick in (np.minimum, np.maximum))
        group, event = np.divmod(pairs[order][each], len(self._events))
        whose = _starts(group)
        columns = zip(
            np.add.reduceat(self._is_event[event], whose).tolist(),
            np.add.reduceat(self._contested[worst], whose).tolist(),
            np.maximum.reduceat(best, whose).tolist(),
            np.minimum.reduceat(self._start[event], whose).tolist(),
            np.maximum.reduceat(self._end[event], whose).tolist(),
            self._credited(group, event),
            pairwise([*whose.tolist(), len(event)]),
            strict=True,
        )
        names = [self._events[code] for code in event.tolist()]
        counted, doubted = f"{self._unit}s", f"contested_{self._unit}s"
        for count, doubtful, standing, start, end, sources, (a, b) in columns:
            told = self._statuses[standing]
            known: Known = {
                counted: count,
                doubted: doubtful,
                "contested": told == CONTESTED,
                "status": told,
            }
            if start != _OPEN:
                known["first"] = self._days[start]
                if end != _OPEN:
                    known["last"] = self._days[end]
            if sources:
                known["sources"] = sources
            yield known, names[a:b]

    def _credited(self, group: Codes, event: Codes) -> Iterator[str]:
        """The sources of each group, blank-separated."""
        pairs = np.unique(group * len(self._sources) + self._source[event])
        group, source = np.divmod(pairs, len(self._sources))
        listed, made = source.tolist(), dict[tuple[int, ...], str]()
        for a, b in pairwise([*_starts(group).tolist(), len(group)]):
            codes = tuple(listed[a:b])
            if codes not in made:
                made[codes] = " ".join(sorted({name for code in codes for name in self._sources[code]}))
            yield made[codes]


def _starts(of: Codes) -> Codes:
    """Where runs of equal numbers begin."""
    return np.flatnonzero(np.concatenate(([True], of[1:] != of[:-1])))
