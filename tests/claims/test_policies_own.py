"""Laws that hold of every policy that an analyst may declare."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.claims.books import ACTORS, PROPOSITIONS, books, claims, with_claim
from tests.claims.test_laws import FACTLESS

from eventkg.claims.derive import Triple, derive
from eventkg.claims.hearing import judge, listen, said_by
from eventkg.claims.policy import (
    DEFAULT,
    EVERYBODY,
    NOBODY,
    NUMBERS,
    Policy,
    Voices,
    as_known_on,
    as_told_by,
)
from eventkg.claims.positions import positions
from eventkg.claims.standing import open_debate
from eventkg.model.claim import Book, Claim, Proposition, Stance, Statement, Value
from eventkg.model.naming import EKG, VIEW, XSD

SOURCES = ["seed", "wire"]
DAYS = ["2017-01-21", "2017-01-22", "2017-01-23"]
LAST = DAYS[-1]
IRI = f"{VIEW}mine"
_STANCES = [s for s in Stance if s is not Stance.RETRACTS]
law = settings(max_examples=30)  # of fifteen laws; those of claims themselves have their own
_actors = st.sampled_from(ACTORS)
_propositions = st.sampled_from(sorted(p.iri for p in PROPOSITIONS))


def _some(values: list[str]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), max_size=2)


voices = st.just(EVERYBODY) | st.builds(
    Voices,
    only_speakers=_some(ACTORS),
    only_kinds=_some(["MediaOutlet", "GovernmentBody"]),
    not_speakers=_some(ACTORS),
    not_kinds=_some(["MediaOutlet"]),
    not_relations=_some(["author"]),
    nobody=st.sampled_from([False, False, False, True]),
)
policies = st.builds(
    Policy,
    iri=st.just(IRI),
    heard=voices,
    denial_veto=voices,
    doubt_veto=voices,
    independent=st.integers(0, 2),
    only_sources=_some(SOURCES),
    not_sources=st.sampled_from([frozenset[str](), frozenset({"wire"})]),
    stances=st.frozensets(st.sampled_from(_STANCES), max_size=3),
    reliability=st.sampled_from(["", "", "B", "E"]),
    ungraded=st.booleans(),
    known_on=st.sampled_from(["", "", *DAYS]),
    number=st.sampled_from(["", *NUMBERS]),
)


@st.composite
def full_books(draw: st.DrawFn) -> Book:
    """Books whose claims have a source, a day by which they were made, and sometimes a grade."""
    found = draw(books())
    described = {
        iri: replace(
            claim,
            not_after=draw(st.sampled_from(DAYS)),
            sources=draw(_some(SOURCES)) or frozenset({"seed"}),
            grades=draw(st.frozensets(st.sampled_from([("A", "u"), ("C", "u"), ("F", "u")]), max_size=2)),
        )
        for iri, claim in found.claims.items()
    }
    return replace(found, claims=described)


def facts(found: Book, policy: Policy) -> frozenset[Triple]:
    return frozenset(t for t in derive(found, policy) if t.predicate not in FACTLESS)


def world(found: Book, policy: Policy) -> frozenset[Triple]:
    """Everything but the policy's name."""
    return frozenset(t for t in derive(found, policy) if t.predicate != f"{EKG}policy")


def figure(iri: str, number: str, predicate: str = "targetsStruck") -> Proposition:
    return Proposition(iri, Statement("strike", EKG + predicate, Value(number, f"{XSD}integer")))


@law
@given(full_books(), policies)
def test_the_default_world_is_as_it_was_after_another_was_looked_at(found: Book, policy: Policy) -> None:
    before = derive(found, DEFAULT)
    derive(found, policy)
    assert derive(found, DEFAULT) == before


@law
@given(full_books(), policies)
def test_the_world_as_known_on_the_last_day_is_the_policys_own(found: Book, policy: Policy) -> None:
    assert world(found, as_known_on(policy, LAST)) == world(found, policy)


@law
@given(full_books(), policies, claims("new"), st.sampled_from(DAYS[:-1]))
def test_what_is_said_after_a_day_changes_nothing_known_on_it(
    found: Book, policy: Policy, later: Claim, day: str
) -> None:
    later = replace(later, claimed_on=LAST, sources=frozenset({"seed"}))
    known = as_known_on(policy, day)
    assert derive(with_claim(found, later), known) == derive(found, known)


