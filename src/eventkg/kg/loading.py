"""RDF files into a store on disk: parsed in child processes, streamed, derived, checked, all or nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.errors import DataError, EventkgError, UsageError
from eventkg.kg.changing import READ_ONLY, Change, changing
from eventkg.kg.checks import validate
from eventkg.model.naming import GRAPH_CODES, GRAPH_DERIVED, GRAPH_ONTOLOGY, GRAPH_USER
from eventkg.query.child import explain
from eventkg.store.files import to_nquads
from eventkg.store.intake import CANONICAL_S, format_name, too_large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from eventkg.checking.findings import Report
    from eventkg.settings import Limits

    Progress = Callable[[int], None]

# pySHACL needs about 25 ms an event: beyond this many statements a load is not checked unless told.
MAX_CHECKED = 20_000


@dataclass(frozen=True, slots=True)
class Load:
    """What to load and how; `format` (ttl, nt …) is needed for stdin only."""

    files: tuple[str, ...]
    graph: str = GRAPH_USER
    replace: bool = False
    strict: bool = False
    format: str | None = None
    checked: bool = True  # against the shapes


@dataclass(slots=True)
class Loaded:
    """What came of it; `report` is None where there was too much to check."""

    statements: int = 0
    graphs: set[str] = field(default_factory=set)
    report: Report | None = None


def load(directory: Path, request: Load, limits: Limits, progress: Progress | None = None) -> Loaded:
    """Load files as one change; `progress` is told the bytes read since it was last called.

    Raises:
        DataError: a file that cannot be read, with line and column; findings under `strict`. UsageError: no
        file, an
            unknown extension, a graph that nobody may write. StoreBusyError: another process writes.

    """
    formats = [format_name(name, request.format) for name in request.files]
    if not formats:
        raise UsageError("load: no file found, at least one expected (- is standard input)")
    _check_writable(request.graph)
    loaded = Loaded()
    with changing(directory) as change:
        if request.replace:
            change.remove_graph(request.graph)
        for name, rdf_format in zip(request.files, formats, strict=True):
            _load_file(name, rdf_format, request.graph, change, loaded, limits, progress or _silent)
        change.derive()
        if request.checked and loaded.statements <= MAX_CHECKED:
            loaded.report = validate(_what_changed(change.store, loaded.graphs), None, limits)
        if request.strict and loaded.report and loaded.report.findings:
            first = loaded.report.findings[0]
            raise DataError(
                f"{len(loaded.report.findings)} findings, e.g. {first.focus}: {first.message}; "
                "nothing was loaded"
            )
        if request.strict and not loaded.report:
            raise DataError(
                f"{loaded.statements:,} statements are too many to check with --strict; nothing was loaded"
            )
    return loaded


def delete_graph(directory: Path, graph: str) -> int:
    """Remove a graph and what was derived from it; returns how many statements it held.

    Raises:
        UsageError: a graph that nobody may write, or that is not there.

    """
    _check_writable(graph)
    with changing(directory) as change:
        count = change.remove_graph(graph)
        if not count:
            raise UsageError(f"graph {graph}: not in the store")
        change.derive()
    return count


def _check_writable(graph: str) -> None:
    if graph in READ_ONLY:
        raise UsageError(f"graph {graph} found, which nobody but eventkg writes")
    try:
        ox.NamedNode(graph)
    except ValueError as problem:
        raise UsageError(f"graph {graph!r} found, an absolute IRI expected ({problem})") from problem


def _silent(_: int) -> None:
    """Nobody watches."""


def _load_file(  # noqa: PLR0913  (one call, all of it needed)
    name: str, rdf_format: str, graph: str, change: Change, loaded: Loaded, limits: Limits, progress: Progress
) -> None:
    """Parsed in a child, whose output streams into the draft."""
    touched, complaints = change.notes / "touched", change.notes / "stderr"
    touched.unlink(missing_ok=True)
    reader, writer = os.pipe()
    request = {
        "file": name,
        "format": rdf_format,
        "graph": graph,
        "touched": str(touched),
        "progress": writer,
        "memory_mb": limits.memory_mb,
    }
    command = [sys.executable, "-P", "-m", "eventkg.store.intake", json.dumps(request)]
    with complaints.open("w+b") as stderr, _watching(reader, progress):
        try:
            child = subprocess.Popen(  # noqa: S603  (our own module; the request is data)
                command, stdout=subprocess.PIPE, stderr=stderr, pass_fds=[writer]
            )
        finally:
            os.close(writer)
        with child:
            problem = _stream(child, change.store, limits.memory_mb)
        stderr.seek(0)
        said = stderr.read()
    if problem and child.returncode in {0, -signal.SIGKILL}:  # then it was we who ended the child
        raise DataError(f"{name}: {problem}") from problem
    if child.returncode:
        raise _complaint(name, child.returncode, said, limits.memory_mb)
    summary = json.loads(said.splitlines()[-1])
    loaded.statements += summary["statements"]
    loaded.graphs |= set(summary["graphs"])
    change.touched |= set(touched.read_text(encoding="utf-8").split("\n")) - {""}


def _complaint(name: str, code: int, said: bytes, memory_mb: int) -> EventkgError:
    """What the child said or died of, with the file's name in either case."""
    if code == -signal.SIGALRM:
        return DataError(
            f"{name}: naming its blank nodes took more than {CANONICAL_S} s; IRIs in their place expected"
        )
    problem = explain(code, said, memory_mb)
    return problem if code > 0 else DataError(f"{name}: {problem}")


def _stream(child: subprocess.Popen[bytes], store: ox.Store, memory_mb: int) -> EventkgError | None:
    """What went wrong here; a complaint of the child's own comes first, so it is only returned."""
    if child.stdout is None:
        return DataError("the parsing process has no output")
    try:
        store.bulk_load(input=child.stdout, format=ox.RdfFormat.N_QUADS)
    except MemoryError as problem:
        child.kill()
        return DataError(too_large(problem, memory_mb))
    except (OSError, SyntaxError, ValueError) as problem:
        child.kill()
        return DataError(f"the store could not take the statements: {problem}")
    except BaseException:  # Ctrl-C included: nothing is left behind
        child.kill()
        raise
    return None


class _watching:  # noqa: N801  (used as a statement)
    """Numbers of bytes that arrive on a pipe, passed on while the block runs."""

    def __init__(self, descriptor: int, progress: Progress) -> None:
        self._thread = threading.Thread(target=self._pass_on, args=(descriptor, progress), daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def _pass_on(self, descriptor: int, progress: Progress) -> None:
        with os.fdopen(descriptor, encoding="ascii") as numbers:
            for line in numbers:
                progress(int(line))


def _what_changed(store: ox.Store, graphs: Iterable[str]) -> bytes:
    """The graphs that were loaded into, what was derived about them, and the words they are written in."""
    return to_nquads(_quads_to_check(store, {*graphs, GRAPH_ONTOLOGY, GRAPH_CODES}))


def _quads_to_check(store: ox.Store, graphs: set[str]) -> Iterator[ox.Quad]:
    subjects = set()
    for graph in sorted(graphs):
        for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
            subjects.add(quad.subject)
            yield quad
    for subject in subjects:
        yield from store.quads_for_pattern(subject, None, None, ox.NamedNode(GRAPH_DERIVED))
