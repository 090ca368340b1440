"""What is in a graph, at a glance: totals, events over time, who and where most, sources, contradictions."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.kg.coverage import Covered, coverage
from eventkg.kg.licences import Terms, licences
from eventkg.model.naming import EKG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View
    from eventkg.query.answers import Solutions

# The questions behind the numbers; whoever doubts one can ask it.
QUERIES = (
    "overview_totals", "overview_months", "overview_actors", "overview_places", "overview_sources",
    "overview_disputes", "stats_statuses",
)  # fmt: skip
_MOST_BINS = 120


@dataclass(frozen=True, slots=True)
class Counted:
    """A thing and the number of events it has a part in."""

    iri: str
    label: str
    events: int


@dataclass(frozen=True, slots=True)
class Bin:
    """The events that began from one ISO day to another, both included."""

    start: str
    end: str
    events: int


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A statement about an event, who asserts it and who denies it, in words."""

    event: Counted
    predicate: str
    said: str
    asserted_by: str
    denied_by: str


@dataclass(frozen=True, slots=True)
class Overview:
    """All of it for one view; `statuses` are numbers of propositions by the local name of their status."""

    view: str
    events: int
    reported: int
    claims: int
    documents: int
    statuses: dict[str, int]
    over_time: tuple[Bin, ...]
    step: str
    actors: tuple[Counted, ...]
    places: tuple[Counted, ...]
    contradictions: tuple[Contradiction, ...]
    events_by_graph: dict[str, int]
    terms: tuple[Terms, ...]
    coverage: tuple[Covered, ...]


def overview(graph: KnowledgeGraph, view: View | None = None) -> Overview:
    """Ask all of it, as many questions at a time as there are workers.

    Raises:
        UsageError: no such view. EventkgError: a question could not be answered.

    """
    from eventkg.export.only import Only

    with ThreadPoolExecutor(max(graph.limits.workers, 1)) as askers:
        found = dict(zip(QUERIES, askers.map(lambda name: graph.select(name, view), QUERIES), strict=True))
    totals = found["overview_totals"][0]
    step, bins = _bins(Counter({row["month"]: row["events"] for row in found["overview_months"]}))
    return Overview(
        view=graph.policy(view).iri,
        **{name: totals[name] for name in ("events", "reported", "claims", "documents")},
        statuses={row["status"].removeprefix(EKG): row["propositions"] for row in found["stats_statuses"]},
        over_time=bins,
        step=step,
        actors=_counted(found["overview_actors"], "actor"),
        places=_counted(found["overview_places"], "place"),
        contradictions=tuple(_contradictions(found["overview_disputes"])),
        events_by_graph={row["graph"]: row["events"] for row in found["overview_sources"]},
        terms=licences(graph, view).terms,
        coverage=coverage(graph, Only(), view).covered,
    )


def _counted(rows: Solutions, name: str) -> tuple[Counted, ...]:
    return tuple(Counted(row[name], row["label"] or "", row["events"]) for row in rows)


def _contradictions(rows: Solutions) -> Sequence[Contradiction]:
    return [
        Contradiction(
            Counted(row["event"], row["eventLabel"] or "", 1),
            row["predicateLabel"] or row["predicate"],
            row["saidLabel"] or str(row["said"]),
            row["assertedBy"] or "",
            row["deniedBy"] or "",
        )
        for row in rows
    ]


def _bins(months: Counter[str]) -> tuple[str, tuple[Bin, ...]]:
    """Months, or years where those would be too many to tell apart; empty ones among them as well."""
    if not months:
        return "month", ()
    first, last = min(months), max(months)
    count = (int(last[:4]) - int(first[:4])) * 12 + int(last[5:]) - int(first[5:]) + 1
    if count <= _MOST_BINS:
        named = [_month(first, number) for number in range(count)]
        return "month", tuple(Bin(f"{month}-01", f"{month}-{_days(month)}", months[month]) for month in named)
    years = Counter[str]()
    for month, events in months.items():
        years[month[:4]] += events
    span = range(int(first[:4]), int(last[:4]) + 1)
    return "year", tuple(Bin(f"{y:04}-01-01", f"{y:04}-12-31", years[f"{y:04}"]) for y in span)


def _month(first: str, after: int) -> str:
    months = int(first[:4]) * 12 + int(first[5:]) - 1 + after
    return f"{months // 12:04}-{months % 12 + 1:02}"


def _days(month: str) -> int:
    from calendar import monthrange

    return monthrange(int(month[:4]), int(month[5:]))[1]
