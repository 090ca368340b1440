"""Rows are counted from bytes, however they are cut into pieces."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.query.counting import rows_of
from eventkg.query.job import SOLUTIONS

TRICKY = ['"}},{"', "}},{", '"bindings":[{"', "<result>", "a\nb", 'a"\nb"', "\r\n", "{", "}", "", "é\t"]
ROWS = st.lists(st.tuples(st.sampled_from(TRICKY), st.sampled_from(TRICKY)), max_size=5)


def counted(form: str, media_type: str, body: bytes, size: int) -> int | None:
    rows = rows_of(form, media_type)
    for start in range(0, len(body), size):
        rows.see(body[start : start + size])
    return rows.count


@given(ROWS, st.sampled_from(sorted(SOLUTIONS)), st.integers(1, 40))
def test_rows_are_told_in_every_format(table: list[tuple[str, str]], name: str, size: int) -> None:
    values = " ".join(f"({ox.Literal(a)} {ox.Literal(b)})" for a, b in table)
    solutions = ox.Store().query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}")
    chosen = SOLUTIONS[name]
    body = solutions.serialize(format=getattr(ox.QueryResultsFormat, chosen.engine_name))
    assert body is not None
    assert counted("solutions", chosen.media_type, body, size) == len(table)


@pytest.mark.parametrize(
    ("form", "media_type", "body", "count"),
    [
        ("graph", "application/n-triples", b"<a:a> <a:b> <a:c> .\n" * 3, 3),
        ("graph", "text/turtle", b"<a:a> <a:b> <a:c> .\n", None),
        ("boolean", "application/sparql-results+json", b'{"head":{},"boolean":true}', None),
        ("solutions", "application/sparql-results+json", b'{"results":{"bindings":[{},{}]}}', None),
        ("solutions", "text/tab-separated-values", b"?a\n", 0),
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_not_guessed(
    form: str, media_type: str, body: bytes, count: int | None
) -> None:
    assert counted(form, media_type, body, 7) == count
