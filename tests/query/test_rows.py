"""Rows of text: every term comes back as its IRI or its text, whatever is in it."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.model.naming import XSD
from eventkg.query.rows import rows


def answered(*values: str) -> list[tuple[str, ...]]:
    solutions = ox.Store().query(f"SELECT ?x ?y {{ VALUES (?x ?y) {{ {' '.join(values)} }} }}")
    assert isinstance(solutions, ox.QuerySolutions)
    data = solutions.serialize(format=ox.QueryResultsFormat.TSV)
    assert data is not None
    return list(rows(data))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("<urn:place/2.0,-3.0/a>", "urn:place/2.0,-3.0/a"),
        ('"a,b"@en', "a,b"),
        (f'"2017-01-22"^^<{XSD}date>', "2017-01-22"),
        ("7", "7"),
        ("7.5", "7.5"),
        ("true", "true"),
        ('"say \\"no\\"@en"', 'say "no"@en'),
        ('"tab\\tand\\nlines\\r\\\\n"', "tab\tand\nlines\r\\n"),
        ('""', ""),
        ("UNDEF", ""),
    ],
)
def test_a_term_is_its_iri_or_its_text(term: str, text: str) -> None:
    assert answered(f"({term} 1)") == [(text, "1")]


def test_no_row_is_no_row() -> None:
    assert answered() == []


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text: str) -> None:
    literal = ox.serialize(
        [ox.Triple(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(text))],
        format=ox.RdfFormat.N_TRIPLES,
    )
    assert literal is not None
    term = literal.decode().removeprefix("<urn:s> <urn:p> ").removesuffix(" .\n")
    assert answered(f"({term} 1)") == [(text, "1")]
