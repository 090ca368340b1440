"""What an actor, equipment or a place has to do with events: when, with whom, what is contested.

Counts are made in the graph, one query each; of a thing with very many events only on demand.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.kg.described import Description, described
from eventkg.kg.dossier import Labels, Name, ask, rows, subject_iri
from eventkg.kg.points import judgement, order, point, rivals
from eventkg.model.claim import Status
from eventkg.model.naming import BASE, EKG
from eventkg.store.terms import text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.kg.dossier import Dossier
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.points import Judgement, Point
    from eventkg.kg.policies import View

QUICK = 5_000  # events up to which everything is counted at once; one less than *_probe.rq ask for
_YEARS_BY_MONTH = 5
SHOWN = 12  # rows of a table
MOST_DISPUTES = 40  # statements, as in ledger_parts.rq
_QUERIES = {
    "actor": ("thing_roles", "thing_ties", "thing_places", "thing_types", "thing_crafts", "thing_equipment"),
    "equipment": ("thing_performers", "thing_equipment", "thing_places", "thing_types"),
    "place": ("place_actors", "place_types", "place_crafts", "place_relations", "place_parts"),
}
KINDS = tuple(_QUERIES)
_ALWAYS = {"thing_equipment", "place_parts"}  # cheap for a thing with many events


@dataclass(frozen=True, slots=True)
class Counted:
    """A thing and the number of events."""

    thing: Name
    events: int


@dataclass(frozen=True, slots=True)
class Table:
    """Those with the most events first; `more` says that there are others."""

    name: str
    rows: tuple[Counted, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A month or year (YYYY-MM, YYYY): events that began in it, and those with a contested part."""

    start: str
    events: int
    contested: int


@dataclass(frozen=True, slots=True)
class Disputed:
    """A contested or unsupported statement that names the thing."""

    point: Point
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Part:
    """A place and the one that it lies within."""

    part: Name
    whole: Name


@dataclass(frozen=True, slots=True)
class Portrait:
    """A thing in a view.

    `events` counts those in which it stands as a fact; None where there are more than `QUICK` and nobody
    asked to count them. `step` is month or year. `stances` are its claims by stance, `ascribed` among them;
    of very many their number alone. `disputes` are `MOST_DISPUTES` of the `disputed` at most. `above` and
    `inside` are of places.
    """

    kind: str
    description: Description
    events: int | None
    undated: int
    step: str
    timeline: tuple[Bar, ...]
    tables: tuple[Table, ...]
    stances: tuple[tuple[str, int], ...]
    disputed: int
    disputes: tuple[Disputed, ...]
    above: tuple[Part, ...]
    inside: tuple[Name, ...]

    def table(self, name: str) -> Table:
        """One of the tables; empty where nothing was counted."""
        return next((table for table in self.tables if table.name == name), Table(name, (), more=False))


def portrait(
    graph: KnowledgeGraph, subject: str, view: View | None = None, *, everything: bool = False
) -> Portrait:
    """An actor, equipment or place by its IRI; with `everything` all is counted, however long it takes.

    Raises:
        UnknownSubjectError: nothing is known of it. UsageError: no such view.

    """
    iri = subject_iri(subject)
    kind = iri.removeprefix(f"{BASE}id/").partition("/")[0]
    description = described(graph, iri, view)
    of = "place" if kind == "place" else "thing"
    number = _number(graph, f"{of}_probe", iri, view)
    whole = everything or number <= QUICK
    contested = _months(graph, "thing_disputed", iri, view)
    held = _months(graph, f"{of}_months", iri, view) if whole else {}
    step, timeline = _timeline(held, contested)
    return Portrait(
        kind=kind,
        description=description,
        events=sum(held.values()) if whole else None,
        undated=held.get("", 0),
        step=step,
        timeline=timeline,
        tables=_tables(graph, kind, iri, view, whole=whole),
        stances=_stances(graph, description, view),
        disputed=sum(contested.values()),
        disputes=_disputes(ask(graph, "parts", view, iri), iri),
        above=_above(graph, description, view) if kind == "place" else (),
        inside=_inside(graph, iri, view) if kind == "place" else (),
    )


def _number(graph: KnowledgeGraph, name: str, iri: str, view: View | None) -> int:
    return sum(int(text(row["events"])) for row in rows(graph, name, view, subject=iri)[1])


def _months(graph: KnowledgeGraph, name: str, iri: str, view: View | None) -> dict[str, int]:
    found = rows(graph, name, view, subject=iri)[1]
    return {text(row["month"]): int(text(row["events"])) for row in found}


