"""What a change does to the default view: statuses that changed, facts that appeared or went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.incremental import subjects_reached
from eventkg.kg.recorded import propositions_among
from eventkg.model.naming import EKG, GRAPH_DERIVED, RDF, shorten
from eventkg.store.terms import text, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.model.claim import Proposition, Value

_DERIVED = ox.NamedNode(GRAPH_DERIVED)
_TYPE = ox.NamedNode(f"{RDF}type")
_CLAIMABLE = ox.NamedNode(f"{EKG}ClaimableProperty")


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """A plain triple, in short IRIs."""

    about: str
    attribute: str
    value: str


@dataclass(frozen=True, slots=True, order=True)
class Turn:
    """A proposition whose status changed; `before` is empty where it is new, `after` where it is gone.

    `details` names its count, equipment and ordinal; `of_details` says that only their status changed.
    """

    about: str
    attribute: str
    value: str
    details: str
    before: str
    after: str
    of_details: bool


@dataclass(frozen=True, slots=True)
class Consequences:
    """All that changed, in a fixed order."""

    turns: tuple[Turn, ...] = ()
    gained: tuple[Fact, ...] = ()
    lost: tuple[Fact, ...] = ()


class Watch:
    """Looks at everything that a change can reach, before derivation and after it."""

    def __init__(self, store: ox.Store, touched: set[str], removed: set[ox.Quad]) -> None:
        """Before derivation: graph/derived is still that of the state before, but these quads are gone."""
        self._store, gone = store, ox.Store()
        gone.extend(removed)
        self._gone = propositions_among(gone, {text(quad.subject) for quad in removed})
        self._subjects = subjects_reached(store, touched)
        self.nodes = {*self._subjects, *touched, *self._about(self._subjects)}
        claimable = store.quads_for_pattern(None, _TYPE, _CLAIMABLE, None)
        self._attributes = {_TYPE, *(quad.subject for quad in claimable)}
        self._before, self._facts_before = self._statuses(), self._facts()

    def consequences(self) -> Consequences:
        """After derivation."""
        facts = self._facts()
        said = {**self._gone, **propositions_among(self._store, self.nodes)}
        return Consequences(
            turns=tuple(sorted(self._turns(said))),
            gained=tuple(sorted(facts - self._facts_before)),
            lost=tuple(sorted(self._facts_before - facts)),
        )

    def _about(self, subjects: Iterable[str]) -> set[str]:
        about = ox.NamedNode(f"{EKG}about")
        return {
            text(quad.subject)
            for subject in subjects
            for quad in self._store.quads_for_pattern(None, about, ox.NamedNode(subject), None)
        }

    def _facts(self) -> set[Fact]:
        """The plain triples about everything reached, in whatever graph they stand."""
        return {
            _fact(subject, quad.predicate.value, to_value(quad.object))
            for subject in self._subjects
            for quad in self._store.quads_for_pattern(ox.NamedNode(subject), None, None, None)
            if quad.predicate in self._attributes
        }

    def _statuses(self) -> dict[str, tuple[str, str]]:
        """(status, detail status) by proposition."""
        return {
            node: (self._judged(node, "status"), self._judged(node, "detailStatus")) for node in self.nodes
        }

    def _judged(self, node: str, name: str) -> str:
        quads = self._store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(EKG + name), None, _DERIVED)
        return min((text(quad.object).removeprefix(EKG) for quad in quads), default="")

    def _turns(self, said: dict[str, Proposition]) -> Iterable[Turn]:
        new = self._statuses()
        for iri in said:
            before, now = self._before.get(iri, ("", "")), new.get(iri, ("", ""))
            if before == now:
                continue
            same = before[0] == now[0]
            yield _turn(said[iri], before[same], now[same], of_details=same)


def _turn(said: Proposition, before: str, after: str, *, of_details: bool) -> Turn:
    fact = _fact(said.statement.about, said.statement.predicate, said.statement.object)
    details = ", ".join(_detail(name, value) for name, value in sorted(said.qualifiers))
    return Turn(fact.about, fact.attribute, fact.value, details, before, after, of_details)


def _detail(name: str, value: str) -> str:
    if name == "equipment":
        count, _, kind = value.partition(" ")
        return f"{count} {shorten(kind)}"
    return f"{name} {value}"


def _fact(about: str, predicate: str, value: Value) -> Fact:
    said = value.text if value.datatype else shorten(value.text)
    return Fact(shorten(about), shorten(predicate).removeprefix("ekg:"), said)
