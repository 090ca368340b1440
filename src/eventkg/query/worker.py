"""The forked worker: one query after another over the snapshot it was born with, until it is killed."""

from __future__ import annotations

import os
import re
import threading
from typing import IO, TYPE_CHECKING, Any, NoReturn, cast

import pyoxigraph as ox

from eventkg.errors import DataError
from eventkg.model.claim import Value
from eventkg.model.naming import PREFIXES
from eventkg.query import frames
from eventkg.query.commas import CommaSeparated
from eventkg.query.counting import UNCOUNTED, rows_of
from eventkg.query.federation import filled
from eventkg.query.job import DATASETS, GRAPHS, SOLUTIONS, Head, Job
from eventkg.query.lexical import has_dataset_clause, syntax_problem
from eventkg.store.markup import xml_text
from eventkg.store.process import deny_files, die_with_parent, ignore_interrupts, limit_memory
from eventkg.store.terms import to_term

if TYPE_CHECKING:
    import socket

    from eventkg.query.job import Format

_STACK = 8 << 20  # bytes: as much as a process has unless told
_MARKED = [(f"{prefix}:", prefix, namespace) for prefix, namespace in PREFIXES.items()]
_POSITION = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def serve_forked(sock: socket.socket, store: ox.Store, memory_mb: int, holder: int) -> NoReturn:
    """The worker's life after the fork by process `holder`: without files or network."""
    die_with_parent(holder)
    ignore_interrupts()
    _silence()
    threading.stack_size(_STACK)
    life = threading.Thread(target=_serve_within, args=(sock, store, memory_mb))
    life.start()
    life.join()
    os._exit(1)  # it has no other end than its own


def _serve_within(sock: socket.socket, store: ox.Store, memory_mb: int) -> None:
    """In a thread, for the allocator gives it memory of its own.

    What loading freed is spread over the whole snapshot: to fill it would copy the pages that are shared, and
    answers that need much memory took a third longer.
    """
    limit_memory(memory_mb)
    deny_files()
    serve(sock, store)


def serve(sock: socket.socket, store: ox.Store) -> NoReturn:
    """Answer jobs from `sock` until it closes; never returns."""
    inbox = frames.Inbox(sock)
    while True:
        try:
            _, payload = inbox.receive()
        except EOFError:
            os._exit(0)
        try:
            _answer(sock, store, Job.from_bytes(payload))
        except (BrokenPipeError, ConnectionResetError):
            os._exit(0)
        except MemoryError:
            os.abort()
        except Exception as problem:  # noqa: BLE001  (the edge of the process: a cause unsaid here is lost)
            frames.send_json(sock, frames.ERROR, {"kind": "internal", "message": repr(problem)})


def _silence() -> None:
    """What the engine prints when it dies is reported by the holder as the signal it died of."""
    devnull = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(devnull, standard)
    os.close(devnull)


def _answer(sock: socket.socket, store: ox.Store, job: Job) -> None:
    """The head is held until the first block is ready; evaluation can fail before it and after."""
    try:
        if job.dataset:
            _send_dataset(sock, store, job)
            return
        results = _run(store, job)
        if isinstance(results, ox.QueryTriples):
            _send_graph(sock, results, job)
        else:
            _send_solutions(sock, results, job)
    except (SyntaxError, ValueError, OSError, RuntimeError, DataError) as problem:
        if isinstance(problem, BrokenPipeError | ConnectionResetError):
            raise
        frames.send_json(sock, frames.ERROR, _explain(problem, job.query))


def _send_graph(sock: socket.socket, results: ox.QueryTriples, job: Job) -> None:
    chosen = _format("graph", job.graph, GRAPHS)
    writer = FrameWriter(sock, "graph", chosen.media_type, counted=job.counted)
    engine_format = getattr(ox.RdfFormat, chosen.engine_name)
    ox.serialize(results, cast("IO[bytes]", writer), format=engine_format, prefixes=_prefixes_in(job.query))
    writer.finish()


def _send_dataset(sock: socket.socket, store: ox.Store, job: Job) -> None:
    chosen = DATASETS[job.dataset]
    writer = FrameWriter(sock, "graph", chosen.media_type, counted=job.counted)
    engine_format = getattr(ox.RdfFormat, chosen.engine_name)
    ox.serialize(store, cast("IO[bytes]", writer), format=engine_format, prefixes=PREFIXES)
    writer.finish()


