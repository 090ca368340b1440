"""The book of claims, read out of a store."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.errors import DataError
from eventkg.model.claim import Book, Claim, Proposition, Stance, Statement
from eventkg.model.naming import CODE, EKG, GRAPH_DERIVED, RDF
from eventkg.store.terms import text, to_value

if TYPE_CHECKING:
    from eventkg.store.terms import Term

Node = dict[str, "list[Term]"]  # property (local name or IRI) -> values

_DERIVED = ox.NamedNode(GRAPH_DERIVED)
_TYPE = ox.NamedNode(f"{RDF}type")
_QUALIFIERS = ("count", "ordinal")


def read_book(store: ox.Store) -> Book:
    """All claims and propositions outside graph/derived.

    Raises:
        DataError: a claim without one claimant and stance, a proposition without about, predicate, object.

    """
    return read_part(store, _instances(store, "Proposition"), _claims_that_matter(store))


def read_part(store: ox.Store, propositions: set[str], claims: set[str]) -> Book:
    """The book of these propositions and claims alone; nodes of other classes are passed over."""
    book = Book()
    for iri in propositions & _instances(store, "Proposition", propositions):
        book.propositions[iri] = _proposition(iri, _node(ox.NamedNode(iri), store), store)
    for iri in claims & _instances(store, "Claim", claims):
        book.claims[iri] = _claim(iri, _node(ox.NamedNode(iri), store))
    book.kinds.update({actor: _kinds(actor, store) for actor in book.speakers()})
    return book


def _claims_that_matter(store: ox.Store) -> set[str]:
    """Those about propositions or other claims; a bulk claim conveys an event and decides nothing here."""
    names = ("proposition", "relays", "respondsTo", "corrects", "supersedes")
    quads = (q for name in names for q in store.quads_for_pattern(None, ox.NamedNode(EKG + name), None, None))
    return {text(quad.subject) for quad in quads if quad.graph_name != _DERIVED}


def _instances(store: ox.Store, cls: str, among: set[str] | None = None) -> set[str]:
    """Instances of a class outside graph/derived: all, or those among some nodes."""
    wanted = ox.NamedNode(EKG + cls)
    subjects = [None] if among is None else [ox.NamedNode(iri) for iri in among]
    quads = (quad for s in subjects for quad in store.quads_for_pattern(s, _TYPE, wanted, None))
    return {text(quad.subject) for quad in quads if quad.graph_name != _DERIVED}


def _node(subject: Term, store: ox.Store) -> Node:
    node: Node = defaultdict(list)
    for quad in store.quads_for_pattern(subject, None, None, None):  # type: ignore[arg-type]
        if quad.graph_name != _DERIVED and quad.object not in node[_local(quad.predicate)]:
            node[_local(quad.predicate)].append(quad.object)
    return node


def _local(predicate: ox.NamedNode) -> str:
    return predicate.value.removeprefix(EKG)


def _iris(node: Node, name: str) -> frozenset[str]:
    return frozenset(text(term) for term in node.get(name, ()))


def _one(iri: str, node: Node, *names: str) -> Term:
    found = [term for name in names for term in node.get(name, ())]
    if len(found) != 1:
        expected = " or ".join(f"ekg:{name}" for name in names)
        raise DataError(f"{iri}: {len(found)} values of {expected} found, exactly 1 expected")
    return found[0]


def _proposition(iri: str, node: Node, store: ox.Store) -> Proposition:
    statement = Statement(
        text(_one(iri, node, "about")),
        text(_one(iri, node, "predicate")),
        to_value(_one(iri, node, "object", "value")),
    )
    qualifiers = {(name, text(term)) for name in _QUALIFIERS for term in node.get(name, ())}
    for part in node.get("equipment", ()):
        counted = _node(part, store)
        kind, count = _one(text(part), counted, "equipmentType"), _one(text(part), counted, "count")
        qualifiers.add(("equipment", f"{text(count)} {text(kind)}"))
    return Proposition(iri, statement, frozenset(qualifiers), _iris(node, "contradicts"))


def _claim(iri: str, node: Node) -> Claim:
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
