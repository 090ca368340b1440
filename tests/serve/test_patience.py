"""Pages that take long say so, hold up nobody, and are there when they are asked for again."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from eventkg.errors import UsageError
from eventkg.kg import account, overview
from eventkg.serve.app import create_app
from eventkg.serve.pages import event, frame, layout, patience
from eventkg.serve.pages import overview as first_page

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from eventkg import KnowledgeGraph

JAN_21, JAN_22 = (f"/page/event/2017-01-{day}-al-bab-strike" for day in (21, 22))
HTML = {"accept": "text/html"}
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class Held:
    """A function that goes on when it is let go, and how often it was called."""

    def __init__(self, real: Callable[..., Any]) -> None:
        self._real, self.go, self.calls = real, threading.Event(), 0

    def __call__(self, *arguments: Any) -> Any:
        self.calls += 1
        assert self.go.wait(100)
        return self._real(*arguments)


def asking(kg: KnowledgeGraph, steps: Callable[[httpx.AsyncClient], Awaitable[None]]) -> None:
    """Let `steps` ask a service over the graph."""

    async def ask() -> None:
        transport = httpx.ASGITransport(create_app(kg))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://test", timeout=100, headers=HTML
        ) as client:
            await steps(client)

    anyio.run(ask)


async def shown(client: httpx.AsyncClient, path: str) -> httpx.Response:
    """The page itself, as a browser comes to it."""
    while "data-waiting" in (answer := await client.get(path)).text:
        await anyio.sleep(0.05)
    return answer


def test_a_page_that_takes_long_says_so_and_is_made_once(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(account.account)
    monkeypatch.setattr(event, "account", held)

    async def steps(client: httpx.AsyncClient) -> None:
        for _ in range(2):
            early = await client.get(JAN_22)
            assert early.status_code == 200
            assert "data-waiting" in early.text
            assert early.headers["cache-control"] == "no-store"
        held.go.set()
        late = await shown(client, JAN_22)
        assert "3 statements contested" in late.text
        assert held.calls == 1
        await shown(client, JAN_22)
        assert held.calls == 2  # it is not kept for whoever comes later

    asking(kg, steps)


def test_pages_that_take_long_leave_the_workers_to_others(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(account.account)
    monkeypatch.setattr(event, "account", held)

    async def steps(client: httpx.AsyncClient) -> None:
        for number in range(kg.limits.workers + 1):
            assert "data-waiting" in (await client.get(f"{JAN_22}?view=all&n={number}")).text
        assert (await client.get("/page/place/al-bab")).text.count("data-waiting") == 0
        answer = await client.get("/api/v1/claims", params={"event": JAN_21.rpartition("/")[2]})
        assert answer.status_code == 200
        held.go.set()

    asking(kg, steps)


def test_a_page_that_waits_does_not_wait_for_what_stands_around_it(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    around, counting = Held(frame.framed), Held(overview.overview)
    monkeypatch.setattr(layout, "framed", around)
    monkeypatch.setattr(first_page, "overview", counting)

    async def steps(client: httpx.AsyncClient) -> None:
        early = await client.get("/")
        assert "data-waiting" in early.text
        assert 'id="view"' not in early.text
        around.go.set()
        counting.go.set()
        assert 'id="view"' in (await shown(client, "/")).text

    asking(kg, steps)


def test_a_program_that_asks_once_is_given_the_page_itself(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Held(account.account)
    monkeypatch.setattr(event, "account", held)

    async def steps(client: httpx.AsyncClient) -> None:
        assert "data-waiting" in (await client.get(JAN_22)).text
        async with anyio.create_task_group() as both:

            async def once() -> None:
                answer = await client.get(JAN_22, headers={"accept": "*/*"})
                assert "3 statements contested" in answer.text

            both.start_soon(once)
            held.go.set()

    asking(kg, steps)


def test_what_went_wrong_is_told_to_whoever_asks_again(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any) -> None:
        raise UsageError("it is not to be had")

    held = Held(refused)
    monkeypatch.setattr(event, "account", held)

    async def steps(client: httpx.AsyncClient) -> None:
        assert "data-waiting" in (await client.get(JAN_22)).text
        held.go.set()
        late = await shown(client, JAN_22)
        assert late.status_code == 400
        assert "it is not to be had" in late.text

    asking(kg, steps)


def test_where_many_pages_are_being_made_whoever_asks_waits_for_his_own(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "_MOST", 0)
    monkeypatch.setattr(layout, "PATIENCE_S", 0.0)

    async def steps(client: httpx.AsyncClient) -> None:
        assert "3 statements contested" in (await client.get(JAN_22)).text

    asking(kg, steps)
