"""Whole worlds are compared once, and whoever comes before that is done is told to wait."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from eventkg.kg import disputes
from eventkg.serve.app import create_app

if TYPE_CHECKING:
    from eventkg import KnowledgeGraph

MINISTRY = "claimant/russian-defence-ministry"
PAGE, API = "/compare", "/api/v1/compare"
HTML = {"accept": "text/html"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_two_worlds_are_compared_once_for_the_page_its_parts_and_the_api(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, asked = threading.Event(), list[tuple[Any, ...]]()
    real = disputes.compare

    def slow(graph: KnowledgeGraph, *pair: Any) -> disputes.Comparison:
        asked.append(pair)
        assert go.wait(60)
        return real(graph, *pair)

    monkeypatch.setattr(disputes, "compare", slow)

    async def ask() -> list[httpx.Response]:
        app, pair = create_app(kg), {"a": "default", "b": MINISTRY}
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as client:
            early = await client.get(PAGE, params=pair, headers=HTML)
            go.set()
            told = await client.get(API, params=pair)
            late = await client.get(PAGE, params=pair, headers=HTML)
            part = await client.get(API, params={**pair, "limit": "1", "offset": "1"})
            unknown = await client.get(API, params={"a": "default", "b": "all", "event": "none"})
        return [early, told, late, part, unknown]

    early, told, late, part, unknown = anyio.run(ask)
    assert early.status_code == 200
    assert "Two worlds are being compared" in early.text
    assert "data-waiting" in early.text
    assert f"{told.json()['total']} differences" in late.text
    assert part.json()["differences"] == told.json()["differences"][1:2]
    assert unknown.status_code == 404
    assert asked == [("default", MINISTRY, None), ("default", "all", "none")]
