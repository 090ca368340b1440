"""Policies in words: a sentence for a person, a description for the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from eventkg.claims.derive import Triple
from eventkg.claims.policy import BELLIGERENT, EVERYBODY, NO_AUTHORS, SHIPPED
from eventkg.model.claim import Stance, Value
from eventkg.model.naming import BASE, EKG, GRAPH, RDF, SKOS, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventkg.claims.policy import Policy, Voices

_ACTOR = f"{BASE}id/actor/"
_DONE = {
    Stance.ASSERTS: "asserted",
    Stance.DENIES: "denied",
    Stance.DOUBTS: "doubted",
    Stance.SPECULATES: "guessed at",
    Stance.RELAYS: "relayed",
}
_WORDS = {BELLIGERENT: "belligerents", "author": "authors"}
_CHOICES = {
    "low": "the lowest",
    "high": "the highest",
    "best": "the one that most independent speakers stand behind",
}


def explain(policy: Policy) -> str:
    """What a policy adopts, made from the declaration and so never other than it."""
    return " ".join([_adopts(policy), *_passes_over(policy)])


def description(policy: Policy) -> Iterator[Triple]:
    """What the graph of a view says of its policy; those that come with eventkg stand in graph/codes."""
    if policy in SHIPPED.values():
        return
    said = [policy.definition, explain(policy)]
    yield Triple(policy.iri, f"{RDF}type", Value(f"{EKG}Policy"))
    yield Triple(policy.iri, f"{SKOS}prefLabel", _english(policy.label or policy.name))
    yield Triple(policy.iri, f"{SKOS}definition", _english(" ".join(filter(None, said))))


def passing_over(claims: Iterable[str], policy: Policy) -> Iterator[Triple]:
    """Which claims the policy of a view does not listen to."""
    for claim in claims:
        yield Triple(claim, f"{EKG}passedOverBy", Value(policy.iri))


def _english(text: str) -> Value:
    return Value(text, f"{RDF}langString", "en")


def _adopts(policy: Policy) -> str:
    if policy.everything:
        return "Adopts everything that is asserted; what is contested is marked as such."
    if policy.partisans:
        who = _names(policy.partisans)
        under = " or those under its command" if policy.with_subordinates else ""
        return f"The default world, plus what {who}{under} asserts or relays, minus what it denies."
    who = "somebody" if policy.heard == EVERYBODY else "somebody who is heard"
    some = f"{policy.independent} independent speakers assert" if policy.independent > 1 else f"{who} asserts"
    vetoes = {"denied by": policy.denial_veto, "doubted by": policy.doubt_veto}
    objections = [f"{done} {_who(voices)}" for done, voices in vetoes.items() if not voices.nobody]
    return f"Adopts what {some}, unless it is {_list([*objections, 'contradicted'], 'or')}."


def _passes_over(policy: Policy) -> Iterator[str]:
    if policy.heard != EVERYBODY:
        yield f"Hears {_heard(policy.heard)}."
    if policy.only_sources:
        yield f"Reads only {_names(policy.only_sources)}."
    if policy.not_sources:
        yield f"Does not read {_names(policy.not_sources)}."
    if policy.stances:
        done = [word for stance, word in _DONE.items() if stance in policy.stances]
        yield f"Counts only what is {_list(done, 'or')}."
    if policy.reliability:
        graded = f"graded {policy.reliability} or better"
        by = f" by {_names(policy.assessors)}" if policy.assessors else ""
        yield f"Hears claims {graded}{by}{', or not graded' if policy.ungraded else ''}."
    if policy.known_on:
        yield f"Hears what had been said by {policy.known_on}."
    if policy.number:
        yield f"Of a number told differently it takes {_CHOICES[policy.number]}."


def _heard(voices: Voices) -> str:
    if voices.nobody:
        return "nobody"
    some = voices.only_kinds | voices.only_relations | voices.only_speakers
    return f"only {_who(voices)}" if some else _who(voices)


def _who(voices: Voices) -> str:
    if voices == NO_AUTHORS:
        return "anybody but authors and media outlets"
    only = [*_few(voices.only_kinds), *_few(voices.only_relations), *_few(voices.only_speakers)]
    but = [*_few(voices.not_kinds), *_few(voices.not_relations), *_few(voices.not_speakers)]
    return " but ".join(filter(None, [_list(only, "or") or "anybody", _list(but, "or")]))


def _few(names: Iterable[str]) -> list[str]:
    return sorted(_WORDS.get(name, unquote(name.removeprefix(_ACTOR))) for name in names)


def _names(iris: Iterable[str]) -> str:
    return _list(sorted(_name(iri) for iri in iris))


def _name(iri: str) -> str:
    for namespace in (_ACTOR, GRAPH):
        if iri.startswith(namespace):
            return unquote(iri.removeprefix(namespace))
    return shorten(iri)


def _list(words: Iterable[str], last_but_one: str = "and") -> str:
    *most, last = list(words) or [""]
    return f"{', '.join(most)} {last_but_one} {last}" if most else last
