"""Which claims a policy may take otherwise than the default one does: no other needs a second look.

Asked of the indices of a store, without reading what was said. Too many may be named, never too few: what is
named is judged as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.bulk import MOVED, rows
from eventkg.claims.choosing import FIGURES
from eventkg.claims.policy import DEFAULT, EVERYBODY
from eventkg.claims.reading import kinds_of
from eventkg.claims.surroundings import belligerents, grades
from eventkg.model.claim import Stance
from eventkg.model.naming import CODE, EKG, RDF
from eventkg.store.terms import text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.claims.policy import Policy, Voices

_TYPE = f"{RDF}type"
_CLAIM = ox.NamedNode(f"{EKG}Claim")


def concerned(store: ox.Store, policy: Policy, most: int) -> set[str] | None:
    """Claims, and propositions whose numbers it chooses among; None if it may be more than `most`.

    None as well where that can only be found out by judging everything.
    """
    if policy.independent > 1 or policy.everything or policy.heard.nobody:
        return None
    if policy.reliability and not policy.ungraded:
        return None
    asked = _Asked(store)
    named = chain(
        asked.spoken_by(*policy.partisans),
        _vetoing(asked, policy),
        _of_other_voices(asked, policy.heard),
        _of_other_stances(asked, policy),
        _of_other_sources(asked, policy),
        _graded(asked, policy),
        _made_later(asked, policy),
        _without_stated_root(asked, policy),
        _numbered(asked, policy),
    )
    found = set(islice(named, 2 * most))
    return found if len(found) <= most else None


def not_asserting(store: ox.Store) -> set[str]:
    """Rows of data sets that assert nothing: their facts stand until somebody asks who asserts them."""
    return {text(row[0]) for row in rows(store, "not_asserting")}


@dataclass(frozen=True, slots=True)
class _Asked:
    """A store asked by its indices."""

    store: ox.Store

    def having(self, name: str, value: str) -> Iterator[str]:
        """Nodes with this value of one of our properties."""
        quads = self.store.quads_for_pattern(None, ox.NamedNode(EKG + name), ox.NamedNode(value), None)
        return (text(quad.subject) for quad in quads if quad.graph_name != MOVED)

    def spoken_by(self, *actors: str) -> Iterator[str]:
        """Claims that these make, or that are ascribed to them."""
        named = ((name, actor) for actor in actors for name in ("claimant", "attributedTo"))
        return (claim for name, actor in named for claim in self.having(name, actor))

    def values(self, question: str) -> list[str]:
        """The one column of a query."""
        return [text(row[0]) for row in rows(self.store, question)]

    def claims(self) -> Iterator[str]:
        """All of them."""
        quads = self.store.quads_for_pattern(None, ox.NamedNode(f"{EKG}claimant"), None, None)
        return (text(quad.subject) for quad in quads)

    def by_day(self, name: str, day: str) -> tuple[set[str], set[str]]:
        """Nodes all of whose values of one of our properties are days up to this one; all that have any."""
        any_day, later = set[str](), set[str]()
        for quad in self.store.quads_for_pattern(None, ox.NamedNode(EKG + name), None, None):
            any_day.add(node := text(quad.subject))
            if not "" < text(quad.object)[:10] <= day:
                later.add(node)
        return any_day - later, any_day

    def in_graph(self, graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> Iterator[str]:
        """Claims of a graph."""
        quads = self.store.quads_for_pattern(None, ox.NamedNode(_TYPE), _CLAIM, graph)
        return (text(quad.subject) for quad in quads)

    def with_conveying(self, nodes: Iterator[str]) -> Iterator[str]:
        """These, and the claims that convey them."""
        for node in nodes:
            yield node
            yield from self.having("conveys", node)


def _vetoing(asked: _Asked, policy: Policy) -> Iterator[str]:
    """Objections that weigh more or less than they do under the default policy."""
    objections = (
        (Stance.DENIES, policy.denial_veto, DEFAULT.denial_veto),
        (Stance.DOUBTS, policy.doubt_veto, DEFAULT.doubt_veto),
    )
    for stance, veto, usual in objections:
        if veto != usual:
            yield from _taking(asked, stance)


def _taking(asked: _Asked, stance: Stance) -> Iterator[str]:
    return chain(asked.having("stance", EKG + stance), asked.having("attributedStance", EKG + stance))


def _of_other_voices(asked: _Asked, heard: Voices) -> Iterator[str]:
    """Claims of which a speaker may not be heard."""
    if heard == EVERYBODY:
        return
    kinds = belligerents(asked.store) if heard.names_belligerents() else {}
    for actor in asked.values("speakers"):
        kind = {actor: kinds_of(actor, asked.store) | kinds.get(actor, frozenset())}
        if not heard.has(actor, "", kind):
            yield from asked.spoken_by(actor)
    for code in asked.values("relations") if heard.not_relations else ():
        if code.rpartition("/")[2] in heard.not_relations:
            yield from asked.having("claimantRelation", code)


def _of_other_stances(asked: _Asked, policy: Policy) -> Iterator[str]:
    for stance in Stance if policy.stances else ():
        if stance not in policy.stances and stance is not Stance.RETRACTS:
            yield from _taking(asked, stance)
    if policy.stances:
        yield from asked.having("attributedStance", EKG + Stance.RETRACTS)


def _of_other_sources(asked: _Asked, policy: Policy) -> Iterator[str]:
    for source in policy.not_sources:
        data_set = asked.having("fromDataset", source)
        yield from chain(asked.in_graph(ox.NamedNode(source)), asked.with_conveying(data_set))
    if policy.only_sources:
        for graph in (*asked.store.named_graphs(), ox.DefaultGraph()):
            if not isinstance(graph, ox.NamedNode) or graph.value not in policy.only_sources:
                yield from asked.in_graph(graph)


def _graded(asked: _Asked, policy: Policy) -> Iterator[str]:
    """Claims with a grade, or on an event with one: it may be too bad."""
    return asked.with_conveying(iter(grades(asked.store, policy) if policy.reliability else ()))


def _made_later(asked: _Asked, policy: Policy) -> Iterator[str]:
    """Claims that were not said, or by their claimant or our record known, to be made by the day."""
    if not policy.known_on:
        return iter(())
    said, dated = asked.by_day("claimedOn", policy.known_on)
    early = said
    for name in ("claimedNotAfter", "recordedOn"):
        early |= asked.by_day(name, policy.known_on)[0] - dated
    return (claim for claim in asked.claims() if claim not in early)


def _without_stated_root(asked: _Asked, policy: Policy) -> Iterator[str]:
    """Where one source is asked for, those who may not be one for certain."""
    if policy.independent:
        yield from asked.having("rootStatus", f"{CODE}root-status/unstated")
        yield from asked.having("stance", EKG + Stance.RELAYS)
        yield from asked.values("attributed_stances")


def _numbered(asked: _Asked, policy: Policy) -> Iterator[str]:
    """Propositions with a number, or about an event whose facts are all spoken of; rows beside other rows."""
    if not policy.number:
        return
    for predicate in (*sorted(FIGURES), _TYPE):
        yield from asked.having("predicate", predicate)
    yield from asked.values("counted")
    yield from asked.values("beside_others")
