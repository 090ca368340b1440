"""Facts of data sets that nobody speaks of, under a policy that asks more of them than that nobody objects.

All facts of an event that one graph alone gives are put forward by the same rows, so they stand or fall
together.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.bulk import NOT_A_DATA_SETS, BulkFact, rows
from eventkg.claims.hearing import judge
from eventkg.claims.policy import DEFAULT
from eventkg.claims.reading import add_kinds, claim_of, put
from eventkg.claims.standing import open_debate
from eventkg.claims.surroundings import described
from eventkg.claims.texts import same_texts
from eventkg.model.claim import Book, Proposition, Statement, Value
from eventkg.model.naming import EKG, GRAPH_DERIVED, RDF
from eventkg.store.terms import text, to_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.claims.policy import Policy
    from eventkg.claims.reading import Nodes

Event = tuple[str, str]  # with the graph that conveys it
Quads = set[ox.Quad]

# What the number of sources of a row depends on, but for the texts that it shares with others
_COUNTING = ("claimant", "stance", "attributedTo", "attributedStance", "rootStatus", "modality", "relays")
_ONE_BY_ONE = 20_000  # beyond so many events, one pass over all of them is faster
_CONVEYS = ox.NamedNode(f"{EKG}conveys")
_TYPE, _REPORTED = ox.NamedNode(f"{RDF}type"), ox.NamedNode(f"{EKG}ReportedEvent")


def unadopted(
    store: ox.Store, policy: Policy, heard: Book, among: set[ox.NamedNode] | None
) -> tuple[Quads, Quads]:
    """The facts that a policy does not adopt, and what is said instead: that the event was reported.

    What is spoken of in what the policy has `heard` is judged elsewhere. No events but those
    `among` these are looked at, unless it is None.
    """
    nodes, conveyed = _conveying(store) if among is None else _conveying_beside(store, among)
    facts = _Facts(store)
    alike = _alike(nodes, conveyed) if _only_counts(policy) else {}
    judged_for = {event: claims for event, claims in conveyed.items() if alike.get(event, event) == event}
    book = described(
        _book(store, nodes, judged_for, {name for name, _ in _several(conveyed)}, facts), store, policy
    )
    if policy.independent > 1 or policy.number:  # else nobody is counted
        book.texts.update(same_texts(store))
    book.kinds.update(heard.kinds)
    fallen = {iri for iri, standing in judge(open_debate(book), policy).items() if not standing.adopted}
    whole = frozenset(event for event in conveyed if _name(alike.get(event, event)) in fallen)
    parts = (BulkFact(p.statement, p.graph) for p in map(book.propositions.get, fallen) if p and p.graph)
    elsewhere = {BulkFact(p.statement, p.graph).quad() for p in heard.propositions.values() if p.graph}
    removed = {*facts.of_all(whole), *(fact.quad() for fact in parts)} - elsewhere
    untyped = {quad.subject for quad in removed if quad.predicate == _TYPE}
    return removed, {ox.Quad(event, _TYPE, _REPORTED, ox.NamedNode(GRAPH_DERIVED)) for event in untyped}


def _only_counts(policy: Policy) -> bool:
    """Whether it differs from the default by the sources it asks for alone: then it looks at nothing else."""
    return replace(policy, iri=DEFAULT.iri, independent=DEFAULT.independent) == DEFAULT


def _alike(nodes: Nodes, conveyed: dict[Event, set[str]]) -> dict[Event, Event]:
    """Events with one row each, whose rows are so alike that they have as many sources: one for all."""
    first: dict[tuple[object, ...], Event] = {}
    several = _several(conveyed)
    found = {}
    for event, claims in conveyed.items():
        if len(claims) == 1 and event not in several:
            (claim,) = claims
            key = tuple(tuple(sorted(v.text for v in nodes[claim].get(name, ()))) for name in _COUNTING)
            found[event] = first.setdefault(key, event)
    return found


def _several(conveyed: dict[Event, set[str]]) -> set[Event]:
    """Events that more than one graph conveys."""
    graphs: dict[str, set[str]] = defaultdict(set)
    for name, graph in conveyed:
        graphs[name].add(graph)
    return {event for event in conveyed if len(graphs[event[0]]) > 1}


def _conveying(store: ox.Store) -> tuple[Nodes, dict[Event, set[str]]]:
    """All claims that convey events, and those that convey each event."""
    nodes: Nodes = defaultdict(dict)
    conveyed: dict[Event, set[str]] = defaultdict(set)
    for node, predicate, value, graph in rows(store, "conveying"):
        put(nodes[text(node)], text(predicate).removeprefix(EKG), to_value(value))
        if text(predicate) == f"{EKG}conveys" and text(graph) not in NOT_A_DATA_SETS:
            conveyed[text(value), text(graph)].add(text(node))
    return nodes, conveyed


def _conveying_beside(store: ox.Store, events: set[ox.NamedNode]) -> tuple[Nodes, dict[Event, set[str]]]:
    """As `_conveying`, of some events."""
    nodes: Nodes = defaultdict(dict)
    conveyed: dict[Event, set[str]] = defaultdict(set)
    for event in events:
        for quad in store.quads_for_pattern(None, _CONVEYS, event, None):
            if _graph(quad) and _graph(quad) not in NOT_A_DATA_SETS:
                conveyed[event.value, _graph(quad)].add(row := text(quad.subject))
                for said in store.quads_for_pattern(quad.subject, None, None, quad.graph_name):
                    put(nodes[row], text(said.predicate).removeprefix(EKG), to_value(said.object))
    return nodes, conveyed


def _book(
    store: ox.Store, nodes: Nodes, conveyed: dict[Event, set[str]], several: set[str], facts: _Facts
) -> Book:
    """A proposition for each event as a whole; for each fact of one that several graphs convey."""
    book, said = Book(), defaultdict[str, set[str]](set)
    for event, claims in conveyed.items():
        name, graph = event
        whole = Proposition(_name(event), Statement(name, f"{EKG}conveys", Value(graph)))
        for proposition in list(facts.of_one(event)) if name in several else [whole]:
            book.propositions[proposition.iri] = proposition
            for conveyor in claims:
                said[conveyor].add(proposition.iri)
    for iri, put_forward in said.items():
        claim = claim_of(iri, nodes[iri])
        book.claims[iri] = replace(claim, propositions=frozenset(put_forward), contests=False)
    add_kinds(store, book)
    return book


def _name(event: Event) -> str:
    """Of the proposition that the event happened as the graph has it; no IRI, so it can be no other."""
    return " ".join(event)


class _Facts:
    """What the data sets of a store say of the events that they convey."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._properties = [row[0] for row in rows(store, "claimable")]

    def of_one(self, event: Event) -> Iterator[Proposition]:
        """As propositions of the graph."""
        name, graph = event
        for quad in self._store.quads_for_pattern(ox.NamedNode(name), None, None, ox.NamedNode(graph)):
            if quad.predicate in self._properties and _is_fact(quad):
                fact = BulkFact(Statement(name, text(quad.predicate), to_value(quad.object)), graph)
                yield Proposition(fact.iri, fact.statement, graph=graph)

    def of_all(self, events: frozenset[Event]) -> Iterator[ox.Quad]:
        """All in one pass over each property, which is faster than event by event where there are many."""
        if len(events) <= _ONE_BY_ONE:
            for name, graph in events:
                quads = self._store.quads_for_pattern(ox.NamedNode(name), None, None, ox.NamedNode(graph))
                yield from (q for q in quads if q.predicate in self._properties and _is_fact(q))
            return
        for name in self._properties if events else ():
            for quad in self._store.quads_for_pattern(None, name, None, None):
                if (text(quad.subject), _graph(quad)) in events and _is_fact(quad):
                    yield quad


def _graph(quad: ox.Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""


def _is_fact(quad: ox.Quad) -> bool:
    return quad.predicate != _TYPE or quad.object != _REPORTED
