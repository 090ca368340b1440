"""An index's file as it is read: never written to again, by many threads at once."""

from __future__ import annotations

import queue
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from eventkg.search.writing import APPLICATION, FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_AT_ONCE = 4  # connections: opened at the start, so that the file can be removed while it is used


class UnusableError(Exception):
    """A file that is no index of this format, or a damaged one: it is to be built again."""


class IndexFile:
    """Tables, words and arrays of one index."""

    def __init__(self, path: Path) -> None:
        """Open it.

        Raises:
            UnusableError: see there.

        """
        self._idle: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        self._all: list[sqlite3.Connection] = []
        try:
            for _ in range(_AT_ONCE):
                self._all.append(_opened(path))
            self.numbers = dict(_numbers(self._all[0]))
        except (sqlite3.Error, ValueError, TypeError) as problem:
            self.close()
            raise UnusableError(f"{path}: {problem}") from problem
        for connection in self._all:
            self._idle.put(connection)

    def close(self) -> None:
        """Nobody asks any more."""
        for connection in self._all:
            connection.close()

    @contextmanager
    def asking(self) -> Iterator[sqlite3.Connection]:
        """A connection that no other thread uses meanwhile."""
        connection = self._idle.get()
        try:
            yield connection
        finally:
            self._idle.put(connection)


def numbers(rows: Iterable[tuple[int]]) -> NDArray[np.int64]:
    """The only column of an answer."""
    return np.fromiter((number for (number,) in rows), dtype=np.int64)


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    try:
        _check(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check(connection: sqlite3.Connection) -> None:
    """SQLite's own two marks of a file say what is in it."""
    marks = ("application_id", "user_version")
    found = tuple(connection.execute(f"PRAGMA {mark}").fetchone()[0] for mark in marks)
    if found != (APPLICATION, FORMAT):
        raise ValueError(f"format {found} found, {(APPLICATION, FORMAT)} expected")


def _numbers(connection: sqlite3.Connection) -> Iterator[tuple[str, NDArray[np.int64]]]:
    for name, kind, data in connection.execute("SELECT name, type, data FROM numbers"):
        yield name, np.frombuffer(data, dtype=np.dtype(kind))
