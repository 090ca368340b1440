"""One table, whatever its format: columns, rows, and the hash of the file that they came from."""

from __future__ import annotations

import importlib
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from eventkg.errors import DataError
from eventkg.sources.opening import Opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from eventkg.sources.layout import BadRow, Layout, Names, Row


class _Reader(Protocol):
    def at(self) -> str: ...
    def undecodable(self, problem: UnicodeDecodeError) -> str: ...
    def columns(self) -> Names: ...
    def rows(self, columns: Names) -> Iterator[Row | BadRow]: ...


# Imported when needed: the libraries of some formats take longer to import than a small file to read.
_READERS = {
    "csv": "delimited:Delimited",
    "tsv": "delimited:Delimited",
    "json": "records:Records",
    "jsonl": "records:Records",
    "geojson": "records:Records",
    "xlsx": "sheets:Sheet",
    "parquet": "columnar:Columnar",
}
_READ_ANYWHERE = ("xlsx", "parquet")


def _reader(layout: Layout) -> Callable[[Opened, Layout], _Reader]:
    module, _, name = _READERS[layout.format].partition(":")
    found: Callable[[Opened, Layout], _Reader] = getattr(
        importlib.import_module(f"eventkg.sources.{module}"), name
    )
    return found


class Table:
    """A table open for one pass over its rows.

    `columns` are known at once. `size` and `position()` are in bytes of the file on disk, for a progress bar.
    """

    def __init__(self, opened: Opened, layout: Layout) -> None:
        self.path, self.size = opened.path, opened.size
        self._opened = opened
        self._sum: str | None = None
        self._reader: _Reader | None = None
        with self._translated():
            reader = self._reader = _reader(layout)(opened, layout)
            self.columns = reader.columns()

    def __iter__(self) -> Iterator[Row | BadRow]:
        """The rows in the file's order, in bounded memory.

        Raises:
            DataError: the file cannot be read on: truncated, not what it was declared to be, changed.

        """
        assert self._reader is not None  # noqa: S101 - set or raised in __init__
        with self._translated():
            yield from self._reader.rows(self.columns)
            self._sum = self._opened.finish()

    def position(self) -> int:
        """Bytes of the file that were read so far."""
        return self._opened.position()

    @property
    def sha256(self) -> str:
        """Of the file as it is on disk, in hexadecimal; known when all rows were read."""
        if self._sum is None:
            raise ValueError("the hash is known when all rows were read")
        return self._sum

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Whatever a format's library says becomes one line with the file and the place."""
        try:
            yield
        except UnicodeDecodeError as problem:
            place = self._reader.undecodable(problem) if self._reader else str(problem)
            raise DataError(f"{self.path}: {place}") from problem
        except DataError as problem:
            raise self._placed(problem) from problem.__cause__
        except (EOFError, zlib.error, zipfile.BadZipFile, OSError) as problem:
            reason = getattr(problem, "strerror", None) or str(problem) or "cut off"
            raise DataError(f"{self.path}: {self._at()}: damaged or cut off: {reason}") from problem

    def _placed(self, problem: DataError) -> DataError:
        if str(problem).startswith(str(self.path)):
            return problem
        return DataError(f"{self.path}: {self._at()}: {problem}")

    def _at(self) -> str:
        return self._reader.at() if self._reader else "at its beginning"


@contextmanager
def open_table(path: Path, layout: Layout) -> Iterator[Table]:
    """The table of a file, plain, gzip or zip.

    Raises:
        DataError: it cannot be read, or is not what the layout declares.

    """
    with Opened(path, layout.member, workbook=layout.format in _READ_ANYWHERE) as opened:
        yield Table(opened, layout)
