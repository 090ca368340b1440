"""The world in which whatever somebody asserts is a fact, made of what derivation has written down.

It hears and judges as the default policy does, so that nobody has to be heard again: who asserts what stands
in graph/derived, and what somebody asserts that is no fact becomes one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.bulk import rows
from eventkg.claims.writing import DERIVED, copy
from eventkg.model.naming import DEFAULT_POLICY, EKG, RDF

if TYPE_CHECKING:
    from eventkg.claims.policy import Policy

_POLICY = ox.NamedNode(f"{EKG}policy")
_TYPE, _HAS_FACT = ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{EKG}hasFact")
_CONVEYS = ox.NamedNode(f"{EKG}conveys")
_EVENT, _REPORTED = ox.NamedNode(f"{EKG}Event"), ox.NamedNode(f"{EKG}ReportedEvent")


def everything(store: ox.Store, policy: Policy) -> tuple[set[ox.Quad], set[ox.Quad]]:
    """What a derived store loses and gains where everything is adopted; equal to judging all of it again."""
    back = {ox.Quad(*row) for row in rows(store, "set_aside")}
    added = {ox.Quad(DERIVED, _POLICY, ox.NamedNode(policy.iri), DERIVED)}
    facts = set[ox.Quad]()
    for proposition, *said in rows(store, "asserted"):
        about, predicate, _ = said
        facts.add(_derived(*said))
        if predicate == _TYPE:
            facts.add(_derived(about, _TYPE, _EVENT))
        added.add(_derived(about, _HAS_FACT, proposition))
    held = {quad.subject for quad in back if quad.predicate == _TYPE}
    removed = {_derived(event, _TYPE, _REPORTED) for event in held} - facts
    removed.add(ox.Quad(DERIVED, _POLICY, ox.NamedNode(DEFAULT_POLICY), DERIVED))
    given = set(map(copy, back))
    added |= {quad for quad in facts - given if not _stands(quad, store)} | back
    return {quad for quad in removed | (given & facts) if quad in store}, added


def _stands(quad: ox.Quad, store: ox.Store) -> bool:
    """Whether a fact of graph/derived is there, or stands in a graph that conveys what it is about."""
    same = store.quads_for_pattern(quad.subject, quad.predicate, quad.object)
    graphs = {q.graph_name for q in same}
    return DERIVED in graphs or any(
        next(store.quads_for_pattern(None, _CONVEYS, quad.subject, g), None) for g in graphs
    )


def _derived(subject: object, predicate: object, value: object) -> ox.Quad:
    return ox.Quad(subject, predicate, value, DERIVED)  # type: ignore[arg-type]
