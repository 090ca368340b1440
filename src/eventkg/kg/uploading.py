"""Graphs put, added to and removed, as the Graph Store Protocol has it; a child's work."""

from __future__ import annotations

import gzip
import io
import os
import shutil
from dataclasses import dataclass
from email.parser import BytesFeedParser
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast
from xml.parsers import expat

import pyoxigraph as ox

from eventkg.errors import DataError, MissingGraphError, UsageError
from eventkg.kg.changing import changing
from eventkg.kg.loading import Load, load
from eventkg.kg.updating import check_iri, check_writable
from eventkg.model.naming import GRAPH_USER
from eventkg.store.directory import hold_current, open_checkpoint
from eventkg.store.files import FORMATS, parse_problem
from eventkg.store.intake import BOMB_BYTES, BOMB_RATIO
from eventkg.store.strict import document

if TYPE_CHECKING:
    from email.message import Message

    from eventkg.settings import Limits

# Media types of RDF; the values are the extensions that the loading of files knows.
MEDIA_TYPES = {
    "text/turtle": ".ttl",
    "application/x-turtle": ".ttl",
    "application/n-triples": ".nt",
    "text/plain": ".nt",
    "application/rdf+xml": ".rdf",
    "application/ld+json": ".jsonld",
    "application/n-quads": ".nq",
    "application/trig": ".trig",
}
MULTIPART = "multipart/form-data"
_CHUNK = 1 << 20
_LARGE = 4 << 20  # bytes; below it a transaction is faster
_DATASETS = {".nq", ".trig", ".jsonld"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A graph's new content in a file. `graph` is "" for the default graph; `replace` empties it first.

    `content_type` is the request's, `packed` tells of gzip. A plain store keeps what comes as it is; `base`
    resolves relative IRIs there.
    """

    file: str
    content_type: str
    graph: str = ""
    replace: bool = False
    packed: bool = False
    plain: bool = False
    base: str = ""


def upload(directory: Path, asked: Upload, limits: Limits) -> bool:
    """Load, all or nothing; on disk when it returns.

    Returns:
        Whether the graph is new.

    Raises:
        DataError: what came is not what its media type says. ReadOnlyGraphError: a graph that eventkg writes.
        UsageError: a media type that no RDF format has.

    """
    if asked.graph:
        check_iri(asked.graph)
    directory = directory.absolute()  # this process goes to the folder of the body
    parts = _parts(asked)
    if asked.plain:
        return _upload_plainly(directory, asked, parts)
    graph = asked.graph or GRAPH_USER
    check_writable(graph)
    there = _is_there(directory, graph)
    os.chdir(Path(asked.file).parent)  # so that complaints name no path of this machine
    load(directory, Load(tuple(part.name for part in parts), graph, asked.replace, validate=False), limits)
    return not there


def remove(directory: Path, graph: str, *, plain: bool) -> None:
    """Remove a graph, "" for a plain store's default graph.

    Raises:
        MissingGraphError: it is not there. ReadOnlyGraphError: eventkg alone writes it.

    """
    if graph:
        check_iri(graph)
    with changing(directory) as change:
        if not plain:
            check_writable(graph)
        if not graph:
            change.store.clear_graph(ox.DefaultGraph())
            return
        if not change.store.contains_named_graph(ox.NamedNode(graph)):
            raise MissingGraphError(f"graph {graph}: not in the store")
        if plain:
            change.store.remove_graph(ox.NamedNode(graph))
            return
        change.remove_graph(graph)
        change.derive()


def _is_there(directory: Path, graph: str) -> bool:
    with hold_current(directory) as checkpoint:
        return open_checkpoint(checkpoint.path).contains_named_graph(ox.NamedNode(graph))


def _upload_plainly(directory: Path, asked: Upload, parts: list[Path]) -> bool:
    graph = ox.NamedNode(asked.graph) if asked.graph else ox.DefaultGraph()
    with changing(directory) as change:
        store = change.store
        there = isinstance(graph, ox.DefaultGraph) or store.contains_named_graph(graph)
        if asked.replace:
            store.clear_graph(graph) if there else None
        for part in parts:
            _load_part(store, part, graph, asked.base)
        if isinstance(graph, ox.NamedNode):
            store.add_graph(graph)
    return not there


def _load_part(store: ox.Store, part: Path, graph: ox.NamedNode | ox.DefaultGraph, base: str) -> None:
    suffix = _suffix(part)
    rdf_format = FORMATS[suffix]
    whole = suffix in _DATASETS and isinstance(graph, ox.DefaultGraph)
    try:
        if rdf_format == ox.RdfFormat.RDF_XML:
            with _open(part) as opened:
                expat.ParserCreate().ParseFile(cast("IO[bytes]", opened))  # it bounds what entities grow to
        with _open(part) as opened:
            stream = cast("IO[bytes]", opened)
            take = store.bulk_load if part.stat().st_size > _LARGE else store.load
            take(
                input=document(stream) if rdf_format == ox.RdfFormat.JSON_LD else stream,
                format=rdf_format,
                base_iri=base or None,
                to_graph=None if whole else graph,
            )
    except expat.ExpatError as problem:
        place = f"line {problem.lineno}, column {problem.offset + 1}"
        raise DataError(f"{part.name}: {place}: {expat.ErrorString(problem.code)}") from problem
    except (SyntaxError, ValueError, OSError, EOFError) as problem:
        raise DataError(f"{part.name}: {parse_problem(problem)}") from problem


def _suffix(part: Path) -> str:
    return part.with_suffix("").suffix if part.suffix == ".gz" else part.suffix


def _open(part: Path) -> io.BufferedIOBase:
    raw = part.open("rb")
    if part.suffix != ".gz":
        return raw
    return io.BufferedReader(cast("io.RawIOBase", _Unpacked(raw, part.stat().st_size)), _CHUNK)


class _Unpacked(io.RawIOBase):
    """What comes out of a gzip, as long as it is no bomb."""

    def __init__(self, raw: io.BufferedIOBase, size: int) -> None:
        self._raw, self._stream = raw, gzip.GzipFile(fileobj=raw)
        self._most = max(BOMB_BYTES, BOMB_RATIO * size)
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._count += len(data)
        if self._count > self._most:
            raise DataError(f"unpacks to more than {self._most:,} bytes; refused")
        return len(data)

    def close(self) -> None:
        self._raw.close()
        super().close()


def _parts(asked: Upload) -> list[Path]:
    """The files to load, each with the extension of its format."""
    body = Path(asked.file)
    kind = asked.content_type.partition(";")[0].strip().lower()
    if kind != MULTIPART:
        target = body.with_name("body" + _extension(kind) + ".gz" * asked.packed)
        if body.exists():  # else this is another try
            body.rename(target)
        return [target]
    if asked.packed:
        raise UsageError("Content-Encoding gzip of a form found; gzip of a single graph expected")
    parts = []
    for number, (part_type, content) in enumerate(_form(body, asked.content_type), 1):
        target = body.with_name(f"part-{number}{_extension(part_type)}")
        target.write_bytes(content)
        parts.append(target)
    if not parts:
        raise DataError("a form without files found, at least one expected")
    return parts


def _extension(kind: str) -> str:
    """RDF/XML where nothing is said, as the Graph Store Protocol has it."""
    if not kind:
        return ".rdf"
    if kind not in MEDIA_TYPES:
        raise UsageError(f"Content-Type {kind[:100]} found, one of {', '.join(MEDIA_TYPES)} expected")
    return MEDIA_TYPES[kind]


def _form(body: Path, content_type: str) -> list[tuple[str, bytes]]:
    """(media type, content) of each part; a file's extension says what a type of its own does not."""
    parser = BytesFeedParser()
    parser.feed(b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n")
    with body.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            parser.feed(chunk)
    message = parser.close()
    parts = message.get_payload()
    if not message.is_multipart() or not isinstance(parts, list):
        raise DataError("a multipart form with a boundary expected")
    return [_part(cast("Message", part)) for part in parts]


def _part(part: Message) -> tuple[str, bytes]:
    content = part.get_payload(decode=True)
    kind = part.get_content_type() if "content-type" in part else "text/turtle"
    if kind in {"application/octet-stream", "text/plain"}:
        suffix = Path(part.get_filename() or "").suffix.lower()
        kind = next((media for media, extension in MEDIA_TYPES.items() if extension == suffix), kind)
    return kind, content if isinstance(content, bytes) else b""


def discard(folder: Path) -> None:
    """The folder of an upload, whatever came of it."""
    shutil.rmtree(folder, ignore_errors=True)
