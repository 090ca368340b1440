"""Claims files in RDF: quotations looked up in the texts given, and names that somebody describes."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from eventkg.checking.findings import Report
from eventkg.errors import EventkgError
from eventkg.kg import adding
from eventkg.kg.adding import Added, Addition
from eventkg.settings import Limits

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = "\u00c9t\u00e9.  The Pentagon denied that 22 targets were hit.\n"
TURTLE = f"""@prefix actor: <https://w3id.org/eventkg/id/actor/> .
@prefix claim: <https://w3id.org/eventkg/id/claim/> .
@prefix document: <https://w3id.org/eventkg/id/document/> .
@prefix ekg: <https://w3id.org/eventkg/ontology#> .
@prefix event: <https://w3id.org/eventkg/id/event/> .
@prefix proposition: <https://w3id.org/eventkg/id/proposition/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

document:d a ekg:Document ; skos:prefLabel "D"@en ; ekg:textLength {len(ARTICLE)} ;
    ekg:sha256 "{hashlib.sha256(ARTICLE.encode()).hexdigest()}" .

proposition:mine a ekg:Proposition ; ekg:about event:2017-01-21-al-bab-strike ;
    ekg:predicate ekg:targetsStruck ; ekg:value 22 .

claim:mine a ekg:Claim ; ekg:claimant actor:pentagon ; ekg:stance ekg:Denies ;
    ekg:proposition proposition:mine ; ekg:foundIn document:d ;
    ekg:quotation "22 targets were hit" ; ekg:quoteStart 31 ; ekg:quoteEnd 50 .
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a claims file in Turtle and its text; shapes are taken for granted."""
    (tmp_path / "text.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "claims.ttl").write_text(TURTLE, encoding="utf-8")
    monkeypatch.setattr(adding, "validate", lambda *_: Report(conforms=True, findings=()))
    return tmp_path


def check(folder: Path, *texts: str) -> Added:
    files, given = (folder / "claims.ttl",), tuple(folder / name for name in texts)
    return adding.check(None, Addition(files, texts=given), Limits())


def test_claims_in_turtle_do_what_the_same_in_yaml_do(folder: Path) -> None:
    (folder / "claims.yml").write_text(
        """document: {id: d, title: D, text: text.txt}
propositions: {mine: {about: 2017-01-21-al-bab-strike, targetsStruck: 22}}
claims:
- {id: mine, claimant: pentagon, stance: denies, propositions: [mine], quotation: 22 targets were hit}
""",
        encoding="utf-8",
    )
    found = check(folder, "text.txt")
    same = adding.check(None, Addition((folder / "claims.yml",)), Limits())
    assert (found.claims, found.unverified) == (1, 0)
    assert found.consequences.lost == same.consequences.lost
    assert found.consequences.lost[0].value == "22"


def test_quotations_without_a_text_are_counted(folder: Path) -> None:
    assert check(folder).unverified == 1
    (folder / "text.txt").write_text("another", encoding="utf-8")
    assert check(folder, "text.txt").unverified == 1


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("quoteStart 31", "quoteStart 30", "ttl:15: claim:mine: ' 22 targets were hit' found at 30 to 50"),
        ("actor:pentagon", "actor:pentagn", "actor:pentagn found, which neither this file nor the store"),
        ("actor:pentagon", "actor:pentagn", "did you mean pentagon?"),
        ("document:d ;", "document:e ;", "document:e found, which neither this file nor the store describes"),
        ("proposition:mine a", "[] a", "a blank node found, IRIs expected"),
        ("ekg:value 22", "ekg:value 22 ;; ekg:x", "claims.ttl: line 13, column"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(folder: Path, old: str, new: str, problem: str) -> None:
    assert old in TURTLE
    (folder / "claims.ttl").write_text(TURTLE.replace(old, new), encoding="utf-8")
    with pytest.raises(EventkgError) as caught:
        check(folder, "text.txt")
    assert problem in str(caught.value)
