"""Which claims still stand after retractions, corrections and supersessions."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from eventkg.model.claim import Book, Claim, Stance

if TYPE_CHECKING:
    from collections.abc import Iterator


def withdrawn_claims(book: Book) -> frozenset[str]:
    """Claims taken back as a whole by their own claimant, with a withdrawal that was not itself taken back.

    The grounded labelling of Dung (1995, doi:10.1016/0004-3702(94)00041-X): claims that withdraw each other
    in a circle all stand, so the answer does not depend on order.
    """
    attackers: dict[str, set[str]] = defaultdict(set)
    for claim in book.claims.values():
        for target in _withdraws(claim, book):
            attackers[target].add(claim.iri)
    standing = set(book.claims) - attackers.keys()
    fallen: set[str] = set()
    undecided = set(attackers)
    while True:
        stands = {iri for iri in undecided if attackers[iri] <= fallen}
        standing |= stands
        falls = {iri for iri in undecided if attackers[iri] & standing}
        if not stands and not falls:
            return frozenset(fallen)
        fallen |= falls
        undecided -= stands | falls


def _withdraws(claim: Claim, book: Book) -> Iterator[str]:
    """Nobody can take back what somebody else said."""
    retracted = claim.responds_to if claim.stance is Stance.RETRACTS else frozenset()
    for target in claim.replaces | retracted:
        if target in book.claims and book.claims[target].claimant == claim.claimant:
            yield target
