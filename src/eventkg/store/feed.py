"""What a snapshot is loaded from, on stdout: `python -m eventkg.store.feed CHECKPOINT [anew]`.

The steps of the checkpoint's transcript and the number of its statements, which another process counts
meanwhile; or all its statements as N-Quads, which are kept beside it as a transcript for the next time.
`anew` takes no transcript.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from eventkg.errors import DataError
from eventkg.store.directory import open_checkpoint
from eventkg.store.holds import lock_alone
from eventkg.store.process import die_with_parent
from eventkg.store.replay import PLAIN, STEPS
from eventkg.store.transcript import (
    ADD,
    END,
    FOLDER,
    PARTIAL,
    Lines,
    Log,
    header,
    is_small,
    read_index,
    tell,
    write_index,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.store.transcript import Segment

_FIRST = "00000001"


def main() -> None:
    """Write and leave."""
    die_with_parent()
    checkpoint = Path(sys.argv[1])
    try:
        feed(checkpoint, sys.stdout.buffer, anew=len(sys.argv) > 2)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # nobody wants it any more
        os._exit(1)
    except (DataError, OSError, RuntimeError) as problem:
        said = (
            str(problem)
            if isinstance(problem, DataError)
            else f"{checkpoint}: damaged ({problem}); restore a backup"
        )
        sys.stderr.write(f"eventkg: {said}\n")
        sys.exit(1)


def feed(checkpoint: Path, out: IO[bytes], *, anew: bool = False) -> None:
    """Write all.

    Raises:
        DataError: the transcript, or the checkpoint, is damaged; what was written is of no use then.

    """
    segments = None if anew else read_index(checkpoint)
    if segments is None:
        _dump(checkpoint, out)
    else:
        _tell(checkpoint, segments, out)


def _tell(checkpoint: Path, segments: tuple[Segment, ...], out: IO[bytes]) -> None:
    count = _counted_beside(checkpoint)
    out.write(STEPS)
    tell(checkpoint, segments, out)
    with os.fdopen(count, "rb") as said:
        number = said.read()
    if not number:
        raise DataError(f"{checkpoint}: its statements could not be counted")
    out.write(header(END, int(number)))


def _counted_beside(checkpoint: Path) -> int:
    """A pipe with the number of statements, which a fork finds out: this process has no threads yet."""
    reader, writer = os.pipe()
    parent = os.getpid()
    if not os.fork():
        try:
            die_with_parent(parent)
            os.write(writer, b"%d" % len(open_checkpoint(checkpoint)))
        finally:
            os._exit(0)
    os.close(writer)
    return reader


def _dump(checkpoint: Path, out: IO[bytes]) -> None:
    out.write(PLAIN)
    store = open_checkpoint(checkpoint)
    with _keeping(checkpoint) as log:
        if log is None:
            store.dump(out, format=ox.RdfFormat.N_QUADS)
            return
        lines = Lines(lambda block: log.note(ADD, block))
        store.dump(cast("IO[bytes]", _Both(out, lines)), format=ox.RdfFormat.N_QUADS)
        lines.close()
        _publish(checkpoint, log)


@contextlib.contextmanager
def _keeping(checkpoint: Path) -> Iterator[Log | None]:
    """A log beside the checkpoint; None where it is not worth it, may not be, or another process has one."""
    partial = checkpoint / PARTIAL
    descriptor = -1
    try:
        if not is_small(checkpoint):
            partial.mkdir(exist_ok=True)
            descriptor = os.open(partial / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError:  # a store that we may only read, a full disk
        pass
    if descriptor < 0 or not lock_alone(descriptor):
        yield None
        return
    try:
        (partial / _FIRST).unlink(missing_ok=True)  # of one that was killed
        shutil.rmtree(partial / FOLDER, ignore_errors=True)
        yield Log(partial / _FIRST)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        os.close(descriptor)


def _publish(checkpoint: Path, log: Log) -> None:
    """The log as the checkpoint's transcript, by one rename; without room there is none."""
    partial, made = checkpoint / PARTIAL, checkpoint / PARTIAL / FOLDER
    with contextlib.suppress(OSError, DataError):
        made.mkdir(exist_ok=True)
        write_index(made, [log.append_to(made / _FIRST)])
        if (checkpoint / FOLDER).exists():  # one that proved wrong
            (checkpoint / FOLDER).rename(partial / "wrong")
        made.rename(checkpoint / FOLDER)


class _Both:
    """A file to write to that is two."""

    def __init__(self, out: IO[bytes], lines: Lines) -> None:
        self._out, self._lines = out, lines

    def write(self, block: bytes) -> int:
        """As io has it."""
        self._out.write(block)
        return self._lines.write(block)

    def flush(self) -> None:
        """As io has it."""
        self._out.flush()


if __name__ == "__main__":
    main()
