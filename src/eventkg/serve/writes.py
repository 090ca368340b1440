"""Who may write, and SPARQL updates."""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.responses import Response

from eventkg.errors import DataError, EventkgError
from eventkg.kg.updating import Update
from eventkg.serve import problems, service
from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from eventkg.kg.scribe import Scribe
    from eventkg.serve.protocol import Parameters

_LOG = logging.getLogger("uvicorn.error")
_MOST_WAITING = 64
_THREADS = CapacityLimiter(
    _MOST_WAITING
)  # of their own: those that read answers must not be used up by writers
_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="eventkg"'}
T = TypeVar("T")


def writer(request: Request) -> Scribe:
    """Who writes, if this client may.

    Raises:
        HttpError: 403 where writing is off or a page of another site asks; 401 without the token.

    """
    options = service.of(request).options
    scribe = service.of(request).scribe
    if scribe is None or not options.allow_update:
        raise HttpError(HTTPStatus.FORBIDDEN, "update: this endpoint is read-only")
    if options.token:
        _check_token(request, options.token)
    else:
        _check_no_browser(request)
    return scribe


def _check_token(request: Request, token: str) -> None:
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise HttpError(HTTPStatus.UNAUTHORIZED, "Authorization: a bearer token expected", _CHALLENGE)
    if not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise HttpError(
            HTTPStatus.UNAUTHORIZED,
            "Authorization: another token expected",
            {"WWW-Authenticate": _CHALLENGE["WWW-Authenticate"] + ', error="invalid_token"'},
        )


def _check_no_browser(request: Request) -> None:
    """Without a token any program of this machine may write, but no page that a browser has open."""
    host = request.url.hostname or ""
    local = host == "localhost" or host.startswith("127.") or host == "::1"
    if "origin" in request.headers or request.headers.get("sec-fetch-site", "none") != "none" or not local:
        raise HttpError(
            HTTPStatus.FORBIDDEN, "update: refused to a page of a browser; --token-file lets it in"
        )


async def update(request: Request, parameters: Parameters) -> Response:
    """Run an update; it is on disk, and seen by the next query, when this answers."""
    scribe = writer(request)
    plain = service.of(request).options.plain
    asked = Update(
        parameters.update or "",
        parameters.default_graphs,
        parameters.named_graphs,
        plain=plain,
        base=base_iri(request) if plain else "",
    )
    await write(lambda: scribe.update(asked))
    return Response(status_code=HTTPStatus.NO_CONTENT)


def base_iri(request: Request) -> str:
    """The address that was asked, without its query."""
    return str(request.url.replace(query="", fragment=""))


async def write(work: Callable[[], T]) -> T:
    """Do it in a thread, after those who came before.

    It is done to its end even if the client goes: nobody is left to ask again.

    Raises:
        HttpError: as the error says; 503 where too many wait.

    """
    if _THREADS.borrowed_tokens >= _MOST_WAITING:
        raise HttpError(HTTPStatus.SERVICE_UNAVAILABLE, "too many writes are waiting", {"Retry-After": "2"})
    try:
        return await asyncio.shield(asyncio.ensure_future(to_thread.run_sync(work, limiter=_THREADS)))
    except DataError as error:
        raise _of_data(error) from error
    except EventkgError as error:
        raise problems.of_error(error) from error


def _of_data(error: DataError) -> HttpError:
    """A body that is not what it says; or a disk, whose place is the operator's to know."""
    if re.match(r"body\.|part-|a form|a multipart|nested|unpacks", str(error)):
        return HttpError(HTTPStatus.BAD_REQUEST, str(error))
    _LOG.error("not written: %s", error)
    if "space" in str(error):
        return HttpError(HTTPStatus.INSUFFICIENT_STORAGE, "no room is left for the store")
    return HttpError(HTTPStatus.INTERNAL_SERVER_ERROR, "the store could not be written")
