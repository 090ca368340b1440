"""Points: what can be said about a subject, and how each stands in the world of a view."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.model.claim import Book, Proposition, Status, Value
from eventkg.model.naming import EKG

if TYPE_CHECKING:
    from collections.abc import Iterable

    from eventkg.kg.dossier import Dossier, Name

_FIRST = (
    *("type", "performedBy", "supportedBy", "participant", "sender", "recipient", "usedEquipment", "target"),
    *("targetsStruck", "struckKind", "strikeCount", "bombTons", "deathsLow", "deathsBest", "deathsHigh"),
    *("place", "placeRelation", "placePrecision", "date", "earliestStart", "latestEnd", "datePrecision"),
)  # the order in which an analyst asks; the rest follows by alphabet


@dataclass(frozen=True, slots=True)
class Part:
    """So many of one type of equipment, within a count."""

    equipment: Name
    count: int


@dataclass(frozen=True, slots=True)
class Point:
    """Something that can be said: an attribute of a subject and its value, with details.

    `object` is None where the value is a literal: `value` is its text, `datatype` an IRI, `language` a tag.
    `proposition` is None where a data set conveys the event as a whole.
    """

    proposition: str | None
    about: Name
    predicate: Name
    object: Name | None
    value: str
    datatype: str
    language: str
    count: int | None
    ordinal: int | None
    parts: tuple[Part, ...]

    @property
    def plain(self) -> str:
        """The value without its details."""
        return self.object.label if self.object else self.value

    @property
    def words(self) -> str:
        """The value as a person reads it: `Russian Aerospace Forces, 3: 2 Su-24M, 1 Su-34`."""
        parts = ", ".join(f"{part.count} {part.equipment.label}" for part in self.parts)
        counted = ": ".join(filter(None, (str(self.count) if self.count is not None else "", parts)))
        place = f"no. {self.ordinal}" if self.ordinal is not None else ""
        return ", ".join(filter(None, (self.plain, counted, place)))


@dataclass(frozen=True, slots=True)
class Rival:
    """Something said elsewhere that cannot be true as well, and who asserts it."""

    point: Point
    asserted_by: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a point stands under a policy.

    `status` and `detail_status` are names such as Contested. `fact` says that the plain triple stands in the
    view; `whole` that its details (counts, equipment, ordinal) stand as well. `independent` counts the
    independent speakers behind the statement for certain, `independent_max` those of unstated source too.
    """

    status: str
    detail_status: str
    fact: bool
    whole: bool
    asserted_by: tuple[Name, ...]
    denied_by: tuple[Name, ...]
    doubted_by: tuple[Name, ...]
    contradicted_by: tuple[Rival, ...]
    independent: int
    independent_max: int


def order(said: Point) -> tuple[str, int, str, str, int, str]:
    """The order of a ledger: by subject, attribute as an analyst asks, value, count."""
    return (said.about.iri, *rank(said.predicate.iri), said.words, said.count or 0, said.proposition or "")


def rank(predicate: str) -> tuple[int, str]:
    """Where an attribute comes in the order in which an analyst asks."""
    local = predicate.rpartition("#")[2]
    return (_FIRST.index(local) if local in _FIRST else len(_FIRST), predicate)


def point(proposition: Proposition, dossier: Dossier, unwritten: Iterable[str] = ()) -> Point:
    """A proposition by the names of what it speaks of."""
    about, predicate, value = proposition.statement
    numbers = dict(q for q in proposition.qualifiers if q[0] != "equipment")
    parts = [part.split(" ", 1) for name, part in proposition.qualifiers if name == "equipment"]
    counted = [Part(dossier.name(kind), int(count)) for count, kind in parts]
    return Point(
        proposition=None if proposition.iri in unwritten else proposition.iri,
        about=dossier.name(about),
        predicate=dossier.name(predicate),
        object=None if value.datatype else dossier.name(value.text),
        value=value.text,
        datatype=value.datatype,
        language=value.language,
        count=int(numbers["count"]) if "count" in numbers else None,
        ordinal=int(numbers["ordinal"]) if "ordinal" in numbers else None,
        parts=tuple(sorted(counted, key=lambda part: (-part.count, part.equipment.label))),
    )


def judgement(proposition: Proposition, dossier: Dossier, rivals: Iterable[Proposition] = ()) -> Judgement:
    """How derivation left a proposition in the dossier's view."""
    iri, (about, predicate, value) = proposition.iri, proposition.statement
    status = dossier.first(iri, "status").removeprefix(EKG) or Status.UNSUPPORTED
    against = [Rival(point(r, dossier), dossier.names(r.iri, "assertedBy")) for r in rivals]
    fact = dossier.holds(about, predicate, value)
    return Judgement(
        status=status,
        detail_status=dossier.first(iri, "detailStatus").removeprefix(EKG) or status,
        fact=fact,
        whole=(fact and not proposition.qualifiers) or dossier.holds(about, f"{EKG}hasFact", Value(iri)),
        asserted_by=dossier.names(iri, "assertedBy"),
        denied_by=dossier.names(iri, "deniedBy"),
        doubted_by=dossier.names(iri, "doubtedBy"),
        contradicted_by=tuple(sorted(against, key=lambda rival: order(rival.point))),
        independent=dossier.number(iri, "independentClaimants") or 0,
        independent_max=dossier.number(iri, "independentClaimantsMax") or 0,
    )


def rivals(book: Book) -> dict[str, list[Proposition]]:
    """What contradicts each proposition of a book, whichever of the two says so."""
    found: dict[str, set[str]] = defaultdict(set)
    for proposition in book.propositions.values():
        for other in proposition.contradicts & book.propositions.keys():
            found[proposition.iri].add(other)
            found[other].add(proposition.iri)
    return {iri: [book.propositions[other] for other in sorted(others)] for iri, others in found.items()}
