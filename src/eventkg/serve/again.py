"""The same request to the same state: answered in front of everything else, as it was the last time.

What makes two requests the same is every byte of them, so no header can be forgotten.
"""

from __future__ import annotations

from collections import OrderedDict
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from eventkg.errors import EventkgError
from eventkg.serve.operation import NUMBER, new_number

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from eventkg.serve.operation import Metrics
    from eventkg.serve.service import Service

_MOST, _LARGEST, _LONGEST = 64 << 20, 64 << 10, 16 << 10  # bytes: of all, of an answer, of a request
_PATHS = ("/sparql", "/query")
KNOWN = "eventkg.known"  # in the scope: the answer was in the cache
_BEGINNINGS = tuple(f"GET {path}?".encode() for path in _PATHS)
_NEEDED = {b"etag", b"content-length", NUMBER}
_STATUS = b"HTTP/1.1 200 OK\r\n"
RAW = "eventkg.raw"  # in the scope: all bytes of the request, where they are known


class _Sent(NamedTuple):
    version: str
    path: str
    number: bytes  # of the request, where the client gave it
    headers: bytes
    body: bytes


class Again:
    """Answers that were given; an entity tag on one says that it depends on request and state alone."""

    def __init__(self, service: Service, metrics: Metrics) -> None:
        self._service, self._metrics = service, metrics
        self._sent: OrderedDict[bytes, _Sent] = OrderedDict()
        self._size = 0

    def answer(self, request: bytes) -> tuple[bytes, bytes] | None:
        """(status line, headers and body) of the answer to these very bytes; the date goes between."""
        sent = self._sent.get(request)
        if sent is None or sent.version != self._version():
            return None
        self._service.cache.hits += 1
        self._metrics.count(sent.path, "GET", HTTPStatus.OK, 0.0, len(sent.body))
        number = sent.number or new_number()
        return _STATUS, b"".join((b"x-request-id: ", number, b"\r\n", sent.headers, b"\r\n", sent.body))

    def _version(self) -> str:
        try:
            return self._service.graph.engine.version()
        except EventkgError:
            return ""

    def keep(self, scope: Scope, start: Message, body: Message) -> None:
        """Remember an answer that was asked for twice, if it can be given again."""
        raw: bytes = scope.get(RAW, b"") if KNOWN in scope else b""
        content: bytes = body.get("body", b"")
        if not raw or start["status"] != HTTPStatus.OK or body.get("more_body", False):
            return
        headers = dict(start["headers"])
        if len(content) > _LARGEST or not headers.keys() >= _NEEDED or b"set-cookie" in headers:
            return
        if scope["http_version"] != "1.1" or any(name == b"connection" for name, _ in scope["headers"]):
            return  # the connection may have to be closed after the answer
        number = headers[NUMBER]
        given = (NUMBER, number) in scope["headers"]
        lines = b"".join([b"%b: %b\r\n" % line for line in start["headers"] if line[0] != NUMBER])
        sent = _Sent(scope["eventkg.version"], scope["path"], number if given else b"", lines, content)
        self._put(raw, sent)

    def _put(self, raw: bytes, sent: _Sent) -> None:
        if raw in self._sent:
            self._size -= _size(raw, self._sent.pop(raw))
        self._sent[raw] = sent
        self._size += _size(raw, sent)
        while self._size > _MOST:
            self._size -= _size(*self._sent.popitem(last=False))


class Remembering:
    """ASGI middleware, the outermost: what leaves it is what the client gets."""

    def __init__(self, app: ASGIApp, again: Again) -> None:
        self._app, self._again = app, again

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102  (ASGI)
        if RAW not in scope:
            await self._app(scope, receive, send)
            return
        start: Message | None = None

        async def remember(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif start is not None:
                self._again.keep(scope, start, message)
                start = None
            await send(message)

        await self._app(scope, receive, remember)


def may_repeat(data: bytes) -> bool:
    """Whether these bytes can be a request whose answer is worth remembering."""
    return len(data) <= _LONGEST and data.startswith(_BEGINNINGS)


def _size(raw: bytes, sent: _Sent) -> int:
    return len(raw) + len(sent.headers) + len(sent.body)
