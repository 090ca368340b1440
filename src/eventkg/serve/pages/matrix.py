"""The ledger as a table: what can be said down, who speaks across, and in each cell the stance taken."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from eventkg.model.claim import Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventkg.kg.dossier import Name
    from eventkg.kg.ledger import Agreement, Ledger, Row
    from eventkg.kg.voices import Voice
    from eventkg.kg.why import Why

MOST_COLUMNS = 6  # speakers with a column of their own
MOST_LINES = 300  # of a ledger that a page shows
MOST_VOICES = 15  # of a line whose words are shown
_ORDER = (Stance.ASSERTS, Stance.DENIES, Stance.DOUBTS, Stance.SPECULATES, Stance.RETRACTS, Stance.RELAYS)
_FIRST = {str(stance): at for at, stance in enumerate(_ORDER)}
# The sign and the colour of a stance, as the style has them.
LOOKS = {
    "Asserts": "yes",
    "Denies": "no",
    "Doubts": "doubt",
    "Speculates": "guess",
    "Relays": "relay",
    "Retracts": "retract",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A stance in a cell, how many claims show it, and whether it is told by somebody else.

    `silent`: every one of the claims is withdrawn, or not heard in the view.
    """

    stance: str
    told: bool
    number: int
    silent: bool

    @property
    def look(self) -> str:
        """The name of its style."""
        return LOOKS.get(self.stance, "relay")


@dataclass(frozen=True, slots=True)
class Line:
    """A point of the ledger with a cell for each speaker, and one more for all others."""

    number: int
    row: Row
    why: Why
    cells: tuple[tuple[Mark, ...], ...]

    @property
    def look(self) -> str:
        """How it stands: the status of the whole, or of its details where these alone are contested."""
        judged = self.row.judgement
        return judged.status.lower()

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Those whose words are shown; what is heard and stands comes first."""
        ranked = sorted(self.row.claims, key=lambda v: (v.withdrawn or not v.heard, _FIRST.get(v.stance, 9)))
        return tuple(ranked[:MOST_VOICES])


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one attribute and how far sources agree on it."""

    predicate: Name
    agreement: Agreement | None
    lines: tuple[Line, ...]

    @property
    def contested(self) -> bool:
        """Whether anything in it is."""
        return any(
            "Contested" in {line.row.judgement.status, line.row.judgement.detail_status}
            for line in self.lines
        )


@dataclass(frozen=True)
class Matrix:
    """A ledger as a table; `others` share the last column; `left` lines are not shown."""

    speakers: tuple[Name, ...]
    others: tuple[Name, ...]
    groups: tuple[Group, ...]
    left: int

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """All of them in order."""
        return tuple(line for group in self.groups for line in group.lines)

    @cached_property
    def documents(self) -> tuple[Name, ...]:
        """Those in which the words that are shown were found, numbered from 1 in this order."""
        found = {name: None for line in self.lines for voice in line.voices for name in voice.documents}
        return tuple(sorted(found, key=lambda name: (name.label, name.iri)))

    @property
    def contested(self) -> int:
        """How many points are contested, whole or in detail."""
        found = (line.row.judgement for line in self.lines)
        return sum("Contested" in {judged.status, judged.detail_status} for judged in found)


def matrix(ledger: Ledger, reasons: Iterable[Why]) -> Matrix:
    """The table of a ledger; who takes a stance most often stands first."""
    behind = {id(row): why for why in reasons for row in why.rows}
    heard = [(row, _heard(row)) for row in ledger.rows]
    counted = Counter(name for _, cells in heard for name in cells)
    own = Counter(
        name
        for _, cells in heard
        for name, marks in cells.items()
        if any(mark.stance != Stance.RELAYS for mark in marks)
    )
    ranked = sorted(counted, key=lambda name: (-own[name], -counted[name], name.label, name.iri))
    speakers, others = tuple(ranked[:MOST_COLUMNS]), tuple(ranked[MOST_COLUMNS:])
    lines = [
        Line(number, row, behind[id(row)], tuple(_cells(cells, speakers, others)))
        for number, (row, cells) in enumerate(heard[:MOST_LINES], 1)
    ]
    return Matrix(speakers, others, tuple(_groups(ledger, lines)), max(0, len(heard) - MOST_LINES))


def _heard(row: Row) -> dict[Name, tuple[Mark, ...]]:
    """The marks of everybody who takes a stance on a point, or to whom one is ascribed."""
    found: dict[Name, Counter[tuple[str, bool, bool]]] = {}
    for voice in row.claims:
        silent = voice.withdrawn or not voice.heard
        found.setdefault(voice.claimant, Counter())[voice.stance, False, silent] += 1
        for said in voice.roots:
            if said.speaker != voice.claimant:
                found.setdefault(said.speaker, Counter())[said.stance, True, silent] += 1
    return {name: tuple(_marks(counted)) for name, counted in found.items()}


def _marks(counted: Counter[tuple[str, bool, bool]]) -> Iterator[Mark]:
    """What others tell of a speaker is left out where the same is in its own words."""
    own = {stance for stance, told, silent in counted if not told and not silent}
    for stance, told, silent in sorted(counted, key=lambda one: (_FIRST.get(one[0], 9), one[1], one[2])):
        if not (told and stance in own):
            yield Mark(stance, told, counted[stance, told, silent], silent)


def _cells(
    cells: dict[Name, tuple[Mark, ...]], speakers: Iterable[Name], others: tuple[Name, ...]
) -> Iterator[tuple[Mark, ...]]:
    for name in speakers:
        yield cells.get(name, ())
    if others:
        summed: Counter[tuple[str, bool, bool]] = Counter()
        for name in others:
            for mark in cells.get(name, ()):
                summed[mark.stance, mark.told, mark.silent] += mark.number
        yield tuple(_marks(summed))


def _groups(ledger: Ledger, lines: Iterable[Line]) -> Iterator[Group]:
    agreed = {agreement.predicate.iri: agreement for agreement in ledger.agreement}
    found: dict[Name, list[Line]] = {}
    for line in lines:
        found.setdefault(line.row.point.predicate, []).append(line)
    for predicate, own in found.items():
        yield Group(predicate, agreed.get(predicate.iri), tuple(own))
