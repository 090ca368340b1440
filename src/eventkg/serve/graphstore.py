"""The SPARQL 1.1 Graph Store HTTP Protocol on /store: a graph is read, put, added to and removed whole."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response

from eventkg.errors import EventkgError
from eventkg.kg.updating import check_iri
from eventkg.kg.uploading import MULTIPART, Upload, discard
from eventkg.query.job import DATASETS, GRAPHS, Job
from eventkg.serve import endpoint, problems, service, storedoc
from eventkg.serve.answering import answer, whole_answer
from eventkg.serve.bodies import spool_body
from eventkg.serve.negotiation import DATASET_TYPES, GRAPH_TYPES, choose
from eventkg.serve.problems import HttpError, not_acceptable
from eventkg.serve.writes import base_iri, write, writer

if TYPE_CHECKING:
    from fastapi import FastAPI

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_MOST_ASKED = 1000  # bytes of the answer to an ASK


async def read(request: Request) -> Response:
    """GET and HEAD: a graph; the whole data set where none is named and N-Quads or TriG are accepted."""
    graph, named = _target(request)
    plain = service.of(request).options.plain
    if not named:
        return await answer(request, _dataset_job(request))
    name = _format(request)
    if not graph:
        return await answer(request, Job(_ALL, graph=name, plain=plain))
    await _check_there(request, graph)
    return await answer(request, Job(_ALL, graph=name, default_graphs=(graph,), plain=plain))


async def put(request: Request) -> Response:
    """The graph's content is what came, and nothing else."""
    graph, named = _target(request)
    if not named:
        raise HttpError(HTTPStatus.BAD_REQUEST, "graph: none found, ?graph=IRI or ?default expected")
    if not graph:
        _check_own_default(request)
    return await _load(request, graph, replacing=True)


async def post(request: Request) -> Response:
    """Added to a graph; where none is named, to a new one of ours, unless what comes names its own."""
    graph, named = _target(request)
    if named or _media_type(request) in {"application/n-quads", "application/trig"}:
        return await _load(request, graph, replacing=False)
    made = f"{base_iri(request).rstrip('/')}/{uuid.uuid4()}"
    answered = await _load(request, made, replacing=False)
    answered.headers["location"] = made
    return answered


async def delete(request: Request) -> Response:
    """The graph is gone."""
    scribe = writer(request)
    graph, named = _target(request)
    if not named:
        raise HttpError(HTTPStatus.BAD_REQUEST, "graph: none found, ?graph=IRI or ?default expected")
    if not graph:
        _check_own_default(request)
    plain = service.of(request).options.plain
    await write(lambda: scribe.remove(graph, plain=plain))
    return Response(status_code=HTTPStatus.NO_CONTENT)


async def _load(request: Request, graph: str, *, replacing: bool) -> Response:
    scribe = writer(request)
    options = service.of(request).options
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if packed not in {"identity", "gzip"}:
        raise HttpError(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Content-Encoding {packed} found, gzip or none expected"
        )
    file = await spool_body(request, options.max_upload)
    asked = Upload(
        str(file),
        request.headers.get("content-type", ""),
        graph,
        replace=replacing,
        packed=packed == "gzip",
        plain=options.plain,
        base=(graph or base_iri(request)) if options.plain else "",
    )
    try:
        new = await write(lambda: scribe.upload(asked))
    finally:
        await to_thread.run_sync(discard, file.parent)
    return Response(status_code=HTTPStatus.CREATED if new else HTTPStatus.NO_CONTENT)


def _target(request: Request) -> tuple[str, bool]:
    """(graph, whether one was named); "" is the default graph, and a path below /store is a graph.

    Raises:
        HttpError: 400 for two of them, or what is no absolute IRI.

    """
    given = request.query_params.getlist("graph")
    default = "default" in request.query_params
    direct = bool(request.path_params.get("path"))
    if len(given) + default + direct > 1:
        raise HttpError(
            HTTPStatus.BAD_REQUEST, "graph: several found, one of ?graph=IRI, ?default or a path expected"
        )
    if not given and not direct:
        return "", default
    graph = given[0] if given else base_iri(request)
    try:
        check_iri(graph)
    except EventkgError as error:
        raise problems.of_error(error) from error
    return graph, True


def _check_own_default(request: Request) -> None:
    if not service.of(request).options.plain:
        raise HttpError(
            HTTPStatus.CONFLICT, "the default graph is the union of all graphs here; ?graph=IRI expected"
        )


async def _check_there(request: Request, graph: str) -> None:
    _, body, _ = await whole_answer(request, Job(f"ASK {{ GRAPH <{graph}> {{ }} }}", "csv"), _MOST_ASKED)
    if body.strip() != b"true":
        raise HttpError(HTTPStatus.NOT_FOUND, f"graph {graph}: not in the store")


def _format(request: Request) -> str:
    wanted = request.query_params.get("format")
    if wanted is not None:
        if wanted not in GRAPHS:
            raise HttpError(
                HTTPStatus.BAD_REQUEST, f"format: {wanted!r} found, one of {', '.join(GRAPHS)} expected"
            )
        return wanted
    name = choose(request.headers.get("accept", ""), GRAPH_TYPES)[0]
    if not name:
        raise not_acceptable("graph")
    return name


def _dataset_job(request: Request) -> Job:
    wanted = request.query_params.get("format")
    if wanted is None:
        wanted = choose(request.headers.get("accept", ""), DATASET_TYPES)[0]
    if wanted not in DATASETS:
        raise HttpError(
            HTTPStatus.BAD_REQUEST,
            "graph: none found; ?graph=IRI, ?default, or Accept: application/n-quads expected",
        )
    return replace(Job(""), dataset=wanted)


def _media_type(request: Request) -> str:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return "" if kind == MULTIPART else kind


_Way = Callable[[Request], Awaitable[Response]]
_VERBS: tuple[tuple[str, _Way, HTTPStatus, str, dict[str, Any]], ...] = (
    ("GET", read, HTTPStatus.OK, "Read a graph, or the whole data set", storedoc.READ),
    ("PUT", put, HTTPStatus.NO_CONTENT, "Make a graph what comes, and nothing else", storedoc.LOAD),
    ("POST", post, HTTPStatus.NO_CONTENT, "Add to a graph, or make one", storedoc.LOAD),
    ("DELETE", delete, HTTPStatus.NO_CONTENT, "Remove a graph", storedoc.DELETE),
)


def add_routes(app: FastAPI) -> None:
    """/store, and each path below it as the graph of that address."""
    for path in ("/store", "/store/{path:path}"):
        for method, way, *_ in _VERBS:
            app.add_route(path, way, [method, "HEAD"] if method == "GET" else [method])
        app.add_route(path, endpoint.options, ["OPTIONS"])
    for method, way, status, summary, document in _VERBS:  # for the document: the routes above answer
        app.api_route(
            "/store",
            methods=[method],
            status_code=status,
            summary=summary,
            openapi_extra=document,
            response_class=Response,
        )(way)
