"""One file of strangers read in a child process: RDF in, N-Quads out, in bounded memory.

`python -m eventkg.store.intake REQUEST` where REQUEST is JSON: file (- is stdin), format, graph, touched (a
file to write the changed claims to), memory_mb. On stderr it tells how far it is, and on the last line what
was read, or, with exit code 3, why it failed.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import re
import stat
import sys
import zlib
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pyoxigraph as ox

from eventkg.errors import DataError, EventkgError, UsageError
from eventkg.model.naming import EKG, GRAPH_CODES, GRAPH_DERIVED, GRAPH_MOVED, GRAPH_ONTOLOGY, RDF
from eventkg.store import strict
from eventkg.store.files import FORMATS, parse_problem
from eventkg.store.process import die_with_parent, ignore_interrupts, limit_memory
from eventkg.store.skolem import BlankQuads
from eventkg.store.terms import text

if TYPE_CHECKING:
    from collections.abc import Iterator

FAILED = 3
READ_ONLY = {GRAPH_DERIVED, GRAPH_MOVED, GRAPH_ONTOLOGY, GRAPH_CODES}
BOMB_RATIO, BOMB_BYTES = 250, 2**30  # a gzip that grows beyond both is refused
# What is told to the parent while it goes on, one a line: the bytes just read, and
WAITING, NAMING = "waiting", "naming"  # for input that has not come yet; blank nodes, when all has been read
_CHUNK = 1 << 20
# A quad with one of these predicates can change what is derived about its subject …
_STRONG = {
    EKG + name
    for name in (
        "about", "predicate", "object", "value", "ordinal", "equipment", "equipmentType", "contradicts",
        "proposition", "relays", "respondsTo", "corrects", "supersedes", "reproduces",
    )
}  # fmt: skip
# … with one of these only if the claim is about propositions: a bulk claim conveys an event and says so
# beside them.
_WEAK = {
    EKG + name
    for name in (
        "claimant", "stance", "attributedTo", "attributedStance", "rootStatus", "claimantRelation",
        "modality",
        "claimedOn", "count", "foundIn", "sha256",
    )
} | {"http://purl.org/dc/terms/creator", "http://purl.org/dc/terms/publisher"}  # fmt: skip
# Written among the changed nodes where a data set came: what its rows convey may be spoken of anywhere.
ROWS = "*"
BULK = {f"{EKG}conveys", f"{EKG}contests"}
TOUCHING = _STRONG | _WEAK | BULK | {f"{RDF}type"}
_TYPE, _ACTOR_KINDS = (
    f"{RDF}type",
    {f"{EKG}MediaOutlet", f"{EKG}Claim", f"{EKG}Proposition"},
)
_CLAIMABLE = f"{EKG}ClaimableProperty"  # a property that rows assert from now on


def main() -> None:
    """Read, write, or say why not."""
    request = json.loads(sys.argv[1])
    die_with_parent()
    ignore_interrupts()
    limit_memory(request["memory_mb"], beyond_now=False)
    try:
        _read(request)
    except BrokenPipeError:
        os._exit(FAILED)  # the parent has given up
    except EventkgError as problem:
        _fail(problem)
    except OSError as problem:  # no room for the notes
        _fail(DataError(f"{request['file']}: {problem.strerror or problem}"))
    except MemoryError as problem:
        _fail(DataError(f"{request['file']}: {too_large(problem, request['memory_mb'])}"))


def too_large(problem: MemoryError, memory_mb: int) -> str:
    """The parsers have a limit of their own for a statement, and say so with the same exception."""
    if found := re.search(r"maximal size of (\d+)", str(problem)):
        return f"a literal or statement of more than {int(found[1]) >> 20} MiB found"
    return f"needs more than {memory_mb} MiB to parse (raise it with --memory-mb)"


def _fail(problem: EventkgError) -> None:
    message = " ".join(str(problem).split())  # parsers quote what they found, line breaks and all
    sys.stderr.write(json.dumps({"type": type(problem).__name__, "message": message}))
    sys.stderr.flush()
    os._exit(FAILED)


def _read(request: dict[str, Any]) -> None:
    name = request["file"]
    before = _stamp(name)
    with (
        Path(request["touched"]).open("a", encoding="utf-8") as touched,
        _open(name) as stream,
    ):
        intake = _Intake(name, request["graph"], touched)
        quads = intake.quads(stream, FORMATS[request["format"]])
        ox.serialize(_checked(quads, name), sys.stdout.buffer, format=ox.RdfFormat.N_QUADS)
    sys.stdout.buffer.flush()
    if _stamp(name) != before:
        raise DataError(f"{name}: changed while it was read; load it again")
    sys.stderr.write(json.dumps({"statements": intake.statements, "graphs": sorted(intake.graphs)}) + "\n")


def _checked(quads: Iterator[ox.Quad], name: str) -> Iterator[ox.Quad]:
    """A parser's complaint as one line with its place."""
    try:
        yield from quads
    except DataError as problem:
        raise DataError(f"{name}: {problem}" if name not in str(problem) else str(problem)) from problem
    except (SyntaxError, ValueError, TypeError) as problem:
        raise DataError(f"{name}: {parse_problem(problem)}") from problem
    except (OSError, EOFError, zlib.error) as problem:
        if isinstance(problem, BrokenPipeError):
            raise
        raise DataError(f"{name}: {problem}") from problem


