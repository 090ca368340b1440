"""The check of the current state over HTTP."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest

from eventkg.checking.findings import Checked, Finding, report
from eventkg.checking.process import CheckTimeLimitError
from eventkg.model.naming import EKGS
from eventkg.serve import validation
from eventkg.serve.app import create_app
from eventkg.serve.service import Options
from eventkg.settings import Limits

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from eventkg import KnowledgeGraph
    from eventkg.checking.findings import Report
    from eventkg.kg.checks import How

PATH = "/api/v1/validation"
SHAPE, COMPONENT = f"{EKGS}Claim-stance", "http://www.w3.org/ns/shacl#MinCountConstraintComponent"
FOUND = Finding(SHAPE, COMPONENT, "urn:one", "urn:p", None, "A claim has exactly one stance.", "Violation")
LOOKED_AT = Checked(
    SHAPE, f"{EKGS}Claim", COMPONENT, 2_000, 0.5, message=FOUND.message, label="Stance", nodes=3_000
)
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@dataclass
class Graph:
    """One whose checks are done when they are let go, and counted."""

    version: str = "1"
    problem: Exception | None = None
    free: threading.Event = field(default_factory=threading.Event)
    asked: list[How] = field(default_factory=list)
    limits: Limits = field(default_factory=Limits)

    @property
    def engine(self) -> Any:
        return SimpleNamespace(version=lambda: self.version)

    def check(self, how: How) -> Report:
        self.asked.append(how)
        assert how.progress
        how.progress(3, 9, SHAPE)
        assert self.free.wait(60)
        if self.problem:
            raise self.problem
        return report([FOUND], checked=[LOOKED_AT])


def talk(graph: Any, conversation: Callable[[Any], Awaitable[None]]) -> None:
    """Requests to one service over a graph."""

    async def run() -> None:
        transport = httpx.ASGITransport(create_app(graph))
        async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=120) as client:
            await conversation(client.get)

    anyio.run(run)


@pytest.mark.slow
def test_the_bundled_graph_conforms_and_every_shape_says_what_it_looked_at(kg: KnowledgeGraph) -> None:
    async def ask(get: Any) -> None:
        body = (await get(PATH)).json()
        while "shapes" not in body:  # on a slow machine
            body = (await get(PATH)).json()
        assert (body["conforms"], body["notes"]) == (True, [])
        shapes = {one["name"]: one for one in body["shapes"]}
        assert len(shapes) > 80
        rows: Any = kg.query("SELECT (COUNT(*) AS ?n) { ?c a ekg:Claim }")
        assert shapes["ekgs:Claim-stance"]["targets"] == [{"shape": f"{EKGS}Claim", "nodes": rows[0]["n"]}]
        one = (await get(f"{PATH}?shape=ekgs:Claim-stance")).json()
        assert one["shapes"] == [shapes["ekgs:Claim-stance"]]
        described = (await get("/openapi.json")).json()["paths"][PATH]["get"]["responses"]["200"]
        content = described["content"]["application/json"]
        assert content["schema"]["properties"].keys() == body.keys() == content["example"].keys()
        assert content["example"]["shapes"][0].keys() == one["shapes"][0].keys()

    talk(kg, ask)


def test_a_check_is_done_once_for_a_state_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "WAIT_S", 0.0)
    graph = Graph()

    async def ask(get: Any) -> None:
        for _ in range(3):
            early = await get(PATH)
            assert (early.status_code, early.headers["retry-after"]) == (202, "2")
            assert early.json().keys() == {"state", "constraint", "constraints", "shape"}
            assert (await get("/healthz")).status_code == 200
        monkeypatch.setattr(validation, "WAIT_S", 60.0)
        graph.free.set()
        assert [(await get(PATH)).json()["state"] for _ in range(3)] == ["1"] * 3
        assert [(how.threads, how.most, how.timeout_s) for how in graph.asked] == [(1, 5, 900.0)]
        graph.version = "2"
        assert (await get(PATH)).json()["state"] == "2"
        assert len(graph.asked) == 2

    talk(graph, ask)


def test_a_shape_has_its_targets_its_counts_and_the_first_examples() -> None:
    graph = Graph()
    graph.free.set()

    async def ask(get: Any) -> None:
        (shape,) = (await get(PATH)).json()["shapes"]
        assert shape == {
            "shape": SHAPE,
            "name": "ekgs:Claim-stance",
            "label": "Stance",
            "targets": [{"shape": f"{EKGS}Claim", "nodes": 3_000}],
            "results": {"Violation": 2_000},
            "seconds": 0.5,
            "constraints": [
                {
                    "component": COMPONENT,
                    "constraint": None,
                    "severity": "Violation",
                    "message": FOUND.message,
                    "results": 2_000,
                    "examples": [
                        {"focus": "urn:one", "path": "urn:p", "value": None, "message": FOUND.message}
                    ],
                }
            ],
        }

    talk(graph, ask)


def test_a_check_that_takes_too_long_names_its_shape_and_is_tried_again() -> None:
    graph = Graph(problem=CheckTimeLimitError(900, 901, SHAPE))
    graph.free.set()

    async def ask(get: Any) -> None:
        answer = await get(PATH)
        assert (answer.status_code, SHAPE in answer.json()["detail"]) == (504, True)
        graph.problem = None
        assert (await get(PATH)).status_code == 200

    talk(graph, ask)


@pytest.mark.parametrize(
    ("question", "status", "detail"),
    [
        ("?shapes=a", 400, "one shape at most"),
        ("?shape=a&shape=b", 400, "one shape at most"),
        ("?shape=ekgs:Nothing", 404, "ekgs:Nothing: no shape"),
    ],
)
def test_a_question_that_makes_no_sense_is_a_problem(question: str, status: int, detail: str) -> None:
    graph = Graph()
    graph.free.set()

    async def ask(get: Any) -> None:
        answer = await get(PATH + question)
        assert (answer.status_code, detail in answer.json()["detail"]) == (status, True)

    talk(graph, ask)


def test_a_plain_store_has_no_shapes() -> None:
    assert PATH not in create_app(Graph(), Options(plain=True)).openapi()["paths"]  # type: ignore[arg-type]
