"""Facts that data sets give as plain triples: those that somebody speaks of, and where contested ones rest.

A claim that `conveys` an event asserts each fact about it in the same graph. Only the facts that a
proposition speaks
of, or all facts of an event whose kind one speaks of, can be anything but uncontested; the others are not
looked at.
A contested fact is moved out of its graph into graph/moved, as a proposition that its row asserts.
"""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from eventkg.claims.columns import question as question_text
from eventkg.model.claim import Statement
from eventkg.model.naming import EKG, GRAPH_CODES, GRAPH_DERIVED, GRAPH_MOVED, GRAPH_ONTOLOGY, RDF, entity
from eventkg.store.terms import text, to_term, to_value

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from eventkg.model.claim import Value

MOVED, _DERIVED = ox.NamedNode(GRAPH_MOVED), ox.NamedNode(GRAPH_DERIVED)
NOT_A_DATA_SETS = frozenset({GRAPH_MOVED, GRAPH_DERIVED, GRAPH_ONTOLOGY, GRAPH_CODES})
_MOVED_FROM = ox.NamedNode(f"{EKG}movedFrom")
_ABOUT, _CONVEYS = ox.NamedNode(f"{EKG}about"), ox.NamedNode(f"{EKG}conveys")
_SUBJECT = ox.NamedNode(f"{RDF}subject")
_PARTS = {
    **{f"{EKG}{name}": name for name in ("about", "predicate", "object", "movedFrom")},
    f"{EKG}value": "object",
    f"{RDF}subject": "about",
    **{f"{RDF}{name}": name for name in ("predicate", "object")},
}  # of what rests in graph/moved
_TYPE, _REPORTED = ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{EKG}ReportedEvent")
_CLAIMABLE = ox.NamedNode(f"{EKG}ClaimableProperty")
_OWN = entity("proposition", "moved", "")
_ONE_BY_ONE = 200  # beyond so many subjects, one question about all of them is faster


class BulkFact(NamedTuple):
    """A plain triple of a data set, and the graph that gives it."""

    statement: Statement
    graph: str

    @property
    def iri(self) -> str:
        """Of the proposition that says the same; the same for the same fact, wherever it is."""
        said = "\n".join((self.graph, self.statement.about, self.statement.predicate, *self.statement.object))
        return _OWN + sha256(said.encode()).hexdigest()[:32]

    def quad(self) -> ox.Quad:
        """As its data set gives it."""
        about, predicate, value = self.statement
        return ox.Quad(ox.NamedNode(about), ox.NamedNode(predicate), to_term(value), ox.NamedNode(self.graph))

    def moved(self, node: str, claims: Iterable[str]) -> Iterator[ox.Quad]:
        """As a proposition `node` that these claims assert.

        One that is described elsewhere is not described again, or each plain question would meet it twice.
        What the fact was is kept aside then: the other may be deleted.
        """
        own = ox.NamedNode(self.iri)
        for name, term in (self._described() if node == own.value else self._kept(node)).items():
            yield ox.Quad(own, ox.NamedNode(name), term, MOVED)
        yield ox.Quad(ox.NamedNode(node), _MOVED_FROM, ox.NamedNode(self.graph), MOVED)
        for claim in claims:
            yield ox.Quad(ox.NamedNode(claim), ox.NamedNode(f"{EKG}proposition"), ox.NamedNode(node), MOVED)

    def _described(self) -> dict[str, ox.NamedNode | ox.Literal]:
        about, predicate, value = self.statement
        return {
            f"{RDF}type": ox.NamedNode(f"{EKG}Proposition"),
            f"{EKG}about": ox.NamedNode(about),
            f"{EKG}predicate": ox.NamedNode(predicate),
            EKG + ("value" if value.datatype else "object"): to_term(value),
        }

    def _kept(self, node: str) -> dict[str, ox.NamedNode | ox.Literal]:
        about, predicate, value = self.statement
        return {
            f"{RDF}subject": ox.NamedNode(about),
            f"{RDF}predicate": ox.NamedNode(predicate),
            f"{RDF}object": to_term(value),
            _MOVED_FROM.value: ox.NamedNode(self.graph),
            "http://purl.org/dc/terms/isReplacedBy": ox.NamedNode(node),
        }


