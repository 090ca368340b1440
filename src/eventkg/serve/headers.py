"""Headers that every answer carries: nothing from elsewhere is run, framed or guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Swagger UI sets styles on elements; scripts stay confined there too.
_DOCS_POLICY = _POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
_FIXED = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
]
_CONFINING = b"content-security-policy"
SECURITY = [*_FIXED, (_CONFINING, _POLICY.encode())]  # of all answers but the page /docs
_DOCS_SECURITY = [*_FIXED, (_CONFINING, _DOCS_POLICY.encode())]

WORTH_PACKING = 16 * 1024  # bytes


class SecurityHeaders:
    """ASGI middleware, so that streams pass through untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102  (ASGI)
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        more = _DOCS_SECURITY if scope["path"] == "/docs" else SECURITY

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *more]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def compress(app: FastAPI) -> None:
    """Large answers are packed for clients that say they unpack."""
    app.add_middleware(GZipMiddleware, minimum_size=WORTH_PACKING, compresslevel=1)


def allow_origins(app: FastAPI, origins: tuple[str, ...]) -> None:
    """Pages of these sites may read the answers (CORS); none unless told."""
    if origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"],
            allow_headers=["Accept", "Authorization", "Content-Type", "If-None-Match"],
            expose_headers=["ETag", "Eventkg-View", "Location", "X-Request-Id"],
            max_age=600,
        )
