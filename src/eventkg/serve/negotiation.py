"""Content negotiation (RFC 9110, section 12.5.1): which of our formats a client likes best."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Names are those of --format; the first of equals wins.
SOLUTION_TYPES = {
    "json": ("application/sparql-results+json", "application/json"),
    "xml": ("application/sparql-results+xml", "application/xml", "text/xml"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
}
GRAPH_TYPES = {
    "ttl": ("text/turtle", "application/x-turtle"),
    "nt": ("application/n-triples", "text/plain"),
    "jsonld": ("application/ld+json", "application/json"),
    "rdfxml": ("application/rdf+xml", "application/xml"),
}
DATASET_TYPES = {"nq": ("application/n-quads",), "trig": ("application/trig",)}
HTML_TYPES = {"html": ("text/html", "application/xhtml+xml")}
_KEPT = 64  # Accept headers read: the same few come again and again


class _Range(NamedTuple):
    """One media range of an Accept header."""

    kind: str
    subtype: str
    quality: float


def quality(accept: str, media_type: str) -> float:
    """How much a client wants a media type, 0 to 1: the most specific range decides; no header is `*/*`."""
    kind, _, subtype = media_type.partition("/")
    best, found = -1, 0.0
    for wanted in _ranges(accept or "*/*"):
        if wanted.kind not in {"*", kind} or wanted.subtype not in {"*", subtype}:
            continue
        precision = (wanted.kind != "*") + (wanted.subtype != "*")
        if precision > best or (precision == best and wanted.quality > found):
            best, found = precision, wanted.quality
    return found


def choose(accept: str, offers: Mapping[str, tuple[str, ...]]) -> tuple[str, float]:
    """(name, quality) of the offer that fits best; ("", 0.0) if none is acceptable."""
    name, found = "", 0.0
    for offer, media_types in offers.items():
        wanted = max(quality(accept, media_types[0]), _named(accept, media_types[1:]))
        if wanted > found:
            name, found = offer, wanted
    return name, found


def _named(accept: str, other_names: tuple[str, ...]) -> float:
    """A format's other media types count where they are named outright: what is sent is the first."""
    return max((r.quality for r in _ranges(accept) if f"{r.kind}/{r.subtype}" in other_names), default=0.0)


@lru_cache(_KEPT)
def forms(accept: str) -> tuple[str, str]:
    """The formats chosen for solutions and for graphs; "" where none is acceptable."""
    return choose(accept, SOLUTION_TYPES)[0], choose(accept, GRAPH_TYPES)[0]


@lru_cache(_KEPT)
def prefers_html(accept: str) -> bool:
    """A browser: HTML named outright, and liked no less than any data format."""
    if not any(kind == "text/html" for kind in (f"{r.kind}/{r.subtype}" for r in _ranges(accept))):
        return False
    html = choose(accept, HTML_TYPES)[1]
    named = ",".join(f"{r.kind}/{r.subtype};q={r.quality}" for r in _ranges(accept) if r.kind != "*")
    return html > 0 and html >= max(choose(named, offers)[1] for offers in (SOLUTION_TYPES, GRAPH_TYPES))


@lru_cache(_KEPT)
def _ranges(accept: str) -> Iterable[_Range]:
    return tuple(_read(accept))


def _read(accept: str) -> Iterator[_Range]:
    """A range that cannot be read is passed over, as RFC 9110 leaves it to the server."""
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        kind, slash, subtype = media.partition("/")
        weight = _weight(parameters)
        if slash and kind and subtype and weight is not None:
            yield _Range(kind, subtype, weight)


def _weight(parameters: list[str]) -> float | None:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                weight = float(value)
            except ValueError:
                return None
            return weight if 0 <= weight <= 1 else None
    return 1.0
