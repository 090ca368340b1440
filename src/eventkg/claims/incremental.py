"""Derivation of what a change can reach, and of nothing else; equal to deriving everything again.

What is derived about an event, actor or place depends on all propositions about it (a dispute about its kind
takes all its facts away), on the claims that take a stance on them or convey it, and on the propositions that
contradict them. So the unit is the subject: when a proposition or claim changes, everything derived about the
subjects it can reach is derived again, and what differs is written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.bulk import MOVED, moved_about
from eventkg.claims.derive import world
from eventkg.claims.policy import DEFAULT
from eventkg.claims.reading import read_about
from eventkg.claims.standing import open_debate
from eventkg.claims.texts import same_texts
from eventkg.claims.writing import DERIVED, write
from eventkg.model.naming import EKG, GRAPH_DERIVED
from eventkg.store.terms import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from eventkg.model.claim import Book

_ANSWERS = ("relays", "respondsTo", "corrects", "supersedes")
_SPOKEN = ("claimant", "attributedTo", "foundIn")  # by what a claim depends on its speakers and documents


def rederive_part(store: ox.Store, changed: Iterable[str]) -> int:
    """Bring graph/derived up to date after the nodes `changed` got or lost statements; returns how many.

    A node that is gone from the store must be given together with what it was linked to (`neighbours`).
    """
    links = _Links(store)
    subjects = links.subjects_reached(set(changed))
    if not subjects:
        return 0
    book = _part(store, links, subjects)
    own = {iri for iri, p in book.propositions.items() if p.statement.about in subjects}
    wanted = world(open_debate(book), DEFAULT, frozenset(subjects))
    stored = set(_stored(store, {*subjects, *own, *links.gone, GRAPH_DERIVED}, subjects))
    write(store, stored, wanted, book)
    return len(subjects)


def subjects_reached(store: ox.Store, changed: Iterable[str]) -> set[str]:
    """The subjects about which something else may be derived than before, as `rederive_part` finds them."""
    return _Links(store).subjects_reached(set(changed))


def spoken_of_among(store: ox.Store, nodes: Iterable[str]) -> set[str]:
    """Those of which somebody speaks: what a data set says of them may be contested."""
    links = _Links(store)
    return {node for node in nodes if links.is_spoken_of(node)}


def _stored(store: ox.Store, nodes: set[str], subjects: set[str]) -> Iterator[ox.Quad]:
    """What derivation wrote about these subjects."""
    proposition = ox.NamedNode(f"{EKG}proposition")
    every = {node for subject in subjects for node in moved_about(store, subject)}
    every |= {ox.NamedNode(node) for node in nodes}
    for node in every:
        yield from store.quads_for_pattern(node, None, None, MOVED)
        yield from store.quads_for_pattern(None, proposition, node, MOVED)
        yield from store.quads_for_pattern(node, None, None, DERIVED)


def read_reached(store: ox.Store, nodes: Iterable[str], most: int) -> tuple[Book, set[str]] | None:
    """The book of all subjects that these claims and propositions can reach, and these; None if too many.

    Those of the claims that somebody could hear are in it, whatever they are about.
    """
    links = _Links(store)
    subjects = links.subjects_reached({node for node in nodes if links.decides(node)})
    if len(subjects) > most:
        return None
    return _part(store, links, subjects, {node for node in nodes if links.speaks(node)}), subjects


def neighbours(store: ox.Store, nodes: Iterable[str]) -> set[str]:
    """The nodes with what they are linked to now: to be asked before they are removed."""
    links = _Links(store)
    found = set(nodes)
    found |= links.texts(found)
    for node in list(found):
        found |= links.out(node, "proposition", "conveys", "contradicts", "about", *_ANSWERS)
        found |= links.into(node, "proposition", "contradicts", "about", *_ANSWERS)
    return found


class _Links:
    """Who points at whom, outside the graphs that derivation writes."""

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
        subjects |= {event for claim in claims for event in self.out(claim, "conveys")}
        subjects |= {node for node in changed if self.is_spoken_of(node)}
        rivals = {r for about in subjects for p in self.into(about, "about") for r in self.rivals(p)}
        return (
            subjects
            | {about for rival in rivals for about in self.out(rival, "about")}
            | (changed & self.gone)
        )

    def decides(self, node: str) -> bool:
        """Whether it is a proposition or speaks of some, or conveys an event that propositions speak of."""
        if self.speaks(node) or self.out(node, "about"):
            return True
        return any(self.is_spoken_of(event) for event in self.out(node, "conveys"))

    def speaks(self, claim: str) -> bool:
        """Whether it speaks of propositions or claims, or another claim of it."""
        return bool(self.out(claim, "proposition", *_ANSWERS) or self.into(claim, *_ANSWERS))

    def is_spoken_of(self, subject: str) -> bool:
        """Whether a proposition is about it, or was, or its row is answered: facts of it may be moved."""
        about = ox.NamedNode(f"{EKG}about")
        if next(self._store.quads_for_pattern(None, about, ox.NamedNode(subject)), None) is not None:
            return True
        if next(moved_about(self._store, subject), None) is not None:
            return True
        return any(self.into(row, *_ANSWERS) for row in self.into(subject, "conveys"))

    def texts(self, nodes: set[str]) -> set[str]:
        """Documents that give the same text as one of these."""
        documents = {n for n in nodes if self.out(n, "reproduces", "sha256") or self.into(n, "reproduces")}
        same = same_texts(self._store) if documents else {}
        wanted = {same[document] for document in documents & same.keys()}
        return {document for document, text_of in same.items() if text_of in wanted}

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

    def claims_conveying(self, subject: str) -> set[str]:
        """All claims that convey an event, and those whose standing can matter to them."""
        return self._closure(self.into(subject, "conveys"), self._related)

    def related(self, claim: str) -> set[str]:
        """A claim with all whose standing can matter to it."""
        return self._closure({claim}, self._related)

    def _claims_reached(self, changed: set[str]) -> set[str]:
        """Claims that changed, by, ascribed to or found in a node that did, and all that these touch."""
        nodes = changed | self.texts(changed)
        spoken = {c for node in nodes for c in self.into(node, *_SPOKEN)}
        on = {c for node in changed for c in self.into(node, "proposition")}
        return self._closure(changed | spoken | on, self._related)

    def _answered(self, claim: str) -> set[str]:
        return self.out(claim, *_ANSWERS)

    def _related(self, claim: str) -> set[str]:
        return self.out(claim, *_ANSWERS) | self.into(claim, *_ANSWERS)

    def _closure(self, start: set[str], step: Callable[[str], set[str]]) -> set[str]:
        found, queue = set(start), list(start)
        while queue:
            for other in step(queue.pop()):
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
        return (quad for quad in quads if quad.graph_name not in (DERIVED, MOVED))


def _part(store: ox.Store, links: _Links, subjects: set[str], more: Iterable[str] = ()) -> Book:
    """The propositions about these subjects, those that contradict them, and every claim that matters.

    With `more` claims, and those that matter to them.
    """
    own = {p for about in subjects for p in links.into(about, "about")}
    rivals = {r for p in own for r in links.rivals(p)}
    family = {
        p for rival in rivals for about in links.out(rival, "about") for p in links.into(about, "about")
    }
    propositions = own | rivals | family
    claims = {c for p in propositions for c in links.claims_on(p)}
    claims |= {c for about in subjects for c in links.claims_conveying(about)}
    claims |= {c for claim in more for c in links.related(claim)}
    abouts = subjects | {about for p in propositions for about in links.out(p, "about")}
    return read_about(store, abouts, propositions, claims)
