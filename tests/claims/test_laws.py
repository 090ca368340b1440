"""What must hold of derivation whatever is claimed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.claims.books import ACTORS, PROPOSITIONS, books, claims, with_claim

from eventkg.claims.derive import Triple, derive
from eventkg.claims.policy import DEFAULT
from eventkg.claims.standing import standings
from eventkg.model.claim import Book, Claim, Stance, Status
from eventkg.model.naming import EKG

if TYPE_CHECKING:
    import random

law = settings(max_examples=30)  # of eleven laws, in every run others

_JUDGEMENTS = {"status", "detailStatus", "assertedBy", "deniedBy", "doubtedBy"} | {
    "independentClaimants",
    "independentClaimantsMax",
}
FACTLESS = {EKG + name for name in _JUDGEMENTS | {"policy"}}
_propositions = st.sampled_from(sorted(p.iri for p in PROPOSITIONS))


def facts(book: Book) -> frozenset[Triple]:
    """What is derived about the world, judgements left out."""
    return frozenset(t for t in derive(book, DEFAULT) if t.predicate not in FACTLESS)


def independent(book: Book) -> dict[str, int]:
    return {iri: standing.independent for iri, standing in standings(book, DEFAULT).items()}


@law
@given(books(), st.randoms())
def test_the_order_of_claims_and_propositions_does_not_matter(book: Book, chance: random.Random) -> None:
    said, propositions = list(book.claims.items()), list(book.propositions.items())
    chance.shuffle(said)
    chance.shuffle(propositions)
    assert derive(replace(book, claims=dict(said), propositions=dict(propositions)), DEFAULT) == derive(
        book, DEFAULT
    )


@law
@given(books(), claims("new", [Stance.DENIES]))
def test_adding_a_denial_never_adds_a_fact(book: Book, denial: Claim) -> None:
    denial = replace(denial, replaces=frozenset(), attributed_to=frozenset())
    assert facts(with_claim(book, denial)) <= facts(book)


@law
@given(books(), claims("new", [Stance.DOUBTS]))
def test_adding_a_doubt_never_adds_a_fact(book: Book, doubt: Claim) -> None:
    doubt = replace(doubt, replaces=frozenset(), attributed_to=frozenset())
    assert facts(with_claim(book, doubt)) <= facts(book)


@law
@given(books(), st.data())
def test_adding_a_relay_of_a_claim_changes_nothing_but_who_relays(book: Book, data: st.DataObject) -> None:
    if not book.claims:
        return
    original = data.draw(st.sampled_from(sorted(book.claims)))
    relay = Claim(
        iri="new",
        claimant=data.draw(st.sampled_from([*ACTORS, "somebody new"])),
        stance=Stance.RELAYS,
        propositions=book.claims[original].propositions,
        relays=frozenset({original}),
    )
    assert independent(with_claim(book, relay)) == independent(book)
    assert derive(with_claim(book, relay), DEFAULT) == derive(book, DEFAULT)


@law
@given(books(), _propositions, st.sampled_from(ACTORS))
def test_a_retraction_restores_what_there_was_without_the_claim(
    book: Book, proposition: str, actor: str
) -> None:
    said = Claim("new", actor, Stance.ASSERTS, frozenset({proposition}))
    taken_back = Claim("newer", actor, Stance.RETRACTS, responds_to=frozenset({"new"}))
    assert derive(with_claim(book, said, taken_back), DEFAULT) == derive(book, DEFAULT)


@law
@given(books(), _propositions, st.sampled_from(ACTORS))
def test_nobody_can_retract_what_another_said(book: Book, proposition: str, actor: str) -> None:
    said = Claim("new", "somebody else", Stance.ASSERTS, frozenset({proposition}))
    taken_back = Claim("newer", actor, Stance.RETRACTS, responds_to=frozenset({"new"}))
    assert derive(with_claim(book, said, taken_back), DEFAULT) == derive(with_claim(book, said), DEFAULT)


@law
@given(books())
def test_a_fact_is_asserted_by_somebody_and_contested_by_nobody(book: Book) -> None:
    judged = standings(book, DEFAULT).values()
    adopted = {s.proposition.statement for s in judged if s.adopted}
    asserted = {s.proposition.statement for s in judged if s.asserted_by}
    assert adopted <= asserted
    plain = {(t.subject, t.predicate, t.object) for t in facts(book) if t.predicate != f"{EKG}hasFact"}
    assert {fact for fact in plain if fact[2].text != f"{EKG}Event"} <= {tuple(s) for s in adopted}


@law
@given(books())
def test_no_statement_that_is_denied_stands_as_a_fact(book: Book) -> None:
    plain = {(t.subject, t.predicate, t.object) for t in facts(book)}
    for standing in standings(book, DEFAULT).values():
        if standing.status is Status.CONTESTED:
            assert tuple(standing.proposition.statement) not in plain


@law
@given(books())
def test_all_propositions_of_a_statement_share_its_status_and_numbers(book: Book) -> None:
    seen: dict[object, tuple[object, ...]] = {}
    for s in standings(book, DEFAULT).values():
        numbers = (s.status, s.independent, s.independent_max)
        assert seen.setdefault(s.proposition.statement, numbers) == numbers
        assert s.independent <= s.independent_max
        assert (s.status is not Status.CORROBORATED) or s.independent > 1


@law
@given(books())
def test_asserting_more_detail_asserts_less(book: Book) -> None:
    judged = standings(book, DEFAULT)
    for detailed in judged.values():
        for plain in judged.values():
            if detailed.proposition.entails(plain.proposition):
                assert detailed.asserted_by <= plain.asserted_by
                assert plain.denied_by <= detailed.denied_by


@law
@given(books())
def test_derived_facts_change_nothing_when_derived_again(book: Book) -> None:
    once = derive(book, DEFAULT)
    assert derive(book, DEFAULT) == once
    assert len({(t.subject, t.predicate) for t in once if t.predicate == f"{EKG}status"}) == len(
        book.propositions
    )
