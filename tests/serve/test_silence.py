"""What the service keeps to itself: a token, and that somebody asked; anybody may know if it is ready."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
from opentelemetry import trace

from eventkg.serve.app import create_app
from eventkg.serve.direct import Direct
from eventkg.serve.service import Options

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from eventkg import KnowledgeGraph

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
TOKEN = "sesame open"  # noqa: S105  (a test's)


def talk(app: Any, conversation: Callable[[httpx.AsyncClient], Awaitable[None]]) -> None:
    async def run() -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
            await conversation(client)

    anyio.run(run)


def test_a_service_without_a_free_worker_is_up_and_not_ready(kg: KnowledgeGraph) -> None:
    app = create_app(kg, Options(max_waiting=0))
    admission = app.state.service.admission

    async def ask(client: httpx.AsyncClient) -> None:
        places = [await admission.enter("other") for _ in range(kg.limits.workers)]
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/readyz")).status_code == 503
        admission.leave(places[0])
        assert (await client.get("/readyz")).status_code == 200

    talk(app, ask)


def test_a_token_is_compared_in_constant_time(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return False

    monkeypatch.setattr(hmac, "compare_digest", compare)
    scribe: Any = object()  # it is never reached
    app = create_app(kg, Options(allow_update=True, token=TOKEN), scribe)

    async def ask(client: httpx.AsyncClient) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        answer = await client.post("/update", data={"update": "CLEAR ALL"}, headers=headers)
        assert answer.status_code == 401

    talk(Direct(app), ask)
    assert compared == [(TOKEN.encode(), TOKEN.encode())]


def test_no_collector_hears_of_requests(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """FastAPI would tell the one that another library has set up, or the environment names."""
    heard: list[object] = []

    class Collector:
        def get_tracer(self, *told: object, **more: object) -> None:
            heard.append((told, more))
            raise LookupError

    monkeypatch.setattr(trace, "get_tracer_provider", Collector)
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    app = create_app(kg)

    async def ask(client: httpx.AsyncClient) -> None:
        assert (await client.get("/sparql", params={"query": "ASK { }"})).status_code == 200
        assert (await client.get("/healthz")).status_code == 200

    talk(Direct(app), ask)
    assert heard == []
    assert app._telemetry["auto_configure"] is False
