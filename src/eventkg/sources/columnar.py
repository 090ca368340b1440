"""Parquet, where pyarrow is installed (`pip install eventkg[tables]`)."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

from eventkg.errors import DataError, UsageError
from eventkg.sources.layout import BadRow, Layout, Names, Row, beginning, unique

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.sources.opening import Opened

_BATCH = 256  # rows; a batch is what is held in memory


class Columnar:
    """A table whose columns lie apart."""

    def __init__(self, opened: Opened, layout: Layout) -> None:
        try:
            import pyarrow as pa
            from pyarrow import parquet
        except ImportError as problem:
            raise UsageError("Parquet needs pyarrow: pip install 'eventkg[tables]'") from problem
        self._where, self._layout, self._count = str(opened.path), layout, 0
        self._failures = (pa.ArrowException, OSError)
        try:
            self._file = parquet.ParquetFile(
                opened.seekable(),
                pre_buffer=False,
                buffer_size=1 << 20,
                thrift_string_size_limit=10 << 20,
                thrift_container_size_limit=1_000_000,
            )
        except self._failures as problem:
            raise DataError(f"{self._where}: is no Parquet: {_one_line(problem)}") from problem

    def at(self) -> str:
        """Where reading has come to."""
        return f"record {self._count + 1}"

    def undecodable(self, problem: UnicodeDecodeError) -> str:
        """What bytes no character was found for."""
        return f"{self.at()}: {problem}"

    def columns(self) -> Names:
        """The top-level columns, as the file names them."""
        names: Names = tuple(self._file.schema_arrow.names)
        if len(names) > self._layout.max_columns:
            raise DataError(f"{len(names):,} columns, at most {self._layout.max_columns:,} expected")
        return unique(names, self._where)

    def rows(self, columns: Names) -> Iterator[Row | BadRow]:
        """Cells as text: dates ISO, lists and structures as JSON, null empty."""
        limit = self._layout.max_cell
        for batch in self._batches():
            listed = [batch.column(at).to_pylist() for at in range(len(columns))]
            for values in zip(*listed, strict=True):
                self._count += 1
                cells = [_text(value) for value in values]
                if max(map(len, cells), default=0) > limit:
                    reason = f"a cell of more than {limit:,} characters"
                    yield BadRow(self._count, reason, beginning(", ".join(cells[:5])))
                else:
                    yield Row(self._count, cells)

    def _batches(self) -> Iterator[Any]:
        try:
            yield from self._file.iter_batches(batch_size=_BATCH, use_threads=False)
        except self._failures as problem:
            raise DataError(f"damaged or cut off: {_one_line(problem)}") from problem


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _one_line(problem: BaseException) -> str:
    return " ".join(str(problem).split())
