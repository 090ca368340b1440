"""The same request to the same state: answered in front of everything else, as it was the last time."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from eventkg.errors import EventkgError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from eventkg.serve.service import Service

_MOST, _LARGEST = 4096, 16 * 1024  # answers; bytes of each, below what is packed
_PATHS = {"/sparql", "/query"}
# With one of these an answer depends on more than what it is kept by.
_OTHERWISE = {b"origin", b"if-none-match", b"authorization", b"x-request-id", b"range"}
Key = tuple[bytes, bytes, bytes]


class _Sent(NamedTuple):
    version: str
    start: Message
    body: Message


class Again:
    """ASGI middleware; an entity tag on an answer says that it depends on the request and the state alone."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app, self._service = app, service
        self._sent: OrderedDict[Key, _Sent] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102  (ASGI)
        key = _key(scope)
        version = self._version() if key else ""
        if key is None or not version:
            await self._app(scope, receive, send)
            return
        sent = self._sent.get(key)
        if sent is not None and sent.version == version:
            self._service.cache.hits += 1
            await send(sent.start)
            await send(sent.body)
            return
        await self._app(scope, receive, self._remembering(key, version, send))

    def _version(self) -> str:
        try:
            return self._service.graph.engine.version()
        except EventkgError:
            return ""

    def _remembering(self, key: Key, version: str, send: Send) -> Send:
        start: Message | None = None

        async def remember(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
            elif start is not None:
                self._keep(key, version, start, message)
                start = None
            await send(message)

        return remember

    def _keep(self, key: Key, version: str, start: Message, body: Message) -> None:
        names = {name.lower() for name, _ in start["headers"]}
        if start["status"] != 200 or b"etag" not in names or b"set-cookie" in names:
            return
        if body.get("more_body", False) or len(body.get("body", b"")) > _LARGEST:
            return
        headers = [(name, value) for name, value in start["headers"] if name.lower() != b"x-request-id"]
        self._sent[key] = _Sent(version, {**start, "headers": headers}, body)
        while len(self._sent) > _MOST:
            self._sent.popitem(last=False)


def _key(scope: Scope) -> Key | None:
    """What a simple request asks; None for every other."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] not in _PATHS:
        return None
    accept = b""
    for name, value in scope["headers"]:
        if name in _OTHERWISE:
            return None
        if name == b"accept":
            accept += value + b","
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    return scope["query_string"], accept, host
