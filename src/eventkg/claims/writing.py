"""Derivation run over a store: what graph/derived holds, as quads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.derive import derive
from eventkg.claims.policy import DEFAULT
from eventkg.claims.reading import read_book
from eventkg.model.naming import GRAPH_DERIVED
from eventkg.store.terms import to_term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.claims.policy import Policy

_DERIVED = ox.NamedNode(GRAPH_DERIVED)


def derived_quads(store: ox.Store, policy: Policy = DEFAULT) -> Iterator[ox.Quad]:
    """The whole of graph/derived for what the store holds elsewhere."""
    for subject, predicate, value in derive(read_book(store), policy):
        yield ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), to_term(value), _DERIVED)


def rederive(store: ox.Store) -> None:
    """Replace graph/derived."""
    quads = list(derived_quads(store))
    store.remove_graph(_DERIVED)
    store.extend(quads)
