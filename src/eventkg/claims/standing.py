"""Where each statement stands once every position has been heard."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from eventkg.claims.independence import sources
from eventkg.claims.positions import Position, positions
from eventkg.model.claim import Book, Proposition, Stance, Statement, Status

_OBJECTIONS = frozenset({Stance.DENIES, Stance.DOUBTS})
_NOBODY: frozenset[str] = frozenset()

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventkg.claims.policy import Policy


@dataclass(frozen=True, slots=True)
class Standing:
    """One proposition's judgement under a policy.

    `status`, `adopted` and the numbers are those of its statement; `detail_adopted` says whether this
    proposition,
    with its qualifiers, is among the adopted ones.
    """

    proposition: Proposition
    status: Status
    detail_status: Status
    adopted: bool
    detail_adopted: bool
    asserted_by: frozenset[str]
    denied_by: frozenset[str]
    doubted_by: frozenset[str]
    independent: int
    independent_max: int


@dataclass(frozen=True, slots=True)
class Debate:
    """All that was said, indexed the ways that judging needs; the same whatever the policy."""

    book: Book
    heard: dict[str, list[Position]]  # proposition -> positions taken on it
    family: dict[Statement, list[Proposition]]
    opposed: dict[str, set[str]]  # contradicts, both directions


@dataclass(frozen=True, slots=True)
class _Floor(Debate):
    """The debate as a policy listens to it."""

    policy: Policy

    def taken(self, proposition: Proposition, stance: Stance) -> Iterator[Position]:
        """Positions of one stance on this very proposition."""
        return (p for p in self.heard[proposition.iri] if p.stance is stance)

    def heard_asserting(self, proposition: Proposition) -> Iterator[Position]:
        """Assertions of this very proposition by those the policy listens to."""
        return (
            p
            for p in self.taken(proposition, Stance.ASSERTS)
            if self.policy.heard.include(p, self.book.kinds)
        )

    def asserting(self, proposition: Proposition) -> list[Position]:
        """Assertions of it, or of more detail of the same statement."""
        detailed = (p for p in self.family[proposition.statement] if p.entails(proposition))
        return [position for p in detailed for position in self.taken(p, Stance.ASSERTS)]


def standings(book: Book, policy: Policy) -> dict[str, Standing]:
    """The standing of every proposition in the book, by IRI."""
    return judged(open_debate(book), policy)


def judged(debate: Debate, policy: Policy, subjects: frozenset[str] | None = None) -> dict[str, Standing]:
    """The standing of every proposition, or of those about some subjects, by IRI."""
    floor = _Floor(debate.book, debate.heard, debate.family, debate.opposed, policy)
    return {
        standing.proposition.iri: standing
        for statement, family in debate.family.items()
        if subjects is None or statement.about in subjects
        for standing in _standings(family, floor)
    }


def open_debate(book: Book) -> Debate:
    """Claims unrolled to positions, positions by proposition, propositions by statement."""
    family: dict[Statement, list[Proposition]] = defaultdict(list)
    opposed: dict[str, set[str]] = defaultdict(set)
    for proposition in book.propositions.values():
        family[proposition.statement].append(proposition)
        for other in proposition.contradicts & book.propositions.keys():
            opposed[proposition.iri].add(other)
            opposed[other].add(proposition.iri)
    return Debate(book, _by_proposition(book), family, opposed)


def reopened(debate: Debate, book: Book) -> Debate:
    """The debate about the same propositions if this is all that was claimed."""
    return replace(debate, book=book, heard=_by_proposition(book))


def _by_proposition(book: Book) -> dict[str, list[Position]]:
    heard: dict[str, list[Position]] = defaultdict(list)
    for position in positions(book):
        heard[position.proposition].append(position)
    return heard


def _standings(family: list[Proposition], floor: _Floor) -> Iterator[Standing]:
    one, *others = family
    if any(p.qualifiers != one.qualifiers for p in others) or any(floor.opposed.get(p.iri) for p in family):
        return _judge(family, floor)
    return _alike(family, floor)


def _alike(family: list[Proposition], floor: _Floor) -> Iterator[Standing]:
    """As `_judge`, of propositions that say the same in the same detail and have no rivals: most are such."""
    include, kinds = floor.policy.heard.include, floor.book.kinds
    taken = [position for p in family for position in floor.heard.get(p.iri, ())]
    asserting = [p for p in taken if p.stance is Stance.ASSERTS]
    heard = [p for p in asserting if include(p, kinds)]
    against = [p for p in taken if p.stance in _OBJECTIONS]
    partisans = _partisans(family, floor)
    contested = _is_contested(against, partisans, floor, otherwise=False)
    certain, possible = sources(heard)
    speakers = _speakers(heard)
    status = _status(contested, speakers | partisans, certain)
    adopted = _adopts(status, speakers, certain, partisans, floor)
    settled = floor.policy.everything or not contested
    whole = Standing(
        proposition=family[0],
        status=status,
        detail_status=status,
        adopted=adopted,
        detail_adopted=adopted and bool(speakers or partisans) and settled,
        asserted_by=speakers if len(heard) == len(asserting) else _speakers(asserting),
        denied_by=_speakers(o for o in against if o.stance is Stance.DENIES),
        doubted_by=_speakers(o for o in against if o.stance is Stance.DOUBTS),
        independent=certain,
        independent_max=possible,
    )
    yield whole
    for proposition in family[1:]:
        yield replace(whole, proposition=proposition)


def _judge(family: list[Proposition], floor: _Floor) -> Iterator[Standing]:
    heard = [p for proposition in family for p in floor.heard_asserting(proposition)]
    against = [o for p in family for o in _objections(p, floor) if _reaches_statement(o, family, floor)]
    curated = any(a.contests for p in family for a in floor.taken(p, Stance.ASSERTS))
    rivalled = any(_is_rivalled(p, floor, curated=curated) for p in family)
    partisans = _partisans(family, floor)
    contested = _is_contested(against, partisans, floor, otherwise=rivalled)
    certain, possible = sources(heard)
    status = _status(contested, _speakers(heard) | partisans, certain)
    adopted = _adopts(status, _speakers(heard), certain, partisans, floor)
    for proposition in family:
        asserting = floor.asserting(proposition)
        counting = [p for p in asserting if floor.policy.heard.include(p, floor.book.kinds)]
        against_it, own, disputed, sure = against, partisans, contested, certain
        if len(family) > 1:  # one proposition alone stands in its details as its statement does
            against_it = [*against, *_objections_to(proposition, family, floor)]
            own = _partisans([p for p in family if p.entails(proposition)], floor)
            rival_detail = contested or _has_rival_detail(proposition, floor, curated=curated)
            disputed = _is_contested(against_it, own, floor, otherwise=rival_detail)
            sure = sources(counting)[0]
        asserted = _speakers(counting) | own
        yield Standing(
            proposition=proposition,
            status=status,
            detail_status=_status(disputed, asserted, sure),
            adopted=adopted,
            detail_adopted=adopted and bool(asserted) and (floor.policy.everything or not disputed),
            asserted_by=_speakers(asserting),
            denied_by=_speakers(o for o in against_it if o.stance is Stance.DENIES),
            doubted_by=_speakers(o for o in against_it if o.stance is Stance.DOUBTS),
            independent=certain,
            independent_max=possible,
        )


def _partisans(family: list[Proposition], floor: _Floor) -> frozenset[str]:
    """Those whose word the policy takes for granted, if they assert or have relayed one of these."""
    if not floor.policy.partisans:
        return _NOBODY
    taken = (position for p in family for position in floor.heard[p.iri])
    return floor.policy.partisans & _speakers(p for p in taken if p.stance in {Stance.ASSERTS, Stance.RELAYS})


def _is_contested(
    objections: list[Position], partisans: frozenset[str], floor: _Floor, *, otherwise: bool
) -> bool:
    """A partisan's denial contests, then a partisan's word settles it, then everybody's objections count."""
    if floor.policy.partisans:
        denying = _speakers(o for o in objections if o.stance is Stance.DENIES)
        if denying & floor.policy.partisans:
            return True
        if partisans:
            return False
    return otherwise or _is_vetoed(objections, floor)


