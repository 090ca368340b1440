"""The worlds of policies over one snapshot, as differences from the default one that it stores.

What was said is read and unrolled once; each policy then only judges, and one that differs from the default
by whose
word it takes for granted judges only what they spoke of.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.bulk import MOVED
from eventkg.claims.conveyed import unadopted
from eventkg.claims.derive import World, world
from eventkg.claims.policy import DEFAULT
from eventkg.claims.reading import read_book
from eventkg.claims.standing import open_debate
from eventkg.claims.writing import DERIVED, fact, moved_quads, to_quad
from eventkg.errors import UsageError
from eventkg.model.naming import DEFAULT_POLICY, EKG
from eventkg.store.files import to_nquads

if TYPE_CHECKING:
    from eventkg.claims.policy import Policy

Difference = tuple[bytes, bytes]  # N-Quads to remove, N-Quads to add


def difference(store: ox.Store, policy: Policy) -> Difference:
    """What a store loses and gains under a policy; see `Snapshot`."""
    return Snapshot(store).difference(store, policy)


class Snapshot:
    """What was said in one state of a store."""

    def __init__(self, store: ox.Store) -> None:
        self._debate = open_debate(read_book(store))
        self._as_derived = _is_derived(store)

    def difference(self, store: ox.Store, policy: Policy) -> Difference:
        """What the store, which is in this state, loses and gains under a policy.

        Raises:
            UsageError: the policy takes the word of an actor who says nothing here.

        """
        silent = [a for a in policy.partisans - self._debate.book.speakers() if not _speaks(a, store)]
        if silent:
            raise UsageError(
                f"{', '.join(sorted(silent))}: an actor found who says nothing here, a speaker expected"
            )
        subjects = self._spoken_of_by(policy.partisans) if _only_takes_sides(policy) else None
        if not self._as_derived:
            removed, added = self._from_nothing(store, policy)
        elif subjects is None:
            removed, added = self._between(self._default, world(self._debate, policy))
        else:
            default = world(self._debate, DEFAULT, subjects)
            removed, added = self._between(default, world(self._debate, policy, subjects))
        if is_costly(policy):
            gone, reported = unadopted(store, policy, self._debate.book)
            removed, added = removed | gone, added | reported
        return to_nquads(removed), to_nquads(added)

    @cached_property
    def _default(self) -> World:
        return world(self._debate, DEFAULT)

    def _spoken_of_by(self, partisans: frozenset[str]) -> frozenset[str]:
        """Subjects about which one of these takes a position."""
        heard, propositions = self._debate.heard, self._debate.book.propositions
        return frozenset(
            propositions[iri].statement.about
            for iri, positions in heard.items()
            if any(position.speaker in partisans for position in positions)
        )

    def _between(self, one: World, other: World) -> tuple[set[ox.Quad], set[ox.Quad]]:
        book = self._debate.book
        removed = set(map(to_quad, one.triples - other.triples))
        added = set(map(to_quad, other.triples - one.triples))
        placed = {iri for iri, place in other.places.items() if place != one.places[iri]}
        if placed:
            here, there = set(moved_quads(one.places, book)), set(moved_quads(other.places, book))
            stood = {fact(iri, book).quad() for iri in placed if not one.places[iri]}
            stands = {fact(iri, book).quad() for iri in placed if not other.places[iri]}
            removed |= (here - there) | stood
            added |= (there - here) | stands
        return removed, added

    def _from_nothing(self, store: ox.Store, policy: Policy) -> tuple[set[ox.Quad], set[ox.Quad]]:
        """Over a store of another make, in which nothing was derived under the default policy."""
        book, wanted = self._debate.book, world(self._debate, policy)
        stored = {q for graph in (DERIVED, MOVED) for q in store.quads_for_pattern(None, None, None, graph)}
        quads = {*map(to_quad, wanted.triples), *moved_quads(wanted.places, book)}
        moved = {fact(iri, book).quad() for iri, place in wanted.places.items() if place}
        stands = {fact(iri, book).quad() for iri, place in wanted.places.items() if not place}
        return (stored - quads) | moved, (quads - stored) | stands


def _only_takes_sides(policy: Policy) -> bool:
    """Whether it is the default but for those whose word it takes for granted."""
    return replace(policy, iri=DEFAULT.iri, partisans=frozenset()) == DEFAULT


def is_costly(policy: Policy) -> bool:
    """Whether it asks more of a data set than that nobody objects: then every row must be judged."""
    indifferent = {name: getattr(DEFAULT, name) for name in ("denial_veto", "doubt_veto", "everything")}
    return not _only_takes_sides(replace(policy, **indifferent))


def _speaks(actor: str, store: ox.Store) -> bool:
    """Whether an actor says anything, if only in the rows of a data set."""
    roles = (ox.NamedNode(EKG + name) for name in ("claimant", "attributedTo"))
    found = (store.quads_for_pattern(None, role, ox.NamedNode(actor), None) for role in roles)
    return any(next(iter(quads), None) is not None for quads in found)


def _is_derived(store: ox.Store) -> bool:
    mark = ox.Quad(DERIVED, ox.NamedNode(f"{EKG}policy"), ox.NamedNode(DEFAULT_POLICY), DERIVED)
    return mark in store
