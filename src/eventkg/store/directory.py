"""A store on disk: immutable checkpoints, of which the link `current` names one.

    DIR/eventkg.json           versions of store format, ontology and derivation
    DIR/current                -> checkpoints/00000007 (a file that says so where there are no symbolic links)
    DIR/checkpoints/00000007/  an Oxigraph (RocksDB) store that nobody ever writes to again;
                               beside its files perhaps its transcript, a folder (`store.transcript`)
    DIR/drafts/                states that are not published; a writer that starts removes what others left
    DIR/writer.lock            held by the one writer

A reader holds its checkpoint and takes no other lock; a checkpoint that is neither current nor held is
removed by the next writer.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox

from eventkg.errors import DataError
from eventkg.store.holds import hold
from eventkg.store.versions import check_versions, is_store, not_a_store

if TYPE_CHECKING:
    from eventkg.store.holds import Hold

CURRENT, CHECKPOINTS = "current", "checkpoints"
_TRIES = 100


class Checkpoint:
    """An immutable state, held against removal until it is closed."""

    def __init__(self, path: Path, hold: Hold) -> None:
        self.path, self._hold = path, hold

    @property
    def name(self) -> str:
        """Its number as text: grows with each publication."""
        return self.path.name

    def close(self) -> None:
        """Let it go."""
        self._hold.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def current_name(directory: Path) -> str:
    """The name of the checkpoint that a reader would get now; one system call."""
    try:  # paths as text: this is asked before every query
        return os.readlink(f"{directory}/{CURRENT}").rpartition("/")[2]  # noqa: PTH115
    except OSError as problem:
        link = directory / CURRENT
        if link.is_file():
            return Path(link.read_text(encoding="utf-8").strip()).name
        if is_store(directory):
            raise _no_current(directory) from problem
        raise not_a_store(directory) from problem


def has_current(directory: Path) -> bool:
    """Whether something names a checkpoint, be it there or not."""
    link = directory / CURRENT
    return link.is_symlink() or link.is_file()


def hold_current(directory: Path) -> Checkpoint:
    """The current checkpoint.

    Raises:
        DataError: there is no store, or one of another version.

    """
    check_versions(directory)
    return hold_any(directory)


def hold_any(directory: Path) -> Checkpoint:
    """The current checkpoint of a store of any version."""
    for _ in range(_TRIES):  # a writer may publish and remove between two of our steps
        path = directory / CHECKPOINTS / current_name(directory)
        with contextlib.suppress(FileNotFoundError, BlockingIOError):
            held = hold(path)
            if path.exists():
                return Checkpoint(path, held)
            held.close()
    raise DataError(f"{path}: the current checkpoint is missing; restore a backup")


def open_checkpoint(path: Path) -> ox.Store:
    """A checkpoint's store, to read.

    Raises:
        DataError: it is damaged.

    """
    try:
        return ox.Store.read_only(str(path))
    except (OSError, RuntimeError) as problem:  # the latter for a file that is not as it was written
        raise damaged(path, problem) from problem


def open_draft(path: Path, *, new: bool) -> ox.Store:
    """A draft's store, to write.

    Raises:
        DataError: what it was copied from is damaged.

    """
    try:
        if not new and not (path / "CURRENT").is_file():  # the engine would begin an empty store
            raise FileNotFoundError("CURRENT is missing")
        return ox.Store(str(path))
    except (OSError, RuntimeError) as problem:
        raise damaged(path.parent.parent, problem) from problem


def damaged(path: Path, problem: Exception) -> DataError:
    """What a person can do about it."""
    return DataError(f"{path}: damaged ({problem}); restore a backup")


def _no_current(directory: Path) -> DataError:
    return DataError(f"{directory / CURRENT}: no link to a checkpoint found; restore a backup")
