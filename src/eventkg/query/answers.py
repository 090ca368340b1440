"""Answers as Python values: rows of a SELECT with their types, ready for data frames."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from eventkg.errors import UsageError
from eventkg.model.naming import XSD

_INTEGERS = (
    "integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
    "negativeInteger", "unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte",
)  # fmt: skip
_DAY = r"\d{4}-\d\d-\d\d"
_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)"
_FLOAT = (rf"{_NUMBER}([eE][+-]?\d+)?|[+-]?INF|NaN", float)
# The pattern is XML Schema's: Python's own readers take "1_000", "20170122" and more.
_READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    **{XSD + name: (r"[+-]?\d+", int) for name in _INTEGERS},
    f"{XSD}decimal": (_NUMBER, Decimal),
    f"{XSD}double": _FLOAT,
    f"{XSD}float": _FLOAT,
    f"{XSD}boolean": ("true|false|1|0", lambda text: text in {"true", "1"}),
    f"{XSD}date": (_DAY, dt.date.fromisoformat),
    f"{XSD}dateTime": (
        rf"{_DAY}T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?",
        dt.datetime.fromisoformat,
    ),
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
    text = cell["value"]
    pattern, reader = _READERS.get(cell.get("datatype", ""), ("", str))
    if not pattern or not re.fullmatch(pattern, text, re.ASCII):
        return text
    try:
        return reader(text)
    except ValueError:  # 30 February, or a number longer than Python reads
        return text


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as problem:
        raise UsageError(f"{name} is not installed: pip install {name}") from problem
