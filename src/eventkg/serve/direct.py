"""The way to a query that is asked most, past the table of routes; and how what goes wrong is told."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request

from eventkg.errors import EventkgError
from eventkg.serve import endpoint, problems
from eventkg.serve.negotiation import prefers_html
from eventkg.serve.pages import layout
from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

_PATHS, _METHODS = {"/sparql", "/query"}, {"GET", "POST"}


class Direct:
    """ASGI middleware, the innermost: the others have done their work when a request gets here."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102  (ASGI)
        if scope["type"] != "http" or scope["path"] not in _PATHS or scope["method"] not in _METHODS:
            await self._app(scope, receive, send)
            return
        request = Request(scope, receive, send)
        try:
            response = await endpoint.sparql(request)
        except (HttpError, EventkgError) as error:
            response = await told(request, error)
        await response(scope, receive, send)


async def told(request: Request, error: Exception) -> Response:
    """One document for every error; a page where a browser asks."""
    if isinstance(error, HTTPException):
        error = HttpError(HTTPStatus(error.status_code), str(error.detail), dict(error.headers or {}))
    elif isinstance(error, EventkgError):
        error = problems.of_error(error)
    if not isinstance(error, HttpError):
        raise error
    if prefers_html(request.headers.get("accept", "")):
        return await layout.problem(request, error)
    return problems.response(error)
