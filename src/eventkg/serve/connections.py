"""Connections that cannot be held for nothing: limits of a request's head, and of their number."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

if TYPE_CHECKING:
    from asyncio import TimerHandle, Transport

MAX_ADDRESS, MAX_HEADERS = 256 * 1024, 64 * 1024  # bytes


class _Patient(HttpToolsProtocol):
    """uvicorn's protocol, which by itself waits for the end of a request's head for ever."""

    patience_s = 30.0
    most = 512

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401  (uvicorn's)
        super().__init__(*arguments, **named)
        self._timer: TimerHandle | None = None
        self._header_bytes = 0

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
        if not self.transport.is_closing():
            super().data_received(data)

    def on_message_begin(self) -> None:
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


def patient_protocol(patience_s: float, most: int) -> type[asyncio.Protocol]:
    """The class of connections for uvicorn: seconds for a request's head, and how many at once."""
    return type("PatientProtocol", (_Patient,), {"patience_s": patience_s, "most": most})