def _timeline(held: dict[str, int], contested: dict[str, int]) -> tuple[str, tuple[Bar, ...]]:
    """By month up to a few years, else by year; whole years, in which no gap is left out."""
    months = sorted(month for month in {*held, *contested} if month)
    if not months:
        return "month", ()
    years = range(int(months[0][:4]), int(months[-1][:4]) + 1)
    step, length = ("month", 7) if len(years) <= _YEARS_BY_MONTH else ("year", 4)
    slots = dict.fromkeys(f"{year:04}-{month:02}"[:length] for year in years for month in range(1, 13))
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for at, counted in enumerate((held, contested)):
        for month, number in counted.items():
            sums[month[:length]][at] += number
    return step, tuple(Bar(slot, *sums[slot]) for slot in slots)


def _tables(
    graph: KnowledgeGraph, kind: str, iri: str, view: View | None, *, whole: bool
) -> tuple[Table, ...]:
    names = [name for name in _QUERIES.get(kind, ()) if whole or name in _ALWAYS]
    return tuple(table for name in names for table in _grouped(rows(graph, name, view, subject=iri)[1]))


def _grouped(found: Iterable[ox.QuerySolution]) -> list[Table]:
    labels = Labels()
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    for row in found:
        labels.add(row["thing"], row["label"])
        groups[text(row["group"])][text(row["thing"])] = int(text(row["events"]))
    tables = []
    for group, counted in groups.items():
        ranked = sorted(counted, key=lambda thing: (-counted[thing], labels.name(thing).label, thing))
        shown = tuple(Counted(labels.name(thing), counted[thing]) for thing in ranked[:SHOWN])
        tables.append(Table(group, shown, more=len(ranked) > SHOWN))
    return tables


def _stances(
    graph: KnowledgeGraph, description: Description, view: View | None
) -> tuple[tuple[str, int], ...]:
    """Of whom very many claims are, their number alone."""
    ways = {way.predicate.iri: way.total for way in description.pointing}
    own, ascribed = ways.get(f"{EKG}claimant", 0), ways.get(f"{EKG}attributedTo", 0)
    if own > QUICK:
        return (("claims", own), *((("ascribed", ascribed),) if ascribed else ()))
    if not own + ascribed:
        return ()
    found = rows(graph, "thing_stances", view, subject=description.thing.iri)[1]
    counted = [(text(row["stance"]).rpartition("#")[2], int(text(row["claims"]))) for row in found]
    return tuple(sorted(counted, key=lambda one: (one[0] == "ascribed", -one[1], one[0])))


def _disputes(dossier: Dossier, iri: str) -> tuple[Disputed, ...]:
    """A statement once, with the fewest details."""
    book = dossier.book()
    against = rivals(book)
    found: dict[object, Disputed] = {}
    for proposition in sorted(book.propositions.values(), key=lambda one: (len(one.qualifiers), one.iri)):
        status = dossier.first(proposition.iri, "status").rpartition("#")[2]
        if proposition.statement.object.text != iri or status not in {Status.CONTESTED, Status.UNSUPPORTED}:
            continue
        judged = judgement(proposition, dossier, against.get(proposition.iri, ()))
        found.setdefault(proposition.statement, Disputed(point(proposition, dossier), judged))
    return tuple(sorted(found.values(), key=lambda one: (one.judgement.status, order(one.point))))


def _above(graph: KnowledgeGraph, description: Description, view: View | None) -> tuple[Part, ...]:
    """The links upward, from the place itself on; several where it lies within several."""
    iri = description.thing.iri
    labels, links = Labels(), dict[tuple[str, str], None]()
    labels.add(ox.NamedNode(iri), ox.Literal(description.thing.label, language="en"))
    for row in rows(graph, "thing_within", view, subject=iri)[1]:
        labels.add(row["whole"], row["label"])
        links[text(row["part"]), text(row["whole"])] = None
    found: dict[tuple[str, str], None] = {}
    level = {iri}
    while level:
        here = sorted(link for link in links if link[0] in level and link not in found)
        found.update(dict.fromkeys(here))
        level = {whole for _, whole in here}
    return tuple(Part(labels.name(part), labels.name(whole)) for part, whole in found)


def _inside(graph: KnowledgeGraph, iri: str, view: View | None) -> tuple[Name, ...]:
    labels, things = Labels(), dict[str, None]()
    for row in rows(graph, "place_inside", view, subject=iri)[1]:
        labels.add(row["thing"], row["label"])
        things[text(row["thing"])] = None
    return tuple(sorted(map(labels.name, things), key=lambda name: (name.label, name.iri)))
