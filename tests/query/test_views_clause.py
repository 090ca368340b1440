"""A view named by FROM, found without parsing the query."""

from __future__ import annotations

import pytest

from eventkg.errors import QueryError
from eventkg.model.naming import VIEW
from eventkg.query.lexical import check_query, take_view


@pytest.mark.parametrize(
    ("query", "view"),
    [
        (f"SELECT * FROM <{VIEW}all> {{ ?s ?p ?o }}", "all"),
        (f"SELECT *\nFROM\n<{VIEW}claimant/pentagon>\n{{ ?s ?p ?o }}", "claimant/pentagon"),
        ("SELECT * from view:all { ?s ?p ?o }", "all"),
        (r"SELECT * FROM view:claimant\/pentagon { ?s ?p ?o }", "claimant/pentagon"),
        ("PREFIX view: <urn:x> SELECT * FROM view:all { ?s ?p ?o }", None),
        (f"SELECT * FROM NAMED <{VIEW}all> {{ ?s ?p ?o }}", None),
        (f"SELECT * {{ GRAPH <{VIEW}all> {{ ?s ?p ?o }} }}", None),
        (f"SELECT * {{ ?s ?p 'FROM <{VIEW}all>' }}", None),
        (f"# FROM <{VIEW}all>\nSELECT * {{ ?s ?p ?o }}", None),
        ("SELECT * FROM <urn:graph> { ?s ?p ?o }", None),
    ],
)
def test_from_names_a_view(query: str, view: str | None) -> None:
    found, rest = take_view(query, VIEW)
    assert found == (None if view is None else VIEW + view)
    assert len(rest) == len(query)
    assert rest.count("\n") == query.count("\n")
    assert (rest == query) == (view is None)


def test_a_view_stands_alone() -> None:
    with pytest.raises(QueryError, match="stands alone"):
        take_view(f"SELECT * FROM <{VIEW}all> FROM <urn:graph> {{}}", VIEW)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { }",
        "PREFIX a: <urn:a> delete where {}",
        "# x\nDROP ALL",
        "WITH <urn:g> DELETE {} WHERE {}",
    ],
)
def test_an_update_is_named_as_one(update: str) -> None:
    with pytest.raises(QueryError, match="begins an update; a query expected"):
        check_query(update)


@pytest.mark.parametrize("query", ["PREFIX insert: <urn:i> ASK {}", "ASK { ?insert ?delete <urn:drop> }"])
def test_a_query_is_not_taken_for_an_update(query: str) -> None:
    check_query(query)
