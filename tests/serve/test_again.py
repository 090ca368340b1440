"""An answer given from memory is the same as the one before it, and nothing is lost by it."""

from __future__ import annotations

import re
import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, urlsplit

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUERY = quote("SELECT ?e { ?e a ekg:AirStrike }")
GET = f"GET /sparql?query={QUERY} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n"
_CHANGING = re.compile(rb"(date|x-request-id): [^\r]*\r\n")


class Connection:
    """A connection on which answers are read by their length."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.socket = socket.create_connection((str(parts.hostname), parts.port or 80), timeout=60)
        self._stream = self.socket.makefile("rb")

    def answer(self) -> bytes:
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self._stream.readline()
            assert line, "the connection was closed"
            head += line
        length = re.search(rb"content-length: (\d+)", head)
        assert length
        return head + self._stream.read(int(length[1]))

    def ask(self, text: str) -> bytes:
        self.socket.sendall(text.encode())
        return self.answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
        self.socket.close()

    def closed(self) -> bool:
        """Soon, and not only when the server has waited long enough for another request."""
        self.socket.settimeout(5)
        return self._stream.read(1) == b""


@pytest.fixture
def connect(server: str) -> Iterator[Callable[[], Connection]]:
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Connection(server))


def hits(server: str) -> float:
    text = httpx.get(f"{server}/metrics", timeout=60).text
    return float(text.partition("\neventkg_cache_hits ")[2].partition("\n")[0])


def lines(answer: bytes) -> list[bytes]:
    return sorted(_CHANGING.sub(b"", answer).split(b"\r\n"))


def asked(server: str) -> float:
    found = re.search(
        r'eventkg_requests_total\{method="GET",route="/sparql",status="200"\} (\S+)',
        httpx.get(f"{server}/metrics", timeout=60).text,
    )
    return float(found[1]) if found else 0.0


def test_the_second_answer_is_the_first_with_a_number_and_a_date_of_its_own(
    server: str, connect: Callable[[], Connection]
) -> None:
    one = connect()
    text = f"{GET}User-Agent: second\r\n\r\n"
    first, before, count = one.ask(text), hits(server), asked(server)
    second = one.ask(text)
    assert hits(server) == before + 1
    assert asked(server) == count + 1
    assert sorted(_CHANGING.sub(b"", first).split(b"\r\n")) == sorted(
        _CHANGING.sub(b"", second).split(b"\r\n")
    )
    for name in (
        b"etag",
        b"content-security-policy",
        b"x-content-type-options",
        b"vary",
        b"eventkg-view",
        b"date",
    ):
        assert second.lower().count(b"\r\n%b: " % name) == 1
    numbers = {re.search(rb"x-request-id: (\S+)", answer)[1] for answer in (first, second)}  # type: ignore[index]
    assert len(numbers) == 2


def test_a_number_that_the_client_gave_comes_back_each_time(connect: Callable[[], Connection]) -> None:
    one = connect()
    for _ in range(3):
        assert b"x-request-id: mine-7\r\n" in one.ask(f"{GET}X-Request-Id: mine-7\r\n\r\n")


@pytest.mark.parametrize(
    "more",
    [
        "Connection: close\r\n",
        "If-None-Match: {tag}\r\n",
        "Accept-Encoding: gzip\r\n",
        "Accept: text/html\r\n",
    ],
)
def test_every_header_counts(more: str, connect: Callable[[], Connection]) -> None:
    one = connect()
    plain = one.ask(f"{GET}\r\n")
    tag = re.search(rb"etag: ([^\r]+)", plain)
    assert tag
    text = f"{GET}{more.format(tag=tag[1].decode())}\r\n"
    statuses = []
    for _ in range(3):
        two = connect()
        two.socket.sendall(text.encode())
        if "None-Match" in more:
            statuses.append(two.socket.recv(4096).split(b" ")[1])
            continue
        statuses.append(two.answer().split(b" ")[1])
        if "close" in more:
            assert two.closed()
    assert statuses == [b"304" if "None-Match" in more else b"200"] * 3


def test_requests_in_one_piece_or_in_many_are_all_answered(connect: Callable[[], Connection]) -> None:
    one, text = connect(), f"{GET}User-Agent: pieces\r\n\r\n"
    wanted = _CHANGING.sub(b"", one.ask(text)).partition(b"\r\n\r\n")[2]
    one.socket.sendall((text * 5).encode())
    bodies = [one.answer().partition(b"\r\n\r\n")[2] for _ in range(5)]
    for size in (1, 7, len(text) - 1):
        for start in range(0, len(text), size):
            one.socket.sendall(text[start : start + size].encode())
        bodies.append(one.answer().partition(b"\r\n\r\n")[2])
    assert bodies == [wanted] * 8


def test_a_body_that_looks_like_a_request_is_a_body(connect: Callable[[], Connection]) -> None:
    one, text = connect(), f"{GET}User-Agent: body\r\n\r\n"
    one.ask(text)
    head = (
        "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
        f"Content-Length: {len(text)}\r\n\r\n"
    )
    one.socket.sendall(head.encode())
    one.socket.sendall(text.encode())
    assert one.answer().split(b" ")[1] == b"400"
    assert one.ask(text).split(b" ")[1] == b"200"
