"""RDF read for rdflib with every literal as written; rdflib's own parsers drop the time zone of a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import rdflib

from eventkg.checking.shapesgraph import read_shape_quads
from eventkg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def to_rdflib(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    """Unite the graphs that the quads are in."""
    graph = rdflib.Graph(bind_namespaces="none")
    for quad in quads:
        graph.add((_node(quad.subject), rdflib.URIRef(quad.predicate.value), _node(quad.object)))
    return graph


def _node(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> rdflib.term.Node:
    if isinstance(term, ox.NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, ox.Triple):
        raise DataError(f"{term}: an RDF 1.2 triple term found, RDF 1.1 expected")
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    datatype = None if term.datatype.value == str(rdflib.XSD.string) else rdflib.URIRef(term.datatype.value)
    return rdflib.Literal(term.value, datatype=datatype, normalize=False)


def read_shapes(path: Path) -> rdflib.Graph:
    """Shapes of a file, or of all Turtle files of a folder; raises as `read_shape_quads`."""
    return to_rdflib(read_shape_quads(path))
