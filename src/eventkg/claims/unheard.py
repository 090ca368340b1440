"""Facts of bulk data that a view leaves out: those of rows whose claim its policy does not hear."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from eventkg.claims.hearing import is_reliable, is_there, listen
from eventkg.claims.policy import EVERYBODY
from eventkg.claims.reading import read_part
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


def unheard(store: ox.Store, book: Book, policy: Policy) -> tuple[set[ox.Quad], set[ox.Quad]]:
    """What graphs other than graph/derived lose and gain in a view, given the book of curated claims.

    An event whose row is not heard stays as one that is only reported, with its labels and without facts.
    """
    if not policy.passes_over_claims() and policy.heard == EVERYBODY:
        return set(), set()
    rows = list(_rows(store))
    claims = described(read_part(store, set(), {row.claim for row in rows}), store, policy)
    kinds = {**claims.kinds, **listen(book, policy)[0].kinds}
    heard = {(row.event, row.graph) for row in rows if _counts(claims.claims.get(row.claim), policy, kinds)}
    left = {(row.event, row.graph) for row in rows} - heard
    claimable = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, _CLAIMABLE)} if left else set()
    gone = {q for event, graph in left for q in store.quads_for_pattern(event, None, None, graph)}
    gone = {q for q in gone if q.predicate in claimable or (q.predicate == _TYPE and q.object != _REPORTED)}
    return gone, {ox.Quad(event, _TYPE, _REPORTED, graph) for event, graph in left}


def _rows(store: ox.Store) -> Iterator[_Row]:
    for quad in store.quads_for_pattern(None, ox.NamedNode(f"{EKG}conveys"), None):
        if isinstance(quad.object, ox.NamedNode) and isinstance(quad.graph_name, ox.NamedNode):
            yield _Row(text(quad.subject), quad.object, quad.graph_name)


def _counts(claim: Claim | None, policy: Policy, kinds: Mapping[str, frozenset[str]]) -> bool:
    """Whether the policy hears the claim, from its claimant or from somebody to whom it is ascribed."""
    if claim is None or not is_there(claim, policy) or not is_reliable(claim, policy):
        return False
    if policy.stances and claim.stance not in policy.stances:
        return False
    speakers = {claim.claimant, *claim.attributed_to}
    return any(policy.heard.has(speaker, claim.relation, kinds) for speaker in speakers)
