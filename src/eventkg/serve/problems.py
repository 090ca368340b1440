"""Errors as application/problem+json (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

from eventkg.errors import (
    MemoryLimitError,
    MissingGraphError,
    QueryError,
    ReadOnlyGraphError,
    StoreBusyError,
    TimeLimitError,
    UsageError,
)
from eventkg.kg.dossier import UnknownSubjectError
from eventkg.kg.finding import NotReadyError
from eventkg.query.pool import BusyError, NotAcceptableError
from eventkg.serve.negotiation import GRAPH_TYPES, SOLUTION_TYPES

if TYPE_CHECKING:
    from eventkg.errors import EventkgError


_STATUSES = {
    BusyError: (HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "1"}),
    NotReadyError: (HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "2"}),
    StoreBusyError: (HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "5"}),
    ReadOnlyGraphError: (HTTPStatus.CONFLICT, None),
    MissingGraphError: (HTTPStatus.NOT_FOUND, None),
    UnknownSubjectError: (HTTPStatus.NOT_FOUND, None),
}


class HttpError(Exception):
    """A request that cannot be answered; `headers` go with the answer."""

    def __init__(
        self, status: HTTPStatus, detail: str, headers: dict[str, str] | None = None, **extra: object
    ) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers, self.extra = status, detail, headers, extra


def response(problem: HttpError) -> JSONResponse:
    """The problem as its document."""
    body = {
        "type": "about:blank",
        "title": problem.status.phrase,
        "status": int(problem.status),
        "detail": problem.detail,
        **{name: value for name, value in problem.extra.items() if value is not None},
    }
    headers = {"Vary": "Accept", **(problem.headers or {})}
    return JSONResponse(
        body, status_code=problem.status, headers=headers, media_type="application/problem+json"
    )


def of_error(error: EventkgError) -> HttpError:
    """What an error of the library means over HTTP."""
    if isinstance(error, TimeLimitError):
        elapsed_s = round(error.elapsed_s, 3)
        return HttpError(HTTPStatus.GATEWAY_TIMEOUT, str(error), limit_s=error.limit_s, elapsed_s=elapsed_s)
    if isinstance(error, MemoryLimitError):
        return HttpError(HTTPStatus.INSUFFICIENT_STORAGE, str(error), limit_mb=error.limit_mb)
    if type(error) in _STATUSES:
        status, headers = _STATUSES[type(error)]
        told = {name: getattr(error, name, None) for name in ("step", "steps", "doing")}
        return HttpError(status, str(error), headers, **told)
    if isinstance(error, NotAcceptableError):
        return not_acceptable(error.form)
    if isinstance(error, QueryError | UsageError):
        where = {name: getattr(error, name, None) for name in ("line", "column")}
        return HttpError(HTTPStatus.BAD_REQUEST, str(error), None, **where)
    return HttpError(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))


def not_acceptable(form: str = "") -> HttpError:
    """406 with the list of what there is."""
    solutions = [types[0] for types in SOLUTION_TYPES.values()]
    graphs = [types[0] for types in GRAPH_TYPES.values()]
    offers = {"solutions": solutions, "boolean": solutions, "graph": graphs}.get(form, solutions + graphs)
    return HttpError(
        HTTPStatus.NOT_ACCEPTABLE,
        f"none of the media types in Accept is offered: {', '.join(offers)}",
        offers=offers,
    )
