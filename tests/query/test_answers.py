"""Answers as Python values."""

from __future__ import annotations

import datetime as dt
import importlib
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from eventkg.errors import UsageError
from eventkg.model.naming import XSD
from eventkg.query.answers import Solutions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventkg import KnowledgeGraph


def solutions(*cells: Mapping[str, Any] | None) -> Solutions:
    rows = [{} if cell is None else {"x": cell} for cell in cells]
    return Solutions.from_json(json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": rows}}).encode())


def literal(text: str, datatype: str = "") -> dict[str, str]:
    return {"type": "literal", "value": text, **({"datatype": XSD + datatype} if datatype else {})}


@pytest.mark.parametrize(
    ("text", "datatype", "value"),
    [
        ("7", "integer", 7),
        ("-007", "integer", -7),
        ("255", "unsignedByte", 255),
        ("9" * 4000, "integer", int("9" * 4000)),
        ("7.50", "decimal", Decimal("7.50")),
        (".5", "decimal", Decimal("0.5")),
        ("1e3", "double", 1000.0),
        ("-INF", "double", float("-inf")),
        ("true", "boolean", True),
        ("0", "boolean", False),
        ("2017-01-22", "date", dt.date(2017, 1, 22)),
        ("2017-01-22T10:00:00", "dateTime", dt.datetime(2017, 1, 22, 10)),  # noqa: DTZ001  (none is given)
        ("2017-01-22T10:00:00Z", "dateTime", dt.datetime(2017, 1, 22, 10, tzinfo=dt.UTC)),
        ("plain", "", "plain"),
        ("2017", "gYear", "2017"),
    ],
)
def test_a_literal_becomes_a_python_value(text: str, datatype: str, value: object) -> None:
    found = solutions(literal(text, datatype))[0]["x"]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "datatype"),
    [
        ("seven", "integer"),
        ("1_000", "integer"),
        ("1.0", "integer"),
        (" 7", "integer"),
        ("\u0667", "integer"),
        ("9" * 5000, "integer"),
        ("1e5", "decimal"),
        ("NaN", "decimal"),
        ("1_0.5", "decimal"),
        ("inf", "double"),
        ("0x1", "double"),
        ("TRUE", "boolean"),
        ("2017-02-30", "date"),
        ("2017-01-22Z", "date"),
        ("20170122", "date"),
        ("2017-W03-7", "date"),
        ("2017-01-22", "dateTime"),
        ("2017-01-22T24:30:00", "dateTime"),
    ],
)
def test_a_literal_that_its_type_cannot_hold_stays_text(text: str, datatype: str) -> None:
    assert solutions(literal(text, datatype))[0]["x"] == text


def test_an_unbound_variable_is_none() -> None:
    assert [row["x"] for row in solutions(None, literal("a"))] == [None, "a"]


def test_solutions_are_a_sequence_of_rows() -> None:
    found = solutions(literal("a"), literal("b"))
    assert len(found) == 2
    assert found.variables == ("x",)
    assert found[-1] == {"x": "b"}
    assert list(found) == [found[0], found[1]]


def test_the_engines_own_answers_have_the_types_of_their_cells(kg: KnowledgeGraph) -> None:
    query = """SELECT * { VALUES (?day ?n ?d ?b ?bad ?none ?iri ?text) {
        ("2017-01-22"^^xsd:date 3 1.5 true "x"^^xsd:integer UNDEF actor:pentagon "Al-Bab"@en) } }"""
    (row,) = kg.query(query)  # type: ignore[misc]
    assert row == {
        "day": dt.date(2017, 1, 22),
        "n": 3,
        "d": Decimal("1.5"),
        "b": True,
        "bad": "x",
        "none": None,
        "iri": "https://w3id.org/eventkg/id/actor/pentagon",
        "text": "Al-Bab",
    }


@pytest.mark.parametrize("name", ["pandas", "polars", "arrow"])
def test_a_data_frame_library_that_is_not_there_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(library: str) -> object:
        raise ImportError(library)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(UsageError, match=rf"{name} is not installed: pip install \w*{name}"):
        getattr(solutions(literal("a")), f"to_{name}")()


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_rows_become_the_columns_of_a_data_frame(library: str) -> None:
    pytest.importorskip(library)
    found = solutions(literal("1", "integer"), None)
    frame = getattr(found, f"to_{library.removeprefix('py')}")()
    columns = frame.column_names if library == "pyarrow" else list(frame.columns)
    assert columns == ["x"]
    assert len(frame) == 2
