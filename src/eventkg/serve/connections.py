"""Connections that cannot be held for nothing: limits of a request's head, and of their number."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from eventkg.serve.again import RAW, may_repeat

if TYPE_CHECKING:
    from asyncio import TimerHandle, Transport

    from eventkg.serve.again import Again

MAX_ADDRESS, MAX_HEADERS = 256 * 1024, 64 * 1024  # bytes


class _Patient(HttpToolsProtocol):
    """uvicorn's protocol, which by itself waits for the end of a request's head for ever."""

    patience_s = 30.0
    most = 512
    again: Again | None = None

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401  (uvicorn's)
        super().__init__(*arguments, **named)
        self._timer: TimerHandle | None = None
        self._header_bytes = 0
        self._begun = self._ended = 0  # requests on this connection

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > self.most:
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "too many connections", "retry-after: 2\r\n")
            return
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self.again is None or self._begun != self._ended or not may_repeat(data):
            super().data_received(data)
        elif not self._repeat(self.again, data):
            before = self._begun
            super().data_received(data)
            if self._begun == self._ended == before + 1 and self.parser.should_keep_alive():
                cast("dict[str, object]", self.scope)[RAW] = data

    def _repeat(self, again: Again, data: bytes) -> bool:
        """Answer as before, where nothing else is under way on this connection."""
        if (self.cycle is not None and not self.cycle.response_complete) or self.flow.write_paused:
            return False
        answer = again.answer(data)
        if answer is None:
            return False
        self._stop()
        self.transport.write(b"".join((answer[0], *_lines(self.server_state.default_headers), answer[1])))
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive, self.timeout_keep_alive_handler
        )
        return True

    def on_message_begin(self) -> None:
        self._begun += 1
        super().on_message_begin()
        self._header_bytes = 0
        self._begin()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > MAX_ADDRESS:
            self._refuse(
                HTTPStatus.REQUEST_URI_TOO_LONG, f"more than {MAX_ADDRESS:,} bytes of address; POST the query"
            )

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._header_bytes += len(name) + len(value)
        if self._header_bytes > MAX_HEADERS:
            self._refuse(
                HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"more than {MAX_HEADERS:,} bytes of headers"
            )

    def on_headers_complete(self) -> None:
        self._stop()
        if not self.transport.is_closing():
            self.scope["eventkg.abort"] = self.transport.abort  # type: ignore[typeddict-unknown-key]
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._ended += 1
        if not self.transport.is_closing():
            super().on_message_complete()

    def _begin(self) -> None:
        self._stop()
        self._timer = asyncio.get_running_loop().call_later(self.patience_s, self._give_up)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        self._refuse(HTTPStatus.REQUEST_TIMEOUT, f"no whole request came within {self.patience_s:g} s")

    def _refuse(self, status: HTTPStatus, why: str, header: str = "") -> None:
        """An answer without an application, and the end of the connection."""
        self._stop()
        if self.transport.is_closing():
            return
        body = f'{{"type":"about:blank","title":"{status.phrase}","status":{int(status)},"detail":"{why}"}}'
        self.transport.write(
            f"HTTP/1.1 {int(status)} {status.phrase}\r\ncontent-type: application/problem+json\r\n{header}"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n{body}".encode("ascii")
        )
        self.transport.close()


def _lines(headers: list[tuple[bytes, bytes]]) -> list[bytes]:
    return [b"%b: %b\r\n" % header for header in headers]


def patient_protocol(patience_s: float, most: int, again: Again | None) -> type[asyncio.Protocol]:
    """The class of connections for uvicorn: seconds for a request's head, how many at once, known answers."""
    return type("PatientProtocol", (_Patient,), {"patience_s": patience_s, "most": most, "again": again})
