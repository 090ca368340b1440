"""SERVICE clauses are asked and replaced by rows; nothing that an endpoint answers can become query text."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.errors import QueryError
from eventkg.query.federation import MOST_CLAUSES, filled, has_service, without_services
from eventkg.query.fetcher import values
from eventkg.query.lexical import check_query

ROWS = "VALUES (?x) { (<urn:a>) }"


def asked(query: str) -> tuple[str, list[tuple[str, str]]]:
    calls: list[tuple[str, str]] = []

    def ask(url: str, select: str) -> str:
        calls.append((url, select))
        return ROWS

    text, rows = without_services(query, ask)
    return filled(text, rows), calls


@pytest.mark.parametrize(
    ("query", "url", "inner"),
    [
        ("SELECT * { SERVICE <http://h/> { ?x ?p 1 } }", "http://h/", "{ ?x ?p 1 }"),
        ("SELECT * { service silent <http://h/> { ?x ?p 1 } }", "http://h/", "{ ?x ?p 1 }"),
        (
            "PREFIX h: <http://h/> SELECT * { SERVICE h:s { ?x h:p 1 } }",
            "http://h/s",
            "PREFIX h: <http://h/>",
        ),
        ("SELECT * { SERVICE <http://h/> { ?x a ekg:Event } }", "http://h/", "PREFIX ekg: <https://w3id.org"),
        ("SELECT * { \\u0053ERVICE <http://h/> { ?x ?p 1 } }", "http://h/", "{ ?x ?p 1 }"),
        ("SELECT * { SERVICE <http://h/> { { ?x ?p '}' } } }", "http://h/", "{ { ?x ?p '}' } }"),
        ("SELECT * { SERVICE <http://h/> { SERVICE <http://i/> { } } }", "http://h/", "SERVICE <http://i/>"),
    ],
)
def test_a_clause_is_asked_and_replaced(query: str, url: str, inner: str) -> None:
    text, calls = asked(query)
    ((found, select),) = calls
    assert found == url
    assert inner in select
    check_query(text)
    assert [str(row["x"]) for row in ox.Store().query(text)] == ["<urn:a>"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE ?s { ?x ?p 1 } }",
        "SELECT * { SERVICE <http://h/> }",
        "SELECT * { SERVICE",
        "SELECT * { SERVICE no:prefix { } }",
        "SELECT * {" + "SERVICE <http://h/> { }" * (MOST_CLAUSES + 1) + "}",
    ],
)
def test_a_clause_that_cannot_be_asked_is_an_error(query: str) -> None:
    with pytest.raises(QueryError):
        asked(query)


def test_a_failure_is_passed_over_where_it_is_silent() -> None:
    def ask(_: str, __: str) -> str:
        raise QueryError("nobody is there")

    text, rows = without_services("SELECT * { SERVICE SILENT <http://h/> { ?x ?p 1 } }", ask)
    assert len(list(ox.Store().query(filled(text, rows)))) == 1  # type: ignore[arg-type]
    with pytest.raises(QueryError, match="nobody"):
        without_services("SELECT * { SERVICE <http://h/> { ?x ?p 1 } }", ask)


def test_lines_stay_where_they_were() -> None:
    text, _ = asked("SELECT * {\nSERVICE <http://h/> {\n ?x ?p 1\n}\n?y ?p 2 }")
    assert text.split("\n")[4] == "?y ?p 2 }"


@pytest.mark.parametrize(
    "query", ["SELECT * { ?s ?p 'SERVICE' }", "SELECT * { ?s ?p ?o } # SERVICE <http://h/> { }"]
)
def test_what_only_looks_like_one_is_left_alone(query: str) -> None:
    assert has_service(query)
    assert asked(query) == (query, [])


def result(*cells: dict[str, str]) -> dict[str, Any]:
    return {"head": {"vars": ["x"]}, "results": {"bindings": [{"x": cell} for cell in cells]}}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_text_from_an_endpoint_stays_a_text(value: str) -> None:
    clause = "".join(values(result({"type": "literal", "value": value})))
    mark = "VALUES ?eventkg_service_0 { }"
    ((row,),) = [list(ox.Store().query(filled(f"SELECT ?x {{ {mark} }}", {mark: clause})))]  # type: ignore[arg-type]
    assert row["x"].value == value


@pytest.mark.parametrize(
    "cell",
    [
        {"type": "uri", "value": "urn:a> } DROP <urn:b"},
        {"type": "uri", "value": "urn:\\u003E"},
        {"type": "literal", "value": "a", "datatype": "urn:x> "},
        {"type": "literal", "value": "a", "xml:lang": 'en" . '},
        {"type": "thing", "value": "a"},
    ],
)
def test_an_answer_that_cannot_be_written_down_is_refused(cell: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="found"):
        "".join(values(result(cell)))


def test_rows_that_look_like_a_mark_are_not_searched_again() -> None:
    marks = {f"VALUES ?eventkg_service_{n} {{ }}": f"VALUES ?x {{ {json.dumps(t)} }}"
             for n, t in enumerate(["VALUES ?eventkg_service_1 { }", "other"])}  # fmt: skip
    text = filled("SELECT ?x { " + " ".join(marks) + " }", marks)
    assert text.count("eventkg_service_1") == 1
