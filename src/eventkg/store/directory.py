"""A store on disk: immutable checkpoints, of which the link `current` names one.

    DIR/eventkg.json           versions of store format, ontology and derivation
    DIR/current                -> checkpoints/00000007
    DIR/checkpoints/00000007/  an Oxigraph (RocksDB) store that nobody ever writes to again
    DIR/drafts/                states that are not published; a writer that starts removes what others left
    DIR/writer.lock            held by the one writer

A reader holds a shared lock on its checkpoint's folder and takes no other; a checkpoint that is neither
current
nor held is removed by the next writer. The kernel drops locks with the process, so a crash leaves none
behind.
"""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pyoxigraph as ox

from eventkg.errors import DataError, StoreBusyError, UsageError
from eventkg.settings import DERIVATION_VERSION, ONTOLOGY_VERSION, STORE_FORMAT

if TYPE_CHECKING:
    from collections.abc import Mapping

_META, _CURRENT, _CHECKPOINTS, _DRAFTS, _LOCK = (
    "eventkg.json",
    "current",
    "checkpoints",
    "drafts",
    "writer.lock",
)
_TRIES = 100
_NUMBERS = itertools.count(1)
VERSIONS = {"format": STORE_FORMAT, "ontology": ONTOLOGY_VERSION, "derivation": DERIVATION_VERSION}


