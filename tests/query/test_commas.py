"""Comma-separated answers: whatever a term holds, a reader of CSV gets it back."""

from __future__ import annotations

import csv
import io

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.query.commas import CommaSeparated


def comma_separated(query: str, piece: int = 7) -> bytes:
    """An answer that arrives in pieces."""
    solutions = ox.Store().query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    data = solutions.serialize(format=ox.QueryResultsFormat.TSV) or b""
    out = io.BytesIO()
    writer = CommaSeparated(out)
    for start in range(0, len(data), piece):
        writer.write(data[start : start + piece])
    writer.flush()
    return out.getvalue()


@pytest.mark.parametrize(
    ("term", "cell"),
    [
        ("<urn:place/2.0,-3.0>", '"urn:place/2.0,-3.0"'),
        ("<urn:plain>", "urn:plain"),
        ('"a,b"@en', '"a,b"'),
        ('"say \\"no\\""', '"say ""no"""'),
        ('"two\\nlines"', '"two\nlines"'),
        ('"tab\\t"', "tab\t"),
        ("7.5", "7.5"),
        ("true", "true"),
        ("UNDEF", ""),
    ],
)
def test_a_cell_is_quoted_where_it_must_be(term: str, cell: str) -> None:
    found = comma_separated(f"SELECT ?x ?y {{ VALUES (?x ?y) {{ ({term} 1) }} }}")
    assert found == f"x,y\r\n{cell},1\r\n".encode()


@given(
    st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0")), min_size=1), st.integers(1, 99)
)
def test_texts_come_back(texts: list[str], piece: int) -> None:
    literals = " ".join(str(ox.Literal(text)) for text in texts)
    data = comma_separated(f"SELECT ?x {{ VALUES ?x {{ {literals} }} }}", piece).decode()
    assert list(csv.reader(io.StringIO(data, newline=""))) == [
        ["x"],
        *([text] if text else [] for text in texts),
    ]


def test_many_rows_are_passed_on_before_the_last_is_there() -> None:
    out = io.BytesIO()
    writer = CommaSeparated(out)
    writer.write(b"?x\n" + b"<urn:a,b>\n" * 20_000)
    assert out.getvalue().startswith(b'x\r\n"urn:a,b"\r\n')
