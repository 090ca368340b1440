"""The ledger over HTTP."""

from __future__ import annotations

import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import anyio
import httpx
import pytest

from eventkg.kg.dossier import Name
from eventkg.kg.ledger import Ledger
from eventkg.model.naming import VIEW
from eventkg.serve.app import create_app

if TYPE_CHECKING:
    from eventkg import KnowledgeGraph

PATH = "/api/v1/claims"
EVENT = "2017-01-22-al-bab-strike"


@pytest.mark.slow
@pytest.mark.parametrize("view", ["", "default", "claimant/russian-defence-ministry"])
def test_the_answer_is_the_librarys_ledger_with_the_view_that_judged_it(
    view: str, server: str, kg: KnowledgeGraph
) -> None:
    answer = httpx.get(server + PATH, params={"event": EVENT, **({"view": view} if view else {})}, timeout=30)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["eventkg-view"] == VIEW + (view or "default")
    assert answer.json() == to_json(asdict(kg.claims(EVENT, view or None)))


def to_json(value: Any) -> Any:
    """Tuples as JSON has them."""
    if isinstance(value, dict):
        return {key: to_json(each) for key, each in value.items()}
    return [to_json(each) for each in value] if isinstance(value, tuple) else value


@pytest.mark.slow
@pytest.mark.parametrize(
    ("parameters", "status", "detail"),
    [
        ([], 400, "event: nothing found"),
        ([("event", "")], 400, "event: nothing found"),
        ([("event", "a"), ("event", "b")], 400, "event: 2 parameters found, 1 expected"),
        ([("event", EVENT), ("view", "all"), ("view", "default")], 400, "view: 2 parameters found"),
        ([("event", EVENT), ("view", "mine")], 400, "one of default, corroborated, all"),
        ([("event", EVENT), ("view", "claimant/nobody")], 400, "who says nothing here"),
        ([("event", "http://a b")], 400, "an event's name or an IRI expected"),
        ([("event", "nope")], 404, "event:nope: nothing of this name is in the graph"),
        ([("event", "x> ?p ?o } #")], 404, "nothing of this name"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(
    parameters: list[tuple[str, str]], status: int, detail: str, server: str
) -> None:
    answer = httpx.get(f"{server}{PATH}?{urlencode(parameters)}", timeout=30)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert detail in answer.json()["detail"]


@pytest.mark.slow
def test_the_api_document_shows_the_ledger_with_an_example_that_runs(server: str) -> None:
    described = httpx.get(f"{server}/openapi.json").json()["paths"][PATH]["get"]
    examples = {parameter["name"]: parameter["example"] for parameter in described["parameters"]}
    answer = httpx.get(server + PATH, params=examples, timeout=30)
    assert answer.status_code == 200
    shown = described["responses"]["200"]["content"]["application/json"]["example"]
    assert shown["subject"] == answer.json()["subject"]
    assert shown.keys() == answer.json().keys()
    point, claim = shown["rows"][0]["point"], shown["rows"][0]["claims"][0]
    assert [
        claim.items() <= row["claims"][0].items()
        for row in answer.json()["rows"]
        if point.items() <= row["point"].items()
    ] == [True]


class _Slow:
    """A graph whose ledger is not ready before somebody else was served."""

    def __init__(self) -> None:
        self.served = threading.Event()

    def claims(self, event: str, view: str | None) -> Ledger:
        assert self.served.wait(10)
        return Ledger(Name(event, ""), view or "", (), ())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_slow_ledger_holds_up_nobody_else() -> None:
    graph = _Slow()

    async def ask() -> list[int]:
        found: list[int] = []
        transport = httpx.ASGITransport(create_app(graph))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:

            async def get(path: str) -> None:
                found.append((await client.get(path)).status_code)

            async with anyio.create_task_group() as tasks:
                tasks.start_soon(get, f"{PATH}?event=e")
                await anyio.sleep(0.1)
                await get("/healthz")
                assert found == [200]
                graph.served.set()
        return found

    assert anyio.run(ask) == [200, 200]
