"""A query's way from a worker to the client: the worker is killed when the client hangs up."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.responses import Response

from eventkg.errors import EventkgError
from eventkg.serve import problems

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from eventkg.kg.graph import KnowledgeGraph
    from eventkg.query.job import Head, Job
    from eventkg.query.pool import Running

_LOG = logging.getLogger("uvicorn.error")
_POLL_S = 0.05
_END = b""
_WAITING = CapacityLimiter(64)
T = TypeVar("T")


async def answer(request: Request, graph: KnowledgeGraph, job: Job) -> Response:
    """Run a query; the status is known when the first block of the answer is.

    Raises:
        HttpError: whatever went wrong before that block.

    """
    try:
        running, policy = await _start(graph, job)
    except EventkgError as error:
        raise problems.of_error(error) from error
    try:
        head = await _while_connected(request, running, running.head)
    except EventkgError as error:
        running.close()
        raise problems.of_error(error) from error
    return _Streamed(request, running, head, policy)


async def whole_answer(
    request: Request, graph: KnowledgeGraph, job: Job, most: int
) -> tuple[Head, bytes, str]:
    """The answer in one piece, for pages, and the IRI of its view's policy.

    It is read until it ends or has `most` bytes, which may cut it.
    """
    try:
        running, policy = await _start(graph, job)
        with running:
            head = await _while_connected(request, running, running.head)
            body = await _while_connected(request, running, lambda: _read(running, most))
            return head, body, policy
    except EventkgError as error:
        raise problems.of_error(error) from error


async def _start(graph: KnowledgeGraph, job: Job) -> tuple[Running, str]:
    """Waiting for a worker takes threads of its own: those that read answers must not be used up by it."""
    return await to_thread.run_sync(graph.start, job, limiter=_WAITING)


def _read(running: Running, most: int) -> bytes:
    body = bytearray()
    for chunk in running.chunks():
        body += chunk
        if len(body) >= most:
            break
    return bytes(body[:most])


async def _while_connected(request: Request, running: Running, work: Callable[[], T]) -> T:
    """Do blocking work in a thread; if the client goes, kill the worker, which ends the work."""

    async def watch() -> None:
        while not await request.is_disconnected():
            await asyncio.sleep(_POLL_S)
        running.kill()

    watcher = asyncio.create_task(watch())
    try:
        return await to_thread.run_sync(work)
    finally:
        watcher.cancel()


class _Streamed(Response):
    """The worker's frames as they come; a failure in mid-stream breaks the connection off."""

    def __init__(self, request: Request, running: Running, head: Head, policy: str) -> None:
        super().__init__(media_type=head.media_type)
        self._request, self._running = request, running
        if "content-length" in self.headers:
            del self.headers["content-length"]
        if head.length >= 0:
            self.headers["content-length"] = str(head.length)
        self.headers["vary"] = "Accept"
        self.headers["eventkg-view"] = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  (ASGI's signature)
        chunks = self._running.chunks()
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while chunk := await _while_connected(self._request, self._running, lambda: next(chunks, _END)):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        except EventkgError as error:
            _LOG.warning("answer broken off: %s", error)  # the connection closes without the last chunk
            return
        except asyncio.CancelledError:
            _LOG.warning("answer broken off: the service stops")
            return
        finally:
            self._running.close()
        await send({"type": "http.response.body", "body": b"", "more_body": False})
