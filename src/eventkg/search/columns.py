"""Columns of an index as arrays: which things each event has to do with, in one facet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from eventkg.search.gathering import Gathering, Pairs

    Numbers = NDArray[np.int32 | np.int64]
    Mask = NDArray[np.bool_]

FACETS = ("actor", "equipment", "type", "place", "source", "status", "deaths")
SHOWN = ("part", "contested", "kind", "site")  # what a row shows, beside the facets


@dataclass(frozen=True, slots=True)
class Column:
    """Pairs of event and thing, by number, each once, in the order of events."""

    events: Numbers
    things: Numbers

    def of(self, event: int) -> list[int]:
        """The things of one event."""
        start, end = np.searchsorted(self.events, np.array((event, event + 1), dtype=self.events.dtype))
        return [int(thing) for thing in self.things[start:end]]

    def counts(self, among: Mask, things: int) -> NDArray[np.int64]:
        """How many of these events have to do with each of so many things."""
        return np.bincount(self.things[among[self.events]], minlength=things)

    def having(self, events: int) -> Mask:
        """Which of so many events have any thing."""
        found = np.zeros(events, dtype=np.bool_)
        found[self.events] = True
        return found

    def with_any(self, wanted: Mask, events: int) -> Mask:
        """Which of so many events have one of the wanted things."""
        found = np.zeros(events, dtype=np.bool_)
        found[self.events[wanted[self.things]]] = True
        return found


def columns(gathered: Gathering) -> dict[str, Column]:
    """`FACETS`, in which a thing stands for all within it, and `SHOWN`."""
    pairs = {name: _arrays(found) for name, found in gathered.pairs.items()}
    found = {
        **pairs,
        "actor": _joined(pairs["part"], pairs["contested"]),
        "type": _with_wholes(pairs["kind"], gathered.above),
        "place": _with_wholes(pairs["site"], gathered.within),
    }
    count = max(1, len(gathered.things))
    return {name: _each_once(*found[name], count) for name in (*FACETS, *SHOWN)}


def _arrays(pairs: Pairs) -> tuple[Numbers, Numbers]:
    return np.array(pairs.events, dtype=np.int32), np.array(pairs.things, dtype=np.int32)


def _joined(*pairs: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
    events, things = zip(*pairs, strict=True)
    return np.concatenate(events), np.concatenate(things)


def _each_once(events: Numbers, things: Numbers, count: int) -> Column:
    keys = np.unique(events.astype(np.int64) * count + things)
    return Column((keys // count).astype(np.int32), (keys % count).astype(np.int32))


def _with_wholes(pairs: tuple[Numbers, Numbers], wholes: Mapping[int, set[int]]) -> tuple[Numbers, Numbers]:
    """The pairs, and those with everything that each thing lies within."""
    events, things = pairs
    known = int(things.max(initial=-1)) + 1
    reached = [sorted(_reached(thing, wholes)) for thing in range(known)]
    lengths = np.array([len(found) for found in reached], dtype=np.int64)
    flat = np.array([whole for found in reached for whole in found], dtype=np.int32)
    starts = np.cumsum(lengths) - lengths
    times = lengths[things]  # so many wholes has the thing of each pair
    of_pair = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    return _joined(pairs, (np.repeat(events, times), flat[np.repeat(starts[things], times) + of_pair]))


def _reached(thing: int, wholes: Mapping[int, Iterable[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [thing]
    while waiting:
        new = set(wholes.get(waiting.pop(), ())) - found
        found |= new
        waiting.extend(new)
    return found
