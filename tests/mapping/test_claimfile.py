"""Claims files: what they can say, and what is said of those that cannot be taken."""

from __future__ import annotations

import hashlib

import pyoxigraph as ox
import pytest
from tests.mapping import seedfile

from eventkg.kg.lexicon import StoreLexicon
from eventkg.mapping.claimfile import Filed, Text, document_of, read_claims, text_file
from eventkg.model.claim import Proposition, Statement, Value
from eventkg.model.naming import BASE, EKG, XSD
from eventkg.sources.located import ProblemsError, read_located
from eventkg.store.bundled import ontology_quads
from eventkg.store.files import read_quads
from eventkg.store.terms import to_term

ID = f"{BASE}id/"
ARTICLE = (
    "The ministry said: two jets of the coalition flew.\n"
    "The Pentagon calls it “wholly invented”. The jets of the coalition\nstayed at home. The jets flew.\n"
)
HEAD = """
document: {id: a-report, title: A report, text: report.txt}
defaults: {recordedOn: 2026-11-22}
"""


@pytest.fixture(scope="module")
def things() -> StoreLexicon:
    """The actors, places and events of the seed, about which nobody has said anything yet."""
    store = ox.Store()
    store.extend(ontology_quads())
    for path in sorted(seedfile.SEED.glob("*.ttl")):
        if path not in seedfile.CLAIMS:
            store.extend(read_quads(path, "urn:things"))
    return StoreLexicon(store)


@pytest.fixture(scope="module")
def seed() -> StoreLexicon:
    """The seed with its claims."""
    store = ox.Store()
    store.extend(ontology_quads())
    for path in seedfile.SEED.glob("*.ttl"):
        store.extend(read_quads(path, "urn:seed"))
    return StoreLexicon(store)


def read(yaml: str, lexicon: StoreLexicon, article: str = ARTICLE) -> Filed:
    found = read_located(yaml, "claims.yml")
    name = text_file(found)
    text = Text(name, article, hashlib.sha256(article.encode()).hexdigest()) if name else None
    return read_claims(found, text, lexicon)


def test_whatever_the_seed_says_can_be_said_in_a_claims_file(things: StoreLexicon) -> None:
    filed = read(seedfile.claims_file(), things, seedfile.text())
    document = ox.NamedNode(f"{ID}document/made-of-quotations")
    there = ox.NamedNode(seedfile.DOCUMENT)
    said = {
        (ox.NamedNode(s), ox.NamedNode(p), there if (term := to_term(o)) == document else term)
        for s, p, o in filed.triples
        if s != document.value
    }
    assert said == seedfile.triples()
    assert len(filed.claims) == 67


def test_what_the_store_says_already_is_not_said_again_under_another_name(seed: StoreLexicon) -> None:
    filed = read(
        HEAD
        + """
propositions:
  two-jets: {about: 2017-01-22-al-bab-strike, performedBy: us-led-coalition, count: 2}
claims:
- {claimant: pentagon, stance: denies, propositions: [two-jets]}
- claimant: kremlin
  stance: asserts
  propositions:
  - {about: 2017-01-22-al-bab-strike, performedBy: us-led-coalition}
  - {about: 2017-01-22-al-bab-strike, performedBy: us-led-coalition, count: 3}
""",
        seed,
    )
    named = {o.text for _, p, o in filed.triples if p == f"{EKG}proposition"}
    strike = f"{ID}proposition/2017-01-22-al-bab-strike-performed-by-us-led-coalition"
    assert named - {f"{strike}-{digits}" for digits in _ends(named, strike)} == {strike}
    assert _ends(named, strike) >= {"without-number"}
    new = {s for s, p, _ in filed.triples if p == f"{EKG}about"}
    assert len(new) == 1, "three jets alone are new"
    assert new < named


def _ends(named: set[str], stem: str) -> set[str]:
    return {iri.removeprefix(f"{stem}-") for iri in named if iri.startswith(f"{stem}-")}


