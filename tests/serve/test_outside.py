"""SERVICE and LOAD ask the hosts that the operator lists, and nobody else: a listener hears nothing."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import select
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import httpx
import pytest
from tests.conftest import serving
from tests.query.processes import descendants, wait_until
from tests.serve.stores import Endpoint, writable

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow
DOCUMENT = b'@prefix x: <urn:x:> . <#me> x:knows [ x:name "Anna" ] .'


class Host(http.server.ThreadingHTTPServer):
    """An endpoint and a document; it remembers what it was asked, and sends on to `elsewhere`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[str] = []
        self.elsewhere = ""
        self.silence = threading.Event()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Answers(http.server.BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        if self.path == "/away":
            self._say(302, "text/plain", b"", Location=self.server.elsewhere)
        elif self.path == "/silent":
            self.server.silence.wait(60)
        elif self.path == "/document":
            self._say(200, "text/turtle", DOCUMENT)
        else:
            self._say(404, "text/plain", b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.asked.append(parse_qs(body)["query"][0])
        if self.path != "/sparql":
            self.do_GET()
            return
        rows: list[dict[str, Any]] = [
            {"x": {"type": "literal", "value": f"row {n}"}, "b": {"type": "bnode", "value": "b0"}}
            for n in range(3)
        ]
        answer = {"head": {"vars": ["x", "b"]}, "results": {"bindings": rows}}
        self._say(200, "application/sparql-results+json", json.dumps(answer).encode())

    def _say(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing to standard error."""


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    with Host() as listening:
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield listening
        listening.silence.set()
        listening.shutdown()


@pytest.fixture
def canary() -> Iterator[tuple[socket.socket, str]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener, f"127.0.0.1:{listener.getsockname()[1]}"


def unheard(canary: tuple[socket.socket, str]) -> bool:
    return not select.select([canary[0]], [], [], 0)[0]


@pytest.fixture(scope="module")
def asking(host: Host) -> Iterator[str]:
    with serving("--allow-host", host.place, "--timeout-s", "4") as address:
        yield address


@pytest.fixture(scope="module", params=["union", "exclusive"])
def loading(
    host: Host, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Endpoint]:
    folder: Path = tmp_path_factory.mktemp("outside")
    options = ("--allow-host", host.place, "--default-graph", request.param)
    with writable(folder, *options) as endpoint:
        yield endpoint


def fetchers() -> list[int]:
    """Processes that ask somebody for us at the moment."""
    found = []
    for pid in descendants(os.getpid()):
        with contextlib.suppress(OSError):
            if b"eventkg.query.fetcher" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def ask(address: str, query: str) -> httpx.Response:
    return httpx.get(f"{address}/sparql", params={"query": query}, timeout=60)


def test_a_listed_endpoint_is_asked_and_its_rows_are_joined(asking: str, host: Host) -> None:
    query = (
        f"SELECT ?x ?l {{ SERVICE <http://{host.place}/sparql> {{ ?s ekg:name ?x }} VALUES ?l {{ 1 2 }} }}"
    )
    answer = ask(asking, query)
    assert answer.status_code == 200, answer.text
    assert len(answer.json()["results"]["bindings"]) == 6
    assert "etag" not in answer.headers  # it depends on more than our graph
    assert "PREFIX ekg:" in host.asked[-1]
    assert "SELECT * WHERE { ?s ekg:name ?x }" in host.asked[-1]


def test_the_service_says_that_it_can(asking: str, server: str) -> None:
    for address, can in ((asking, True), (server, False)):
        told = httpx.get(f"{address}/sparql", headers={"Accept": "text/turtle"}, timeout=60).text
        assert ("BasicFederatedQuery" in told) is can


@pytest.mark.parametrize("silent", ["", "SILENT "])
@pytest.mark.parametrize("way", ["http://{canary}/x", "http://localhost:{port}/x", "http://{host}/away"])
def test_no_other_host_is_asked(
    way: str, silent: str, asking: str, host: Host, canary: tuple[socket.socket, str]
) -> None:
    host.elsewhere = f"http://{canary[1]}/x"
    url = way.format(canary=canary[1], port=canary[1].partition(":")[2], host=host.place)
    answer = ask(asking, f"SELECT * {{ SERVICE {silent}<{url}> {{ ?s ?p ?o }} }}")
    assert answer.status_code == (200 if silent else 400)
    assert unheard(canary)
    if not silent:
        assert "not among the hosts" in answer.json()["detail"]


@pytest.mark.parametrize(
    "pattern", ["SERVICE ?g {{ }} VALUES ?g {{ <http://{}/x> }}", "5SERVICE<http://{}/x>{{ }}"]
)
def test_what_cannot_be_told_is_refused(pattern: str, asking: str, canary: tuple[socket.socket, str]) -> None:
    assert ask(asking, f"ASK {{ {pattern.format(canary[1])} }}").status_code == 400
    assert unheard(canary)


def test_an_endpoint_that_says_nothing_costs_a_time_limit(asking: str, host: Host) -> None:
    answer = ask(asking, f"ASK {{ SERVICE <http://{host.place}/silent> {{ ?s ?p ?o }} }}")
    assert answer.status_code == 504
    assert ask(asking, "ASK { }").status_code == 200


def test_load_takes_a_document_of_a_listed_host(loading: Endpoint, host: Host) -> None:
    base = f"http://{host.place}/document"
    loading.done(f"LOAD <{base}> INTO GRAPH <urn:loaded>")
    rows = loading.rows("SELECT ?s ?n { GRAPH <urn:loaded> { ?s <urn:x:knows>/<urn:x:name> ?n } }")
    assert rows == [("Anna", f"{base}#me")]


def test_an_update_joins_rows_of_a_listed_endpoint(loading: Endpoint, host: Host) -> None:
    where = f"SERVICE <http://{host.place}/sparql> {{ ?s ?p ?x }}"
    loading.done(f"INSERT {{ GRAPH <urn:joined> {{ <urn:s> <urn:p> ?x }} }} WHERE {{ {where} }}")
    assert [x for (x,) in loading.rows("SELECT ?x { GRAPH <urn:joined> { ?s ?p ?x } }")] == [
        f"row {n}" for n in range(3)
    ]


@pytest.mark.parametrize("text", ["LOAD {s}<http://{c}/x>", "LOAD {s}<http://{h}/away> INTO GRAPH <urn:a>",
                                  "LOAD {s}<file:///etc/passwd>", "LOAD {s}<http://{h}/none>"])  # fmt: skip
@pytest.mark.parametrize("silent", [False, True])
def test_load_asks_nobody_else(
    text: str, silent: bool, loading: Endpoint, host: Host, canary: tuple[socket.socket, str]
) -> None:
    host.elsewhere = f"http://{canary[1]}/x"
    before = loading.rows("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    answer = loading.update(text.format(s="SILENT " * silent, c=canary[1], h=host.place))
    assert answer.status_code == (204 if silent else 400)
    assert unheard(canary)
    assert loading.rows("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == before


def test_a_client_that_goes_ends_the_asking(asking: str, host: Host) -> None:
    with contextlib.suppress(httpx.ReadTimeout):
        httpx.get(
            f"{asking}/sparql",
            params={"query": f"ASK {{ SERVICE <http://{host.place}/silent> {{ ?s ?p 1 }} }}"},
            timeout=2,
        )
    assert ask(asking, "ASK { }").status_code == 200
    assert wait_until(lambda: not fetchers(), 5)  # its own limit is later
