"""Chains of relays: from whoever spoke first, over those who pass it on, to the document that was read."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from eventkg.kg.dossier import Name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventkg.kg.ledger import Ledger
    from eventkg.kg.voices import Voice

_DEEPEST = 12  # relays of relays; a circle would have no end
_MOST_WAYS = 100  # from roots to one claim: where each relays many others there are too many to count
UNSTATED = Name("", "source not stated")


@dataclass(frozen=True, slots=True)
class Link:
    """Somebody at a step, and who passes it on at a later one, or the document at the last.

    `stances` are those of the source; `claims` the IRIs of the claims that show it.
    """

    step: int
    source: Name
    to: int
    target: Name
    stances: tuple[str, ...]
    claims: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Who stands at which step: roots at 0, documents at the last; and the links between them.

    Whoever speaks and relays as well stands at several steps.
    """

    steps: tuple[tuple[Name, ...], ...]
    links: tuple[Link, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """Each link as a sentence, in the order of the steps."""
        return tuple(_sentence(link, len(self.steps) - 1) for link in self.links)


def chain(ledger: Ledger) -> Chain:
    """The relays behind everything that a ledger holds."""
    voices = {voice.claim: voice for row in ledger.rows for voice in row.claims}
    walks = {walk for voice in voices.values() for walk in _walks(voice, voices)}
    if not walks:
        return Chain((), ())
    last = max(len(walk) for walk in walks) - 1
    links: dict[tuple[int, Name, int, Name], list[_Step]] = defaultdict(list)
    for walk in walks:
        for step, (source, target) in enumerate(pairwise(walk)):
            to = last if target is walk[-1] else step + 1
            links[step, source.who, to, target.who].append(replace(source, claim=target.claim))
    made = [Link(*ends, *_shown(behind)) for ends, behind in links.items()]
    made.sort(key=lambda link: (link.step, link.source.label, link.to, link.target.label, link.target.iri))
    return Chain(tuple(_steps(made, last)), tuple(made))


@dataclass(frozen=True, slots=True)
class _Step:
    who: Name
    stance: str
    claim: str


def _walks(voice: Voice, voices: dict[str, Voice]) -> Iterator[tuple[_Step, ...]]:
    """Every way from a root to the documents in which this claim was read."""
    for document in voice.documents or (UNSTATED,):
        for before in islice(_behind(voice, voices, frozenset()), _MOST_WAYS):
            yield (*before, _Step(document, "", voice.claim))


def _behind(voice: Voice, voices: dict[str, Voice], seen: frozenset[str]) -> Iterator[tuple[_Step, ...]]:
    own = _Step(voice.claimant, voice.stance, voice.claim)
    onward = [voices[iri] for iri in voice.relays if iri in voices and iri not in seen]
    if onward and len(seen) < _DEEPEST:
        for other in onward:
            for before in _behind(other, voices, seen | {voice.claim}):
                yield (*before, own)
        return
    roots = [_Step(said.speaker, said.stance, voice.claim) for said in voice.roots]
    if not roots and voice.stance == "Relays":
        roots = [_Step(UNSTATED, "Asserts", voice.claim)]
    yield from ((root, own) for root in roots if root.who != voice.claimant)
    if not any(root.who != voice.claimant for root in roots):
        yield (own,)


def _shown(behind: Iterable[_Step]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    steps = list(behind)
    stances = tuple(sorted({step.stance for step in steps}))
    return stances, tuple(sorted({step.claim for step in steps}))


def _steps(links: Iterable[Link], last: int) -> Iterator[tuple[Name, ...]]:
    found: list[dict[Name, None]] = [{} for _ in range(last + 1)]
    for link in links:
        found[link.step][link.source] = None
        found[link.to][link.target] = None
    for names in found:
        yield tuple(sorted(names, key=lambda name: (name.label, name.iri)))


def _sentence(link: Link, last: int) -> str:
    said = " and ".join(stance.lower() for stance in link.stances)
    number = f", {len(link.claims)} claims" if len(link.claims) > 1 else ""
    if link.to == last:
        return f"{link.source.label} {said}: read in {link.target.label}{number}"
    return f"{link.source.label} {said}: passed on by {link.target.label}{number}"
