"""What the service keeps to itself: a token, and that somebody asked; whether it is ready it tells anybody."""

from __future__ import annotations

import hmac
import socket
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

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
    """FastAPI would tell one that the environment names."""
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.setblocking(False)
        monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{canary.getsockname()[1]}")
        app = create_app(kg)
        heard: list[str] = []

        async def lifespan() -> None:
            events = iter(["lifespan.startup", "lifespan.shutdown"])

            async def receive() -> dict[str, str]:
                return {"type": next(events)}

            async def send(message: Any) -> None:
                heard.append(message["type"])

            await Direct(app)({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)

        async def ask(client: httpx.AsyncClient) -> None:
            assert (await client.get("/sparql", params={"query": "ASK { }"})).status_code == 200
            assert (await client.get("/healthz")).status_code == 200

        anyio.run(lifespan)
        talk(Direct(app), ask)
        assert heard == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
        with pytest.raises(BlockingIOError):
            canary.accept()
