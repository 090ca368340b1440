"""Rows of text come out as they went in, whatever cells hold."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.kg.tabrows import rows

_TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def answered(*terms: ox.NamedNode | ox.Literal | None) -> list[tuple[str, ...]]:
    """As a store answers with one row of these."""
    variables = [ox.Variable(f"v{n}") for n, _ in enumerate(terms)]
    bound = " ".join("UNDEF" if term is None else str(term) for term in terms)
    names = " ".join(map(str, variables))
    query = f"SELECT {names} {{ VALUES ({names}) {{ ({bound}) }} }}"
    found = ox.Store().query(query)
    assert isinstance(found, ox.QuerySolutions)
    answer = found.serialize(format=ox.QueryResultsFormat.TSV)
    assert answer is not None
    return list(rows(answer.decode()))


@given(_TEXTS, _TEXTS)
def test_any_text_survives(one: str, other: str) -> None:
    assert answered(ox.Literal(one), ox.Literal(other, language="ar")) == [(one, other)]


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (
            ox.NamedNode("https://example.org/34.8,36.6/a%20town"),
            "https://example.org/34.8,36.6/a%20town",
        ),
        (ox.Literal(12), "12"),
        (
            ox.Literal("2017-01-22", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")),
            "2017-01-22",
        ),
        (ox.Literal('"quoted"@en'), '"quoted"@en'),
        (ox.Literal("<not an IRI>"), "<not an IRI>"),
        (None, ""),
    ],
)
def test_a_cell_is_its_text(term: ox.NamedNode | ox.Literal | None, expected: str) -> None:
    assert answered(term, ox.Literal("next")) == [(expected, "next")]
    assert answered(ox.Literal("last"), term) == [("last", expected)]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("?a\t?b\n", []),
        ("?a\t?b\r\n<urn:a>\t\r\n", [("urn:a", "")]),
        ("?a\n\n<urn:a>\n", [("",), ("urn:a",)]),
        ('?a\t?b\n"\\u0041\\U0001F600\\""\t-1.5\n', [('A\U0001f600"', "-1.5")]),
    ],
)
def test_what_other_stores_write_is_read(answer: str, expected: list[tuple[str, ...]]) -> None:
    assert list(rows(answer)) == expected
