"""A store that is made once a module and copied for each test that writes to it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.kg.stores import load, many

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that is copied before it is written to."""
    folder = tmp_path_factory.mktemp("base")
    load(folder / "store", many(folder / "first.nt", 50, "urn:first"), graph="urn:first")
    return folder / "store"


@pytest.fixture
def store(base: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(base, tmp_path / "store", symlinks=True)