class _Intake:
    """One file's quads on their way into the store."""

    def __init__(self, name: str, graph: str, touched: IO[str]) -> None:
        self._name, self._graph, self._touched = name, ox.NamedNode(graph), touched
        self._subject, self._strong, self._weak, self._conveys = "", False, False, False
        self._rows = False
        self.statements, self.graphs = 0, set[str]()

    def quads(self, stream: IO[bytes], rdf_format: ox.RdfFormat) -> Iterator[ox.Quad]:
        """Each in a graph, none with a blank node."""
        aside = BlankQuads(self._name)
        found = False
        for quad in strict.parse(stream, rdf_format):
            found = True
            subject, predicate, obj, graph = quad
            if isinstance(subject, ox.NamedNode) and isinstance(obj, ox.NamedNode | ox.Literal):
                self._note(subject.value, predicate.value, obj.value)
                yield self._placed(quad, graph)
            else:
                aside.add(self._placed(quad, graph))
        if not found:
            raise ValueError(f"no statement found, {rdf_format.name} expected")
        _tell(NAMING)
        for quad in aside.named():
            self._note(text(quad.subject), quad.predicate.value, text(quad.object))
            yield quad
        self._settle()

    def _placed(self, quad: ox.Quad, graph: object) -> ox.Quad:
        self.statements += 1
        if isinstance(graph, ox.DefaultGraph):
            self.graphs.add(self._graph.value)
            return ox.Quad(quad.subject, quad.predicate, quad.object, self._graph)
        if not isinstance(graph, ox.NamedNode):
            raise TypeError("a blank node as the name of a graph found, an IRI expected")
        if graph.value in READ_ONLY:
            raise ValueError(f"graph {graph.value} found, which nobody but eventkg writes")
        self.graphs.add(graph.value)
        return quad

    def _note(self, subject: str, predicate: str, obj: str) -> None:
        """Remember what a run of statements about one subject may change."""
        if subject != self._subject:
            self._settle()
            self._subject, self._strong, self._weak, self._conveys = subject, False, False, False
        if predicate in _STRONG:
            self._strong = True
        elif predicate in _WEAK or (predicate == _TYPE and obj in _ACTOR_KINDS):
            self._weak = True
        elif predicate in BULK or (predicate == _TYPE and obj == _CLAIMABLE):
            self._conveys = True

    def _settle(self) -> None:
        if self._strong or (self._weak and not self._conveys):
            self._touched.write(self._subject + "\n")
        if self._conveys and not self._rows:
            self._rows = True
            self._touched.write(ROWS + "\n")


class _Counting(io.RawIOBase):
    """Bytes as they are read, told to the parent: it shows progress, and stops what makes none."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  (any writable buffer)
        _tell(WAITING)
        data = self._raw.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        _tell(str(len(data)))
        return len(data)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Guarded(io.RawIOBase):
    """What comes out of a gzip, as long as it is no bomb."""

    def __init__(self, packed: _Counting, name: str) -> None:
        self._packed, self._name = packed, name
        self._stream = gzip.GzipFile(fileobj=io.BufferedReader(packed, _CHUNK))
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401  (any writable buffer)
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._count += len(data)
        if self._count > BOMB_BYTES and self._count > BOMB_RATIO * max(self._packed.count, 1):
            raise DataError(f"{self._name}: unpacks to more than {BOMB_RATIO} times its size; refused")
        return len(data)


def _tell(news: str) -> None:
    os.write(2, f"{news}\n".encode())


def _open(name: str) -> IO[bytes]:
    try:
        raw: IO[bytes] = sys.stdin.buffer if name == "-" else Path(name).open("rb")  # noqa: SIM115  (the caller closes)
    except OSError as problem:
        raise DataError(f"{name}: {problem.strerror}") from problem
    counted = _Counting(raw)
    inner = _Guarded(counted, name) if name.lower().endswith(".gz") else counted
    return io.BufferedReader(inner, _CHUNK)


def _stamp(name: str) -> tuple[int, ...]:
    if name == "-":
        return ()
    try:
        found = Path(name).stat()
    except OSError as problem:
        raise DataError(f"{name}: {problem.strerror}") from problem
    if not stat.S_ISREG(found.st_mode):  # a pipe changes with every write to it
        return ()
    return found.st_size, found.st_mtime_ns, found.st_ino


def format_name(name: str, given: str | None) -> str:
    """The key of FORMATS for a file: what was given, else its extension below .gz.

    Raises:
        UsageError: neither says.

    """
    if given:
        suffix = f".{given}" if given != "rdfxml" else ".rdf"
        if suffix in FORMATS:
            return suffix
        raise UsageError(f"format {given!r} found, one of ttl nt nq trig rdfxml jsonld expected")
    path = Path(name)
    inner = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    if inner.suffix.lower() in FORMATS:
        return inner.suffix.lower()
    raise UsageError(
        f"{name}: extension {inner.suffix or '(none)'} found, one of {' '.join(FORMATS)} expected, "
        "or --format"
    )


if __name__ == "__main__":
    main()
