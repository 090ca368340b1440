"""SPARQL 1.1 Update: in a plain store as the standard has it, in ours over the union of all graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from eventkg.model.naming import GRAPH, GRAPH_USER, VIEW

if TYPE_CHECKING:
    from tests.serve.stores import Endpoint

pytestmark = pytest.mark.slow
P = "PREFIX : <http://example.org/> "
G1, G2 = "<http://example.org/g1>", "<http://example.org/g2>"
START = """DROP ALL ; INSERT DATA { :s :p 1 . :t :p 2 .
  GRAPH :g1 { :s :p 1 . :u :q :s } GRAPH :g2 { :v :p 3 } }"""
Quads = set[str]
ALL = "SELECT ?s ?p ?o ?g { { ?s ?p ?o BIND('' AS ?g) } UNION { GRAPH ?g { ?s ?p ?o } } }"


def quads(endpoint: Endpoint) -> Quads:
    """`g s p o` with the last part of each name."""
    return {
        " ".join(part.rpartition("/")[2] for part in row) for row in endpoint.rows(ALL)
    }  # variables sorted: g o p s


def expected(*lines: str) -> Quads:
    return {" ".join((g, o, p, s)) for g, s, p, o in (line.split(",") for line in lines)}


TWO_PROLOGUES = """PREFIX a: <http://example.org/> INSERT DATA { a:a a:b 1 } ;
  PREFIX b: <http://example.org/> INSERT DATA { b:b b:b 1 } ;"""
TWO_STEPS = """DELETE { ?x :p ?n } INSERT { ?x :p ?m } WHERE { ?x :p ?n BIND(?n + 10 AS ?m) } ;
  DELETE WHERE { ?x :p 12 }"""
BEFORE = (",s,p,1", ",t,p,2", "g1,s,p,1", "g1,u,q,s", "g2,v,p,3")


@pytest.mark.parametrize(
    ("update", "after"),
    [
        ("INSERT DATA { :n :p 4 , 5 ; :q :s . }", [*BEFORE, ",n,p,4", ",n,p,5", ",n,q,s"]),
        ("INSERT DATA { GRAPH :g3 { :n :p 4 } }", [*BEFORE, "g3,n,p,4"]),
        ("DELETE DATA { :s :p 1 }", [q for q in BEFORE if q != ",s,p,1"]),
        ("DELETE DATA { GRAPH :g1 { :s :p 1 } :t :p 2 . }", [",s,p,1", "g1,u,q,s", "g2,v,p,3"]),
        ("DELETE WHERE { ?s :p ?o }", BEFORE[2:]),
        ("DELETE WHERE { GRAPH ?g { ?s :p ?o } }", [",s,p,1", ",t,p,2", "g1,u,q,s"]),
        ("DELETE { ?s :p ?o } INSERT { ?s :r ?o } WHERE { ?s :p ?o }",
         [",s,r,1", ",t,r,2", *BEFORE[2:]]),
        ("WITH :g1 DELETE { ?s :p ?o } INSERT { ?s :r ?o } WHERE { ?s :p ?o }",
         [",s,p,1", ",t,p,2", "g1,s,r,1", "g1,u,q,s", "g2,v,p,3"]),
        ("INSERT { ?s :r ?o } USING :g2 WHERE { ?s :p ?o }", [*BEFORE, ",v,r,3"]),
        ("INSERT { ?s :r ?o } USING NAMED :g2 WHERE { GRAPH ?g { ?s :p ?o } }", [*BEFORE, ",v,r,3"]),
        ("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?o > 1) }", [q for q in BEFORE if q != ",t,p,2"]),
        ("INSERT { GRAPH ?g { ?s :r ?o } } WHERE { GRAPH ?g { ?s :p ?o } }",
         [*BEFORE, "g1,s,r,1", "g2,v,r,3"]),
        ("CLEAR DEFAULT", BEFORE[2:]),
        ("CLEAR NAMED", BEFORE[:2]),
        ("CLEAR ALL", []),
        ("CLEAR GRAPH :g1", [*BEFORE[:2], BEFORE[4]]),
        ("DROP GRAPH :g2 ; DROP SILENT GRAPH :none", BEFORE[:4]),
        ("CREATE GRAPH :new", BEFORE),
        ("CREATE SILENT GRAPH :g1", BEFORE),
        ("ADD :g1 TO :g2", [*BEFORE, "g2,s,p,1", "g2,u,q,s"]),
        ("COPY :g1 TO :g2", [*BEFORE[:4], "g2,s,p,1", "g2,u,q,s"]),
        ("MOVE GRAPH :g1 TO :g2", [*BEFORE[:2], "g2,s,p,1", "g2,u,q,s"]),
        ("COPY DEFAULT TO :g1", [*BEFORE[:2], "g1,s,p,1", "g1,t,p,2", "g2,v,p,3"]),
        ("ADD :g2 TO DEFAULT", [*BEFORE, ",v,p,3"]),
        (TWO_PROLOGUES, [*BEFORE, ",a,b,1", ",b,b,1"]),
        ("DELETE { :s :p 1 } INSERT { :s :p 1 } WHERE { }", BEFORE),
        ("# nothing but a comment", BEFORE),
        (TWO_STEPS, [",s,p,11", *BEFORE[2:]]),
    ],
)  # fmt: skip
def test_a_plain_store_does_what_the_standard_says(update: str, after: list[str], plain: Endpoint) -> None:
    plain.done(P + START)
    plain.done(P + update)
    assert quads(plain) == expected(*after)


