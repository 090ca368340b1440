"""A query's way from a worker to the client: the worker is killed when the client hangs up."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from starlette.responses import Response

from eventkg.errors import EventkgError
from eventkg.serve import problems, service
from eventkg.serve.again import KNOWN
from eventkg.serve.caching import Kept, has_it, tag_of
from eventkg.serve.prompt import prompt_answer
from eventkg.serve.relay import Relay

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from eventkg.query.job import Head, Job
    from eventkg.query.pool import Running
    from eventkg.serve.admission import Place
    from eventkg.serve.service import Service

Header = tuple[bytes, bytes]

_VARY, _ASK_AGAIN = (b"vary", b"Accept"), (b"cache-control", b"no-cache")
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
        version = request.scope["eventkg.version"] = asked.graph.engine.version()
        tag = tag_of(asked, job, version)
    except EventkgError as error:
        raise problems.of_error(error) from error
    headers = _headers(tag)
    if has_it(request.headers.get("if-none-match", ""), tag):
        return _NotModified(headers)
    if tag and (kept := asked.cache.get(tag)):
        request.scope[KNOWN] = True
        return _whole(request, kept, headers, download)
    heard = await _hear(request, asked, job)
    if isinstance(heard, _Hearing):
        head = await heard.head()
        if (body := heard.relay.whole()) is None:
            return _Streamed(heard, head, headers, download)
        heard.end()
        heard = Heard(head, body, heard.relay.policy, heard.relay.rows)
    kept = Kept(heard.body, heard.head.media_type, heard.policy, heard.rows)
    if tag:
        asked.cache.put(tag, kept)
    return _whole(request, kept, headers, download)


async def whole_answer(request: Request, job: Job, most: int) -> tuple[Head, bytes, str]:
    """The answer in one piece, for pages, and the IRI of its view's policy.

    It is read until it ends or has `most` bytes, which may cut it.
    """
    hearing = await _hear(request, service.of(request), job)
    if isinstance(hearing, Heard):
        return hearing.head, hearing.body[:most], hearing.policy
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


class Heard(NamedTuple):
    """An answer that is here as a whole; `rows` is -1 where nobody counted them."""

    head: Head
    body: bytes
    policy: str
    rows: int


def _headers(tag: str) -> list[Header]:
    """Of every answer, be it sent or not."""
    return [_VARY, (b"etag", tag.encode()), _ASK_AGAIN] if tag else [_VARY]


def _described(media_type: str, policy: str, download: str) -> list[Header]:
    """Of an answer that is sent; with a file's name where a download was asked for."""
    described = [_content_type(media_type), (b"eventkg-view", policy.encode("latin-1"))]
    if download:
        extension = _NAMES.get(media_type.partition(";")[0], "txt")
        described.append((b"content-disposition", f'attachment; filename="answer.{extension}"'.encode()))
    return described


@lru_cache(64)
def _content_type(media_type: str) -> Header:
    """With the charset of a text."""
    return Response(media_type=media_type).raw_headers[-1]


class Whole(Response):
    """An answer in one piece, whose headers are bytes from the start."""

    def __init__(self, body: bytes, headers: list[Header]) -> None:
        self.status_code, self.background = HTTPStatus.OK.value, None
        self.body = body
        self.raw_headers = [*headers, (b"content-length", b"%d" % len(body))]


class _NotModified(Response):
    def __init__(self, headers: list[Header]) -> None:
        super().__init__(status_code=HTTPStatus.NOT_MODIFIED)
        self.raw_headers = headers


def _whole(request: Request, kept: Kept, headers: list[Header], download: str) -> Whole:
    request.scope["eventkg.rows"] = kept.rows
    return Whole(kept.body, headers + _described(kept.media_type, kept.policy, download))


async def _hear(request: Request, asked: Service, job: Job) -> Heard | _Hearing:
    """What a worker that is idle says at once; else the query's time with a worker and a thread."""
    place = asked.admission.enter_if_free() or await _enter(request, asked)
    try:
        begun = asked.start_if_idle(job)
    except BaseException as error:
        asked.admission.leave(place)
        if isinstance(error, EventkgError):
            raise problems.of_error(error) from error
        raise
    if begun is not None and (heard := await _promptly(request, asked, place, begun)):
        return heard
    return _Hearing(request, asked, job, place, begun)


async def _enter(request: Request, asked: Service) -> Place:
    """Wait for a place, as long as the client is there."""
    client = request.client.host if request.client else ""
    entering = asyncio.ensure_future(asked.admission.enter(client))
    watcher = Watcher(request, entering.cancel)
    watcher.start()
    try:
        return await entering
    except asyncio.CancelledError:
        if watcher.gone:
            raise problems.HttpError(HTTPStatus.REQUEST_TIMEOUT, "the client has gone") from None
        entering.cancel()
        raise
    finally:
        watcher.stop()


async def _promptly(
    request: Request, asked: Service, place: Place, begun: tuple[Running, str]
) -> Heard | None:
    running, policy = begun
    place.demote = running.demote
    watcher = Watcher(request, running.kill)
    try:
        found = await prompt_answer(running, watcher.start)
    except BaseException:
        _READERS.submit(running.close)
        asked.admission.leave(place)
        raise
    finally:
        watcher.stop()
    if found is None:
        return None
    if not running.let_go():  # it has to wait for a process to end
        _READERS.submit(running.close)
    asked.admission.leave(place)
    return Heard(*found, policy, running.rows)


class Watcher:
    """Sees a client go."""

    def __init__(self, request: Request, then: Callable[[], object]) -> None:
        self._request, self._then = request, then
        self._task: asyncio.Task[None] | None = None
        self.gone = False

    def start(self) -> None:
        """From now on."""
        self._task = asyncio.ensure_future(self._watch())

    def stop(self) -> None:
        """Nobody needs to know any more."""
        if self._task is not None:
            self._task.cancel()

    async def _watch(self) -> None:
        while (await self._request.receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        self._then()


class _Hearing:
    """A query's time with a worker, ended by the answer's end or by the client's going."""

    def __init__(
        self, request: Request, asked: Service, job: Job, place: Place, begun: tuple[Running, str] | None
    ) -> None:
        """Hand the query to a thread that reads its worker; it may have begun."""
        self.patience_s = asked.options.send_timeout_s
        self.relay = Relay(asked.start, job, asked.stalls, self.patience_s)
        self._watcher = Watcher(request, self.relay.close)
        self._watcher.start()
        place.demote = self.relay.demote
        reading = asyncio.get_running_loop().run_in_executor(_READERS, self.relay.run, begun)
        reading.add_done_callback(lambda _: asked.admission.leave(place))

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
        self._watcher.stop()
        self.relay.close()


def _nothing() -> None:
    """A server that cannot cut a connection."""


class _Streamed(Response):
    """The worker's frames as they come; a failure in mid-stream breaks the connection off."""

    def __init__(self, hearing: _Hearing, head: Head, headers: list[Header], download: str) -> None:
        super().__init__()
        self._hearing = hearing
        self.raw_headers = headers + _described(head.media_type, hearing.relay.policy, download)

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
        scope["eventkg.rows"] = relay.rows
        await send({"type": "http.response.body", "body": b"", "more_body": False})
