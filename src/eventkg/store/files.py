"""RDF files read into quads: formats by extension, errors with line and column.

Malformed nesting can end the process that parses, so files of strangers are read in a child process.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.errors import DataError, UsageError
from eventkg.store import strict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WHERE = re.compile(r"^Parser error (?:at|between) [\d\w ]+: ")
FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}


def format_of(path: Path) -> ox.RdfFormat:
    """By extension.

    Raises:
        UsageError: an extension that no RDF format has.

    """
    try:
        return FORMATS[path.suffix.lower()]
    except KeyError:
        raise UsageError(
            f"{path}: extension {path.suffix or '(none)'} found, one of {' '.join(FORMATS)} expected"
        ) from None


def read_quads(path: Path, graph: str, *, base: bool = False) -> Iterator[ox.Quad]:
    """The quads of a file, streamed; triples without a graph go to `graph`, or to none where it is empty.

    Relative IRIs are refused, unless `base` has them taken from the place of the file.

    Raises:
        DataError: missing, a directory, empty, unreadable or malformed; with line and column.

    """
    _check_readable(path)
    rdf_format = format_of(path)
    target = ox.NamedNode(graph) if graph else None
    found = False
    base_iri = path.resolve().as_uri() if base else None
    try:
        with path.open("rb") as stream:
            for quad in strict.parse(stream, rdf_format, rename_blank_nodes=True, base=base_iri):
                found = True
                yield _in_graph(quad, target) if target else quad
    except (SyntaxError, ValueError, OSError, DataError) as problem:
        raise DataError(f"{path}: {parse_problem(problem)}") from problem
    if not found and not _has_content(path):
        raise DataError(f"{path}: an empty file found, {rdf_format.name} expected")


def _in_graph(quad: ox.Quad, graph: ox.NamedNode) -> ox.Quad:
    if isinstance(quad.graph_name, ox.DefaultGraph):
        return ox.Quad(quad.subject, quad.predicate, quad.object, graph)
    return quad


def parse_problem(problem: Exception) -> str:
    """`line 2, column 7: …` out of a parser's exception."""
    if isinstance(problem, SyntaxError) and problem.lineno is not None:
        message = _WHERE.sub("", str(problem.msg))
        return f"line {problem.lineno}, column {problem.offset}: {message}"
    return str(problem)


def _check_readable(path: Path) -> None:
    if path.is_dir():
        raise DataError(f"{path}: a directory found, a file expected")
    if not path.exists():
        raise DataError(f"{path}: no such file")
    try:
        path.open("rb").close()
    except OSError as problem:
        raise DataError(f"{path}: {problem.strerror}") from problem


def _has_content(path: Path) -> bool:
    """A file of comments and prefixes only holds no triple, and is no mistake."""
    with path.open("rb") as stream:
        return any(line.strip() for line in stream)


def parse_to_nquads(request: dict[str, object], _: bytes) -> bytes:
    """`{"files": [...], "graph": IRI, "base": bool}` to N-Quads: a child process's work."""
    graph, files = str(request["graph"]), request["files"]
    if not isinstance(files, list):
        raise DataError(f"files: {files!r} found, a list expected")
    base = bool(request.get("base"))
    quads = (quad for name in files for quad in read_quads(Path(str(name)), graph, base=base))
    return to_nquads(quads)


def ntriples_to_nquads(request: dict[str, object], ntriples: bytes) -> bytes:
    """N-Triples of an endpoint to N-Quads in the graph `{"graph": IRI}`: a child process's work."""
    graph = ox.NamedNode(str(request["graph"]))
    try:
        triples = ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES, rename_blank_nodes=True)
        return to_nquads(_in_graph(quad, graph) for quad in triples)
    except (SyntaxError, ValueError) as problem:
        raise DataError(f"{graph.value}: {parse_problem(problem)}") from problem


def to_nquads(quads: Iterable[ox.Quad]) -> bytes:
    """The form in which quads travel between processes."""
    return ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
