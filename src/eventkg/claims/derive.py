"""Facts, statuses and counts derived from claims under a policy: pure, whatever the order of claims."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from eventkg.claims.hearing import judge
from eventkg.model.claim import Book, Status, Value
from eventkg.model.naming import EKG, GRAPH_DERIVED, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventkg.claims.policy import Policy
    from eventkg.claims.standing import Standing

_TYPE = f"{RDF}type"
_EVENT = Value(f"{EKG}Event")


class Triple(NamedTuple):
    """A triple of graph/derived."""

    subject: str
    predicate: str
    object: Value


def derive(book: Book, policy: Policy) -> frozenset[Triple]:
    """All of graph/derived: judgements on every proposition, facts for the adopted ones."""
    judged = judge(book, policy).values()
    doubtful = _events_in_dispute(judged)
    triples = {Triple(GRAPH_DERIVED, f"{EKG}policy", Value(policy.iri))}
    for standing in judged:
        triples.update(_judgement(standing))
        if standing.adopted and standing.proposition.statement.about not in doubtful:
            triples.update(_facts(standing))
    return frozenset(triples)


def _events_in_dispute(judged: Iterable[Standing]) -> frozenset[str]:
    """Events that somebody says never happened, or not as any such thing: none of their facts stands."""
    kinds = [s for s in judged if s.proposition.statement.predicate == _TYPE]
    held = {s.proposition.statement.about for s in kinds if s.adopted}
    contested = {s.proposition.statement.about for s in kinds if s.status is Status.CONTESTED}
    return frozenset(contested - held)


def _judgement(standing: Standing) -> Iterator[Triple]:
    iri = standing.proposition.iri
    yield Triple(iri, f"{EKG}status", Value(EKG + standing.status))
    if standing.proposition.qualifiers:
        yield Triple(iri, f"{EKG}detailStatus", Value(EKG + standing.detail_status))
    voices = {
        "assertedBy": standing.asserted_by,
        "deniedBy": standing.denied_by,
        "doubtedBy": standing.doubted_by,
    }
    for name, actors in voices.items():
        for actor in actors:
            yield Triple(iri, EKG + name, Value(actor))
    yield Triple(iri, f"{EKG}independentClaimants", _integer(standing.independent))
    yield Triple(iri, f"{EKG}independentClaimantsMax", _integer(standing.independent_max))


def _facts(standing: Standing) -> Iterator[Triple]:
    about, predicate, value = standing.proposition.statement
    yield Triple(about, predicate, value)
    if predicate == _TYPE:
        yield Triple(about, _TYPE, _EVENT)
    if standing.detail_adopted:
        yield Triple(about, f"{EKG}hasFact", Value(standing.proposition.iri))


def _integer(number: int) -> Value:
    return Value(str(number), f"{XSD}integer")
