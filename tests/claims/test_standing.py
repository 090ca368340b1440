"""What becomes of a statement, case by case."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eventkg.claims.derive import derive
from eventkg.claims.policy import DEFAULT
from eventkg.claims.standing import Standing, standings
from eventkg.model.claim import Book, Claim, Proposition, Stance, Statement, Status, Value
from eventkg.model.naming import EKG, RDF

STRIKE = Statement("strike", f"{EKG}performedBy", Value("coalition"))
OTHER = Statement("strike", f"{EKG}performedBy", Value("turkey"))
TWO = frozenset({("count", "2")})
THREE = frozenset({("count", "3")})
P = frozenset({"p"})


def book(*claims: Claim, more: tuple[Proposition, ...] = ()) -> Book:
    """Claims about the proposition p, with the kinds of their speakers."""
    propositions = (Proposition("p", STRIKE), *more)
    kinds = {"agency": frozenset({"MediaOutlet"}), "pentagon": frozenset({"GovernmentBody"})}
    return Book({p.iri: p for p in propositions}, {c.iri: c for c in claims}, kinds)


def standing(found: Book, iri: str = "p") -> Standing:
    return standings(found, DEFAULT)[iri]


SAYS = Claim("a", "ministry", Stance.ASSERTS, P)
DENIES = Claim("b", "pentagon", Stance.DENIES, P)


@pytest.mark.parametrize(
    ("claims", "status", "independent", "most"),
    [
        pytest.param([], "Unsupported", 0, 0, id="nobody speaks"),
        pytest.param([SAYS], "Uncontested", 1, 1, id="one asserts"),
        pytest.param([SAYS, replace(SAYS, iri="a2")], "Uncontested", 1, 1, id="one asserts twice"),
        pytest.param(
            [SAYS, replace(SAYS, iri="c", claimant="turkey")], "Corroborated", 2, 2, id="two assert"
        ),
        pytest.param([SAYS, DENIES], "Contested", 1, 1, id="one asserts, one denies"),
        pytest.param([DENIES], "Contested", 0, 0, id="only denied"),
        pytest.param(
            [SAYS, replace(DENIES, stance=Stance.DOUBTS)], "Contested", 1, 1, id="doubted by a ministry"
        ),
        pytest.param(
            [SAYS, replace(DENIES, stance=Stance.DOUBTS, claimant="agency")],
            "Uncontested",
            1,
            1,
            id="an outlet's doubt vetoes nothing",
        ),
        pytest.param(
            [SAYS, replace(DENIES, stance=Stance.DOUBTS, relation="author")],
            "Uncontested",
            1,
            1,
            id="an author's doubt vetoes nothing",
        ),
        pytest.param(
            [SAYS, replace(DENIES, claimant="agency")],
            "Contested",
            1,
            1,
            id="an outlet's own denial does",
        ),
        pytest.param(
            [replace(SAYS, stance=Stance.SPECULATES)], "Unsupported", 0, 0, id="speculation asserts nothing"
        ),
        pytest.param([replace(SAYS, actual=False)], "Unsupported", 0, 0, id="an intention is no event"),
        pytest.param(
            [replace(SAYS, root_stated=False)], "Uncontested", 0, 1, id="a speaker with an unstated source"
        ),
        pytest.param(
            [SAYS, Claim("r", "agency", Stance.RELAYS, P, relays=frozenset({"a"}))],
            "Uncontested",
            1,
            1,
            id="a relay is no second source",
        ),
        pytest.param(
            [Claim("r", "agency", Stance.RELAYS, P, attributed_to=frozenset({"ministry"}))],
            "Uncontested",
            1,
            1,
            id="a relay speaks for the root it names",
        ),
        pytest.param(
            [Claim("r", "agency", Stance.RELAYS, P)], "Unsupported", 0, 1, id="a relay that names no root"
        ),
        pytest.param(
            [
                SAYS,
                Claim(
                    "d",
                    "author",
                    Stance.RELAYS,
                    P,
                    attributed_to=frozenset({"pentagon"}),
                    attributed_stance=Stance.DENIES,
                ),
            ],
            "Contested",
            1,
            1,
            id="an attributed denial",
        ),
        pytest.param(
            [Claim("u", "ucdp", Stance.ASSERTS, P, attributed_to=frozenset({"ngo", "army"}))],
            "Corroborated",
            2,
            2,
            id="a data set counts through those it names",
        ),
        pytest.param(
            [SAYS, replace(DENIES, propositions=frozenset(), responds_to=frozenset({"a"}))],
            "Contested",
            1,
            1,
            id="a denial of a claim denies what it asserts",
        ),
        pytest.param(
            [
                SAYS,
                Claim("r", "agency", Stance.RELAYS, relays=frozenset({"a"})),
                replace(DENIES, propositions=frozenset(), responds_to=frozenset({"r"})),
            ],
            "Contested",
            1,
            1,
            id="a denial of a relay reaches its root",
        ),
        pytest.param(
            [SAYS, DENIES, Claim("dd", "turkey", Stance.DENIES, responds_to=frozenset({"b"}))],
            "Contested",
            1,
            1,
            id="a denial of a denial asserts nothing",
        ),
        pytest.param(
            [SAYS, DENIES, Claim("dd", "turkey", Stance.DOUBTS, responds_to=frozenset({"b"}))],
            *("Contested", 1, 1),
            id="a doubt about a denial leaves the denial",
        ),
        pytest.param(
            [DENIES, Claim("dd", "turkey", Stance.DOUBTS, responds_to=frozenset({"b"}))],
            *("Contested", 0, 0),
            id="and asserts nothing",
        ),
        pytest.param(
            [SAYS, Claim("dd", "turkey", Stance.DOUBTS, responds_to=frozenset({"a"}))],
            *("Contested", 1, 1),
            id="a doubt about an assertion doubts what it asserts",
        ),
        pytest.param(
            [SAYS, replace(SAYS, iri="c", claimant="turkey"), DENIES],
            *("Contested", 2, 2),
            id="contested goes before corroborated",
        ),
        pytest.param(
            [SAYS, replace(SAYS, iri="c", claimant="turkey"), replace(DENIES, stance=Stance.SPECULATES)],
            *("Corroborated", 2, 2),
            id="a guess contests nothing",
        ),
        pytest.param(
            [SAYS, replace(DENIES, actual=False)],
            *("Contested", 1, 1),
            id="who denies that it is intended denies it",
        ),
        pytest.param(
            [
                SAYS,
                Claim(
                    "b",
                    "author",
                    Stance.RELAYS,
                    P,
                    attributed_to=frozenset({"pentagon"}),
                    attributed_stance=Stance.DENIES,
                ),
                Claim("rb", "author", Stance.RETRACTS, responds_to=frozenset({"b"})),
            ],
            *("Uncontested", 1, 1),
            id="an attributed denial taken back by who ascribed it",
        ),
        pytest.param(
            [
                SAYS,
                Claim(
                    "b",
                    "author",
                    Stance.RELAYS,
                    P,
                    attributed_to=frozenset({"pentagon"}),
                    attributed_stance=Stance.DOUBTS,
                ),
            ],
            *("Contested", 1, 1),
            id="an attributed doubt of a ministry",
        ),
        pytest.param(
            [SAYS, replace(SAYS, iri="a2", stance=Stance.SPECULATES, replaces=frozenset({"a"}))],
            *("Unsupported", 0, 0),
            id="a correction to a mere guess",
        ),
        pytest.param(
            [SAYS, replace(SAYS, iri="a2", claimant="agency", replaces=frozenset({"a"}))],
            *("Corroborated", 2, 2),
            id="nobody corrects what another said",
        ),
        pytest.param(
            [SAYS, DENIES, Claim("rb", "pentagon", Stance.RETRACTS, responds_to=frozenset({"b"}))],
            "Uncontested",
            1,
            1,
            id="a denial taken back",
        ),
        pytest.param(
            [SAYS, Claim("rb", "ministry", Stance.RETRACTS, P)],
            "Unsupported",
            0,
            0,
            id="a retracted proposition",
        ),
        pytest.param(
            [
                replace(SAYS, claimed_on="2017-01-24"),
                Claim("rb", "ministry", Stance.RETRACTS, P, claimed_on="2017-01-23"),
            ],
            "Uncontested",
            1,
            1,
            id="said again after it was retracted",
        ),
        pytest.param(
            [SAYS, Claim("a2", "ministry", Stance.DENIES, P, replaces=frozenset({"a"}))],
            "Contested",
            0,
            0,
            id="a correction takes the place of what it corrects",
        ),
        pytest.param(
            [
                Claim("x", "agency", Stance.RELAYS, P, relays=frozenset({"y"})),
                Claim("y", "sputnik", Stance.RELAYS, P, relays=frozenset({"x"})),
            ],
            "Unsupported",
            0,
            0,
            id="relays in a circle",
        ),
    ],
)
def test_a_statement_stands_as_it_was_spoken_for(
    claims: list[Claim], status: str, independent: int, most: int
) -> None:
    found = standing(book(*claims))
    assert (found.status.value, found.independent, found.independent_max) == (status, independent, most)


def test_a_contradicting_assertion_contests_both_sides() -> None:
    rival = Proposition("q", OTHER, contradicts=P)
    found = book(SAYS, Claim("o", "ministry", Stance.ASSERTS, frozenset({"q"})), more=(rival,))
    assert {standing(found, iri).status for iri in "pq"} == {Status.CONTESTED}


def test_a_contradicting_speculation_contests_nothing() -> None:
    rival = Proposition("q", OTHER, contradicts=P)
    found = book(SAYS, Claim("o", "author", Stance.SPECULATES, frozenset({"q"})), more=(rival,))
    assert standing(found).status is Status.UNCONTESTED


def test_a_dispute_about_the_number_leaves_the_plain_fact() -> None:
    two, three = (
        Proposition("p2", STRIKE, TWO, contradicts=frozenset({"p3"})),
        Proposition("p3", STRIKE, THREE),
    )
    found = book(
        Claim("a", "ministry", Stance.ASSERTS, frozenset({"p2"})),
        Claim("b", "turkey", Stance.ASSERTS, frozenset({"p3"})),
        more=(two, three),
    )
    assert standing(found, "p2").status is Status.CORROBORATED
    assert standing(found, "p2").detail_status is Status.CONTESTED
    assert standing(found, "p2").asserted_by == {"ministry"}
    assert standing(found, "p3").asserted_by == {"turkey"}
    derived = {(t.subject, t.predicate, t.object.text) for t in derive(found, DEFAULT)}
    assert ("strike", f"{EKG}performedBy", "coalition") in derived
    assert ("strike", f"{EKG}hasFact", "p") in derived
    assert not derived & {("strike", f"{EKG}hasFact", "p2"), ("strike", f"{EKG}hasFact", "p3")}


def test_whoever_denies_a_number_but_asserts_another_does_not_deny_the_statement() -> None:
    two, three = Proposition("p2", STRIKE, TWO), Proposition("p3", STRIKE, THREE)
    found = book(
        Claim("a", "ministry", Stance.ASSERTS, frozenset({"p2"})),
        Claim("b", "turkey", Stance.ASSERTS, frozenset({"p3"})),
        Claim("c", "turkey", Stance.DENIES, frozenset({"p2"})),
        more=(two, three),
    )
    assert standing(found, "p2").status is Status.CORROBORATED
    assert standing(found, "p2").detail_status is Status.CONTESTED
    assert standing(found, "p3").detail_status is Status.UNCONTESTED
    assert standing(found, "p").denied_by == frozenset()


def test_an_event_whose_happening_is_contested_has_no_facts() -> None:
    happened = Proposition("t", Statement("strike", f"{RDF}type", Value(f"{EKG}AirStrike")))
    said = [SAYS, Claim("s", "ministry", Stance.ASSERTS, frozenset({"t"}))]
    before = {t for t in derive(book(*said, more=(happened,)), DEFAULT) if t.subject == "strike"}
    assert {(t.predicate, t.object.text) for t in before} == {
        (f"{RDF}type", f"{EKG}AirStrike"),
        (f"{RDF}type", f"{EKG}Event"),
        (f"{EKG}performedBy", "coalition"),
        (f"{EKG}hasFact", "p"),
        (f"{EKG}hasFact", "t"),
    }
    denied = Claim("n", "pentagon", Stance.DENIES, frozenset({"t"}))
    after = derive(book(*said, denied, more=(happened,)), DEFAULT)
    assert not [t for t in after if t.subject == "strike"]
    assert standing(book(*said, denied, more=(happened,))).status is Status.UNCONTESTED


def test_claims_that_withdraw_each_other_in_a_circle_both_stand() -> None:
    first = Claim("x", "ministry", Stance.ASSERTS, P, replaces=frozenset({"y"}))
    second = Claim("y", "ministry", Stance.ASSERTS, P, replaces=frozenset({"x"}))
    assert standing(book(first, second)).asserted_by == {"ministry"}
