"""Quotations: found where they stand, or refused with what comes nearest."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eventkg.mapping.quotations import MAX_CHARACTERS, MAX_WORDS, NotFoundError, Quoted, locate

TEXT = "\ufeffThe “two jets” – said É. 🛩 Al-Bab\u00a0was\nhit twice. It was hit."  # noqa: RUF001


@pytest.mark.parametrize(
    ("quotation", "start", "found"),
    [
        ("The “two jets”", None, Quoted("The “two jets”", 1, 15)),
        ("hit", 57, Quoted("hit", 57, 60)),
        ("🛩 Al-Bab", None, Quoted("🛩 Al-Bab", 26, 34)),
        ("was hit twice", None, Quoted("was\nhit twice", 35, 48)),
        ("  hit\ttwice ", None, Quoted("hit twice", 39, 48)),
    ],
)
def test_a_quotation_is_found_in_code_points_and_kept_as_it_stands(
    quotation: str, start: int | None, found: Quoted
) -> None:
    assert locate(quotation, TEXT, start) == found
    assert TEXT[found.start : found.end] == found.words


@pytest.mark.parametrize(
    ("quotation", "hint"),
    [
        ('The "two jets"', "it is there with other quotation marks, dashes or spaces: “The “two jets””"),
        ("jets” - said", "with other quotation marks, dashes or spaces: “jets” – said”"),  # noqa: RUF001
        (unicodedata.normalize("NFD", "said É"), "in another Unicode form (NFC and NFD differ)"),
        ("the “TWO jets”", "in other capitals: “The “two jets””"),
        ("Al-Bab was hit twise", "nearest is “Al-Bab was hit twice.”"),
        ("three ships", "“three ships” is not in the text"),
        ("hit", "2 times, at 39, 57; quoteStart expected"),
        ("   ", "an empty quotation found"),
        (" ".join(["a"] * (MAX_WORDS + 1)), f"at most {MAX_WORDS} words"),
        ("a" * (MAX_CHARACTERS + 1), f"{MAX_CHARACTERS} characters expected"),
    ],
)
def test_what_is_not_there_is_refused_with_what_comes_nearest(quotation: str, hint: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        locate(quotation, TEXT)
    assert hint in str(caught.value)


@given(st.text(min_size=1, max_size=300), st.data())
def test_words_taken_from_a_text_are_found_where_they_were_taken(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    words = text[start : start + data.draw(st.integers(1, 40))]
    if words.split() and len(words.split()) <= MAX_WORDS:
        exact = start + len(words) - len(words.lstrip())
        found = locate(words, text, exact)
        assert (found.start, found.words) == (exact, words.strip())


@given(st.text(max_size=80), st.text(max_size=200))
def test_no_text_makes_the_search_fail_in_another_way(quotation: str, text: str) -> None:
    try:
        found = locate(quotation, text)
    except NotFoundError:
        return
    assert text[found.start : found.end] == found.words
