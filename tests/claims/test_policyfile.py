"""A policy's file: what it declares, and one line for every mistake in it."""

from __future__ import annotations

import re

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from rdflib.namespace import RDFS, SKOS
from tests.conftest import ROOT

from eventkg.claims.explaining import description, explain
from eventkg.claims.policy import (
    ALL,
    BELLIGERENT,
    CORROBORATED,
    DEFAULT,
    EVERYBODY,
    NOBODY,
    Policy,
    Voices,
    as_known_on,
    as_told_by,
)
from eventkg.claims.policyfile import KINDS, MOST, RELATIONS, read_policy
from eventkg.errors import DataError
from eventkg.model.claim import Stance
from eventkg.model.naming import BASE, CODE, EKG, GRAPH, VIEW

ACTOR, DATASET = f"{BASE}id/actor/", f"{BASE}id/dataset/"
EVERYTHING = """\
policy: cautious-reader
label: A cautious reader
definition: >
  Parties to the conflict only,
  of the article.
sources: {only: [seed, dataset:ucdp-ged, "https://example.org/g"], except: user}
claimants:
  only: {kinds: [belligerent, State], relations: author}
  except: {actors: [kremlin, "actor:interfax", "https://example.org/a"]}
stances: [asserts, denies]
veto: {denial: {only: {kinds: [GovernmentBody]}}, doubt: everybody}
reliability: {at-least: B, ungraded: heard, by: [ucdp/analyst]}
independent: 2
as-known-on: 2017-01-22
numbers: low
"""
FULL = read_policy(EVERYTHING.encode(), "my.yml")


def test_every_part_of_a_file_is_read() -> None:
    assert (
        Policy(
            iri=f"{VIEW}cautious-reader",
            label="A cautious reader",
            definition="Parties to the conflict only, of the article.",
            only_sources=frozenset({f"{GRAPH}seed", f"{DATASET}ucdp-ged", "https://example.org/g"}),
            not_sources=frozenset({f"{GRAPH}user"}),
            heard=Voices(
                only_kinds=frozenset({BELLIGERENT, "State"}),
                only_relations=frozenset({"author"}),
                not_speakers=frozenset({f"{ACTOR}kremlin", f"{ACTOR}interfax", "https://example.org/a"}),
            ),
            stances=frozenset({Stance.ASSERTS, Stance.DENIES}),
            denial_veto=Voices(only_kinds=frozenset({"GovernmentBody"})),
            doubt_veto=EVERYBODY,
            reliability="B",
            ungraded=True,
            assessors=frozenset({f"{ACTOR}ucdp/analyst"}),
            independent=2,
            known_on="2017-01-22",
            number="low",
        )
        == FULL
    )


