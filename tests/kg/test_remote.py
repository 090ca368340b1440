"""The same answers from endpoints of other makes, under our own time limit."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from tests.kg.endpoints import free_port, oxigraph, oxigraph_binary, virtuoso

import eventkg
from eventkg.errors import DataError, QueryError, TimeLimitError, UsageError
from eventkg.query.answers import Solutions
from eventkg.query.named import examples, title

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventkg import KnowledgeGraph

_MAKES = {
    "oxigraph": (oxigraph, oxigraph_binary()),
    "virtuoso": (virtuoso, shutil.which("virtuoso-t") and shutil.which("isql-vt")),
}
_ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
# Virtuoso 7.2.5 does not remove all duplicates of a DISTINCT over a path with an alternative.
_DUPLICATES = {("virtuoso", "What is contested, who asserts it, who denies it, and what contradicts it?")}
_COALITION = "ASK { event:2017-01-22-al-bab-strike ekg:performedBy actor:us-led-coalition }"
_RUSSIA = "ASK { event:2017-01-22-al-bab-strike ekg:performedBy actor:russian-aerospace-forces }"
_STRIKE = "2017-01-22-al-bab-strike"
_PATIENCE_S = 240  # an endpoint of another make on a busy machine
pytestmark = [pytest.mark.slow]


@contextmanager
def _started(make: str, folder: Path, kg: KnowledgeGraph) -> Iterator[str]:
    start, binary = _MAKES[make]
    if not binary:
        pytest.skip(f"{make} is not installed")
    nquads = folder / "seed.nq"
    nquads.write_bytes(kg.serialize("nq"))
    with start(nquads, folder) as url:
        yield url


@pytest.fixture(scope="module", params=sorted(_MAKES))
def endpoint(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, kg: KnowledgeGraph
) -> Iterator[tuple[str, str]]:
    """(make, query address) of an endpoint with the bundled graph."""
    with _started(request.param, tmp_path_factory.mktemp(request.param), kg) as url:
        yield request.param, url


@pytest.fixture(params=sorted(_MAKES))
def own_endpoint(request: pytest.FixtureRequest, tmp_path: Path, kg: KnowledgeGraph) -> Iterator[str]:
    """An endpoint for one test alone: peers go on with a query that nobody waits for."""
    with _started(request.param, tmp_path, kg) as url:
        yield url


def rows(answer: object) -> list[list[tuple[str, str]]]:
    assert isinstance(answer, Solutions)
    return sorted(sorted((name, str(value)) for name, value in row.items()) for row in answer)


@pytest.mark.parametrize("query", examples(), ids=title)
def test_an_endpoint_of_another_make_gives_the_same_answer(
    endpoint: tuple[str, str], kg: KnowledgeGraph, query: str
) -> None:
    make, url = endpoint
    with eventkg.open(url, timeout_s=_PATIENCE_S) as remote:
        found, expected = rows(remote.query(query)), rows(kg.query(query))
    if (make, title(query)) in _DUPLICATES:
        assert {str(row) for row in found} == {str(row) for row in expected}
    else:
        assert found == expected


def test_questions_and_graphs_come_back_as_they_do_from_here(
    endpoint: tuple[str, str], kg: KnowledgeGraph
) -> None:
    construct = "CONSTRUCT { ?e ekg:performedBy ?who } WHERE { ?e ekg:performedBy ?who }"
    with eventkg.open(endpoint[1], timeout_s=_PATIENCE_S) as remote:
        assert remote.query(_COALITION) is False
        assert remote.query(_RUSSIA) is True
        here: Any = kg.query(construct)
        there: Any = remote.query(construct)
        assert set(there) == set(here)


@pytest.mark.parametrize(
    ("view", "flown"),
    [("claimant/russian-defence-ministry", True), ("claimant/pentagon", False), ("all", True)],
)
def test_an_endpoint_is_seen_through_each_sides_eyes(
    endpoint: tuple[str, str], kg: KnowledgeGraph, view: str, flown: bool
) -> None:
    """All of it is fetched for that; the endpoint itself stays as it is."""
    with eventkg.open(endpoint[1], timeout_s=_PATIENCE_S) as remote:
        assert remote.query(_COALITION, view) is flown
        assert remote.claims(_STRIKE, view) == kg.claims(_STRIKE, view)
        assert remote.query(_COALITION) is False


def test_the_ledger_of_an_event_is_the_same_as_here(endpoint: tuple[str, str], kg: KnowledgeGraph) -> None:
    with eventkg.open(endpoint[1], timeout_s=_PATIENCE_S) as remote:
        assert remote.claims(_STRIKE) == kg.claims(_STRIKE)
        assert remote.why(_STRIKE, "2") == kg.why(_STRIKE, "2")
        assert remote.compare("default", "default", _STRIKE).differences == ()


def test_a_query_that_never_ends_is_stopped_by_us(own_endpoint: str) -> None:
    with eventkg.open(own_endpoint, timeout_s=1) as remote:
        started = time.monotonic()
        with pytest.raises(TimeLimitError):
            remote.query(_ENDLESS)
        assert time.monotonic() - started < 10


def test_a_malformed_query_is_the_askers_fault(endpoint: tuple[str, str]) -> None:
    with (
        eventkg.open(endpoint[1], timeout_s=_PATIENCE_S) as remote,
        pytest.raises(QueryError, match="HTTP 400"),
    ):
        remote.query("SELECT * {")


def test_our_graphs_can_be_taken_out_again(endpoint: tuple[str, str], kg: KnowledgeGraph) -> None:
    with eventkg.open(endpoint[1], timeout_s=_PATIENCE_S) as remote:
        there = set(remote.serialize("nq", ["derived", "codes"]).splitlines())
    assert there == set(kg.serialize("nq", ["derived", "codes"]).splitlines())


def test_what_is_no_address_is_refused() -> None:
    from eventkg.kg.sources import RemoteSource
    from eventkg.settings import Limits

    with pytest.raises(UsageError, match="http or https address"):
        RemoteSource("ftp://127.0.0.1/", Limits())


def test_an_endpoint_that_is_not_there_is_named() -> None:
    url = f"http://127.0.0.1:{free_port()}/sparql"
    with eventkg.open(url) as remote, pytest.raises(DataError, match=f"{url}: .*refused"):
        remote.query("ASK {}")


def _answering(reply: bytes) -> tuple[str, threading.Thread, socket.socket]:
    """A server that gives one fixed answer to each connection, then holds it open."""
    listener = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def serve() -> None:
        try:
            while True:
                connection, _ = listener.accept()
                held.append(connection)
                connection.recv(65536)
                connection.sendall(reply)
        except OSError:
            for connection in held:
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}/sparql", thread, listener


@pytest.mark.parametrize(
    ("reply", "error", "message"),
    [
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p/>",
            DataError, "text/html found, application/sparql-results", id="a page instead of results",
        ),
        pytest.param(
            b"HTTP/1.1 503 Busy\r\nContent-Length: 5\r\n\r\nlater",
            DataError, "HTTP 503: later", id="a busy endpoint",
        ),
        pytest.param(
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
            DataError, "HTTP 302", id="a redirect is not followed",
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\n", TimeLimitError, "time limit", id="an answer that never comes"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: 9\r\n\r\n{",
            TimeLimitError, "time limit", id="an answer that never ends",
        ),
    ],
)  # fmt: skip
def test_an_endpoint_that_misbehaves_is_named(reply: bytes, error: type[Exception], message: str) -> None:
    url, thread, listener = _answering(reply)
    try:
        with eventkg.open(url, timeout_s=2) as remote, pytest.raises(error, match=message):
            remote.query("ASK {}")
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
