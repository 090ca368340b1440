"""Which table of a data set a file is: missions or a glossary, towns or provinces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eventkg.errors import DataError
from eventkg.sources.catalog import find_source
from eventkg.sources.rows import open_table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from eventkg.sources.manifest import Manifest


def fitting(manifest: Manifest, files: Sequence[Path]) -> Manifest:
    """The source itself or one of its `tables`: the first whose columns all the files have.

    Where none fits it is the source itself, whose import then says what is wrong.
    """
    if not manifest.tables:
        return manifest
    candidates = (manifest, *(find_source(name) for name in manifest.tables))
    return next((one for one in candidates if all(_fits(one, path) for path in files)), manifest)


def _fits(manifest: Manifest, path: Path) -> bool:
    """Whether the file can be opened so, and each of its columns is declared; `convert.py` may add others."""
    try:
        with open_table(path, manifest.layout) as table:
            found = set(table.columns)
    except DataError:
        return False
    used = set(manifest.columns())
    missing = used - found - manifest.optional
    return found <= used | manifest.ignore and (not missing or manifest.convert is not None)
