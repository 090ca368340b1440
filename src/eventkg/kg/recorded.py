"""What a store holds of a document's claims, and what lies around a few nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.reading import read_about
from eventkg.model.naming import BASE, EKG, GRAPH_CODES, GRAPH_DERIVED, GRAPH_MOVED, GRAPH_ONTOLOGY, RDF
from eventkg.store.terms import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventkg.model.claim import Proposition

_NODE = ox.NamedNode
_FOUND_IN, _PROPOSITION = _NODE(f"{EKG}foundIn"), _NODE(f"{EKG}proposition")
_EQUIPMENT, _CONTRADICTS = _NODE(f"{EKG}equipment"), _NODE(f"{EKG}contradicts")
_BASIS, _ABOUT = _NODE(f"{EKG}contradictionBasis"), _NODE(f"{EKG}about")
_TYPE, _CLAIM = _NODE(f"{RDF}type"), _NODE(f"{EKG}Claim")
_WORDS = (_NODE(GRAPH_ONTOLOGY), _NODE(GRAPH_CODES))
_DERIVED = (_NODE(GRAPH_DERIVED), _NODE(GRAPH_MOVED))


def propositions_among(store: ox.Store, nodes: set[str]) -> dict[str, Proposition]:
    """The propositions among some nodes, by IRI."""
    return read_about(store, set(), nodes, set()).propositions


def claims_of(store: ox.Store, document: str, graph: ox.NamedNode) -> set[str]:
    """The claims in a graph that are found in this document and in no other."""
    claims = {text(q.subject) for q in store.quads_for_pattern(None, _FOUND_IN, _NODE(document), graph)}
    return {iri for iri in claims if _objects(store, iri, _FOUND_IN) == {document}}


def claims_in(quads: Iterable[ox.Quad]) -> set[str]:
    """The claims that these quads describe."""
    return {text(q.subject) for q in quads if q.predicate == _TYPE and q.object == _CLAIM}


def of_document(store: ox.Store, document: str, declared: Iterable[str], graph: ox.NamedNode) -> set[ox.Quad]:
    """Everything in a graph that stands there because of a document's claims.

    Its claims, the propositions that no other claim names, their contradictions in both directions, the
    document itself, and the things that its file declares.
    """
    claims = claims_of(store, document, graph)
    named = {p for claim in claims for p in _objects(store, claim, _PROPOSITION)}
    orphans = {p for p in named if _subjects(store, _PROPOSITION, p) <= claims}
    parts = {part for p in orphans for part in _objects(store, p, _EQUIPMENT)}
    geometries = {f"{iri}/geometry" for iri in declared}
    nodes = {document, *claims, *orphans, *parts, *declared, *geometries}
    found = {q for node in nodes for q in store.quads_for_pattern(_NODE(node), None, None, graph)}
    back = {q for p in orphans for q in store.quads_for_pattern(None, _CONTRADICTS, _NODE(p), graph)}
    return found | back | _bases_left(store, back, orphans, graph)


def _bases_left(store: ox.Store, back: set[ox.Quad], orphans: set[str], graph: ox.NamedNode) -> set[ox.Quad]:
    """The bases of propositions that contradict nothing else in this graph."""
    others = {text(q.subject) for q in back} - orphans
    free = {iri for iri in others if _objects(store, iri, _CONTRADICTS, graph) <= orphans}
    return {q for iri in free for q in store.quads_for_pattern(_NODE(iri), _BASIS, None, graph)}


def around(store: ox.Store, nodes: set[str]) -> Iterator[ox.Quad]:
    """Ontology, codes, these nodes, what is said about them by whom, and what all of that refers to."""
    for graph in _WORDS:
        yield from store.quads_for_pattern(None, None, None, graph)
    propositions = {p for node in nodes for p in _subjects(store, _ABOUT, node)}
    said = nodes | propositions
    said |= {rival for p in said for rival in _objects(store, p, _CONTRADICTS)}
    said |= {claim for p in said for claim in _subjects(store, _PROPOSITION, p)}
    described = said | {iri for node in said for iri in _referred(store, node)}
    for node in sorted(described):
        yield from store.quads_for_pattern(_NODE(node), None, None, None)


def _referred(store: ox.Store, node: str) -> set[str]:
    """The things of ours that a node's statements refer to, with the parts they have."""
    quads = store.quads_for_pattern(_NODE(node), None, None, None)
    return {
        text(q.object)
        for q in quads
        if isinstance(q.object, ox.NamedNode) and text(q.object).startswith(f"{BASE}id/")
    }


def _objects(
    store: ox.Store, node: str, predicate: ox.NamedNode, graph: ox.NamedNode | None = None
) -> set[str]:
    return {text(q.object) for q in store.quads_for_pattern(_NODE(node), predicate, None, graph)}


def _subjects(store: ox.Store, predicate: ox.NamedNode, node: str) -> set[str]:
    quads = store.quads_for_pattern(None, predicate, _NODE(node), None)
    return {text(q.subject) for q in quads if q.graph_name not in _DERIVED}
