"""A name that nobody has leads to the one that was meant."""

from __future__ import annotations

import pytest

from eventkg.mapping.nearest import expected, nearest

NAMES = ("al-bab", "aleppo-province", "Al-Hasakah", "الرقة", "su-24m", "turkish-air-force")


@pytest.mark.parametrize(
    ("found", "meant"),
    [
        ("el bab", ["al-bab"]),
        ("Al-Bāb", ["al-bab"]),
        ("hasaka", ["Al-Hasakah"]),
        ("الرقه", ["الرقة"]),
        ("SU24M", ["su-24m"]),
        ("turkish air-force", ["turkish-air-force"]),
        ("aleppo", ["aleppo-province"]),
        ("nothing like it", []),
        ("-", []),
    ],
)
def test_names_are_compared_as_a_search_compares_them(found: str, meant: list[str]) -> None:
    assert nearest(found, NAMES) == meant


def test_the_error_names_it() -> None:
    assert expected("el bab", NAMES) == "'el bab' found; did you mean 'al-bab'?"