def test_one_mapping_may_say_several_things_and_a_day_is_short_for_four(things: StoreLexicon) -> None:
    filed = read(
        HEAD
        + """
claims:
- claimant: pentagon
  stance: asserts
  propositions:
  - about: 2017-01-22-al-bab-strike
    type: AirStrike
    performedBy: [russian-aerospace-forces, turkish-air-force]
    place: al-bab
    placeRelation: near
    targetsStruck: 22
    objective: {text: "взять город", language: ru}
    day: 2017-01-22
""",
        things,
    )
    said = {
        (
            _value(filed, s, "predicate").rpartition("#")[2],
            _value(filed, s, "object") or _value(filed, s, "value"),
        )
        for s, p, _ in filed.triples
        if p == f"{EKG}about"
    }
    assert said == {
        ("type", f"{EKG}AirStrike"),
        ("performedBy", f"{ID}actor/russian-aerospace-forces"),
        ("performedBy", f"{ID}actor/turkish-air-force"),
        ("place", f"{ID}place/al-bab"),
        ("placeRelation", f"{BASE}code/place-relation/near"),
        ("targetsStruck", "22"),
        ("objective", "взять город"),
        ("date", "2017-01-22"),
        ("earliestStart", "2017-01-22"),
        ("latestEnd", "2017-01-22"),
        ("datePrecision", f"{BASE}code/date-precision/day"),
    }


def _value(filed: Filed, subject: str, name: str) -> str:
    return next((o.text for s, p, o in filed.triples if (s, p) == (subject, EKG + name)), "")


def test_a_contradiction_is_stated_in_both_directions(seed: StoreLexicon) -> None:
    filed = read(
        HEAD
        + """
claims:
- claimant: kremlin
  stance: asserts
  propositions:
  - about: 2017-01-21-al-bab-strike
    targetsStruck: 23
    contradicts: [{with: {about: 2017-01-21-al-bab-strike, targetsStruck: 22}, basis: functional-value}]
""",
        seed,
    )
    pairs = {(s, o.text) for s, p, o in filed.triples if p == f"{EKG}contradicts"}
    new, old = f"{ID}proposition/2017-01-21-al-bab-strike-targets-struck-23", _named(seed, 22)
    assert pairs == {(new, old), (old, new)}
    assert {s for s, p, _ in filed.triples if p == f"{EKG}contradictionBasis"} == {new, old}


def _named(seed: StoreLexicon, targets: int) -> str:
    struck = Value(str(targets), f"{XSD}integer")
    return seed.same(
        Proposition("", Statement(f"{ID}event/2017-01-21-al-bab-strike", f"{EKG}targetsStruck", struck))
    )


ONE = """
claims:
- claimant: pentagon
  stance: asserts
  propositions: [{about: 2017-01-22-al-bab-strike, performedBy: us-led-coalition}]
"""


