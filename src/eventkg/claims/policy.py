"""Policies: which voices decide what is adopted as a fact. Declarations, not code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from eventkg.errors import UsageError
from eventkg.model.claim import Stance
from eventkg.model.naming import BASE, DEFAULT_POLICY, VIEW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventkg.claims.positions import Position

    Kinds = Mapping[str, frozenset[str]]

_ACTOR = f"{BASE}id/actor/"
_CLAIMANT = "claimant/"


@dataclass(frozen=True, slots=True)
class Voices:
    """Which speakers a policy listens to. An empty `only_…` means everybody; `not_…` takes away from that."""

    only_speakers: frozenset[str] = frozenset()
    only_kinds: frozenset[str] = frozenset()
    not_speakers: frozenset[str] = frozenset()
    not_kinds: frozenset[str] = frozenset()
    not_relations: frozenset[str] = frozenset()

    def include(self, position: Position, kinds: Kinds) -> bool:
        """Whether this position is listened to."""
        kind = kinds.get(position.speaker, frozenset())
        if self.only_speakers and position.speaker not in self.only_speakers:
            return False
        if self.only_kinds and not kind & self.only_kinds:
            return False
        muted = position.speaker in self.not_speakers or position.relation in self.not_relations
        return not muted and not kind & self.not_kinds


@dataclass(frozen=True, slots=True)
class Policy:
    """What is adopted; `iri` is stamped on everything made under it.

    A statement is adopted if one of the voices `heard` asserts it, no voice of `denial_veto` denies and none
    of
    `doubt_veto` doubts it, nobody heard asserts what contradicts it, and at least `independent` speakers
    stand behind
    it for certain. `partisans` overrule all that: what one of them asserts or relays is adopted, what one of
    them
    denies is not. `everything` adopts whatever is asserted.
    """

    iri: str
    heard: Voices = Voices()
    denial_veto: Voices = Voices()
    doubt_veto: Voices = Voices(not_relations=frozenset({"author"}), not_kinds=frozenset({"MediaOutlet"}))
    independent: int = 0
    partisans: frozenset[str] = frozenset()
    everything: bool = False

    def is_vetoed_by(self, position: Position, kinds: Kinds) -> bool:
        """Whether this position, if it is a denial or a doubt, stops a statement from being adopted."""
        if position.stance is Stance.DENIES:
            return self.denial_veto.include(position, kinds)
        return position.stance is Stance.DOUBTS and self.doubt_veto.include(position, kinds)


DEFAULT = Policy(DEFAULT_POLICY)
CORROBORATED = Policy(f"{VIEW}corroborated", independent=2)
ALL = Policy(f"{VIEW}all", everything=True)
_SHARED = {"default": DEFAULT, "corroborated": CORROBORATED, "all": ALL}


def as_told_by(actor: str) -> Policy:
    """The default world plus what an actor (its IRI) asserts or has relayed, minus what it denies."""
    slug = quote(unquote(actor.removeprefix(_ACTOR)), safe="-._~/")
    return Policy(f"{VIEW}{_CLAIMANT}{slug}", partisans=frozenset({actor}))


def named_policy(name: str) -> Policy:
    """A policy by its name or IRI: default, corroborated, all, claimant/{actor}.

    Raises:
        UsageError: no such name.

    """
    short = name.removeprefix(VIEW)
    if short in _SHARED:
        return _SHARED[short]
    actor = short.removeprefix(_CLAIMANT)
    if short.startswith(_CLAIMANT) and actor:
        return as_told_by(_ACTOR + actor)
    raise UsageError(f"view {name!r} found, one of {', '.join(_SHARED)} or claimant/ACTOR expected")
