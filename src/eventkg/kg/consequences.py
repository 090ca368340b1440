"""What a change does to the default view: statuses that changed, facts that appeared or went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.incremental import subjects_reached
from eventkg.claims.reading import read_part
from eventkg.model.naming import EKG, GRAPH_DERIVED, shorten
from eventkg.store.terms import text, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.model.claim import Proposition, Value

_DERIVED = ox.NamedNode(GRAPH_DERIVED)
_STATUS, _DETAILS = f"{EKG}status", f"{EKG}detailStatus"
_JUDGEMENTS = {
    EKG + name
    for name in (
        *("status", "detailStatus", "assertedBy", "deniedBy", "doubtedBy"),
        *("independentClaimants", "independentClaimantsMax", "hasFact", "policy"),
    )
}


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
        self._gone = read_part(gone, {text(quad.subject) for quad in removed}, set()).propositions
        subjects = subjects_reached(store, touched)
        self.nodes = {*subjects, *touched, *self._about(subjects)}
        self._before = self._derived()

    def consequences(self) -> Consequences:
        """After derivation."""
        after = self._derived()
        said = {**self._gone, **read_part(self._store, self.nodes, set()).propositions}
        return Consequences(
            turns=tuple(sorted(self._turns(said, after))),
            gained=_facts(after - self._before),
            lost=_facts(self._before - after),
        )

    def _about(self, subjects: Iterable[str]) -> set[str]:
        about = ox.NamedNode(f"{EKG}about")
        return {
            text(quad.subject)
            for subject in subjects
            for quad in self._store.quads_for_pattern(None, about, ox.NamedNode(subject), None)
        }

    def _derived(self) -> set[ox.Quad]:
        return {
            quad
            for node in self.nodes
            for quad in self._store.quads_for_pattern(ox.NamedNode(node), None, None, _DERIVED)
        }

    def _turns(self, said: dict[str, Proposition], after: set[ox.Quad]) -> Iterable[Turn]:
        old, new = _statuses(self._before), _statuses(after)
        for iri in said:
            before, now = old.get(iri, ("", "")), new.get(iri, ("", ""))
            if before == now:
                continue
            same = before[0] == now[0]
            yield _turn(said[iri], before[same], now[same], of_details=same)


def _statuses(quads: set[ox.Quad]) -> dict[str, tuple[str, str]]:
    """(status, detail status) by proposition."""
    found: dict[str, dict[str, str]] = {}
    for quad in quads:
        if quad.predicate.value in {_STATUS, _DETAILS}:
            found.setdefault(text(quad.subject), {})[quad.predicate.value] = text(quad.object).removeprefix(
                EKG
            )
    return {iri: (s.get(_STATUS, ""), s.get(_DETAILS, "")) for iri, s in found.items()}


def _turn(said: Proposition, before: str, after: str, *, of_details: bool) -> Turn:
    fact = _fact(said.statement.about, said.statement.predicate, said.statement.object)
    details = ", ".join(_detail(name, value) for name, value in sorted(said.qualifiers))
    return Turn(fact.about, fact.attribute, fact.value, details, before, after, of_details)


def _detail(name: str, value: str) -> str:
    if name == "equipment":
        count, _, kind = value.partition(" ")
        return f"{count} {shorten(kind)}"
    return f"{name} {value}"


def _facts(quads: set[ox.Quad]) -> tuple[Fact, ...]:
    plain = (q for q in quads if q.predicate.value not in _JUDGEMENTS)
    return tuple(sorted(_fact(text(q.subject), q.predicate.value, to_value(q.object)) for q in plain))


def _fact(about: str, predicate: str, value: Value) -> Fact:
    said = value.text if value.datatype else shorten(value.text)
    return Fact(shorten(about), shorten(predicate).removeprefix("ekg:"), said)
