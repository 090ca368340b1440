"""Policies: which voices decide what is adopted as a fact. Declarations, not code."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from eventkg.errors import UsageError
from eventkg.model.claim import Stance
from eventkg.model.naming import BASE, DEFAULT_POLICY, VIEW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from eventkg.claims.positions import Position

    Kinds = Mapping[str, frozenset[str]]

BELLIGERENT = "belligerent"  # the kind of an actor who somewhere speaks of itself or of its opponent
NUMBERS = ("low", "best", "high")
_ACTOR = f"{BASE}id/actor/"
_CLAIMANT = "claimant/"
_FOREIGN = ("http://", "https://", "urn:")
_SUBORDINATES = "/with-subordinates"
_DATED = re.compile(r"(?P<policy>.+)/as-known-on/(?P<date>[^/]*)")


@dataclass(frozen=True, slots=True)
class Voices:
    """Some of the speakers: those that one of the `only_…` names, everybody if there is none; less `not_…`.

    Speakers are IRIs, kinds local names of classes (or `belligerent`), relations those of claimant to matter.
    """

    only_speakers: frozenset[str] = frozenset()
    only_kinds: frozenset[str] = frozenset()
    only_relations: frozenset[str] = frozenset()
    not_speakers: frozenset[str] = frozenset()
    not_kinds: frozenset[str] = frozenset()
    not_relations: frozenset[str] = frozenset()
    nobody: bool = False

    def include(self, position: Position, kinds: Kinds) -> bool:
        """Whether this position is listened to."""
        return self is EVERYBODY or self.has(position.speaker, position.relation, kinds)

    def has(self, speaker: str, relation: str, kinds: Kinds) -> bool:
        """Whether this speaker is among them, speaking in this relation to the matter."""
        if self is EVERYBODY:
            return True
        kind = kinds.get(speaker, frozenset())
        wanted = (
            speaker in self.only_speakers or kind & self.only_kinds or relation in self.only_relations
        ) or not (self.only_speakers | self.only_kinds | self.only_relations)
        muted = speaker in self.not_speakers or kind & self.not_kinds or relation in self.not_relations
        return bool(wanted and not muted and not self.nobody)

    def speakers(self) -> frozenset[str]:
        """Those who are named."""
        return self.only_speakers | self.not_speakers

    def kinds(self) -> frozenset[str]:
        """The kinds that are named."""
        return self.only_kinds | self.not_kinds

    def names_belligerents(self) -> bool:
        """Whether it matters who is a party to what is spoken of."""
        return BELLIGERENT in self.kinds()


EVERYBODY = Voices()
NOBODY = Voices(nobody=True)
NO_AUTHORS = Voices(not_relations=frozenset({"author"}), not_kinds=frozenset({"MediaOutlet"}))


@dataclass(frozen=True, slots=True)
class Policy:
    """What is adopted; `iri` is stamped on everything made under it.

    A statement is adopted if one of the voices `heard` asserts it, none of them that is also among those of
    `denial_veto` denies it, none that is among those of `doubt_veto` doubts it, nobody heard asserts what
    contradicts it, and at least `independent` of those heard stand behind it for certain.
    `partisans` overrule all that: what one of them asserts or relays is adopted, what one of them denies is
    not; `with_subordinates` adds those under their command. `everything` adopts whatever is asserted.

    Claims are as if they had never been made that stand in no source of `only_sources` (graphs and data sets;
    empty: all) or in one of `not_sources`, that take none of `stances` (empty: all; retractions and
    corrections always count), that are graded below `reliability` (A best, E worst; empty: any) or, unless
    `ungraded`, not at all, by `assessors` (empty: by anybody), or that were not made by the day `known_on`.
    Of a number told differently `number` takes one: low, high, or best, behind which most speakers stand.
    """

    iri: str
    heard: Voices = EVERYBODY
    denial_veto: Voices = EVERYBODY
    doubt_veto: Voices = NO_AUTHORS
    independent: int = 0
    partisans: frozenset[str] = frozenset()
    everything: bool = False
    with_subordinates: bool = False
    only_sources: frozenset[str] = frozenset()
    not_sources: frozenset[str] = frozenset()
    stances: frozenset[Stance] = frozenset()
    reliability: str = ""
    ungraded: bool = False
    assessors: frozenset[str] = frozenset()
    known_on: str = ""
    number: str = ""
    label: str = ""
    definition: str = ""

    @property
    def name(self) -> str:
        """What comes after view/ in its IRI."""
        return self.iri.removeprefix(VIEW)

    def is_vetoed_by(self, position: Position, kinds: Kinds) -> bool:
        """Whether this position, if it is a denial or a doubt, stops a statement from being adopted."""
        if not self.heard.include(position, kinds):
            return False
        if position.stance is Stance.DENIES:
            return self.denial_veto.include(position, kinds)
        return position.stance is Stance.DOUBTS and self.doubt_veto.include(position, kinds)

    def sources(self) -> frozenset[str]:
        """Graphs and data sets that are named."""
        return self.only_sources | self.not_sources

    def passes_over_claims(self) -> bool:
        """Whether some claims may be as if they had never been made."""
        return bool(self.sources() or self.stances or self.reliability or self.known_on)


DEFAULT = Policy(DEFAULT_POLICY)
CORROBORATED = Policy(f"{VIEW}corroborated", independent=2)
ALL = Policy(f"{VIEW}all", everything=True)
SHIPPED = {"default": DEFAULT, "corroborated": CORROBORATED, "all": ALL}
RESERVED = (*SHIPPED, _CLAIMANT.rstrip("/"))


def as_told_by(actor: str, *, with_subordinates: bool = False) -> Policy:
    """The default world plus what an actor (its IRI) asserts or has relayed, minus what it denies."""
    slug = quote(unquote(actor.removeprefix(_ACTOR)), safe="-._~/")
    suffix = _SUBORDINATES if with_subordinates else ""
    return Policy(
        f"{VIEW}{_CLAIMANT}{slug}{suffix}", partisans=frozenset({actor}), with_subordinates=with_subordinates
    )


def _actor(name: str) -> str:
    """An actor by the name that ours have, or by the IRI of any other."""
    plain = unquote(name)
    return plain if plain.startswith(_FOREIGN) else _ACTOR + name


def as_known_on(policy: Policy, day: str) -> Policy:
    """The policy that listens to nothing said after a day (an ISO date), nor after its own if it has one.

    Raises:
        UsageError: no such day.

    """
    known = min(_iso(day), policy.known_on or day)
    label = f"{policy.label}, as known on {day}" if policy.label else ""
    return replace(policy, iri=f"{policy.iri}/as-known-on/{day}", known_on=known, label=label, definition="")


def _iso(day: str) -> str:
    try:
        if date.fromisoformat(day).isoformat() == day:
            return day
    except ValueError:
        pass
    raise UsageError(f"as-known-on: {day!r} found, a day such as 2017-01-22 expected")


def named_policy(name: str, own: Mapping[str, Policy] | None = None) -> Policy:
    """A policy by its name or IRI: default, corroborated, all, claimant/{actor}, one of `own`.

    `claimant/{actor}/with-subordinates` takes the word of those under the actor's command as well;
    `{policy}/as-known-on/{date}` listens to what had been said by a day.

    Raises:
        UsageError: no such name, no such day.

    """
    short = name.removeprefix(VIEW)
    known = {**SHIPPED, **(own or {})}
    if short in known:
        return known[short]
    dated = _DATED.fullmatch(short)
    if dated and not _DATED.fullmatch(dated["policy"]):
        return as_known_on(named_policy(dated["policy"], own), dated["date"])
    actor = short.removeprefix(_CLAIMANT).removesuffix(_SUBORDINATES)
    if short.startswith(_CLAIMANT) and actor and not dated:
        return as_told_by(_actor(actor), with_subordinates=short.endswith(_SUBORDINATES))
    raise UsageError(f"view {name!r} found, one of {', '.join(known)} or claimant/ACTOR expected")
