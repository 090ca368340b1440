"""Bodies of requests: so much, in so much time, and never unpacked here."""

from __future__ import annotations

import asyncio
import tempfile
import time
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from anyio import to_thread

from eventkg.serve import service
from eventkg.serve.problems import HttpError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

_AT_ONCE = 1 << 20  # bytes written to disk at a time
_SLOWEST = 1024  # bytes a second


async def read_body(request: Request, most: int) -> bytes:
    """All of it in memory.

    Raises:
        HttpError: 413 beyond `most` bytes, 408 where it comes too slowly, 415 where it is packed.

    """
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HttpError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Content-Encoding found, a plain body expected")
    body = bytearray()
    async for chunk in _chunks(request, most):
        body += chunk
    return bytes(body)


async def spool_body(request: Request, most: int) -> Path:
    """All of it in the file `raw` of a folder of its own, which the caller removes; raises as `read_body`."""
    folder = Path(await to_thread.run_sync(lambda: tempfile.mkdtemp(prefix="eventkg-upload-")))
    with (folder / "raw").open("wb") as stream:
        waiting = bytearray()
        async for chunk in _chunks(request, most):
            waiting += chunk
            if len(waiting) >= _AT_ONCE:
                await to_thread.run_sync(stream.write, bytes(waiting))
                waiting.clear()
        stream.write(waiting)
    return folder / "raw"


async def _chunks(request: Request, most: int) -> AsyncIterator[bytes]:
    """Whoever sends slower than this holds a connection for nothing."""
    _check_announced(request, most)
    patience_s = service.of(request).options.body_timeout_s
    count, started = 0, time.monotonic()
    stream = request.stream()
    while True:
        left_s = started + patience_s + count / _SLOWEST - time.monotonic()
        try:
            chunk = await asyncio.wait_for(anext(stream, b""), min(patience_s, left_s))
        except TimeoutError as problem:
            raise HttpError(
                HTTPStatus.REQUEST_TIMEOUT,
                f"the body came too slowly: a piece in {patience_s:g} s and {_SLOWEST:,} bytes/s expected",
                {"Connection": "close"},
            ) from problem
        if not chunk:
            return
        count += len(chunk)
        if count > most:
            raise _too_large(most)
        yield chunk


def _check_announced(request: Request, most: int) -> None:
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large(most)


def _too_large(most: int) -> HttpError:
    return HttpError(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"more than {most:,} bytes of body found", limit=most
    )