@law
@given(full_books(), policies, claims("new", [Stance.DENIES, Stance.DOUBTS]))
def test_an_objection_never_adds_a_fact_to_any_world(found: Book, policy: Policy, objection: Claim) -> None:
    objection = replace(
        objection,
        replaces=frozenset(),
        attributed_to=frozenset(),
        not_after=LAST,
        sources=frozenset({"seed"}),
    )
    assert facts(with_claim(found, objection), policy) <= facts(found, policy)


@law
@given(full_books(), policies, _actors)
def test_a_wider_veto_never_adds_a_fact(found: Book, policy: Policy, actor: str) -> None:
    def narrower(wide: Voices) -> Voices:
        return replace(wide, not_speakers=wide.not_speakers | {actor})

    less = replace(policy, denial_veto=narrower(policy.denial_veto), doubt_veto=narrower(policy.doubt_veto))
    assert facts(found, policy) <= facts(found, less)
    assert facts(found, replace(policy, denial_veto=EVERYBODY)) <= facts(found, policy)
    assert facts(found, policy) <= facts(found, replace(policy, denial_veto=NOBODY))


@law
@given(full_books(), policies, _propositions, _actors)
def test_a_retraction_restores_any_world_as_it_was_without_the_claim(
    found: Book, policy: Policy, proposition: str, actor: str
) -> None:
    said = Claim(
        "new",
        actor,
        Stance.ASSERTS,
        frozenset({proposition}),
        not_after=DAYS[0],
        sources=frozenset({"seed"}),
        grades=frozenset({("A", "u")}),
    )
    taken_back = Claim(
        "newer",
        actor,
        Stance.RETRACTS,
        responds_to=frozenset({"new"}),
        not_after=DAYS[0],
        sources=frozenset({"seed"}),
    )
    assert derive(with_claim(found, said, taken_back), policy) == derive(found, policy)


@law
@given(full_books(), policies)
def test_every_fact_of_an_own_world_is_asserted_by_a_voice_that_it_hears(found: Book, policy: Policy) -> None:
    heard, listening = listen(found, policy)
    asserted = {
        heard.propositions[p.proposition].statement
        for p in positions(heard)
        if p.stance is Stance.ASSERTS and listening.heard.include(p, heard.kinds)
    }
    there = {
        iri for iri, claim in found.claims.items() if not policy.known_on or said_by(claim) <= policy.known_on
    }
    assert set(heard.claims) <= there
    for standing in judge(open_debate(found), policy).values():
        assert not standing.adopted or standing.proposition.statement in asserted
        assert not standing.adopted or standing.independent >= policy.independent


@law
@given(full_books(), policies)
def test_what_is_heard_once_is_heard_again(found: Book, policy: Policy) -> None:
    once = listen(found, policy)[0]
    assert positions(listen(once, policy)[0]) == positions(once)


@law
@given(full_books(), st.sampled_from(NUMBERS), policies)
def test_of_numbers_told_differently_one_at_most_is_a_fact(found: Book, number: str, policy: Policy) -> None:
    told = {iri: figure(iri, number) for iri, number in (("n1", "22"), ("n2", "30"))}
    said = [
        Claim(f"new{n}", actor, Stance.ASSERTS, frozenset({f"n{n}"}), not_after=DAYS[0])
        for n, actor in ((1, "ministry"), (2, "agency"))
    ]
    found = replace(found, propositions={**found.propositions, **told})
    chosen = {
        t.object.text
        for t in facts(with_claim(found, *said), replace(policy, number=number))
        if t.predicate == f"{EKG}targetsStruck"
    }
    assert len(chosen) <= 1


@law
@given(full_books(), _actors, _actors, st.sampled_from(["", *DAYS]))
def test_a_world_with_subordinates_holds_what_they_assert_and_nothing_that_they_deny(
    found: Book, actor: str, other: str, day: str
) -> None:
    found = replace(found, subordinates={actor: frozenset({other}), other: frozenset({actor})})
    policy = replace(as_told_by(actor, with_subordinates=True), known_on=day)
    heard = listen(found, policy)[0]
    judged = judge(open_debate(found), policy)
    own = [p for p in positions(heard) if p.speaker in {actor, other}]
    denied = {judged[p.proposition].proposition.statement for p in own if p.stance is Stance.DENIES}
    for position in own:
        standing = judged[position.proposition]
        if position.stance is Stance.DENIES:
            assert not standing.detail_adopted
        if position.stance in {Stance.ASSERTS, Stance.RELAYS}:
            assert standing.adopted or standing.proposition.statement in denied
