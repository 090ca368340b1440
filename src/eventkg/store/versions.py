"""eventkg.json: the versions of a store's format, ontology and derivation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from eventkg.errors import DataError
from eventkg.settings import DERIVATION_VERSION, ONTOLOGY_VERSION, STORE_FORMAT
from eventkg.store.tables import sync

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

META = "eventkg.json"
PARTIAL = f".{META}"
VERSIONS = {"format": STORE_FORMAT, "ontology": ONTOLOGY_VERSION, "derivation": DERIVATION_VERSION}


def is_store(directory: Path) -> bool:
    """Whether there is a store."""
    return (directory / META).is_file()


def not_a_store(directory: Path) -> DataError:
    """What a person can do about it."""
    if not directory.exists():
        return DataError(f"{directory}: no such directory; eventkg load -l {directory} FILE makes a store")
    if not directory.is_dir():
        return DataError(f"{directory}: a file found, the folder of a store expected")
    return DataError(f"{directory}: no eventkg store found; eventkg load -l NEW FILE makes one")


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
            raise DataError(f"{directory / META}: {name} {found!r} found, {expected!r} expected")
        if _ordered(found) > _ordered(expected):
            raise DataError(
                f"{directory}: {name} {found} found, at most {expected} expected; use a newer eventkg"
            )


def read_versions(directory: Path) -> dict[str, object]:
    """What eventkg.json says."""
    try:
        found = json.loads((directory / META).read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as problem:
        raise not_a_store(directory) from problem
    except (OSError, ValueError, RecursionError) as problem:
        raise DataError(f"{directory / META}: {problem}; a JSON object of versions expected") from problem
    if not isinstance(found, dict):
        raise DataError(
            f"{directory / META}: {type(found).__name__} found, a JSON object of versions expected"
        )
    return found


def _ordered(version: object) -> tuple[int, ...]:
    """`0.10.1` after `0.9`."""
    parts = str(version).split(".")
    return tuple(int(part) if part.isdigit() else -1 for part in parts)


def write_versions(directory: Path, versions: Mapping[str, object]) -> None:
    """eventkg.json, all or nothing."""
    prepare_versions(directory, versions).replace(directory / META)
    sync(directory)


def prepare_versions(directory: Path, versions: Mapping[str, object]) -> Path:
    """The file under another name, on disk."""
    partial = directory / PARTIAL
    partial.write_text(json.dumps(versions, indent=2) + "\n", encoding="utf-8")
    sync(partial)
    return partial
