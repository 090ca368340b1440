"""The Graph Store Protocol: graphs as resources, whole or not at all."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
import rdflib

if TYPE_CHECKING:
    from tests.serve.stores import Endpoint

pytestmark = pytest.mark.slow
GRAPH = "http://example.org/graph"
TURTLE = "@prefix : <http://example.org/> . :s :p 1 , 2 ; :q [ :r 3 ] ."
MORE = "<http://example.org/s> <http://example.org/p> 9 ."
BOUNDARY = "----eventkg"
FORM = "".join(
    f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n"
    f"Content-Type: {kind}\r\n\r\n{content}\r\n"
    for name, kind, content in (
        ("one.ttl", "text/turtle", "<urn:a> <urn:b> 1 ."),
        ("two.nt", "application/octet-stream", "<urn:a> <urn:b> <urn:c> ."),
    )
) + f"--{BOUNDARY}--\r\n"  # fmt: skip


def store(endpoint: Endpoint, method: str, body: str | bytes = b"", kind: str = "", **parameters: str) -> int:
    headers = {"Content-Type": kind} if kind else {}
    answer = endpoint.client.request(method, "/store", params=parameters, content=body, headers=headers)
    assert answer.status_code < 500, answer.text
    return answer.status_code


def read(endpoint: Endpoint, address: str = "/store", **parameters: str) -> rdflib.Graph:
    answer = endpoint.client.get(address, params=parameters, headers={"Accept": "application/n-triples"})
    assert answer.status_code == 200, answer.text
    return rdflib.Graph().parse(data=answer.content, format="nt")


@pytest.mark.parametrize("which", ["plain", "union"])
def test_a_graph_is_put_read_added_to_and_removed(which: str, request: pytest.FixtureRequest) -> None:
    endpoint: Endpoint = request.getfixturevalue(which)
    at = {"graph": f"{GRAPH}/{which}"}
    assert store(endpoint, "GET", **at) == store(endpoint, "HEAD", **at) == 404
    assert store(endpoint, "DELETE", **at) == 404
    assert store(endpoint, "PUT", TURTLE, "text/turtle", **at) == 201
    assert len(read(endpoint, **at)) == 4
    assert store(endpoint, "HEAD", **at) == 200
    assert store(endpoint, "PUT", TURTLE, "text/turtle; charset=utf-8", **at) == 204
    assert len(read(endpoint, **at)) == 4
    assert store(endpoint, "POST", MORE, "text/turtle", **at) == 204
    assert len(read(endpoint, **at)) == 5
    assert store(endpoint, "PUT", MORE, "text/turtle", **at) == 204
    assert len(read(endpoint, **at)) == 1
    assert store(endpoint, "POST", FORM, f"multipart/form-data; boundary={BOUNDARY}", **at) == 204
    assert len(read(endpoint, **at)) == 3
    assert store(endpoint, "DELETE", **at) == 204
    assert store(endpoint, "GET", **at) == 404


@pytest.mark.parametrize(
    ("method", "body", "kind", "parameters", "status"),
    [
        ("PUT", TURTLE, "application/rdf+xml", {"graph": GRAPH}, 400),
        ("PUT", TURTLE, "", {"graph": GRAPH}, 400),
        ("PUT", TURTLE, "text/html", {"graph": GRAPH}, 400),
        ("PUT", "<urn:a> <urn:b> ", "text/turtle", {"graph": GRAPH}, 400),
        ("PUT", TURTLE, "text/turtle", {"graph": "not an IRI"}, 400),
        ("PUT", TURTLE, "text/turtle", {"graph": "relative"}, 400),
        ("PUT", TURTLE, "text/turtle", {"graph": GRAPH, "default": ""}, 400),
        ("PUT", TURTLE, "text/turtle", {}, 400),
        ("DELETE", "", "", {}, 400),
        ("POST", "--x", "multipart/form-data; boundary=y", {"graph": GRAPH}, 400),
        ("PUT", "<urn:a> <urn:b> " + "[ <urn:b> " * 200_000, "text/turtle", {"graph": GRAPH}, 400),
        ("PUT", b"<urn:a> <urn:b> \"\xff\" .", "text/turtle", {"graph": GRAPH}, 400),
        ("PUT", '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">' + "".join(
            f'<!ENTITY {x} "{f"&{y};" * 10}">' for x, y in zip("bcdefghij", "abcdefghi", strict=True)) +
            "]><r>&j;</r>", "application/rdf+xml", {"graph": GRAPH}, 400),
        ("PUT", '{"@context": "http://127.0.0.1:9/c", "@id": "urn:a", "b": "c"}', "application/ld+json",
         {"graph": GRAPH}, 400),
        ("PATCH", "", "", {"graph": GRAPH}, 405),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_leaves_nothing(
    method: str, body: str | bytes, kind: str, parameters: dict[str, str], status: int, plain: Endpoint
) -> None:
    assert store(plain, method, body, kind, **parameters) == status
    assert store(plain, "GET", graph=GRAPH) == 404


def test_an_empty_graph_is_there_in_a_plain_store(plain: Endpoint) -> None:
    assert store(plain, "PUT", "", "text/turtle", graph=f"{GRAPH}/empty") == 201
    assert len(read(plain, graph=f"{GRAPH}/empty")) == 0


def test_the_default_graph_of_a_plain_store_is_a_graph_like_others(plain: Endpoint) -> None:
    assert store(plain, "PUT", TURTLE, "text/turtle", default="") == 204
    assert len(read(plain, default="")) == 4
    assert store(plain, "POST", MORE, "text/turtle", default="") == 204
    assert plain.ask("ASK { ?s <http://example.org/p> 9 }")
    assert store(plain, "DELETE", default="") == 204
    assert not plain.ask("ASK { ?s ?p ?o }")


def test_the_default_graph_of_ours_is_a_union_that_only_grows(union: Endpoint) -> None:
    assert store(union, "PUT", TURTLE, "text/turtle", default="") == 409
    assert store(union, "DELETE", default="") == 409
    assert store(union, "POST", MORE, "text/turtle", default="") in {201, 204}
    assert union.ask("ASK { GRAPH graph:user { ?s <http://example.org/p> 9 } }")
    for graph in ("ontology", "codes", "derived"):
        at = {"graph": f"https://w3id.org/eventkg/graph/{graph}"}
        assert store(union, "PUT", MORE, "text/turtle", **at) == store(union, "DELETE", **at) == 409


def test_a_graph_has_the_address_of_its_resource(plain: Endpoint) -> None:
    kind = {"Content-Type": "text/turtle"}
    assert plain.client.put("/store/person/1", content="<> <name> 1 .", headers=kind).status_code == 201
    (triple,) = read(plain, "/store/person/1")
    assert str(triple[0]) == f"{plain.address}/store/person/1"
    made = plain.client.post("/store", content=MORE, headers=kind)
    assert made.status_code == 201
    assert len(read(plain, made.headers["location"])) == 1
    assert plain.client.delete(made.headers["location"]).status_code == 204
    assert plain.client.delete("/store/person/1").status_code == 204


def test_a_data_set_goes_in_and_out_with_its_graphs(plain: Endpoint) -> None:
    quads = b"<urn:a> <urn:b> <urn:c> <urn:one> .\n<urn:a> <urn:b> <urn:c> .\n"
    assert store(plain, "POST", quads, "application/n-quads") == 204
    for accept in ("application/n-quads", "application/trig"):
        answer = plain.client.get("/store", headers={"Accept": accept})
        assert answer.headers["content-type"].startswith(accept)
        assert "urn:one" in answer.text
    assert (
        plain.client.get("/store", headers={"Accept": "application/n-quads"}).content.count(
            b"<urn:b> <urn:c>"
        )
        == 2
    )
    plain.done("DROP GRAPH <urn:one> ; CLEAR DEFAULT")


def test_a_packed_graph_is_unpacked_where_it_can_do_no_harm(plain: Endpoint) -> None:
    headers = {"Content-Type": "text/turtle", "Content-Encoding": "gzip"}
    at = {"graph": f"{GRAPH}/packed"}
    answer = plain.client.put("/store", params=at, content=gzip.compress(TURTLE.encode()), headers=headers)
    assert answer.status_code == 201
    assert len(read(plain, **at)) == 4
    broken = plain.client.put("/store", params=at, content=b"no gzip at all", headers=headers)
    assert broken.status_code == 400
    assert len(read(plain, **at)) == 4
    headers["Content-Encoding"] = "br"
    assert plain.client.put("/store", params=at, content=b"", headers=headers).status_code == 415
    assert store(plain, "DELETE", **at) == 204
