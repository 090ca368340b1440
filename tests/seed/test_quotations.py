"""The seed's quotations are short, verbatim, located to the code point, and leave no sentence out."""

from __future__ import annotations

import hashlib
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).parents[2]
SEED = ROOT / "data" / "seed"
ARTICLE = Path(__file__).parents[3] / "shared" / "seed" / "article.txt"
EKG = "https://w3id.org/eventkg/ontology#"
WORDS, CHARACTERS = 15, 160
MOST_QUOTED = 0.6  # of the text, all claims together
TOUCHING = 3  # code points from one quotation to the next across a comma or a full stop

# The article's sentences in code points, end exclusive; the text itself is not in this repository.
SENTENCES = {
    "headline": (0, 98),
    "first mission, by way of AP": (100, 254),
    "Interfax adds": (255, 368),
    "the Pentagon denies": (371, 595),
    "deconfliction proposed": (596, 757),
    "deconfliction suspect, Sputnik on coordinates": (759, 1004),
    "coordinates from the United States": (1005, 1139),
    "strike after the check": (1140, 1268),
    "statement: coordinates received": (1270, 1467),
    "statement: verified and struck": (1468, 1713),
    "confusion with Turkish warplanes": (1715, 2039),
    "21 January": (2041, 2223),
    "three and four planes": (2225, 2412),
    "22 targets": (2414, 2459),
    "a day later": (2460, 2622),
    "second operation": (2623, 2700),
    "first on Wednesday": (2701, 2785),
    "Euphrates Shield under way": (2787, 2864),
    "Euphrates Shield begun": (2865, 3115),
    "Jarabulus retaken": (3116, 3277),
    "last strongholds": (3279, 3355),
    "strategic importance": (3356, 3494),
}

needs_the_article = pytest.mark.skipif(
    not ARTICLE.exists(), reason="the article's text is not part of the repository and is not beside it here"
)


class Quotation(NamedTuple):
    claim: str
    text: str
    start: int
    end: int


def _store() -> ox.Store:
    store = ox.Store()
    for path in sorted(SEED.glob("*.ttl")):
        store.load(path=path, format=ox.RdfFormat.TURTLE)
    return store


STORE = _store()


def _values(subject: ox.NamedNode | ox.BlankNode | ox.Triple, name: str) -> list[str]:
    found = STORE.quads_for_pattern(subject, ox.NamedNode(EKG + name), None, None)
    return [quad.object.value for quad in found if isinstance(quad.object, (ox.Literal, ox.NamedNode))]


def _subjects(name: str) -> list[ox.NamedNode | ox.BlankNode | ox.Triple]:
    found = STORE.quads_for_pattern(None, ox.NamedNode(EKG + name), None, None)
    return sorted({quad.subject for quad in found}, key=str)


def _quotations() -> list[Quotation]:
    quotations = []
    for claim in _subjects("quotation"):
        (text,) = _values(claim, "quotation")
        (start,) = _values(claim, "quoteStart")
        (end,) = _values(claim, "quoteEnd")
        quotations.append(Quotation(str(claim), text, int(start), int(end)))
    return quotations


QUOTATIONS = _quotations()


def _article() -> str:
    return ARTICLE.read_bytes().decode("utf-8")


def test_every_claim_of_the_seed_quotes_something() -> None:
    assert [claim for claim in _subjects("claimant") if not _values(claim, "quotation")] == []
    assert len(QUOTATIONS) == len(_subjects("claimant")) > 0


def test_no_quotation_is_longer_than_fifteen_words_or_160_characters() -> None:
    long = [q for q in QUOTATIONS if len(q.text.split()) > WORDS or len(q.text) > CHARACTERS]
    assert long == []


def test_a_quotation_is_as_long_as_its_offsets_say() -> None:
    assert [q for q in QUOTATIONS if q.end - q.start != len(q.text)] == []


def test_one_place_in_the_article_is_always_quoted_in_the_same_words() -> None:
    words: dict[tuple[int, int], set[str]] = {}
    for quotation in QUOTATIONS:
        words.setdefault((quotation.start, quotation.end), set()).add(quotation.text)
    assert {place: texts for place, texts in words.items() if len(texts) > 1} == {}


def test_overlapping_quotations_agree_where_they_overlap() -> None:
    letters: dict[int, set[str]] = {}
    for quotation in QUOTATIONS:
        for position, letter in enumerate(quotation.text, quotation.start):
            letters.setdefault(position, set()).add(letter)
    assert {position: found for position, found in letters.items() if len(found) > 1} == {}


def test_no_quotation_runs_past_the_end_of_its_document() -> None:
    (document,) = _subjects("textLength")
    (length,) = _values(document, "textLength")
    assert max(q.end for q in QUOTATIONS) <= int(length)
    assert min(q.start for q in QUOTATIONS) >= 0


def test_a_quotation_stays_within_one_sentence() -> None:
    astray = [q for q in QUOTATIONS if not any(a <= q.start and q.end <= b for a, b in SENTENCES.values())]
    assert astray == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_sentence_of_the_article_is_quoted_by_a_claim(sentence: str) -> None:
    start, end = SENTENCES[sentence]
    assert any(start <= q.start and q.end <= end for q in QUOTATIONS)


def _passages() -> list[str]:
    """The quotations, joined where they overlap or all but touch."""
    letters = {place: letter for q in QUOTATIONS for place, letter in enumerate(q.text, q.start)}
    passages, last = [""], min(letters)
    for place in sorted(letters):
        if place - last > TOUCHING:
            passages.append("")
        elif place - last > 1:
            passages[-1] += " "
        passages[-1] += letters[place]
        last = place
    return passages


def test_quotations_that_touch_are_together_no_longer_than_one_may_be() -> None:
    assert [text for text in _passages() if len(text.split()) > WORDS or len(text) > CHARACTERS] == []


def test_the_quotations_together_are_no_substitute_for_the_article() -> None:
    (document,) = _subjects("textLength")
    (length,) = _values(document, "textLength")
    quoted = {place for q in QUOTATIONS for place in range(q.start, q.end)}
    assert len(quoted) <= MOST_QUOTED * int(length)


@needs_the_article
def test_each_quotation_is_verbatim_at_its_offsets() -> None:
    text = _article()
    assert [q for q in QUOTATIONS if text[q.start : q.end] != q.text] == []


@needs_the_article
def test_no_quotation_begins_or_ends_within_a_word() -> None:
    text = f" {_article()} "
    cut = [
        q
        for q in QUOTATIONS
        if (text[q.start].isalnum() and q.text[0].isalnum())
        or (q.text[-1].isalnum() and text[q.end + 1].isalnum())
    ]
    assert cut == []


@needs_the_article
def test_the_document_names_the_text_that_was_read() -> None:
    (document,) = _subjects("sha256")
    assert _values(document, "sha256") == [hashlib.sha256(ARTICLE.read_bytes()).hexdigest()]
    assert _values(document, "textLength") == [str(len(_article()))]


@needs_the_article
def test_the_list_of_sentences_leaves_out_nothing_but_blanks() -> None:
    text = _article()
    bounds = [0, *(bound for span in SENTENCES.values() for bound in span), len(text)]
    gaps = [text[a:b] for a, b in list(pairwise(bounds))[::2]]
    assert "".join(gaps).strip() == ""
