"""Where tests write: in memory where the machine has plenty, for they write some thousand small stores.

Each load of a store syncs and removes files: on a disk that others use, that can be half of a test's time.
Whoever sets TMPDIR gets the tests' files there, and keeps them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

IN_MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of our own is made in it)
ENOUGH = 8 * 2**30  # bytes, by far more than tests were seen to write
_PREFIX = "eventkg-tests-"


def in_memory(room: Path = IN_MEMORY, enough: int = ENOUGH) -> Path | None:
    """A new folder there, named after this process; None where there is no room or somebody chose another."""
    if "TMPDIR" in os.environ or not room.is_dir() or shutil.disk_usage(room).free < enough:
        return None
    for left in room.glob(f"{_PREFIX}*"):
        if not Path("/proc", left.name.removeprefix(_PREFIX)).exists():  # its run was killed
            shutil.rmtree(left, ignore_errors=True)
    folder = room / f"{_PREFIX}{os.getpid()}"
    folder.mkdir(mode=0o700)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    return folder
