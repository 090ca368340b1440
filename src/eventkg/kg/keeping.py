"""Backups of a store, and stores of older versions brought up to date."""

from __future__ import annotations

import hashlib
import itertools
import shutil
from pathlib import Path

from eventkg.errors import DataError, UsageError
from eventkg.kg.changing import changing
from eventkg.store.directory import hold_any, open_checkpoint
from eventkg.store.tables import sync_tree
from eventkg.store.versions import VERSIONS, check_not_newer, check_versions, read_versions, write_versions
from eventkg.store.writer import Writer

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
        while not _copied(directory, partial):
            pass
        partial.rename(target)
    except OSError as problem:
        raise DataError(f"{target}: {_reason(problem)}") from problem
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def _copied(directory: Path, partial: Path) -> bool:
    """Copy a state with its versions, or False where both changed meanwhile, as in an upgrade."""
    shutil.rmtree(partial, ignore_errors=True)
    versions = read_versions(directory)
    with hold_any(directory) as checkpoint:
        partial.mkdir(parents=True)
        shutil.copytree(checkpoint.path, partial / _CONTENT, ignore=_folders)
    (partial / _SUMS).write_text(_sums(partial / _CONTENT), encoding="utf-8")
    sync_tree(partial / _CONTENT)
    sync_tree(partial)
    write_versions(partial, versions)
    return read_versions(directory) == versions


def _folders(within: str, names: list[str]) -> list[str]:
    """A transcript, which is made again where it is wanted."""
    return [name for name in names if (Path(within) / name).is_dir()]


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
            raise DataError(f"{directory}: {_reason(problem)}") from problem
        finally:
            writer.discard_drafts()


def _reason(problem: OSError) -> str:
    """One line; of the files that could not be copied the first."""
    if isinstance(problem, shutil.Error) and isinstance(problem.args[0], list):
        return str(problem.args[0][0][2])
    return problem.strerror or str(problem)


def _sums(content: Path) -> str:
    """The bytes of every file of a checkpoint; its transcript is none of the truth."""
    lines = []
    for path in sorted(filter(Path.is_file, content.iterdir())):
        with path.open("rb") as stream:
            lines.append(f"{hashlib.file_digest(stream, 'sha256').hexdigest()}  {_CONTENT}/{path.name}\n")
    return "".join(lines)


def _check_sums(source: Path) -> None:
    try:
        expected, found = (source / _SUMS).read_text(encoding="utf-8"), _sums(source / _CONTENT)
    except (OSError, ValueError) as problem:
        raise DataError(f"{source}: damaged ({problem}); another backup expected") from problem
    if different := sorted(set(expected.splitlines()) ^ set(found.splitlines())):
        raise DataError(
            f"{source}: damaged ({different[0][66:]} is not as {_SUMS} says); another backup expected"
        )


def upgrade(directory: Path, kept: Path | None = None) -> Path | None:
    """Bring a store up to this version: a backup, the new ontology, everything derived again.

    An upgrade that was killed is done again. Its backup serves if it is of the current state.

    Args:
        directory: the store.
        kept: a new folder; DIR.old unless told, DIR.old-2 and so on where there are such from before.

    Returns:
        Where the old state is, or None if there was nothing to do.

    Raises:
        UsageError: `kept` exists and is something else. DataError: no store, a newer one, or one whose format
            this version cannot read.

    """
    check_not_newer(directory)
    found = read_versions(directory)
    if found == VERSIONS:
        return None
    if found.get("format") != VERSIONS["format"]:
        check_versions(directory)
    with changing(directory, checked=False) as change:
        target = kept or _place_for(directory)
        if not _is_backup_of(directory, target):
            backup(directory, target)
        change.replace_ontology()
    return target


def _place_for(directory: Path) -> Path:
    """The first that is free, or holds this state already."""
    place = directory.with_name(f"{directory.name}.old")
    for number in itertools.count(2):
        if not place.exists() or _is_backup_of(directory, place):
            break
        place = directory.with_name(f"{directory.name}.old-{number}")
    return place


def _is_backup_of(directory: Path, place: Path) -> bool:
    """Whether a whole backup of the current state is there."""
    try:
        said = (place / _SUMS).read_text(encoding="utf-8")
        with hold_any(directory) as checkpoint:
            same = said == _sums(place / _CONTENT) == _sums(checkpoint.path)
    except (OSError, ValueError):
        return False
    return same and read_versions(place) == read_versions(directory)
