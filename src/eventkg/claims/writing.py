"""Derivation run over a store: what graph/derived holds, and which facts of data sets are moved, as quads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.bulk import MOVED, BulkFact
from eventkg.claims.derive import World, world
from eventkg.claims.policy import DEFAULT
from eventkg.claims.reading import read_book
from eventkg.claims.standing import open_debate
from eventkg.model.naming import GRAPH_DERIVED
from eventkg.store.terms import to_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventkg.claims.derive import Triple
    from eventkg.model.claim import Book

DERIVED = ox.NamedNode(GRAPH_DERIVED)


def to_quad(triple: Triple) -> ox.Quad:
    """In graph/derived."""
    return ox.Quad(
        ox.NamedNode(triple.subject), ox.NamedNode(triple.predicate), to_term(triple.object), DERIVED
    )


def copy(quad: ox.Quad) -> ox.Quad:
    """The same in graph/derived."""
    return ox.Quad(quad.subject, quad.predicate, quad.object, DERIVED)


def rederive(store: ox.Store) -> None:
    """Bring graph/derived up to date, move the contested facts of data sets and put back the others.

    What is as it should be is not written again.
    """
    book = read_book(store)
    stored = {quad for graph in (DERIVED, MOVED) for quad in store.quads_for_pattern(None, None, None, graph)}
    write(store, stored, world(open_debate(book), DEFAULT), book)


def write(store: ox.Store, stored: set[ox.Quad], wanted: World, book: Book) -> None:
    """Make a world out of what derivation had `stored` in its own graphs."""
    quads = {*map(to_quad, wanted.triples), *moved_quads(wanted.places, book)}
    facts = {iri: fact(iri, book).quad() for iri in wanted.places}
    for quad in (*(stored - quads), *(facts[iri] for iri in wanted.out)):
        store.remove(quad)
    store.extend((*(quads - stored), *(quad for iri, quad in facts.items() if iri not in wanted.out)))


def fact(iri: str, book: Book) -> BulkFact:
    """The fact of a data set that a proposition of the book says."""
    return BulkFact(book.propositions[iri].statement, book.propositions[iri].graph)


def moved_quads(places: dict[str, str], book: Book) -> Iterator[ox.Quad]:
    """What graph/moved holds of these facts: each as a proposition that its rows assert."""
    moved = {iri for iri, place in places.items() if place}
    if not moved:
        return
    rows = conveying(book, moved)
    for iri in moved:
        yield from fact(iri, book).moved(places[iri], rows.get(iri, ()))


def conveying(book: Book, facts: Iterable[str]) -> dict[str, list[str]]:
    """The claims that put facts of data sets forward."""
    wanted, found = set(facts), dict[str, list[str]]()
    for claim in book.claims.values():
        for iri in claim.propositions & wanted if claim.bulk else ():
            found.setdefault(iri, []).append(claim.iri)
    return found
