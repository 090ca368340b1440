"""Code lists of sources: flat ones, and those in which a code lies under another."""

from __future__ import annotations

import pytest

from eventkg.sources.lookups import read_lookup


def scheme(*codes: str, nested: bool) -> dict[str, str]:
    said = {"scheme": "code/x", "title": "x", "source": "x", "codes": {c: f"label {c}" for c in codes}}
    lookup = read_lookup("x", {**said, "nested": nested} if nested else said)
    return {concept.notation: concept.broader for concept in lookup.concepts}


@pytest.mark.parametrize(
    ("codes", "broader"),
    [
        (("19", "195", "1951"), {"19": "", "195": "19", "1951": "195"}),
        (("01", "010", "10", "0"), {"01": "0", "010": "01", "10": "", "0": ""}),
        (("1951", "19"), {"1951": "19", "19": ""}),
    ],
)
def test_a_nested_code_lies_under_the_longest_other_one_with_which_it_begins(
    codes: tuple[str, ...], broader: dict[str, str]
) -> None:
    assert scheme(*codes, nested=True) == broader
    assert set(scheme(*codes, nested=False).values()) == {""}
