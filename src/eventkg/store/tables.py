"""The engine's files of one state: shared by hard link or copied, and written out to disk."""

from __future__ import annotations

import errno
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# What a file system says that has no hard links, or not between these two folders, or not so many.
_NO_LINKS = {errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EACCES}


def link_tables(source: Path, target: Path) -> None:
    """Hard links for RocksDB's tables, which never change; copies of its few small files, which do.

    What is in folders is not the engine's: the transcript.

    Tables are copied where the file system has no hard links, so a draft takes as long as the store is large.
    """
    for path in source.iterdir():
        if path.suffix == ".sst":
            _link(path, target / path.name)
        elif (
            path.is_file() and path.name != "LOCK" and not path.name.startswith("LOG")
        ):  # logs of the engine would pile up
            shutil.copy2(path, target / path.name)


def _link(path: Path, target: Path) -> None:
    try:
        target.hardlink_to(path)
    except OSError as problem:
        if problem.errno not in _NO_LINKS:
            raise
        shutil.copy2(path, target)


def sync_tree(folder: Path) -> None:
    """The folder's files to disk; tables shared by hard link were written out when first published."""
    for path in folder.iterdir():
        if path.is_file() and path.stat().st_nlink == 1:
            sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """One file or folder to disk; Windows cannot do it for a folder."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
