"""Nothing that a client sends makes the service ask anybody else: a listener hears nothing."""

from __future__ import annotations

import select
import socket
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.serve.stores import Endpoint

pytestmark = pytest.mark.slow


@pytest.fixture
def canary() -> Iterator[tuple[socket.socket, str]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener, f"http://127.0.0.1:{listener.getsockname()[1]}/x"


@pytest.mark.parametrize("which", ["plain", "union"])
@pytest.mark.parametrize(
    "text",
    [
        "LOAD <{}>",
        "LOAD SILENT <{}> INTO GRAPH <urn:g>",
        "L\\u004fAD <{}>",
        "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{}> {{ ?s ?p ?o }} }}",
        "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE SILENT <{}> {{ ?s ?p ?o }} }}",
        "PREFIX x: <{}> INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE x: {{ ?s ?p ?o }} }}",
        "INSERT DATA {{ <urn:a> <urn:b> 1 }} ; LOAD <{}>",
    ],
)
def test_an_update_fetches_nothing(
    text: str, which: str, canary: tuple[socket.socket, str], request: pytest.FixtureRequest
) -> None:
    endpoint: Endpoint = request.getfixturevalue(which)
    listener, address = canary
    assert endpoint.update(text.format(address)).status_code == 400
    assert not select.select([listener], [], [], 0)[0]


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/ld+json", '{{"@context": "{}", "@id": "urn:a", "p": 1}}'),
        ("application/rdf+xml", '<!DOCTYPE r [<!ENTITY x SYSTEM "{}">]><r>&x;</r>'),
        ("application/rdf+xml", '<!DOCTYPE r SYSTEM "{}"><r/>'),
        ("text/turtle", "@import <{}> ."),
    ],
)
@pytest.mark.parametrize("which", ["plain", "union"])
def test_an_upload_fetches_nothing(
    kind: str, body: str, which: str, canary: tuple[socket.socket, str], request: pytest.FixtureRequest
) -> None:
    endpoint: Endpoint = request.getfixturevalue(which)
    listener, address = canary
    headers = {"Content-Type": kind}
    answer = endpoint.client.put("/store?graph=urn:refused", content=body.format(address), headers=headers)
    assert answer.status_code < 500
    assert not select.select([listener], [], [], 0)[0]


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd", "/static/..%2fapp.py"]
)
def test_nothing_outside_the_static_folder_is_served(path: str, plain: Endpoint) -> None:
    with socket.create_connection(("127.0.0.1", int(plain.address.rpartition(":")[2]))) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        assert connection.recv(100).split(b" ")[1] in {b"400", b"404"}


@pytest.mark.parametrize("text", ["ASK { } # \x00", 'SELECT ("\x01" AS ?x) { }', "ASK {\x0b}"])
def test_control_characters_are_refused(text: str, plain: Endpoint) -> None:
    answer = plain.client.get("/sparql", params={"query": text})
    assert answer.status_code == 400
    assert "control characters" in answer.json()["detail"]
