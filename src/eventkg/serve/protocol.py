"""The SPARQL 1.1 Protocol: query and update by GET, POST of a form, or direct POST."""

from __future__ import annotations

import re
from binascii import a2b_qp
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from eventkg.query.job import GRAPHS, SOLUTIONS, Job
from eventkg.serve.bodies import read_body
from eventkg.serve.negotiation import GRAPH_TYPES, SOLUTION_TYPES, forms
from eventkg.serve.problems import HttpError, not_acceptable

if TYPE_CHECKING:
    from starlette.requests import Request

MAX_BODY = 4 * 1024 * 1024  # bytes of a query
MAX_UPDATE = 64 * 1024 * 1024  # bytes of an update
_DATASET, _USING = ("default-graph-uri", "named-graph-uri"), ("using-graph-uri", "using-named-graph-uri")
_MOST_FIELDS = 100  # of a form or an address
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2}).{0,2}", re.DOTALL)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# What other endpoints call these formats in the same parameter.
_OTHER_NAMES = {
    kind: name for types in (GRAPH_TYPES, SOLUTION_TYPES) for name, kinds in types.items() for kind in kinds
} | {
    "turtle": "ttl",
    "n3": "ttl",
    "ntriples": "nt",
    "n-triples": "nt",
    "json-ld": "jsonld",
    "rdf": "rdfxml",
    "rdf+xml": "rdfxml",
    "rdf/xml": "rdfxml",
}
_FORM = "application/x-www-form-urlencoded"
_QUERY, _UPDATE = "application/sparql-query", "application/sparql-update"


class Parameters(NamedTuple):
    """What a request asks, whichever way it came; `update` is None where it asks a query."""

    queries: tuple[str, ...]
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str
    update: str | None = None
    download: str = ""


async def read_parameters(request: Request, *, updates: bool = False) -> Parameters:
    """Out of the URL and the body; an update only where `updates` are allowed.

    Raises:
        HttpError: 400, 403 for an update, 408, 413, 415.

    """
    pairs = _decode(request.scope["query_string"], "the URL")
    in_url = {name for name, _ in pairs}
    if request.scope["method"] == "POST":
        pairs += await _posted(request, updates=updates)
    given: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        given[name] = (*given.get(name, ()), value)
    queries, texts = given.get("query", ()), given.get("update", ())
    if texts and not updates:
        raise HttpError(HTTPStatus.FORBIDDEN, "update: this endpoint is read-only")
    if texts:
        _check_update(len(texts), len(queries), in_url)
    for text in (*texts, *queries):
        _check_characters(text)
    graphs = _USING if texts else _DATASET
    return Parameters(
        queries=queries,
        default_graphs=given.get(graphs[0], ()),
        named_graphs=given.get(graphs[1], ()),
        format=given.get("format", ("",))[0],
        update=texts[0] if texts else None,
        download=given.get("download", ("",))[0],
    )


async def _posted(request: Request, *, updates: bool) -> list[tuple[str, str]]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    most = MAX_UPDATE if updates and media_type in {_FORM, _UPDATE} else MAX_BODY
    body = await read_body(request, most)
    if media_type == _FORM:
        return _decode(body, "the form")
    if media_type == _QUERY:
        return [("query", _text(body, "the query"))]
    if media_type == _UPDATE:
        return [("update", _text(body, "the update"))]
    known = f"{_FORM}, {_QUERY}" + f" or {_UPDATE}" * updates
    raise HttpError(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"Content-Type {media_type or '(none)'} found, {known} expected"
    )


def _check_update(count: int, queries: int, in_url: set[str]) -> None:
    if count != 1 or queries:
        raise HttpError(
            HTTPStatus.BAD_REQUEST, f"update: {count} beside a query or each other found, 1 expected"
        )
    if "update" in in_url:
        raise HttpError(
            HTTPStatus.BAD_REQUEST, "update: found in the URL, POST of a form or a direct POST expected"
        )


def to_job(parameters: Parameters, accept: str, *, counted: bool = False) -> Job:
    """The query with the formats that the client accepts, its rows `counted` if somebody wants to know.

    Raises:
        HttpError: 400 for none or several queries, an unknown format or view; 406.

    """
    if len(parameters.queries) != 1:
        raise HttpError(
            HTTPStatus.BAD_REQUEST, f"query: {len(parameters.queries)} parameters found, exactly 1 expected"
        )
    solutions, graph = _formats(parameters.format, accept)
    graphs = parameters.default_graphs, parameters.named_graphs
    return Job(parameters.queries[0], solutions, graph, *graphs, counted=counted)


def _formats(name: str, accept: str) -> tuple[str, str]:
    if name:
        name = _OTHER_NAMES.get(name.lower(), name)
        if name not in SOLUTIONS | GRAPHS:
            known = ", ".join(SOLUTIONS | GRAPHS)
            raise HttpError(HTTPStatus.BAD_REQUEST, f"format: {name!r} found, one of {known} expected")
        return name if name in SOLUTIONS else "", name if name in GRAPHS else ""
    solutions, graph = forms(accept)
    if not solutions and not graph:
        raise not_acceptable()
    return solutions, graph


def _check_characters(text: str) -> None:
    if found := _CONTROL.search(text):
        raise HttpError(
            HTTPStatus.BAD_REQUEST,
            f"character U+{ord(found[0]):04X} found, text without control characters expected",
        )


def _decode(data: bytes, where: str) -> list[tuple[str, str]]:
    if broken := _BROKEN_ESCAPE.search(data):
        found = broken[0].decode("ascii", "backslashreplace")
        raise HttpError(HTTPStatus.BAD_REQUEST, f"{where}: {found!r} found, % and two hex digits expected")
    try:
        return _pairs(data)
    except ValueError as problem:
        raise HttpError(
            HTTPStatus.BAD_REQUEST, f"{where}: percent-encoded UTF-8 parameters expected ({problem})"
        ) from problem


def _pairs(data: bytes) -> list[tuple[str, str]]:
    """Names and values (WHATWG URL, section 5.1, but every byte has to be right)."""
    if data.count(b"&") >= _MOST_FIELDS or not data.isascii():
        raise ValueError(f"at most {_MOST_FIELDS} of them, in ASCII")
    pairs = [pair.partition(b"=") for pair in data.split(b"&") if pair]
    return [(_unescaped(name), _unescaped(value)) for name, _, value in pairs]


def _unescaped(data: bytes) -> str:
    """Of escapes that are whole: quoted-printable has them with another sign, and its reader is in C."""
    if b"%" in data:
        data = a2b_qp(data.replace(b"+", b" ").replace(b"=", b"=3D").replace(b"%", b"="))
        return data.decode("utf-8")
    return data.replace(b"+", b" ").decode("ascii")


def _text(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise HttpError(HTTPStatus.BAD_REQUEST, f"{where}: byte {problem.start} is not UTF-8") from problem
