"""A table of strangers, read in a child process."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from eventkg.errors import DataError
from eventkg.kg.children import bulk_load_from, watching
from eventkg.kg.tablechild import GIVEN_UP
from eventkg.mapping.provenance import target
from eventkg.model.naming import GRAPH
from eventkg.query.child import explain
from eventkg.store.process import child_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from eventkg.kg.changing import Change
    from eventkg.kg.vicinity import Subjects
    from eventkg.mapping.provenance import ImportedFile
    from eventkg.settings import Limits
    from eventkg.sources.manifest import Manifest

    Progress = Callable[[int, int], None]  # bytes and rows since it was last called


@dataclass(frozen=True, slots=True)
class Reading:
    """How tables are read: for which source, within which limits, with a folder for notes.

    `subjects` is told what the statements are about.
    """

    manifest: Manifest
    limits: Limits
    notes: Path
    progress: Progress
    subjects: Subjects

    @property
    def quarantine(self) -> Path:
        """Rows that were put aside: CSV without a header."""
        return self.notes / "quarantine"

    def keys(self, path: Path, file: ImportedFile) -> set[str]:
        """The keys of the rows that an import of the file would bring.

        Raises:
            DataError, SourceError: as `rows`.

        """
        found: set[str] = set()
        with self._child(path, file, keys=True) as child:
            assert child.stdout is not None  # noqa: S101  (a pipe was asked for)
            found.update(json.loads(line) for line in child.stdout)
        return found

    def rows(self, path: Path, file: ImportedFile, change: Change) -> tuple[ImportedFile, int]:
        """Load a file's rows, while nobody holds the draft's store; the file's counts, those of statements.

        Raises:
            SourceError: a wrong declaration. DataError: a file that cannot be read, or that changed.

        """
        said: dict[str, int | str] = {}
        with change.lent() as draft, self._child(path, file, keys=False, said=said) as child:
            graph = GRAPH + self.manifest.name
            problem = bulk_load_from(child, draft, graph, self.limits.memory_mb)
            if problem and child.wait() in {0, -signal.SIGKILL, GIVEN_UP}:
                raise DataError(f"{path}: {problem}") from problem
        if said["sha256"] != file.sha256:
            raise DataError(f"{path}: changed while it was read; import it again")
        self.subjects.add_saved(self._subjects.read_text(encoding="utf-8"))
        read, made, bad = (int(said[name]) for name in ("read", "imported", "quarantined"))
        return replace(file, read=read, imported=made, quarantined=bad), int(said["statements"])

    @property
    def _subjects(self) -> Path:
        """What the statements of one file are about."""
        return self.notes / "subjects"

    @contextmanager
    def _child(
        self, path: Path, file: ImportedFile, *, keys: bool, said: dict[str, int | str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        complaints = self.notes / "stderr"
        reader, writer = os.pipe()
        request = {
            "file": str(path),
            "target": {**asdict(target(self.manifest, file)), "graph": ""},
            "notes": os.devnull if keys else str(self.quarantine),
            "subjects": os.devnull if keys else str(self._subjects),
            "progress": writer,
            "memory_mb": self.limits.memory_mb,
            "keys": keys,
        }
        command = [sys.executable, "-P", "-m", "eventkg.kg.tablechild", json.dumps(request)]
        progress = _nothing if keys else self.progress
        with complaints.open("w+b") as stderr, watching(reader, progress):
            try:
                child = subprocess.Popen(  # noqa: S603  (our own module; the request is data)
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=stderr,
                    pass_fds=[writer],
                    env=child_environment(),
                )
            finally:
                os.close(writer)
            with child:
                try:
                    self._hand_over(child)
                    yield child
                except BaseException:  # Ctrl-C included: nothing is left behind
                    child.kill()
                    raise
            stderr.seek(0)
            complaint = stderr.read()
        if child.returncode:
            found = explain(child.returncode, complaint, self.limits.memory_mb)
            raise found if child.returncode > 0 else DataError(f"{path}: {found}")
        if said is not None:
            said.update(json.loads(complaint.splitlines()[-1]))

    def _hand_over(self, child: subprocess.Popen[bytes]) -> None:
        assert child.stdin is not None  # noqa: S101  (a pipe was asked for)
        with suppress(BrokenPipeError), child.stdin as pipe:  # a child that ended says why
            pickle.dump(self.manifest, pipe)


def _nothing(_bytes: int, _rows: int) -> None:
    """The first of two passes."""
