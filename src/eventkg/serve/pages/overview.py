"""The first page: what is in the graph. Each number leads to what is behind it."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING

from fastapi.responses import JSONResponse
from starlette.requests import Request

from eventkg.kg.overview import QUERIES, Overview, overview
from eventkg.model.naming import GRAPH
from eventkg.query.named import examples, named_query, title
from eventkg.serve import service
from eventkg.serve.background import Background
from eventkg.serve.ledgerdoc import view_document
from eventkg.serve.pages import layout
from eventkg.serve.parameters import only
from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.responses import Response


def add_routes(app: FastAPI) -> None:
    """The page, and the same as JSON."""
    app.state.overviews = Background(app.state.graph, lambda graph, view: overview(graph, view or None))
    app.add_route("/", page, ["GET", "HEAD"])
    if not app.state.service.options.plain:
        app.get("/api/v1/overview", summary="What is in the graph", openapi_extra=view_document(_SAYS))(data)


def prepare(app: FastAPI) -> None:
    """Begin to count, for whoever comes first."""
    if not app.state.service.options.plain:
        layout.prepare(app)
        app.state.overviews.get("", 0)


async def page(request: Request) -> Response:
    """The overview in the view of the address; a plain store has a form and nothing else."""
    shown = [(title(text), text) for text in examples()]
    if service.of(request).options.plain:
        return await layout.page(request, "plain.html", examples=shown, query=examples()[0])
    view = layout.view_of(request)
    found = await _current(request, view, layout.PATIENCE_S)
    if found is None:
        return await layout.waiting(request, "waiting.html", what="The events are being counted")
    return await layout.page(
        request,
        "overview.html",
        found=found,
        sources=_sources(found),
        contested=found.statuses.get("Contested", 0),
        propositions=sum(found.statuses.values()),
        queries={name: named_query(name) for name in QUERIES},
        examples=shown,
    )


async def data(request: Request) -> JSONResponse:
    """The overview of one view."""
    view = only(request, "view")["view"]
    found = await _current(request, view, service.of(request).graph.limits.timeout_s)
    if found is None:
        raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, "the events are being counted", {"Retry-After": "2"})
    return JSONResponse(asdict(found), headers={"eventkg-view": found.view})


async def _current(request: Request, view: str, patience_s: float) -> Overview | None:
    """Made once for a state and a view; None where that takes longer than the patience."""
    made: Background[str, Overview] = request.app.state.overviews
    return await made.answer(view, patience_s)


def _sources(found: Overview) -> list[dict[str, object]]:
    """Each graph with its events, its terms and what it covers."""
    named = {terms.graph for terms in found.terms} | set(found.events_by_graph)
    return [
        {
            "name": graph.removeprefix(GRAPH),
            "events": found.events_by_graph.get(graph, 0),
            "terms": [terms for terms in found.terms if terms.graph == graph],
            "covered": [one for one in found.coverage if one.source == graph.removeprefix(GRAPH)],
        }
        for graph in sorted(named, key=lambda name: (-found.events_by_graph.get(name, 0), name))
    ]


_SAYS = "Totals, events over time, who and where most, sources with licences and coverage, contradictions."
