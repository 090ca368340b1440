"""Rows of what was found: an event with its names, days, place and participants."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from eventkg.search.found import Hit, Name
from eventkg.search.gathering import OPEN_END
from eventkg.search.words import matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from eventkg.search.columns import Column
    from eventkg.search.file import IndexFile

_SHOWN = ("part", "contested", "site", "kind", "status", "source")
_AT_A_TIME = 500  # numbers in one question


class Rows:
    """The events of an index by number."""

    def __init__(self, file: IndexFile, columns: Mapping[str, Column], deaths: NDArray[np.int64]) -> None:
        self._file, self._deaths = file, deaths
        self._columns = {name: columns[name] for name in _SHOWN}

    def names(self, things: Iterable[int]) -> dict[int, tuple[str, str]]:
        """IRI and label of things, in the order asked for."""
        return self._named("thing", list(things))

    def iris(self, events: Iterable[int]) -> tuple[str, ...]:
        """The IRIs of events, in the order asked for."""
        return tuple(iri for iri, _ in self._named("event", [int(event) for event in events]).values())

    def hits(
        self,
        events: Iterable[int],
        first: NDArray[np.int64],
        last: NDArray[np.int64],
        phrases: tuple[str, ...],
    ) -> tuple[Hit, ...]:
        """One row an event."""
        numbers = [int(event) for event in events]
        named = self._named("event", numbers)
        things = {
            name: {event: column.of(event) for event in numbers} for name, column in self._columns.items()
        }
        everything = {thing for found in things.values() for listed in found.values() for thing in listed}
        names = {number: Name(*found) for number, found in self.names(sorted(everything)).items()}

        def listed(column: str, event: int) -> tuple[Name, ...]:
            return tuple(
                sorted((names[thing] for thing in things[column][event]), key=lambda name: name.label)
            )

        def iris(column: str, event: int) -> tuple[str, ...]:
            return tuple(name.iri for name in listed(column, event))

        return tuple(
            Hit(
                *named[event],
                _day(int(first[event])),
                _day(int(last[event])),
                next(iter(listed("site", event)), None),
                listed("part", event),
                listed("contested", event),
                listed("kind", event),
                iris("status", event),
                int(self._deaths[event]) if self._deaths[event] >= 0 else None,
                iris("source", event),
                self._snippet(event, phrases),
            )
            for event in numbers
        )

    def _snippet(self, event: int, phrases: tuple[str, ...]) -> str:
        if not phrases:
            return ""
        with self._file.asking() as file:
            found = file.execute(
                "SELECT words FROM quotation WHERE event = ? ORDER BY rowid", (event,)
            ).fetchall()
        return next((words for (words,) in found if matches(words, phrases)), "")

    def _named(self, table: str, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
        found: dict[int, tuple[str, str]] = {}
        with self._file.asking() as file:
            for start in range(0, len(numbers), _AT_A_TIME):
                some = numbers[start : start + _AT_A_TIME]
                marks = ",".join("?" * len(some))
                rows = file.execute(f"SELECT id, iri, label FROM {table} WHERE id IN ({marks})", some)  # noqa: S608
                found |= {number: (iri, label) for number, iri, label in rows}
        return {number: found[number] for number in numbers}


def _day(number: int) -> str:
    """ISO; empty where there is none, or where the end is open."""
    return date.fromordinal(number).isoformat() if 0 < number < OPEN_END else ""
