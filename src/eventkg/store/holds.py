"""Checkpoints held against removal, and the one writer's lock. The kernel drops locks with their process.

Where folders can be locked, a reader has a shared lock on its checkpoint's folder. On Windows they cannot:
there a reader has a locked file of its own in `readers/`, and a gate keeps one from coming while another
process looks whether all have gone.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import shutil
import time
from typing import TYPE_CHECKING, Any, Protocol

fcntl: Any
try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

READERS = "readers"
_GATE, _GATE_S = "gate", 0.005
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
_NUMBERS = itertools.count(1)


class Hold(Protocol):
    """Kept until it is closed."""

    def close(self) -> None:
        """Let it go."""


def locks_folders() -> bool:
    """Whether a folder can be locked."""
    return fcntl is not None


def hold(folder: Path) -> Hold:
    """Hold a folder that may be removed by another process in this moment: look whether it is there after it.

    Raises:
        FileNotFoundError: it is gone. BlockingIOError: it is being removed.

    """
    return _hold_folder(folder) if locks_folders() else _hold_by_file(folder)


def remove_if_free(folder: Path, trash: Path) -> None:
    """Remove a folder that nobody holds, by way of another name."""
    with _alone_with(folder) if locks_folders() else _behind_gate(folder) as free:
        if free:
            folder.rename(trash)
            shutil.rmtree(trash, ignore_errors=True)


def lock_alone(descriptor: int) -> bool:
    """Lock an open file, or False where another process or thread has it."""
    if fcntl is None:
        from filelock import lock_descriptor  # takes longer to import than all of the store

        return lock_descriptor(descriptor, blocking=False)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def unlock(descriptor: int) -> None:
    """In so many words: a child that another thread is just starting has the descriptor until it executes."""
    _unlock(descriptor)
    os.close(descriptor)


def _unlock(descriptor: int) -> None:
    if fcntl is None:
        from filelock import unlock_descriptor

        unlock_descriptor(descriptor)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


class _Locked:
    """A locked descriptor, and the file that goes with it."""

    def __init__(self, descriptor: int, file: Path | None = None) -> None:
        self._descriptor, self._file = descriptor, file

    def close(self) -> None:
        """See `Hold`."""
        if self._descriptor < 0:
            return
        unlock(self._descriptor)
        self._descriptor = -1
        if self._file is not None:
            self._file.unlink(missing_ok=True)


class _Nothing:
    """Held by nobody who could say so."""

    def close(self) -> None:
        """See `Hold`."""


def _hold_folder(folder: Path) -> Hold:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return _Locked(descriptor)


@contextlib.contextmanager
def _alone_with(folder: Path) -> Iterator[bool]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield lock_alone(descriptor)
    finally:
        os.close(descriptor)


def _hold_by_file(folder: Path) -> Hold:
    try:
        with _gate(_registry(folder)) as registry:
            file = registry / f"{folder.name}.{os.getpid()}.{next(_NUMBERS)}"
            descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
            lock_alone(descriptor)
    except OSError as problem:
        if problem.errno not in _READ_ONLY:
            raise
        return _Nothing()  # a store that we may only read
    return _Locked(descriptor, file)


@contextlib.contextmanager
def _behind_gate(folder: Path) -> Iterator[bool]:
    with _gate(_registry(folder)) as registry:
        yield not any(map(_is_held, list(registry.glob(f"{folder.name}.*"))))


def _is_held(file: Path) -> bool:
    """Whether its process lives; else the file goes."""
    try:
        descriptor = os.open(file, os.O_RDWR)
    except FileNotFoundError:  # let go in this moment
        return False
    try:
        if not lock_alone(descriptor):
            return True
        _unlock(descriptor)
    finally:
        os.close(descriptor)
    file.unlink(missing_ok=True)
    return False


def _registry(folder: Path) -> Path:
    return folder.parent.parent / READERS


@contextlib.contextmanager
def _gate(registry: Path) -> Iterator[Path]:
    """One process at a time; each is through in milliseconds."""
    registry.mkdir(exist_ok=True)
    descriptor = os.open(registry / _GATE, os.O_RDWR | os.O_CREAT, 0o644)
    while not lock_alone(descriptor):
        time.sleep(_GATE_S)
    try:
        yield registry
    finally:
        unlock(descriptor)
