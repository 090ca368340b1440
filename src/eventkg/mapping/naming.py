"""Names in a claims file, resolved to IRIs of things that are known or declared; nothing is made up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from eventkg.mapping.nearest import expected, nearest
from eventkg.model.naming import BASE, CODE, KINDS, PREFIXES

if TYPE_CHECKING:
    from eventkg.mapping.lexicon import Lexicon
    from eventkg.sources.located import Path

# The code list that an attribute takes its values from; another one is named as code:LIST/CODE.
SCHEMES = {
    "placeRelation": "place-relation",
    "placePrecision": "place-precision",
    "datePrecision": "date-precision",
    "struckKind": "target-kind",
    "coordinationLevel": "coordination-level",
    "means": "reconnaissance-means",
    "channel": "channel",
    "eventType": "event-type",
}
_ABSOLUTE = ("http://", "https://", "urn:")
_NO_IRI = re.compile(r"[\x00-\x20<>\"{}|\\^`]")


class WrongError(Exception):
    """A value that cannot be taken: where it is in the file, and a message."""

    def __init__(self, path: Path, message: str) -> None:
        super().__init__(message)
        self.path = path


def iri_of(kind: str, name: str) -> str:
    """`pentagon`, `actor:pentagon` or an IRI, as an IRI."""
    prefix, colon, local = name.partition(":")
    if name.startswith(_ABSOLUTE):
        return name
    if colon and prefix in PREFIXES:
        return PREFIXES[prefix] + quote(unquote(local), safe="-._~/")
    return f"{BASE}id/{kind}/{quote(unquote(name), safe='-._~/')}"


def tail(iri: str) -> str:
    """The end of an IRI that a person would call it by."""
    for kind in KINDS:
        if iri.startswith(f"{BASE}id/{kind}/"):
            return iri.removeprefix(f"{BASE}id/{kind}/").replace("/", "-")
    return iri.rstrip("/#").rpartition("#")[2].rpartition("/")[2]


class Names:
    """Resolves names against a store and what a file declares."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._declared: set[str] = set()

    def declare(self, iri: str) -> None:
        """A thing that the file itself describes."""
        self._declared.add(iri)

    def is_known(self, iri: str) -> bool:
        """Whether the file or the store says what this is."""
        return iri in self._declared or self._lexicon.is_described(iri)

    def known(self, name: str, kinds: tuple[str, ...], path: Path) -> str:
        """The one thing of these kinds that a name means.

        Raises:
            WrongError: none, or several; with what comes nearest.

        """
        _check_iri(name, path)
        if name.startswith(_ABSOLUTE) or name.partition(":")[0] in PREFIXES:
            return self._explicit(name, kinds, path)
        found = [iri for iri in (iri_of(kind, name) for kind in kinds) if self.is_known(iri)]
        if len(found) == 1:
            return found[0]
        if found:
            meant = " or ".join(f"{kind}:{name}" for kind in kinds if self.is_known(iri_of(kind, name)))
            raise WrongError(path, f"{name!r} found, which may be {meant}; one of them expected")
        raise WrongError(path, self._unknown(name, kinds))

    def code(self, attribute: str, name: str, path: Path) -> str:
        """The IRI of a code of the attribute's list, or of another list (code:LIST/CODE).

        Raises:
            WrongError: no such code.

        """
        scheme = SCHEMES.get(attribute, "")
        if name.startswith((CODE, "code:")):
            scheme, _, name = name.removeprefix(CODE).removeprefix("code:").rpartition("/")
        codes = list(self._lexicon.codes(scheme))
        if name not in codes:
            what = f"a code of the list {scheme}" if scheme else "code:LIST/CODE"
            raise WrongError(path, f"{attribute}: {expected(name, codes, what)}")
        return f"{CODE}{scheme}/{name}"

    def _explicit(self, name: str, kinds: tuple[str, ...], path: Path) -> str:
        iri = iri_of(kinds[0], name)
        ours = next((kind for kind in KINDS if iri.startswith(f"{BASE}id/{kind}/")), "")
        if ours and ours not in kinds:
            raise WrongError(path, f"{name!r} found, {_one_of(kinds)} expected")
        if not self.is_known(iri):
            raise WrongError(path, self._unknown(iri.removeprefix(f"{BASE}id/{ours}/"), (ours or kinds[0],)))
        return iri

    def _unknown(self, name: str, kinds: tuple[str, ...]) -> str:
        """What comes nearest among the things that are there, by name or label."""
        known = {tail(iri): tail(iri) for iri in sorted(self._declared) if _kind(iri) in kinds}
        for kind in kinds:
            known |= self._lexicon.names(kind)
        near = dict.fromkeys(known[label] for label in nearest(name, known))
        new = next((f", or one declared under new: {kind}:" for kind in kinds if kind in _NEW), "")
        what = f"{_one_of(kinds)} that the store knows expected{new}"
        if near:
            return f"{name!r} found; did you mean {' or '.join(map(repr, near))}? ({what})"
        return f"{name!r} found, {what}"


_NEW = ("actor", "place", "equipment", "event", "series")


def _kind(iri: str) -> str:
    return iri.removeprefix(f"{BASE}id/").partition("/")[0]


def _one_of(kinds: tuple[str, ...]) -> str:
    articles = {kind: f"{'an' if kind[0] in 'ae' else 'a'} {kind}" for kind in kinds}
    articles |= {"equipment": "a type of equipment"} if "equipment" in kinds else {}
    return " or ".join(articles[kind] for kind in kinds)


def _check_iri(name: str, path: Path) -> None:
    if _NO_IRI.search(name):
        raise WrongError(path, f"{name!r} found, a name without spaces, or an IRI, expected")
