"""Two servers that can be written to: a plain SPARQL store, and one of ours."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.serve.stores import Endpoint, writable

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def in_memory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose files need not be written out to a disk, where there is such a file system."""
    shared = Path("/dev/shm")  # noqa: S108  (a folder of its own below it)
    if not os.access(shared, os.W_OK):
        yield tmp_path_factory.mktemp("stores")
        return
    with tempfile.TemporaryDirectory(prefix="eventkg-test-", dir=shared) as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """--default-graph exclusive over a new store."""
    with (
        in_memory(tmp_path_factory) as folder,
        writable(folder, "--default-graph", "exclusive") as endpoint,
    ):
        yield endpoint


@pytest.fixture(scope="session")
def union(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Endpoint]:
    """A store of ours with ontology and codes, and no data."""
    from eventkg.kg.changing import changing

    with in_memory(tmp_path_factory) as folder:
        with changing(folder / "store"):
            pass
        with writable(folder) as endpoint:
            yield endpoint
