"""An analyst's own policy: a small YAML file, checked before it is used."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from eventkg.claims.policy import (
    BELLIGERENT,
    EVERYBODY,
    NOBODY,
    NUMBERS,
    RESERVED,
    Policy,
    Voices,
)
from eventkg.errors import DataError
from eventkg.model.claim import Stance
from eventkg.model.naming import BASE, GRAPH, VIEW
from eventkg.sources.located import read_located

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from eventkg.sources.located import Located, Path

MOST = 64 * 1024  # bytes
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_SLUG = re.compile(r"[^\s<>\"{}|\\^`:]+")
KINDS = (
    *("Actor", "State", "ArmedForce", "Coalition", "ArmedGroup", "GovernmentBody", "CommandPost"),
    *("MediaOutlet", "Person", BELLIGERENT),
)
RELATIONS = ("self-report", "opposing-party", "third-party", "aggregator", "author")
# Retractions and corrections always count: what was taken back is not said any more.
STANCES = {stance.lower(): stance for stance in Stance if stance is not Stance.RETRACTS}
_UNGRADED = ("heard", "unheard")


@dataclass(frozen=True, slots=True)
class _Where:
    """A value of the file by its path, and what it is called in a message."""

    file: Located
    value: object
    what: str
    path: Path = ()

    def problem(self, found: str, expected: str, path: Path | None = None) -> DataError:
        """An error that names file and line."""
        line = self.file.line(self.path if path is None else path)
        return DataError(f"{self.file.file}:{line}: {self.what}: {found} found, {expected} expected")

    def text(self) -> str:
        """A word or a sentence."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.problem(_kind(self.value), "a text")
        return " ".join(self.value.split())

    def items(self) -> list[_Where]:
        """The members of a list that is not empty; one word stands for a list of one."""
        if isinstance(self.value, str) and self.value.strip():
            return [self]
        if not isinstance(self.value, list) or not self.value:
            raise self.problem(_kind(self.value), "a list")
        return [_Where(self.file, item, self.what, (*self.path, n)) for n, item in enumerate(self.value)]

    def keys(self, *known: str) -> dict[str, _Where]:
        """The values of a mapping whose keys are all known."""
        if not isinstance(self.value, dict):
            raise self.problem(_kind(self.value), f"a mapping with one of {', '.join(known)}")
        found: dict[str, _Where] = {}
        for name, value in self.value.items():
            path = (*self.path, name)
            if name not in known:
                raise self.problem(repr(name), f"one of {', '.join(known)}", path)
            what = name if self.what == "policy" else f"{self.what}, {name}"
            found[name] = _Where(self.file, value, what, path)
        return found

    def one_of(self, known: Iterable[str]) -> str:
        """A word of a list."""
        word, choices = self.text(), list(known)
        if word not in choices:
            raise self.problem(repr(word), f"one of {', '.join(choices)}")
        return word


def read_policy(data: bytes, file: str) -> Policy:
    """The policy that a file declares; keys that are left out are as in the default policy.

    Raises:
        DataError: with file and line: not YAML, an unknown key or word, a name that is taken.

    """
    located = _read(data, file)
    whole = _Where(located, located.data, "policy")
    keys = whole.keys("policy", "label", "definition", *_READERS)
    if "policy" not in keys:
        raise whole.problem("no key 'policy'", "the policy's name")
    given: dict[str, object] = {"iri": VIEW + _name(keys["policy"])}
    given |= {key: keys[key].text() for key in ("label", "definition") if key in keys}
    for key, read in _READERS.items():
        if key in keys:
            given |= read(keys[key])
    return Policy(**given)  # type: ignore[arg-type]


def _read(data: bytes, file: str) -> Located:
    if len(data) > MOST:
        raise DataError(f"{file}: {len(data):,} bytes found, at most {MOST:,} expected")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise DataError(f"{file}: byte {problem.start} is not UTF-8") from problem
    return read_located(text, file)


def _kind(value: object) -> str:
    if value is None or isinstance(value, str):
        return repr(str(value)) if value else "nothing"
    kind = "mapping" if isinstance(value, dict) else "list"
    return f"a {kind}" if value else f"an empty {kind}"


