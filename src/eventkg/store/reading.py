"""A graph of a checkpoint as lines of N-Triples, read by another process: most of it is looking terms up."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

from eventkg.errors import DataError
from eventkg.store.process import child_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BLOCK = 1 << 20  # bytes
_WORTH_IT = 50 << 20  # bytes of a checkpoint, past which a process is worth its start


def is_large(checkpoint: Path) -> bool:
    """Whether reading it takes longer than starting a process."""
    return sum(path.stat().st_size for path in checkpoint.iterdir()) > _WORTH_IT


def ntriples(checkpoint: Path, graph: str) -> Iterator[bytes]:
    """Blocks of whole lines, in no order.

    Raises:
        DataError: the checkpoint is damaged, or the process ended.

    """
    command = [sys.executable, "-P", "-m", "eventkg.store.dump", str(checkpoint), graph]
    with tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(  # noqa: S603  (our own module)
            command,
            stdout=subprocess.PIPE,
            stderr=complaints,
            stdin=subprocess.DEVNULL,
            env=child_environment(),
        )
        with child:
            assert child.stdout is not None  # noqa: S101  (a pipe was asked for)
            try:
                rest = b""
                while data := child.stdout.read(_BLOCK):
                    lines, end, behind = (rest + data).rpartition(b"\n")
                    rest = behind
                    if end:
                        yield lines + end
            except BaseException:  # nobody reads on
                child.kill()
                raise
        if child.returncode:
            complaints.seek(0)
            said = complaints.read().decode(errors="replace").strip().removeprefix("eventkg: ")
            raise DataError(said or f"{checkpoint}: could not be read")
