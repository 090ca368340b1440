"""Numbers as a reader's language writes them."""

from __future__ import annotations

import pytest
from babel import Locale

from eventkg.serve.pages.words import Words


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, ""),
        (0, 7, "0%"),
        (7, 7, "100%"),
        (1, 4, "25%"),
        (8, 10_099, "under 1%"),
        (10_091, 10_099, "over 99%"),
    ],
)
def test_few_are_not_said_to_be_none_nor_nearly_all_to_be_all(part: int, whole: int, said: str) -> None:
    assert Words(Locale.parse("en")).share(part, whole) == said
