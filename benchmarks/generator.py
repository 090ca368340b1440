"""Seeded synthetic events with claims, as N-Quads: about 20 statements an event, everything shared included.

Nothing in it is real: actors, places and documents are numbered.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from eventkg.model.naming import BASE, CODE, EKG, RDF, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterator

GRAPH = f"{BASE}graph/synthetic"
ACTORS, PLACES, DOCUMENTS_PER_EVENT = 300, 2_000, 0.6
AIRCRAFT = 40  # types, in every second event one
_ROLES = ("performedBy", "supportedBy", "target")


def quads(events: int, contested: float = 0.0, seed: int = 1) -> Iterator[str]:
    """Lines of N-Quads; a share `contested` of the events has a part in it that one asserts and one denies.

    In every second of them it is a part that the data set itself gives.
    """
    chance = random.Random(seed)  # noqa: S311  (no secret)
    yield from _shared(chance, max(1, int(events * DOCUMENTS_PER_EVENT)))
    for number in range(events):
        lines = list(_event(number, chance, max(1, int(events * DOCUMENTS_PER_EVENT))))
        yield from lines
        if chance.random() < contested:
            given = next(line.split(" ")[2] for line in lines if f"<{EKG}performedBy>" in line)
            yield from _contest(number, chance, given if number % 2 else "")


def flown(events: int, seed: int = 1) -> Iterator[str]:
    """Lines of N-Quads beside those of `quads`: aircraft types, and which of them flew in which event."""
    chance = random.Random(seed)  # noqa: S311  (no secret)
    for number in range(AIRCRAFT):
        yield _line(_iri("equipment", number), f"{RDF}type", f"<{EKG}AircraftType>")
        yield _line(_iri("equipment", number), f"{SKOS}prefLabel", f'"Aircraft {number}"@en')
    for number in range(0, events, 2):
        yield _line(
            _iri("event", number), f"{EKG}usedEquipment", _ref("equipment", chance.randrange(AIRCRAFT))
        )


def _line(subject: str, predicate: str, obj: str) -> str:
    return f"<{subject}> <{predicate}> {obj} <{GRAPH}> .\n"


def _iri(kind: str, number: int) -> str:
    return f"{BASE}id/{kind}/synthetic/{number}"


def _ref(kind: str, number: int) -> str:
    return f"<{_iri(kind, number)}>"


def _typed(value: object, datatype: str) -> str:
    return f'"{value}"^^<{XSD}{datatype}>'


def _shared(chance: random.Random, documents: int) -> Iterator[str]:
    for number in range(ACTORS):
        kind = chance.choice(("ArmedForce", "ArmedGroup", "State", "MediaOutlet", "GovernmentBody"))
        yield _line(_iri("actor", number), f"{RDF}type", f"<{EKG}{kind}>")
        yield _line(_iri("actor", number), f"{SKOS}prefLabel", f'"Actor {number}"@en')
    for number in range(PLACES):
        place = _iri("place", number)
        yield _line(place, f"{RDF}type", f"<{EKG}Settlement>")
        yield _line(place, f"{SKOS}prefLabel", f'"Place {number}"@en')
        yield _line(place, f"{EKG}latitude", _typed(round(chance.uniform(32, 37), 5), "decimal"))
        yield _line(place, f"{EKG}longitude", _typed(round(chance.uniform(36, 42), 5), "decimal"))
    for number in range(documents):
        yield _line(_iri("document", number), f"{RDF}type", f"<{EKG}Document>")


def _event(number: int, chance: random.Random, documents: int) -> Iterator[str]:
    event, claim = _iri("event", number), _iri("claim", number)
    day = f"{chance.randint(2012, 2019)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    low = chance.randint(0, 9)
    yield _line(event, f"{RDF}type", f"<{EKG}{chance.choice(('AirStrike', 'Battle', 'Operation'))}>")
    yield _line(event, f"{RDF}type", f"<{EKG}Event>")
    yield _line(event, f"{SKOS}prefLabel", f'"Event {number} at place"@en')
    for name in ("date", "earliestStart", "latestEnd"):
        yield _line(event, EKG + name, _typed(day, "date"))
    yield _line(event, f"{EKG}datePrecision", f"<{CODE}date-precision/day>")
    yield _line(event, f"{EKG}place", _ref("place", chance.randrange(PLACES)))
    for role in _ROLES[: chance.randint(1, 3)]:
        yield _line(event, EKG + role, _ref("actor", chance.randrange(ACTORS)))
    for name, deaths in (("deathsLow", low), ("deathsBest", low + 1), ("deathsHigh", low + 3)):
        yield _line(event, EKG + name, _typed(deaths, "integer"))
    yield _line(claim, f"{RDF}type", f"<{EKG}Claim>")
    yield _line(claim, f"{EKG}claimant", _ref("actor", 0))
    yield _line(claim, f"{EKG}stance", f"<{EKG}Asserts>")
    yield _line(claim, f"{EKG}conveys", f"<{event}>")
    yield _line(claim, f"{EKG}foundIn", _ref("document", chance.randrange(documents)))


def _contest(number: int, chance: random.Random, given: str) -> Iterator[str]:
    """That the actor `given` performed the event, or that another one supported it."""
    proposition = _iri("proposition", number)
    yield _line(proposition, f"{RDF}type", f"<{EKG}Proposition>")
    yield _line(proposition, f"{EKG}about", _ref("event", number))
    yield _line(proposition, f"{EKG}predicate", f"<{EKG}{'performedBy' if given else 'supportedBy'}>")
    yield _line(proposition, f"{EKG}object", given or _ref("actor", chance.randrange(ACTORS)))
    for stance in ("Asserts", "Denies"):
        claim = f"{_iri('claim', number)}-{stance.lower()}"
        yield _line(claim, f"{RDF}type", f"<{EKG}Claim>")
        yield _line(claim, f"{EKG}claimant", _ref("actor", chance.randrange(1, ACTORS)))
        yield _line(claim, f"{EKG}stance", f"<{EKG}{stance}>")
        yield _line(claim, f"{EKG}proposition", f"<{proposition}>")
        yield _line(claim, f"{EKG}foundIn", _ref("document", 0))
