"""Facts of bulk data that a view leaves out: those of rows whose claim its policy does not hear."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from eventkg.claims.hearing import is_reliable, is_there, passed_over
from eventkg.claims.policy import EVERYBODY
from eventkg.claims.reading import read_about
from eventkg.claims.surroundings import described
from eventkg.model.naming import EKG, RDF
from eventkg.store.terms import text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from eventkg.claims.policy import Policy
    from eventkg.model.claim import Book, Claim

_TYPE = ox.NamedNode(f"{RDF}type")
_REPORTED = ox.NamedNode(f"{EKG}ReportedEvent")
_CLAIMABLE = ox.NamedNode(f"{EKG}ClaimableProperty")


class _Row(NamedTuple):
    """A claim that conveys an event as a whole, and the graph in which its facts stand."""

    claim: str
    event: ox.NamedNode
    graph: ox.NamedNode


class Unheard(NamedTuple):
    """What a view takes away from other graphs than graph/derived, and what it puts there; which claims."""

    facts: frozenset[ox.Quad] = frozenset()
    reported: frozenset[ox.Quad] = frozenset()
    claims: frozenset[str] = frozenset()


def unheard(
    store: ox.Store, book: Book, heard: Book, policy: Policy, among: set[ox.NamedNode] | None
) -> Unheard:
    """What a view leaves out of bulk data, and the claims it passes over, having `heard` this of its book.

    No rows but those of the events `among` these are looked at, unless it is None.
    An event whose row is not heard stays as one that is only reported, with its labels and without facts.
    """
    if not policy.passes_over_claims() and policy.heard == EVERYBODY:
        return Unheard()
    rows = list(
        _rows(store) if among is None else chain.from_iterable(_rows(store, event) for event in among)
    )
    conveying = described(read_about(store, set(), set(), {row.claim for row in rows}), store, policy)
    kinds = {**conveying.kinds, **heard.kinds}
    silent = {iri for iri, claim in conveying.claims.items() if not _is_heard(claim, policy, kinds)}
    left = {(r.event, r.graph) for r in rows} - {(r.event, r.graph) for r in rows if r.claim not in silent}
    claimable = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, _CLAIMABLE)} if left else set()
    told = {q for event, graph in left for q in store.quads_for_pattern(event, None, None, graph)}
    kind = {q for q in told if q.predicate == _TYPE and q.object != _REPORTED}
    return Unheard(
        frozenset(kind | {q for q in told if q.predicate in claimable}),
        frozenset(ox.Quad(event, _TYPE, _REPORTED, graph) for event, graph in left),
        passed_over(book, heard, policy) | silent,
    )


def _rows(store: ox.Store, event: ox.NamedNode | None = None) -> Iterator[_Row]:
    for quad in store.quads_for_pattern(None, ox.NamedNode(f"{EKG}conveys"), event):
        if isinstance(quad.object, ox.NamedNode) and isinstance(quad.graph_name, ox.NamedNode):
            yield _Row(text(quad.subject), quad.object, quad.graph_name)


def _is_heard(claim: Claim, policy: Policy, kinds: Mapping[str, frozenset[str]]) -> bool:
    """Whether the policy hears the claim, from its claimant or from somebody to whom it is ascribed."""
    if not is_there(claim, policy) or not is_reliable(claim, policy):
        return False
    if policy.stances and claim.stance not in policy.stances:
        return False
    speakers = {claim.claimant, *claim.attributed_to}
    return any(policy.heard.has(speaker, claim.relation, kinds) for speaker in speakers)
