"""The folder or the zip of a bundle: complete or not there, and nobody's files are lost."""

from __future__ import annotations

import contextlib
import os
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from eventkg.cli import options
from eventkg.errors import DataError, UsageError
from eventkg.export.crate import SUMS
from eventkg.export.packing import EPOCH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO


@contextlib.contextmanager
def bundle_at(target: str, *, force: bool) -> Iterator[Path]:
    """An empty folder to fill, which becomes the folder `target`, or the zip where the name ends in .zip.

    Raises:
        UsageError: there is something already, and `force` is not given; or it is no bundle.
        DataError: it cannot be written.

    """
    if target in {"-", ""}:
        raise UsageError("export bundle: -o FOLDER or -o FILE.zip expected")
    path = Path(os.path.realpath(target))
    try:
        if path.suffix.lower() == ".zip":
            with options.writing(target, force=force) as out, _draft(path) as folder:
                yield folder
                _pack(folder, out)
            return
        _check_free(path, target, force=force)
        with _draft(path) as folder:
            yield folder
            _replace(path, folder)
    except OSError as problem:
        raise DataError(f"{target}: {problem.strerror}") from problem


@contextlib.contextmanager
def _draft(path: Path) -> Iterator[Path]:
    """A folder beside it, which is gone at the end, whatever happens."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.draft")
    draft.mkdir()
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _check_free(path: Path, target: str, *, force: bool) -> None:
    """Nothing there, an empty folder, or a bundle that may be replaced."""
    if not os.path.lexists(path) or (path.is_dir() and not any(path.iterdir())):
        return
    if not force:
        raise UsageError(f"{target}: exists already; --force replaces it")
    strange = sorted(_files(path) - _listed(path)) if path.is_dir() else [path.name]
    if strange:
        raise UsageError(f"{target}: {strange[0]} found, which no bundle has there; nothing is replaced")


def _files(path: Path) -> set[str]:
    return {str(file.relative_to(path)) for file in path.rglob("*") if not file.is_dir() or file.is_symlink()}


def _listed(path: Path) -> set[str]:
    """What a bundle's list of checksums names, and the list."""
    try:
        lines = (path / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return set()
    return {SUMS, *(line.partition("  ")[2] for line in lines)}


def _replace(path: Path, folder: Path) -> None:
    """The old one goes when the new one is in its place."""
    old = path.with_name(f".{path.name}.{os.getpid()}.old")
    if path.is_dir():
        path.replace(old)
    try:
        folder.rename(path)
    except OSError:
        if old.is_dir():
            old.replace(path)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _pack(folder: Path, out: IO[bytes]) -> None:
    """Without a clock in it."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in sorted(_files(folder)):
            told = zipfile.ZipInfo(name, EPOCH)
            told.compress_type = zipfile.ZIP_DEFLATED
            with (folder / name).open("rb") as read, made.open(told, "w") as packed:
                shutil.copyfileobj(read, packed)
