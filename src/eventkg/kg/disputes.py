"""What is contested, and in what the worlds of two policies differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.kg.dossier import ask, ask_both
from eventkg.kg.ledger import claims
from eventkg.kg.points import Judgement, Point, judgement, order, point, rivals
from eventkg.kg.unspoken import given_otherwise
from eventkg.model.claim import Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.kg.dossier import Dossier
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.ledger import Ledger
    from eventkg.kg.policies import View
    from eventkg.model.claim import Proposition

_CONTESTED = Status.CONTESTED
MOST = 100  # events of which nobody but a data set speaks, in one comparison


@dataclass(frozen=True, slots=True)
class Dispute:
    """A point contested in a view (an IRI): who asserts, denies and doubts it, and what contradicts it."""

    view: str
    point: Point
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Standing:
    """How a point stands in one of two worlds; see `Judgement`."""

    status: str
    detail_status: str
    fact: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """A point that stands differently; `kind` is only-in-a or only-in-b (a fact there alone) or changed."""

    kind: str
    point: Point
    a: Standing
    b: Standing


@dataclass(frozen=True, slots=True)
class Comparison:
    """In what two policies' worlds differ; `a` and `b` are the policies' IRIs.

    `left_out` counts the events that differ in facts of data sets alone and are not listed, for there are
    too many; each can be compared by itself.
    """

    a: str
    b: str
    differences: tuple[Difference, ...]
    left_out: int = 0


def disputed(graph: KnowledgeGraph, view: View | None = None) -> tuple[Dispute, ...]:
    """Every point that is contested in a view, whole or in its details.

    Raises:
        UsageError: no such view.

    """
    dossier = ask(graph, "disputed", view)
    book = dossier.book()
    against = rivals(book)
    found = [
        Dispute(dossier.view, point(p, dossier), judgement(p, dossier, against.get(p.iri, ())))
        for p in book.propositions.values()
        if _is_contested(p, dossier)
    ]
    return tuple(sorted(found, key=lambda dispute: order(dispute.point)))


def compare(graph: KnowledgeGraph, a: View, b: View, subject: str | None = None) -> Comparison:
    """What is a fact under policy `a` only, under `b` only, and what has another status.

    Of facts that data sets give and of which nobody else speaks those of the first `MOST` events are listed.

    Raises:
        UnknownSubjectError: nothing is known of the subject. UsageError: no such view.

    """
    if subject:
        return _of_one(claims(graph, subject, a), claims(graph, subject, b))
    first, second = ask_both(graph, "standings", a, b)
    here, there = first.book().propositions, second.book().propositions
    found = [
        _difference(
            point(p, first), _standing(p, first), _standing(p, second) if iri in there else _plain(p, first)
        )
        for iri, p in here.items()
    ]
    found += [
        _difference(point(p, second), _plain(p, second), _standing(p, second))
        for iri, p in there.items()
        if iri not in here
    ]
    events = given_otherwise(graph, a, b)
    for event in events[:MOST]:
        of_one = _of_one(claims(graph, event, a), claims(graph, event, b))
        found += [difference for difference in of_one.differences if difference.point.proposition is None]
    return Comparison(first.view, second.view, _sorted(found), max(0, len(events) - MOST))


def _of_one(a: Ledger, b: Ledger) -> Comparison:
    """Of one subject also what a data set conveys of it and nobody else speaks of."""
    there = {_said(row.point): row.judgement for row in b.rows}
    found = [
        _difference(row.point, _as_standing(row.judgement), _as_standing(there[_said(row.point)]))
        for row in a.rows
        if _said(row.point) in there
    ]
    return Comparison(a.view, b.view, _sorted(found))


def _said(said: Point) -> tuple[object, ...]:
    """A point by what it says, whatever the names of those who say it."""
    return (said.predicate, said.object, said.value, said.datatype, said.language, said.words)


def _sorted(found: Iterable[Difference | None]) -> tuple[Difference, ...]:
    differences = [difference for difference in found if difference]
    differences.sort(key=lambda d: (order(d.point)[0], d.kind == "changed", d.kind, order(d.point)))
    return tuple(differences)


def _is_contested(proposition: Proposition, dossier: Dossier) -> bool:
    judged = judgement(proposition, dossier)
    return _CONTESTED in {judged.status, judged.detail_status}


def _difference(said: Point, a: Standing, b: Standing) -> Difference | None:
    if a == b:
        return None
    kind = "changed" if a.fact == b.fact else "only-in-a" if a.fact else "only-in-b"
    return Difference(kind, said, a, b)


def _standing(proposition: Proposition, dossier: Dossier) -> Standing:
    return _as_standing(judgement(proposition, dossier))


def _as_standing(judged: Judgement) -> Standing:
    return Standing(judged.status, judged.detail_status, judged.fact, judged.whole)


def _plain(proposition: Proposition, other: Dossier) -> Standing:
    """Of a data set's fact that is a proposition in the other world only: here nobody contests it."""
    status = Status.CORROBORATED if judgement(proposition, other).independent > 1 else Status.UNCONTESTED
    return Standing(status, status, fact=True, whole=True)