@pytest.mark.parametrize(
    ("update", "status", "detail"),
    [
        ("INSERT DATA { :s :p }", 400, "line 1, column"),
        ("INSERT DATA { ?s :p 1 }", 400, "update"),
        ("INSERT DATA { _:b :p 1 } ; INSERT DATA { _:b :p 1 }", 400, "update"),
        ("DELETE DATA { _:b :p 1 }", 400, "update"),
        ("DELETE WHERE { _:b :p 1 }", 400, "update"),
        ("INSERT { :s :p 9 } WHERE { ?s ?p ?o", 400, "line 1"),
        ("CREATE GRAPH :g1", 400, "exist"),
        ("DROP GRAPH :none", 400, "not exist"),
        ("INSERT DATA { :s :p 9 } ; DROP GRAPH :none", 400, "not exist"),
        ("LOAD <http://127.0.0.1/x.ttl>", 400, "not allowed"),
        ("INSERT { ?a ?b ?c } WHERE { SERVICE <http://127.0.0.1:1/> { ?a ?b ?c } }", 400, "not allowed"),
        ("SELECT * { ?s ?p ?o }", 400, "update"),
    ],
)
def test_an_update_that_fails_leaves_nothing(update: str, status: int, detail: str, plain: Endpoint) -> None:
    plain.done(P + START)
    answer = plain.update(P + update)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert detail in answer.json()["detail"]
    assert quads(plain) == expected(*BEFORE)


@pytest.mark.parametrize(
    ("parameters", "copied"),
    [
        ({"using-graph-uri": "http://example.org/g1"}, {"1", "s"}),
        ({"using-graph-uri": ["http://example.org/g1", "http://example.org/g2"]}, {"1", "s", "3"}),
        ({"using-named-graph-uri": "http://example.org/g2"}, set()),
    ],
)
def test_the_request_names_the_graphs_that_an_update_sees(
    parameters: dict[str, str], copied: set[str], plain: Endpoint
) -> None:
    plain.done(P + START)
    plain.done(P + "INSERT { GRAPH :copy { ?s ?p ?o } } WHERE { ?s ?p ?o }", **parameters)
    found = plain.rows("SELECT ?o { GRAPH <http://example.org/copy> { ?s ?p ?o } }")
    assert {o.rpartition("/")[2] for (o,) in found} == copied
    conflict = plain.update(P + "INSERT { :x :y :z } USING :g1 WHERE { }", **parameters)
    assert conflict.status_code == 400


def test_a_relative_iri_is_relative_to_the_endpoint(plain: Endpoint) -> None:
    plain.done("CLEAR ALL ; INSERT DATA { <http://example.org/s> <http://example.org/p> <test> }")
    address = plain.address.removesuffix("/")
    assert plain.rows("SELECT ?o { ?s ?p ?o }") == [(f"{address}/test",)]


def test_blank_nodes_stay_what_they_are_in_a_plain_store_and_get_names_in_ours(
    plain: Endpoint, union: Endpoint
) -> None:
    update = P + "INSERT DATA { :bearer :has [ :p 1 ] }"
    for endpoint, blank in ((plain, True), (union, False)):
        endpoint.done(update)
        assert endpoint.ask(P + "ASK { :bearer :has ?it . ?it :p 1 FILTER(isBlank(?it)) }") is blank
        endpoint.done(P + "DELETE WHERE { :bearer :has ?it . ?it :p 1 }")


