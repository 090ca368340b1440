"""/sparql: queries, updates and the description of the service, as the request says."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.requests import Request  # noqa: TC002  (FastAPI reads the annotation)
from starlette.responses import Response

from eventkg.serve import service, writes
from eventkg.serve.answering import answer
from eventkg.serve.description import service_description, wants_description
from eventkg.serve.negotiation import prefers_html
from eventkg.serve.pages import sparql as page
from eventkg.serve.protocol import read_parameters, to_job

if TYPE_CHECKING:
    from eventkg.query.job import Job
    from eventkg.serve.protocol import Parameters


async def sparql(request: Request) -> Response:
    """The SPARQL 1.1 Protocol; browsers are shown pages, RDF clients that ask nothing the description."""
    parameters = await read_parameters(request, updates=service.of(request).options.allow_update)
    if parameters.update is not None:
        request.scope["eventkg.query"] = parameters.update
        return await writes.update(request, parameters)
    request.scope["eventkg.query"] = "".join(parameters.queries)
    accept = request.headers.get("accept", "")
    if _asks_nothing(request, parameters) and wants_description(accept) and not prefers_html(accept):
        return await service_description(request)
    if prefers_html(accept) and not parameters.format:
        if not parameters.queries:
            return await page.form(request)
        return await page.results(request, parameters)
    return await answer(request, _job(request, parameters, accept), parameters.download)


def _asks_nothing(request: Request, parameters: Parameters) -> bool:
    return request.method != "POST" and not parameters.queries


def _job(request: Request, parameters: Parameters, accept: str) -> Job:
    options = service.of(request).options
    job = to_job(parameters, accept, counted=options.log or options.log_queries)
    if options.plain:
        return replace(job, plain=True, base=writes.base_iri(request))
    return page.in_view(request, job)


async def options(request: Request) -> Response:
    """What may be asked here."""
    methods = "GET, HEAD, POST, OPTIONS"
    if request.url.path.startswith("/store"):
        methods = "GET, HEAD, PUT, POST, DELETE, OPTIONS"
    return Response(status_code=HTTPStatus.NO_CONTENT, headers={"Allow": methods})
