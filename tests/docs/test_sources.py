"""Every source stands in the page of sources, with what its licence demands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from eventkg.sources.catalog import known_sources
from eventkg.sources.manifest import schema

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
TAUGHT = (ROOT / "docs" / "add-a-source.md").read_text(encoding="utf-8")
DECIDED = (ROOT / "docs" / "adr" / "0007-a-source-is-declared.md").read_text(encoding="utf-8")
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


def words(part: Any) -> set[str]:
    """Every key that the grammar of `source.yml` has."""
    if isinstance(part, list):
        return {word for each in part for word in words(each)}
    if not isinstance(part, dict):
        return set()
    return set(part.get("properties", ())) | {word for each in part.values() for word in words(each)}


@pytest.mark.parametrize("word", sorted(words(schema())))
def test_every_word_of_the_grammar_is_taught(word: str) -> None:
    table = TAUGHT.partition("## The words of `source.yml`")[2]
    quoted = " ".join(re.findall(r"`([^`]*)`", table))
    assert re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", quoted)


@pytest.mark.parametrize("word", ["tables", "conveys", "nested", "when", "each", "none", "flags", "expect"])
def test_the_decision_names_what_the_language_has(word: str) -> None:
    assert f"`{word}`" in DECIDED
