"""Networks over HTTP: what is asked for, who waits, what is kept."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pytest
from tests.export.stores import restricted_store
from tests.export.test_restricted import SECRET

import eventkg
from eventkg.serve import networks
from eventkg.serve.app import create_app
from eventkg.serve.service import Options

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from eventkg import KnowledgeGraph
    from eventkg.kg.apart import Apart

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
API = "/api/v1/"
HTML = {"Accept": "text/html"}


def talk(
    graph: Any, conversation: Callable[[Any, Any], Awaitable[None]], options: Options | None = None
) -> None:
    """Requests to one service over a graph."""

    async def run() -> None:
        app = create_app(graph, options)
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://t", timeout=120
        ) as client:
            await conversation(client.get, app)

    anyio.run(run)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What would have been drawn, in place of drawing it."""
    found: list[tuple[Any, ...]] = []

    def run(_: Apart, __: Any, *asked: Any) -> bytes:
        found.append(asked)
        return b'{"made":1}'

    monkeypatch.setattr("eventkg.kg.apart.Apart.run", run)
    return found


def test_the_choice_in_the_address_is_the_choice_that_is_drawn(
    drawn: list[tuple[Any, ...]], kg: KnowledgeGraph
) -> None:
    async def ask(get: Any, _: Any) -> None:
        answer = await get(
            f"{API}network?kind=claims&since=2017-01-01&until=2017-02-01&place=al-bab&place=http://x/y"
            "&actor=ucdp/1&source=seed&view=all&actor="
        )
        assert (answer.status_code, answer.json()) == (200, {"made": 1})
        assert answer.headers["eventkg-view"].endswith("view/all")

    talk(kg, ask)
    ((form, asked),) = drawn
    assert (form, asked.kind, asked.only.since, asked.only.until) == (
        "json",
        "claims",
        "2017-01-01",
        "2017-02-01",
    )
    assert asked.only.places == {"https://w3id.org/eventkg/id/place/al-bab", "http://x/y"}
    assert asked.only.actors == {"https://w3id.org/eventkg/id/actor/ucdp/1"}
    assert asked.only.sources == {"seed"}
    assert asked.view == kg.policy("all")


@pytest.mark.parametrize(
    ("choice", "detail"),
    [
        ("kind=friends", "kind: 'friends' found, one of actor-event,"),
        ("since=2017-02-30", "a day as 2017-01-21 expected"),
        ("until=yesterday", "a day as 2017-01-21 expected"),
        ("since=2017-01-01&since=2017-01-02", "since: 2 parameters found, at most 1 expected"),
        ("place=http://a%20b/%3Cscript%3E", "a name or an IRI expected"),
        ("source=%3Cb%3E", "the short name of a graph"),
        ("view=mine", "one of default, corroborated, all"),
        ("what=ever", "'what' found, kind, since"),
        ("actor=" + "x" * 3_000, "more than 2,000 characters"),
        ("&".join(f"actor=a{n}" for n in range(101)), "101 parameters found, at most 100"),
    ],
)
def test_a_wrong_choice_is_refused_before_anything_is_drawn(
    choice: str, detail: str, drawn: list[tuple[Any, ...]], kg: KnowledgeGraph
) -> None:
    async def ask(get: Any, _: Any) -> None:
        for path in (f"{API}network", f"{API}network.gexf", "/network"):
            answer = await get(f"{path}?{choice}")
            assert (answer.status_code, detail in answer.json()["detail"]) == (400, True), answer.text

    talk(kg, ask)
    assert drawn == []


def test_the_same_is_drawn_once_for_a_state_and_a_view(
    drawn: list[tuple[Any, ...]], kg: KnowledgeGraph
) -> None:
    async def ask(get: Any, _: Any) -> None:
        first = await get(f"{API}network")
        assert (await get(f"{API}network")).headers["etag"] == first.headers["etag"]
        again = await get(f"{API}network", headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content, len(drawn)) == (304, b"", 1)
        for other in (
            "network?view=all",
            "network?actor=turkey",
            "network?place=turkey",
            "ties",
            "network.svg",
        ):
            assert (await get(API + other)).headers["etag"] != first.headers["etag"]
        assert len(drawn) == 6

    talk(kg, ask)


