"""What a person wants to know of a source before importing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eventkg.sources.manifest import Manifest


def described(manifest: Manifest) -> dict[str, str | list[str]]:
    """Title, release, licence, citation, coverage, columns; "" for what is not told."""
    covered = manifest.covered(manifest.version)
    return {
        "name": manifest.name,
        "title": manifest.title,
        "version": manifest.version,
        "releases": list(manifest.releases),
        "publisher": manifest.publisher,
        "homepage": manifest.homepage,
        "license": manifest.license,
        "share alike": "yes" if manifest.share_alike else "no",
        "redistributable": "yes" if manifest.redistributable else "no",
        "citation": " ".join(manifest.cited(manifest.version).split()),
        "covers from": covered.start,
        "covers to": covered.end,
        "covers place": covered.place[1] if covered.place else "",
        "unit": covered.unit,
        "inclusion": covered.inclusion,
        "format": manifest.layout.format,
        "record": manifest.record,
        "columns": list(manifest.columns()),
        "ignored": sorted(manifest.ignore),
        "optional": sorted(manifest.optional),
    }
