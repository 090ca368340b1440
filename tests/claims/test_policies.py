"""The same claims through other eyes: what each policy adopts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.claims.books import ACTORS, books

from eventkg.claims.derive import derive
from eventkg.claims.policy import ALL, CORROBORATED, DEFAULT, Policy, as_told_by, named_policy
from eventkg.claims.standing import standings
from eventkg.errors import UsageError
from eventkg.model.claim import Book, Stance, Status
from eventkg.model.naming import EKG

_actors = st.sampled_from(ACTORS)


def adopted(book: Book, policy: Policy) -> set[str]:
    return {iri for iri, standing in standings(book, policy).items() if standing.adopted}


def stances(book: Book, actor: str, *wanted: Stance) -> set[str]:
    """Propositions that the actor itself takes one of these stances on, in claims that nobody withdrew."""
    from eventkg.claims.positions import positions

    return {p.proposition for p in positions(book) if p.speaker == actor and p.stance in wanted}


@given(books(), _actors)
def test_an_actors_world_holds_what_it_asserts_or_relays_unless_it_denies_it(book: Book, actor: str) -> None:
    judged = standings(book, as_told_by(actor))
    denied = {judged[p].proposition.statement for p in judged if actor in judged[p].denied_by}
    for iri in stances(book, actor, Stance.ASSERTS, Stance.RELAYS):
        assert judged[iri].adopted or judged[iri].proposition.statement in denied


@given(books(), _actors)
def test_an_actors_world_holds_nothing_that_it_denies(book: Book, actor: str) -> None:
    judged = standings(book, as_told_by(actor))
    for iri in stances(book, actor, Stance.DENIES):
        assert not judged[iri].detail_adopted


@given(books(), _actors)
def test_an_actors_world_differs_from_the_default_only_where_the_actor_spoke(book: Book, actor: str) -> None:
    own = stances(book, actor, Stance.ASSERTS, Stance.RELAYS, Stance.DENIES)
    spoken = {book.propositions[iri].statement for iri in own}
    changed = adopted(book, as_told_by(actor)) ^ adopted(book, DEFAULT)
    assert {book.propositions[iri].statement for iri in changed} <= spoken


@given(books())
def test_the_corroborated_world_is_part_of_the_default(book: Book) -> None:
    judged = standings(book, CORROBORATED)
    assert adopted(book, CORROBORATED) <= adopted(book, DEFAULT)
    assert all(judged[iri].independent > 1 for iri in adopted(book, CORROBORATED))


@given(books())
def test_everything_asserted_is_in_the_world_of_all_and_marked(book: Book) -> None:
    judged, default = standings(book, ALL), standings(book, DEFAULT)
    assert adopted(book, DEFAULT) <= adopted(book, ALL)
    for iri, standing in judged.items():
        assert standing.adopted or not standing.asserted_by
        assert standing.status is default[iri].status


@given(books(), _actors)
def test_looking_through_other_eyes_leaves_the_default_as_it_is(book: Book, actor: str) -> None:
    before = derive(book, DEFAULT)
    derive(book, as_told_by(actor))
    derive(book, ALL)
    assert derive(book, DEFAULT) == before


@given(books(), _actors)
def test_who_asserts_and_denies_is_the_same_through_all_eyes(book: Book, actor: str) -> None:
    names = {f"{EKG}{name}" for name in ("assertedBy", "deniedBy", "doubtedBy", "independentClaimants")}
    voices = [
        {t for t in derive(book, policy) if t.predicate in names}
        for policy in (DEFAULT, ALL, CORROBORATED, as_told_by(actor))
    ]
    assert all(found == voices[0] for found in voices)


def test_a_policy_that_listens_to_fewer_hears_no_denial_of_others() -> None:
    from tests.claims.test_standing import DENIES, SAYS, book

    from eventkg.claims.policy import Voices

    quiet = replace(DEFAULT, denial_veto=Voices(not_kinds=frozenset({"GovernmentBody"})))
    assert standings(book(SAYS, DENIES), quiet)["p"].status is Status.UNCONTESTED
    deaf = replace(DEFAULT, heard=Voices(only_speakers=frozenset({"turkey"})))
    assert standings(book(SAYS), deaf)["p"].status is Status.UNSUPPORTED


@pytest.mark.parametrize(
    ("name", "iri"),
    [
        ("default", "https://w3id.org/eventkg/view/default"),
        ("https://w3id.org/eventkg/view/all", "https://w3id.org/eventkg/view/all"),
        ("claimant/pentagon", "https://w3id.org/eventkg/view/claimant/pentagon"),
        ("claimant/ucdp/12", "https://w3id.org/eventkg/view/claimant/ucdp/12"),
        ("claimant/urn:x:army", "https://w3id.org/eventkg/view/claimant/urn%3Ax%3Aarmy"),
        ("claimant/a%3Ab", "https://w3id.org/eventkg/view/claimant/a%3Ab"),
    ],
)
def test_a_policy_has_its_views_iri_and_is_found_by_it(name: str, iri: str) -> None:
    assert named_policy(name).iri == iri
    assert named_policy(iri) == named_policy(name)


def test_an_actor_that_others_named_has_a_view_as_well() -> None:
    assert named_policy("claimant/urn:x:army") == as_told_by("urn:x:army")
    assert named_policy(as_told_by("http://x/a b").iri).partisans == {"http://x/a b"}


@pytest.mark.parametrize("name", ["", "mine", "claimant/", "Default"])
def test_an_unknown_policy_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="one of default, corroborated, all or claimant/ACTOR expected"):
        named_policy(name)
