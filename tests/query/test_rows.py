"""Rows of text: every term comes back as its IRI or its text, whatever is in it."""

from __future__ import annotations

from itertools import pairwise

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.model.naming import XSD
from eventkg.query.rows import rows, streamed


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


WHOLE = '?x\t?y\n<urn:a>\t"ä\\n\\tb"@en\n\t7\n<urn:b>\t"2017-01-22"^^<DATE>\n'.replace(
    "DATE", f"{XSD}date"
).encode()


@given(st.lists(st.integers(0, len(WHOLE)), max_size=8))
def test_an_answer_in_blocks_has_the_same_rows_wherever_it_is_cut(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(WHOLE)]
    blocks = [WHOLE[start:end] for start, end in pairwise(places)]
    assert sorted(streamed(blocks)) == sorted(rows(WHOLE))
    assert list(streamed(blocks)) == [("urn:a", "ä\n\tb"), ("", "7"), ("urn:b", "2017-01-22")]


def test_an_answer_of_nothing_but_its_head_has_no_row() -> None:
    assert list(streamed([b"?x\n"])) == list(streamed([b"?x"])) == list(streamed([])) == []
