"""Backups of a store, and stores of older versions brought up to date."""

from __future__ import annotations

import hashlib
import shutil
from typing import TYPE_CHECKING

from eventkg.errors import DataError, UsageError
from eventkg.kg.changing import changing
from eventkg.store.directory import hold_any, open_checkpoint
from eventkg.store.tables import sync_tree
from eventkg.store.versions import VERSIONS, check_not_newer, check_versions, read_versions, write_versions
from eventkg.store.writer import Writer

if TYPE_CHECKING:
    from pathlib import Path

_CONTENT, _SUMS = "checkpoint", "SHA256SUMS"  # the latter as sha256sum writes and checks it


def backup(directory: Path, target: Path) -> None:
    """Copy the current state to a new folder, all or nothing, while others read and write the store.

    Raises:
        UsageError: the target exists. DataError: no store, or no room.

    """
    if target.exists():
        raise UsageError(f"{target}: exists already; a new folder expected")
    partial = target.with_name(f".{target.name}.partial")
    try:
        shutil.rmtree(partial, ignore_errors=True)
        with hold_any(directory) as checkpoint:
            partial.mkdir(parents=True)
            shutil.copytree(checkpoint.path, partial / _CONTENT)
            (partial / _SUMS).write_text(_sums(partial), encoding="utf-8")
            sync_tree(partial / _CONTENT)
            sync_tree(partial)
            write_versions(partial, read_versions(directory))
        partial.rename(target)
    except OSError as problem:
        shutil.rmtree(partial, ignore_errors=True)
        raise DataError(f"{target}: {problem.strerror or problem}") from problem


def restore(source: Path, directory: Path) -> None:
    """Make a backup the current state of a store, which is made if it does not exist.

    Raises:
        DataError: no backup there, a damaged one, or one of another version.

    """
    content = source / _CONTENT
    if not content.is_dir():
        raise DataError(f"{source}: no backup found; eventkg backup -l DIR {source} makes one")
    check_versions(source)
    _check_sums(source)
    with Writer(directory, mending=True) as writer:
        try:
            draft = writer.empty_draft()
            shutil.copytree(content, draft, dirs_exist_ok=True)
            open_checkpoint(draft)
            writer.publish(draft)
        except OSError as problem:
            raise DataError(f"{directory}: {problem.strerror or problem}") from problem
        finally:
            writer.discard_drafts()


def _sums(folder: Path) -> str:
    """The bytes of every file of a backup's checkpoint, as they were when it was made."""
    lines = []
    for path in sorted((folder / _CONTENT).iterdir()):
        with path.open("rb") as stream:
            lines.append(f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  {_CONTENT}/{path.name}\n")
    return "".join(lines)


def _check_sums(source: Path) -> None:
    try:
        expected, found = (source / _SUMS).read_text(encoding="utf-8"), _sums(source)
    except (OSError, ValueError) as problem:
        raise DataError(f"{source}: damaged ({problem}); another backup expected") from problem
    if different := sorted(set(expected.splitlines()) ^ set(found.splitlines())):
        raise DataError(
            f"{source}: damaged ({different[0][66:]} is not as {_SUMS} says); another backup expected"
        )


def upgrade(directory: Path, kept: Path) -> bool:
    """Bring a store up to this version: backup to `kept`, the new ontology, everything derived again.

    Returns:
        False if there was nothing to do.

    Raises:
        DataError: no store, a newer one, or one whose format this version cannot read.

    """
    check_not_newer(directory)
    found = read_versions(directory)
    if found == VERSIONS:
        return False
    if found.get("format") != VERSIONS["format"]:
        check_versions(directory)
    backup(directory, kept)
    with changing(directory, checked=False) as change:
        change.replace_ontology()
    return True
