"""The way of what is asked most, beside routes and middleware; and how what goes wrong is told.

Every query is answered here, by the same functions whichever way the answer goes on: a small one straight to
the server, with all its headers; anything else through the middleware, where `Given` hands it in.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request

from eventkg.errors import EventkgError
from eventkg.serve import endpoint, problems
from eventkg.serve.answering import Whole
from eventkg.serve.headers import SECURITY, WORTH_PACKING
from eventkg.serve.negotiation import prefers_html
from eventkg.serve.operation import NUMBER, SINCE, number_of
from eventkg.serve.pages import layout
from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.responses import Response
    from starlette.types import ASGIApp, Receive, Scope, Send

    from eventkg.serve.again import Again
    from eventkg.serve.operation import Metrics

_PATHS, _METHODS = {"/sparql", "/query"}, {"GET", "POST"}
_GIVEN = "eventkg.given"  # in the scope: the answer, where it is known before the middleware has its turn


class Direct:
    """An ASGI application in front of another, which gets what it does not answer itself."""

    def __init__(self, app: FastAPI) -> None:
        """In front of what `create_app` makes."""
        self._app = app
        self._metrics: Metrics = app.state.metrics
        self._again: Again | None = app.state.again
        # Where requests are logged, or pages of other sites may ask, the middleware has more to do.
        self._short = self._again is not None and not app.state.service.options.cors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102  (ASGI)
        if scope["type"] != "http" or scope["path"] not in _PATHS or scope["method"] not in _METHODS:
            await self._app(scope, receive, send)
            return
        scope["app"], scope[SINCE] = self._app, time.monotonic()
        response = await _answer(Request(scope, receive, send))
        if self._short and type(response) is Whole and len(response.body) < WORTH_PACKING:
            await self._send(scope, send, response)
        else:
            scope[_GIVEN] = response
            await self._app(scope, receive, send)

    async def _send(self, scope: Scope, send: Send, response: Whole) -> None:
        headers = [*response.raw_headers, *SECURITY, (NUMBER, number_of(scope))]
        start = {"type": "http.response.start", "status": response.status_code, "headers": headers}
        body = {"type": "http.response.body", "body": response.body}
        if self._again is not None:
            self._again.keep(scope, start, body)
        await send(start)
        await send(body)
        seconds = time.monotonic() - scope[SINCE]
        self._metrics.count(scope["path"], scope["method"], response.status_code, seconds, len(response.body))


class Given:
    """ASGI middleware, the innermost: sends the answer that `Direct` has found."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102  (ASGI)
        await scope.get(_GIVEN, self._app)(scope, receive, send)


async def _answer(request: Request) -> ASGIApp:
    """What to send, be it good news or not."""
    try:
        return await endpoint.sparql(request)
    except (HttpError, EventkgError) as error:
        return await told(request, error)
    except Exception as error:  # noqa: BLE001  (raised again where requests are counted)
        return _Broken(error)


class _Broken:
    """A mistake of ours, to be raised."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def __call__(self, *_: object) -> None:
        raise self._error


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