@pytest.mark.parametrize(
    ("yaml", "problem"),
    [
        ("", "1: nothing found, a mapping with document and claims expected"),
        ("claims: []", "1: document missing"),
        (HEAD + "claims: []", "4: claims: an empty list found, a list of at least one claim expected"),
        (HEAD + "claims: [{stance: denied}]", "'denied' found; did you mean 'denies'?"),
        (HEAD + "claims: [{stance: Asserts}]", "'Asserts' found; did you mean 'asserts'?"),
        (HEAD + "claims: [{stance: no}]", "'no' found, one of asserts, denies"),
        (HEAD + "claims: [{claimnt: x, stance: denies}]", "'claimnt' found; did you mean 'claimant'?"),
        (
            HEAD + ONE.replace("pentagon", "pentagn"),
            "'pentagn' found; did you mean 'pentagon'? (an actor",
        ),
        (
            HEAD + ONE.replace("pentagon", "ISIL"),
            "that the store knows expected, or one declared under new: actor:",
        ),
        (HEAD + ONE.replace("pentagon", "AP"), "did you mean 'associated-press'?"),
        (HEAD + ONE.replace("claimant: pentagon\n  ", ""), "claimant missing, here and under defaults"),
        (HEAD + ONE.replace("performedBy", "performdBy"), "did you mean 'performedBy'?"),
        (HEAD + ONE.replace("us-led-coalition", "place:al-bab"), "'place:al-bab' found, an actor expected"),
        (
            HEAD + ONE.replace("coalition}", "coalition, count: '2'}"),
            "'2' found, a whole number without quotes",
        ),
        (HEAD + ONE.replace("coalition}", "coalition, count: 007}"), "'007' found, a whole number"),
        (HEAD + ONE.replace("coalition}", "coalition, count: -1}"), "-1 found, 0 or more expected"),
        (HEAD + ONE.replace("coalition}", "coalition, type: Airstrike}"), "did you mean 'AirStrike'?"),
        (HEAD + ONE.replace("coalition}", "coalition, placeRelation: nearby}"), "did you mean 'near'?"),
        (HEAD + ONE.replace("coalition}", "coalition, date: 2017-02-30}"), "a day that exists expected"),
        (HEAD + ONE.replace("coalition}", "coalition, date: 22.1.2017}"), "a day as YYYY-MM-DD expected"),
        (HEAD + ONE.replace("coalition}", "coalition, place: al-bab, count: 2}"), "of 2 statements at once"),
        (HEAD + ONE.replace("performedBy: us-led-coalition", ""), "about alone found"),
        (HEAD + ONE.replace("[{", "[nobody, {"), "'nobody' found, a proposition that the store knows"),
        (HEAD + ONE + "  modality: perhaps\n", "modality: 'perhaps' found, one of actual, feared"),
        (HEAD + ONE + "  claimedOn: yesterday\n", "'yesterday' found, a day as YYYY-MM-DD expected"),
        (HEAD + ONE + "  relays: nothing\n", "a claim that the store knows expected"),
        (HEAD + ONE + "  quotation: two jets of the union\n", "“two jets of the union” is not in the text"),
        (
            HEAD + ONE + "  quotation: 'calls it \"wholly'\n",
            "with other quotation marks, dashes or spaces: “calls it",
        ),
        (HEAD + ONE + "  quotation: The jets\n", "is in the text 2 times, at 92, 134; quoteStart expected"),
        (HEAD + ONE + "  quotation: The jets\n  quoteStart: 3\n", "quoteStart 3 found"),
        (HEAD + ONE + "  quotation: said\n  quoteEnd: 3\n", "quoteEnd 3 found, 17 expected"),
        (HEAD + ONE + "  quoteStart: 3\n", "quoteStart or quoteEnd found without a quotation"),
        (HEAD + ONE + f"  quotation: {'a ' * 16}\n", "a quotation of 16 words and 31 characters found"),
        (HEAD + ONE + f"  quotation: {'a' * 161}\n", "at most 160 characters expected"),
        (
            HEAD.replace(", text: report.txt", "") + ONE + "  quotation: said\n",
            "but no text to look it up in",
        ),
        (HEAD.replace("title: A report, ", "") + ONE, "'a-report' found, which the store does not know"),
        (HEAD.replace("text:", f"sha256: {'0' * 64}, text:") + ONE, f"{'0' * 64} expected"),
        (
            HEAD + "new: {actor: {x: {kind: Ship, label: X}}}" + ONE,
            "kind: 'Ship' found, a class of actor: one of",
        ),
        (HEAD + "new: {actor: {x: {kind: State}}}" + ONE, "new.actor.x: label missing"),
        (
            HEAD + "new: {event: {x: {label: X, kind: AirStrike}}}" + ONE,
            "what an event was is said by a claim",
        ),
        (HEAD + "new: {place: {x: {label: X, latitude: 3.5}}}" + ONE, "half a position found"),
        (
            HEAD + "propositions: {p: {about: al-bab, place: al-bab}}" + ONE,
            "an event that the store knows expected",
        ),
        (
            HEAD + "propositions: {p: {about: jarabulus, within: aleppo-province}}" + ONE,
            "that no claim of this file names",
        ),
        (HEAD + ONE + ONE.replace("claims:", ""), "the same claim as on line 6 found"),
        (HEAD + "claims: &a [*a]", "an anchor or alias found"),
        (
            HEAD + "claims: !!python/object:os.system []",
            "the tag tag:yaml.org,2002:python/object:os.system found",
        ),
        (HEAD + "language: en\nlanguage: de" + ONE, "'language' found again, which line 4 has already"),
        (HEAD + "---\n" + ONE, "a second YAML document found"),
        (HEAD + "claims: [" + "[" * 50, "more than 12 levels of nesting found"),
        ("claims: [", "YAML expected"),
        ("claims: \x00", "the character U+0000 found, printable text expected"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(yaml: str, problem: str, things: StoreLexicon) -> None:
    with pytest.raises(ProblemsError) as caught:
        read(yaml, things)
    assert problem in "\n".join(caught.value.lines()).replace("claims.yml:", "")
    assert all(line.startswith("claims.yml:") and "\n" not in line for line in caught.value.lines())


def test_all_that_is_wrong_is_said_at_once(things: StoreLexicon) -> None:
    yaml = HEAD + ONE.replace("pentagon", "nobody") + ONE.replace("claims:", "").replace("al-bab", "al-bob")
    with pytest.raises(ProblemsError) as caught:
        read(yaml, things)
    assert [problem.line for problem in caught.value.problems] == [6, 13]
    assert str(caught.value).endswith("(and 1 more)")


def test_the_document_is_named_before_anything_is_looked_up() -> None:
    assert document_of(read_located(HEAD + ONE, "f")) == f"{ID}document/a-report"