def test_who_draws_too_much_at_once_is_told_to_come_again(
    drawn: list[tuple[Any, ...]], kg: KnowledgeGraph
) -> None:
    async def ask(get: Any, app: Any) -> None:
        desk = app.state.desk
        places = [await desk.admission.enter("other") for _ in range(networks.AT_ONCE)]
        async with anyio.create_task_group() as tasks:
            for number in range(networks.MOST_WAITING):
                tasks.start_soon(get, f"{API}network?actor=a{number}")
            while desk.admission.waiting < networks.MOST_WAITING:
                await anyio.sleep(0.01)
            refused = await get(f"{API}network?actor=b")
            assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
            assert (await get("/healthz")).status_code == 200
            for place in places:
                desk.admission.leave(place)
        assert len(drawn) == networks.MOST_WAITING

    talk(kg, ask)


@pytest.mark.slow
def test_the_strongest_ties_are_the_networks_and_the_page_shows_them(kg: KnowledgeGraph) -> None:
    network = kg.to_networkx("actor-actor")

    async def ask(get: Any, _: Any) -> None:
        found = (await get(f"{API}ties?kind=actor-actor")).json()
        assert (found["nodes"], found["ties"]) == (len(network), network.number_of_edges())
        weights = [tie["weight"] for tie in found["strongest"]]
        assert weights == sorted((d["weight"] for *_, d in network.edges(data=True)), reverse=True)
        assert {credit["licence"] for credit in found["credits"]} == {"CC-BY-4.0", "ODbL-1.0"}
        page = await get("/network?kind=actor-actor&show=table", headers=HTML)
        assert page.text.count('class="status ') == len(weights)
        none = (await get(f"{API}ties?since=1990-01-01&until=1990-01-02")).json()
        assert (none["nodes"], none["empty"][:15]) == (0, "no event found;")

    talk(kg, ask)


@pytest.mark.slow
def test_a_file_leaves_out_what_may_not_be_passed_on_and_says_what_is_covered(tmp_path: Path) -> None:
    async def ask(get: Any, _: Any) -> None:
        for form in ("gexf", "graphml", "cyjs"):
            made = (await get(f"{API}network.{form}")).text
            assert SECRET.decode() not in made
            assert "covers" in made
        for form in ("html", "svg"):
            assert " covers " in (await get(f"{API}network.{form}")).text
        covered = json.loads((await get(f"{API}ties")).content)["covered"]
        assert covered
        assert all(" covers " in said for said in covered)

    with eventkg.open(restricted_store(tmp_path)) as graph:
        talk(graph, ask)


def test_a_plain_store_has_no_networks(kg: KnowledgeGraph) -> None:
    async def ask(get: Any, app: Any) -> None:
        assert not [path for path in app.openapi()["paths"] if "network" in path or "vocabulary" in path]
        assert (await get("/network")).status_code == 404

    talk(kg, ask, Options(plain=True))


@pytest.mark.parametrize("form", ["csv", ""])
def test_a_query_is_asked_in_the_world_that_the_address_names(form: str, kg: KnowledgeGraph) -> None:
    query = "SELECT ?who { event:2017-01-22-al-bab-strike ekg:performedBy ?who }"

    async def ask(get: Any, _: Any) -> None:
        found = {}
        for view in ("default", "claimant/russian-defence-ministry"):
            answer = await get("/sparql", params={"query": query, "view": view, "format": form}, headers=HTML)
            assert answer.headers["eventkg-view"].endswith(view)
            found[view] = "id/actor/us-led-coalition" in answer.text
        assert found == {"default": False, "claimant/russian-defence-ministry": True}
        graph = {"query": query, "default-graph-uri": "https://w3id.org/eventkg/graph/seed"}
        assert '"view": ""' in (await get("/sparql", params=graph, headers=HTML)).text
        assert (await get("/sparql", params={"query": query, "view": "mine"})).status_code == 400

    talk(kg, ask)


@pytest.mark.slow
def test_the_vocabulary_is_read_once_for_a_state(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    async def ask(get: Any, _: Any) -> None:
        first = (await get(f"{API}vocabulary")).json()
        assert {"iri", "name", "kind", "label", "definition"} == first["words"][0].keys()
        monkeypatch.setattr("eventkg.serve.vocabulary.read", None)
        assert (await get(f"{API}vocabulary")).json() == first

    talk(kg, ask)
