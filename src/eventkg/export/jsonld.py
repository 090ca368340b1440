"""JSON-LD, flattened: one object a subject, with a context that stands in the file."""

from __future__ import annotations

import json
from itertools import groupby
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from eventkg.export.rdfstreams import Blocks
from eventkg.model.naming import PREFIXES, RDF, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Value = str | dict[str, str]

_TYPE, _STRING = f"{RDF}type", f"{XSD}string"
_WHOLE = "view"  # the IRI of a policy can be searched for in any file
_NOT_AFTER_A_COLON = "//"  # `a://b` is an address, whatever `a` is declared to be


class Prefixes:
    """Those of our prefixes that no IRI in the data has for its scheme (`geo:36,37` is an address)."""

    def __init__(self) -> None:
        self._known = {prefix: iri for prefix, iri in PREFIXES.items() if prefix != _WHOLE}
        self._short: dict[str, str] = {}

    def seen(self, blocks: Iterable[list[bytes]]) -> Iterator[list[bytes]]:
        """The same blocks; what their IRIs begin with is known at the end."""
        for block in blocks:
            text = b"".join(block)
            for prefix in [prefix for prefix in self._known if f"<{prefix}:".encode() in text]:
                del self._known[prefix]
            yield block

    def context(self) -> dict[str, str]:
        """For the file."""
        return self._known

    def shorten(self, iri: str) -> str:
        """`event:x` for an IRI under one of the prefixes."""
        found = self._short.get(iri)
        if found is None:
            found = self._short[iri] = self._shortened(iri)
            if len(self._short) > 100_000:
                self._short.clear()
        return found

    def _shortened(self, iri: str) -> str:
        for prefix, namespace in self._known.items():
            if iri.startswith(namespace) and not iri.startswith(_NOT_AFTER_A_COLON, len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri


def write(statements: Iterator[bytes], tail: Iterator[ox.Quad], prefixes: Prefixes, out: IO[bytes]) -> None:
    """N-Triples in order of subjects, then the tail's."""
    first = next(statements, b"")  # all input has been read by then
    context = json.dumps(prefixes.context(), ensure_ascii=False, indent=1)
    out.write(f'{{"@context": {context},\n"@graph": ['.encode())
    separator = "\n"
    blocks = cast("IO[bytes]", Blocks(_behind(first, statements)))
    for quads in (ox.parse(blocks, format=ox.RdfFormat.N_TRIPLES), tail):
        for subject, group in groupby(quads, key=lambda quad: quad.subject):
            thing = json.dumps(_thing(subject, group, prefixes), ensure_ascii=False)
            out.write(f"{separator}{thing}".encode())
            separator = ",\n"
    out.write(b"\n]}\n")


def _behind(first: bytes, others: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from others


def _thing(subject: object, quads: Iterable[ox.Quad], prefixes: Prefixes) -> dict[str, str | list[Value]]:
    told: dict[str, list[Value]] = {}
    for quad in quads:
        if quad.predicate.value == _TYPE and isinstance(quad.object, ox.NamedNode):
            told.setdefault("@type", []).append(prefixes.shorten(quad.object.value))
        else:
            told.setdefault(prefixes.shorten(quad.predicate.value), []).append(_value(quad.object, prefixes))
    return {"@id": _name(subject, prefixes), **told}


def _name(term: object, prefixes: Prefixes) -> str:
    return prefixes.shorten(term.value) if isinstance(term, ox.NamedNode) else str(term)


def _value(term: object, prefixes: Prefixes) -> Value:
    if not isinstance(term, ox.Literal):
        return {"@id": _name(term, prefixes)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == _STRING:
        return term.value
    return {"@value": term.value, "@type": prefixes.shorten(term.datatype.value)}
