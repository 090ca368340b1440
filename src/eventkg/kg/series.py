"""A measure of a network over windows of time: a series for each of its nodes."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from eventkg.errors import UsageError
from eventkg.export.network import build, kind_of
from eventkg.export.windows import windows
from eventkg.kg.asking import EVERYTHING, Asking, many_things
from eventkg.kg.networks import known, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventkg.export.material import Material
    from eventkg.export.network import Graph, Tie
    from eventkg.export.only import Only
    from eventkg.export.windows import Window
    from eventkg.kg.asking import Reading
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View


@dataclass(frozen=True, slots=True)
class Series:
    """Values by node (IRI), one for each window, 0 where it has no tie there; `view` is a policy's IRI."""

    view: str
    measure: str
    windows: tuple[Window, ...] = ()
    values: Mapping[str, list[float]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


class OverTime(NamedTuple):
    """What is measured: a kind of network, a measure, and the length of the windows (`windows.PERIODS`)."""

    kind: str
    measure: str
    every: str


def series(
    graph: KnowledgeGraph, asked: OverTime, view: View | None, only: Only, reading: Reading = EVERYTHING
) -> Series:
    """A measure over days, weeks, months, quarters or years, in the world of a view.

    An event counts in each window in which a day of it may lie, an undated one in none; so do ties without
    events. Windows reach from the first known day to the last, or from and to the days chosen.

    Raises:
        UsageError: no such kind, measure, period or view; too many windows.

    """
    from eventkg.export import measures  # igraph takes long to import

    kind, measure, every = asked
    if measure not in measures.MEASURES:
        raise UsageError(f"--measure: {measure!r} found, one of {', '.join(measures.MEASURES)} expected")
    with many_things():
        with Asking(graph, view, reading) as ask:
            material = known(read(ask, kind, only), reading, kind)
        chosen = _Windows(material, kind, only, every)
        held = dict(zip(chosen.windows, chosen.events, strict=True))

        def network_of(since: str, until: str) -> Graph:
            reading.progress(f"{every}s measured", 1)
            return chosen.network(held[since, until])

        values = measures.series(network_of, chosen.windows, measure)
    labels = {node: material.name(node).label for node in values}
    return Series(graph.policy(view).iri, measure, chosen.windows, values, labels)


class _Windows:
    """The windows of the events that were chosen, and the dated events of each."""

    def __init__(self, material: Material, kind: str, only: Only, every: str) -> None:
        self._material, self._kind = material, kind_of(kind)
        wanted = only.events(material)
        self._ties: dict[str, list[Tie]] = defaultdict(list)
        for tie in self._kind.ties(material):
            if tie.event in material.spans and (wanted is None or tie.event in wanted):
                self._ties[tie.event].append(tie)
        spans = {event: _days(material.spans[event]) for event in self._ties}
        self._spans = {event: span for event, span in spans.items() if span[0]}
        first, last = self._extent(only)
        self.windows = windows(first, last, every) if first and last else ()
        self.events: list[list[str]] = [[] for _ in self.windows]
        starts = [start for start, _ in self.windows]
        for event, (start, end) in self._spans.items():
            until = bisect_right(starts, end) if end else len(starts)
            for number in range(max(0, bisect_right(starts, start) - 1), until):
                self.events[number].append(event)

    def _extent(self, only: Only) -> Window:
        days = [day for span in self._spans.values() for day in span if day]
        first, last = min(days, default=""), max(days, default="")
        return only.since or first, only.until or (max(last, only.since) if last else "")

    def network(self, events: Iterable[str]) -> Graph:
        """The network of some of the events."""
        ties = (tie for event in events for tie in self._ties[event])
        return build(ties, self._material, self._kind.sides, None, self._kind.unit)


def _days(span: tuple[str, str]) -> Window:
    """A first day that is none leaves an event out; a last one that is none, or never, leaves it open."""
    first, last = (day[:10] if _is_day(day[:10]) else "" for day in span)
    return first, last if last < "9999" else ""


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False
