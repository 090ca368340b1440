"""RDF files, streamed: the same graph gives the same bytes, grouped by subject."""

from __future__ import annotations

import io
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from eventkg.export.sorting import sorted_lines
from eventkg.model.naming import PREFIXES, RDF
from eventkg.store.markup import xml_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
_PREFIXED = {"ttl", "trig"}
_PLAIN = {"nt", "nq"}  # a line a statement: what is sorted is what is written
_TYPE = ox.NamedNode(f"{RDF}type")
_FIRST, _SEPARATOR = b"!", b"\x01"  # stands for rdf:type, before every other; between graph and triple


def serialize(quads: Iterable[ox.Quad], name: str, view: str = "") -> bytes:
    """The quads in a format of `FORMATS`; where it knows no graphs, the triples without repetition.

    Formats for the eye begin with a comment that names the policy of the `view` (an IRI).
    """
    buffer = io.BytesIO()
    write(quads, name, buffer, view)
    return buffer.getvalue()


def write(quads: Iterable[ox.Quad], name: str, out: IO[bytes], view: str = "") -> None:
    """The same to a file, in bounded memory.

    Raises:
        DataError: text that the format cannot hold.

    """
    rdf_format = FORMATS[name]
    with_graphs = rdf_format.supports_datasets and name != "jsonld"
    lines = sorted_lines(_keys(quads, with_graphs=with_graphs))
    if name in _PLAIN:
        out.writelines(map(_statement, lines))
        return
    statements = ox.parse(cast("IO[bytes]", _Lines(map(_statement, lines))), format=ox.RdfFormat.N_QUADS)
    items = statements if with_graphs else (quad.triple for quad in statements)
    if name in _PREFIXED:
        out.write(f"# view <{view}>\n".encode() if view else b"")
        out.writelines(
            f"@prefix {prefix}: <{namespace}> .\n".encode() for prefix, namespace in PREFIXES.items()
        )
        ox.serialize(items, cast("IO[bytes]", _Body(out)), format=rdf_format, prefixes=PREFIXES)
    elif name == "rdfxml":
        with _Markup(out) as markup:
            ox.serialize(items, cast("IO[bytes]", markup), format=rdf_format)
    else:
        ox.serialize(items, out, format=rdf_format)


def _keys(quads: Iterable[ox.Quad], *, with_graphs: bool) -> Iterator[bytes]:
    """A line a statement whose order is ours: by graph, subject, `a` before the other predicates, object."""
    for quad in quads:
        predicate = "!" if quad.predicate == _TYPE else str(quad.predicate)
        graph = quad.graph_name
        name = str(graph) if with_graphs and not isinstance(graph, ox.DefaultGraph) else ""
        yield f"{name}\x01{quad.subject} {predicate} {quad.object}\n".encode()


def _statement(line: bytes) -> bytes:
    """The N-Quads of such a line."""
    graph, _, triple = line[:-1].partition(_SEPARATOR)
    subject, predicate, rest = triple.split(b" ", 2)
    if predicate == _FIRST:
        predicate = str(_TYPE).encode()
    return b"%s %s %s %s .\n" % (subject, predicate, rest, graph) if graph else b"%s %s %s .\n" % (
        subject, predicate, rest
    )  # fmt: skip


class _Lines(io.RawIOBase):
    """Lines as a file to read."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines, self._rest = lines, b""

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; nothing at the end."""
        parts, length = [self._rest], len(self._rest)
        while size < 0 or length < size:
            line = next(self._lines, b"")
            if not line:
                break
            parts.append(line)
            length += len(line)
        data = b"".join(parts)
        end = len(data) if size < 0 else size
        self._rest = data[end:]
        return data[:end]


class _Body(io.RawIOBase):
    """A file without the serializer's own declarations of prefixes, whose order changes from run to run."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._head, self._past_head = out, b"", False

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """All of it."""
        if self._past_head:
            return self._out.write(data)
        self._head += bytes(data)
        while not self._past_head and b"\n" in self._head:
            line, _, rest = self._head.partition(b"\n")
            self._past_head = not line.startswith(b"@prefix ")
            if self._past_head:
                self._out.write(self._head)
            self._head = rest
        return len(data)


class _Markup(io.RawIOBase):
    """A file of XML: what it cannot hold is refused, carriage returns become references."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out, self._rest = out, b""

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """All but what the next bytes may change the meaning of."""
        found = self._rest + bytes(data)
        self._rest = found[-2:]
        self._out.write(xml_text(found[:-2]))
        return len(data)

    def close(self) -> None:
        """Write the rest."""
        if not self.closed:
            self._out.write(xml_text(self._rest))
            self._rest = b""
        super().close()
