"""What claims reach within a debate that was read whole: the subjects about which they can change much."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.claims.standing import Debate
    from eventkg.model.claim import Book


def reached(debate: Debate, nodes: Iterable[str]) -> frozenset[str]:
    """The subjects of which these claims and propositions speak, and those of what contradicts it.

    Claims that answer each other, pass each other on or replace each other are heard together.
    """
    book = debate.book
    claims = _together(book, nodes)
    named = {iri for claim in claims & book.claims.keys() for iri in book.claims[claim].propositions}
    spoken_of = (named | claims) & book.propositions.keys()
    subjects = {book.propositions[iri].statement.about for iri in spoken_of}
    rivals = {
        rival
        for statement, family in debate.family.items()
        if statement.about in subjects
        for proposition in family
        for rival in debate.opposed.get(proposition.iri, ())
    }
    return frozenset(subjects | {book.propositions[iri].statement.about for iri in rivals})


def _together(book: Book, nodes: Iterable[str]) -> set[str]:
    beside: dict[str, set[str]] = defaultdict(set)
    for claim in book.claims.values():
        for other in claim.relays | claim.responds_to | claim.replaces:
            beside[claim.iri].add(other)
            beside[other].add(claim.iri)
    found = set(nodes)
    queue = list(found & beside.keys())
    while queue:
        more = beside[queue.pop()] - found
        found |= more
        queue.extend(more)
    return found
