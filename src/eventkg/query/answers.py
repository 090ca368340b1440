"""Answers as Python values: rows of a SELECT with their types, ready for data frames."""

from __future__ import annotations

import datetime as dt
import importlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from eventkg.errors import UsageError
from eventkg.model.naming import XSD

_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(
        (XSD + name for name in ("integer", "int", "long", "short", "nonNegativeInteger", "positiveInteger")),
        int,
    ),
    f"{XSD}decimal": Decimal,
    f"{XSD}double": float,
    f"{XSD}float": float,
    f"{XSD}boolean": {"true": True, "1": True, "false": False, "0": False}.__getitem__,
    f"{XSD}date": dt.date.fromisoformat,
    f"{XSD}dateTime": dt.datetime.fromisoformat,
}


@dataclass(frozen=True, slots=True)
class Solutions(Sequence[Mapping[str, Any]]):
    """The rows of a SELECT: mappings from variable to str, int, Decimal, float, bool or date.

    An unbound variable is None. A literal whose text its type cannot hold stays a str.
    """

    variables: tuple[str, ...]
    rows: tuple[Mapping[str, Any], ...]

    @classmethod
    def from_json(cls, payload: bytes) -> Solutions:
        """Out of SPARQL 1.1 Query Results JSON."""
        document = json.loads(payload)
        variables = tuple(document["head"]["vars"])
        rows = tuple(
            {name: _python(row[name]) if name in row else None for name in variables}
            for row in document["results"]["bindings"]
        )
        return cls(variables, rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[index]

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self.rows)

    def to_pandas(self) -> Any:
        """A pandas.DataFrame, one column a variable."""
        return _library("pandas").DataFrame(list(self.rows), columns=list(self.variables))

    def to_polars(self) -> Any:
        """A polars.DataFrame, one column a variable."""
        return _library("polars").DataFrame(self._columns(), strict=False)

    def to_arrow(self) -> Any:
        """A pyarrow.Table, one column a variable."""
        return _library("pyarrow").table(self._columns())

    def _columns(self) -> dict[str, list[Any]]:
        return {name: [row[name] for row in self.rows] for name in self.variables}


def _python(cell: dict[str, str]) -> Any:
    """A cell of the JSON results as a Python value; a cell of an RDF 1.2 triple stays as it came."""
    reader = _READERS.get(cell.get("datatype", ""))
    if reader is None:
        return cell["value"]
    try:
        return reader(cell["value"])
    except (ValueError, KeyError, InvalidOperation):
        return cell["value"]


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as problem:
        raise UsageError(f"{name} is not installed: pip install {name}") from problem
