"""The SPARQL 1.1 Protocol's query operation: GET, POST of a form, direct POST."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from eventkg.query.job import GRAPHS, SOLUTIONS, Job
from eventkg.serve.negotiation import GRAPH_TYPES, SOLUTION_TYPES, choose
from eventkg.serve.problems import HttpError, not_acceptable

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_BODY = 4 * 1024 * 1024  # bytes
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL)
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"


class Parameters(NamedTuple):
    """What a request asks, whichever way it came."""

    queries: tuple[str, ...]
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str


async def read_parameters(request: Request) -> Parameters:
    """Out of the URL and the body.

    Raises:
        HttpError: 400, 403 for an update, 413, 415.

    """
    pairs = _decode(request.scope["query_string"], "the URL")
    if request.method == "POST":
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        body = await _body(request)
        if media_type == _FORM:
            pairs += _decode(body, "the form")
        elif media_type == _QUERY:
            pairs.append(("query", _text(body, "the query")))
        elif media_type == "application/sparql-update":
            raise _read_only()
        else:
            raise HttpError(
                HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                f"Content-Type {media_type or '(none)'} found, {_FORM} or {_QUERY} expected",
            )
    if any(name == "update" for name, _ in pairs):
        raise _read_only()
    return Parameters(
        queries=_values(pairs, "query"),
        default_graphs=_values(pairs, "default-graph-uri"),
        named_graphs=_values(pairs, "named-graph-uri"),
        format="".join(_values(pairs, "format")[:1]),
    )


def to_job(parameters: Parameters, accept: str) -> Job:
    """The query with the formats that the client accepts.

    Raises:
        HttpError: 400 for none or several queries, an unknown format or view; 406.

    """
    if len(parameters.queries) != 1:
        raise HttpError(
            HTTPStatus.BAD_REQUEST, f"query: {len(parameters.queries)} parameters found, exactly 1 expected"
        )
    solutions, graph = _formats(parameters.format, accept)
    return Job(parameters.queries[0], solutions, graph, parameters.default_graphs, parameters.named_graphs)


def _formats(name: str, accept: str) -> tuple[str, str]:
    if name:
        if name not in SOLUTIONS | GRAPHS:
            known = ", ".join(SOLUTIONS | GRAPHS)
            raise HttpError(HTTPStatus.BAD_REQUEST, f"format: {name!r} found, one of {known} expected")
        return name if name in SOLUTIONS else "", name if name in GRAPHS else ""
    solutions, graph = choose(accept, SOLUTION_TYPES)[0], choose(accept, GRAPH_TYPES)[0]
    if not solutions and not graph:
        raise not_acceptable()
    return solutions, graph


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise HttpError(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                f"more than {MAX_BODY:,} bytes of body found",
                limit=MAX_BODY,
            )
    return bytes(body)


def _decode(data: bytes, where: str) -> list[tuple[str, str]]:
    if broken := _BROKEN_ESCAPE.search(data):
        found = broken[0].decode("ascii", "backslashreplace")
        raise HttpError(HTTPStatus.BAD_REQUEST, f"{where}: {found!r} found, % and two hex digits expected")
    try:
        return parse_qsl(
            data.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            encoding="utf-8",
            max_num_fields=100,
        )
    except ValueError as problem:
        raise HttpError(
            HTTPStatus.BAD_REQUEST, f"{where}: percent-encoded UTF-8 parameters expected ({problem})"
        ) from problem


def _text(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise HttpError(HTTPStatus.BAD_REQUEST, f"{where}: byte {problem.start} is not UTF-8") from problem


def _values(pairs: list[tuple[str, str]], name: str) -> tuple[str, ...]:
    return tuple(value for key, value in pairs if key == name)


def _read_only() -> HttpError:
    return HttpError(HTTPStatus.FORBIDDEN, "update: this endpoint is read-only")
