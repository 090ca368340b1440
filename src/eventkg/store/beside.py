"""Files computed from a checkpoint and kept beside it: each can be lost, and is made again.

    DIR/search/00000007-SHA256.sqlite    complete as soon as it has its name, which holds its content's sum

They are removed with their checkpoint.
"""

from __future__ import annotations

import hashlib
import itertools
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from eventkg.store.tables import sync

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FOLDER, _SUFFIX, _PARTIAL = "search", ".sqlite", ".partial"
_NUMBERS = itertools.count(1)
_BLOCK = 1 << 20


class Beside:
    """The files of one checkpoint, which the caller holds."""

    def __init__(self, checkpoint: Path) -> None:
        """Nothing is read or written yet."""
        self.folder, self._name = checkpoint.parent.parent / FOLDER, checkpoint.name

    def found(self) -> Iterator[Path]:
        """Complete ones; one that is not what its name says is removed if it can be."""
        for path in sorted(self.folder.glob(f"{self._name}-*{_SUFFIX}")):
            with suppress(OSError):
                if checksum(path) == path.stem.removeprefix(f"{self._name}-"):
                    yield path
                else:
                    path.unlink()

    def partial(self) -> Path | None:
        """Where to write one, in a file that is not there yet; None where nothing can be written."""
        path = self.folder / f"{self._name}-{os.getpid()}-{next(_NUMBERS)}{_PARTIAL}"
        try:
            self.folder.mkdir(exist_ok=True)
            path.touch(exist_ok=False)
            path.unlink()
        except OSError:
            return None
        return path

    def keep(self, path: Path, digest: str) -> Path:
        """A partial file that is complete, under its name."""
        with suppress(OSError):  # a file that is lost is made again
            sync(path)
        return path.replace(self.folder / f"{self._name}-{digest}{_SUFFIX}")


def remove_without(directory: Path, checkpoints: Iterable[str]) -> None:
    """Remove files that belong to none of these checkpoints, and what a process that died left unfinished."""
    names = set(checkpoints)
    for path in (directory / FOLDER).glob("*-*"):
        name, _, rest = path.name.partition("-")
        if name not in names or (path.suffix == _PARTIAL and not _is_running(rest.partition("-")[0])):
            with suppress(OSError):
                path.unlink()


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            found.update(block)
    return found.hexdigest()


def _is_running(pid: str) -> bool:
    """On Windows, where the question would end the process, everybody is taken to be."""
    if os.name != "posix":
        return True
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except OSError:
        return True
    return True
