"""Tables into a store on disk, as a source declares them: all files or none, each row once."""

from __future__ import annotations

import contextlib
import csv
import hashlib
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from eventkg.errors import DataError, EventkgError, SourceError, UsageError
from eventkg.export.cells import harmless
from eventkg.kg import loading
from eventkg.kg.changing import changing
from eventkg.kg.declarations import check_terms
from eventkg.kg.naming import settle_names
from eventkg.kg.replacing import Present, RowChange, remove_rows, sweep
from eventkg.kg.tables import Reading
from eventkg.kg.vicinity import Subjects
from eventkg.mapping.provenance import ImportedFile, provenance
from eventkg.mapping.terms import iri
from eventkg.model.naming import GRAPH, PREFIXES, RDF
from eventkg.sources.catalog import find_source
from eventkg.sources.choosing import fitting
from eventkg.sources.links import read_links
from eventkg.store.directory import hold_current, open_checkpoint
from eventkg.store.intake import ROWS
from eventkg.store.versions import is_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from eventkg.checking.findings import Report
    from eventkg.kg.changing import Change
    from eventkg.kg.tables import Progress
    from eventkg.settings import Limits
    from eventkg.sources.manifest import Manifest

GRAPH_LINKS = f"{GRAPH}links"
_HASHED = 1 << 20  # bytes at a time
_COLUMNS = ("file", "line", "column", "value", "reason")


@dataclass(frozen=True, slots=True)
class Import:
    """What to import and how.

    `source` is a name or a folder; `release` is what the files are taken for, else what the manifest says.
    `max_bad` is the greatest share of rows that may be wrong; these go to the file `quarantine`. `compare`
    finds out what changed; `drop_vanished` removes rows of the releases that are replaced which the files no
    longer have; `dry_run` publishes nothing.
    """

    source: str
    files: tuple[str, ...]
    release: str | None = None
    max_bad: float = 0.01
    quarantine: Path | None = None
    strict: bool = False
    compare: bool = False
    drop_vanished: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class Imported:
    """What came of it: `known` names files that were in the store before, `replaced` counts rows that were.

    `wrong` are the first rows that were put aside: file, line, column, value, reason. `report` is None where
    nothing was validated, and `unchecked` says why that could not be done.
    """

    source: str
    release: str
    files: list[ImportedFile] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    statements: int = 0
    replaced: int = 0
    dropped: int = 0
    changes: list[RowChange] = field(default_factory=list)
    wrong: list[tuple[str, ...]] = field(default_factory=list)
    report: Report | None = None
    unchecked: str = ""

    @property
    def read(self) -> int:
        """Rows of all files: imported + quarantined."""
        return sum(file.read for file in self.files)

    @property
    def imported(self) -> int:
        """Rows that are in the store now."""
        return sum(file.imported for file in self.files)

    @property
    def quarantined(self) -> int:
        """Rows that were put aside."""
        return sum(file.quarantined for file in self.files)


class _DryRun(Exception):  # noqa: N818  (leaves the change without publishing it)
    """Nothing is to be published."""


def import_tables(
    directory: Path,
    request: Import,
    limits: Limits,
    progress: Progress | None = None,
    published: Callable[[Imported], None] | None = None,
) -> Imported:
    """Import files of a source as one change, and look at what came of it.

    Findings refuse nothing unless `strict`, so the rows are published before they are looked at; `published`
    is called in between. `progress` is told bytes and rows read since its last call.

    Raises:
        UsageError: no such source, no file. SourceError: a wrong declaration, or a file of something else.
        DataError: a file that cannot be read, or too many wrong rows. StoreBusyError: another process writes.

    """
    manifest = fitting(find_source(request.source), [Path(name) for name in request.files])
    check_terms(manifest)
    release = request.release or manifest.version
    if not request.files:
        raise UsageError("import: no file found, at least one expected")
    by_hash = {_sha256(Path(name)): Path(name) for name in request.files}
    files = [(path, ImportedFile(path.name, sha, release)) for sha, path in by_hash.items()]
    done = Imported(manifest.name, release)
    fresh = _fresh(directory, manifest, files, done)
    if not fresh:
        return done
    subjects = Subjects()
    with contextlib.suppress(_DryRun), changing(directory) as change:
        reading = Reading(manifest, limits, change.notes, progress or _silent, subjects)
        try:
            _Importer(change, reading, request, done).run(fresh)
        finally:
            _keep_quarantine(reading.quarantine, request.quarantine, done)
        if request.dry_run:
            raise _DryRun
    if done.report is None:
        if published:
            published(done)
        _check(directory, subjects, limits, done)
    return done


