"""Derivation of what a change can reach, and of nothing else; equal to deriving everything again.

What is derived about an event, actor or place depends on all propositions about it (a dispute about its kind
takes
all its facts away), on the claims that take a stance on them, and on the propositions that contradict them.
So the
unit is the subject: when a proposition or claim changes, everything derived about the subjects it can reach
is
removed and derived again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.derive import derive
from eventkg.claims.policy import DEFAULT
from eventkg.claims.reading import read_part
from eventkg.model.naming import EKG, GRAPH_DERIVED
from eventkg.store.terms import text, to_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventkg.claims.policy import Policy
    from eventkg.model.claim import Book

_DERIVED = ox.NamedNode(GRAPH_DERIVED)
_ANSWERS = ("relays", "respondsTo", "corrects", "supersedes")


def rederive_part(store: ox.Store, changed: Iterable[str], policy: Policy = DEFAULT) -> int:
    """Bring graph/derived up to date after the nodes `changed` got or lost statements; returns how many.

    A node that is gone from the store must be given together with what it was linked to (`neighbours`).
    """
    links = _Links(store)
    subjects = links.subjects_reached(set(changed))
    if not subjects:
        return 0
    book = _part(store, links, subjects)
    own = {iri for iri, p in book.propositions.items() if p.statement.about in subjects}
    written = [
        ox.Quad(ox.NamedNode(s), ox.NamedNode(p), to_term(value), _DERIVED)
        for s, p, value in derive(book, policy)
        if s in subjects or s in own or s == GRAPH_DERIVED
    ]
    for node in (*subjects, *own, *links.gone):
        for quad in list(store.quads_for_pattern(ox.NamedNode(node), None, None, _DERIVED)):
            store.remove(quad)
    store.extend(written)
    return len(subjects)


def subjects_reached(store: ox.Store, changed: Iterable[str]) -> set[str]:
    """The subjects about which something else may be derived than before, as `rederive_part` finds them."""
    return _Links(store).subjects_reached(set(changed))


def neighbours(store: ox.Store, nodes: Iterable[str]) -> set[str]:
    """The nodes with what they are linked to now: to be asked before they are removed."""
    links = _Links(store)
    found = set(nodes)
    for node in list(found):
        found |= links.out(node, "proposition", "contradicts", "about", *_ANSWERS)
        found |= links.into(node, "proposition", "contradicts", "about", *_ANSWERS)
    return found


class _Links:
    """Who points at whom, outside graph/derived."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self.gone: set[str] = set()

    def out(self, node: str, *names: str) -> set[str]:
        """Objects of these properties."""
        return {text(q.object) for name in names for q in self._quads(node, name, None)}

    def into(self, node: str, *names: str) -> set[str]:
        """Subjects of these properties."""
        return {text(q.subject) for name in names for q in self._quads(None, name, node)}

    def subjects_reached(self, changed: set[str]) -> set[str]:
        """Subjects about which something else may be derived than before."""
        claims = self._claims_reached(changed)
        propositions = {p for claim in claims for p in self.propositions_of(claim)} | changed
        propositions |= {p for node in changed for p in self.into(node, "equipment")}
        self.gone = {p for p in propositions if not self.out(p, "about")}
        subjects = {about for p in propositions for about in self.out(p, "about")}
        subjects |= {node for node in changed if self.into(node, "about")}
        rivals = {r for about in subjects for p in self.into(about, "about") for r in self.rivals(p)}
        return (
            subjects
            | {about for rival in rivals for about in self.out(rival, "about")}
            | (changed & self.gone)
        )

    def rivals(self, proposition: str) -> set[str]:
        """Propositions that contradict it, in either direction."""
        return self.out(proposition, "contradicts") | self.into(proposition, "contradicts")

    def propositions_of(self, claim: str) -> set[str]:
        """What a claim is about: its own propositions, or those of the claims it answers or passes on."""
        found: set[str] = set()
        for reached in self._closure({claim}, self._answered):
            found |= self.out(reached, "proposition")
        return found

    def claims_on(self, proposition: str) -> set[str]:
        """All claims whose standing can matter to a proposition."""
        return self._closure(self.into(proposition, "proposition"), self._related)

    def _claims_reached(self, changed: set[str]) -> set[str]:
        """Claims that changed, that were made by or ascribed to a changed actor, and all that these touch."""
        spoken = {c for node in changed for c in self.into(node, "claimant", "attributedTo")}
        on = {c for node in changed for c in self.into(node, "proposition")}
        return self._closure(changed | spoken | on, self._related)

    def _answered(self, claim: str) -> set[str]:
        return self.out(claim, *_ANSWERS)

    def _related(self, claim: str) -> set[str]:
        return self.out(claim, *_ANSWERS) | self.into(claim, *_ANSWERS)

    def _closure(self, start: set[str], step: object) -> set[str]:
        found, queue = set(start), list(start)
        while queue:
            for other in step(queue.pop()):  # type: ignore[operator]
                if other not in found:
                    found.add(other)
                    queue.append(other)
        return found

    def _quads(self, subject: str | None, name: str, obj: str | None) -> Iterator[ox.Quad]:
        quads = self._store.quads_for_pattern(
            ox.NamedNode(subject) if subject else None,
            ox.NamedNode(EKG + name),
            ox.NamedNode(obj) if obj else None,
        )
        return (quad for quad in quads if quad.graph_name != _DERIVED)


def _part(store: ox.Store, links: _Links, subjects: set[str]) -> Book:
    """The propositions about these subjects, those that contradict them, and every claim that matters."""
    own = {p for about in subjects for p in links.into(about, "about")}
    rivals = {r for p in own for r in links.rivals(p)}
    family = {
        p for rival in rivals for about in links.out(rival, "about") for p in links.into(about, "about")
    }
    propositions = own | rivals | family
    claims = {c for p in propositions for c in links.claims_on(p)}
    return read_part(store, propositions, claims)
