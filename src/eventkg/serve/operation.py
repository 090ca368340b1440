"""What an operator sees: metrics for Prometheus, and one line of JSON a request where they are asked for."""

from __future__ import annotations

import hashlib
import json
import re
import sys
import time
from os import urandom
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.responses import Response

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from eventkg.serve.service import Service

_SAFE_ID = re.compile(rb"[A-Za-z0-9._\-]{1,64}")
NUMBER = b"x-request-id"
SINCE = "eventkg.since"  # in the scope: when the request began, where somebody has seen it before
_SECONDS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_ROUTES = (
    "/sparql", "/query", "/update", "/store", "/id", "/page", "/data", "/api", "/static", "/.well-known",
    "/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/events", "/network", "/compare",
    "/validation",
)  # fmt: skip


class Metrics:
    """Numbers of one service; their labels are from fixed lists, so that no client can make them grow."""

    def __init__(self, service: Service) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "eventkg_requests", "Requests answered.", ["route", "method", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "eventkg_request_seconds",
            "Time to the last byte.",
            ["route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.sent = Counter("eventkg_sent_bytes", "Bytes of bodies sent.", registry=self.registry)
        self.broken = Counter("eventkg_broken_answers", "Answers broken off.", registry=self.registry)
        self._counted: dict[tuple[str, str, int], Counter] = {}
        self._timed: dict[str, Histogram] = {}
        for name, text, read in (
            ("eventkg_queries_running", "Queries that have a worker.", lambda: service.admission.running),
            ("eventkg_queries_waiting", "Queries that wait for a worker.", lambda: service.admission.waiting),
            ("eventkg_workers_stalled", "Workers that wait for a slow reader.", lambda: service.stalls.count),
            ("eventkg_cache_hits", "Answers from the cache.", lambda: service.cache.hits),
            ("eventkg_cache_misses", "Answers that were not in the cache.", lambda: service.cache.misses),
        ):
            Gauge(name, text, registry=self.registry).set_function(read)

    def count(self, route: str, method: str, status: int, seconds: float, sent: int) -> None:
        """One request that was answered, in seconds and bytes."""
        key = (route, method, status)
        if key not in self._counted:  # finding it by its labels takes longer than to count
            self._counted[key] = self.requests.labels(route, method, str(int(status)))
            self._timed[route] = self.seconds.labels(route)
        self._counted[key].inc()
        self._timed[route].observe(seconds)
        self.sent.inc(sent)


def number_of(scope: Scope) -> bytes:
    """The request's number as the client gave it, if it is safe to repeat; else a new one."""
    for name, value in scope["headers"]:
        if name == NUMBER:
            return value if _SAFE_ID.fullmatch(value) else new_number()
    return new_number()


def new_number() -> bytes:
    """Of a request that came without one."""
    return urandom(8).hex().encode()


async def metrics(request: Request) -> Response:
    """For Prometheus to scrape."""
    return Response(generate_latest(request.app.state.metrics.registry), media_type=CONTENT_TYPE_LATEST)


class Observed:
    """ASGI middleware: gives each request a number, counts it and, if told, writes a line about it."""

    def __init__(self, app: ASGIApp, counted: Metrics, *, log: bool, texts: bool) -> None:
        self._app, self._metrics, self._log, self._texts = app, counted, log, texts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: D102  (ASGI)
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = _Seen(scope)

        async def send_counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                message["headers"] = [*message["headers"], (NUMBER, seen.number)]
            else:
                seen.sent += len(message.get("body", b"")) if scope["method"] != "HEAD" else 0
                seen.whole = not message.get("more_body", False)
            await send(message)

        try:
            await self._app(scope, receive, send_counted)
        finally:
            self._count(scope, seen)

    def _count(self, scope: Scope, seen: _Seen) -> None:
        path = scope["path"]
        route = next(
            (r for r in _ROUTES if path == r or path.startswith(f"{r}/")), "/" if path == "/" else "other"
        )
        method = (
            scope["method"]
            if scope["method"] in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"}
            else "other"
        )
        self._metrics.count(route, method, seen.status, time.monotonic() - seen.since, seen.sent)
        if not seen.whole:
            self._metrics.broken.inc()
        if self._log or self._texts:
            print(json.dumps(seen.line(scope, texts=self._texts)), file=sys.stderr, flush=True)  # noqa: T201


class _Seen:
    """One request while it is answered."""

    def __init__(self, scope: Scope) -> None:
        self.number = number_of(scope)
        self.since: float = scope.get(SINCE) or time.monotonic()
        self.status, self.sent, self.whole = 0, 0, False

    def line(self, scope: Scope, *, texts: bool) -> dict[str, object]:
        """The query is told by its hash unless its text is wanted."""
        found: dict[str, object] = {
            "time": round(time.time(), 3),
            "request": self.number.decode(),
            "method": scope["method"],
            "path": scope["path"],
            "status": self.status,
            "seconds": round(time.monotonic() - self.since, 4),
            "bytes": self.sent,
            "whole": self.whole,
        }
        if scope.get("eventkg.rows", -1) >= 0:
            found["rows"] = scope["eventkg.rows"]
        query = scope.get("eventkg.query")
        if query:
            found["query"] = hashlib.sha256(query.encode()).hexdigest()[:16]
            if texts:
                found["text"] = query
        return found
