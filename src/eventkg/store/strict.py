"""RDF parsed with nothing let through in silence: what the engine's parsers drop or overlook is an error."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, Any
from xml.parsers import expat  # it limits what entities may grow to, and fetches nothing

import pyoxigraph as ox

from eventkg.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 20
_SCHEME, _HOST = "no-base:", "//x/"  # shows which IRIs were relative


def parse(
    stream: IO[bytes],
    rdf_format: ox.RdfFormat,
    *,
    rename_blank_nodes: bool = False,
    base: str | None = None,
) -> Iterator[ox.Quad]:
    """The statements of one document; relative IRIs are taken from `base` if there is one.

    Raises:
        SyntaxError, ValueError, DataError: malformed, with the place where it is known; half a document of
            RDF/XML; JSON that is no document; a relative IRI without a base; RDF 1.2.

    """
    if rdf_format == ox.RdfFormat.RDF_XML:
        stream = io.BufferedReader(_WellFormed(stream), _CHUNK)
    if rdf_format == ox.RdfFormat.JSON_LD:
        stream = document(stream)
    # A parser of JSON-LD drops statements with a relative IRI in silence, the others refuse them.
    marked = base is None and rdf_format == ox.RdfFormat.JSON_LD
    base = _SCHEME + _HOST if marked else base
    quads = ox.parse(input=stream, format=rdf_format, base_iri=base, rename_blank_nodes=rename_blank_nodes)
    for quad in quads:
        if isinstance(quad.object, ox.Triple):
            raise DataError("an RDF 1.2 triple term found, RDF 1.1 expected")
        if marked:
            _check_absolute(quad)
        yield quad


def document(stream: IO[bytes]) -> IO[bytes]:
    """A document of JSON-LD, which raises ValueError when it is read if it is none."""
    return io.BufferedReader(_Document(stream), _CHUNK)


def _check_absolute(quad: ox.Quad) -> None:
    for term in quad:
        iri = term.datatype if isinstance(term, ox.Literal) else term
        if isinstance(iri, ox.NamedNode) and iri.value.startswith(_SCHEME):
            found = iri.value.removeprefix(_SCHEME).removeprefix(_HOST)
            raise ValueError(f"the relative IRI {found!r} found, and no @base")


class _Document(io.RawIOBase):
    """JSON-LD that begins as a document does: the parser takes `true` for an empty one (JSON-LD 1.1, 9)."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self._begun = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  (any writable buffer)
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        beginning = data.lstrip()[:20]
        if beginning and not self._begun and not beginning.startswith((b"{", b"[")):
            raise ValueError(f"{beginning.decode(errors='replace')!r} found, an object or an array expected")
        self._begun = self._begun or bool(beginning)
        return len(data)


class _WellFormed(io.RawIOBase):
    """XML that ends as it should: the parser of RDF/XML takes half a document for a whole one."""

    def __init__(self, inner: IO[bytes]) -> None:
        self._inner = inner
        self._parser = expat.ParserCreate()
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  (any writable buffer)
        data = self._inner.read(len(buffer))
        buffer[: len(data)] = data
        if self._ended:  # the end is read more than once
            return 0
        self._ended = not data
        try:
            self._parser.Parse(data, self._ended)
        except expat.ExpatError as problem:
            place = f"line {problem.lineno}, column {problem.offset + 1}"
            raise DataError(f"{place}: {expat.ErrorString(problem.code)}") from problem
        return len(data)
