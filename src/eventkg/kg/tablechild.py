"""One table read in a child process: rows in, N-Quads (or the rows' keys) out, in bounded memory.

`python -m eventkg.kg.tablechild REQUEST` where REQUEST is JSON: file, target, notes (a file for what is
quarantined), progress (a file descriptor), memory_mb, keys (whether only keys are wanted). The manifest, as
its parent has read it, comes pickled on standard input.
It says why it failed on stderr, exit code 3; else its last line there is the counts as JSON.
"""

from __future__ import annotations

import csv
import json
import os
import pickle
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from eventkg.errors import DataError, EventkgError
from eventkg.mapping.compiling import Target
from eventkg.mapping.stream import Counts, statements
from eventkg.sources.rows import open_table
from eventkg.store.process import die_with_parent, ignore_interrupts, limit_memory

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.mapping.stream import Made, Quarantined
    from eventkg.sources.manifest import Manifest
    from eventkg.sources.rows import Table

FAILED = 3
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
        os._exit(FAILED)  # the parent has given up
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
        _write(made, table, sys.stdout.buffer, request["progress"], keys=request["keys"])
        found = table.sha256
    sys.stdout.buffer.flush()
    said = {"read": counts.read, "imported": counts.imported, "quarantined": counts.quarantined}
    sys.stderr.write(json.dumps({**said, "statements": counts.statements, "sha256": found}) + "\n")


def _write(rows: Iterable[Made], table: Table, out: IO[bytes], progress: int, *, keys: bool) -> None:
    """In batches: a write for each row would cost more than its statements."""
    batch: list[str] = []
    told = 0
    for row in rows:
        batch.append(json.dumps(row.key) + "\n" if keys else row.lines)
        if len(batch) >= _BATCH:
            out.write("".join(batch).encode())
            batch.clear()
            at = table.position()
            os.write(progress, f"{at - told}\n".encode())
            told = at
    out.write("".join(batch).encode())
    os.write(progress, f"{table.position() - told}\n".encode())


if __name__ == "__main__":
    main()
