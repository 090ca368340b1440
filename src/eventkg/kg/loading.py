"""RDF files into a store on disk: parsed in child processes, streamed, derived, checked, all or nothing."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.errors import DataError, UsageError
from eventkg.kg.changing import READ_ONLY, changing
from eventkg.kg.checks import How, validate_checkpoint
from eventkg.kg.parsing import PATIENCE_S, Source, parse_into
from eventkg.kg.vicinity import Subjects, vicinity
from eventkg.model.naming import GRAPH_USER
from eventkg.store.directory import hold_current, open_checkpoint
from eventkg.store.intake import format_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventkg.checking.findings import Report
    from eventkg.kg.changing import Change
    from eventkg.kg.children import Progress
    from eventkg.settings import Limits


@dataclass(frozen=True, slots=True)
class Load:
    """What to load and how; `format` (ttl, nt …) is needed for stdin only.

    A file whose parser makes no progress for `patience_s` seconds is given up.
    """

    files: tuple[str, ...]
    graph: str = GRAPH_USER
    replace: bool = False
    strict: bool = False
    format: str | None = None
    patience_s: float = PATIENCE_S
    validate: bool = True  # against the shapes; findings refuse nothing unless `strict`


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
        StalledError: a file that its parser does not get on with.

    """
    formats = [format_name(name, request.format) for name in request.files]
    if not formats:
        raise UsageError("load: no file found, at least one expected (- is standard input)")
    check_writable(request.graph)
    if not request.patience_s > 0:
        raise UsageError(f"timeout_s: {request.patience_s} found, a number above 0 expected")
    loaded = Loaded()
    with changing(directory) as change:
        if request.replace:
            loaded.subjects.add(_subjects(change.store, request.graph))
            change.remove_graph(request.graph)
        for name, rdf_format in zip(request.files, formats, strict=True):
            statements, graphs = parse_into(
                change,
                Source(name, rdf_format, request.graph, request.patience_s),
                limits.memory_mb,
                progress,
                loaded.subjects,
            )
            loaded.statements += statements
            loaded.graphs |= graphs
        change.touch_facts(loaded.subjects)
        change.derive()
        if request.validate or request.strict:
            loaded.report = checked(change, loaded.subjects, limits, strict=request.strict)
    return loaded


def checked(change: Change, subjects: Subjects, limits: Limits, *, strict: bool) -> Report:
    """What validation finds where a change touched something.

    Raises:
        DataError: under `strict`, if it finds anything.

    """
    report = check_draft(change, subjects, limits)
    if strict and report.findings:
        first = report.findings[0]
        raise DataError(
            f"{len(report.findings)} findings, e.g. {first.focus}: {first.message}; nothing was loaded"
        )
    return report


def delete_graph(directory: Path, graph: str) -> int:
    """Remove a graph and what was derived from it; returns how many statements it held.

    Raises:
        UsageError: a graph that nobody may write, or that is not there.

    """
    check_writable(graph)
    with changing(directory) as change:
        count = change.remove_graph(graph)
        if not count:
            raise UsageError(f"graph {graph}: not in the store")
        change.derive()
    return count


def check_writable(graph: str) -> None:
    """Refuse a graph that only eventkg writes, and what is no IRI."""
    if graph in READ_ONLY:
        raise UsageError(f"graph {graph} found, which nobody but eventkg writes")
    try:
        ox.NamedNode(graph)
    except ValueError as problem:
        raise UsageError(f"graph {graph!r} found, an absolute IRI expected ({problem})") from problem


def _subjects(store: ox.Store, graph: str) -> Iterator[str]:
    """The subjects of a graph that is about to be removed."""
    for quad in store.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value


def check_current(directory: Path, subjects: Subjects, limits: Limits) -> Report:
    """Findings in what has been published, at what was touched or, after a large import, everywhere."""
    with hold_current(directory) as checkpoint:
        near = vicinity(open_checkpoint(checkpoint.path), subjects)
        return validate_checkpoint(checkpoint.path, How(), limits, near)


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
