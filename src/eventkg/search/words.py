"""What a person types, as words to look for."""

from __future__ import annotations

from eventkg.errors import UsageError
from eventkg.model.fold import fold
from eventkg.search.asked import LONGEST

_ARTICLES = {("al",), ("el",)}
_MOST = 24  # words


def phrases(text: str) -> tuple[str, ...]:
    """FTS5's phrases, each of what was written without a space: `Su-24M` is three words in a row.

    The last word of each is the beginning of a word, but for a letter alone; an article alone counts for
    nothing before another word, as in a fold.

    Raises:
        UsageError: too long, or too many words.

    """
    if len(text) > LONGEST:
        raise UsageError(f"text: {len(text):,} characters found, {LONGEST} at most expected")
    written = [(part, words) for part in text.split() if (words := tuple(fold(part).split()))]
    found = [one for one in written[:-1] if one[1] not in _ARTICLES] + written[-1:]
    if len(found) > _MOST:
        raise UsageError(f"text: {len(found)} words found, {_MOST} at most expected")
    return tuple(dict.fromkeys(_phrase(part, words) for part, words in found))


def _phrase(written: str, words: tuple[str, ...]) -> str:
    return f'"{" ".join(words)}"{"*" if len(written) > 1 else ""}'


def matches(text: str, phrases: tuple[str, ...]) -> bool:
    """Whether a text has any of the phrases."""
    folded = f" {fold(text)} "
    return any(_wanted(phrase) in folded for phrase in phrases)


def _wanted(phrase: str) -> str:
    words, _, beginning = phrase[1:].rpartition('"')
    return f" {words}" if beginning else f" {words} "
