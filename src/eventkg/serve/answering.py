"""A query's way from a worker to the client: the worker is killed when the client hangs up."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

from eventkg.errors import EventkgError
from eventkg.serve import problems, service
from eventkg.serve.caching import Kept, has_it, tag_of
from eventkg.serve.relay import Relay

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from eventkg.query.job import Head, Job
    from eventkg.serve.admission import Place
    from eventkg.serve.service import Service

_LOG = logging.getLogger("uvicorn.error")
_NAMES = {
    "application/sparql-results+json": "srj", "application/sparql-results+xml": "srx", "text/csv": "csv",
    "text/tab-separated-values": "tsv", "text/turtle": "ttl", "application/n-triples": "nt",
    "application/ld+json": "jsonld", "application/rdf+xml": "rdf", "application/n-quads": "nq",
    "application/trig": "trig",
}  # fmt: skip
# Each query under way has one thread that reads its worker; the queue before them is `Admission`'s.
_READERS = ThreadPoolExecutor(256, "eventkg-reader")


async def answer(request: Request, job: Job, download: str = "") -> Response:
    """Run a query; the status is known when the first block of the answer is.

    Raises:
        HttpError: whatever went wrong before that block.

    """
    asked = service.of(request)
    try:
        tag = tag_of(asked, job)
    except EventkgError as error:
        raise problems.of_error(error) from error
    headers = _headers(tag, download)
    if has_it(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if tag and (kept := asked.cache.get(tag)):
        return _whole(kept, headers)
    hearing = await _Hearing.begin(request, asked, job)
    head = await hearing.head()
    if (body := hearing.relay.whole()) is not None:
        hearing.end()
        kept = Kept(body, head.media_type, hearing.relay.policy)
        if tag:
            asked.cache.put(tag, kept)
        return _whole(kept, headers)
    return _Streamed(hearing, head, headers)


async def whole_answer(request: Request, job: Job, most: int) -> tuple[Head, bytes, str]:
    """The answer in one piece, for pages, and the IRI of its view's policy.

    It is read until it ends or has `most` bytes, which may cut it.
    """
    hearing = await _Hearing.begin(request, service.of(request), job)
    head = await hearing.head()
    body = bytearray()
    try:
        while len(body) < most and (chunk := await hearing.relay.next_chunk()):
            body += chunk
    except EventkgError as error:
        raise problems.of_error(error) from error
    finally:
        hearing.end()
    return head, bytes(body[:most]), hearing.relay.policy


def _headers(tag: str, download: str) -> dict[str, str]:
    headers = {"Vary": "Accept"}
    if tag:
        headers |= {"ETag": tag, "Cache-Control": "no-cache"}
    if download:
        headers["Content-Disposition"] = download
    return headers


def _named(headers: dict[str, str], media_type: str) -> dict[str, str]:
    """With the file's name where a download was asked for."""
    if "Content-Disposition" in headers:
        extension = _NAMES.get(media_type.partition(";")[0], "txt")
        return headers | {"Content-Disposition": f'attachment; filename="answer.{extension}"'}
    return headers


def _whole(kept: Kept, headers: dict[str, str]) -> Response:
    answered = Response(kept.body, media_type=kept.media_type, headers=_named(headers, kept.media_type))
    answered.headers["eventkg-view"] = kept.policy
    return answered


class _Hearing:
    """A query's time with a worker, ended by the answer's end or by the client's going."""

    def __init__(self, request: Request, asked: Service, relay: Relay) -> None:
        self.relay, self.patience_s = relay, asked.options.send_timeout_s
        self.entering: asyncio.Future[Place] | None = None
        self.gone = False
        self._watcher = asyncio.ensure_future(self._watch(request))

    @classmethod
    async def begin(cls, request: Request, asked: Service, job: Job) -> _Hearing:
        """Wait for a place and hand the query over."""
        client = request.client.host if request.client else ""
        relay = Relay(asked.start, job, asked.stalls, asked.options.send_timeout_s)
        hearing = cls(request, asked, relay)
        entering = asyncio.ensure_future(asked.admission.enter(client))
        hearing.entering = entering
        try:
            place = await entering
        except BaseException:
            hearing.end()
            if hearing.gone:
                raise problems.HttpError(HTTPStatus.REQUEST_TIMEOUT, "the client has gone") from None
            raise
        place.demote = relay.demote
        reading = asyncio.get_running_loop().run_in_executor(_READERS, relay.run)
        reading.add_done_callback(lambda _: asked.admission.leave(place))
        return hearing

    async def head(self) -> Head:
        """Raises HttpError for what went wrong before the first block."""
        try:
            return await self.relay.ready()
        except EventkgError as error:
            self.end()
            raise problems.of_error(error) from error
        except asyncio.CancelledError:
            self.end()
            raise

    def end(self) -> None:
        """Let go of everything."""
        self._watcher.cancel()
        self.relay.close()

    async def _watch(self, request: Request) -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        if self.entering is not None:
            self.entering.cancel()
        self.relay.close()


def _nothing() -> None:
    """A server that cannot cut a connection."""


class _Streamed(Response):
    """The worker's frames as they come; a failure in mid-stream breaks the connection off."""

    def __init__(self, hearing: _Hearing, head: Head, headers: dict[str, str]) -> None:
        super().__init__(media_type=head.media_type, headers=_named(headers, head.media_type))
        self._hearing = hearing
        del self.headers["content-length"]
        self.headers["eventkg-view"] = hearing.relay.policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  (ASGI's signature)
        relay = self._hearing.relay
        patience_s = self._hearing.patience_s
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while scope["method"] != "HEAD" and (chunk := await relay.next_chunk()):
                message = {"type": "http.response.body", "body": chunk, "more_body": True}
                await asyncio.wait_for(send(message), patience_s)
        except EventkgError as error:
            _LOG.warning("answer broken off: %s", error)
            return  # the connection closes without the last chunk
        except TimeoutError:
            _LOG.warning("answer broken off: nothing was taken for %g s", patience_s)
            scope.get("eventkg.abort", _nothing)()  # closing would wait for the reader
            return
        except asyncio.CancelledError:
            _LOG.warning("answer broken off: the service stops")
            return
        finally:
            self._hearing.end()
        await send({"type": "http.response.body", "body": b"", "more_body": False})
