"""Deriving what a change reaches gives the same as deriving everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.claims.books import books

from eventkg.claims.incremental import neighbours, rederive_part
from eventkg.claims.reading import read_book
from eventkg.claims.writing import rederive
from eventkg.model.claim import Claim, Proposition, Value
from eventkg.model.naming import CODE, EKG, GRAPH_DERIVED, RDF, XSD
from eventkg.store.terms import to_term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.model.claim import Book

_USER = ox.NamedNode("urn:graph")


def quad(subject: str, name: str, value: Value) -> ox.Quad:
    predicate = name if ":" in name else EKG + name
    return ox.Quad(ox.NamedNode(iri(subject)), ox.NamedNode(predicate), to_term(value), _USER)


def iri(name: str) -> str:
    return name if ":" in name else f"urn:{name}"


def node(name: str) -> Value:
    return Value(iri(name))


def proposition_quads(proposition: Proposition) -> Iterator[ox.Quad]:
    about, predicate, value = proposition.statement
    yield quad(proposition.iri, f"{RDF}type", Value(f"{EKG}Proposition"))
    yield quad(proposition.iri, "about", node(about))
    yield quad(proposition.iri, "predicate", Value(predicate))
    yield quad(proposition.iri, "object", node(value.text))
    for name, number in proposition.qualifiers:
        yield quad(proposition.iri, name, Value(number, f"{XSD}integer"))
    for other in proposition.contradicts:
        yield quad(proposition.iri, "contradicts", node(other))


def claim_quads(claim: Claim) -> Iterator[ox.Quad]:
    yield quad(claim.iri, f"{RDF}type", Value(f"{EKG}Claim"))
    yield quad(claim.iri, "claimant", node(claim.claimant))
    yield quad(claim.iri, "stance", Value(EKG + claim.stance))
    links = {
        "proposition": claim.propositions,
        "relays": claim.relays,
        "respondsTo": claim.responds_to,
        "corrects": claim.replaces,
        "attributedTo": claim.attributed_to,
    }
    for name, targets in links.items():
        for target in targets:
            yield quad(claim.iri, name, node(target))
    if claim.attributed_stance:
        yield quad(claim.iri, "attributedStance", Value(EKG + claim.attributed_stance))
    if not claim.root_stated:
        yield quad(claim.iri, "rootStatus", Value(f"{CODE}root-status/unstated"))
    if claim.relation:
        yield quad(claim.iri, "claimantRelation", Value(f"{CODE}claimant-relation/{claim.relation}"))
    if not claim.actual:
        yield quad(claim.iri, "modality", Value(f"{CODE}modality/feared"))
    if claim.claimed_on:
        yield quad(claim.iri, "claimedOn", Value(claim.claimed_on, f"{XSD}date"))


def parts(book: Book) -> list[tuple[str, list[ox.Quad]]]:
    """Each proposition and claim with its quads."""
    found = [(iri(p.iri), list(proposition_quads(p))) for p in book.propositions.values()]
    return found + [(iri(c.iri), list(claim_quads(c))) for c in book.claims.values()]


def derived(store: ox.Store) -> set[ox.Quad]:
    return set(store.quads_for_pattern(None, None, None, ox.NamedNode(GRAPH_DERIVED)))


def from_scratch(store: ox.Store) -> set[ox.Quad]:
    copy = ox.Store()
    copy.extend(store)
    rederive(copy)
    return derived(copy)


@settings(max_examples=12)  # each derives dozens of times
@given(books(), st.data())
def test_adding_and_removing_part_of_a_book_derives_what_deriving_it_all_does(
    book: Book, data: st.DataObject
) -> None:
    everything = parts(book)
    later = [part for part in everything if data.draw(st.booleans())]
    store = ox.Store()
    store.extend(q for part in everything if part not in later for q in part[1])
    rederive(store)
    for name, quads in later:
        store.extend(quads)
        rederive_part(store, {name})
    assert derived(store) == from_scratch(store)
    for name, quads in data.draw(st.permutations(everything)):
        touched = neighbours(store, {name})
        for gone in quads:
            store.remove(gone)
        rederive_part(store, touched)
        assert derived(store) == from_scratch(store)


@given(books())
def test_a_book_is_read_as_it_was_written(book: Book) -> None:
    store = ox.Store()
    store.extend(q for _, quads in parts(book) for q in quads)
    read = read_book(store)
    assert set(read.propositions) == {iri(p) for p in book.propositions}
    answered = {
        c for claim in book.claims.values() for c in claim.relays | claim.responds_to | claim.replaces
    }
    deciding = {
        iri(c.iri)
        for c in book.claims.values()
        if c.propositions | c.relays | c.responds_to | c.replaces or c.iri in answered
    }
    assert set(read.claims) == deciding