class Checkpoint:
    """An immutable state, held against removal until it is closed."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path, self._descriptor = path, descriptor

    @property
    def name(self) -> str:
        """Its number as text: grows with each publication."""
        return self.path.name

    def close(self) -> None:
        """Let it go."""
        if self._descriptor >= 0:
            _unlock(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def is_store(directory: Path) -> bool:
    """Whether there is a store."""
    return (directory / _META).is_file()


def current_name(directory: Path) -> str:
    """The name of the checkpoint that a reader would get now; one system call."""
    try:
        return (directory / _CURRENT).readlink().name
    except OSError as problem:
        if is_store(directory):
            raise _no_current(directory) from problem
        raise _not_a_store(directory) from problem


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
        path = directory / _CHECKPOINTS / current_name(directory)
        with contextlib.suppress(FileNotFoundError, BlockingIOError):
            descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                os.close(descriptor)
                raise
            if path.exists():
                return Checkpoint(path, descriptor)
            os.close(descriptor)
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


def check_versions(directory: Path) -> None:
    """Refuse what this version cannot read.

    Raises:
        DataError: no store, a newer one, or an older one that `eventkg upgrade` must bring up to date.

    """
    check_not_newer(directory)
    for name, found in read_versions(directory).items():
        if _ordered(found) < _ordered(expected := VERSIONS.get(name, found)):
            raise DataError(
                f"{directory}: {name} {found} found, {expected} expected; run eventkg upgrade -l {directory}"
            )


def check_not_newer(directory: Path) -> None:
    """Refuse what only a newer version can read, and what is no version at all."""
    versions = read_versions(directory)
    for name, expected in VERSIONS.items():
        found = versions.get(name)
        if type(found) is not type(expected):
            raise DataError(f"{directory / _META}: {name} {found!r} found, {expected!r} expected")
        if _ordered(found) > _ordered(expected):
            raise DataError(
                f"{directory}: {name} {found} found, at most {expected} expected; use a newer eventkg"
            )


def read_versions(directory: Path) -> dict[str, object]:
    """What eventkg.json says."""
    try:
        found = json.loads((directory / _META).read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise _not_a_store(directory) from problem
    except (OSError, ValueError, RecursionError) as problem:
        raise DataError(f"{directory / _META}: {problem}; a JSON object of versions expected") from problem
    if not isinstance(found, dict):
        raise DataError(
            f"{directory / _META}: {type(found).__name__} found, a JSON object of versions expected"
        )
    return found


def _ordered(version: object) -> tuple[int, ...]:
    """`0.10.1` after `0.9`."""
    parts = str(version).split(".")
    return tuple(int(part) if part.isdigit() else -1 for part in parts)


def _no_current(directory: Path) -> DataError:
    return DataError(f"{directory / _CURRENT}: no link to a checkpoint found; restore a backup")


def _not_a_store(directory: Path) -> DataError:
    if not directory.exists():
        return DataError(f"{directory}: no such directory; eventkg load -l {directory} FILE makes a store")
    return DataError(f"{directory}: no eventkg store found; eventkg load -l NEW FILE makes one")


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
            _unlock(self._lock)
            self._lock = -1

    def draft(self) -> Path:
        """A private copy of the current checkpoint: tables by hard link, so any size takes milliseconds."""
        path = self.empty_draft()
        if (self.directory / _CURRENT).is_symlink():
            with hold_any(self.directory) as checkpoint:
                link_tables(checkpoint.path, path)
        return path

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
        path = self.directory / _CHECKPOINTS / name
        meta = None if self._is_of_this_version() else _prepare_versions(self.directory, VERSIONS)
        sync_tree(draft)
        draft.rename(path)
        _sync(path.parent)
        link = self.directory / f".{_CURRENT}"
        link.unlink(missing_ok=True)
        link.symlink_to(Path(_CHECKPOINTS) / name)
        link.replace(self.directory / _CURRENT)  # from here on it is done; nothing below needs room
        if meta:
            meta.replace(self.directory / _META)
        _sync(self.directory)
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
            for name in (_CHECKPOINTS, _DRAFTS):
                (self.directory / name).mkdir(exist_ok=True)
        except OSError as problem:
            raise DataError(f"{self.directory}: {problem.strerror}") from problem

    def _strangers(self) -> list[Path]:
        """Files that no writer of ours makes; one that died before it first published leaves the others."""
        ours = {_CHECKPOINTS, _DRAFTS, _LOCK, f".{_CURRENT}", _CURRENT, f".{_META}"}
        return [path for path in self.directory.iterdir() if path.name not in ours]

    def _take_lock(self) -> int:
        try:
            descriptor = os.open(self.directory / _LOCK, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as problem:
            raise DataError(f"{self.directory}: {problem.strerror}") from problem
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.read(descriptor, 20).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise StoreBusyError(
                f"{self.directory}: process {owner or '?'} is writing; one writer at a time expected"
            ) from None
        os.ftruncate(descriptor, 0)
        with contextlib.suppress(OSError):  # a full disk; the number is for people only
            os.write(descriptor, f"{os.getpid()}\n".encode())
        return descriptor

    def _is_of_this_version(self) -> bool:
        with contextlib.suppress(DataError):
            return read_versions(self.directory) == VERSIONS
        return False

    def _last(self) -> int:
        names = [path.name for path in (self.directory / _CHECKPOINTS).iterdir()]
        return max((int(name) for name in names if name.isdecimal()), default=0)

    def _clean(self) -> None:
        """Remove what a writer that died left behind."""
        self.discard_drafts()
        self._collect()

    def _collect(self) -> None:
        """Remove checkpoints that are neither current nor held; none at all where the link has been lost."""
        linked = (self.directory / _CURRENT).is_symlink()
        if not linked and is_store(self.directory):
            return
        keep = current_name(self.directory) if linked else ""
        for path in (self.directory / _CHECKPOINTS).iterdir():
            if path.name != keep:
                _remove_if_free(path, self.directory / _DRAFTS / f"removed-{path.name}")


def write_versions(directory: Path, versions: Mapping[str, object]) -> None:
    """eventkg.json, all or nothing."""
    _prepare_versions(directory, versions).replace(directory / _META)
    _sync(directory)


def _prepare_versions(directory: Path, versions: Mapping[str, object]) -> Path:
    """The file under another name, on disk."""
    partial = directory / f".{_META}"
    partial.write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")
    _sync(partial)
    return partial


def link_tables(source: Path, target: Path) -> None:
    """Hard links for RocksDB's tables, which never change; copies of its few small files, which do."""
    for path in source.iterdir():
        if path.suffix == ".sst":
            (target / path.name).hardlink_to(path)
        elif path.name != "LOCK" and not path.name.startswith("LOG"):  # logs of the engine would pile up
            shutil.copy2(path, target / path.name)


def copy_tables(source: Path, target: Path) -> None:
    """As `link_tables`, where links do not work."""
    for path in source.iterdir():
        if path.name != "LOCK":
            shutil.copy2(path, target / path.name)


def _unlock(descriptor: int) -> None:
    """In so many words: a child that another thread is just starting has the descriptor until it executes."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)


def _remove_if_free(path: Path, trash: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.rename(trash)
        shutil.rmtree(trash, ignore_errors=True)
    except BlockingIOError:
        pass  # somebody reads it; the next writer tries again
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """The folder's files to disk; tables shared by hard link were written out when first published."""
    for path in folder.iterdir():
        if path.is_file() and path.stat().st_nlink == 1:
            _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
