"""Questions that take several queries: each waits its turn as a query does, in a thread of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from anyio import CapacityLimiter, to_thread

from eventkg.errors import EventkgError
from eventkg.serve import problems, service

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

T = TypeVar("T")
_AT_ONCE = CapacityLimiter(8)  # threads of its own: those that read answers must not be used up by it


async def in_turn(request: Request, question: Callable[[], T]) -> T:
    """The answer to a question put to the graph; one that takes long lets others begin.

    Raises:
        HttpError: what the error means over HTTP.

    """
    admission = service.of(request).admission
    place = await admission.enter(request.client.host if request.client else "")
    place.demote = _nothing
    try:
        return await to_thread.run_sync(question, limiter=_AT_ONCE, abandon_on_cancel=True)
    except EventkgError as error:
        raise problems.of_error(error) from error
    finally:
        admission.leave(place)


def _nothing() -> None:
    """Its queries are short ones, between which others have their turn."""
