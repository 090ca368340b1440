"""The ledger over HTTP: who says what, why something is a fact, what is contested, how worlds differ."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.responses import JSONResponse
from starlette.requests import Request  # noqa: TC002  (FastAPI reads the annotation)

from eventkg.model.naming import VIEW
from eventkg.serve import ledgerdoc
from eventkg.serve.background import Background
from eventkg.serve.parameters import needed, only, whole_number
from eventkg.serve.problems import HttpError
from eventkg.serve.turns import in_turn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi import FastAPI

    from eventkg.kg.disputes import Comparison, Difference, Dispute
    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.ledger import Ledger
    from eventkg.kg.why import Why

MOST, UNLESS_TOLD = 10_000, 1_000  # items of a list in one answer
_FARTHEST = 10**9 - 1
_COMPARED = 4  # pairs of worlds whose differences are kept, for they may be many


def add_routes(app: FastAPI) -> None:
    """The four questions of `eventkg claims`, below /api/v1."""
    app.state.comparisons = Background(app.state.graph, lambda graph, ab: graph.compare(*ab), _COMPARED)
    for path, (endpoint, summary) in {
        "claims": (claims, "Who says what about an event"),
        "why": (why, "Why something is a fact, or is not"),
        "disputed": (disputed, "What is contested, and by whom"),
        "compare": (compare, "In what the worlds of two policies differ"),
    }.items():
        app.get(f"/api/v1/{path}", summary=summary, openapi_extra=ledgerdoc.DOCS[path])(endpoint)


async def claims(request: Request) -> JSONResponse:
    """The ledger of one event in one view."""
    asked = only(request, "event", "view")
    event = needed(asked, "event", "an event's name or an IRI")
    ledger: Ledger = await in_turn(request, partial(_graph(request).claims, event, asked["view"] or None))
    return JSONResponse(asdict(ledger), headers={"eventkg-view": ledger.view})


async def why(request: Request) -> JSONResponse:
    """The reasons for what an attribute, a value or number, or both, name."""
    asked = only(request, "event", "fact", "view")
    event = needed(asked, "event", "an event's name or an IRI")
    fact = needed(asked, "fact", "an attribute, a value or number, or both")
    found: tuple[Why, ...] = await in_turn(
        request, partial(_graph(request).why, event, fact, asked["view"] or None)
    )
    body = {"view": found[0].view, "reasons": [asdict(reason) for reason in found]}
    return JSONResponse(body, headers={"eventkg-view": found[0].view})


async def disputed(request: Request) -> JSONResponse:
    """Everything contested in a view, a part of the list at a time."""
    asked = only(request, "view", "limit", "offset")
    limit, offset = (
        whole_number(asked, "limit", UNLESS_TOLD, MOST),
        whole_number(asked, "offset", 0, _FARTHEST),
    )
    found: tuple[Dispute, ...] = await in_turn(
        request, partial(_graph(request).disputed, asked["view"] or None)
    )
    view = found[0].view if found else VIEW + (asked["view"] or "default").removeprefix(VIEW)
    body = {"view": view, **_part("disputes", found, limit, offset)}
    return JSONResponse(body, headers={"eventkg-view": view})


async def compare(request: Request) -> JSONResponse:
    """What stands otherwise in the worlds of two policies, about one event or all."""
    asked = only(request, "a", "b", "event", "limit", "offset")
    a, b = (needed(asked, name, "the name of a view") for name in ("a", "b"))
    limit, offset = (
        whole_number(asked, "limit", UNLESS_TOLD, MOST),
        whole_number(asked, "offset", 0, _FARTHEST),
    )
    patience_s = _graph(request).limits.timeout_s
    found = await comparison(request, a, b, asked["event"], patience_s)
    if found is None:
        raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, "the worlds are being compared", {"Retry-After": "2"})
    return JSONResponse(
        {
            "a": found.a,
            "b": found.b,
            "left_out": found.left_out,
            **_part("differences", found.differences, limit, offset),
        }
    )


async def comparison(request: Request, a: str, b: str, event: str, patience_s: float) -> Comparison | None:
    """Of two worlds, about one event if one is named.

    One of all that is in them is kept; it is None if it takes longer than the patience.

    Raises:
        HttpError: what went wrong.

    """
    if event:
        found: Comparison = await in_turn(request, partial(_graph(request).compare, a, b, event))
        return found
    made: Background[tuple[str, str], Comparison] = request.app.state.comparisons
    return await made.answer((a, b), patience_s)


def _graph(request: Request) -> KnowledgeGraph:
    graph: KnowledgeGraph = request.app.state.graph
    return graph


def _part(
    name: str, found: Sequence[Dispute] | Sequence[Difference], limit: int, offset: int
) -> dict[str, object]:
    """Some of a list, with the number of all."""
    shown = found[offset : offset + limit]
    return {"total": len(found), "offset": offset, name: [asdict(each) for each in shown]}
