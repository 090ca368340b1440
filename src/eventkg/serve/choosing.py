"""Which events a request asks for: kind, days, places, actors and sources out of an address."""

from __future__ import annotations

import re
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

from eventkg.errors import EventkgError
from eventkg.export.network import KINDS
from eventkg.export.only import Only
from eventkg.kg.networkfiles import Wanted
from eventkg.kg.updating import check_iri
from eventkg.model.naming import entity
from eventkg.serve import problems
from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from starlette.datastructures import QueryParams

    from eventkg.kg.graph import KnowledgeGraph

ONCE, REPEATED = ("kind", "since", "until", "view"), ("place", "actor", "source")
DEFAULT_KIND = "actor-event"
MOST, _LONGEST = 100, 2_000  # values of a parameter, characters of one
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SOURCE = re.compile(r"[A-Za-z0-9_.~%/:#-]{1,200}")


def wanted(given: QueryParams, graph: KnowledgeGraph) -> Wanted:
    """The network that is asked for; empty values count as none.

    Raises:
        HttpError: 400 for a parameter that is unknown, given too often or malformed, or for no such view.

    """
    for name in given:
        _check(name, given.getlist(name))
    kind = given.get("kind") or DEFAULT_KIND
    if kind not in KINDS:
        raise _wrong("kind", kind, f"one of {', '.join(KINDS)}")
    only = Only(
        _day("since", given.get("since", "")),
        _day("until", given.get("until", "")),
        frozenset(_iri("place", each) for each in given.getlist("place") if each),
        frozenset(_iri("actor", each) for each in given.getlist("actor") if each),
        frozenset(_source(each) for each in given.getlist("source") if each),
    )
    try:
        return Wanted(kind, only, graph.policy(given.get("view") or None))
    except EventkgError as error:
        raise problems.of_error(error) from error


def _check(name: str, values: list[str]) -> None:
    if name not in ONCE + REPEATED:
        expected = ", ".join(ONCE + REPEATED)
        raise HttpError(HTTPStatus.BAD_REQUEST, f"{name[:50]!r} found, {expected} expected")
    most = MOST if name in REPEATED else 1
    if len(values) > most:
        raise HttpError(
            HTTPStatus.BAD_REQUEST, f"{name}: {len(values)} parameters found, at most {most} expected"
        )
    if any(len(value) > _LONGEST for value in values):
        raise HttpError(HTTPStatus.BAD_REQUEST, f"{name}: more than {_LONGEST:,} characters found")


def _day(name: str, text: str) -> str:
    if text:
        try:
            date.fromisoformat(text if _DAY.fullmatch(text) else "")
        except ValueError:
            raise _wrong(name, text, "a day as 2017-01-21") from None
    return text


def _iri(kind: str, name: str) -> str:
    """An IRI as it is, a name as that of one of ours: `al-bab`, `ucdp/234`."""
    iri = name if ":" in name else entity(kind, *name.split("/"))
    try:
        check_iri(iri)
    except EventkgError:
        raise _wrong(kind, name, "a name or an IRI") from None
    return iri


def _source(name: str) -> str:
    if not _SOURCE.fullmatch(name):
        raise _wrong("source", name, "the short name of a graph, as seed")
    return name


def _wrong(name: str, found: str, expected: str) -> HttpError:
    return HttpError(HTTPStatus.BAD_REQUEST, f"{name}: {found[:100]!r} found, {expected} expected")