def _send_solutions(sock: socket.socket, results: ox.QuerySolutions | ox.QueryBoolean, job: Job) -> None:
    form = "boolean" if isinstance(results, ox.QueryBoolean) else "solutions"
    chosen = _format(form, job.solutions, SOLUTIONS)
    writer = FrameWriter(sock, form, chosen.media_type, counted=job.counted)
    if form == "solutions" and chosen.engine_name == "CSV":
        lines = CommaSeparated(writer)
        results.serialize(cast("IO[bytes]", lines), format=ox.QueryResultsFormat.TSV)
        lines.flush()
    else:
        results.serialize(
            cast("IO[bytes]", writer), format=getattr(ox.QueryResultsFormat, chosen.engine_name)
        )
    writer.finish()


def _format(form: str, name: str, known: dict[str, Format]) -> Format:
    if name not in known:
        raise _NotAcceptableError(form)
    return known[name]


def _run(store: ox.Store, job: Job) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    bindings: dict[ox.Variable, Any] = {
        ox.Variable(name): to_term(Value(*value)) for name, value in job.bindings.items()
    }
    chosen = bool(job.default_graphs or job.named_graphs)  # by the request: then there are no others
    return store.query(
        filled(job.query, job.fillings),
        prefixes=None if job.plain else _prefixes_in(job.query),
        base_iri=job.base or None,
        use_default_graph_as_union=not job.plain and not chosen and not has_dataset_clause(job.query),
        default_graph=[ox.NamedNode(iri) for iri in job.default_graphs] if chosen else None,
        named_graphs=[ox.NamedNode(iri) for iri in job.named_graphs] if chosen else None,
        substitutions=bindings or None,
    )


def _prefixes_in(query: str) -> dict[str, str]:
    """Those of our prefixes that the asker used, so that the answer reads like the question.

    An escape may spell any of them.
    """
    if "\\" in query:
        return PREFIXES
    return {prefix: namespace for mark, prefix, namespace in _MARKED if mark in query}


class _NotAcceptableError(ValueError):
    """The query is fine, but its form of answer exists in none of the formats asked for."""


def _explain(problem: Exception, query: str) -> dict[str, Any]:
    if isinstance(problem, _NotAcceptableError):
        return {"kind": "not-acceptable", "message": str(problem)}
    if match := _POSITION.match(str(problem)):
        line, column = int(match[1]), int(match[2])
        message = f"line {line}, column {column}: {syntax_problem(query, line, column, match[3])}"
        return {"kind": "syntax", "message": message, "line": line, "column": column}
    return {"kind": "query", "message": " ".join(str(problem).split())}


class FrameWriter:
    """A file object that sends 64 KiB frames; an answer that fits into one announces its length."""

    def __init__(self, sock: socket.socket, form: str, media_type: str, *, counted: bool) -> None:
        self._sock, self._form, self._media_type = sock, form, media_type
        self._is_xml = media_type.endswith("+xml")
        self._buffer = bytearray()
        self._started = False
        self._rows = rows_of(form, media_type) if counted else UNCOUNTED

    def write(self, data: bytes) -> int:
        """Send what fills a frame."""
        self._buffer += xml_text(data) if self._is_xml else data
        while len(self._buffer) >= frames.CHUNK:
            chunk = bytes(memoryview(self._buffer)[: frames.CHUNK])
            del self._buffer[: frames.CHUNK]
            self._rows.see(chunk)
            self._sock.sendall(self._head(-1) + frames.frame(frames.DATA, chunk))
        return len(data)

    def flush(self) -> None:
        """Frames are sent when they are full."""

    def finish(self) -> None:
        """Send the rest and the end, a small answer in one go."""
        last = self._head(len(self._buffer))
        self._rows.see(self._buffer)
        if self._buffer:
            last += frames.frame(frames.DATA, self._buffer)
        rows = b"" if self._rows.count is None else b'{"rows":%d}' % self._rows.count
        self._sock.sendall(last + frames.frame(frames.END, rows))

    def _head(self, length: int) -> bytes:
        if self._started:
            return b""
        self._started = True
        return frames.frame(frames.HEAD, Head(self._form, self._media_type, length).to_bytes())
