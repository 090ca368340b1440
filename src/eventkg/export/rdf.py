"""RDF files, streamed: the same graph gives the same bytes, grouped by subject."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from dataclasses import dataclass, field
from itertools import chain, groupby, islice
from typing import IO, TYPE_CHECKING, NamedTuple, cast

import pyoxigraph as ox

from eventkg.export import jsonld
from eventkg.export.rdfstreams import Blocks, Body, Markup
from eventkg.export.reifying import with_reifiers
from eventkg.export.sorting import BLOCK, MEMORY_MB, sorted_lines
from eventkg.model.naming import PREFIXES, RDF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Lines = tuple[str, bytes]  # the IRI of a graph, lines of N-Triples in it

FORMATS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
    "ttl12": ox.RdfFormat.TURTLE,
    "nt12": ox.RdfFormat.N_TRIPLES,
}
EXTENSIONS = {"jsonld": "jsonld", "rdfxml": "rdf", "ttl12": "ttl", "nt12": "nt"}
WITH_GRAPHS = frozenset({"nq", "trig"})
WITH_REIFIERS = frozenset({"ttl12", "nt12"})
_TYPE = f" <{RDF}type> ".encode()
# Characters that N-Triples escapes: the first stands for rdf:type and comes before every other predicate.
_A, _AFTER_GRAPH = b"\x01", b"\x02"


@dataclass(slots=True)
class Tally:
    """What was written: statements, things by class (IRI), and the SHA-256 of the statements in order.

    The sum is that of the N-Triples, or N-Quads where the format knows graphs, of what was written.
    """

    statements: int = 0
    things: int = 0
    classes: Counter[str] = field(default_factory=Counter)
    sum: str = ""


class How(NamedTuple):
    """How a file is written: what a reader should know first, what stands at its end, and in how much memory.

    `remarks` are lines for formats that have comments for the eye; `tail` makes quads of what was written;
    `written` is told how many more statements were.
    """

    remarks: tuple[str, ...] = ()
    tail: Callable[[Tally], Iterable[ox.Quad]] | None = None
    memory_mb: float = MEMORY_MB
    written: Callable[[int], None] = lambda _: None


PLAIN = How()


def serialize(quads: Iterable[ox.Quad], name: str, how: How = PLAIN) -> bytes:
    """The quads in a format of `FORMATS`; where it knows no graphs, the triples without repetition."""
    buffer = io.BytesIO()
    write(quads, name, buffer, how)
    return buffer.getvalue()


def write(quads: Iterable[ox.Quad], name: str, out: IO[bytes], how: How = PLAIN) -> Tally:
    """The same to a file, in bounded memory; see `write_lines`."""
    return write_lines(lines_of(quads, name), name, out, how)


def write_lines(lines: Iterable[Lines], name: str, out: IO[bytes], how: How = PLAIN) -> Tally:
    """Statements as lines of N-Triples, in any order, in a format of `FORMATS`.

    Raises:
        DataError: text that the format cannot hold; no room to sort in.

    """
    prefixes = jsonld.Prefixes()
    blocks = _keys(lines, with_graphs=name in WITH_GRAPHS)
    if name == "jsonld":
        blocks = prefixes.seen(blocks)
    tally = Tally()
    statements = _counted(sorted_lines(blocks, how.memory_mb), tally, how.written)
    if name in WITH_REIFIERS:
        statements = with_reifiers(statements)
    tail = _tail(tally, how, name)
    if name == "jsonld":
        jsonld.write(statements, tail, prefixes, out)
    elif name in _WRITERS:
        _WRITERS[name](statements, tail, name, out, how.remarks)
    else:
        out.writelines(chain(statements, (_plain(quad, name) for quad in tail)))
    return tally


def lines_of(quads: Iterable[ox.Quad], name: str) -> Iterator[Lines]:
    """Quads as such lines; by graph only where the format `name` knows graphs."""
    source = iter(quads)
    while batch := list(islice(source, BLOCK)):
        if name not in WITH_GRAPHS:
            yield "", _ntriples(batch)
            continue
        for graph, group in groupby(batch, key=lambda quad: quad.graph_name):
            yield graph.value if isinstance(graph, ox.NamedNode) else "", _ntriples(group)


def _ntriples(quads: Iterable[ox.Quad]) -> bytes:
    return ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""


def _keys(lines: Iterable[Lines], *, with_graphs: bool) -> Iterator[list[bytes]]:
    """A line a statement whose order is ours: by graph, subject, `a` before the other predicates, object."""
    for graph, data in lines:
        block = data.replace(_TYPE, _A).splitlines(keepends=True)
        if with_graphs:
            name = (f"<{graph}>" if graph else "").encode() + _AFTER_GRAPH
            block = [name + line for line in block]
        yield block


def _counted(blocks: Iterable[list[bytes]], tally: Tally, written: Callable[[int], None]) -> Iterator[bytes]:
    """The statements of such lines, block after block; `tally` is complete at the end."""
    total = hashlib.sha256()
    subject = b""
    for block in blocks:
        tally.statements += len(block)
        for line in block:
            before, found, cls = line.partition(_A)
            if found and b" " not in before and cls.startswith(b"<"):  # and not within a literal
                tally.classes[cls[1:-4].decode()] += 1
                tally.things += before != subject
                subject = before
        data = b"".join(map(_in_graph, block) if _AFTER_GRAPH in block[0] else block).replace(_A, _TYPE)
        total.update(data)
        yield data
        written(len(block))
    tally.sum = total.hexdigest()


def _in_graph(line: bytes) -> bytes:
    """The N-Quads of a line that begins with a graph."""
    graph, _, triple = line.partition(_AFTER_GRAPH)
    return b"%s%s .\n" % (triple[:-2], graph) if graph else triple


def _tail(tally: Tally, how: How, name: str) -> Iterator[ox.Quad]:
    """Made when what comes before it was read."""
    if how.tail is not None:
        yield from (
            quad if name in WITH_GRAPHS else ox.Quad(quad.subject, quad.predicate, quad.object)
            for quad in how.tail(tally)
        )


def _plain(quad: ox.Quad, name: str) -> bytes:
    if name in WITH_GRAPHS:
        return ox.serialize([quad], format=ox.RdfFormat.N_QUADS) or b""
    return ox.serialize([quad.triple], format=ox.RdfFormat.N_TRIPLES) or b""


def _read(statements: Iterator[bytes], tail: Iterator[ox.Quad]) -> Iterator[ox.Quad]:
    quads = ox.parse(cast("IO[bytes]", Blocks(statements)), format=ox.RdfFormat.N_QUADS)
    return chain(quads, tail)


def _turtle(
    statements: Iterator[bytes], tail: Iterator[ox.Quad], name: str, out: IO[bytes], remarks: tuple[str, ...]
) -> None:
    out.writelines(f"# {' '.join(remark.split())}\n".encode() for remark in remarks)
    out.writelines(f"@prefix {prefix}: <{namespace}> .\n".encode() for prefix, namespace in PREFIXES.items())
    quads = _read(statements, tail)
    items = quads if name in WITH_GRAPHS else (quad.triple for quad in quads)
    ox.serialize(items, cast("IO[bytes]", Body(out)), format=FORMATS[name], prefixes=PREFIXES)


def _rdfxml(
    statements: Iterator[bytes],
    tail: Iterator[ox.Quad],
    name: str,
    out: IO[bytes],
    _: tuple[str, ...],
) -> None:
    with Markup(out) as markup:
        items = (quad.triple for quad in _read(statements, tail))
        ox.serialize(items, cast("IO[bytes]", markup), format=FORMATS[name])


_WRITERS = {"ttl": _turtle, "trig": _turtle, "ttl12": _turtle, "rdfxml": _rdfxml}
