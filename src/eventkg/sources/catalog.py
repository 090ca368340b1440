"""The sources that are known: folders of `data/sources`, or any folder that holds a `source.yml`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from eventkg.errors import UsageError
from eventkg.settings import resources
from eventkg.sources.manifest import MANIFEST, read_manifest

if TYPE_CHECKING:
    from eventkg.sources.manifest import Manifest


def links_folder() -> Path:
    """Where files of links are that several sources share."""
    return resources() / "data" / "links"


def bundled_sources() -> list[Path]:
    """The folders of the sources that come with the package, by name."""
    return sorted(path.parent for path in (resources() / "data" / "sources").glob(f"*/{MANIFEST}"))


def find_source(name: str) -> Manifest:
    """A source by its name, its folder, or its `source.yml`.

    Raises:
        UsageError: no such source. SourceError: it is declared wrongly.

    """
    known = {path.name: path for path in bundled_sources()}
    if name in known:
        return read_manifest(known[name], links_folder())
    path = Path(name)
    if path.is_file() or (path / MANIFEST).is_file():
        return read_manifest(path, links_folder())
    raise UsageError(
        f"source '{name}' found, one of {', '.join(known)}, or a folder with a {MANIFEST}, expected"
    )


def known_sources() -> list[Manifest]:
    """The sources that come with the package, by name."""
    return [read_manifest(path, links_folder()) for path in bundled_sources()]
