"""The document of a claims file and the things that it declares, as statements."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eventkg.mapping.lexicon import Triple
from eventkg.mapping.naming import WrongError, iri_of
from eventkg.mapping.nearest import expected
from eventkg.mapping.values import day, labels, listed, plain, worded
from eventkg.model.claim import Value
from eventkg.model.naming import EKG, PREFIXES, RDF, SKOS, XSD
from eventkg.sources.iris import is_web_iri

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventkg.mapping.lexicon import Lexicon
    from eventkg.mapping.naming import Names
    from eventkg.sources.located import Path

# The class of a thing whose kind is not given.
_CLASSES = {
    "actor": "Actor",
    "place": "Place",
    "equipment": "EquipmentType",
    "event": "ReportedEvent",
    "series": "EventSeries",
}
_LINKS = {"within": "place", "subordinateTo": "actor", "memberOf": "actor"}
_DCTERMS, _GEO, _SCHEMA = PREFIXES["dcterms"], PREFIXES["geo"], PREFIXES["schema"]
_TYPE = f"{RDF}type"


def declared(new: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(kind, name, what is said of it) for each thing under `new`."""
    for kind, named in new.items():
        yield from ((kind, name, raw) for name, raw in named.items())


def described(  # noqa: PLR0913  (one call, all of it needed)
    kind: str, name: str, raw: dict[str, Any], names: Names, lexicon: Lexicon, language: str
) -> Iterator[Triple]:
    """A new thing.

    Raises:
        WrongError: a class that is none of its kind, a link to something unknown, half a position.

    """
    iri, path = iri_of(kind, name), ("new", kind, name)
    yield Triple(iri, _TYPE, Value(EKG + _class(kind, raw, lexicon, path)))
    yield from _named(iri, raw, "label", names, language)
    for text in labels(raw["altLabel"], language) if "altLabel" in raw else ():
        yield Triple(iri, f"{SKOS}altLabel", text)
    for code in listed(raw.get("identifier", [])):
        yield Triple(iri, f"{_DCTERMS}identifier", plain(code))
    if "symbolCode" in raw:
        yield Triple(iri, f"{EKG}symbolCode", plain(raw["symbolCode"]))
    for key, other in _LINKS.items():
        for each in listed(raw.get(key, [])):
            yield Triple(iri, EKG + key, Value(names.known(each, (other,), (*path, key))))
    yield from _same(iri, raw, path)
    yield from _position(iri, raw, path)


def _class(kind: str, raw: dict[str, Any], lexicon: Lexicon, path: Path) -> str:
    cls = str(raw.get("kind", _CLASSES[kind]))
    if kind == "event" and cls != "ReportedEvent":
        hint = "what an event was is said by a claim, as type"
        raise WrongError((*path, "kind"), f"kind: {cls!r} found, no kind expected; {hint}")
    if cls not in {*lexicon.classes[kind], _CLASSES[kind]}:
        known = lexicon.classes[kind]
        raise WrongError((*path, "kind"), f"kind: {expected(cls, known, f'a class of {kind}')}")
    return cls


def _same(iri: str, raw: dict[str, Any], path: Path) -> Iterator[Triple]:
    for same in listed(raw.get("sameAs", [])):
        if not is_web_iri(same):
            raise WrongError((*path, "sameAs"), f"sameAs: {same!r} found, an IRI expected")
        yield Triple(iri, f"{_SCHEMA}sameAs", Value(same))


def document(iri: str, raw: dict[str, Any], names: Names, language: str) -> Iterator[Triple]:
    """The document, but for the sums of its text.

    Raises:
        WrongError: a day that does not exist, a creator whom nobody knows.

    """
    path = ("document",)
    yield Triple(iri, _TYPE, Value(f"{EKG}Document"))
    yield from _named(iri, raw, "title", names, language)
    if "publishedOn" in raw:
        yield Triple(iri, f"{EKG}publishedOn", day(raw["publishedOn"], (*path, "publishedOn")))
    for creator in listed(raw.get("creator", [])):
        found = names.known(creator, ("actor",), (*path, "creator"))
        yield Triple(iri, f"{_DCTERMS}creator", Value(found))
    if "language" in raw:
        yield Triple(iri, f"{_DCTERMS}language", plain(raw["language"]))
    if "url" in raw:
        yield Triple(iri, f"{_SCHEMA}url", plain(raw["url"]))
    if "dateAsStated" in raw:
        yield Triple(iri, f"{EKG}dateAsStated", plain(raw["dateAsStated"]))
    if "interpretation" in raw:
        yield Triple(iri, f"{EKG}interpretation", worded(raw["interpretation"], language))


def _named(iri: str, raw: dict[str, Any], label: str, names: Names, language: str) -> Iterator[Triple]:
    """What documents and other things have in common: a label, a note, sources."""
    for text in labels(raw[label], language):
        yield Triple(iri, f"{SKOS}prefLabel", text)
    if "note" in raw:
        yield Triple(iri, f"{SKOS}scopeNote", worded(raw["note"], language))
    for source in listed(raw.get("source", [])):
        meant = "" if " " in source else iri_of("document", source)
        known = meant and names.is_known(meant)
        yield Triple(iri, f"{_DCTERMS}source", Value(meant) if known else plain(source))


def _position(iri: str, raw: dict[str, Any], path: Path) -> Iterator[Triple]:
    if not raw.keys() & {"latitude", "longitude"}:
        return
    if not raw.keys() >= {"latitude", "longitude"}:
        raise WrongError(path, "half a position found, latitude and longitude expected")
    geometry = f"{iri}/geometry"
    for key in ("latitude", "longitude"):
        yield Triple(iri, EKG + key, Value(raw[key], f"{XSD}decimal"))
    yield Triple(iri, f"{_GEO}hasGeometry", Value(geometry))
    yield Triple(geometry, _TYPE, Value(f"{_GEO}Geometry"))
    point = f"POINT({raw['longitude']} {raw['latitude']})"
    yield Triple(geometry, f"{_GEO}asWKT", Value(point, f"{_GEO}wktLiteral"))
