"""Claims unrolled to positions: each says where one speaker stands on one proposition."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from eventkg.claims.withdrawal import withdrawn_claims
from eventkg.model.claim import Book, Claim, Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_ABOUT_THE_WORLD = {Stance.ASSERTS, Stance.DENIES, Stance.DOUBTS, Stance.SPECULATES}
_OWN_VOICE = {"author", "aggregator"}
_CAN_BE_ANSWERED = {Stance.ASSERTS, Stance.RELAYS, Stance.SPECULATES}


class Position(NamedTuple):
    """A speaker's stance on a proposition, and the claim that shows it.

    `speaker` is empty where a relay names no root. `root` is the voice that counts towards independence
    (empty where somebody else is the root); it counts for certain only if `certain`. `texts` are those that
    speak
    in their own voice here: one text, however often it is printed or coded into rows, is one source. What
    does not
    `contest` is a data set's that does not declare that it contests what others say.
    """

    speaker: str
    stance: Stance
    proposition: str
    claim: str
    relation: str
    root: str
    certain: bool
    claimed_on: str
    texts: frozenset[str] = frozenset()
    contests: bool = True


def positions(book: Book) -> frozenset[Position]:
    """Every position that has not been withdrawn."""
    withdrawn = withdrawn_claims(book)
    standing = [claim for iri, claim in book.claims.items() if iri not in withdrawn]
    taken = [position for claim in standing for position in _of_claim(claim, book)]
    return frozenset(_without_retracted(taken, standing, book))


def _of_claim(claim: Claim, book: Book) -> Iterator[Position]:
    relayed = [(claim.claimant, Stance.RELAYS, "", False)] if _passes_on(claim, book) else []
    texts = own_texts(claim, book)
    for speaker, stance, root, certain in (*_voices(claim, book), *relayed):
        for proposition in _targets(claim, book):
            yield Position(
                *(speaker, stance, proposition, claim.iri, claim.relation, root, certain, claim.claimed_on),
                texts=texts if root else frozenset(),
                contests=claim.contests,
            )


def own_texts(claim: Claim, book: Book) -> frozenset[str]:
    """The texts whose own voice a claim is, none where it is that of somebody whom they quote.

    An author, a publisher and whoever codes rows out of a text say no more than the text. Where nobody says
    who made
    a text that others reproduce, the outlets that printed it are taken to speak in it.
    """
    if claim.attributed_to:
        return frozenset()
    texts = frozenset(book.texts.get(document, document) for document in claim.documents)
    if claim.bulk or claim.relation in _OWN_VOICE:
        return texts
    makers = frozenset(maker for document in claim.documents for maker in book.makers.get(document, ()))
    if makers:
        return texts if claim.claimant in makers else frozenset()
    printed = claim.documents & book.texts.keys()
    return texts if printed and "MediaOutlet" in book.kinds.get(claim.claimant, ()) else frozenset()


def _voices(claim: Claim, book: Book) -> Iterator[tuple[str, Stance, str, bool]]:
    """(speaker, stance, root, certain) of all who speak in a claim.

    A relay speaks for its root only, and not at all if it names the root's own claim: that speaks for itself.
    What it relays may not be at hand; then it is as if it had named no claim.
    """
    if claim.stance is Stance.RELAYS:
        if not claim.relays & book.claims.keys():
            yield from _attributed(claim, claim.attributed_stance or Stance.ASSERTS)
            if not claim.attributed_to:
                yield (
                    "",
                    claim.attributed_stance or Stance.ASSERTS,
                    f"unstated root of {claim.claimant}",
                    False,
                )
        return
    if claim.stance not in _ABOUT_THE_WORLD:
        return
    stance = claim.stance if claim.actual or claim.stance is not Stance.ASSERTS else Stance.SPECULATES
    own_root = "" if claim.attributed_to else claim.claimant
    yield claim.claimant, stance, own_root, claim.root_stated
    yield from _attributed(claim, claim.attributed_stance or stance)


def _passes_on(claim: Claim, book: Book) -> bool:
    """Whether a relay puts forward what it relays: the relay of a denial does not."""
    if claim.stance is not Stance.RELAYS or claim.attributed_stance not in {None, Stance.ASSERTS}:
        return False
    passed_on = [book.claims[iri].stance for iri in claim.relays if iri in book.claims]
    return all(stance in _CAN_BE_ANSWERED for stance in passed_on)


def _attributed(claim: Claim, stance: Stance) -> Iterator[tuple[str, Stance, str, bool]]:
    for actor in claim.attributed_to:
        yield actor, stance, actor, claim.root_stated


def _targets(claim: Claim, book: Book) -> frozenset[str]:
    """What a claim is about; a bare answer to another claim is about what that one puts forward.

    A doubt about a denial is not a denial, and a denial of a denial asserts nothing.
    """
    if claim.propositions:
        return claim.propositions & book.propositions.keys()
    return frozenset(_put_forward(claim.responds_to, book)) & book.propositions.keys()


def _put_forward(claims: Iterable[str], book: Book) -> Iterator[str]:
    """Propositions of these claims, relays without propositions of their own unrolled; circles end."""
    seen: set[str] = set()
    queue = list(claims)
    while queue:
        iri = queue.pop()
        claim = book.claims.get(iri)
        if claim is None or iri in seen or claim.stance not in _CAN_BE_ANSWERED:
            continue
        seen.add(iri)
        yield from claim.propositions
        if not claim.propositions:
            queue.extend(claim.relays)


def _without_retracted(taken: list[Position], standing: list[Claim], book: Book) -> Iterator[Position]:
    """A retraction of a proposition ends what its speaker had said of it, or of more detail, till then."""
    retracted: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for claim in standing:
        if claim.stance is Stance.RETRACTS:
            for iri in claim.propositions & book.propositions.keys():
                retracted[claim.claimant].append((iri, claim.claimed_on))
    for position in taken:
        proposition = book.propositions[position.proposition]
        if not any(
            proposition.entails(book.propositions[iri]) and not (day and position.claimed_on > day)
            for iri, day in retracted[position.speaker]
        ):
            yield position