def _check(directory: Path, subjects: Subjects, limits: Limits, done: Imported) -> None:
    """What validation finds in the store; the rows are in it whatever becomes of that."""
    try:
        done.report = loading.check_current(directory, subjects, limits)
    except EventkgError as problem:
        done.unchecked = str(problem)


def _fresh(
    directory: Path, manifest: Manifest, files: list[tuple[Path, ImportedFile]], done: Imported
) -> list[tuple[Path, ImportedFile]]:
    """The files that are not in the store, every row of them, already."""
    if not is_store(directory):
        return files
    with hold_current(directory) as checkpoint:
        present = Present(open_checkpoint(checkpoint.path), manifest)
        fresh = [(path, file) for path, file in files if not present.known(file)]
    done.known += [file.name for path, file in files if (path, file) not in fresh]
    return fresh


def _sha256(path: Path) -> str:
    total = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_HASHED):
                total.update(chunk)
    except OSError as problem:
        raise DataError(f"{path}: {problem.strerror}") from problem
    return total.hexdigest()


def _silent(_bytes: int, _rows: int) -> None:
    """Nobody watches."""


def _keep_quarantine(notes: Path, wanted: Path | None, done: Imported) -> None:
    """The wrong rows where the user wants them; the first of them in the result."""
    if not notes.is_file() or not notes.stat().st_size:
        return
    with notes.open(encoding="utf-8", newline="") as rows:
        done.wrong += [tuple(row) for row in islice(csv.reader(rows), 20)]
        if wanted:
            rows.seek(0)
            _write_quarantine(wanted, csv.reader(rows))


