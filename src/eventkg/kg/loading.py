"""RDF files into a store on disk: parsed in child processes, streamed, derived, checked, all or nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.errors import DataError, UsageError
from eventkg.kg.changing import READ_ONLY, changing
from eventkg.kg.checks import validate
from eventkg.kg.parsing import PATIENCE_S, Source, parse_into
from eventkg.model.naming import GRAPH_CODES, GRAPH_DERIVED, GRAPH_ONTOLOGY, GRAPH_USER
from eventkg.store.files import to_nquads
from eventkg.store.intake import format_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from eventkg.checking.findings import Report
    from eventkg.kg.changing import Change
    from eventkg.kg.parsing import Progress
    from eventkg.settings import Limits

# pySHACL needs about 25 ms an event: beyond this many statements a load is not checked unless told.
MAX_CHECKED = 20_000


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
            change.remove_graph(request.graph)
        for name, rdf_format in zip(request.files, formats, strict=True):
            statements, graphs = parse_into(
                change,
                Source(name, rdf_format, request.graph, request.patience_s),
                limits.memory_mb,
                progress,
            )
            loaded.statements += statements
            loaded.graphs |= graphs
        change.derive()
        if request.validate or request.strict:
            loaded.report = checked(change, loaded.graphs, loaded.statements, limits, strict=request.strict)
    return loaded


def checked(
    change: Change, graphs: set[str], statements: int, limits: Limits, *, strict: bool
) -> Report | None:
    """What validation finds in graphs that changed; None where there is too much to check.

    Raises:
        DataError: under `strict`, if it finds anything or cannot be done.

    """
    report = None
    if statements <= MAX_CHECKED:
        report = validate(_what_changed(change.store, graphs), None, limits)
    if strict and report and report.findings:
        first = report.findings[0]
        raise DataError(
            f"{len(report.findings)} findings, e.g. {first.focus}: {first.message}; nothing was loaded"
        )
    if strict and not report:
        raise DataError(f"{statements:,} statements are too many to check with --strict; nothing was loaded")
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