def spoken_of(
    store: ox.Store,
    statements: Iterable[Statement],
    answered: Iterable[str],
    subjects: set[str] | None = None,
    known: Known | None = None,
) -> dict[BulkFact, set[str]]:
    """The facts that somebody speaks of, and the claims that convey them; about these subjects or about all.

    They are spoken of in one of the `statements`, or all those of an event whose kind is, or whose row is
    `answered` by another claim. A moved fact whose row has gone, or of which nobody speaks any more, is there
    without a claim; one whose graph has gone is gone as well. With what is `known` of all of it, the
    store is asked for the rest alone.
    """
    said: dict[str, set[Statement]] = defaultdict(set)
    for statement in statements:
        if subjects is None or statement.about in subjects:
            said[statement.about].add(statement)
    whole = {about for about, all_said in said.items() if any(s.predicate == _TYPE.value for s in all_said)}
    whole |= {e for row in answered for e in _conveyed(store, row) if subjects is None or e in subjects}
    lookup = known or Lookup(store)
    found: dict[BulkFact, set[str]] = {}
    for about in said.keys() | whole:
        given = lookup.rows(about)
        for graph in given:
            if about in whole:
                facts = _whole(store, about, graph)
            else:
                facts = (BulkFact(statement, graph) for statement in said[about])
                facts = (fact for fact in facts if lookup.stands(fact))
            found.update(dict.fromkeys(facts, given[graph]))
    moved: dict[BulkFact, set[str]] = {}
    for fact in lookup.moved(subjects):
        about = fact.statement.about
        heard = about in whole or fact.statement in said.get(about, ()) or _is_named(store, fact.iri)
        moved[fact] = lookup.rows(about).get(fact.graph, set()) if heard else set()
    gone = {
        name for name in {fact.graph for fact, rows in moved.items() if not rows} if not _has_any(store, name)
    }
    return found | {fact: rows for fact, rows in moved.items() if fact.graph not in gone}


def _whole(store: ox.Store, about: str, graph: str) -> Iterator[BulkFact]:
    """All facts of an event that a graph gives."""
    for quad in store.quads_for_pattern(ox.NamedNode(about), None, None, ox.NamedNode(graph)):
        if is_fact(quad) and is_claimable(store, quad.predicate):
            yield BulkFact(Statement(about, quad.predicate.value, to_value(quad.object)), graph)


def is_fact(quad: ox.Quad) -> bool:
    """That something is a reported event commits nobody to anything."""
    return quad.predicate != _TYPE or quad.object != _REPORTED


def is_claimable(store: ox.Store, name: ox.NamedNode) -> bool:
    """Whether a proposition may name this property."""
    return name == _TYPE or next(iter(store.quads_for_pattern(name, _TYPE, _CLAIMABLE)), None) is not None


def conveyed_by(store: ox.Store, claims: Iterable[str]) -> set[ox.NamedNode]:
    """The events that some claims convey."""
    quads = (q for claim in claims for q in store.quads_for_pattern(ox.NamedNode(claim), _CONVEYS, None))
    return {quad.object for quad in quads if isinstance(quad.object, ox.NamedNode)}


def _conveyed(store: ox.Store, claim: str) -> Iterator[str]:
    return (text(quad.object) for quad in store.quads_for_pattern(ox.NamedNode(claim), _CONVEYS, None, None))


def _conveying(store: ox.Store, event: str) -> dict[str, set[str]]:
    """The claims that convey an event, by graph."""
    found: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, _CONVEYS, ox.NamedNode(event), None):
        if isinstance(quad.graph_name, ox.NamedNode) and quad.graph_name.value not in NOT_A_DATA_SETS:
            found[quad.graph_name.value].add(text(quad.subject))
    return found


def _is_named(store: ox.Store, proposition: str) -> bool:
    """Whether somebody outside graph/moved refers to it."""
    quads = store.quads_for_pattern(None, None, ox.NamedNode(proposition), None)
    return any(quad.graph_name not in (MOVED, _DERIVED) for quad in quads)


