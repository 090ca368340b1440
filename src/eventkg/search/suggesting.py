"""Names that fit what was typed so far: for search boxes, and for completion in an editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from eventkg.errors import UsageError
from eventkg.model.fold import fold
from eventkg.search.file import numbers
from eventkg.search.found import Suggestion
from eventkg.search.words import phrases

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from eventkg.search.columns import Column
    from eventkg.search.file import IndexFile

MOST = 20
KINDS = ("actor", "place", "equipment", "type", "event")
_COMPARED = 200  # of those that fit, the ones with most events are put in order


class Suggestions:
    """The names of an index."""

    def __init__(self, file: IndexFile, columns: Mapping[str, Column], events: int, things: int) -> None:
        self._file = file
        everything = np.ones(events, dtype=np.bool_)
        counts = (columns[name].counts(everything, things) for name in KINDS[:-1])
        with file.asking() as opened:
            kinds = opened.execute("SELECT kind FROM thing ORDER BY id")
            self._kinds = np.array([KINDS.index(kind) if kind in KINDS else -1 for (kind,) in kinds])
        self._events_of: NDArray[np.int64] = np.sum(list(counts), axis=0, dtype=np.int64)

    def suggest(self, text: str, kind: str = "") -> tuple[Suggestion, ...]:
        """At most `MOST`: names that begin with the text first, then those with most events, events last.

        Raises:
            UsageError: a kind that is none of `KINDS`; a text that is too long.

        """
        if kind and kind not in KINDS:
            raise UsageError(f"kind: {kind[:50]!r} found, one of {', '.join(KINDS)} expected")
        wanted = " ".join(phrases(text))
        if not wanted:
            return ()
        begins = fold(text)
        things = self._things(wanted, kind) if kind != "event" else []
        events = self._events(wanted) if kind in {"", "event"} else []
        first = sorted(things, key=lambda one: _rank(one, begins))[:MOST]
        return (*first, *sorted(events, key=lambda one: _rank(one, begins))[: MOST - len(first)])

    def _things(self, wanted: str, kind: str) -> list[Suggestion]:
        with self._file.asking() as file:
            search = "SELECT rowid FROM thing_words WHERE thing_words MATCH ?"
            found = numbers(file.execute(search, (wanted,)))
            found = found[self._kinds[found] == KINDS.index(kind)] if kind else found
            best = found[np.argsort(-self._events_of[found], kind="stable")][:_COMPARED]
            named = "SELECT iri, label, kind FROM thing WHERE id = ?"
            rows = [(file.execute(named, (int(number),)).fetchone(), int(number)) for number in best]
        return [
            Suggestion(iri, label, found, int(self._events_of[number]))
            for (iri, label, found), number in rows
        ]

    def _events(self, wanted: str) -> list[Suggestion]:
        with self._file.asking() as file:
            search = (
                "SELECT iri, label FROM event WHERE id IN"
                " (SELECT rowid FROM event_words WHERE event_words MATCH ? LIMIT ?)"
            )
            rows = file.execute(search, (f"names : ({wanted})", _COMPARED)).fetchall()
        return [Suggestion(iri, label, "event", 1) for iri, label in rows]


def _rank(one: Suggestion, begins: str) -> tuple[bool, int, str, str]:
    return (not fold(one.label).startswith(begins), -one.events, one.label, one.iri)
