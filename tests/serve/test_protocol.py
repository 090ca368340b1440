"""The SPARQL 1.1 Protocol's query operation, whichever way a query comes, and what is refused."""

from __future__ import annotations

import http.client
import json
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
import pytest

from eventkg.model.naming import VIEW
from eventkg.serve.protocol import MAX_BODY

ASK = "ASK { ?strike a ekg:AirStrike }"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"


def raw(address: str, method: str, target: str, body: bytes = b"", **headers: str) -> tuple[int, bytes]:
    """A request that no client library tidies up."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/sparql", "/query"])
@pytest.mark.parametrize(
    ("method", "content_type", "body", "target"),
    [
        ("GET", "", b"", f"?query={quote(ASK)}"),
        ("GET", "", b"", f"?query={quote(ASK).replace('%20', '+')}"),
        ("POST", FORM, urlencode({"query": ASK}).encode(), ""),
        ("POST", f"{FORM}; charset=UTF-8", urlencode({"query": ASK}).encode(), ""),
        ("POST", FORM.upper(), urlencode({"query": ASK}).encode(), ""),
        ("POST", QUERY, ASK.encode(), ""),
        ("POST", f"{QUERY};charset=utf-8", ASK.encode(), ""),
        ("POST", QUERY, f"{ASK} # Аль-Баб".encode(), ""),
        ("POST", QUERY, ASK.encode(), "?default-graph-uri=https%3A%2F%2Fw3id.org%2Feventkg%2Fview%2Fdefault"),
    ],
)
def test_a_query_is_answered_whichever_way_it_comes(
    path: str, method: str, content_type: str, body: bytes, target: str, server: str
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    status, answer = raw(server, method, path + target, body, **headers)
    assert (status, json.loads(answer)["boolean"]) == (200, True)


@pytest.mark.parametrize(
    ("method", "content_type", "body", "target", "status", "detail"),
    [
        ("GET", "", b"", "", 400, "0 parameters found, exactly 1 expected"),
        ("GET", "", b"", "?query=", 400, "nothing found, a SPARQL query expected"),
        ("GET", "", b"", f"?query={quote(ASK)}&query={quote(ASK)}", 400, "2 parameters found"),
        ("GET", "", b"", f"?query={quote(ASK)}&format=yaml", 400, "'yaml' found, one of json, xml"),
        ("GET", "", b"", f"?query={quote(ASK)}%ZZ", 400, "'%ZZ' found, % and two hex digits expected"),
        ("GET", "", b"", f"?query={quote(ASK)}%", 400, "'%' found"),
        ("GET", "", b"", "?query=%FF", 400, "percent-encoded UTF-8"),
        ("GET", "", b"", "?query=%ED%A0%80", 400, "percent-encoded UTF-8"),
        ("GET", "", b"", f"?{'a=b&' * 200}", 400, "the URL"),
        ("GET", "", b"", "?update=CLEAR%20ALL", 403, "read-only"),
        ("POST", FORM, urlencode({"query": ASK}).encode(), f"?query={quote(ASK)}", 400, "2 parameters found"),
        ("POST", QUERY, ASK.encode(), f"?query={quote(ASK)}", 400, "2 parameters found"),
        ("POST", FORM, b"", "", 400, "0 parameters found"),
        ("POST", FORM, b"query=%FF", "", 400, "the form"),
        ("POST", FORM, b"query=\xff", "", 400, "the form"),
        ("POST", QUERY, b"ASK { } # \xff", "", 400, "byte 10 is not UTF-8"),
        ("POST", QUERY, b"", "", 400, "nothing found"),
        ("POST", FORM, b"update=CLEAR+ALL", "", 403, "read-only"),
        ("POST", "application/sparql-update", b"CLEAR ALL", "", 403, "read-only"),
        ("POST", QUERY, b"CLEAR ALL", "", 400, "line 1, column"),
        ("POST", "text/plain", ASK.encode(), "", 415, "text/plain found"),
        ("POST", "", ASK.encode(), "", 415, "(none) found"),
        ("POST", QUERY, b"#" * (MAX_BODY + 1), "", 413, "4,194,304 bytes"),
        ("POST", QUERY, b"#" * 1_000_001, "", 400, "1,000,001 characters found"),
        ("PUT", QUERY, ASK.encode(), "", 405, "Method Not Allowed"),
        ("DELETE", "", b"", "", 405, "Method Not Allowed"),
        ("GET", "", b"", f"?query={quote('ASK { SERVICE <http://x/> { } }')}", 400, "not allowed"),
        ("GET", "", b"", f"?query={'(' * 300}", 400, "nested brackets"),
        ("GET", "", b"", f"?query={quote(ASK)}&default-graph-uri=not%20an%20IRI", 400, ""),
        ("GET", "", b"", f"?query={quote(ASK)}&default-graph-uri={VIEW}other", 400, "view"),
    ],
)  # fmt: skip
def test_a_wrong_request_is_a_problem_that_says_what_is_wrong(
    method: str, content_type: str, body: bytes, target: str, status: int, detail: str, server: str
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    found, answer = raw(server, method, f"/sparql{target}", body, **headers)
    problem = json.loads(answer)
    assert (found, problem["status"]) == (status, status)
    assert detail in problem["detail"]
    assert "\n" not in problem["detail"]


def test_bytes_that_are_no_ascii_in_the_address_end_nothing(server: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(server).netloc, timeout=30)
    connection.putrequest("GET", "/sparql?query=ASK{}")
    connection._buffer[0] = b"GET /sparql?query=\xff\xfe HTTP/1.1"  # type: ignore[attr-defined]
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()
    assert httpx.get(f"{server}/healthz").json() == {"status": "ok"}


def test_a_syntax_error_has_line_and_column(server: str) -> None:
    answer = httpx.get(f"{server}/sparql", params={"query": "SELECT *\n{ ?s ?p ?o . ) }"})
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert problem["line"] == 2
    assert problem["column"] > 10
    assert f"line {problem['line']}, column {problem['column']}" in problem["detail"]


@pytest.mark.parametrize(
    ("parameters", "graphs"),
    [
        ({}, {"codes", "derived", "ontology", "seed"}),
        ({"default-graph-uri": f"{VIEW}default"}, {"codes", "derived", "ontology", "seed"}),
        ({"named-graph-uri": "https://w3id.org/eventkg/graph/seed"}, {"seed"}),
        ({"default-graph-uri": "https://w3id.org/eventkg/graph/seed"}, set()),
    ],
)  # fmt: skip
def test_the_dataset_is_chosen_in_the_request(
    parameters: dict[str, str], graphs: set[str], server: str
) -> None:
    query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    rows = httpx.get(f"{server}/sparql", params={"query": query, **parameters}).json()["results"]["bindings"]
    assert {row["g"]["value"].rpartition("/")[2] for row in rows} == graphs


def test_openapi_is_valid_and_lists_the_endpoint(server: str) -> None:
    document = httpx.get(f"{server}/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {"get", "post"} <= set(document["paths"]["/sparql"])
    assert {"/healthz", "/readyz"} <= set(document["paths"])
    operations: list[dict[str, Any]] = [one for path in document["paths"].values() for one in path.values()]
    assert all(operation["summary"] and operation["responses"] for operation in operations)
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("path", "status"), [("/healthz", "ok"), ("/readyz", "ready")])
def test_health_is_told(path: str, status: str, server: str) -> None:
    answer = httpx.get(server + path)
    assert (answer.status_code, answer.json()) == (200, {"status": status})
