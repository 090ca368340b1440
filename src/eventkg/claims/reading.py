"""The book of claims, read out of a store."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.bulk import contesting, rows, spoken_of
from eventkg.claims.texts import same_texts
from eventkg.errors import DataError
from eventkg.model.claim import Book, Claim, Proposition, Stance, Statement
from eventkg.model.naming import CODE, EKG, GRAPH_DERIVED, GRAPH_MOVED, RDF
from eventkg.store.terms import text, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.store.terms import Term

Node = dict[str, "list[Term]"]  # property (local name or IRI) -> values
Nodes = dict[str, Node]

_DERIVED_GRAPHS = (ox.NamedNode(GRAPH_DERIVED), ox.NamedNode(GRAPH_MOVED))
_TYPE = ox.NamedNode(f"{RDF}type")
_DCTERMS = "http://purl.org/dc/terms/"
_NONE: frozenset[str] = frozenset()
_QUALIFIERS = ("count", "ordinal")


def read_book(store: ox.Store) -> Book:
    """All claims and propositions, and the facts of data sets that they speak of; nothing that was derived.

    Raises:
        DataError: a claim without one claimant and stance, a proposition without about, predicate, object.

    """
    return _book(store, _all_nodes(store, "propositions"), _all_nodes(store, "claims"), None)


def read_about(store: ox.Store, subjects: set[str], propositions: set[str], claims: set[str]) -> Book:
    """The book of these propositions and claims alone, and the facts of data sets about these subjects."""
    nodes = _nodes(store, propositions)
    parts = {text(part) for node in nodes.values() for part in node.get("equipment", ())}
    return _book(store, {**nodes, **_nodes(store, parts)}, _nodes(store, claims), subjects)


def read_part(store: ox.Store, nodes: set[str]) -> Book:
    """The propositions and claims among some nodes of a store that holds no facts of data sets."""
    return _book(store, found := _nodes(store, nodes), found, set())


def _book(store: ox.Store, propositions: Nodes, claims: Nodes, subjects: set[str] | None) -> Book:
    book = Book()
    for iri, node in propositions.items():
        if _is_a(node, "Proposition"):
            book.propositions[iri] = _proposition(iri, node, propositions)
    for iri, node in claims.items():
        if _is_a(node, "Claim"):
            book.claims[iri] = claim_of(iri, node)
    _add_facts(store, book, claims, subjects)
    _add_documents(store, book)
    add_kinds(store, book)
    return book


def add_kinds(store: ox.Store, book: Book) -> None:
    """What those are who speak in a book."""
    book.kinds.update({actor: _kinds(actor, store) for actor in book.speakers()})


def _add_facts(store: ox.Store, book: Book, claims: Nodes, subjects: set[str] | None) -> None:
    """Facts of data sets that are spoken of, as propositions put forward by the claims that convey them."""
    statements = [proposition.statement for proposition in book.propositions.values()]
    answered = {iri for c in book.claims.values() for iri in c.relays | c.responds_to | c.replaces}
    facts = spoken_of(store, statements, answered, subjects) if subjects is None or subjects else {}
    said: dict[str, set[str]] = defaultdict(set)
    for fact, conveying in facts.items():
        book.propositions[fact.iri] = Proposition(fact.iri, fact.statement, graph=fact.graph)
        for conveyor in conveying:
            said[conveyor].add(fact.iri)
    nodes = {**claims, **_nodes(store, said.keys() - claims.keys())}
    bulk = {iri: claim_of(iri, node) for iri, node in nodes.items() if _is_bulk(node)}
    heard = contesting(store, {iri: _iris(nodes[iri], "conveys") for iri in bulk})
    for iri, claim in bulk.items():
        put_forward = claim.propositions | said.get(iri, set())
        book.claims[iri] = replace(claim, propositions=put_forward, contests=iri in heard)


def _add_documents(store: ox.Store, book: Book) -> None:
    """Which documents give one text, and who made those in which curated claims are found."""
    book.texts.update(same_texts(store))
    read = {document for claim in book.claims.values() if not claim.bulk for document in claim.documents}
    for document in read:
        named = (
            text(quad.object)
            for name in ("creator", "publisher")
            for quad in store.quads_for_pattern(
                ox.NamedNode(document), ox.NamedNode(_DCTERMS + name), None, None
            )
        )
        if makers := frozenset(named):
            book.makers[document] = makers


def _all_nodes(store: ox.Store, question: str) -> Nodes:
    """What queries/QUESTION.rq finds: in one pass, which is many times faster than node by node."""
    nodes: Nodes = defaultdict(lambda: defaultdict(list))
    for node, predicate, value in rows(store, question):
        put(nodes[text(node)], predicate, value)
    return nodes


def _nodes(store: ox.Store, iris: Iterable[str]) -> Nodes:
    return {iri: _node(ox.NamedNode(iri), store) for iri in iris}


def _node(subject: ox.NamedNode, store: ox.Store) -> Node:
    node: Node = defaultdict(list)
    for quad in store.quads_for_pattern(subject, None, None, None):
        if quad.graph_name not in _DERIVED_GRAPHS:
            put(node, quad.predicate, quad.object)
    return node


def put(node: Node, predicate: Term, value: Term) -> None:
    """Once, in however many graphs it stands."""
    values = node[text(predicate).removeprefix(EKG)]
    if value not in values:
        values.append(value)


def _is_a(node: Node, name: str) -> bool:
    return any(text(cls) == EKG + name for cls in node.get(f"{RDF}type", ()))


def _is_bulk(node: Node) -> bool:
    """A row of a data set."""
    return _is_a(node, "Claim") and ("conveys" in node or "fromDataset" in node)


def _iris(node: Node, name: str) -> frozenset[str]:
    return frozenset(map(text, node[name])) if name in node else _NONE


def _one(iri: str, node: Node, *names: str) -> Term:
    found = [term for name in names for term in node.get(name, ())]
    if len(found) != 1:
        expected = " or ".join(f"ekg:{name}" for name in names)
        raise DataError(f"{iri}: {len(found)} values of {expected} found, exactly 1 expected")
    return found[0]


def _proposition(iri: str, node: Node, nodes: Nodes) -> Proposition:
    statement = Statement(
        text(_one(iri, node, "about")),
        text(_one(iri, node, "predicate")),
        to_value(_one(iri, node, "object", "value")),
    )
    qualifiers = {(name, text(term)) for name in _QUALIFIERS for term in node.get(name, ())}
    for part in node.get("equipment", ()):
        counted = nodes.get(text(part), {})
        kind, count = _one(text(part), counted, "equipmentType"), _one(text(part), counted, "count")
        qualifiers.add(("equipment", f"{text(count)} {text(kind)}"))
    return Proposition(iri, statement, frozenset(qualifiers), _iris(node, "contradicts"))


def claim_of(iri: str, node: Node) -> Claim:
    """A claim out of what is known of it.

    Raises:
        DataError: no claimant or stance, or more than one.

    """
    return Claim(
        iri=iri,
        claimant=text(_one(iri, node, "claimant")),
        stance=_stance(iri, _one(iri, node, "stance")),
        propositions=_iris(node, "proposition"),
        relays=_iris(node, "relays"),
        responds_to=_iris(node, "respondsTo"),
        replaces=_iris(node, "corrects") | _iris(node, "supersedes"),
        attributed_to=_iris(node, "attributedTo"),
        attributed_stance=_stance(iri, node["attributedStance"][0]) if node.get("attributedStance") else None,
        root_stated=f"{CODE}root-status/unstated" not in _iris(node, "rootStatus"),
        relation=_code(node, "claimantRelation"),
        actual=not {"intended", "feared"} & {_code(node, "modality")},
        claimed_on=text(node["claimedOn"][0]) if node.get("claimedOn") else "",
        documents=_iris(node, "foundIn"),
        bulk=_is_bulk(node),
    )


def _stance(iri: str, term: Term) -> Stance:
    name = text(term).removeprefix(EKG)
    if name not in set(Stance):
        raise DataError(f"{iri}: stance {text(term)!r} found, one of {', '.join(Stance)} expected")
    return Stance(name)


def _code(node: Node, name: str) -> str:
    """The last part of a code's IRI: `author` of code/claimant-relation/author."""
    values = sorted(_iris(node, name))
    return values[0].rpartition("/")[2] if values else ""


def _kinds(actor: str, store: ox.Store) -> frozenset[str]:
    quads = store.quads_for_pattern(ox.NamedNode(actor), _TYPE, None, None)
    return frozenset(text(quad.object).removeprefix(EKG) for quad in quads)
