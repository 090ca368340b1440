"""Finding events over HTTP: data, suggestions, downloads."""

from __future__ import annotations

import csv
import io
import json
import threading
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import anyio
import httpx
import pyoxigraph as ox
import pytest

import eventkg
from eventkg.kg import finding, indexmaking
from eventkg.model.naming import BASE, VIEW
from eventkg.search.asked import Asked
from eventkg.serve.app import create_app

if TYPE_CHECKING:
    from eventkg import KnowledgeGraph

API = "/api/v1/"
PLACE, COALITION = f"{BASE}id/place/syria", f"{BASE}id/actor/us-led-coalition"


class Client:
    """The service in this process."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self.app = create_app(graph)

    def get(self, address: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.get(address)

        return anyio.run(ask)


@pytest.fixture(scope="module")
def client(kg: KnowledgeGraph) -> Client:
    kg.finder.wait(kg.policy(), 120)
    return Client(kg)


def to_json(value: object) -> Any:
    return json.loads(json.dumps(value))


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", Asked()),
        ("text=al-bab&sort=relevance", Asked(text="al-bab", sort="relevance")),
        (f"place={PLACE}&place=urn:x&until=2017-01-20", Asked(place=(PLACE, "urn:x"), until="2017-01-20")),
        (
            f"actor={COALITION}&status=contested&limit=1",
            Asked(actor=(COALITION,), status=("contested",), limit=1),
        ),
        ("source=seed&offset=6&sort=-date&deaths=", Asked(source=("seed",), offset=6, sort="-date")),
    ],
)
def test_the_answer_is_what_the_library_finds(
    query: str, asked: Asked, client: Client, kg: KnowledgeGraph
) -> None:
    answer = client.get(f"{API}events?{query}")
    assert (answer.status_code, answer.headers["eventkg-view"]) == (200, f"{VIEW}default")
    assert answer.json() == to_json(asdict(kg.find(asked)))


def test_an_empty_answer_says_what_is_covered(client: Client) -> None:
    found = client.get(f"{API}events?text=nothing&since=2020-01-01").json()
    assert (found["total"], found["rows"]) == (0, [])
    assert found["coverage"].startswith("no event found; ")


@pytest.mark.parametrize(
    "path", ["events", "events.csv", "events.geojson", "events.ttl", "events.csv-metadata.json"]
)
@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("txt=al-bab", "'txt' found, text, since"),
        ("text=a&text=b", "text: 2 parameters found, 1 expected"),
        ("since=yesterday", "since: 'yesterday' found, a day as YYYY-MM-DD expected"),
        ("deaths=many", "deaths: 'many' found"),
        ("sort=size", "sort: 'size' found"),
        ("status=denied", "status: 'denied' found"),
        ("limit=-1", "limit: '-1' found, a whole number"),
        ("limit=1000000", "limit: '1000000' found, a whole number up to"),
        ("offset=1e3", "offset: '1e3' found"),
        ("view=mine", "view 'mine' found"),
        ("text=" + "a" * 501, "text: 501 characters found"),
    ],
)
def test_what_means_nothing_is_a_problem(path: str, query: str, detail: str, client: Client) -> None:
    answer = client.get(f"{API}{path}?{query}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert detail in answer.json()["detail"]


def test_names_are_suggested(client: Client) -> None:
    found = client.get(f"{API}suggest?q=coal").json()
    assert found["view"] == f"{VIEW}default"
    assert found["suggestions"][0] == {
        "iri": COALITION,
        "label": "US-led coalition",
        "kind": "actor",
        "events": 2,
    }
    assert client.get(f"{API}suggest?q=%20").status_code == 400
    assert client.get(f"{API}suggest?q=coal&kind=place").json()["suggestions"] == []
    assert "kind: 'b' found, one of actor" in client.get(f"{API}suggest?q=a&kind=b").json()["detail"]
    assert client.get(f"{API}suggest?q=a&known=2017-01-01").status_code == 400


def test_while_the_index_is_built_a_client_is_told_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOMENT_S", 0.0)
    begin = threading.Event()
    make = indexmaking.Maker.make

    def late(*arguments: Any) -> Any:
        assert begin.wait(120)
        return make(*arguments)

    monkeypatch.setattr(indexmaking.Maker, "make", late)
    with eventkg.open() as graph:
        answer = Client(graph).get(f"{API}events")
        begin.set()
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
        assert (answer.json()["step"], answer.json()["steps"]) == (0, 17)
        assert "being counted" in answer.json()["detail"]


def test_a_download_is_the_events_of_the_list_in_its_order(client: Client) -> None:
    query = "text=al-bab&sort=-date&offset=1&limit=3"
    rows = client.get(f"{API}events?{query}").json()["rows"]
    answer = client.get(f"{API}events.csv?{query}")
    assert answer.headers["eventkg-total"] == "6"
    assert answer.headers["content-disposition"] == 'attachment; filename="eventkg-events.csv"'
    table = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["event"] for row in table] == [row["iri"] for row in rows]
    features = client.get(f"{API}events.geojson?{query}").json()
    assert [one["id"] for one in features["features"]] == [row["iri"] for row in rows]
    turtle = client.get(f"{API}events.ttl?{query}").content
    events = {
        quad.subject
        for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)
        if "/id/event/" in str(quad.subject)
    }
    assert {ox.NamedNode(row["iri"]) for row in rows} <= events


def test_a_download_says_whose_data_in_whose_world_it_is_and_what_was_asked(client: Client) -> None:
    query = "text=al-bab%0Aevil&limit=3"
    features = client.get(f"{API}events.geojson?{query}").json()
    assert features["about"]["title"] == "0 of 0 events found: text al-bab\nevil"
    assert features["about"]["view"] == f"{VIEW}default"
    assert "https://spdx.org/licenses/CC-BY-4.0" in features["about"]["licences"]
    turtle = client.get(f"{API}events.ttl?{query}").text
    assert turtle.startswith("# 0 of 0 events found: text al-bab evil\n# view default <")
    answer = client.get(f"{API}events.csv?{query}")
    link = answer.headers["link"]
    assert link.endswith('; rel="describedby"; type="application/csvm+json"')
    beside = client.get(link[1 : link.index(">")])
    assert beside.headers["content-type"] == "application/csvm+json"
    assert beside.json()["notes"][0] == features["about"]
    assert beside.json()["url"] == f"events.csv?{query}"


@pytest.mark.slow
def test_a_view_is_asked_by_its_name(server: str, kg: KnowledgeGraph) -> None:
    view = "claimant/russian-defence-ministry"
    kg.finder.wait(kg.policy(view), 120)
    parameters = {"view": view, "actor": COALITION}
    for _ in range(120):
        answer = httpx.get(f"{server}{API}events", params=parameters, timeout=60)
        if answer.status_code != 503:
            break
    assert answer.json() == to_json(asdict(kg.find(Asked(actor=(COALITION,)), view)))
    assert answer.headers["eventkg-view"] == VIEW + view
