"""One number out of several: what a policy takes of a figure that speakers tell differently."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, NamedTuple

from eventkg.claims.independence import sources
from eventkg.claims.positions import positions
from eventkg.model.claim import Stance, Status
from eventkg.model.naming import EKG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventkg.claims.policy import Policy
    from eventkg.claims.positions import Position
    from eventkg.claims.standing import Standing
    from eventkg.model.claim import Book, Proposition, Statement

# Properties of an event of which only one number can be true; the three sums of a row stay three.
FIGURES = frozenset(
    EKG + name
    for name in (
        *("targetsStruck", "strikeCount", "bombTons", "deathsLow", "deathsBest", "deathsHigh"),
        *("deathsSideA", "deathsSideB", "deathsCivilians", "deathsUnknown"),
    )
)


class _Figure(NamedTuple):
    """What a number is the number of: a property of an event, or of how many of what a statement speaks."""

    about: str
    predicate: str
    statement: Statement | None


@dataclass(slots=True)
class _Backing:
    """What gives a number, and who asserts it."""

    propositions: set[str] = field(default_factory=set)
    assertions: list[Position] = field(default_factory=list)


def choose(judged: Mapping[str, Standing], book: Book, policy: Policy) -> dict[str, Standing]:
    """Of each number told differently the policy's is adopted if nothing else bars it, the others are not.

    All of them are contested. The choice is made among what is asserted, before any veto: a number that is
    denied is not replaced by the next, so that a denial never adds a fact.
    """
    found = dict(judged)
    for figure, numbers in _told(book, policy).items():
        if len(numbers) > 1:
            chosen = _chosen(numbers, policy.number)
            for number, backing in numbers.items():
                for iri in backing.propositions & judged.keys():
                    found[iri] = _marked(found[iri], figure, chosen=number == chosen)
    return found


def without_rival_numbers(book: Book) -> Book:
    """The book in which different numbers of the same thing do not contradict each other."""
    members: dict[_Figure, set[str]] = defaultdict(set)
    for proposition in book.propositions.values():
        for figure, _ in _numbers(proposition):
            members[figure].add(proposition.iri)
    return replace(
        book,
        propositions={
            iri: replace(
                p, contradicts=p.contradicts - {o for figure, _ in _numbers(p) for o in members[figure]}
            )
            for iri, p in book.propositions.items()
        },
    )


def _told(book: Book, policy: Policy) -> dict[_Figure, dict[Decimal, _Backing]]:
    """The numbers that somebody whom the policy hears asserts, and who does."""
    given = [(iri, f, number) for iri, p in book.propositions.items() for f, number in _numbers(p)]
    told: dict[_Figure, dict[Decimal, _Backing]] = defaultdict(lambda: defaultdict(_Backing))
    for position in positions(book):
        if position.stance is Stance.ASSERTS and policy.heard.include(position, book.kinds):
            for figure, number in _numbers(book.propositions[position.proposition]):
                told[figure][number].assertions.append(position)
    for iri, figure, number in given:
        if number in told.get(figure, ()):
            told[figure][number].propositions.add(iri)
    return told


def _chosen(numbers: Mapping[Decimal, _Backing], wanted: str) -> Decimal:
    """The lowest, the highest, or the one that most stand behind; on a tie the lower."""
    if wanted == "best":
        return max(numbers, key=lambda n: (*sources(numbers[n].assertions), -n))
    return max(numbers) if wanted == "high" else min(numbers)


def _marked(standing: Standing, figure: _Figure, *, chosen: bool) -> Standing:
    whole = standing.detail_adopted and chosen
    marked = replace(standing, detail_status=Status.CONTESTED, detail_adopted=whole)
    if figure.statement:
        return marked
    return replace(marked, status=Status.CONTESTED, adopted=standing.adopted and chosen)


def _numbers(proposition: Proposition) -> Iterator[tuple[_Figure, Decimal]]:
    """The figures that a proposition gives a number for."""
    about, predicate, value = proposition.statement
    if predicate in FIGURES and (number := _number(value.text)) is not None:
        yield _Figure(about, predicate, None), number
    for name, text in proposition.qualifiers:
        if name == "count" and (number := _number(text)) is not None:
            yield _Figure(about, predicate, proposition.statement), number


def _number(text: str) -> Decimal | None:
    """None for what only claims to be a number."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
