"""The ledger over HTTP: who says what, why something is a fact, what is contested, how worlds differ."""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi.responses import JSONResponse
from starlette.requests import Request  # noqa: TC002  (FastAPI reads the annotation)

from eventkg.errors import EventkgError
from eventkg.kg.dossier import UnknownSubjectError
from eventkg.model.naming import VIEW
from eventkg.serve import ledgerdoc, problems, service
from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fastapi import FastAPI

    from eventkg.kg.disputes import Comparison, Difference, Dispute
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.ledger import Ledger
    from eventkg.kg.why import Why

T = TypeVar("T")
MOST, UNLESS_TOLD = 10_000, 1_000  # items of a list in one answer
_FARTHEST = 10**9 - 1
_WHOLE = re.compile(r"[0-9]{1,10}")
_LONGEST = 2_000  # characters of a parameter
_AT_ONCE = CapacityLimiter(8)  # threads of its own: those that read answers must not be used up by it


def add_routes(app: FastAPI) -> None:
    """The four questions of `eventkg claims`, below /api/v1."""
    for path, (endpoint, summary) in {
        "claims": (claims, "Who says what about an event"),
        "why": (why, "Why something is a fact, or is not"),
        "disputed": (disputed, "What is contested, and by whom"),
        "compare": (compare, "In what the worlds of two policies differ"),
    }.items():
        app.get(f"/api/v1/{path}", summary=summary, openapi_extra=ledgerdoc.DOCS[path])(endpoint)


async def claims(request: Request) -> JSONResponse:
    """The ledger of one event in one view."""
    asked = _parameters(request, "event", "view")
    event = _needed(asked, "event", "an event's name or an IRI")
    ledger: Ledger = await _answer(request, partial(_graph(request).claims, event, asked["view"] or None))
    return JSONResponse(asdict(ledger), headers={"eventkg-view": ledger.view})


async def why(request: Request) -> JSONResponse:
    """The reasons for what an attribute, a value or number, or both, name."""
    asked = _parameters(request, "event", "fact", "view")
    event = _needed(asked, "event", "an event's name or an IRI")
    fact = _needed(asked, "fact", "an attribute, a value or number, or both")
    found: tuple[Why, ...] = await _answer(
        request, partial(_graph(request).why, event, fact, asked["view"] or None)
    )
    body = {"view": found[0].view, "reasons": [asdict(reason) for reason in found]}
    return JSONResponse(body, headers={"eventkg-view": found[0].view})


async def disputed(request: Request) -> JSONResponse:
    """Everything contested in a view, a part of the list at a time."""
    asked = _parameters(request, "view", "limit", "offset")
    limit, offset = _number(asked, "limit", UNLESS_TOLD, MOST), _number(asked, "offset", 0, _FARTHEST)
    found: tuple[Dispute, ...] = await _answer(
        request, partial(_graph(request).disputed, asked["view"] or None)
    )
    view = found[0].view if found else VIEW + (asked["view"] or "default").removeprefix(VIEW)
    body = {"view": view, **_part("disputes", found, limit, offset)}
    return JSONResponse(body, headers={"eventkg-view": view})


async def compare(request: Request) -> JSONResponse:
    """What stands otherwise in the worlds of two policies, about one event or all."""
    asked = _parameters(request, "a", "b", "event", "limit", "offset")
    a, b = (_needed(asked, name, "the name of a view") for name in ("a", "b"))
    limit, offset = _number(asked, "limit", UNLESS_TOLD, MOST), _number(asked, "offset", 0, _FARTHEST)
    found: Comparison = await _answer(request, partial(_graph(request).compare, a, b, asked["event"] or None))
    return JSONResponse(
        {
            "a": found.a,
            "b": found.b,
            "left_out": found.left_out,
            **_part("differences", found.differences, limit, offset),
        }
    )


def _graph(request: Request) -> KnowledgeGraph:
    graph: KnowledgeGraph = request.app.state.graph
    return graph


async def _answer(request: Request, question: Callable[[], T]) -> T:
    """It waits its turn as a query does."""
    admission = service.of(request).admission
    place = await admission.enter(request.client.host if request.client else "")
    try:
        return await to_thread.run_sync(question, limiter=_AT_ONCE)
    except UnknownSubjectError as error:
        raise HttpError(HTTPStatus.NOT_FOUND, str(error)) from error
    except EventkgError as error:
        raise problems.of_error(error) from error
    finally:
        admission.leave(place)


def _part(
    name: str, found: Sequence[Dispute] | Sequence[Difference], limit: int, offset: int
) -> dict[str, object]:
    """Some of a list, with the number of all."""
    shown = found[offset : offset + limit]
    return {"total": len(found), "offset": offset, name: [asdict(each) for each in shown]}


def _parameters(request: Request, *names: str) -> dict[str, str]:
    """Each parameter once at most, and no other: a misspelt one would be passed over in silence."""
    given = request.query_params
    for name in given:
        if name not in names:
            raise HttpError(HTTPStatus.BAD_REQUEST, f"{name[:50]!r} found, {', '.join(names)} expected")
        if (count := len(given.getlist(name))) > 1:
            raise HttpError(HTTPStatus.BAD_REQUEST, f"{name}: {count} parameters found, 1 expected")
        if len(given[name]) > _LONGEST:
            raise HttpError(HTTPStatus.BAD_REQUEST, f"{name}: more than {_LONGEST:,} characters found")
    return {name: given.get(name, "") for name in names}


def _needed(asked: dict[str, str], name: str, what: str) -> str:
    if not asked[name].strip():
        raise HttpError(HTTPStatus.BAD_REQUEST, f"{name}: nothing found, {what} expected")
    return asked[name]


def _number(asked: dict[str, str], name: str, unless_told: int, most: int) -> int:
    text = asked[name]
    if not text:
        return unless_told
    if not _WHOLE.fullmatch(text) or int(text) > most:
        found = f"{name}: {text[:50]!r} found, a whole number up to {most:,} expected"
        raise HttpError(HTTPStatus.BAD_REQUEST, found)
    return int(text)