def _name(where: _Where) -> str:
    name = where.text()
    if not _NAME.fullmatch(name):
        raise where.problem(repr(name), "small letters, digits and hyphens")
    if name in RESERVED:
        raise where.problem(repr(name), f"a name other than {', '.join(RESERVED)}")
    return name


def _sources(where: _Where) -> dict[str, object]:
    keys = where.keys("only", "except")
    fields = {"only": "only_sources", "except": "not_sources"}
    return {fields[key]: frozenset(map(_source, keys[key].items())) for key in keys}


def _source(where: _Where) -> str:
    """A graph by its short name or IRI, a data set as `dataset:NAME` or IRI."""
    return _iri(where, {"graph:": GRAPH, "dataset:": f"{BASE}id/dataset/"}, GRAPH)


def _actor(where: _Where) -> str:
    return _iri(where, {"actor:": f"{BASE}id/actor/"}, f"{BASE}id/actor/")


def _iri(where: _Where, prefixes: dict[str, str], plain: str) -> str:
    text = where.text()
    if _IRI.fullmatch(text):
        return text
    prefix = next((p for p in prefixes if text.startswith(p)), "")
    slug = text.removeprefix(prefix)
    if not _SLUG.fullmatch(slug):
        raise where.problem(repr(text), f"a name, one with {' or '.join(prefixes)}, or an IRI")
    return prefixes.get(prefix, plain) + quote(unquote(slug), safe="-._~/")


def _voices(where: _Where) -> Voices:
    words = {"everybody": EVERYBODY, "nobody": NOBODY}
    if isinstance(where.value, str):
        return words[where.one_of(words)]
    keys = where.keys("only", "except")
    prefixes = {"only": "only", "except": "not"}
    groups = [(prefixes[key], _group(group)) for key, group in keys.items()]
    fields = {f"{prefix}_{field}": names for prefix, group in groups for field, names in group.items()}
    return replace(EVERYBODY, **fields)  # type: ignore[arg-type]


def _group(where: _Where) -> dict[str, frozenset[str]]:
    """Actors, kinds of actors, relations of the claimant to the matter: any of them."""
    keys = where.keys("actors", "kinds", "relations")
    if not keys:
        raise where.problem("an empty mapping", "one of actors, kinds, relations")
    found: dict[str, frozenset[str]] = {}
    if "actors" in keys:
        found["speakers"] = frozenset(map(_actor, keys["actors"].items()))
    for name, known in (("kinds", KINDS), ("relations", RELATIONS)):
        if name in keys:
            found[name] = frozenset(item.one_of(known) for item in keys[name].items())
    return found


def _veto(where: _Where) -> dict[str, object]:
    keys = where.keys("denial", "doubt")
    return {f"{key}_veto": _voices(keys[key]) for key in keys}


def _stances(where: _Where) -> dict[str, object]:
    return {"stances": frozenset(STANCES[item.one_of(STANCES)] for item in where.items())}


def _reliability(where: _Where) -> dict[str, object]:
    keys = where.keys("at-least", "ungraded", "by")
    if "at-least" not in keys:
        raise where.problem("no key 'at-least'", "a grade from A to E")
    found: dict[str, object] = {"reliability": keys["at-least"].one_of("ABCDE")}
    if "ungraded" in keys:
        found["ungraded"] = keys["ungraded"].one_of(_UNGRADED) == "heard"
    if "by" in keys:
        found["assessors"] = frozenset(map(_actor, keys["by"].items()))
    return found


def _independent(where: _Where) -> dict[str, object]:
    text = where.text()
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise where.problem(repr(text), "a number of speakers from 1")
    return {"independent": int(text)}


def _known_on(where: _Where) -> dict[str, object]:
    text = where.text()
    try:
        known = date.fromisoformat(text).isoformat() == text
    except ValueError:
        known = False
    if not known:
        raise where.problem(repr(text), "a day such as 2017-01-22")
    return {"known_on": text}


_READERS: dict[str, Callable[[_Where], dict[str, object]]] = {
    "sources": _sources,
    "claimants": lambda where: {"heard": _voices(where)},
    "stances": _stances,
    "veto": _veto,
    "reliability": _reliability,
    "independent": _independent,
    "as-known-on": _known_on,
    "numbers": lambda where: {"number": where.one_of(NUMBERS)},
}
