"""Voices: each claim's stance on each point, relays followed to the speaker they lead to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eventkg.claims.withdrawal import withdrawn_claims
from eventkg.model.claim import Book, Claim, Stance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from eventkg.claims.positions import Position
    from eventkg.kg.dossier import Dossier, Name

_ORDER = (
    *(Stance.ASSERTS, Stance.RELAYS, Stance.SPECULATES),
    *(Stance.DENIES, Stance.DOUBTS, Stance.RETRACTS),
)  # for before against
PASSED_OVER = "passedOverBy"
_ABOUT_THE_WORLD = {Stance.ASSERTS, Stance.DENIES, Stance.DOUBTS, Stance.SPECULATES}


@dataclass(frozen=True, slots=True)
class Said:
    """A speaker and the stance taken: Asserts, Denies, Doubts, Speculates, Relays, Retracts."""

    speaker: Name
    stance: str


@dataclass(frozen=True, slots=True)
class Voice:
    """One claim's stance on a point, with the words and where they stand.

    `relays` are the claims that it passes on, of those at hand; `relation` is how its claimant stands to the
    matter. `roots` are the speakers that a relay leads to, or to whom the claimant ascribes it; `answers`
    are those whose claim it answers. `circular` says that a relay leads back to itself and to no speaker.
    `start` and `end` count code points in the document's text, from 0. `withdrawn` says that its own claimant
    took it back; `heard` that the view's policy listens to it; `modality` is actual, ongoing, intended or
    feared.
    """

    claim: str
    claimant: Name
    stance: str
    relation: str
    relays: tuple[str, ...]
    roots: tuple[Said, ...]
    answers: tuple[Said, ...]
    root_stated: bool
    circular: bool
    withdrawn: bool
    heard: bool
    modality: str
    claimed_on: str
    quotation: str
    start: int | None
    end: int | None
    documents: tuple[Name, ...]
    record: str
    interpretation: str


def voices(dossier: Dossier, book: Book, taken: Iterable[Position]) -> dict[str, list[Voice]]:
    """The claims on each proposition of a book, by the proposition's IRI."""
    gone = withdrawn_claims(book)
    standing = {(position.claim, position.proposition) for position in taken}
    found: dict[str, list[Voice]] = defaultdict(list)
    for claim in book.claims.values():
        for proposition in _targets(claim, book):
            retracted = claim.stance in _ABOUT_THE_WORLD and (claim.iri, proposition) not in standing
            withdrawn = claim.iri in gone or (retracted and proposition in claim.propositions)
            found[proposition].append(_voice(claim, proposition, dossier, book, withdrawn=withdrawn))
    for heard in found.values():
        heard.sort(key=lambda v: (_ORDER.index(Stance(v.stance)), v.claimant.label, v.claim))
    return found


def _voice(claim: Claim, proposition: str, dossier: Dossier, book: Book, *, withdrawn: bool) -> Voice:
    iri = claim.iri
    return Voice(
        claim=iri,
        claimant=dossier.name(claim.claimant),
        stance=str(claim.stance),
        relation=claim.relation,
        relays=tuple(one.iri for one in _in_book(claim.relays, book)),
        roots=_said(_roots(claim, proposition, book), dossier),
        answers=_said(((b.claimant, b.stance) for b in _in_book(claim.responds_to, book)), dossier),
        root_stated=claim.root_stated,
        circular=bool(_in_book(claim.relays, book)) and not list(_unrolled(claim, book)),
        withdrawn=withdrawn,
        heard=not dossier.first(iri, PASSED_OVER),
        modality=dossier.first(iri, "modality").rpartition("/")[2],
        claimed_on=claim.claimed_on,
        quotation=dossier.first(iri, "quotation"),
        start=dossier.number(iri, "quoteStart"),
        end=dossier.number(iri, "quoteEnd"),
        documents=dossier.names(iri, "foundIn"),
        record=dossier.first(iri, "record"),
        interpretation=dossier.first(iri, "interpretation"),
    )


def _said(speakers: Iterable[tuple[str, Stance]], dossier: Dossier) -> tuple[Said, ...]:
    found = {Said(dossier.name(speaker), str(stance)) for speaker, stance in speakers}
    return tuple(sorted(found, key=lambda said: (said.speaker.label, said.speaker.iri, said.stance)))


def _targets(claim: Claim, book: Book) -> set[str]:
    """The propositions that a claim speaks of; a bare answer or relay speaks of those of the other claim."""
    return {p for reached in _followed(claim, book) for p in reached.propositions} & book.propositions.keys()


def _answered_barely(claim: Claim) -> frozenset[str]:
    return frozenset() if claim.propositions else claim.relays | claim.responds_to


def _followed(claim: Claim, book: Book) -> Iterator[Claim]:
    """A claim, or what it answers or relays if it names no proposition."""
    return (reached for reached, _ in _walk(claim, book, _answered_barely))


def _roots(claim: Claim, proposition: str, book: Book) -> list[tuple[str, Stance]]:
    """Who speaks in the end: by the relayed claims that are about this statement, else by all of them."""
    if not claim.relays:
        return _ascribed(claim)
    statement = book.propositions[proposition].statement
    ends = [root for root in _unrolled(claim, book) if root.iri != claim.iri]
    same = [e for e in ends if any(book.propositions[p].statement == statement for p in _targets(e, book))]
    return [said for end in same or ends for said in _ascribed(end) or [(end.claimant, end.stance)]]


def _ascribed(claim: Claim) -> list[tuple[str, Stance]]:
    stance = claim.attributed_stance or (Stance.ASSERTS if claim.stance is Stance.RELAYS else claim.stance)
    return [(actor, stance) for actor in claim.attributed_to]


def _unrolled(claim: Claim, book: Book) -> Iterator[Claim]:
    """The ends of a chain of relays; a circle has none."""
    return (reached for reached, onward in _walk(claim, book, lambda c: c.relays) if not onward)


def _walk(
    claim: Claim, book: Book, links: Callable[[Claim], frozenset[str]]
) -> Iterator[tuple[Claim, list[Claim]]]:
    """Each claim that the links lead to, once, this one first, and where they lead on from it."""
    seen: set[str] = set()
    queue = [claim]
    while queue:
        reached = queue.pop()
        if reached.iri in seen:
            continue
        seen.add(reached.iri)
        onward = _in_book(links(reached), book)
        queue.extend(onward)
        yield reached, onward


def _in_book(claims: Iterable[str], book: Book) -> list[Claim]:
    return [book.claims[iri] for iri in sorted(claims) if iri in book.claims]
