"""Blank nodes of strangers become IRIs that depend on content alone, so a second load changes nothing.

Labels are those of RDF Dataset Canonicalization (RDFC-1.0, W3C Recommendation 2024) over the quads that hold
blank
nodes; it looks at no others. The IRI is a skolem IRI as in RDF 1.1 Concepts, section 3.5.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.errors import DataError
from eventkg.model.naming import BASE

if TYPE_CHECKING:
    from collections.abc import Iterator

GENID = f"{BASE}.well-known/genid/"
MAX_QUADS = 200_000  # with blank nodes, in one file: canonicalization needs them all in memory


class BlankQuads:
    """Quads with blank nodes, set aside until the file has been read."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._quads: list[ox.Quad] = []

    def add(self, quad: ox.Quad) -> None:
        """Set one aside.

        Raises:
            DataError: more than `MAX_QUADS`.

        """
        if len(self._quads) >= MAX_QUADS:
            raise DataError(
                f"{self._source}: more than {MAX_QUADS:,} statements with blank nodes found; "
                "name them with IRIs"
            )
        self._quads.append(quad)

    def named(self) -> Iterator[ox.Quad]:
        """The same quads without blank nodes, in a fixed order."""
        if not self._quads:
            return
        dataset = ox.Dataset(self._quads)
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        canonical = sorted(dataset, key=str)
        content = "".join(f"{quad} .\n" for quad in canonical)
        prefix = f"{GENID}{hashlib.sha256(content.encode()).hexdigest()[:32]}-"
        for quad in canonical:
            subject, obj = _name(quad.subject, prefix), _name(quad.object, prefix)
            if not isinstance(subject, ox.Literal):
                yield ox.Quad(subject, quad.predicate, obj, quad.graph_name)


def _name(
    term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, prefix: str
) -> ox.NamedNode | ox.Literal:
    if isinstance(term, ox.BlankNode):
        return ox.NamedNode(prefix + term.value)
    if isinstance(term, ox.Triple):
        raise DataError("an RDF 1.2 triple term found, RDF 1.1 expected")
    return term
