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
from eventkg.serve.service import Options
from eventkg.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

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
    return [to_json(each) for each in value] if isinstance(value, tuple | list) else value


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


API = "/api/v1/"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("route", "parameters", "library"),
    [
        (
            "why",
            {"event": EVENT, "fact": "2", "view": "claimant/pentagon"},
            lambda kg: {
                "view": f"{VIEW}claimant/pentagon",
                "reasons": [asdict(why) for why in kg.why(EVENT, "2", "claimant/pentagon")],
            },
        ),
        (
            "disputed",
            {},
            lambda kg: _part(kg.disputed(), "disputes", 0, 1_000, view=f"{VIEW}default"),
        ),
        (
            "disputed",
            {"view": f"{VIEW}corroborated", "offset": "1", "limit": "2"},
            lambda kg: _part(kg.disputed("corroborated"), "disputes", 1, 2, view=f"{VIEW}corroborated"),
        ),
        (
            "disputed",
            {"view": "all", "limit": "0"},
            lambda kg: _part(kg.disputed("all"), "disputes", 0, 0, view=f"{VIEW}all"),
        ),
        (
            "compare",
            {"a": "default", "b": "claimant/pentagon", "limit": "1"},
            lambda kg: _part(
                kg.compare("default", "claimant/pentagon").differences, "differences", 0, 1,
                a=f"{VIEW}default", b=f"{VIEW}claimant/pentagon", left_out=0,
            ),
        ),
        (
            "compare",
            {"a": "default", "b": "all", "event": EVENT},
            lambda kg: _part(
                kg.compare("default", "all", EVENT).differences, "differences", 0, 1_000,
                a=f"{VIEW}default", b=f"{VIEW}all", left_out=0,
            ),
        ),
    ],
)  # fmt: skip
def test_the_other_questions_are_answered_as_the_library_answers_them(
    route: str,
    parameters: dict[str, str],
    library: Callable[[KnowledgeGraph], dict[str, Any]],
    server: str,
    kg: KnowledgeGraph,
) -> None:
    answer = httpx.get(server + API + route, params=parameters, timeout=60)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), answer.text
    assert answer.json() == to_json(library(kg))


def _part(found: tuple[Any, ...], name: str, offset: int, limit: int, **head: object) -> dict[str, Any]:
    shown = [asdict(each) for each in found[offset : offset + limit]]
    return {**head, "total": len(found), "offset": offset, name: shown}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("question", "status", "detail"),
    [
        (f"why?event={EVENT}", 400, "fact: nothing found"),
        ("why?fact=22", 400, "event: nothing found"),
        (f"why?event={EVENT}&fact=weather", 400, "nobody says 'weather' of it"),
        ("why?event=nope&fact=22", 404, "nothing of this name"),
        ("disputed?view=mine", 400, "one of default, corroborated, all"),
        ("disputed?viev=all", 400, "'viev' found, view, limit, offset expected"),
        ("disputed?limit=-1", 400, "limit: '-1' found, a whole number up to 10,000 expected"),
        ("disputed?limit=10001", 400, "a whole number up to 10,000 expected"),
        ("disputed?offset=%D9%A3", 400, "a whole number up to"),
        ("compare?a=default", 400, "b: nothing found, the name of a view expected"),
        ("compare?a=default&b=nobody", 400, "one of default"),
        ("compare?a=default&b=all&event=nope", 404, "nothing of this name"),
        (f"claims?event={'e' * 2001}", 400, "event: more than 2,000 characters found"),
    ],
)
def test_a_question_that_makes_no_sense_is_a_problem(
    question: str, status: int, detail: str, server: str
) -> None:
    answer = httpx.get(f"{server}{API}{question}", timeout=60)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert detail in answer.json()["detail"]


@pytest.mark.slow
@pytest.mark.parametrize("route", ["claims", "why", "disputed", "compare"])
def test_the_api_document_shows_the_answer_to_an_example_that_runs(route: str, server: str) -> None:
    described = httpx.get(f"{server}/openapi.json").json()["paths"][API + route]["get"]
    examples = {p["name"]: p["example"] for p in described["parameters"] if "example" in p}
    answer = httpx.get(server + API + route, params=examples, timeout=60)
    assert answer.status_code == 200, answer.text
    content = described["responses"]["200"]["content"]["application/json"]
    assert set(content["schema"]["required"]) == answer.json().keys() == content["example"].keys()
    assert _is_shown(content["example"], answer.json())


def _is_shown(shown: Any, there: Any) -> bool:
    """Whether an example leaves out some of what is there, and adds nothing."""
    if isinstance(shown, dict):
        return all(key in there and _is_shown(value, there[key]) for key, value in shown.items())
    if isinstance(shown, list):
        return all(any(_is_shown(each, other) for other in there) for each in shown)
    return bool(shown == there)


class _Slow:
    """A graph whose ledger is not ready before somebody else was served."""

    def __init__(self) -> None:
        self.served, self.limits = threading.Event(), Limits()

    def claims(self, event: str, view: str | None) -> Ledger:
        assert self.served.wait(60)
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


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_ledger_waits_its_turn_as_queries_do() -> None:
    graph = _Slow()
    graph.served.set()

    async def ask() -> list[int]:
        app = create_app(graph, Options(max_waiting=0))  # type: ignore[arg-type]
        admission, statuses = app.state.service.admission, list[int]()
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            places = [await admission.enter("other") for _ in range(graph.limits.workers)]
            statuses.append((await client.get(f"{PATH}?event=e")).status_code)
            admission.leave(places[0])
            statuses.append((await client.get(f"{PATH}?event=e")).status_code)
            assert admission.running == len(places) - 1
        return statuses

    assert anyio.run(ask) == [503, 200]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_plain_store_has_no_ledger() -> None:
    paths = create_app(_Slow(), Options(plain=True)).openapi()["paths"]  # type: ignore[arg-type]
    assert "/sparql" in paths
    assert PATH not in paths
