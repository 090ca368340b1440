"""Pages that take longer than a moment say that they wait, and are there when they are asked for again."""

from __future__ import annotations

import asyncio
from copy import copy
from functools import partial
from typing import TYPE_CHECKING

from eventkg.errors import EventkgError
from eventkg.serve import problems, service
from eventkg.serve.negotiation import prefers_html
from eventkg.serve.pages import layout

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Hashable
    from typing import Any

    from starlette.requests import Request
    from starlette.responses import Response

    Making = dict[Hashable, asyncio.Task[Response]]

_KEPT_S = 60.0  # a page that is done and that nobody has come for
_MOST = 64  # pages that are being made, or wait for somebody; beyond that whoever asks waits for his own


async def within_patience(
    request: Request, make: Callable[[Request], Coroutine[Any, Any, Response]]
) -> Response:
    """The page that `make` makes, or one that says that it is being made; whoever asks again joins the first.

    Raises:
        HttpError: what went wrong with it.

    """
    making, key = _making(request), _key(request)
    task = making.get(key)
    if task is None and len(making) >= _MOST:
        return await make(request)
    if task is None:
        task = making[key] = asyncio.create_task(make(request))
        task.add_done_callback(partial(_done, making, key))
    asks_again = prefers_html(request.headers.get("accept", ""))  # as a browser does, and a program does not
    done, _ = await asyncio.wait({task}, timeout=layout.PATIENCE_S if asks_again else None)
    if not done:
        return await layout.waiting(request, "waiting.html", what="This page is being put together")
    _forget(making, key, task)
    made = copy(task.result())
    made.raw_headers = list(made.raw_headers)  # to which is added on the way out
    return made


def _making(request: Request) -> Making:
    state = request.app.state
    if not hasattr(state, "making"):
        state.making = {}
    making: Making = state.making
    return making


def _key(request: Request) -> Hashable:
    """What an answer depends on."""
    try:
        version = service.of(request).graph.engine.version()
    except EventkgError as error:
        raise problems.of_error(error) from error
    return version, str(request.url), request.headers.get("accept-language", "")


def _done(making: Making, key: Hashable, task: asyncio.Task[Response]) -> None:
    """Whoever asked may never come again."""
    if not task.cancelled():
        task.exception()  # it is told to who comes, and otherwise to nobody
        asyncio.get_running_loop().call_later(_KEPT_S, _forget, making, key, task)


def _forget(making: Making, key: Hashable, task: asyncio.Task[Response]) -> None:
    """Unless another one is being made by now."""
    if making.get(key) is task:
        del making[key]
