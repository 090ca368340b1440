"""Facts that data sets give as plain triples: those that somebody speaks of, and where contested ones rest.

A claim that `conveys` an event asserts each fact about it in the same graph. Only the facts that a
proposition speaks
of, or all facts of an event whose kind one speaks of, can be anything but uncontested; the others are not
looked at.
A contested fact is moved out of its graph into graph/moved, as a proposition that its row asserts.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from eventkg.model.claim import Statement
from eventkg.model.naming import EKG, GRAPH_CODES, GRAPH_DERIVED, GRAPH_MOVED, GRAPH_ONTOLOGY, RDF, entity
from eventkg.store.terms import text, to_term, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MOVED = ox.NamedNode(GRAPH_MOVED)
NOT_A_DATA_SETS = frozenset({GRAPH_MOVED, GRAPH_DERIVED, GRAPH_ONTOLOGY, GRAPH_CODES})
_MOVED_FROM = ox.NamedNode(f"{EKG}movedFrom")
_ABOUT = ox.Variable("about")
_ONE_BY_ONE = 200  # beyond so many subjects, one question about all of them is faster


class BulkFact(NamedTuple):
    """A plain triple of a data set, and the graph that gives it."""

    statement: Statement
    graph: str

    @property
    def iri(self) -> str:
        """Of the proposition that says the same; the same for the same fact, wherever it is."""
        said = "\n".join((self.graph, self.statement.about, self.statement.predicate, *self.statement.object))
        return entity("proposition", "moved", sha256(said.encode()).hexdigest()[:32])

    def quad(self) -> ox.Quad:
        """As its data set gives it."""
        about, predicate, value = self.statement
        return ox.Quad(ox.NamedNode(about), ox.NamedNode(predicate), to_term(value), ox.NamedNode(self.graph))

    def moved(self, node: str, claims: Iterable[str]) -> Iterator[ox.Quad]:
        """As a proposition `node` that these claims assert."""
        about, predicate, value = self.statement
        said = {
            f"{RDF}type": ox.NamedNode(f"{EKG}Proposition"),
            f"{EKG}about": ox.NamedNode(about),
            f"{EKG}predicate": ox.NamedNode(predicate),
            EKG + ("value" if value.datatype else "object"): to_term(value),
            f"{EKG}movedFrom": ox.NamedNode(self.graph),
        }
        for name, term in said.items():
            yield ox.Quad(ox.NamedNode(node), ox.NamedNode(name), term, MOVED)
        for claim in claims:
            yield ox.Quad(ox.NamedNode(claim), ox.NamedNode(f"{EKG}proposition"), ox.NamedNode(node), MOVED)


def spoken_of(store: ox.Store, subjects: set[str] | None = None) -> dict[BulkFact, set[str]]:
    """The facts that somebody speaks of, and the claims that convey them; about these subjects or about all.

    A moved fact whose row has gone is there without a claim; one whose graph has gone is gone as well.
    """
    found: dict[BulkFact, set[str]] = defaultdict(set)
    for about, predicate, value, graph, claim in _rows(store, subjects):
        name = text(about)
        if text(graph) in NOT_A_DATA_SETS or (subjects is not None and name not in subjects):
            continue
        fact = BulkFact(Statement(name, text(predicate), to_value(value)), text(graph))
        found[fact] |= {text(claim)} if claim is not None else set()
    graphs = {fact.graph for fact, claims in found.items() if not claims}
    gone = {name for name in graphs if not _has_any(store, name)}
    return {fact: claims for fact, claims in found.items() if fact.graph not in gone}


def _rows(store: ox.Store, subjects: set[str] | None) -> Iterator[ox.QuerySolution]:
    if subjects is None or len(subjects) > _ONE_BY_ONE:
        yield from rows(store, "spoken_of")
        return
    for name in subjects:
        yield from rows(store, "spoken_of", {_ABOUT: ox.NamedNode(name)})


def rows(
    store: ox.Store, question: str, bound: Mapping[ox.Variable, ox.NamedNode] | None = None
) -> ox.QuerySolutions:
    """The answer to queries/QUESTION.rq over all graphs."""
    answer = store.query(
        _query(question), use_default_graph_as_union=True, substitutions=dict(bound) if bound else None
    )
    assert isinstance(answer, ox.QuerySolutions)  # noqa: S101  (they are SELECTs)
    return answer


def contesting(store: ox.Store, events: Mapping[str, frozenset[str]]) -> set[str]:
    """Of claims (by IRI, with the events they convey) those of data sets that declare that they contest."""
    true = ox.Literal("true", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
    declared = [q.subject for q in store.quads_for_pattern(None, ox.NamedNode(f"{EKG}contests"), true)]
    return {
        claim
        for claim, conveyed in events.items()
        if any(_is_from(store, node, dataset) for node in (claim, *conveyed) for dataset in declared)
    }


def forget_moved(store: ox.Store, graph: str) -> None:
    """A graph is removed, and with it what was moved out of it; the next derivation clears up the rest."""
    for quad in list(store.quads_for_pattern(None, _MOVED_FROM, ox.NamedNode(graph), MOVED)):
        store.remove(quad)


def _is_from(store: ox.Store, node: str, dataset: object) -> bool:
    quads = store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(f"{EKG}fromDataset"), dataset)  # type: ignore[arg-type]
    return next(iter(quads), None) is not None


def _has_any(store: ox.Store, graph: str) -> bool:
    return next(iter(store.quads_for_pattern(None, None, None, ox.NamedNode(graph))), None) is not None


@cache
def _query(name: str) -> str:
    return (Path(__file__).parent / "queries" / f"{name}.rq").read_text(encoding="utf-8")
