"""What several folders share: the bundled graph, opened once a test process, and a server over it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from tests.room import in_memory

import eventkg

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg import KnowledgeGraph

# Timing says nothing on a shared machine; the number of examples keeps the whole set within minutes.
hypothesis.settings.register_profile("eventkg", max_examples=50, deadline=None)
hypothesis.settings.load_profile("eventkg")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--regold` writes expected.nq of each source anew, for a person to review."""
    parser.addoption("--regold", action="store_true", help="write data/sources/*/expected.nq anew")


def pytest_configure(config: pytest.Config) -> None:
    """Tests write to memory, where there is room; the processes of a run share the folder."""
    if folder := in_memory():
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def kg() -> Iterator[KnowledgeGraph]:
    """The bundled graph with its facts."""
    with eventkg.open() as graph:
        yield graph


@contextmanager
def serving(*options: str) -> Iterator[str]:
    """`eventkg serve` on a free port; its address without the last slash."""
    command = [sys.executable, "-m", "eventkg", "serve", "--port", "0", *options]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        found = re.search(r"http://\S+?/?(?=\s)", process.stderr.readline())
        assert found, process.stderr.read()
        try:
            yield found[0].rstrip("/")
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=20)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a server whose queries may take 5 s."""
    with serving("--timeout-s", "5", "--memory-mb", "512") as address:
        yield address
