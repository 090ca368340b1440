"""The worlds of policies over one snapshot, as differences from the default one that it stores.

A policy can differ from the default one only about what claims reach that it takes otherwise: the indices of
the store name them, and where they are few, nothing else is read. Where they are many, what was said is read
and unrolled once for all policies, and each judges what its own claims reach. One that asks more of a data
set than that nobody objects judges rows as well: those that it may not hear, or all where it asks how many
stand behind them.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from eventkg.claims.bulk import MOVED, conveyed_by
from eventkg.claims.concerned import concerned, not_asserting
from eventkg.claims.conveyed import unadopted
from eventkg.claims.derive import World, contrast, world
from eventkg.claims.everything import everything
from eventkg.claims.explaining import description, passing_over
from eventkg.claims.hearing import judge, judge_heard, listen
from eventkg.claims.incremental import read_reached
from eventkg.claims.policy import ALL, DEFAULT
from eventkg.claims.reaching import reached
from eventkg.claims.reading import read_book
from eventkg.claims.standing import open_debate
from eventkg.claims.surroundings import check_known, described, with_those_commanded
from eventkg.claims.uncollected import uncollected
from eventkg.claims.unheard import unheard
from eventkg.claims.writing import DERIVED, copy, fact, moved_quads, to_quad
from eventkg.model.naming import DEFAULT_POLICY, EKG
from eventkg.store.files import to_nquads

if TYPE_CHECKING:
    from eventkg.claims.columns import Ask
    from eventkg.claims.derive import Judged
    from eventkg.claims.policy import Policy
    from eventkg.claims.standing import Debate
    from eventkg.model.claim import Book

_FEW = 2_000  # claims or subjects, up to which it is faster to follow links than to read everything
_MANY = 20_000  # claims, beyond which a policy judges everything
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
        self._usual: Judged = {}  # how the default policy judges it
        self._silent: set[str] | None = None  # rows of data sets that assert nothing

    def read(self, store: ox.Store, ask: Ask | None = None) -> None:
        """Read ahead what was said, before somebody asks for a policy that takes much of it otherwise."""
        with uncollected():
            self._all(store, ask)
            self._not_asserting(store)

    def difference(self, store: ox.Store, policy: Policy, ask: Ask | None = None) -> Difference:
        """What the store, which is always in this state, loses and gains under a policy.

        That is in graph/derived and graph/moved, and in others the facts of data sets that the policy does
        not hear or adopt. A policy that is described nowhere else is described in graph/derived. Where much
        has to be read, `ask` answers questions about the same state faster than the store.

        Raises:
            UsageError: the policy names an actor who says nothing here, or a source that is not there.

        """
        check_known(store, policy)
        with uncollected():
            listening = with_those_commanded(store, policy)
            removed, added = (self._changed if _is_derived(store) else self._made)(store, listening, ask)
        added |= set(map(to_quad, description(policy)))
        return to_nquads(removed - added), to_nquads(added)

    def _changed(self, store: ox.Store, policy: Policy, ask: Ask | None) -> Change:
        """What differs from the default world, which the store holds: only what may differ is judged."""
        if replace(policy, iri=ALL.iri) == ALL:
            return everything(store, policy)
        nodes = concerned(store, policy, _MANY)
        if nodes is not None and is_costly(policy):
            nodes |= self._not_asserting(store)
        debate, subjects = self._touched(store, nodes, ask)
        usual = self._judged(debate, subjects)
        book = described(debate.book, store, policy)
        debate, (heard, listening) = replace(debate, book=book), listen(book, policy)
        judged = judge_heard(debate, heard, listening, subjects)
        stored, wanted = contrast(debate, DEFAULT, usual, policy, judged)
        return _with_rows(_between(book, stored, wanted), store, policy, _Judged(book, heard, wanted), nodes)

    def _made(self, store: ox.Store, policy: Policy, ask: Ask | None) -> Change:
        """The same where nothing was derived: everything is judged."""
        debate = self._all(store, ask)
        book = described(debate.book, store, policy)
        wanted, heard = world(replace(debate, book=book), policy), listen(book, policy)[0]
        change = _from_nothing(store, book, wanted)
        return _with_rows(change, store, policy, _Judged(book, heard, wanted), None)

    def _all(self, store: ox.Store, ask: Ask | None) -> Debate:
        with self._lock:
            if self._debate is None:
                self._debate = open_debate(read_book(store, ask))
                self._usual = judge(self._debate, DEFAULT)
            return self._debate

    def _judged(self, debate: Debate, subjects: frozenset[str] | None) -> Judged:
        """How the default policy judges what is said about some subjects, or about all."""
        if debate is not self._debate:
            return judge(debate, DEFAULT, subjects)
        if subjects is None:
            return self._usual
        return {
            iri: standing
            for iri, standing in self._usual.items()
            if standing.proposition.statement.about in subjects
        }

    def _not_asserting(self, store: ox.Store) -> set[str]:
        with self._lock:
            if self._silent is None:
                self._silent = not_asserting(store)
            return self._silent

    def _touched(
        self, store: ox.Store, nodes: set[str] | None, ask: Ask | None
    ) -> tuple[Debate, frozenset[str] | None]:
        """What bears on the subjects that claims or propositions reach, and these: read alone if few."""
        if nodes is None:
            return self._all(store, ask), None
        if self._debate is None and len(nodes) <= _FEW and (part := read_reached(store, nodes, _FEW)):
            return open_debate(part[0]), frozenset(part[1])
        debate = self._all(store, ask)
        return debate, reached(debate, nodes)


class _Judged(NamedTuple):
    """A book, as a policy's claims are described in it, what the policy hears of it and makes of it."""

    book: Book
    heard: Book
    world: World


def _with_rows(
    change: Change, store: ox.Store, policy: Policy, judged: _Judged, among: set[str] | None
) -> Change:
    """With the facts of data sets that a policy does not hear or adopt: by claims `among` these."""
    if not is_costly(policy):
        return change
    removed, added = change
    known = judged.book.claims  # of which those that are no rows convey nothing
    rows = among and {iri for iri in among if iri not in known or known[iri].bulk}
    events = None if rows is None else conveyed_by(store, rows)
    left = unheard(store, judged.book, judged.heard, policy, events)
    gone, reported = unadopted(store, policy, judged.heard, events)
    unheard_of = {(quad.subject, quad.graph_name) for quad in left.reported}
    added = {quad for quad in added if (quad.subject, quad.graph_name) not in unheard_of}
    passed_over = set(map(to_quad, passing_over(left.claims, policy)))
    lost = gone | left.facts
    kept = _no_more_given(judged.book, judged.world, lost)
    return (removed | lost) - kept, added | reported | left.reported | passed_over | kept


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
    """Whether it asks more of a data set than that nobody objects: then rows must be judged as well."""
    names = ("denial_veto", "doubt_veto", "everything", "with_subordinates")
    return not _only_takes_sides(replace(policy, **{name: getattr(DEFAULT, name) for name in names}))


def _is_derived(store: ox.Store) -> bool:
    mark = ox.Quad(DERIVED, ox.NamedNode(f"{EKG}policy"), ox.NamedNode(DEFAULT_POLICY), DERIVED)
    return mark in store
