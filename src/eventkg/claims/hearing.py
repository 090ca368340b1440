"""What a policy hears of a book, and how everything stands after it has listened: pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from eventkg.claims.choosing import choose, without_rival_numbers
from eventkg.claims.policy import BELLIGERENT
from eventkg.claims.standing import judged, open_debate, reopened
from eventkg.model.claim import Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from eventkg.claims.policy import Policy
    from eventkg.claims.standing import Debate, Standing
    from eventkg.model.claim import Book, Claim

_GRADES = "ABCDE"  # F says that the source cannot be judged
_PARTIES = {"self-report", "opposing-party"}
_PUTS_FORWARD = {Stance.ASSERTS, Stance.RELAYS, Stance.SPECULATES}
_NOTHING: frozenset[str] = frozenset()


def judge(debate: Debate, policy: Policy, subjects: frozenset[str] | None = None) -> dict[str, Standing]:
    """The standing of every proposition, or of those about some subjects, once the policy has listened."""
    return judge_heard(debate, *listen(debate.book, policy), subjects)


def judge_heard(
    debate: Debate, book: Book, policy: Policy, subjects: frozenset[str] | None = None
) -> dict[str, Standing]:
    """The same where `listen` has made this book and policy of the debate's."""
    if policy.number:
        debate = open_debate(without_rival_numbers(book))
        return choose(judged(debate, policy, subjects), book, policy)
    if book.claims is not debate.book.claims:
        return judged(reopened(debate, book), policy, subjects)
    return judged(replace(debate, book=book), policy, subjects)


def listen(book: Book, policy: Policy) -> tuple[Book, Policy]:
    """The part of the book that the policy hears, and the policy with those it speaks of by name."""
    if policy.with_subordinates:
        policy = replace(policy, partisans=under_command(policy.partisans, book), with_subordinates=False)
    if names_belligerents(policy):
        book = replace(book, kinds=_with_belligerents(book))
    if policy.passes_over_claims():
        book = replace(book, claims=_heard_claims(book, policy))
    return book, policy


def names_belligerents(policy: Policy) -> bool:
    """Whether it matters to a policy who is a party to what is spoken of."""
    voices = (policy.heard, policy.denial_veto, policy.doubt_veto)
    return any(each.names_belligerents() for each in voices)


def passed_over(book: Book, heard: Book, policy: Policy) -> frozenset[str]:
    """The claims of a book that count for nothing under a policy, given what it hears of the book."""
    return frozenset(
        iri for iri, claim in book.claims.items() if not counts(claim, heard.claims.get(iri), policy, heard)
    )


def counts(said: Claim, heard: Claim | None, policy: Policy, book: Book) -> bool:
    """Whether a claim, as it is `heard`, says anything under a policy, by any of its speakers."""
    if heard is None or (said.propositions and not heard.propositions and said.stance is not Stance.RETRACTS):
        return False
    speakers = {heard.claimant, *heard.attributed_to}
    return any(policy.heard.has(speaker, heard.relation, book.kinds) for speaker in speakers)


def under_command(actors: Iterable[str], book: Book) -> frozenset[str]:
    """The actors with all who are subordinate to them, directly or not."""
    found, queue = set(actors), list(actors)
    while queue:
        more = book.subordinates.get(queue.pop(), _NOTHING) - found
        found |= more
        queue.extend(more)
    return frozenset(found)


def said_by(claim: Claim) -> str:
    """The day by which a claim had been made: its own, else the earliest that something shows it by."""
    return claim.claimed_on or claim.not_after


def _with_belligerents(book: Book) -> dict[str, frozenset[str]]:
    """The kinds of actors, with that of those who speak of themselves or of their opponents."""
    parties = {claim.claimant for claim in book.claims.values() if claim.relation in _PARTIES}
    return {**book.kinds, **{p: book.kinds.get(p, _NOTHING) | {BELLIGERENT} for p in parties}}


def _heard_claims(book: Book, policy: Policy) -> dict[str, Claim]:
    """Claims that count, rewritten where what they pass on or answer does not count."""
    there = {iri: claim for iri, claim in book.claims.items() if is_there(claim, policy)}
    return {iri: _heard(_by_itself(claim, there, book), policy) for iri, claim in there.items()}


