"""The worlds of policies over stores of random claims and rows: what a view is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.claims.books import ACTORS, EVENTS, books
from tests.claims.test_incremental import claim_quads, iri, node, parts, quad

from eventkg.claims import worlds
from eventkg.claims.incremental import neighbours, rederive_part
from eventkg.claims.policy import ALL, CORROBORATED, DEFAULT, as_told_by
from eventkg.claims.worlds import Snapshot
from eventkg.claims.writing import rederive
from eventkg.model.claim import Book, Claim, Stance, Value
from eventkg.model.naming import EKG, GRAPH_MOVED, RDF

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.claims.policy import Policy

_ROWS = ["row1", "row2", "row3"]
_FACTS = [
    ("performedBy", "russia"),
    ("performedBy", "coalition"),
    (f"{RDF}type", f"{EKG}AirStrike"),
    (f"{RDF}type", f"{EKG}Event"),
    ("sender", "coalition"),
]


@st.composite
def rows(draw: st.DrawFn) -> list[tuple[str, list[ox.Quad]]]:
    """Up to three rows of data sets, each with facts of an event, in one of two graphs."""
    found = []
    for name in draw(st.lists(st.sampled_from(_ROWS), unique=True)):
        event, graph = (
            draw(st.sampled_from(EVENTS)),
            ox.NamedNode(draw(st.sampled_from(["urn:g1", "urn:g2"]))),
        )
        claim = Claim(
            name,
            draw(st.sampled_from([*ACTORS, "maker"])),
            draw(st.sampled_from([Stance.ASSERTS, Stance.ASSERTS, Stance.DENIES])),
            attributed_to=draw(st.frozensets(st.sampled_from(ACTORS), max_size=2)),
        )
        quads = [*claim_quads(claim), quad(name, "conveys", node(event))]
        for predicate, value in draw(st.lists(st.sampled_from(_FACTS), unique=True)):
            quads.append(quad(event, predicate, node(value)))
        found.append((iri(name), [ox.Quad(q.subject, q.predicate, q.object, graph) for q in quads]))
    return found


@st.composite
def facts(draw: st.DrawFn) -> list[tuple[str, list[ox.Quad]]]:
    """Up to three plain facts that come by themselves, of an event that a row conveys or not."""
    one = st.tuples(st.sampled_from(EVENTS), st.sampled_from(_FACTS), st.sampled_from(["urn:g1", "urn:g2"]))
    found = []
    for event, (predicate, value), graph in draw(st.lists(one, max_size=3, unique=True)):
        said = quad(event, predicate, node(value))
        alone = ox.Quad(said.subject, said.predicate, said.object, ox.NamedNode(graph))
        found.append((iri(event), [alone]))
    return found


def declared() -> Iterator[ox.Quad]:
    for name in ("performedBy", "sender"):
        yield quad(EKG + name, f"{RDF}type", Value(f"{EKG}ClaimableProperty"))


def filled(*groups: list[tuple[str, list[ox.Quad]]]) -> ox.Store:
    store = ox.Store()
    store.extend(declared())
    store.extend(q for group in groups for _, quads in group for q in quads)
    rederive(store)
    return store


@settings(max_examples=25)
@given(books(), rows(), facts(), st.data())
def test_rows_facts_and_claims_in_any_order_derive_what_all_at_once_does(
    book: Book,
    given_rows: list[tuple[str, list[ox.Quad]]],
    alone: list[tuple[str, list[ox.Quad]]],
    data: st.DataObject,
) -> None:
    everything = data.draw(st.permutations([*parts(book), *given_rows, *alone]))
    store = filled()
    for name, quads in everything:
        store.extend(quads)
        rederive_part(store, {name})
    whole = filled(everything)
    assert set(store) == set(whole)
    for name, quads in everything[: len(everything) // 2]:
        if name in {row for row, _ in (*given_rows, *alone)}:
            continue  # what a row gave may be given by another as well
        touched = neighbours(store, {name})
        for gone in quads:
            store.remove(gone)
        rederive_part(store, touched)
        again = ox.Store()
        again.extend(store)
        rederive(again)
        assert set(again) == set(store)


@settings(max_examples=25)
@given(books(), rows())
def test_nothing_that_a_row_gives_is_ever_lost(
    book: Book, given_rows: list[tuple[str, list[ox.Quad]]]
) -> None:
    claimed = parts(book)
    store, bare = filled(given_rows, claimed), filled(given_rows)
    for _, quads in claimed:
        for gone in quads:
            store.remove(gone)
    rederive(store)
    assert set(store) == set(bare)
    assert {q for _, quads in given_rows for q in quads} <= set(store)
    assert not list(store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH_MOVED)))


@settings(max_examples=25)
@given(books(), rows(), st.sampled_from(ACTORS))
def test_a_view_read_in_part_is_the_view_read_whole(
    book: Book, given_rows: list[tuple[str, list[ox.Quad]]], actor: str
) -> None:
    store = filled(parts(book), given_rows)
    policy = as_told_by(iri(actor))
    if not _speaks(store, actor):
        return
    in_part = Snapshot().difference(store, policy)
    snapshot = Snapshot()
    snapshot.difference(store, ALL)  # it reads everything
    assert _as_sets(snapshot.difference(store, policy)) == _as_sets(in_part)
    derived_before = set(store)
    assert snapshot.difference(store, DEFAULT) == (b"", b"")
    assert set(store) == derived_before


_POLICIES = [ALL, CORROBORATED, DEFAULT, *(as_told_by(iri(actor)) for actor in ACTORS)]


@settings(max_examples=40)
@given(books(), rows(), st.sampled_from(_POLICIES))
def test_a_view_is_the_same_whether_the_store_was_derived_before_or_not(
    book: Book, given_rows: list[tuple[str, list[ox.Quad]]], policy: Policy
) -> None:
    derived, bare = filled(parts(book), given_rows), ox.Store()
    bare.extend(declared())
    bare.extend(q for group in (parts(book), given_rows) for _, quads in group for q in quads)
    if not all(_speaks(bare, partisan.removeprefix("urn:")) for partisan in policy.partisans):
        return
    assert seen(derived, policy) == seen(bare, policy)


def seen(store: ox.Store, policy: Policy) -> set[ox.Quad]:
    """A store as a view has it."""
    removed, added = (
        set(ox.parse(part, format=ox.RdfFormat.N_QUADS)) for part in Snapshot().difference(store, policy)
    )
    return (set(store) - removed) | added


_ROLES = ("claimant", "attributedTo")


def _speaks(store: ox.Store, actor: str) -> bool:
    name = ox.NamedNode(iri(actor))
    return any(list(store.quads_for_pattern(None, ox.NamedNode(EKG + r), name)) for r in _ROLES)


def _as_sets(difference: tuple[bytes, bytes]) -> tuple[set[bytes], ...]:
    return tuple(set(part.splitlines()) for part in difference)


@settings(max_examples=25)
@given(books(), rows())
def test_the_corroborated_world_holds_no_fact_that_the_default_lacks(
    book: Book, given_rows: list[tuple[str, list[ox.Quad]]]
) -> None:
    store = filled(parts(book), given_rows)
    removed, added = (
        set(ox.parse(part, format=ox.RdfFormat.N_QUADS))
        for part in Snapshot().difference(store, CORROBORATED)
    )
    assert removed <= set(store)
    subjects = {ox.NamedNode(iri(event)) for event in EVENTS}
    reported = ox.NamedNode(f"{EKG}ReportedEvent")
    before = {(q.subject, q.predicate, q.object) for q in store if q.subject in subjects}
    after = {(q.subject, q.predicate, q.object) for q in added if q.subject in subjects}
    assert {triple for triple in after if triple[2] != reported} <= before


@pytest.mark.parametrize("few", [0, 10])
def test_an_actor_who_says_much_is_read_with_all_the_others(
    few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bound is on what is read alone, and changes no answer."""
    monkeypatch.setattr(worlds, "_FEW", few)
    proposition = [
        quad("p", f"{RDF}type", Value(f"{EKG}Proposition")),
        quad("p", "about", node("strike")),
        quad("p", "predicate", Value(f"{EKG}performedBy")),
        quad("p", "object", node("russia")),
    ]
    says = Claim("a", "ministry", Stance.ASSERTS, frozenset({"p"}))
    denies = Claim("b", "pentagon", Stance.DENIES, frozenset({"p"}))
    store = filled([("p", proposition)], [(c.iri, list(claim_quads(c))) for c in (says, denies)])
    _, added = Snapshot().difference(store, as_told_by("urn:ministry"))
    assert b"<urn:strike> <https://w3id.org/eventkg/ontology#performedBy> <urn:russia>" in added
