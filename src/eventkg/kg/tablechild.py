"""One table read in a child process: rows in, N-Triples (or the rows' keys) out, in bounded memory.

`python -m eventkg.kg.tablechild REQUEST` where REQUEST is JSON: file, target, notes (a file for what is
quarantined), subjects (a file for what the statements are about), progress (a file descriptor), memory_mb,
keys (whether only keys are wanted). The manifest, as its parent has read it, comes pickled on standard input.
It says why it failed on stderr, exit code 3; else its last line there is the counts as JSON.
"""

from __future__ import annotations

import csv
import json
import os
import pickle
import sys
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from eventkg.errors import DataError, EventkgError
from eventkg.kg.vicinity import Subjects
from eventkg.mapping.compiling import Target
from eventkg.mapping.stream import Counts, statements
from eventkg.sources.rows import open_table
from eventkg.store.process import die_with_parent, ignore_interrupts, limit_memory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.mapping.stream import Made, Quarantined
    from eventkg.sources.manifest import Manifest
    from eventkg.sources.rows import Table

FAILED, GIVEN_UP = 3, 4  # it says why, or whoever reads has gone
_BATCH = 200  # rows a write
_VALUE = 1_000  # characters of a cell that the quarantine file shows


def main() -> None:
    """Read, write, or say why not."""
    request = json.loads(sys.argv[1])
    die_with_parent()
    limit_memory(request["memory_mb"], beyond_now=False)
    ignore_interrupts()  # the parent decides
    try:
        _read(request)
    except BrokenPipeError:
        os._exit(GIVEN_UP)
    except EventkgError as problem:
        _fail(problem)
    except OSError as problem:
        _fail(DataError(f"{request['file']}: {problem.strerror or problem}"))
    except MemoryError:
        _fail(DataError(f"{request['file']}: needs more than {request['memory_mb']} MiB (raise --memory-mb)"))


def _fail(problem: EventkgError) -> None:
    message = " ".join(str(problem).split())
    sys.stderr.write(json.dumps({"type": type(problem).__name__, "message": message}))
    sys.stderr.flush()
    os._exit(FAILED)


def _read(request: dict[str, Any]) -> None:
    manifest: Manifest = pickle.load(sys.stdin.buffer)  # noqa: S301  (from the process that started this one)
    counts = Counts()
    with (
        Path(request["notes"]).open("a", encoding="utf-8", newline="") as notes,
        open_table(Path(request["file"]), manifest.layout) as table,
    ):
        writer = csv.writer(notes)

        def aside(row: Quarantined) -> None:
            writer.writerow((request["file"], row.line, row.column, row.value[:_VALUE], row.reason))

        made = statements(manifest, table, Target(**request["target"]), counts, aside)
        told = _Told(table, counts, request["progress"])
        subjects = Subjects()
        _write(made, sys.stdout.buffer, told, None if request["keys"] else subjects)
        found = table.sha256
    sys.stdout.buffer.flush()
    Path(request["subjects"]).write_text(subjects.saved(), encoding="utf-8")
    said = {"read": counts.read, "imported": counts.imported, "quarantined": counts.quarantined}
    sys.stderr.write(json.dumps({**said, "statements": counts.statements, "sha256": found}) + "\n")


class _Told:
    """How far reading has come, for the parent: bytes and rows since the last time, as a line on a pipe."""

    def __init__(self, table: Table, counts: Counts, descriptor: int) -> None:
        self._table, self._counts, self._descriptor = table, counts, descriptor
        self._bytes = self._rows = 0

    def tell(self) -> None:
        """Where reading is now."""
        at, rows = self._table.position(), self._counts.read
        os.write(self._descriptor, f"{at - self._bytes} {rows - self._rows}\n".encode())
        self._bytes, self._rows = at, rows


def _write(rows: Iterable[Made], out: IO[bytes], told: _Told, subjects: Subjects | None) -> None:
    """In batches: a write for each row would cost more than its statements; without `subjects` only keys."""
    made = iter(rows)
    while batch := list(islice(made, _BATCH)):
        if subjects is None:
            lines = "".join([json.dumps(row.key) + "\n" for row in batch]).encode()
        else:
            lines = "".join([row.lines for row in batch]).encode()
            subjects.read(lines)
        out.write(lines)
        told.tell()
    told.tell()


if __name__ == "__main__":
    main()