def test_what_a_file_leaves_out_is_as_in_the_default_policy() -> None:
    mine = read_policy(b"policy: mine", "my.yml")
    assert mine == Policy(f"{VIEW}mine")
    assert (mine.heard, mine.denial_veto, mine.doubt_veto) == (
        DEFAULT.heard,
        DEFAULT.denial_veto,
        DEFAULT.doubt_veto,
    )
    assert read_policy(b"\xef\xbb\xbfpolicy: mine\nveto: {doubt: nobody}", "").doubt_veto == NOBODY


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "my.yml:1: policy: nothing found, a mapping with one of"),
        ("- a", "my.yml:1: policy: a list found, a mapping with one of policy,"),
        ("label: x", "my.yml:1: policy: no key 'policy' found, the policy's name expected"),
        ("policy:", "my.yml:1: policy: nothing found, a text expected"),
        ("policy: Mine", "my.yml:1: policy: 'Mine' found, small letters, digits and hyphens expected"),
        ("policy: a/b", "my.yml:1: policy: 'a/b' found, small letters"),
        ("policy: all", "my.yml:1: policy: 'all' found, a name other than default, corroborated, all, claim"),
        ("policy: claimant", "my.yml:1: policy: 'claimant' found, a name other than"),
        ("policy: a\nlabl: x", "my.yml:2: policy: 'labl' found, one of policy, label, definition, sources,"),
        ("policy: a\npolicy: b", "my.yml:2: 'policy' found again, which line 1 has already"),
        ("policy: a\n? [x]\n: y", "my.yml:2: a key found that is no plain text"),
        ("policy: a\nclaimants: all", "my.yml:2: claimants: 'all' found, one of everybody, nobody expected"),
        ("policy: a\nclaimants: {only: {}}", "my.yml:2: claimants, only: an empty mapping found"),
        ("policy: a\nclaimants: {only: [x]}", "my.yml:2: claimants, only: a list found, a mapping with one"),
        (
            "policy: a\nclaimants:\n  only:\n    kinds: [Army]",
            "my.yml:4: claimants, only, kinds: 'Army' found, one of Actor, State,",
        ),
        ("policy: a\nclaimants: {only: {actors: [a b]}}", "my.yml:2: claimants, only, actors: 'a b' found"),
        ("policy: a\nstances: []", "my.yml:2: stances: an empty list found, a list expected"),
        (
            "policy: a\nstances:\n- asserts\n- retracts",
            "my.yml:4: stances: 'retracts' found, one of",
        ),
        ("policy: a\nveto: nobody", "my.yml:2: veto: 'nobody' found, a mapping with one of denial, doubt"),
        ("policy: a\nreliability: {by: x}", "my.yml:2: reliability: no key 'at-least' found"),
        ("policy: a\nreliability: {at-least: F}", "my.yml:2: reliability, at-least: 'F' found, one of A, B"),
        ("policy: a\nindependent: -1", "my.yml:2: independent: '-1' found, a number of speakers from 1"),
        ("policy: a\nindependent: 2.5", "my.yml:2: independent: '2.5' found"),
        ("policy: a\nas-known-on: 22.1.2017", "my.yml:2: as-known-on: '22.1.2017' found, a day such as"),
        ("policy: a\nas-known-on: 2017-02-30", "my.yml:2: as-known-on: '2017-02-30' found, a day such as"),
        ("policy: a\nnumbers: lowest", "my.yml:2: numbers: 'lowest' found, one of low, best, high expected"),
        (
            "policy: a\nsources: {only: 'a b'}",
            "my.yml:2: sources, only: 'a b' found, a name, one with",
        ),
        (
            "policy: a\n\tb: c",
            "my.yml:2: while scanning for the next token found character '\\t' that cannot",
        ),
        ("policy: 'a", "my.yml:1: while scanning a quoted scalar found unexpected end of stream; YAML"),
        ("policy: &x a\nlabel: *x", "my.yml:1: an anchor or alias found; the value itself expected"),
        (
            "policy: !!python/object:os.system a",
            "my.yml:1: the tag tag:yaml.org,2002:python/object:os.system found;",
        ),
        ("policy: a\n---\npolicy: b", "my.yml:2: a second YAML document found, one expected"),
        ("[" * 10_000, "my.yml:1: more than 12 levels of nesting found"),
        ("policy: a\x00", "my.yml:1: the character U+0000 found, printable text expected"),
        ("policy: a\n#" + "x" * MOST, f"my.yml: {MOST + 11:,} bytes found, at most {MOST:,} expected"),
    ],
)
def test_a_mistake_is_one_line_that_names_file_and_line(text: str, message: str) -> None:
    with pytest.raises(DataError, match=f"^{re.escape(message)}") as caught:
        read_policy(text.encode(), "my.yml")
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(DataError, match=r"^my.yml: byte 8 is not UTF-8$"):
        read_policy(b"policy: \xff", "my.yml")


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: ("policy: a\n" + text).encode()))
def test_any_other_bytes_are_a_policy_or_one_line(data: bytes) -> None:
    try:
        read_policy(data, "my.yml")
    except DataError as problem:
        assert str(problem).startswith("my.yml")  # noqa: PT017


def test_the_kinds_and_relations_that_may_be_named_are_those_of_the_ontology() -> None:
    ontology = rdflib.Graph().parse(ROOT / "ontology" / "eventkg.ttl")
    actors = ontology.transitive_subjects(RDFS.subClassOf, rdflib.URIRef(f"{EKG}Actor"))
    assert {str(actor).removeprefix(EKG) for actor in actors} == set(KINDS) - {BELLIGERENT}
    codes = rdflib.Graph().parse(ROOT / "ontology" / "codes.ttl")
    scheme = rdflib.URIRef(f"{CODE}claimant-relation")
    found = {str(code).rpartition("/")[2] for code in codes.subjects(SKOS.inScheme, scheme)}
    assert found == set(RELATIONS)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (DEFAULT, "unless it is denied by anybody, doubted by anybody but authors and media outlets or con"),
        (CORROBORATED, "Adopts what 2 independent speakers assert, unless"),
        (ALL, "Adopts everything that is asserted; what is contested is marked as such."),
        (as_told_by(f"{ACTOR}pentagon"), "plus what pentagon asserts or relays, minus what it denies."),
        (as_told_by(f"{ACTOR}x", with_subordinates=True), "what x or those under its command asserts"),
        (as_known_on(DEFAULT, "2017-01-22"), "Hears what had been said by 2017-01-22."),
        (read_policy(b"policy: a\nclaimants: nobody", ""), "Hears nobody."),
        (
            FULL,
            "Hears only State, belligerents or authors but https://example.org/a, interfax or kremlin.",
        ),
        (
            FULL,
            "Reads only dataset:ucdp-ged, https://example.org/g and seed.",
        ),
        (FULL, "Counts only what is asserted or denied."),
        (
            FULL,
            "Hears claims graded B or better by ucdp/analyst, or not graded",
        ),
        (FULL, "Of a number told differently it takes the lowest."),
        (
            FULL,
            "unless it is denied by GovernmentBody, doubted by anybody or",
        ),
    ],
)
def test_a_policy_is_explained_in_words(policy: Policy, words: str) -> None:
    assert words in explain(policy)


def test_the_graph_of_a_view_describes_a_policy_that_is_described_nowhere_else() -> None:
    assert list(description(DEFAULT)) == []
    said = {triple.predicate.rpartition("#")[2]: triple.object for triple in description(FULL)}
    assert said["prefLabel"].text == "A cautious reader"
    assert said["definition"].text.startswith("Parties to the conflict only, of the article. Adopts")
    assert said["definition"].language == "en"
