"""What an operator relies on: limits on clients, caching, other sites' pages, metrics and logs."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import httpx
import pytest
import rdflib
from tests.conftest import serving
from tests.query.processes import wait_until
from tests.serve.stores import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.serve.stores import Endpoint

SELECT = "SELECT ?e { ?e a ekg:AirStrike }"
get = functools.partial(httpx.get, timeout=60)  # a busy machine is slow


@pytest.fixture(scope="module")
def strict() -> Iterator[str]:
    """A server with little patience: 2 s for a request."""
    with serving("--body-timeout-s", "2") as address:
        yield address


@pytest.fixture(scope="module")
def small() -> Iterator[str]:
    """A server for 6 connections at a time; pages of one site are let in."""
    with serving("--max-connections", "6", "--cors", "https://example.org") as address:
        yield address


def connect(address: str) -> socket.socket:
    host, _, port = urlsplit(address).netloc.partition(":")
    return socket.create_connection((host, int(port)), timeout=60)


def heard(connection: socket.socket) -> bytes:
    answer = b""
    # A server that closes before it has read all that was sent resets the connection.
    with contextlib.suppress(ConnectionResetError):
        while chunk := connection.recv(4096):
            answer += chunk
    return answer


BEGINNINGS = {
    "nothing": b"",
    "a line": b"GET /sparql?query=ASK",
    "a header": b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "a body": b"POST /sparql HTTP/1.1\r\n"
    b"Content-Type: application/sparql-query\r\nContent-Length: 99\r\n\r\nASK",
}


@pytest.mark.slow
def test_whoever_sends_a_request_too_slowly_is_cut_off(strict: str) -> None:
    """All at a time, so that they wait together."""
    with contextlib.ExitStack() as connections:
        slow = {name: connections.enter_context(connect(strict)) for name in BEGINNINGS}
        for name, beginning in BEGINNINGS.items():
            slow[name].sendall(beginning)
        answers = {name: heard(connection).partition(b"\r\n")[0] for name, connection in slow.items()}
    assert [name for name, answer in answers.items() if b" 408 " not in answer] == []
    assert get(f"{strict}/healthz").status_code == 200


@pytest.mark.slow
def test_more_connections_than_configured_are_sent_away(small: str) -> None:
    held = [connect(small) for _ in range(6)]
    try:
        with connect(small) as late:
            assert b" 503 " in heard(late).partition(b"\r\n")[0]
    finally:
        for connection in held:
            connection.close()


@pytest.mark.slow
def test_readers_that_take_nothing_are_cut_off_while_others_are_answered() -> None:
    many = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with serving("--send-timeout-s", "1", "--timeout-s", "60") as address:
        slow = [connect(address) for _ in range(3)]
        for connection in slow:
            connection.sendall(f"GET /sparql?query={quote(many)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        assert get(f"{address}/sparql", params={"query": SELECT}).status_code == 200
        for line in ("eventkg_queries_running 0.0", "eventkg_broken_answers_total 3.0"):
            assert wait_until(lambda line=line: line in get(f"{address}/metrics").text, 120)  # type: ignore[misc]
        for connection in slow:
            connection.close()


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET /sparql?query=" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n", b"431"),
    ],
)
def test_a_head_without_end_is_refused(request_line: bytes, status: bytes, server: str) -> None:
    with connect(server) as long:
        long.sendall(request_line)
        assert heard(long).split(b" ")[1] == status


@pytest.mark.slow
def test_pages_of_the_site_that_was_named_may_read_and_no_others(small: str) -> None:
    for origin, allowed in (("https://example.org", True), ("https://example.com", False)):
        answer = get(f"{small}/sparql", params={"query": SELECT}, headers={"Origin": origin})
        assert (answer.headers.get("access-control-allow-origin") == origin) is allowed
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "PUT"}
    assert (
        "PUT"
        in httpx.options(f"{small}/store", headers=asked, timeout=60).headers["access-control-allow-methods"]
    )


def test_an_answer_that_a_client_has_is_not_sent_again(server: str) -> None:
    first = get(f"{server}/sparql", params={"query": SELECT})
    tag = first.headers["etag"]
    again = get(f"{server}/sparql", params={"query": SELECT}, headers={"If-None-Match": f'"x", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = get(f"{server}/sparql", params={"query": SELECT, "format": "csv"}, headers={"If-None-Match": tag})
    assert (other.status_code, other.headers["etag"] != tag) == (200, True)
    for changing in ("SELECT (NOW() AS ?t) { }", "SELECT (rand() AS ?t) { }", "SELECT (UUID() AS ?t) { }"):
        assert "etag" not in get(f"{server}/sparql", params={"query": changing}).headers


@pytest.mark.slow
def test_an_answer_kept_is_forgotten_with_the_next_write(plain: Endpoint) -> None:
    query = "SELECT ?o { <urn:kept> <urn:p> ?o }"
    tags = set()
    for number in range(3):
        plain.done(f"DELETE WHERE {{ <urn:kept> ?p ?o }} ; INSERT DATA {{ <urn:kept> <urn:p> {number} }}")
        for _ in range(2):
            assert plain.rows(query) == [(str(number),)]
        tags.add(plain.client.get("/sparql", params={"query": query}).headers["etag"])
    assert len(tags) == 3


def test_a_large_answer_is_packed_for_those_who_unpack(server: str) -> None:
    parameters = {"query": "SELECT * { ?s ?p ?o }", "format": "nt"} | {"format": "csv"}
    packed = get(f"{server}/sparql", params=parameters, headers={"Accept-Encoding": "gzip"})
    bare = get(f"{server}/sparql", params=parameters, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in bare.headers
    assert packed.content == bare.content


@pytest.mark.parametrize(("format_name", "file"), [("csv", "answer.csv"), ("json", "answer.srj")])
def test_a_download_has_a_name(format_name: str, file: str, server: str) -> None:
    parameters = {"query": SELECT, "format": format_name, "download": "1"}
    answer = get(f"{server}/sparql", params=parameters)
    assert answer.headers["content-disposition"] == f'attachment; filename="{file}"'


@pytest.mark.parametrize("path", ["/sparql", "/query", "/store?graph=https://w3id.org/eventkg/graph/seed"])
def test_head_is_get_without_its_body(path: str, server: str) -> None:
    parameters = {} if "store" in path else {"query": SELECT}
    wanted, found = (
        httpx.request(m, server + path, params=parameters or None, timeout=60) for m in ("GET", "HEAD")
    )
    assert (found.status_code, found.content) == (200, b"")
    assert found.headers["content-type"] == wanted.headers["content-type"]
    assert "GET" in httpx.options(f"{server}{path}", timeout=60).headers["allow"]


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        ("text/html", "/page/event/2017-01-22-al-bab-strike"),
        ("text/turtle", "/data/event/2017-01-22-al-bab-strike.ttl"),
        ("application/ld+json", "/data/event/2017-01-22-al-bab-strike.jsonld"),
        ("application/rdf+xml", "/data/event/2017-01-22-al-bab-strike.rdf"),
        ("application/n-triples", "/data/event/2017-01-22-al-bab-strike.nt"),
        ("*/*", "/data/event/2017-01-22-al-bab-strike.ttl"),
    ],
)
def test_a_thing_sends_on_to_its_page_or_its_data(accept: str, target: str, server: str) -> None:
    found = get(f"{server}/id/event/2017-01-22-al-bab-strike", headers={"Accept": accept})
    assert (found.status_code, found.headers["location"]) == (303, target)
    assert "Accept" in found.headers["vary"]
    described = get(server + target, headers={"Accept": accept})
    assert described.status_code == 200
    assert "al-bab" in described.text.lower()


def test_the_page_of_a_thing_bears_its_label_and_leads_to_its_data(server: str) -> None:
    page = get(f"{server}/page/event/2017-01-22-al-bab-strike").text
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert title.endswith(" · eventkg")
    assert "Al-Bab" in title
    assert f'<h1 dir="auto">{title.removesuffix(" · eventkg")}</h1>' in page
    assert 'href="/data/event/2017-01-22-al-bab-strike.ttl"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/id/nothing/x",
        "/data/event/none.ttl",
        "/data/event/x.exe",
        "/page/event/none",
        "/data/event/a%22b.ttl",
    ],
)
def test_what_is_not_there_is_a_404(path: str, server: str) -> None:
    assert get(server + path).status_code == 404


def test_the_service_describes_what_is_really_there(server: str, plain: Endpoint) -> None:
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    for address, union, update in ((server, True, False), (plain.address, False, True)):
        answer = get(f"{address}/sparql", headers={"Accept": "application/rdf+xml"})
        graph = rdflib.Graph().parse(data=answer.content, format="xml")
        (service,) = graph.subjects(rdflib.RDF.type, sd.Service)
        assert ((service, sd.feature, sd.UnionDefaultGraph) in graph) is union
        assert ((service, sd.supportedLanguage, sd.SPARQL11Update) in graph) is update
        names = {str(name) for name in graph.objects(None, sd.name)}
        rows = get(f"{address}/sparql", params={"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"})
        assert names == {row["g"]["value"] for row in rows.json()["results"]["bindings"]}


def test_void_counts_what_queries_count(server: str) -> None:
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    graph = rdflib.Graph().parse(data=get(f"{server}/.well-known/void").content, format="turtle")
    strike = rdflib.URIRef("https://w3id.org/eventkg/ontology#AirStrike")
    (part,) = graph.subjects(void["class"], strike)
    rows = get(f"{server}/sparql", params={"query": SELECT}).json()["results"]["bindings"]
    assert int(str(graph.value(part, void.entities))) == len(rows)
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    queries = list(graph.objects(None, sh.select))
    assert len(queries) >= 8
    for query in queries:
        assert get(f"{server}/sparql", params={"query": str(query)}).status_code == 200
    assert {str(p) for p in graph.objects(None, sh.prefix)} >= {"ekg", "event", "skos"}


def test_metrics_count_requests_by_route(server: str) -> None:
    get(f"{server}/sparql", params={"query": SELECT})
    text = get(f"{server}/metrics").text
    assert 'eventkg_requests_total{method="GET",route="/sparql",status="200"}' in text
    assert "eventkg_queries_waiting 0.0" in text


@pytest.mark.slow
def test_a_line_of_json_tells_of_each_request() -> None:
    command = [sys.executable, "-m", "eventkg", "serve", "--port", "0", "--log-queries"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        (address,) = (word for word in process.stderr.readline().split() if word.startswith("http"))
        answer = get(f"{address}sparql", params={"query": SELECT}, headers={"X-Request-Id": "my-1"})
        assert answer.headers["x-request-id"] == "my-1"
        process.send_signal(signal.SIGTERM)
        line = json.loads(process.communicate(timeout=60)[1].splitlines()[0])
    assert (line["request"], line["status"], line["text"], line["whole"]) == ("my-1", 200, SELECT, True)
    assert line["rows"] == len(answer.json()["results"]["bindings"])
    assert len(line["query"]) == 16


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--allow-update"], "-l DIR expected"),
        (["--allow-update", "-l", "NEW", "--host", "0.0.0.0"], "no token found"),  # noqa: S104
        (["--allow-update", "-l", "NEW", "--token-file", "none"], "No such file"),
        (["--default-graph", "exclusive", "--store", "http://127.0.0.1:9/"], "-l DIR"),
    ],
)
@pytest.mark.slow
def test_a_service_that_could_not_be_safe_does_not_start(
    options: list[str], complaint: str, tmp_path: Path
) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "EVENTKG_TOKEN"}
    done = subprocess.run(
        [sys.executable, "-m", "eventkg", "serve", "--port", "0", *options],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode in {1, 2}
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "NEW").exists()


@pytest.mark.slow
def test_without_a_token_programs_of_this_machine_may_write_and_pages_may_not(tmp_path: Path) -> None:
    with serving("-l", str(tmp_path / "store"), "--allow-update", "--default-graph", "exclusive") as address:
        data = {"update": "INSERT DATA { <urn:a> <urn:b> 1 }"}
        assert httpx.post(f"{address}/update", data=data, timeout=60).status_code == 204
        for headers in (
            {"Origin": "https://example.org"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Host": "evil.test"},
        ):
            assert httpx.post(f"{address}/update", data=data, headers=headers, timeout=60).status_code == 403


def test_no_token_is_shown(plain: Endpoint) -> None:
    for path in ("/sparql", "/metrics", "/openapi.json", "/"):
        assert TOKEN not in plain.client.get(path).text


@pytest.mark.parametrize("which", ["server", "union"])
def test_editors_find_examples_and_prefixes_in_the_graph(which: str, request: pytest.FixtureRequest) -> None:
    served = request.getfixturevalue(which)
    address = served if isinstance(served, str) else served.address
    declared = "PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"

    def rows(query: str) -> list[dict[str, str]]:
        found = get(f"{address}/sparql", params={"query": f"{declared} {query}"}).json()["results"][
            "bindings"
        ]
        return [{name: cell["value"] for name, cell in row.items()} for row in found]

    examples = rows(
        "SELECT ?q ?query ?l { ?q a sh:SPARQLExecutable ; sh:select|sh:ask|sh:construct ?query ; "
        "rdfs:comment|rdfs:label ?l }"
    )
    assert len({row["q"] for row in examples}) >= 8
    for query in {row["query"] for row in examples}:
        assert get(f"{address}/sparql", params={"query": query}).status_code == 200
    prefixes = rows("SELECT ?p ?n { ?s sh:declare [ sh:prefix ?p ; sh:namespace ?n ] }")
    assert {"p": "ekg", "n": "https://w3id.org/eventkg/ontology#"} in prefixes
