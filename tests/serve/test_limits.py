"""A query past a limit costs its asker an error and nobody else anything."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import httpx
import pytest
from tests.conftest import serving
from tests.query.processes import children, cpu_s, descendants, memory_mb, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ENDLESS = f"SELECT (COUNT(*) AS ?n) {MANY}"
STREAM = f"SELECT * {MANY}"
GREEDY = f"SELECT * {MANY} ORDER BY ?l"


@pytest.fixture(scope="module")
def limited() -> Iterator[tuple[str, int]]:
    """A server with 2 s and 128 MiB for a query, and its process."""
    before = set(children(os.getpid()))
    with serving("--timeout-s", "2", "--memory-mb", "128") as address:
        (process,) = [
            child
            for child in set(children(os.getpid())) - before
            if b"serve" in Path(f"/proc/{child}/cmdline").read_bytes()
        ]
        yield address, process


@pytest.mark.slow
def test_a_query_past_its_time_is_a_504_while_others_are_answered(limited: tuple[str, int]) -> None:
    address, _ = limited
    answers: list[httpx.Response] = []

    def ask_endlessly() -> None:
        answers.append(httpx.get(f"{address}/sparql", params={"query": ENDLESS}, timeout=30))

    endless = threading.Thread(target=ask_endlessly)
    endless.start()
    others = 0
    while endless.is_alive():
        assert httpx.get(f"{address}/sparql", params={"query": "ASK { }"}).json()["boolean"] is True
        others += 1
    (answer,) = answers
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (504, "application/problem+json")
    assert problem["limit_s"] == 2
    assert 2 <= problem["elapsed_s"] < 8
    assert others > 3


@pytest.mark.slow
def test_a_failure_in_mid_stream_breaks_the_connection_and_appends_nothing(limited: tuple[str, int]) -> None:
    address, _ = limited
    with httpx.stream("GET", f"{address}/sparql", params={"query": STREAM}, timeout=30) as answer:
        assert answer.status_code == 200
        chunks = answer.iter_bytes()
        seen = next(chunks)
        with pytest.raises(httpx.RemoteProtocolError):
            seen = b"".join(deque(chunks, 10))
    assert b"limit" not in seen
    assert not seen.endswith(b"]}}")


@pytest.mark.slow
def test_a_query_past_its_memory_is_a_507(limited: tuple[str, int]) -> None:
    address, _ = limited
    answer = httpx.get(f"{address}/sparql", params={"query": GREEDY}, timeout=30)
    assert (answer.status_code, answer.json()["limit_mb"]) == (507, 128)
    assert httpx.get(f"{address}/readyz").status_code == 200


@pytest.mark.parametrize("query", [ENDLESS, STREAM], ids=["before the first block", "in mid-stream"])
@pytest.mark.slow
def test_a_client_that_hangs_up_frees_its_worker(query: str, limited: tuple[str, int]) -> None:
    address, process = limited
    host, _, port = urlsplit(address).netloc.partition(":")
    before = sum(map(cpu_s, descendants(process)))
    with socket.create_connection((host, int(port)), timeout=20) as client:
        client.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        if query == STREAM:
            assert client.recv(1000)
        else:
            assert wait_until(lambda: sum(map(cpu_s, descendants(process))) > before + 0.1)
        workers = set(descendants(process))
        started = time.monotonic()
    assert wait_until(lambda: not workers <= set(descendants(process)))
    assert time.monotonic() - started < 1.5  # its own deadline is later
    assert httpx.get(f"{address}/readyz").status_code == 200


@pytest.mark.slow
def test_an_endless_answer_on_a_page_is_cut_and_not_kept(limited: tuple[str, int]) -> None:
    address, process = limited
    before = memory_mb(process)
    page = httpx.get(
        f"{address}/sparql", params={"query": STREAM}, headers={"Accept": "text/html"}, timeout=30
    )
    assert page.status_code == 200
    assert "The first" in page.text
    assert "a download has them all" in page.text
    assert memory_mb(process) - before < 100


@pytest.mark.slow
def test_a_hundred_clients_at_once_share_two_workers_without_starving(limited: tuple[str, int]) -> None:
    address, _ = limited
    query = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d a ekg:Policy }"

    async def ask_at_once() -> list[int]:
        async with httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=100)) as client:
            asked = [client.get(f"{address}/sparql", params={"query": query}) for _ in range(100)]
            return [answer.status_code for answer in await asyncio.gather(*asked)]

    assert asyncio.run(ask_at_once()) == [200] * 100


@pytest.mark.slow
def test_nesting_ends_no_more_than_a_worker(limited: tuple[str, int]) -> None:
    address, _ = limited
    query = f"ASK {{ FILTER({'!' * 400_000}true) }}".encode()
    headers = {"Content-Type": "application/sparql-query"}
    answer = httpx.post(f"{address}/sparql", content=query, headers=headers, timeout=30)
    assert answer.status_code == 400
    assert "nested too deeply" in answer.json()["detail"]
    assert httpx.get(f"{address}/readyz").status_code == 200
