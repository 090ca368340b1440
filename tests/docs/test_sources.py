"""Every source stands in the page of sources, with what its licence demands."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventkg.sources.catalog import known_sources

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
SOURCES = {manifest.name: manifest for manifest in known_sources()}


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_is_documented_with_its_licence(name: str) -> None:
    (row,) = [line for line in PAGE.splitlines() if line.startswith("|") and f"`{name}`" in line]
    manifest = SOURCES[name]
    assert ("share-alike" in row) is manifest.share_alike
    assert ("not to be passed on" in row) is not manifest.redistributable


@pytest.mark.parametrize("name", SOURCES)
def test_a_source_says_what_a_row_is_and_what_makes_one(name: str) -> None:
    coverage = SOURCES[name].coverage
    assert coverage.unit
    assert coverage.inclusion
