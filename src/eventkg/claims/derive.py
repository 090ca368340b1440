"""Facts, statuses and counts derived from claims under a policy: pure, whatever the order of claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from eventkg.claims.hearing import judge
from eventkg.claims.standing import open_debate
from eventkg.model.claim import Book, Status, Value
from eventkg.model.naming import EKG, GRAPH_DERIVED, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from eventkg.claims.policy import Policy
    from eventkg.claims.standing import Debate, Standing
    from eventkg.model.claim import Proposition

    Judged = Mapping[str, Standing]  # by proposition

_TYPE = f"{RDF}type"
_EVENT, _REPORTED = Value(f"{EKG}Event"), Value(f"{EKG}ReportedEvent")


class Triple(NamedTuple):
    """A triple of graph/derived."""

    subject: str
    predicate: str
    object: Value


class World(NamedTuple):
    """What a policy makes of a debate.

    `triples` are those of graph/derived. `places` has each fact of a data set that is spoken of (by its
    proposition in the book) with the name of the proposition that graph/moved describes it as, empty where
    nothing contests it. Those `out` are no facts: they are not in their own graphs meanwhile. A policy that
    adopts what is contested leaves them in place, and marked. Facts that are `given` by a data set in place
    are not in graph/derived as well: in the union of all graphs they would be met twice.
    """

    triples: frozenset[Triple]
    places: dict[str, str]
    out: frozenset[str]
    given: frozenset[Triple]


def derive(book: Book, policy: Policy) -> frozenset[Triple]:
    """All of graph/derived: judgements on every proposition, facts for the adopted ones."""
    return world(open_debate(book), policy).triples


def world(debate: Debate, policy: Policy, subjects: frozenset[str] | None = None) -> World:
    """The world of a policy, or what it holds about some subjects."""
    return _world(debate, policy, judge(debate, policy, subjects), {})


def contrast(debate: Debate, one: Policy, here: Judged, other: Policy, there: Judged) -> tuple[World, World]:
    """The worlds of two policies that have judged, without judgements in which they agree."""
    return _world(debate, one, here, there), _world(debate, other, there, here)


def _world(debate: Debate, policy: Policy, judged: Judged, elsewhere: Judged) -> World:
    standings = judged.values()
    doubtful = _events_in_dispute(standings)
    conveyed = {iri for claim in debate.book.claims.values() if claim.bulk for iri in claim.propositions}
    triples, places = {Triple(GRAPH_DERIVED, f"{EKG}policy", Value(policy.iri))}, dict[str, str]()
    out: set[str] = set()
    typed: dict[str, bool] = {}  # events of which a data set says what they were: whether a kind of it stands
    for standing in standings:
        proposition = standing.proposition
        about, predicate, _ = proposition.statement
        stands = standing.adopted and (policy.everything or about not in doubtful)
        if not proposition.graph:
            triples.update(_judgement(standing, elsewhere.get(proposition.iri)))
            triples.update(_facts(standing) if stands else ())
            continue
        questioned = proposition.iri in conveyed and not (_is_settled(standing) and about not in doubtful)
        place = places[proposition.iri] = _moved_name(proposition, debate) if questioned else ""
        if questioned and not stands:
            out.add(proposition.iri)
        if place == proposition.iri:
            triples.update(_judgement(standing))
        if predicate == _TYPE:
            typed[about] = typed.get(about, False) or proposition.iri not in out
    triples |= {Triple(about, _TYPE, _REPORTED) for about, stands in typed.items() if not stands}
    in_place = (debate.book.propositions[iri].statement for iri in places.keys() - out)
    given = triples.intersection(Triple(*statement) for statement in in_place)
    return World(frozenset(triples - given), places, frozenset(out), frozenset(given))


def _is_settled(standing: Standing) -> bool:
    """Whether it is adopted and not, under a policy that adopts such things, contested all the same."""
    return standing.adopted and standing.status is not Status.CONTESTED


def _events_in_dispute(judged: Iterable[Standing]) -> frozenset[str]:
    """Events that somebody says never happened, or not as any such thing: none of their facts is settled.

    That a data set says of an event both what it was and that it was an event is one thing said.
    """
    kinds = [s for s in judged if s.proposition.statement.predicate == _TYPE]
    contested = [s.proposition.statement for s in kinds if s.status is Status.CONTESTED]
    adopted = (s.proposition for s in kinds if _is_settled(s))
    held = {p.statement.about for p in adopted if not (p.graph and p.statement.object == _EVENT)}
    outright = {statement.about for statement in contested if statement.object == _EVENT}
    return frozenset(({statement.about for statement in contested} - held) | outright)


def _moved_name(proposition: Proposition, debate: Debate) -> str:
    """That of a curated proposition which says the same without details, if there is one."""
    same = (p.iri for p in debate.family[proposition.statement] if not p.graph and not p.qualifiers)
    return min(same, default=proposition.iri)


def _judgement(standing: Standing, other: Standing | None = None) -> Iterator[Triple]:
    """What is derived of a proposition, where an `other` judgement of it says something else."""
    iri = standing.proposition.iri
    for name, field, values in _JUDGED:
        found = getattr(standing, field)
        if (other is None or getattr(other, field) != found) and (
            field != "detail_status" or standing.proposition.qualifiers
        ):
            for value in values(found):
                yield Triple(iri, name, value)


def _facts(standing: Standing) -> Iterator[Triple]:
    about, predicate, value = standing.proposition.statement
    yield Triple(about, predicate, value)
    if predicate == _TYPE:
        yield Triple(about, _TYPE, _EVENT)
    if standing.detail_adopted:
        yield Triple(about, f"{EKG}hasFact", Value(standing.proposition.iri))


def _statuses(status: Status) -> list[Value]:
    return [Value(EKG + status)]


def _actors(actors: frozenset[str]) -> list[Value]:
    return [Value(actor) for actor in actors]


def _integers(number: int) -> list[Value]:
    return [Value(str(number), f"{XSD}integer")]


_JUDGED: tuple[tuple[str, str, Callable[[Any], list[Value]]], ...] = (
    (f"{EKG}status", "status", _statuses),
    (f"{EKG}detailStatus", "detail_status", _statuses),
    (f"{EKG}assertedBy", "asserted_by", _actors),
    (f"{EKG}deniedBy", "denied_by", _actors),
    (f"{EKG}doubtedBy", "doubted_by", _actors),
    (f"{EKG}independentClaimants", "independent", _integers),
    (f"{EKG}independentClaimantsMax", "independent_max", _integers),
)