class Lookup:
    """What is asked of a store fact by fact, and event by event."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def rows(self, event: str) -> Mapping[str, set[str]]:
        """The claims that convey an event, by graph."""
        return _conveying(self._store, event)

    def stands(self, fact: BulkFact) -> bool:
        """Whether its data set gives it as a plain triple."""
        return fact.quad() in self._store

    def moved(self, subjects: set[str] | None) -> Iterator[BulkFact]:
        """What rests in graph/moved, of some subjects or of all."""
        if subjects is None or len(subjects) > _ONE_BY_ONE:
            quads = list(self._store.quads_for_pattern(None, None, None, MOVED))
        else:
            own = {node for subject in subjects for node in moved_about(self._store, subject)}
            quads = [q for node in own for q in self._store.quads_for_pattern(node, None, None, MOVED)]
        return moved_facts(
            ((text(q.subject), q.predicate.value, to_value(q.object)) for q in quads), subjects
        )


class Known(Lookup):
    """The same where what is asked of propositions was found out for all of them at once."""

    def __init__(
        self,
        store: ox.Store,
        conveying: Mapping[str, Mapping[str, set[str]]],
        given: Mapping[str, set[BulkFact]],
        moved: list[BulkFact],
    ) -> None:
        """By subject; `conveying` has all subjects that propositions are about."""
        super().__init__(store)
        self._conveying, self._given, self._moved = conveying, given, moved

    def rows(self, event: str) -> Mapping[str, set[str]]:
        """See `Lookup`."""
        found = self._conveying.get(event)
        return super().rows(event) if found is None else found

    def stands(self, fact: BulkFact) -> bool:
        """See `Lookup`."""
        return fact in self._given.get(fact.statement.about, ())

    def moved(self, subjects: set[str] | None) -> Iterator[BulkFact]:
        """See `Lookup`."""
        return iter(self._moved) if subjects is None else super().moved(subjects)


def moved_facts(
    said: Iterable[tuple[str, str, Value]], subjects: Container[str] | None = None
) -> Iterator[BulkFact]:
    """Facts out of what graph/moved says (node, property, value), of some subjects or of all."""
    nodes: dict[str, dict[str, set[Value]]] = {}
    for node, name, value in said:
        nodes.setdefault(node, defaultdict(set))[_PARTS.get(name, "")].add(value)
    for parts in nodes.values():
        for about, predicate, value in product(parts["about"], parts["predicate"], parts["object"]):
            if subjects is None or about.text in subjects:
                statement = Statement(about.text, predicate.text, value)
                graphs = {graph.text for graph in parts["movedFrom"]} - NOT_A_DATA_SETS
                yield from (BulkFact(statement, graph) for graph in graphs)


def moved_about(store: ox.Store, subject: str) -> Iterator[ox.NamedNode]:
    """What graph/moved describes or keeps of a subject's facts."""
    for name in (_ABOUT, _SUBJECT):
        for quad in store.quads_for_pattern(None, name, ox.NamedNode(subject), MOVED):
            yield quad.subject  # type: ignore[misc]


def rows(store: ox.Store, question: str) -> ox.QuerySolutions:
    """The answer to queries/QUESTION.rq over all graphs."""
    answer = store.query(question_text(question), use_default_graph_as_union=True)
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


def forget_moved(store: ox.Store, graph: str, about: Container[str] | None = None) -> None:
    """A graph is removed, or what it says about some things, and with it what was moved out of it.

    The next derivation clears up the rest.
    """
    for quad in list(store.quads_for_pattern(None, _MOVED_FROM, ox.NamedNode(graph), MOVED)):
        names = (_ABOUT, _SUBJECT)
        said = (q for name in names for q in store.quads_for_pattern(quad.subject, name, None, None))
        if about is None or any(text(found.object) in about for found in said):
            store.remove(quad)


def _is_from(store: ox.Store, node: str, dataset: object) -> bool:
    quads = store.quads_for_pattern(ox.NamedNode(node), ox.NamedNode(f"{EKG}fromDataset"), dataset)  # type: ignore[arg-type]
    return next(iter(quads), None) is not None


def _has_any(store: ox.Store, graph: str) -> bool:
    return next(iter(store.quads_for_pattern(None, None, None, ox.NamedNode(graph))), None) is not None
