"""Pools over a small graph, and a host that must not be called."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import pytest

from eventkg.query.engine import in_memory
from eventkg.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.query.kinds import OpenPool

    from eventkg.query.pool import Pool

TRIPLES = 300


def nquads() -> bytes:
    """300 triples in two named graphs, and one that is in none."""
    lines = [f"<urn:s:{n}> <urn:p> <urn:o:{n}> <urn:g:{n % 2}> .\n" for n in range(TRIPLES)]
    return "".join([*lines, "<urn:s:none> <urn:p> <urn:o:none> .\n"]).encode()


@contextmanager
def _opened(timeout_s: float = 20, memory_mb: int = 1024, workers: int = 2) -> Iterator[Pool]:
    with in_memory([nquads()], Limits(timeout_s, memory_mb, workers)) as opened:
        yield opened


@pytest.fixture(scope="session")
def open_pool() -> OpenPool:
    """A pool with limits of the test's own."""
    return _opened


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    """Two workers with 20 s and 1 GiB each."""
    with _opened() as opened:
        yield opened


@pytest.fixture
def canary() -> Iterator[Canary]:
    """A host on the loopback that notes every connection."""
    with Canary() as listening:
        yield listening


class Canary:
    """Accepts, counts, closes."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.calls = 0

    @property
    def iri(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}/sparql"

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.calls += 1
            connection.close()

    def called(self) -> bool:
        """Look after whatever is in the queue has been accepted."""
        self._stop.wait(0.2)
        return self.calls > 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._listener.close()
