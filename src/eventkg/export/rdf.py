"""RDF files: the same graph gives the same bytes, grouped by subject."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.model.naming import PREFIXES, RDF
from eventkg.store.markup import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
_PREFIXED = {"ttl", "trig"}
_TYPE = ox.NamedNode(f"{RDF}type")


def serialize(quads: Iterable[ox.Quad], name: str, view: str = "") -> bytes:
    """The quads in a format of `FORMATS`; where it knows no graphs, the triples without repetition.

    Formats for the eye begin with a comment that names the policy of the `view` (an IRI).
    """
    rdf_format = FORMATS[name]
    with_graphs = rdf_format.supports_datasets and name != "jsonld"
    statements: list[ox.Quad] | list[ox.Triple] = (
        sorted(quads, key=_quad_order) if with_graphs else sorted({q.triple for q in quads}, key=_order)
    )
    buffer = io.BytesIO()
    if name in _PREFIXED:
        buffer.write(f"# view <{view}>\n".encode() if view else b"")
        _write_prefixes(buffer)
        body = io.BytesIO()
        ox.serialize(statements, body, format=rdf_format, prefixes=PREFIXES)
        _write_without_prefixes(body, buffer)
    else:
        ox.serialize(statements, buffer, format=rdf_format)
    return xml_text(buffer.getvalue()) if name == "rdfxml" else buffer.getvalue()


def _order(triple: ox.Triple) -> tuple[str, bool, str, str]:
    """By subject; `a` before the other predicates."""
    return str(triple.subject), triple.predicate != _TYPE, str(triple.predicate), str(triple.object)


def _quad_order(quad: ox.Quad) -> tuple[str, str, bool, str, str]:
    return (str(quad.graph_name), *_order(quad.triple))


def _write_prefixes(buffer: io.BytesIO) -> None:
    """In a fixed order: the serializer's own changes from run to run."""
    buffer.writelines(
        f"@prefix {prefix}: <{namespace}> .\n".encode() for prefix, namespace in PREFIXES.items()
    )


def _write_without_prefixes(body: io.BytesIO, buffer: io.BytesIO) -> None:
    body.seek(0)
    buffer.writelines(line for line in body if not line.startswith(b"@prefix "))