def _adopts(
    status: Status, asserted_by: frozenset[str], independent: int, partisans: frozenset[str], floor: _Floor
) -> bool:
    if floor.policy.everything:
        return bool(asserted_by)
    if status not in {Status.CORROBORATED, Status.UNCONTESTED}:
        return False
    return bool(partisans) or independent >= floor.policy.independent


def _objections(proposition: Proposition, floor: _Floor) -> Iterator[Position]:
    yield from floor.taken(proposition, Stance.DENIES)
    yield from floor.taken(proposition, Stance.DOUBTS)


def _objections_to(proposition: Proposition, family: list[Proposition], floor: _Floor) -> Iterator[Position]:
    """Objections to it or to what it entails: who denies the less denies the more."""
    for less_detailed in family:
        if proposition.entails(less_detailed):
            yield from _objections(less_detailed, floor)


def _reaches_statement(objection: Position, family: list[Proposition], floor: _Floor) -> bool:
    """An objection is to a detail only if its speaker asserts the same statement in other words."""
    objected = floor.book.propositions[objection.proposition]
    return not any(
        assertion.speaker == objection.speaker and not proposition.entails(objected)
        for proposition in family
        for assertion in floor.taken(proposition, Stance.ASSERTS)
    )


def _vetoes(objection: Position, floor: _Floor) -> bool:
    """A data set that does not declare that it contests stops nothing."""
    return objection.contests and floor.policy.is_vetoed_by(objection, floor.book.kinds)


def _is_vetoed(objections: Iterable[Position], floor: _Floor) -> bool:
    return any(_vetoes(o, floor) for o in objections)


def _is_rivalled(proposition: Proposition, floor: _Floor, *, curated: bool) -> bool:
    """Whether somebody asserts a contradicting statement; a speculated one does not contradict."""
    rivals = (floor.book.propositions[iri] for iri in floor.opposed[proposition.iri])
    return any(r.statement != proposition.statement and _is_heard(r, floor, curated=curated) for r in rivals)


def _is_heard(proposition: Proposition, floor: _Floor, *, curated: bool) -> bool:
    """Whether somebody the policy listens to asserts it, or more detail of it.

    Against what is `curated` a data set counts only if it declares that it contests.
    """
    include, kinds = floor.policy.heard.include, floor.book.kinds
    heard = (p for p in floor.asserting(proposition) if p.contests or not curated)
    return any(p.speaker and include(p, kinds) for p in heard)


def _has_rival_detail(proposition: Proposition, floor: _Floor, *, curated: bool) -> bool:
    """Whether somebody asserts the same statement with qualifiers that contradict these."""
    return any(
        rival.statement == proposition.statement and _is_heard(rival, floor, curated=curated)
        for entailed in floor.family[proposition.statement]
        if proposition.entails(entailed)
        for rival in (floor.book.propositions[iri] for iri in floor.opposed[entailed.iri])
    )


def _speakers(heard: Iterable[Position]) -> frozenset[str]:
    return frozenset(position.speaker for position in heard if position.speaker)


def _status(contested: bool, asserted_by: frozenset[str], certain: int) -> Status:  # noqa: FBT001
    if contested:
        return Status.CONTESTED
    if certain > 1:
        return Status.CORROBORATED
    return Status.UNCONTESTED if asserted_by else Status.UNSUPPORTED
