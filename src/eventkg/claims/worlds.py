"""The worlds of policies over one snapshot, as differences from the default one that it stores.

What was said is read and unrolled once; each policy then only listens and judges. One that differs from the
default by whose word it takes for granted, and by nothing else, judges only what they spoke of; where that is
little, nothing else is read. One that asks more of a data set than that nobody objects judges every row.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.bulk import MOVED
from eventkg.claims.conveyed import unadopted
from eventkg.claims.derive import World, world
from eventkg.claims.everything import everything
from eventkg.claims.explaining import description, passing_over
from eventkg.claims.incremental import read_spoken_of
from eventkg.claims.policy import ALL, DEFAULT
from eventkg.claims.reading import read_book
from eventkg.claims.standing import open_debate
from eventkg.claims.surroundings import check_known, described
from eventkg.claims.unheard import unheard
from eventkg.claims.writing import DERIVED, copy, fact, moved_quads, to_quad
from eventkg.model.claim import Book
from eventkg.model.naming import DEFAULT_POLICY, EKG
from eventkg.store.files import to_nquads

if TYPE_CHECKING:
    from eventkg.claims.policy import Policy
    from eventkg.claims.standing import Debate

_FEW = 2_000  # claims or subjects, up to which it is faster to follow links than to read everything
Change = tuple[set[ox.Quad], set[ox.Quad]]  # to remove, to add
Difference = tuple[bytes, bytes]  # the same as N-Quads


def difference(store: ox.Store, policy: Policy) -> Difference:
    """What a store loses and gains under a policy; see `Snapshot`."""
    return Snapshot().difference(store, policy)


class Snapshot:
    """What was said in one state of a store, as far as somebody has asked; many threads may ask."""

    def __init__(self) -> None:
        """Nothing is read yet."""
        self._lock = threading.Lock()
        self._debate: Debate | None = None
        self._default: World | None = None

    def difference(self, store: ox.Store, policy: Policy) -> Difference:
        """What the store, which is always in this state, loses and gains under a policy.

        That is in graph/derived and graph/moved, and in others the facts of data sets that the policy does
        not hear or adopt. A policy that is described nowhere else is described in graph/derived.

        Raises:
            UsageError: the policy names an actor who says nothing here, or a source that is not there.

        """
        if is_costly(policy) or not _is_derived(store):
            removed, added = self._all_judged(store, policy)
        else:
            check_known(store, Book(), policy)
            removed, added = self._judged(store, policy)
        said = set(map(to_quad, description(policy)))
        return to_nquads(removed - said), to_nquads(added | said)

    def _judged(self, store: ox.Store, policy: Policy) -> Change:
        """Under a policy for which only what is spoken of can stand otherwise than in the default world."""
        if replace(policy, iri=ALL.iri) == ALL:
            return everything(store, policy)
        if _only_takes_sides(policy):
            debate, subjects = self._spoken_of_by(store, policy.partisans)
            default = world(debate, DEFAULT, subjects)
            return _between(debate.book, default, world(debate, policy, subjects))
        debate = self._all(store)
        return _between(debate.book, self._default_world(debate), world(debate, policy))

    def _all_judged(self, store: ox.Store, policy: Policy) -> Change:
        """Under any policy: whatever is spoken of, and every row of the data sets."""
        debate = self._all(store)
        debate = replace(debate, book=described(debate.book, store, policy))
        wanted = world(debate, policy)
        if _is_derived(store):
            removed, added = _between(debate.book, self._default_world(debate), wanted)
        else:
            removed, added = _from_nothing(store, debate.book, wanted)
        if not is_costly(policy):
            return removed, added
        left = unheard(store, debate.book, policy)
        gone, reported = unadopted(store, policy, debate.book)
        unheard_of = {(quad.subject, quad.graph_name) for quad in left.reported}
        added = {quad for quad in added if (quad.subject, quad.graph_name) not in unheard_of}
        passed_over = set(map(to_quad, passing_over(left.claims, policy)))
        lost = gone | left.facts
        kept = _no_more_given(debate.book, wanted, lost)
        return (removed | lost) - kept, added | reported | left.reported | passed_over | kept

    def _default_world(self, debate: Debate) -> World:
        with self._lock:
            self._default = self._default or world(debate, DEFAULT)
            return self._default

    def _all(self, store: ox.Store) -> Debate:
        with self._lock:
            if self._debate is None:
                self._debate = open_debate(read_book(store))
            return self._debate

    def _spoken_of_by(self, store: ox.Store, partisans: frozenset[str]) -> tuple[Debate, frozenset[str]]:
        """Subjects about which these may take a position, and all that bears on them: read alone if few."""
        part = None if self._debate else read_spoken_of(store, partisans, _FEW)
        if part:
            return open_debate(part[0]), frozenset(part[1])
        debate = self._all(store)
        propositions = debate.book.propositions
        subjects = {
            propositions[iri].statement.about
            for iri, positions in debate.heard.items()
            if any(position.speaker in partisans for position in positions)
        }
        return debate, frozenset(subjects)


def _between(book: Book, one: World, other: World) -> Change:
    removed = set(map(to_quad, one.triples - other.triples))
    added = set(map(to_quad, other.triples - one.triples))
    if one.places != other.places:
        here, there = set(moved_quads(one.places, book)), set(moved_quads(other.places, book))
        removed |= here - there
        added |= there - here
    removed |= {fact(iri, book).quad() for iri in other.out - one.out}
    added |= {fact(iri, book).quad() for iri in one.out - other.out}
    return removed, added


def _no_more_given(book: Book, wanted: World, lost: set[ox.Quad]) -> set[ox.Quad]:
    """Facts of graph/derived that were left to data sets, whose rows the policy does not hear."""
    given = set(map(to_quad, wanted.given))
    facts = (fact(iri, book).quad() for iri in wanted.places.keys() - wanted.out) if given else ()
    return given - {copy(quad) for quad in facts if quad not in lost}


def _from_nothing(store: ox.Store, book: Book, wanted: World) -> Change:
    """Over a store of another make, in which nothing was derived under the default policy."""
    stored = {q for graph in (DERIVED, MOVED) for q in store.quads_for_pattern(None, None, None, graph)}
    quads = {*map(to_quad, wanted.triples), *moved_quads(wanted.places, book)}
    moved = {fact(iri, book).quad() for iri in wanted.out}
    stands = {fact(iri, book).quad() for iri in wanted.places.keys() - wanted.out}
    return (stored - quads) | moved, (quads - stored) | stands


def _only_takes_sides(policy: Policy) -> bool:
    """Whether it is the default but for those whose word it takes for granted."""
    return replace(policy, iri=DEFAULT.iri, partisans=frozenset(), label="", definition="") == DEFAULT


def is_costly(policy: Policy) -> bool:
    """Whether it asks more of a data set than that nobody objects: then every row must be judged."""
    indifferent = {name: getattr(DEFAULT, name) for name in ("denial_veto", "doubt_veto", "everything")}
    return not _only_takes_sides(replace(policy, **indifferent))


def _is_derived(store: ox.Store) -> bool:
    mark = ox.Quad(DERIVED, ox.NamedNode(f"{EKG}policy"), ox.NamedNode(DEFAULT_POLICY), DERIVED)
    return mark in store
