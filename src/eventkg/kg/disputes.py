"""What is contested, and in what the worlds of two policies differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.kg.dossier import UnknownSubjectError, ask, subject_iri
from eventkg.kg.points import Judgement, Point, judgement, order, point, rivals_of
from eventkg.model.claim import Status
from eventkg.model.naming import shorten

if TYPE_CHECKING:
    from eventkg.kg.dossier import Dossier
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.policies import View
    from eventkg.model.claim import Proposition

_CONTESTED = Status.CONTESTED


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
    """In what two policies' worlds differ; `a` and `b` are the policies' IRIs."""

    a: str
    b: str
    differences: tuple[Difference, ...]


def disputed(graph: KnowledgeGraph, view: View | None = None) -> tuple[Dispute, ...]:
    """Every point that is contested in a view, whole or in its details.

    Raises:
        UsageError: no such view.

    """
    dossier = ask(graph, "disputed", view)
    book = dossier.book()
    found = [
        Dispute(dossier.view, point(p, dossier), judgement(p, dossier, rivals_of(p, book)))
        for p in book.propositions.values()
        if _is_contested(p, dossier)
    ]
    return tuple(sorted(found, key=lambda dispute: order(dispute.point)))


def compare(graph: KnowledgeGraph, a: View, b: View, subject: str | None = None) -> Comparison:
    """What is a fact under policy `a` only, under `b` only, and what has another status.

    Raises:
        UnknownSubjectError: nothing is known of the subject. UsageError: no such view.

    """
    iri = subject_iri(subject) if subject else None
    first, second = ask(graph, "standings", a, iri), ask(graph, "standings", b, iri)
    if iri and not len(first.store):
        _check_known(graph, iri, a)
    there = second.book().propositions
    found = [
        difference
        for p in first.book().propositions.values()
        if p.iri in there and (difference := _difference(p, first, second))
    ]
    found.sort(key=lambda d: (order(d.point)[0], d.kind == "changed", d.kind, order(d.point)))
    return Comparison(first.view, second.view, tuple(found))


def _check_known(graph: KnowledgeGraph, iri: str, view: View) -> None:
    """Nothing said about it is no difference; nothing known of it is a mistake."""
    if not len(ask(graph, "subject", view, iri).store):
        raise UnknownSubjectError(f"{shorten(iri)}: nothing of this name is in the graph")


def _is_contested(proposition: Proposition, dossier: Dossier) -> bool:
    judged = judgement(proposition, dossier)
    return _CONTESTED in {judged.status, judged.detail_status}


def _difference(proposition: Proposition, first: Dossier, second: Dossier) -> Difference | None:
    a, b = _standing(proposition, first), _standing(proposition, second)
    if a == b:
        return None
    kind = "changed" if a.fact == b.fact else "only-in-a" if a.fact else "only-in-b"
    return Difference(kind, point(proposition, first), a, b)


def _standing(proposition: Proposition, dossier: Dossier) -> Standing:
    judged = judgement(proposition, dossier)
    return Standing(judged.status, judged.detail_status, judged.fact, judged.whole)
