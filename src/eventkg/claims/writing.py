"""Derivation run over a store: what graph/derived holds, as quads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.derive import derive
from eventkg.claims.explaining import description, passing_over
from eventkg.claims.policy import DEFAULT
from eventkg.claims.reading import read_book
from eventkg.claims.surroundings import described
from eventkg.claims.unheard import unheard
from eventkg.model.naming import GRAPH_DERIVED
from eventkg.store.files import to_nquads
from eventkg.store.terms import to_term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.claims.derive import Triple
    from eventkg.claims.policy import Policy

_DERIVED = ox.NamedNode(GRAPH_DERIVED)


def derived_quads(store: ox.Store, policy: Policy = DEFAULT) -> Iterator[ox.Quad]:
    """The whole of graph/derived for what the store holds elsewhere."""
    return map(_quad, derive(read_book(store), policy))


def _quad(triple: Triple) -> ox.Quad:
    return ox.Quad(
        ox.NamedNode(triple.subject), ox.NamedNode(triple.predicate), to_term(triple.object), _DERIVED
    )


def difference(store: ox.Store, policy: Policy) -> tuple[bytes, bytes]:
    """What the graph loses and gains under a policy, as N-Quads.

    That is in graph/derived, and in others the facts of bulk data that the policy does not hear. A policy
    that is described nowhere else is described there.

    Raises:
        UsageError: the policy names an actor who says nothing in this store, or a source that is not there.

    """
    book = described(read_book(store), store, policy)
    left = unheard(store, book, policy)
    stored = set(store.quads_for_pattern(None, None, None, _DERIVED))
    said = (*derive(book, policy), *description(policy), *passing_over(left.claims, policy))
    wanted = {_quad(triple) for triple in said}
    return to_nquads((stored - wanted) | left.facts), to_nquads((wanted - stored) | left.reported)


def rederive(store: ox.Store) -> None:
    """Replace graph/derived."""
    quads = list(derived_quads(store))
    store.remove_graph(_DERIVED)
    store.extend(quads)
