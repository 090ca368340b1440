"""Code lists of sources, flat ones and those in which a code lies under another; links to what is no IRI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from eventkg.errors import SourceError
from eventkg.sources.links import read_links
from eventkg.sources.lookups import read_lookup

if TYPE_CHECKING:
    from pathlib import Path


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


@pytest.mark.parametrize(
    "wrong",
    [
        *("nowhere:al-bab", "nowhere:https://example.org/al-bab", "urn:x:al-bab", "skos"),
        *("https://example.org/%zz", "https://example.org/al bab", "skos:al bab"),
    ],
)
def test_a_link_to_what_is_no_iri_is_refused_with_its_line(wrong: str, tmp_path: Path) -> None:
    file = tmp_path / "links.sssom.tsv"
    head = "subject_label\tpredicate_id\tobject_id\tobject_label\tmapping_justification"
    file.write_text(f"{head}\nAl Bab\tskos:exactMatch\t{wrong}\tAl-Bab\tsemapv:ManualMappingCuration\n")
    with pytest.raises(SourceError, match=f"links.sssom.tsv:2: object_id: '{wrong}' found, an IRI"):
        read_links(file)