def is_there(claim: Claim, policy: Policy) -> bool:
    """Whether a claim stands in a source that the policy reads, and had been made by its day."""
    if policy.known_on and not "" < said_by(claim)[:10] <= policy.known_on:
        return False
    if policy.only_sources and not claim.sources & policy.only_sources:
        return False
    return not claim.sources & policy.not_sources


def _by_itself(claim: Claim, there: Mapping[str, Claim], book: Book) -> Claim:
    """A claim that needs no other to be understood, if what it answers or relays may not be heard."""
    if claim.stance is Stance.RETRACTS:
        return claim
    if claim.responds_to and not claim.propositions:
        claim = replace(claim, propositions=_put_forward(claim.responds_to, book))
    if claim.stance is not Stance.RELAYS or not claim.relays or claim.relays & there.keys():
        return claim
    ends = [book.claims[iri] for iri in sorted(_ends(claim, there, book))]
    heard = frozenset(end.iri for end in ends) & there.keys()
    return replace(claim, relays=heard) if heard else _hearsay(claim, ends)


def _hearsay(claim: Claim, ends: list[Claim]) -> Claim:
    """A relay of claims that are not there speaks for their speakers."""
    own = {end.claimant for end in ends if end.stance is not Stance.RELAYS and not end.attributed_to}
    named = {actor for end in ends for actor in end.attributed_to}
    stances = [end.attributed_stance or end.stance for end in ends]
    plain = next((stance for stance in stances if stance is not Stance.RELAYS), None)
    return replace(
        claim,
        relays=_NOTHING,
        propositions=claim.propositions or frozenset(p for end in ends for p in end.propositions),
        attributed_to=claim.attributed_to or frozenset(own | named),
        attributed_stance=claim.attributed_stance or plain,
    )


def _ends(claim: Claim, there: Mapping[str, Claim], book: Book) -> set[str]:
    """Where a chain of relays leads: to claims that are there, or that relay nothing; a circle has no end."""
    seen: set[str] = set()
    queue, ends = sorted(claim.relays & book.claims.keys()), set[str]()
    while queue:
        iri = queue.pop()
        if iri in seen:
            continue
        seen.add(iri)
        onward = sorted(book.claims[iri].relays & book.claims.keys())
        if iri in there or not onward:
            ends.add(iri)
        else:
            queue.extend(onward)
    return ends


def _put_forward(claims: Iterable[str], book: Book) -> frozenset[str]:
    """What these claims put forward; a denial or a doubt puts nothing forward that could be answered."""
    seen: set[str] = set()
    queue, found = list(claims), set[str]()
    while queue:
        claim = book.claims.get(queue.pop())
        if claim is None or claim.iri in seen or claim.stance not in _PUTS_FORWARD:
            continue
        seen.add(claim.iri)
        found |= claim.propositions
        if not claim.propositions:
            queue.extend(claim.relays)
    return frozenset(found)


def _heard(claim: Claim, policy: Policy) -> Claim:
    """A claim of a stance or a grade that the policy passes over says nothing; it still takes back."""
    if claim.stance is Stance.RETRACTS:
        return claim
    if not is_reliable(claim, policy) or (policy.stances and claim.stance not in policy.stances):
        return _muted(claim)
    if policy.stances and claim.attributed_stance and claim.attributed_stance not in policy.stances:
        return _muted(claim) if claim.stance is Stance.RELAYS else replace(claim, attributed_to=_NOTHING)
    return claim


def is_reliable(claim: Claim, policy: Policy) -> bool:
    """Whether a claim's worst grade is good enough; F is no grade."""
    if not policy.reliability:
        return True
    given = {letter for letter, by in claim.grades if not policy.assessors or by in policy.assessors}
    worst = max(given & set(_GRADES), default="")
    return worst <= policy.reliability if worst else policy.ungraded


def _muted(claim: Claim) -> Claim:
    return replace(
        claim, propositions=_NOTHING, relays=_NOTHING, responds_to=_NOTHING, attributed_to=_NOTHING
    )