def _write_quarantine(wanted: Path, rows: Iterable[list[str]]) -> None:
    """Strangers' cells go into a file that people open in a spreadsheet."""
    try:
        with wanted.open("w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(_COLUMNS)
            writer.writerows([harmless(cell) for cell in row] for row in rows)
    except OSError as problem:
        raise DataError(f"{wanted}: {problem.strerror}") from problem


class _Importer:
    """One import into a draft."""

    def __init__(self, change: Change, reading: Reading, request: Import, done: Imported) -> None:
        self._change, self._reading, self._request, self._done = change, reading, request, done
        self._manifest = reading.manifest
        self._graph = GRAPH + self._manifest.name

    def run(self, files: list[tuple[Path, ImportedFile]]) -> None:
        """Rows, what they lead back to, what follows from them."""
        before: dict[str, str] = {}
        for path, file in files:
            before |= self._take(path, file)
        self._check_bad()
        store = self._change.store
        self._vanish(before)
        if before:
            sweep(store, self._manifest)
        store.extend(_matches(self._manifest))
        settle_names(store, self._graph)
        self._check_expected()
        self._change.touched.add(ROWS)
        self._change.derive()
        if self._request.strict or self._request.dry_run:  # else when it is published
            self._done.report = loading.checked(
                self._change, self._reading.subjects, self._reading.limits, strict=self._request.strict
            )

    def _take(self, path: Path, file: ImportedFile) -> dict[str, str]:
        """A file in place of the rows that it overlaps; the data set of each row before, if any was."""
        present = Present(self._change.store, self._manifest)
        there = present.datasets
        keys = self._reading.keys(path, file) if there else set()
        overlap = sorted(keys & there.keys())
        old = {key: present.row(key) for key in overlap} if self._request.compare else {}
        remove_rows(self._change, present, overlap)
        del present  # which holds the store
        counted, statements = self._reading.rows(path, file, self._change)
        lines = provenance(self._manifest, counted)
        self._change.store.bulk_load(lines.encode(), format=ox.RdfFormat.N_QUADS)
        self._done.files.append(counted)
        self._done.statements += statements + lines.count("\n")
        self._done.replaced += len(overlap)
        if self._request.compare:
            self._compare(old, sorted(keys - there.keys()) if there else [])
        return there if overlap else {}

    def _compare(self, old: dict[str, set[tuple[str, str, str]]], appeared: list[str]) -> None:
        present = Present(self._change.store, self._manifest)
        self._done.changes += [RowChange("appeared", key) for key in appeared]
        for key, was in old.items():
            now = present.row(key)
            if was != now:
                self._done.changes.append(RowChange("changed", key, _shown(was - now), _shown(now - was)))

    def _vanish(self, before: dict[str, str]) -> None:
        """Rows of the releases that were replaced in part, which the files no longer have."""
        if not (before and (self._request.compare or self._request.drop_vanished)):
            return
        present = Present(self._change.store, self._manifest)
        now = present.datasets
        other = {
            dataset
            for key, dataset in before.items()
            if now.get(key) != dataset and present.release(dataset) != self._done.release
        }
        vanished = sorted(
            key for key, dataset in before.items() if dataset in other and now.get(key) == dataset
        )
        self._done.changes += [RowChange("vanished", key) for key in vanished]
        if self._request.drop_vanished:
            remove_rows(self._change, present, vanished)
            self._done.dropped = len(vanished)

    def _check_bad(self) -> None:
        done = self._done
        if done.quarantined > self._request.max_bad * done.read:
            where = f", listed in {self._request.quarantine}" if self._request.quarantine else ""
            first = f"; the first at line {done_line}" if (done_line := self._first_line()) else ""
            raise DataError(
                f"{done.quarantined:,} of {done.read:,} rows are wrong, at most "
                f"{self._request.max_bad:.4g} of them expected (--max-bad){first}{where}; "
                "nothing was imported"
            )

    def _first_line(self) -> str:
        with self._reading.quarantine.open(encoding="utf-8", newline="") as rows:
            row = next(csv.reader(rows), None)
        return f"{row[1]}: {row[2]}: '{row[3][:80]}': {row[4]}" if row else ""

    def _check_expected(self) -> None:
        for name, (least, greatest) in self._manifest.expect.items():
            found = self._done.imported if name == "rows" else self._count(name)
            if found < least or (greatest is not None and found > greatest):
                expected = f"{least:,} to {greatest:,}" if greatest is not None else f"at least {least:,}"
                raise SourceError(
                    f"{self._manifest.path}: expect.{name}: {found:,} found, {expected} expected; "
                    "nothing was imported"
                )

    def _count(self, name: str) -> int:
        kind = ox.NamedNode(iri(name, {**PREFIXES, **self._manifest.prefixes})[1:-1])
        graph = ox.NamedNode(self._graph)
        quads = self._change.store.quads_for_pattern(None, ox.NamedNode(f"{RDF}type"), kind, graph)
        return sum(1 for _ in quads)


def _shown(facts: set[tuple[str, str, str]]) -> tuple[str, ...]:
    return tuple(f"{predicate} {value}" for _, predicate, value in sorted(facts))


def _matches(manifest: Manifest) -> Iterator[ox.Quad]:
    """Reviewed links between things of the source and ours."""
    graph = ox.NamedNode(GRAPH_LINKS)
    for path in manifest.matches:
        for link in read_links(path):
            if not (link.subject and link.object):
                raise SourceError(f"{path}:{link.line}: subject_id and object_id expected")
            yield ox.Quad(
                ox.NamedNode(link.subject), ox.NamedNode(link.predicate), ox.NamedNode(link.object), graph
            )
