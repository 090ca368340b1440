"""`convert.py`: a source's own function that reshapes rows where the declarations cannot."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from eventkg.errors import SourceError
from eventkg.sources.layout import BadRow, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path


class Cells(dict[str, str]):
    """A row as `convert.py` gets and yields it: cells by column, and the line where the row stands."""

    line: int = 0


class Converted:
    """Rows after `rows(raw)` of a `convert.py`; `columns` are those of the first row that it yields.

    Each row that comes out stands at the line of the row that went in last, unless it is that row itself.
    """

    def __init__(self, path: Path, columns: tuple[str, ...], raw: Iterable[Row | BadRow]) -> None:
        self._path, self._raw, self._names = path, raw, columns
        self._bad: list[BadRow] = []
        self._line = 0
        self._rows = iter(_function(path)(self._given()))
        first = self._next()
        self._first = first
        self.columns = tuple(first) if first is not None else columns

    def __iter__(self) -> Iterator[Row | BadRow]:
        """Rows, and those that could not be read in their places."""
        cells = self._first
        while cells is not None:
            yield from self._taken()
            if tuple(cells) != self.columns and set(cells) != set(self.columns):
                raise SourceError(
                    f"{self._path}: line {self._line}: columns {sorted(set(cells) ^ set(self.columns))} "
                    "are not in every row"
                )
            line = cells.line if isinstance(cells, Cells) and cells.line else self._line
            yield Row(line, [cells[name] for name in self.columns])
            cells = self._next()
        yield from self._taken()

    def _taken(self) -> list[BadRow]:
        bad, self._bad = self._bad, []
        return bad

    def _next(self) -> dict[str, str] | None:
        try:
            return next(self._rows, None)
        except SourceError:
            raise
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RuntimeError) as problem:
            raise SourceError(
                f"{self._path}: line {self._line}: {type(problem).__name__}: {problem}"
            ) from problem

    def _given(self) -> Iterator[Cells]:
        for row in self._raw:
            if isinstance(row, BadRow):
                self._bad.append(row)
                continue
            cells = Cells(zip(self._names, row.cells, strict=True))
            cells.line = self._line = row.line
            yield cells


def _function(path: Path) -> Callable[[Iterator[Cells]], Iterable[dict[str, str]]]:
    spec = importlib.util.spec_from_file_location("eventkg_convert", path)
    if spec is None or spec.loader is None:
        raise SourceError(f"{path}: no Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as problem:
        raise SourceError(f"{path}: {type(problem).__name__}: {problem}") from problem
    function = getattr(module, "rows", None)
    if not callable(function):
        raise SourceError(f"{path}: no function rows(raw) found")
    found: Callable[[Iterator[Cells]], Iterable[dict[str, str]]] = function
    return found
