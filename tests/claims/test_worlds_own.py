"""The worlds of policies that an analyst may declare, over stores of random claims and rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from unittest.mock import patch

import pyoxigraph as ox
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.claims.books import ACTORS, books
from tests.claims.test_incremental import claim_quads, iri, node, proposition_quads, quad
from tests.claims.test_worlds import declared, rows, seen

from eventkg.claims import worlds
from eventkg.claims.policy import BELLIGERENT, EVERYBODY, NOBODY, NUMBERS, Policy, Voices, as_told_by
from eventkg.claims.writing import rederive
from eventkg.errors import UsageError
from eventkg.model.claim import Claim, Stance, Value
from eventkg.model.naming import CODE, EKG, RDF, VIEW, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

_GRAPHS = ["urn:seed", "urn:wire"]
_DAYS = ["2017-01-21", "2017-01-22", "2017-01-23"]
_STANCES = [s for s in Stance if s is not Stance.RETRACTS]
_KINDS = ["MediaOutlet", "GovernmentBody", BELLIGERENT]


def _some(values: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


_actors = _some([iri(actor) for actor in ACTORS])
_voices = st.sampled_from([EVERYBODY, EVERYBODY, NOBODY]) | st.builds(
    Voices,
    only_speakers=_actors,
    only_kinds=_some(_KINDS),
    only_relations=st.sampled_from([frozenset[str](), frozenset({"self-report"})]),
    not_speakers=_actors,
    not_kinds=_some(_KINDS),
    not_relations=st.sampled_from([frozenset[str](), frozenset({"author"})]),
)
_full = st.builds(
    Policy,
    iri=st.just(f"{VIEW}mine"),
    heard=_voices,
    denial_veto=_voices,
    doubt_veto=_voices,
    independent=st.integers(0, 2),
    only_sources=_some(["urn:seed", "urn:g1"]),
    not_sources=_some(["urn:wire", "urn:g2", "urn:data"]),
    stances=st.frozensets(st.sampled_from(_STANCES), max_size=4),
    reliability=st.sampled_from(["", "B"]),
    ungraded=st.booleans(),
    known_on=st.sampled_from(["", *_DAYS]),
    number=st.sampled_from(["", *NUMBERS]),
)
_ASKED = ("heard", "denial_veto", "doubt_veto", "independent", "only_sources", "not_sources", "stances")
_ALSO_ASKED = ("reliability", "known_on", "number")


@st.composite
def own_policies(draw: st.DrawFn) -> Policy:
    """Policies that ask for one or two things, as those of people do; now and then an actor's side."""
    if draw(st.integers(0, 5)) == 0:
        side = as_told_by(iri(draw(st.sampled_from(ACTORS))), with_subordinates=draw(st.booleans()))
        return replace(side, known_on=draw(st.sampled_from(["", *_DAYS])))
    full = draw(_full)
    asked = draw(st.sets(st.sampled_from([*_ASKED, *_ALSO_ASKED]), min_size=1, max_size=2))
    return Policy(full.iri, ungraded=full.ungraded, **{name: getattr(full, name) for name in asked})


@st.composite
def said(draw: st.DrawFn) -> list[ox.Quad]:
    """Claims, propositions and rows in several graphs, with what a policy may ask of them."""
    book = draw(books())
    found = [*declared(), quad("agency", f"{RDF}type", Value(f"{EKG}MediaOutlet"))]
    found += [
        quad("author", "subordinateTo", node("ministry")),
        quad("row1", "fromDataset", Value("urn:data")),
    ]
    for proposition in book.propositions.values():
        found += proposition_quads(proposition)
    found += [q for number in ("22", "30") for q in _figure(number)]
    for claim in (*book.claims.values(), *draw(_figure_claims())):
        graph = draw(st.sampled_from(_GRAPHS))
        found += [_in(graph, q) for q in claim_quads(claim)]
        found += _surroundings(claim.iri, draw)
    for name, quads in draw(rows()):
        found += quads
        found += _surroundings(name.removeprefix("urn:"), draw)
    return found


def _figure(number: str) -> Iterator[ox.Quad]:
    """A proposition of how many targets the strike had."""
    yield quad(f"n{number}", f"{RDF}type", Value(f"{EKG}Proposition"))
    yield quad(f"n{number}", "about", node("strike"))
    yield quad(f"n{number}", "predicate", Value(f"{EKG}targetsStruck"))
    yield quad(f"n{number}", "value", Value(number, f"{XSD}integer"))


def _figure_claims() -> st.SearchStrategy[list[Claim]]:
    one = st.builds(
        Claim,
        iri=st.sampled_from(["f1", "f2", "f3"]),
        claimant=st.sampled_from(ACTORS),
        stance=st.sampled_from([Stance.ASSERTS, Stance.ASSERTS, Stance.DENIES]),
        propositions=st.sampled_from([frozenset({"n22"}), frozenset({"n30"})]),
    )
    return st.lists(one, max_size=3, unique_by=lambda claim: claim.iri)


def _surroundings(claim: str, draw: st.DrawFn) -> Iterator[ox.Quad]:
    if draw(st.booleans()):
        yield quad(claim, "recordedOn", Value(draw(st.sampled_from(_DAYS)), f"{XSD}date"))
    if grade := draw(st.sampled_from(["", "", "A", "D"])):
        yield quad(f"grade-{claim}", "assesses", node(claim))
        yield quad(f"grade-{claim}", "reliability", Value(f"{CODE}reliability/{grade}"))


def _in(graph: str, said: ox.Quad) -> ox.Quad:
    return ox.Quad(said.subject, said.predicate, said.object, ox.NamedNode(graph))


@settings(max_examples=60)
@given(said(), own_policies())
def test_judging_what_may_differ_makes_the_world_that_judging_everything_makes(
    quads: list[ox.Quad], policy: Policy
) -> None:
    """Read in part, read whole, and judged whole: all as over a store in which nothing was derived."""
    bare, derived = ox.Store(), ox.Store()
    bare.extend(quads)
    derived.extend(quads)
    rederive(derived)
    try:
        from_scratch = seen(bare, policy)
    except UsageError:
        return  # it names somebody who says nothing
    assert seen(derived, policy) == from_scratch
    with patch.object(worlds, "_FEW", -1):
        assert seen(derived, policy) == from_scratch
        with patch.object(worlds, "concerned", lambda *_: None):
            assert seen(derived, policy) == from_scratch
