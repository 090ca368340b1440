"""Events over HTTP: what was found and counted, and names that fit what was typed."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from fastapi.responses import JSONResponse
from starlette.requests import Request  # noqa: TC002  (FastAPI reads the annotation)

from eventkg.kg.coverage import coverage
from eventkg.serve import findingdoc, service
from eventkg.serve.asking import asked_of, only_of
from eventkg.serve.parameters import needed, only
from eventkg.serve.turns import in_turn

if TYPE_CHECKING:
    from fastapi import FastAPI

    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.search.asked import Asked
    from eventkg.search.found import Suggestion


def add_routes(app: FastAPI) -> None:
    """Below /api/v1."""
    app.get("/api/v1/events", summary="Events found, counted by facet", openapi_extra=findingdoc.EVENTS)(
        events
    )
    app.get("/api/v1/suggest", summary="Names that begin so", openapi_extra=findingdoc.SUGGEST)(suggest)


async def events(request: Request) -> JSONResponse:
    """One page of what was found in a view, with counts of all of it."""
    asked, view = asked_of(request, also=()), request.query_params.get("view", "")
    body = await in_turn(request, partial(_found, service.of(request).graph, asked, view or None))
    return JSONResponse(body, headers={"eventkg-view": str(body["view"])})


def _found(graph: KnowledgeGraph, asked: Asked, view: str | None) -> dict[str, object]:
    """Nothing found may mean that nobody looked there: then it says what the sources cover."""
    found = graph.find(asked, view)
    empty = {} if found.total else {"coverage": coverage(graph, only_of(asked), view).line()}
    return {**asdict(found), **empty}


async def suggest(request: Request) -> JSONResponse:
    """Names of actors, places, equipment, types and events."""
    asked = only(request, "q", "kind", "view")
    text = needed(asked, "q", "the beginning of a name")
    graph = service.of(request).graph
    policy = graph.policy(asked["view"] or None)
    question = partial(graph.finder.suggest, text, policy, asked["kind"])
    found: tuple[Suggestion, ...] = await in_turn(request, question)
    body = {"view": policy.iri, "suggestions": [asdict(one) for one in found]}
    return JSONResponse(body, headers={"eventkg-view": policy.iri})
