"""RDF files into a store on disk: parsed in child processes, streamed, derived, checked, all or nothing."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.errors import DataError, EventkgError, UsageError
from eventkg.kg.changing import READ_ONLY, Change, changing
from eventkg.kg.checks import How, validate_checkpoint
from eventkg.kg.vicinity import Subjects, vicinity
from eventkg.model.naming import GRAPH_USER
from eventkg.query.child import explain
from eventkg.store.intake import CANONICAL_S, format_name, too_large

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from eventkg.checking.findings import Report
    from eventkg.settings import Limits

    Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Load:
    """What to load and how; `format` (ttl, nt …) is needed for stdin only."""

    files: tuple[str, ...]
    graph: str = GRAPH_USER
    replace: bool = False
    strict: bool = False
    format: str | None = None


@dataclass(slots=True)
class Loaded:
    """What came of it; `report` has the findings at everything that the load touches."""

    statements: int = 0
    graphs: set[str] = field(default_factory=set)
    report: Report | None = None
    subjects: Subjects = field(default_factory=Subjects)


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
            loaded.subjects.add(_subjects(change.store, request.graph))
            change.remove_graph(request.graph)
        for name, rdf_format in zip(request.files, formats, strict=True):
            _load_file(name, rdf_format, request.graph, change, loaded, limits, progress or _silent)
        change.derive()
        loaded.report = check_draft(change, loaded.subjects, limits)
        if request.strict and loaded.report.findings:
            first = loaded.report.findings[0]
            raise DataError(
                f"{len(loaded.report.findings)} findings, e.g. {first.focus}: {first.message}; "
                "nothing was loaded"
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
            problem = _stream(child, change.store, loaded.subjects, limits.memory_mb)
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


def _stream(
    child: subprocess.Popen[bytes], store: ox.Store, subjects: Subjects, memory_mb: int
) -> EventkgError | None:
    """What went wrong here; a complaint of the child's own comes first, so it is only returned."""
    if child.stdout is None:
        return DataError("the parsing process has no output")
    try:
        store.bulk_load(input=subjects.watch(child.stdout), format=ox.RdfFormat.N_QUADS)
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


def _subjects(store: ox.Store, graph: str) -> Iterator[str]:
    """The subjects of a graph that is about to be removed."""
    for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value


def check_draft(change: Change, subjects: Subjects, limits: Limits) -> Report:
    """Findings in the draft, at what was touched (see `vicinity`) or, after a large load, everywhere.

    The draft is looked at through a backup, which is links to its files: another process may open that.
    """
    copy = change.notes / "checked"
    change.store.flush()
    change.store.backup(str(copy))
    try:
        return validate_checkpoint(copy, How(), limits, vicinity(change.store, subjects))
    finally:
        shutil.rmtree(copy, ignore_errors=True)
