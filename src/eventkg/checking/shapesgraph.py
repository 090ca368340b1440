"""A graph of shapes held for reading: every literal as it was written, every list walked with care."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.errors import DataError, ShapesError
from eventkg.model.naming import RDF, RDFS, XSD
from eventkg.store.files import read_quads

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Term = ox.NamedNode | ox.BlankNode | ox.Literal

SH = "http://www.w3.org/ns/shacl#"
SHAPES_GRAPH = "urn:eventkg:shapes-graph"
_NIL = ox.NamedNode(f"{RDF}nil")
_SKOLEM = "urn:eventkg:shapes-graph:blank:"
_INTEGER = re.compile(r"[+-]?[0-9]+")


class ShapesGraph:
    """Triples by subject and predicate, in an order that does not depend on labels of blank nodes alone."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        """Hold the union of the graphs that the quads are in."""
        self._out: dict[Term, dict[str, list[Term]]] = {}
        self._in: dict[str, dict[Term, list[Term]]] = {}
        for subject, predicate, obj, _ in quads:
            if isinstance(subject, ox.Triple) or isinstance(obj, ox.Triple):
                raise ShapesError("shapes: an RDF 1.2 triple term found, RDF 1.1 expected")
            found = self._out.setdefault(subject, {}).setdefault(predicate.value, [])
            if obj not in found:
                found.append(obj)
                self._in.setdefault(predicate.value, {}).setdefault(obj, []).append(subject)

    def objects(self, subject: Term, predicate: str) -> list[Term]:
        """The values of a property, in the order in which they were written."""
        return self._out.get(subject, {}).get(predicate, [])

    def subjects(self, predicate: str, obj: Term | None = None) -> list[Term]:
        """What has a property, or has it with this value."""
        users = self._in.get(predicate, {})
        if obj is not None:
            return users.get(obj, [])
        return list(dict.fromkeys(subject for found in users.values() for subject in found))

    def predicates(self, subject: Term) -> dict[str, list[Term]]:
        """All properties of a node with their values."""
        return self._out.get(subject, {})

    def nodes(self) -> list[Term]:
        """Everything that has a property."""
        return list(self._out)

    def one(self, subject: Term, predicate: str) -> Term | None:
        """The value of a property that has at most one.

        Raises:
            ShapesError: there are more.

        """
        found = self.objects(subject, predicate)
        if len(found) > 1:
            raise ShapesError(
                f"{name(subject)} {shacl(predicate)}: {len(found)} values found, at most 1 expected"
            )
        return found[0] if found else None

    def items(self, node: Term) -> list[Term]:
        """The members of an RDF list.

        Raises:
            ShapesError: no list, or one that does not end.

        """
        members, seen = [], set()
        while node != _NIL:
            first, rest = self.objects(node, f"{RDF}first"), self.objects(node, f"{RDF}rest")
            if len(first) != 1 or len(rest) != 1 or node in seen:
                raise ShapesError(
                    f"{name(node)}: no well-formed RDF list found, one that ends in rdf:nil expected"
                )
            seen.add(node)
            members.append(first[0])
            node = rest[0]
        return members

    def is_list(self, node: Term) -> bool:
        """Whether a node begins an RDF list of at least one member."""
        return bool(self.objects(node, f"{RDF}first"))

    def instance_of(self, node: Term, class_iri: str) -> bool:
        """Whether a node has a class or one of its subclasses as its type, all said in this graph."""
        waiting, seen = list(self.objects(node, f"{RDF}type")), set[Term]()
        while waiting:
            one = waiting.pop()
            if one == ox.NamedNode(class_iri):
                return True
            if one not in seen:
                seen.add(one)
                waiting += self.objects(one, f"{RDFS}subClassOf")
        return False

    def quads(self) -> Iterable[ox.Quad]:
        """All of it in the graph SHAPES_GRAPH, with IRIs in place of blank nodes."""
        graph = ox.NamedNode(SHAPES_GRAPH)
        for subject, properties in self._out.items():
            for predicate, found in properties.items():
                for obj in found:
                    yield ox.Quad(skolem(subject), ox.NamedNode(predicate), skolem(obj), graph)  # type: ignore[arg-type]


def skolem(term: Term) -> Term:
    """A term that a query can name: a blank node of the shapes by an IRI."""
    return ox.NamedNode(_SKOLEM + term.value) if isinstance(term, ox.BlankNode) else term


def sparql(term: Term) -> str:
    """A term as SPARQL and Turtle write it."""
    return str(skolem(term))


def name(term: Term) -> str:
    """A term as a person reads it in a message."""
    return term.value if isinstance(term, ox.NamedNode) else str(term)


def shacl(predicate: str) -> str:
    """`sh:path` for its IRI."""
    return predicate.replace(SH, "sh:")


def integer(subject: Term, predicate: str, term: Term) -> int:
    """The number that a parameter such as sh:minCount has.

    Raises:
        ShapesError: no xsd:integer.

    """
    if (
        isinstance(term, ox.Literal)
        and term.datatype.value == f"{XSD}integer"
        and _INTEGER.fullmatch(term.value)
    ):
        return int(term.value)
    raise ShapesError(f"{name(subject)} {shacl(predicate)}: {name(term)} found, an xsd:integer expected")


def is_true(term: Term | None) -> bool:
    """Only the literal `true`: the recommendation knows no other way to switch something on."""
    return term == ox.Literal("true", datatype=ox.NamedNode(f"{XSD}boolean"))


def read_shapes_graph(path: Path) -> ShapesGraph:
    """Shapes of a file, or of all Turtle files of a folder; raises as `read_shape_quads`."""
    return ShapesGraph(read_shape_quads(path))


def read_shape_quads(path: Path) -> list[ox.Quad]:
    """The statements of a file of shapes, or of all Turtle files of a folder.

    Raises:
        ShapesError: a file that cannot be read, or a folder without one.

    """
    files = sorted(path.glob("*.ttl")) if path.is_dir() else [path]
    if not files:
        raise ShapesError(f"{path}: no Turtle file found, shapes expected")
    try:
        return [quad for file in files for quad in read_quads(file, "urn:shapes", base=True)]
    except DataError as problem:
        raise ShapesError(str(problem)) from problem
