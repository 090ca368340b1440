"""What each part of a policy does to what is heard, case by case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.claims.test_policies_own import IRI, figure
from tests.claims.test_standing import DENIES, SAYS, P, book

from eventkg.claims.hearing import judge
from eventkg.claims.policy import BELLIGERENT, DEFAULT, EVERYBODY, NOBODY, Voices, as_known_on
from eventkg.claims.standing import open_debate
from eventkg.model.claim import Claim, Proposition, Stance, Status

AGENCY = Claim("c", "agency", Stance.ASSERTS, P)
RELAY = Claim("r", "agency", Stance.RELAYS, P, relays=frozenset({"a"}), sources=frozenset({"wire"}))
GRADED = replace(SAYS, grades=frozenset({("C", "urn:me")}))


@pytest.mark.parametrize(
    ("said", "policy", "status"),
    [
        pytest.param([SAYS, DENIES], {}, "Contested", id="as the default where nothing is declared"),
        pytest.param(
            [SAYS, DENIES],
            {"heard": Voices(only_speakers=frozenset({"ministry"}))},
            "Uncontested",
            id="a denial of one who is not heard",
        ),
        pytest.param(
            [SAYS, DENIES],
            {"heard": Voices(only_kinds=frozenset({"GovernmentBody"}))},
            "Contested",
            id="an assertion of one who is not heard, a denial of one who is",
        ),
        pytest.param(
            [AGENCY],
            {"heard": Voices(not_kinds=frozenset({"MediaOutlet"}))},
            "Unsupported",
            id="an outlet where outlets are not heard",
        ),
        pytest.param(
            [SAYS, AGENCY],
            {"heard": Voices(not_kinds=frozenset({"MediaOutlet"}))},
            "Uncontested",
            id="no corroboration by one who is not heard",
        ),
        pytest.param(
            [replace(SAYS, relation="self-report"), AGENCY],
            {"heard": Voices(only_kinds=frozenset({BELLIGERENT}))},
            "Uncontested",
            id="a party to the conflict",
        ),
        pytest.param(
            [SAYS],
            {"heard": Voices(only_kinds=frozenset({BELLIGERENT}))},
            "Unsupported",
            id="no party to the conflict",
        ),
        pytest.param([SAYS, DENIES], {"denial_veto": NOBODY}, "Uncontested", id="no veto by denial"),
        pytest.param(
            [SAYS, replace(DENIES, stance=Stance.DOUBTS, claimant="agency")],
            {"doubt_veto": EVERYBODY},
            "Contested",
            id="a veto by an outlet's doubt",
        ),
        pytest.param([SAYS], {"independent": 2}, "Uncontested", id="too few for the policy"),
        pytest.param(
            [replace(SAYS, sources=frozenset({"wire"}))],
            {"only_sources": frozenset({"seed"})},
            "Unsupported",
            id="a source that is not read",
        ),
        pytest.param(
            [replace(SAYS, sources=frozenset({"seed"})), RELAY],
            {"only_sources": frozenset({"wire"})},
            "Uncontested",
            id="a relay speaks for its root where the root's own words are not read",
        ),
        pytest.param(
            [
                replace(SAYS, sources=frozenset({"seed"})),
                Claim(
                    "b", "pentagon", Stance.DENIES, responds_to=frozenset({"a"}), sources=frozenset({"wire"})
                ),
                replace(AGENCY, sources=frozenset({"wire"})),
            ],
            {"only_sources": frozenset({"wire"})},
            "Contested",
            id="a denial of a claim that is not read is still about what that said",
        ),
        pytest.param(
            [SAYS, DENIES], {"stances": frozenset({Stance.ASSERTS})}, "Uncontested", id="no denials"
        ),
        pytest.param([RELAY], {"stances": frozenset({Stance.ASSERTS})}, "Unsupported", id="no relays"),
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
            {"stances": frozenset({Stance.ASSERTS, Stance.RELAYS})},
            "Uncontested",
            id="no denials, relayed ones neither",
        ),
        pytest.param(
            [
                replace(SAYS, sources=frozenset({"wire"})),
                replace(DENIES, sources=frozenset({"seed"})),
                Claim(
                    "e", "turkey", Stance.DENIES, responds_to=frozenset({"b"}), sources=frozenset({"wire"})
                ),
            ],
            {"only_sources": frozenset({"wire"})},
            "Uncontested",
            id="a denial of a denial that is not read denies nothing",
        ),
        pytest.param([GRADED], {"reliability": "C"}, "Uncontested", id="good enough"),
        pytest.param([GRADED], {"reliability": "B"}, "Unsupported", id="not good enough"),
        pytest.param([SAYS], {"reliability": "E"}, "Unsupported", id="not graded"),
        pytest.param(
            [SAYS], {"reliability": "A", "ungraded": True}, "Uncontested", id="heard though not graded"
        ),
        pytest.param(
            [replace(SAYS, grades=frozenset({("F", "urn:me")}))],
            {"reliability": "E"},
            "Unsupported",
            id="F is no grade",
        ),
        pytest.param(
            [replace(SAYS, grades=frozenset({("A", "urn:me"), ("D", "urn:you")}))],
            {"reliability": "B"},
            "Unsupported",
            id="the worst grade counts",
        ),
        pytest.param(
            [replace(SAYS, grades=frozenset({("A", "urn:me"), ("D", "urn:you")}))],
            {"reliability": "B", "assessors": frozenset({"urn:me"})},
            "Uncontested",
            id="of those who are asked",
        ),
        pytest.param(
            [
                replace(GRADED, grades=frozenset({("A", "u")})),
                Claim("k", "ministry", Stance.ASSERTS, frozenset(), replaces=frozenset({"a"})),
            ],
            {"reliability": "B"},
            "Unsupported",
            id="an ungraded correction still takes back",
        ),
        pytest.param(
            [replace(SAYS, claimed_on="2017-01-23")],
            {"known_on": "2017-01-22"},
            "Unsupported",
            id="said later",
        ),
        pytest.param(
            [replace(SAYS, claimed_on="2017-01-20", not_after="2019-01-01")],
            {"known_on": "2017-01-22"},
            "Uncontested",
            id="said before, recorded later",
        ),
        pytest.param(
            [replace(SAYS, not_after="2017-01-22")],
            {"known_on": "2017-01-22"},
            "Uncontested",
            id="said on a day unknown, but not after",
        ),
        pytest.param([SAYS], {"known_on": "2099-01-01"}, "Unsupported", id="nothing shows when it was said"),
        pytest.param(
            [
                replace(SAYS, claimed_on="2017-01-20"),
                Claim(
                    "t", "ministry", Stance.RETRACTS, responds_to=frozenset({"a"}), claimed_on="2017-01-23"
                ),
            ],
            {"known_on": "2017-01-22"},
            "Uncontested",
            id="taken back later",
        ),
    ],
)
def test_a_policy_hears_what_it_declares(said: list[Claim], policy: dict[str, object], status: str) -> None:
    mine = replace(DEFAULT, iri=IRI, **policy)  # type: ignore[arg-type]
    standing = judge(open_debate(book(*said)), mine)["p"]
    assert standing.status is Status(status)
    fact = status == "Uncontested" and "independent" not in policy
    assert standing.adopted == fact


NUMBERS_TOLD = [
    Claim("1", "ministry", Stance.ASSERTS, frozenset({"n10"})),
    Claim("2", "turkey", Stance.ASSERTS, frozenset({"n20"})),
    Claim("3", "agency", Stance.ASSERTS, frozenset({"n20"})),
    Claim("4", "author", Stance.ASSERTS, frozenset({"n30"})),
]


@pytest.mark.parametrize(
    ("number", "more", "taken"),
    [
        ("", [], {"10", "20", "30"}),
        ("low", [], {"10"}),
        ("high", [], {"30"}),
        ("best", [], {"20"}),
        pytest.param("best", [Claim("5", "u", Stance.ASSERTS, frozenset({"n10"}))], {"10"}, id="a tie"),
        pytest.param("low", [Claim("5", "u", Stance.DENIES, frozenset({"n10"}))], set(), id="denied"),
        pytest.param(
            "low", [Claim("5", "u", Stance.DENIES, frozenset({"n30"}))], {"10"}, id="another denied"
        ),
        pytest.param("low", [Claim("5", "u", Stance.SPECULATES, frozenset({"n5"}))], {"10"}, id="a guess"),
    ],
)
def test_a_policy_takes_one_number_of_several(number: str, more: list[Claim], taken: set[str]) -> None:
    told = [figure("n5", "5"), figure("n10", "10"), figure("n20", "20"), figure("n30", "30")]
    told[1] = replace(told[1], contradicts=frozenset({"n30"}) if number else frozenset())
    found = book(*NUMBERS_TOLD, *more, more=tuple(told))
    judged = judge(open_debate(found), replace(DEFAULT, iri=IRI, number=number))
    assert {s.proposition.statement.object.text for s in judged.values() if s.adopted} == taken
    if number:
        assert {judged[iri].status for iri in ("n10", "n20", "n30")} == {Status.CONTESTED}


@pytest.mark.parametrize(("number", "taken"), [("", set()), ("low", {"two"}), ("high", {"three"})])
def test_a_policy_takes_one_count_of_several_and_leaves_the_plain_fact(number: str, taken: set[str]) -> None:
    two = Proposition(
        "two", book().propositions["p"].statement, frozenset({("count", "2")}), frozenset({"three"})
    )
    three = replace(two, iri="three", qualifiers=frozenset({("count", "3")}), contradicts=frozenset({"two"}))
    told = [
        Claim("1", "ministry", Stance.ASSERTS, frozenset({"two"})),
        Claim("2", "turkey", Stance.ASSERTS, frozenset({"three"})),
    ]
    judged = judge(open_debate(book(*told, more=(two, three))), replace(DEFAULT, iri=IRI, number=number))
    assert judged["p"].adopted
    assert {iri for iri in ("two", "three") if judged[iri].detail_adopted} == taken


def test_a_number_that_only_an_unheard_speaker_tells_is_not_chosen() -> None:
    told = (figure("n10", "10"), figure("n20", "20"), figure("n30", "30"))
    deaf = replace(DEFAULT, iri=IRI, number="low", heard=Voices(not_speakers=frozenset({"ministry"})))
    judged = judge(open_debate(book(*NUMBERS_TOLD, more=told)), deaf)
    assert [iri for iri, standing in judged.items() if standing.adopted] == ["n20"]


def test_the_three_sums_of_a_row_stay_three_attributes() -> None:
    sums = (
        figure("low", "1", "deathsLow"),
        figure("best", "4", "deathsBest"),
        figure("high", "9", "deathsHigh"),
    )
    said = Claim("1", "ucdp", Stance.ASSERTS, frozenset({"low", "best", "high"}))
    judged = judge(open_debate(book(said, more=sums)), replace(DEFAULT, iri=IRI, number="high"))
    assert all(judged[iri].adopted for iri in ("low", "best", "high"))


def test_details_that_only_an_unheard_speaker_gives_are_no_facts() -> None:
    two = Proposition("two", book().propositions["p"].statement, frozenset({("count", "2")}))
    said = Claim("2", "agency", Stance.ASSERTS, frozenset({"two"}))
    quiet = replace(DEFAULT, iri=IRI, heard=Voices(not_speakers=frozenset({"agency"})))
    judged = judge(open_debate(book(SAYS, said, more=(two,))), quiet)
    assert judged["two"].adopted
    assert not judged["two"].detail_adopted


def test_a_policy_with_a_day_of_its_own_is_not_known_later() -> None:
    mine = replace(DEFAULT, iri=IRI, known_on="2017-01-21")
    assert as_known_on(mine, "2017-01-23").known_on == "2017-01-21"
    assert as_known_on(mine, "2017-01-20").known_on == "2017-01-20"
