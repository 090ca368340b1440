"""The one process that changes a store: drafts, publication, and what others left behind."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import shutil
from pathlib import Path
from typing import Self

from eventkg.errors import DataError, StoreBusyError, UsageError
from eventkg.store.beside import remove_without
from eventkg.store.directory import CHECKPOINTS, CURRENT, current_name, has_current, hold_any
from eventkg.store.holds import READERS, lock_alone, remove_if_free, unlock
from eventkg.store.tables import link_tables, sync, sync_tree
from eventkg.store.versions import (
    META,
    PARTIAL,
    VERSIONS,
    is_store,
    prepare_versions,
    read_versions,
)

_DRAFTS, _LOCK = "drafts", "writer.lock"
_NUMBERS = itertools.count(1)
_NO_LINKS = {errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}


class Writer:
    """The one process that may publish; a context manager that holds the lock."""

    def __init__(self, directory: Path, *, mending: bool = False) -> None:
        """Take the lock; the directory is made if it does not exist, and only `mending` takes a broken one.

        Raises:
            StoreBusyError: another process has it. UsageError: a directory of something else. DataError: a
                store whose link to the current checkpoint is gone.

        """
        self.directory = directory
        self._prepare()
        self._lock = self._take_lock()
        try:
            if not mending and is_store(directory):
                current_name(directory)
            self._clean()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the lock back."""
        if self._lock >= 0:
            unlock(self._lock)
            self._lock = -1

    def draft(self) -> Path:
        """A private copy of the current checkpoint: tables by hard link, so any size takes milliseconds."""
        path = self.empty_draft()
        if has_current(self.directory):
            with hold_any(self.directory) as checkpoint:
                link_tables(checkpoint.path, path)
        return path

    def base(self) -> Path | None:
        """The checkpoint that `draft` copies."""
        if not has_current(self.directory):
            return None
        return self.directory / CHECKPOINTS / current_name(self.directory)

    def empty_draft(self) -> Path:
        """A private folder on the same file system; its name was never used before by this process."""
        path = self.directory / _DRAFTS / f"{os.getpid()}-{next(_NUMBERS)}"
        path.mkdir()
        return path

    def discard_drafts(self) -> None:
        """Remove what has not been published, whoever left it."""
        for path in (self.directory / _DRAFTS).iterdir():
            shutil.rmtree(path, ignore_errors=True)

    def publish(self, draft: Path) -> str:
        """Make a closed draft the current checkpoint; returns its name. All is on disk when it returns."""
        name = f"{self._last() + 1:08d}"
        path = self.directory / CHECKPOINTS / name
        meta = None if self._is_of_this_version() else prepare_versions(self.directory, VERSIONS)
        sync_tree(draft)
        draft.rename(path)
        sync(path.parent)
        _write_link(self.directory / f".{CURRENT}", f"{CHECKPOINTS}/{name}").replace(
            self.directory / CURRENT
        )  # from here on it is done; nothing below needs room
        if meta:
            meta.replace(self.directory / META)
        sync(self.directory)
        with contextlib.suppress(OSError):  # the next writer tries again
            self._collect()
        return name

    def _prepare(self) -> None:
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            if not is_store(self.directory) and any(self._strangers()):
                raise UsageError(
                    f"{self.directory}: files that are no eventkg store found, a new or empty directory "
                    "expected"
                )
            for name in (CHECKPOINTS, _DRAFTS):
                (self.directory / name).mkdir(exist_ok=True)
        except OSError as problem:
            raise DataError(f"{self.directory}: {problem.strerror}") from problem

    def _strangers(self) -> list[Path]:
        """Files that no writer of ours makes; one that died before it first published leaves the others."""
        ours = {CHECKPOINTS, _DRAFTS, _LOCK, READERS, f".{CURRENT}", CURRENT, PARTIAL}
        return [path for path in self.directory.iterdir() if path.name not in ours]

    def _take_lock(self) -> int:
        try:
            descriptor = os.open(self.directory / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as problem:
            raise DataError(f"{self.directory}: {problem.strerror}") from problem
        if not lock_alone(descriptor):
            owner = _owner(descriptor)
            os.close(descriptor)
            raise StoreBusyError(
                f"{self.directory}: process {owner} is writing; one writer at a time expected"
            )
        os.ftruncate(descriptor, 0)
        with contextlib.suppress(OSError):  # a full disk; the number is for people only
            os.write(descriptor, f"{os.getpid()}\n".encode())
        return descriptor

    def _is_of_this_version(self) -> bool:
        with contextlib.suppress(DataError):
            return read_versions(self.directory) == VERSIONS
        return False

    def _last(self) -> int:
        names = [path.name for path in (self.directory / CHECKPOINTS).iterdir()]
        return max((int(name) for name in names if name.isdecimal()), default=0)

    def _clean(self) -> None:
        """Remove what a writer that died left behind."""
        self.discard_drafts()
        self._collect()

    def _collect(self) -> None:
        """Remove checkpoints that are neither current nor held; none where the link leads nowhere."""
        keep = current_name(self.directory) if has_current(self.directory) else ""
        if is_store(self.directory) and not (keep and (self.directory / CHECKPOINTS / keep).is_dir()):
            return
        for path in (self.directory / CHECKPOINTS).iterdir():
            if path.name != keep:
                remove_if_free(path, self.directory / _DRAFTS / f"removed-{path.name}")
        remove_without(self.directory, [path.name for path in (self.directory / CHECKPOINTS).iterdir()])


def _owner(descriptor: int) -> str:
    """The number that the writer left in its lock; Windows does not let others read what is locked."""
    with contextlib.suppress(OSError):
        return os.read(descriptor, 20).decode("ascii", "replace").strip() or "?"
    return "?"


def _write_link(link: Path, target: str) -> Path:
    """A symbolic link, or where there are none a file that holds what it would."""
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(Path(target))
    except (OSError, NotImplementedError) as problem:
        if isinstance(problem, OSError) and problem.errno not in _NO_LINKS:
            raise
        link.write_text(target + "\n", encoding="utf-8")
        sync(link)
    return link