@pytest.mark.parametrize(
    ("update", "after"),
    [
        ("INSERT DATA { :n :p 4 }", [*BEFORE[2:], "user,s,p,1", "user,t,p,2", "user,n,p,4"]),
        ("DELETE DATA { :s :p 1 }", ["g1,u,q,s", "g2,v,p,3", "user,t,p,2"]),
        ("DELETE WHERE { ?s :p ?o }", ["g1,u,q,s"]),
        ("DELETE { ?s :p ?o } INSERT { ?s :r ?o } WHERE { ?s :p ?o . FILTER(?o = 3) }",
         [*BEFORE[2:4], "user,s,p,1", "user,t,p,2", "user,v,r,3"]),
        ("WITH :g1 DELETE { ?s :p ?o } WHERE { ?s :p ?o }", [*BEFORE[3:], "user,s,p,1", "user,t,p,2"]),
        ("DELETE { GRAPH :g1 { ?s :p ?o } } WHERE { ?s :p ?o }", [*BEFORE[3:], "user,s,p,1", "user,t,p,2"]),
        ("MOVE :g1 TO DEFAULT", [BEFORE[4], "user,s,p,1", "user,u,q,s"]),
        ("CLEAR DEFAULT", []),
    ],
)  # fmt: skip
def test_over_the_union_a_deletion_reaches_every_writable_graph(
    update: str, after: list[str], union: Endpoint
) -> None:
    union.done(P + START)
    union.done(P + update)
    ours = "graph:ontology, graph:codes, graph:derived"
    rows = union.rows(f"SELECT * {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g NOT IN ({ours})) }}")
    assert {" ".join(part.rpartition("/")[2] for part in row) for row in rows} == expected(*after)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { GRAPH graph:derived { :s :p 9 } }",
        f"INSERT DATA {{ GRAPH <{GRAPH}ontology> {{ :s :p 9 }} }}",
        f"BASE <{GRAPH}> INSERT DATA {{ GRAPH <codes> {{ :s :p 9 }} }}",
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "WITH graph:derived DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "DELETE WHERE { GRAPH graph:ontology { ?s ?p ?o } }",
        "CLEAR GRAPH graph:ontology",
        "MOVE graph:codes TO :g1",
        "COPY :g1 TO graph:derived",
        f"INSERT DATA {{ GRAPH <{VIEW}all> {{ :s :p 9 }} }}",
        "COPY DEFAULT TO :g1",
    ],
)  # fmt: skip
def test_what_eventkg_writes_nobody_else_does(update: str, union: Endpoint) -> None:
    union.done(P + "INSERT DATA { GRAPH :g1 { :s :p 1 } }")
    before = union.rows("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    answer = union.update(P + "INSERT DATA { :first :p 1 } ; " + update)
    assert (answer.status_code, answer.json()["title"]) == (409, "Conflict"), answer.text
    assert union.rows("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g") == before


def test_facts_follow_from_claims_that_an_update_brings_and_go_with_them(union: Endpoint) -> None:
    union.done("""INSERT DATA {
      event:test-strike a ekg:ReportedEvent .
      proposition:test-by a ekg:Proposition ; ekg:about event:test-strike ;
        ekg:predicate ekg:performedBy ; ekg:object actor:russia .
      proposition:test-kind a ekg:Proposition ; ekg:about event:test-strike ;
        ekg:predicate rdf:type ; ekg:object ekg:AirStrike .
      claim:test a ekg:Claim ; ekg:claimant actor:interfax ; ekg:stance ekg:Asserts ;
        ekg:rootStatus ekg:Stated ; ekg:proposition proposition:test-by, proposition:test-kind . }""")
    fact = "ASK { event:test-strike a ekg:AirStrike ; ekg:performedBy actor:russia }"
    assert union.ask(fact)
    union.done("""INSERT DATA {
      claim:test-no a ekg:Claim ; ekg:claimant actor:russia ; ekg:stance ekg:Denies ;
        ekg:proposition proposition:test-by }""")
    assert not union.ask(fact)
    union.done("DELETE WHERE { claim:test-no ?p ?o }")
    assert union.ask(fact)
    union.done("DELETE WHERE { claim:test ?p ?o }")
    assert not union.ask(fact)
    assert union.rows(f"SELECT ?s {{ GRAPH <{GRAPH_USER}> {{ ?s ekg:stance ?o }} }}") == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"Authorization": "Bearer"}, 401),
        ({"Authorization": "Bearer sesame"}, 401),
        ({"Authorization": "Bearer sesame openn"}, 401),
        ({"Authorization": "Basic c2VzYW1lIG9wZW4="}, 401),
        ({"Authorization": "bearer sesame open"}, 204),
    ],
)
def test_nobody_writes_without_the_token(headers: dict[str, str], status: int, plain: Endpoint) -> None:
    for method, path, body in (
        ("POST", "/sparql", b"INSERT DATA { <a:a> <a:token> 1 }"),
        ("PUT", "/store?graph=urn:token", b"INSERT"),
        ("DELETE", "/store?graph=urn:token", b""),
    ):
        sent = {"Content-Type": "application/sparql-update", **headers}
        answer = httpx.request(method, plain.address + path, content=body, headers=sent, timeout=60)
        if status == 401:
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"].startswith("Bearer")
        else:
            assert answer.status_code in {204, 404, 400}
    assert plain.ask("ASK { ?s <a:token> ?o }") is (status == 204)
    plain.done("DELETE WHERE { ?s <a:token> ?o }")
