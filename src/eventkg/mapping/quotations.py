"""Quotations looked up in a document's text: where they stand, or why they do not."""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import NamedTuple

MAX_WORDS, MAX_CHARACTERS = 15, 160  # what a quotation may have
_COMPARED = 200_000  # characters of a text in which the nearest words are looked for
_SHOWN = 60
_NEAR = 0.75
# One character for one: the offsets stay.
_ALIKE = str.maketrans("“”„‟«»‘’‚‛‐‑‒–—−\u00a0\u2009\u202f…", '""""""' + "''''" + "------" + "   " + ".")  # noqa: RUF001


class Quoted(NamedTuple):
    """The document's own words and where they stand, in code points from 0; the end is exclusive."""

    words: str
    start: int
    end: int


class NotFoundError(ValueError):
    """Why a quotation cannot be taken, in words."""


def locate(quotation: str, text: str, start: int | None = None, end: int | None = None) -> Quoted:
    """Find a quotation that occurs once, or verify where it is said to stand.

    White space counts as alike, so that a quotation may run over the end of a line; the words returned are
    the document's own.

    Raises:
        NotFoundError: too long, not there, there more than once, or not where it is said to be.

    """
    _check_length(quotation)
    found = [Quoted(match[1], *match.span(1)) for match in _pattern(quotation).finditer(text)]
    if start is not None:
        found = _at(quotation, text, start, found)
    if not found:
        raise NotFoundError(f"{_short(quotation)} is not in the text{_hint(quotation, text)}")
    if len(found) > 1:
        places = ", ".join(str(each.start) for each in found[:5])
        raise NotFoundError(
            f"{_short(quotation)} is in the text {len(found)} times, at {places}; quoteStart expected"
        )
    if end is not None and end != found[0].end:
        raise NotFoundError(f"quoteEnd {end} found, {found[0].end} expected: {_short(quotation)} ends there")
    return found[0]


def _check_length(quotation: str) -> None:
    words = len(quotation.split())
    if words > MAX_WORDS or len(quotation) > MAX_CHARACTERS:
        raise NotFoundError(
            f"a quotation of {words} words and {len(quotation)} characters found, "
            f"at most {MAX_WORDS} words and {MAX_CHARACTERS} characters expected"
        )
    if not words:
        raise NotFoundError("an empty quotation found, words of the document expected")


def _pattern(quotation: str) -> re.Pattern[str]:
    """A look ahead, so that occurrences may overlap; the words are its first group."""
    words = r"\s+".join(map(re.escape, quotation.split()))
    return re.compile(f"(?=({words}))")


def _at(quotation: str, text: str, start: int, found: list[Quoted]) -> list[Quoted]:
    there = [each for each in found if each.start == start]
    if there or not found:
        return there
    places = ", ".join(str(each.start) for each in found[:5])
    shown = _short(text[start : start + len(quotation)])
    raise NotFoundError(f"quoteStart {start} found, where the text has {shown}; {places} expected")


def _hint(quotation: str, text: str) -> str:
    """What comes nearest: the same words in other characters, else those most alike."""
    for fold, said in (
        (lambda t: t.translate(_ALIKE), "with other quotation marks, dashes or spaces"),
        (lambda t: unicodedata.normalize("NFC", t), "in another Unicode form (NFC and NFD differ)"),
        (str.lower, "in other capitals"),
        (_loose, "with other capitals or characters"),
    ):
        match = _pattern(fold(quotation)).search(fold(text))
        if match:
            same = len(fold(text)) == len(text)
            shown = text[match.start(1) : match.end(1)] if same else match[1]
            return f"; it is there {said}: {_short(shown)}"
    near = _nearest(quotation, text)
    return f"; nearest is {_short(near)}" if near else ""


def _loose(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_ALIKE).lower()


def _nearest(quotation: str, text: str) -> str:
    """The stretch of the text around the longest run of characters that both have, if it is much alike."""
    if len(text) > _COMPARED:
        return ""
    wanted, there = _loose(quotation), _loose(text)
    block = SequenceMatcher(None, there, wanted, autojunk=False).find_longest_match()
    start = max(0, block.a - block.b)
    stretch = there[start : start + len(wanted)]
    if len(there) != len(text) or SequenceMatcher(None, stretch, wanted).ratio() < _NEAR:
        return ""
    return _whole_words(text, start, start + len(wanted))


def _whole_words(text: str, start: int, end: int) -> str:
    """A stretch with the words that it cuts."""
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end - 1].isspace() and not text[end].isspace():
        end += 1
    return text[start:end].strip()


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return f"“{plain if len(plain) <= _SHOWN else f'{plain[:_SHOWN]}…'}”"
