"""The book of claims, read out of a store."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.claims.bulk import NOT_A_DATA_SETS, BulkFact, Known, contesting, moved_facts, spoken_of
from eventkg.claims.columns import asking, bare, each, value
from eventkg.claims.texts import same_texts
from eventkg.errors import DataError
from eventkg.model.claim import Book, Claim, Proposition, Stance, Statement, Value
from eventkg.model.naming import CODE, EKG, GRAPH_DERIVED, GRAPH_MOVED, RDF
from eventkg.store.terms import text, to_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.claims.columns import Ask, Rows

Node = dict[str, list[Value]]  # property (local name or IRI) -> values
Nodes = dict[str, Node]

_DERIVED_GRAPHS = (ox.NamedNode(GRAPH_DERIVED), ox.NamedNode(GRAPH_MOVED))
_TYPE = ox.NamedNode(f"{RDF}type")
_DCTERMS = "http://purl.org/dc/terms/"
_NONE: frozenset[str] = frozenset()
_ANSWERS = ("relays", "respondsTo", "corrects", "supersedes")
_QUALIFIERS = ("count", "ordinal")
_STANCES = {str(stance): stance for stance in Stance}


def read_book(store: ox.Store, ask: Ask | None = None) -> Book:
    """All claims and propositions, and the facts of data sets that they speak of; nothing that was derived.

    `ask` answers questions about the same state as the store is in, where somebody does so faster.

    Raises:
        DataError: a claim without one claimant and stance, a proposition without about, predicate, object.

    """
    answers = each(ask or asking(store), "claims", "propositions", "conveyed", "given", "moved")
    claims, propositions = all_nodes(next(answers)), all_nodes(next(answers))
    book = Book(_propositions(propositions))
    conveying = _conveying(next(answers), book)
    known = Known(store, conveying, _given(next(answers), book), _moved(next(answers)))
    return _filled(store, book, claims, None, known)


def read_about(store: ox.Store, subjects: set[str], propositions: set[str], claims: set[str]) -> Book:
    """The book of these propositions and claims alone, and the facts of data sets about these subjects."""
    nodes = _nodes(store, propositions)
    parts = {part.text for node in nodes.values() for part in node.get("equipment", ())}
    book = Book(_propositions({**nodes, **_nodes(store, parts)}))
    return _filled(store, book, _nodes(store, claims), subjects)


def read_part(store: ox.Store, nodes: set[str]) -> Book:
    """The propositions and claims among some nodes of a store that holds no facts of data sets."""
    found = _nodes(store, nodes)
    return _filled(store, Book(_propositions(found)), found, set())


def _propositions(nodes: Nodes) -> dict[str, Proposition]:
    return {iri: _proposition(iri, node, nodes) for iri, node in nodes.items() if _is_a(node, "Proposition")}


def _conveying(rows: Rows, book: Book) -> dict[str, dict[str, set[str]]]:
    """Of all that propositions are about: the claims that convey it, by graph (conveyed.rq)."""
    found: dict[str, dict[str, set[str]]] = {p.statement.about: {} for p in book.propositions.values()}
    for event, row, graph in rows:
        if bare(graph) not in NOT_A_DATA_SETS:
            found.setdefault(bare(event), {}).setdefault(bare(graph), set()).add(bare(row))
    return found


def _given(rows: Rows, book: Book) -> dict[str, set[BulkFact]]:
    """The facts of data sets that propositions speak of and that stand, by subject (given.rq)."""
    found: dict[str, set[BulkFact]] = {}
    for iri, graph in rows:
        if spoken_of := book.propositions.get(bare(iri)):
            about = spoken_of.statement.about
            found.setdefault(about, set()).add(BulkFact(spoken_of.statement, bare(graph)))
    return found


def _moved(rows: Rows) -> list[BulkFact]:
    """The facts that rest in graph/moved (moved.rq)."""
    return list(moved_facts((bare(node), bare(name), value(said)) for node, name, said in rows))


def _filled(
    store: ox.Store, book: Book, claims: Nodes, subjects: set[str] | None, known: Known | None = None
) -> Book:
    for iri, node in claims.items():
        if _is_a(node, "Claim") and not _is_bulk(node):
            book.claims[iri] = claim_of(iri, node)
    _add_facts(store, book, claims, subjects, known)
    _add_documents(store, book)
    add_kinds(store, book)
    return book


def add_kinds(store: ox.Store, book: Book) -> None:
    """What those are who speak in a book."""
    book.kinds.update({actor: kinds_of(actor, store) for actor in book.speakers()})


def _add_facts(
    store: ox.Store, book: Book, claims: Nodes, subjects: set[str] | None, known: Known | None
) -> None:
    """Facts of data sets that are spoken of, as propositions put forward by the claims that convey them."""
    statements = [proposition.statement for proposition in book.propositions.values()]
    own = [node for node in claims.values() if _is_a(node, "Claim")]
    answered = {v.text for node in own for name in _ANSWERS for v in node.get(name, ())}
    asked = subjects is None or subjects
    facts = spoken_of(store, statements, answered, subjects, known) if asked else {}
    said: dict[str, set[str]] = defaultdict(set)
    for fact, rows in facts.items():
        name = fact.iri
        book.propositions[name] = Proposition(name, fact.statement, graph=fact.graph)
        for conveyor in rows:
            said[conveyor].add(name)
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


def all_nodes(rows: Rows) -> Nodes:
    """Nodes by what is said of them: in one pass, which is many times faster than node by node."""
    nodes: Nodes = defaultdict(dict)
    names, terms = dict[str, str](), dict[str, Value]()  # few properties, and much that is said again
    for node, predicate, said in rows:
        name = names.get(predicate) or names.setdefault(predicate, bare(predicate).removeprefix(EKG))
        put(nodes[bare(node)], name, terms.get(said) or terms.setdefault(said, value(said)))
    return nodes


def _nodes(store: ox.Store, iris: Iterable[str]) -> Nodes:
    return {iri: _node(ox.NamedNode(iri), store) for iri in iris}


def _node(subject: ox.NamedNode, store: ox.Store) -> Node:
    node: Node = {}
    for quad in store.quads_for_pattern(subject, None, None, None):
        if quad.graph_name not in _DERIVED_GRAPHS:
            put(node, text(quad.predicate).removeprefix(EKG), to_value(quad.object))
    return node


def put(node: Node, name: str, value: Value) -> None:
    """Once, in however many graphs it stands."""
    values = node.setdefault(name, [])
    if value not in values:
        values.append(value)


def _is_a(node: Node, name: str) -> bool:
    return any(cls.text == EKG + name for cls in node.get(f"{RDF}type", ()))


def _is_bulk(node: Node) -> bool:
    """A row of a data set."""
    return _is_a(node, "Claim") and ("conveys" in node or "fromDataset" in node)


def _iris(node: Node, name: str) -> frozenset[str]:
    return frozenset([value.text for value in node[name]]) if name in node else _NONE


def _one(iri: str, node: Node, *names: str) -> Value:
    found = [value for name in names for value in node.get(name, ())]
    if len(found) != 1:
        expected = " or ".join(f"ekg:{name}" for name in names)
        raise DataError(f"{iri}: {len(found)} values of {expected} found, exactly 1 expected")
    return found[0]


def _proposition(iri: str, node: Node, nodes: Nodes) -> Proposition:
    statement = Statement(
        _one(iri, node, "about").text,
        _one(iri, node, "predicate").text,
        _one(iri, node, "object", "value"),
    )
    qualifiers = {(name, value.text) for name in _QUALIFIERS for value in node.get(name, ())}
    for part in node.get("equipment", ()):
        counted = nodes.get(part.text, {})
        kind, count = _one(part.text, counted, "equipmentType"), _one(part.text, counted, "count")
        qualifiers.add(("equipment", f"{count.text} {kind.text}"))
    return Proposition(iri, statement, frozenset(qualifiers), _iris(node, "contradicts"))


def claim_of(iri: str, node: Node) -> Claim:
    """A claim out of what is known of it.

    Raises:
        DataError: no claimant or stance, or more than one.

    """
    return Claim(
        iri=iri,
        claimant=_one(iri, node, "claimant").text,
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
        claimed_on=node["claimedOn"][0].text if node.get("claimedOn") else "",
        documents=_iris(node, "foundIn"),
        bulk=_is_bulk(node),
    )


def _stance(iri: str, value: Value) -> Stance:
    stance = _STANCES.get(value.text.removeprefix(EKG))
    if stance is None:
        raise DataError(f"{iri}: stance {value.text!r} found, one of {', '.join(Stance)} expected")
    return stance


def _code(node: Node, name: str) -> str:
    """The last part of a code's IRI: `author` of code/claimant-relation/author."""
    values = sorted(_iris(node, name))
    return values[0].rpartition("/")[2] if values else ""


def kinds_of(actor: str, store: ox.Store) -> frozenset[str]:
    """The local names of an actor's classes."""
    quads = store.quads_for_pattern(ox.NamedNode(actor), _TYPE, None, None)
    return frozenset(text(quad.object).removeprefix(EKG) for quad in quads)
