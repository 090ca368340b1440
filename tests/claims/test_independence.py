"""How many sources a statement has: one for each root, however it travelled."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.claims.test_standing import P, book

from eventkg.claims.independence import sources
from eventkg.claims.policy import DEFAULT
from eventkg.claims.positions import positions
from eventkg.claims.standing import standings
from eventkg.model.claim import Book, Claim, Stance

ASSERTS, RELAYS = Stance.ASSERTS, Stance.RELAYS
TEN = range(10)


def outlet(number: int, document: str = "", **more: object) -> Claim:
    """One of ten outlets says it in a document of its own."""
    found = Claim(
        f"c{number}", f"outlet{number}", ASSERTS, P, documents=frozenset({document or f"d{number}"})
    )
    return replace(found, **more)  # type: ignore[arg-type]


def row(number: int, maker: str, document: str, *roots: str) -> Claim:
    """A row of a data set, coded out of a document."""
    documents, attributed = frozenset({document}), frozenset(roots)
    return Claim(f"r{number}", maker, ASSERTS, P, documents=documents, attributed_to=attributed, bulk=True)


WIRE = {f"d{n}": "wire" for n in TEN} | {"wire": "wire"}
OUTLETS = {f"outlet{n}": frozenset({"MediaOutlet"}) for n in TEN}
MINISTRY = Claim("m", "ministry", ASSERTS, P, documents=frozenset({"d1"}))


@pytest.mark.parametrize(
    ("claims", "texts", "makers", "independent", "most"),
    [
        pytest.param([outlet(n) for n in TEN], {}, {}, 10, 10, id="ten outlets with texts of their own"),
        pytest.param([outlet(n) for n in TEN], WIRE, {}, 1, 1, id="a wire printed by ten outlets"),
        pytest.param(
            [Claim("w", "agency", ASSERTS, P)]
            + [outlet(n, stance=RELAYS, relays=frozenset({"w"})) for n in TEN],
            *({}, {}, 1, 1),
            id="a wire relayed by ten outlets",
        ),
        pytest.param(
            [outlet(n, stance=RELAYS, attributed_to=frozenset({"agency"})) for n in TEN],
            *({}, {}, 1, 1),
            id="ten outlets that name the agency",
        ),
        pytest.param(
            [outlet(n, stance=RELAYS) for n in TEN], WIRE, {}, 0, 1, id="ten that print it and name nobody"
        ),
        pytest.param(
            [outlet(n, stance=RELAYS) for n in TEN], {}, {}, 0, 10, id="ten that name nobody, in their words"
        ),
        pytest.param(
            [outlet(1, stance=RELAYS), outlet(2)], WIRE, {}, 1, 1, id="one prints it as its own, one relays"
        ),
        pytest.param(
            [outlet(1), MINISTRY], WIRE, {}, 2, 2, id="who is quoted in a wire is not who prints it"
        ),
        pytest.param(
            [outlet(1, "wire"), outlet(2)], WIRE, {"wire": "outlet1"}, 1, 1, id="the outlet that wrote it too"
        ),
        pytest.param(
            [outlet(1, "d2"), outlet(2)],
            *(WIRE, {"d2": "outlet2"}, 2, 2),
            id="an outlet quoted in what another wrote and others print",
        ),
        pytest.param(
            [outlet(1, "d", relation="author"), outlet(2, "d", relation="aggregator")],
            *({}, {}, 1, 1),
            id="an author and who collects from the text",
        ),
        pytest.param(
            [MINISTRY, replace(MINISTRY, iri="m2", documents=frozenset({"d2"}))],
            *({}, {}, 1, 1),
            id="an actor quoted through two channels",
        ),
        pytest.param(
            [row(n, "coder", "article") for n in TEN], {}, {}, 1, 1, id="one article that yields many rows"
        ),
        pytest.param(
            [row(1, "coder", "article"), row(2, "other-coder", "article")],
            *({}, {}, 1, 1),
            id="one article coded by two makers",
        ),
        pytest.param(
            [row(1, "coder", "d1"), row(2, "other-coder", "d2")], WIRE, {}, 1, 1, id="a wire coded twice"
        ),
        pytest.param(
            [row(1, "coder", "d1"), row(2, "other-coder", "d2")], {}, {}, 2, 2, id="two articles, two makers"
        ),
        pytest.param(
            [row(1, "coder", "d1", "ngo", "army"), row(2, "other-coder", "d1", "army")],
            *({}, {}, 2, 2),
            id="rows count by those to whom they ascribe it",
        ),
        pytest.param(
            [MINISTRY, row(1, "coder", "d9", "ministry")], {}, {}, 1, 1, id="a row that leads to a speaker"
        ),
        pytest.param(
            [outlet(1), outlet(2), outlet(3, stance=RELAYS, documents=frozenset({"d1", "d2"}))],
            *({"d1": "d1", "d2": "d2"}, {}, 2, 2),
            id="a relay in two texts makes no one source of them",
        ),
        pytest.param(
            [outlet(1, stance=RELAYS, relays=frozenset({"not at hand"}))],
            *({}, {}, 0, 1),
            id="a relay of a claim that is not at hand",
        ),
        pytest.param(
            [outlet(1, root_stated=False), outlet(2)], {}, {}, 1, 2, id="a speaker whose source is unstated"
        ),
        pytest.param(
            [outlet(1, root_stated=False), replace(outlet(2), claimant="outlet1")],
            *({}, {}, 1, 1),
            id="and who states it elsewhere",
        ),
    ],
)  # fmt: skip
def test_a_root_is_one_source_however_it_travels(
    claims: list[Claim], texts: dict[str, str], makers: dict[str, str], independent: int, most: int
) -> None:
    made = {document: frozenset({maker}) for document, maker in makers.items()}
    found = replace(book(*claims), texts=texts, makers=made, kinds=OUTLETS)
    judged = standings(found, DEFAULT)["p"]
    assert (judged.independent, judged.independent_max) == (independent, most)
    assert judged.status.value == ("Corroborated" if independent > 1 else judged.status.value)


def ring(size: int, *more: Claim) -> Book:
    """Claims that relay each other in a circle, each beside the proposition."""
    circle = [
        Claim(f"c{n}", f"outlet{n}", RELAYS, P, relays=frozenset({f"c{(n + 1) % size}"})) for n in range(size)
    ]
    return book(*circle, *more)


@pytest.mark.parametrize("size", [1, 2, 3, 2_000])
def test_relays_in_a_circle_add_nobody(size: int) -> None:
    assert sources(p for p in positions(ring(size)) if p.stance is ASSERTS) == (0, 0)
    judged = standings(ring(size, Claim("m", "ministry", ASSERTS, P)), DEFAULT)["p"]
    assert judged.independent == 1
    assert judged.asserted_by == {"ministry"}
