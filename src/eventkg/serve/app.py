"""The application: routes and nothing else."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.requests import Request

from eventkg.errors import EventkgError
from eventkg.serve import ledger, pages, problems
from eventkg.serve.answering import answer, whole_answer
from eventkg.serve.headers import SecurityHeaders
from eventkg.serve.negotiation import prefers_html
from eventkg.serve.problems import HttpError
from eventkg.serve.protocol import read_parameters, to_job
from eventkg.settings import VERSION

if TYPE_CHECKING:
    from fastapi import FastAPI

    from eventkg.kg.graph import KnowledgeGraph

_STATIC = Path(__file__).parent / "static"
_IRIS = {"type": "array", "items": {"type": "string"}}
_QUERY_DOC = {
    "parameters": [
        {"name": "query", "in": "query", "required": True, "schema": {"type": "string"},
         "example": "SELECT ?who { event:2017-01-22-al-bab-strike ekg:performedBy ?who }"},
        {"name": "default-graph-uri", "in": "query", "schema": _IRIS},
        {"name": "named-graph-uri", "in": "query", "schema": _IRIS},
        {"name": "format", "in": "query", "schema": {"type": "string"},
         "description": "json, xml, csv, tsv; ttl, nt, jsonld, rdfxml. Instead of an Accept header."},
    ],
}  # fmt: skip


def create_app(graph: KnowledgeGraph) -> FastAPI:
    """The service over one open graph, which the caller closes."""
    app = FastAPIOffline(
        docs_url=None,
        redoc_url=None,
        static_url="/static/docs",
        title="eventkg",
        version=VERSION,
        summary="Who says what about which military event.",
    )
    app.state.graph = graph
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_middleware(SecurityHeaders)
    app.add_exception_handler(HttpError, _problem)
    app.add_exception_handler(EventkgError, _problem)
    app.add_exception_handler(HTTPException, _problem)
    app.get("/", include_in_schema=False)(start_page)
    app.add_route("/docs", pages.api_docs, include_in_schema=False)
    app.get("/sparql", summary="Ask a SPARQL 1.1 query", openapi_extra=_QUERY_DOC, response_class=Response)(
        sparql
    )
    app.post(
        "/sparql",
        summary="Ask by form or by direct POST",
        openapi_extra=pages.POST_DOC,
        response_class=Response,
    )(sparql)
    app.add_api_route("/query", sparql, methods=["GET", "POST"], include_in_schema=False)
    ledger.add_routes(app)
    app.get("/healthz", summary="Is the process up?")(healthz)
    app.get("/readyz", summary="Does a query get an answer?")(readyz)
    return app


async def sparql(request: Request) -> Response:
    """The query operation of the SPARQL 1.1 Protocol; a browser is shown a page."""
    parameters = await read_parameters(request)
    accept = request.headers.get("accept", "")
    if prefers_html(accept) and not parameters.format:
        if not parameters.queries:
            return RedirectResponse("/", status_code=HTTPStatus.SEE_OTHER)
        return await pages.results(request, parameters)
    return await answer(request, request.app.state.graph, to_job(parameters, accept))


async def start_page(request: Request) -> Response:
    """Counts, examples that run, and a form."""
    return await pages.start(request)


async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


async def readyz(request: Request) -> Response:
    """A worker answers."""
    try:
        await whole_answer(request, request.app.state.graph, pages.PROBE, pages.MAX_BYTES)
    except HttpError as problem:
        unready = HttpError(HTTPStatus.SERVICE_UNAVAILABLE, problem.detail)
        return problems.response(unready)
    return JSONResponse({"status": "ready"})


async def _problem(request: Request, error: Exception) -> Response:
    """One document for every error; a page where a browser asks."""
    if isinstance(error, HTTPException):
        error = HttpError(HTTPStatus(error.status_code), str(error.detail), dict(error.headers or {}))
    elif isinstance(error, EventkgError):
        error = problems.of_error(error)
    if not isinstance(error, HttpError):
        raise error
    if prefers_html(request.headers.get("accept", "")):
        return pages.problem(request, error)
    return problems.response(error)
