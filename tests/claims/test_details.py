"""Whether an event happened at all, and what becomes of numbers: case by case."""

from __future__ import annotations

import pytest
from tests.claims.test_standing import SAYS, STRIKE, THREE, TWO, book, standing

from eventkg.claims.derive import derive
from eventkg.claims.policy import DEFAULT
from eventkg.model.claim import Book, Claim, Proposition, Stance, Statement, Value
from eventkg.model.naming import EKG, RDF


def kinds_disputed(*more: Claim) -> Book:
    """An event said to be a strike, and to be performed by the coalition; some say a battle."""
    kinds = [
        Proposition(iri, Statement("strike", f"{RDF}type", Value(EKG + name)))
        for iri, name in (("t", "AirStrike"), ("u", "Battle"), ("v", "Event"))
    ]
    said = Claim("s", "ministry", Stance.ASSERTS, frozenset({"t"}))
    return book(SAYS, said, *more, more=tuple(kinds))


@pytest.mark.parametrize(
    ("claims", "happened"),
    [
        pytest.param([], True, id="nobody objects"),
        pytest.param([Claim("n", "pentagon", Stance.DENIES, frozenset({"t"}))], False, id="denied"),
        pytest.param(
            [Claim("n", "pentagon", Stance.DENIES, responds_to=frozenset({"s"}))],
            *(False,),
            id="the claim that it was a strike is denied",
        ),
        pytest.param(
            [Claim("n", "agency", Stance.RELAYS, frozenset({"t"}), attributed_to=frozenset({"pentagon"}),
                   attributed_stance=Stance.DENIES)],
            *(False,),
            id="denied as another tells",
        ),
        pytest.param(
            [
                Claim("n", "pentagon", Stance.DENIES, frozenset({"t"})),
                Claim("r", "pentagon", Stance.RETRACTS, responds_to=frozenset({"n"})),
            ],
            *(True,),
            id="the denial is taken back",
        ),
        pytest.param(
            [Claim("n", "agency", Stance.DOUBTS, frozenset({"t"}))], True, id="doubted by an outlet"
        ),
        pytest.param(
            [
                Claim("n", "pentagon", Stance.DENIES, frozenset({"t"})),
                Claim("k", "turkey", Stance.ASSERTS, frozenset({"u"})),
            ],
            *(True,),
            id="it was something else that happened",
        ),
        pytest.param(
            [Claim("n", "pentagon", Stance.DENIES, frozenset({"v"}))], False, id="it was no event at all"
        ),
    ],
)  # fmt: skip
def test_an_event_has_facts_as_long_as_nobody_contests_that_it_happened(
    claims: list[Claim], happened: bool
) -> None:
    found = derive(kinds_disputed(*claims), DEFAULT)
    facts = {(t.predicate, t.object.text) for t in found if t.subject == "strike"}
    assert ((f"{EKG}performedBy", "coalition") in facts) == happened
    assert ((f"{RDF}type", f"{EKG}Event") in facts) == happened
    assert bool(facts) == happened


@pytest.mark.parametrize(
    ("claims", "status", "detail"),
    [
        pytest.param([("turkey", "Asserts", "p3")], "Corroborated", "Contested", id="another number"),
        pytest.param([("turkey", "Speculates", "p3")], "Uncontested", "Uncontested", id="guessed at"),
        pytest.param([("turkey", "Denies", "p2")], "Contested", "Contested", id="denied outright"),
        pytest.param(
            [("turkey", "Denies", "p2"), ("turkey", "Asserts", "p")], "Corroborated", "Contested",
            id="the number is denied, not the statement",
        ),
        pytest.param([("agency", "Doubts", "p2")], "Uncontested", "Uncontested", id="doubted by an outlet"),
        pytest.param([("turkey", "Doubts", "p2")], "Contested", "Contested", id="doubted by a ministry"),
        pytest.param([("turkey", "Asserts", "p2")], "Corroborated", "Corroborated", id="the same number"),
        pytest.param([("turkey", "Asserts", "p")], "Corroborated", "Uncontested", id="no number"),
    ],
)  # fmt: skip
def test_details_have_a_status_of_their_own(
    claims: list[tuple[str, str, str]], status: str, detail: str
) -> None:
    two = Proposition("p2", STRIKE, TWO, contradicts=frozenset({"p3"}))
    said = [
        Claim(f"c{n}", who, Stance(stance), frozenset({iri})) for n, (who, stance, iri) in enumerate(claims)
    ]
    first = Claim("a", "ministry", Stance.ASSERTS, frozenset({"p2"}))
    found = book(first, *said, more=(two, Proposition("p3", STRIKE, THREE)))
    judged = standing(found, "p2")
    assert (judged.status.value, judged.detail_status.value) == (status, detail)
    facts = {(t.predicate, t.object.text) for t in derive(found, DEFAULT) if t.subject == "strike"}
    assert ((f"{EKG}performedBy", "coalition") in facts) == (status != "Contested")
    assert ((f"{EKG}hasFact", "p2") in facts) == (detail != "Contested")
