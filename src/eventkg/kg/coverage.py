"""What data sets set out to hold, so that an empty answer says whether anything could have been in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal

from eventkg.model.naming import GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from eventkg.export.only import Only
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View

    Verdict = Literal["", "inside", "partly", "outside", "unstated"]

_MOST = 5  # data sets that one line names


@dataclass(frozen=True, slots=True)
class Covered:
    """What a release of a data set sets out to hold, and how what was asked for lies to that.

    `source` is its graph by the short name, `start` and `end` are ISO days, `places` are (IRI, label); empty
    where it does not say. `days` and `at` say whether the days and the places asked for lie inside, outside
    or (days) partly outside; "unstated" where the data set does not say, "" where nothing was asked.
    """

    source: str
    title: str
    release: str
    start: str
    end: str
    places: tuple[tuple[str, str], ...]
    unit: str
    inclusion: str
    days: Verdict = ""
    at: Verdict = ""

    def told(self) -> str:
        """What it covers."""
        return f"{f'{self.source} {self.release}'.strip()} covers {self._scope()}"

    def words(self) -> str:
        """What it covers, and where what was asked for lies."""
        return f"{self.told()}: {self._reason()}"

    def _scope(self) -> str:
        days = {
            (True, True): f"{self.start} to {self.end}",
            (True, False): f"{self.start} and later",
            (False, True): f"days up to {self.end}",
            (False, False): "days that are not stated",
        }[bool(self.start), bool(self.end)]
        return f"{days} in {', '.join(label for _, label in self.places)}" if self.places else days

    def _reason(self) -> str:
        asked = {"days": self.days, "places": self.at}
        if out := [name for name, verdict in asked.items() if verdict == "outside"]:
            return f"the {' and '.join(out)} asked for lie outside"
        if unstated := [name for name, verdict in asked.items() if verdict == "unstated"]:
            return f"it does not state its {' and '.join(unstated)}"
        if self.days == "partly":
            return "some of the days asked for lie outside, on the others it has no such event"
        return "it has no such event"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How what was asked for lies to what each data set covers; `absent` are graphs that are not there."""

    covered: tuple[Covered, ...]
    absent: tuple[str, ...] = ()

    def told(self) -> tuple[str, ...]:
        """What each data set sets out to hold."""
        return tuple(covered.told() for covered in self.covered)

    def line(self) -> str:
        """One line for whoever got an empty answer."""
        said = [f"nothing of {name} is in the graph" for name in self.absent]
        said += [covered.words() for covered in self.covered[:_MOST]]
        if len(self.covered) > _MOST:
            said.append(f"and {len(self.covered) - _MOST} data sets more")
        return "no event found; " + ("; ".join(said) or "no data set here says what it covers")


def coverage(graph: KnowledgeGraph, only: Only, view: View | None = None) -> Coverage:
    """What the data sets of a graph cover of the days, places and sources that were asked for.

    Raises:
        UsageError: no such view.

    """
    rows = graph.select("coverage", view)
    near = {
        place: frozenset(row["covered"] for row in graph.select("coverage_places", view, asked=place))
        for place in only.places
    }
    found = [
        replace(covered, days=_days(covered, only), at=_at(covered, near))
        for covered in _read(rows)
        if not only.sources or covered.source in only.sources
    ]
    held = {row["graph"].removeprefix(GRAPH) for row in graph.select("graphs", view)}
    return Coverage(tuple(found), tuple(sorted(only.sources - held)))


def _read(rows: Iterable[Mapping[str, Any]]) -> list[Covered]:
    """One for each release: its files cover what it covers."""

    def said(row: Mapping[str, Any]) -> tuple[str, ...]:
        names = ("graph", "title", "release", "from", "to", "unit", "inclusion")
        return tuple(str(row[name] or "") for name in names)

    found = []
    for (name, title, release, start, end, unit, inclusion), group in groupby(sorted(rows, key=said), said):
        places = {row["place"]: row["label"] or row["place"] for row in group if row["place"]}
        source = name.removeprefix(GRAPH)
        found.append(
            Covered(source, title, release, start, end, tuple(sorted(places.items())), unit, inclusion)
        )
    return found


def _days(covered: Covered, only: Only) -> Verdict:
    if not only.since and not only.until:
        return ""
    if not covered.start and not covered.end:
        return "unstated"
    first, last = only.since or covered.start, only.until or covered.end or "9999"
    if last < covered.start or (covered.end and first > covered.end):
        return "outside"
    whole = first >= covered.start and (not covered.end or last <= covered.end)
    return "inside" if whole else "partly"


def _at(covered: Covered, near: Mapping[str, frozenset[str]]) -> Verdict:
    """Inside as soon as one of the places asked for holds, is or lies within one that is covered."""
    if not near:
        return ""
    if not covered.places:
        return "unstated"
    own = {place for place, _ in covered.places}
    return "inside" if any(not own.isdisjoint(places) for places in near.values()) else "outside"
