"""The application: routes and nothing else."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException
from starlette.requests import Request

from eventkg.errors import EventkgError
from eventkg.serve import (
    docs,
    downloads,
    endpoint,
    entities,
    finding,
    graphstore,
    ledger,
    networks,
    problems,
    sparqldoc,
    validation,
    vocabulary,
)
from eventkg.serve.again import Again, Remembering
from eventkg.serve.answering import whole_answer
from eventkg.serve.description import void
from eventkg.serve.direct import Given, told
from eventkg.serve.headers import SecurityHeaders, allow_origins, compress
from eventkg.serve.operation import Metrics, Observed, metrics
from eventkg.serve.pages import compare, events, network, overview, thing, validated
from eventkg.serve.pages.sparql import MAX_BYTES, PROBE
from eventkg.serve.problems import HttpError
from eventkg.serve.service import Options, Service
from eventkg.settings import VERSION

if TYPE_CHECKING:
    from fastapi import FastAPI

    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.kg.scribe import Scribe

_STATIC = Path(__file__).parent / "static"
# What FastAPI would send to a collector elsewhere where the environment names one.
_SILENT = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}


def create_app(
    graph: KnowledgeGraph, options: Options | None = None, scribe: Scribe | None = None
) -> FastAPI:
    """The service over one open graph, which the caller closes, and the scribe too."""
    options = options or Options()
    app = FastAPIOffline(
        docs_url=None,
        redoc_url=None,
        static_url="/static/docs",
        title="eventkg",
        version=VERSION,
        summary="Who says what about which military event.",
        telemetry=_SILENT,
    )
    app.state.graph = graph
    app.state.service = Service(graph, options, scribe)
    app.state.metrics = Metrics(app.state.service)
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_middleware(Given)
    compress(app)
    allow_origins(app, options.cors)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(Observed, counted=app.state.metrics, log=options.log, texts=options.log_queries)
    app.state.again = None
    if not (options.log or options.log_queries):  # else each request is to be seen
        app.state.again = Again(app.state.service, app.state.metrics)
        app.add_middleware(Remembering, again=app.state.again)
    for kind in (HttpError, EventkgError, HTTPException):
        app.add_exception_handler(kind, told)
    app.add_route("/docs", docs.page, include_in_schema=False)
    overview.add_routes(app)
    thing.add_routes(app)
    compare.add_routes(app)
    _add_protocols(app)
    if not options.plain:  # where there is no ledger
        events.add_routes(app)
        ledger.add_routes(app)
        finding.add_routes(app)
        downloads.add_routes(app)
        validation.add_routes(app)
        networks.add_routes(app)
        network.add_routes(app)
        validated.add_routes(app)
        vocabulary.add_routes(app)
    app.get("/healthz", summary="Is the process up?")(healthz)
    app.get("/readyz", summary="Does a query get an answer?", openapi_extra=sparqldoc.READY_DOC)(readyz)
    return app


def _add_protocols(app: FastAPI) -> None:
    """SPARQL, the graph store, and IRIs that lead somewhere."""
    app.add_route("/sparql", endpoint.sparql, ["GET", "HEAD", "POST"])  # without FastAPI's detour
    app.get(
        "/sparql", summary="Ask a SPARQL 1.1 query", openapi_extra=sparqldoc.GET_DOC, response_class=Response
    )(endpoint.sparql)
    app.post(
        "/sparql",
        summary="Ask, or update, by form or by direct POST",
        openapi_extra=sparqldoc.POST_DOC,
        response_class=Response,
    )(endpoint.sparql)
    for alias in ("/query", "/update"):
        app.add_route(alias, endpoint.sparql, ["GET", "HEAD", "POST"])
    for path in ("/sparql", "/query", "/update"):
        app.add_route(path, endpoint.options, ["OPTIONS"])
    graphstore.add_routes(app)
    app.add_route("/id/{path:path}", entities.identify, ["GET", "HEAD"])
    app.add_route("/data/{path:path}", entities.data, ["GET", "HEAD"])
    app.add_route("/.well-known/void", void, ["GET", "HEAD"])
    app.add_route("/metrics", metrics, ["GET"])


async def healthz() -> dict[str, str]:
    """The process answers."""
    return {"status": "ok"}


async def readyz(request: Request) -> Response:
    """A worker answers."""
    try:
        await whole_answer(request, PROBE, MAX_BYTES)
    except HttpError as problem:
        unready = HttpError(HTTPStatus.SERVICE_UNAVAILABLE, problem.detail)
        return problems.response(unready)
    return JSONResponse({"status": "ready"})
