"""Our IRIs on this server: /id/… sends on to a page for people or to data for machines (303)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse, Response

from eventkg.errors import EventkgError
from eventkg.kg.updating import check_iri
from eventkg.model.naming import BASE, KINDS
from eventkg.query.job import Job
from eventkg.serve.answering import answer, whole_answer
from eventkg.serve.negotiation import GRAPH_TYPES, choose, prefers_html
from eventkg.serve.pages import sparql
from eventkg.serve.problems import HttpError, not_acceptable
from eventkg.serve.protocol import Parameters

if TYPE_CHECKING:
    from starlette.requests import Request

_FORMATS = {"ttl": "ttl", "jsonld": "jsonld", "nt": "nt", "rdf": "rdfxml"}
_EXTENSIONS = {name: extension for extension, name in _FORMATS.items()}
_MOST_POINTING = 1000  # statements of others that data about a thing come with
_BRIEF = 1000  # bytes of the answer to an ASK


async def identify(request: Request) -> Response:
    """303 to what the client can read."""
    path = path_of(request, "/id/")
    accept = request.headers.get("accept", "")
    headers = {"Vary": "Accept"}
    if prefers_html(accept):
        return RedirectResponse(f"/page/{path}", HTTPStatus.SEE_OTHER, headers)
    name = choose(accept, GRAPH_TYPES)[0]
    if not name:
        raise not_acceptable("graph")
    return RedirectResponse(f"/data/{path}.{_EXTENSIONS[name]}", HTTPStatus.SEE_OTHER, headers)


async def data(request: Request) -> Response:
    """What is said of a thing, and what points at it; the extension is the format."""
    path, _, extension = path_of(request, "/data/").rpartition(".")
    if extension not in _FORMATS:
        raise HttpError(HTTPStatus.NOT_FOUND, f"one of the extensions {', '.join(_FORMATS)} expected")
    iri = await _known(request, path)
    query = (
        f"CONSTRUCT {{ <{iri}> ?p ?o . ?s ?q <{iri}> }} WHERE {{ {{ <{iri}> ?p ?o }} UNION "
        f"{{ SELECT ?s ?q {{ ?s ?q <{iri}> }} LIMIT {_MOST_POINTING} }} }}"
    )
    return await answer(request, Job(query, graph=_FORMATS[extension]))


async def page(request: Request, path: str) -> Response:
    """The same for people, as the answer to a query that they can change: for a plain store."""
    iri = await _known(request, path)
    query = f"SELECT ?property ?value {{ <{iri}> ?property ?value }} ORDER BY ?property ?value"
    return await sparql.results(request, Parameters((query,), (), (), ""), about=path)


def path_of(request: Request, before: str) -> str:
    """Kind and name, percent-encoded as they came: that is how our IRIs are written.

    Raises:
        HttpError: 404, no such kind.

    """
    raw: bytes = request.scope.get("raw_path") or request.url.path.encode()
    path = raw.partition(b"?")[0].decode("ascii", "replace").removeprefix(before)
    if path.partition("/")[0] not in KINDS:
        raise HttpError(HTTPStatus.NOT_FOUND, f"one of the kinds {', '.join(KINDS)} expected")
    return path


def iri_of(path: str) -> str:
    """The IRI of kind and name.

    Raises:
        HttpError: 404, no IRI can be made of them.

    """
    iri = f"{BASE}id/{path}"
    try:
        check_iri(iri)
    except EventkgError as error:
        raise HttpError(HTTPStatus.NOT_FOUND, "no such thing") from error
    return iri


async def _known(request: Request, path: str) -> str:
    iri = iri_of(path)
    _, body, _ = await whole_answer(request, Job(f"ASK {{ <{iri}> ?p ?o }}", "csv"), _BRIEF)
    if body.strip() != b"true":
        raise HttpError(HTTPStatus.NOT_FOUND, f"{iri}: nothing is known of it")
    return iri
