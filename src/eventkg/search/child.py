"""An index built in a process of its own: answers on standard input, the file where it is told.

`python -m eventkg.search.child REQUEST` where REQUEST is JSON: path, memory_mb. It says the file's SHA-256
and the number of events on standard output as JSON, or why it failed on stderr, exit code 3.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from eventkg.errors import DataError, MemoryLimitError
from eventkg.query.rows import streamed
from eventkg.search.feeding import received
from eventkg.search.gathering import QUERIES, Gathering
from eventkg.search.writing import write
from eventkg.store.beside import checksum
from eventkg.store.process import die_with_parent, ignore_interrupts, limit_memory, resident_memory

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from eventkg.errors import EventkgError

FAILED = 3
_SPARE_MB = 512  # of address space, beyond what is looked at
_NICER = 5  # nice(2): whoever asks comes first


def main() -> None:
    """Read, write, or say why not."""
    request = json.loads(sys.argv[1])
    die_with_parent()
    ignore_interrupts()  # the parent decides
    with suppress(OSError, AttributeError):
        os.nice(_NICER)
    most = resident_memory() + (request["memory_mb"] << 20)
    limit_memory(request["memory_mb"] + _SPARE_MB)
    try:
        said = build(sys.stdin.buffer, Path(request["path"]), most)
    except EOFError:
        os._exit(FAILED)  # the parent has given up
    except OSError as problem:
        _fail(DataError(f"{request['path']}: {problem.strerror or problem}"))
    except sqlite3.Error as problem:  # a full disk
        _fail(DataError(f"{request['path']}: {problem}"))
    except MemoryError:
        _fail(MemoryLimitError(request["memory_mb"]))
    sys.stdout.write(json.dumps(said))


def build(pipe: IO[bytes], path: Path, most: int) -> dict[str, Any]:
    """The index of all answers that come out of the pipe, in so many bytes of memory.

    Raises:
        MemoryError: it needs more. EOFError: the answers break off.

    """
    gathered = Gathering()
    names = []
    for name, blocks in received(pipe):
        gathered.take(name, streamed(_within(most, blocks)))
        names.append(name)
    if tuple(names) != QUERIES:
        raise EOFError(f"{len(names)} of {len(QUERIES)} answers found")
    gathered.finish()
    write(gathered, path)
    return {"sha256": checksum(path), "events": len(gathered.events)}


def _within(most: int, blocks: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks while there is memory: an interpreter that has none left may not even come to say so."""
    for block in blocks:
        if resident_memory() > most:
            raise MemoryError
        yield block


def _fail(problem: EventkgError) -> NoReturn:
    sys.stderr.write(json.dumps({"type": type(problem).__name__, "message": str(problem)}))
    sys.stderr.flush()
    os._exit(FAILED)


if __name__ == "__main__":
    main()
