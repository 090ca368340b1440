"""Clients that others wrote work against it."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, TURTLE, XML, SPARQLWrapper
from tests.kg.endpoints import virtuoso
from tests.serve.stores import TOKEN

if TYPE_CHECKING:
    from pathlib import Path

    from tests.serve.stores import Endpoint

pytestmark = pytest.mark.slow
A_STRIKE = "?e a <https://w3id.org/eventkg/ontology#AirStrike>"
STRIKES = "SELECT ?e { ?e a ekg:AirStrike }"


@pytest.mark.parametrize("form", [JSON, XML, CSV])
@pytest.mark.parametrize("direct", [False, True])
def test_sparqlwrapper_asks(form: str, direct: bool, server: str) -> None:
    client = SPARQLWrapper(f"{server}/sparql", returnFormat=form)
    client.setQuery(STRIKES)
    if direct:
        client.setMethod(POST)
        client.setRequestMethod(POSTDIRECTLY)
    found: Any = client.query().convert()
    text = found.decode() if isinstance(found, bytes) else found if isinstance(found, dict) else found.toxml()
    assert "2017-01-22-al-bab-strike" in str(text)


def test_sparqlwrapper_builds_a_graph_and_updates(server: str, plain: Endpoint) -> None:
    client = SPARQLWrapper(f"{server}/sparql", returnFormat=TURTLE)
    client.setQuery("CONSTRUCT { ?e a ekg:AirStrike } WHERE { ?e a ekg:AirStrike }")
    turtle: Any = client.query().convert()
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    assert len(graph) > 2
    writer = SPARQLWrapper(f"{plain.address}/update")
    writer.setMethod(POST)
    writer.addCustomHttpHeader("Authorization", f"Bearer {TOKEN}")
    writer.setQuery("INSERT DATA { <urn:w> <urn:w> 1 }")
    writer.query()
    assert plain.ask("ASK { <urn:w> <urn:w> 1 }")


def test_rdflib_reads_through_its_store(server: str) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{server}/sparql"))
    ekg = rdflib.Namespace("https://w3id.org/eventkg/ontology#")
    strikes = set(graph.subjects(rdflib.RDF.type, ekg.AirStrike))
    assert len(strikes) >= 3


def test_rdflib_writes_through_its_store(plain: Endpoint) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    store = SPARQLUpdateStore(f"{plain.address}/sparql", f"{plain.address}/update", headers=headers)
    graph = rdflib.Graph(store, identifier=rdflib.URIRef("urn:by-rdflib"))
    triple = (rdflib.URIRef("urn:a"), rdflib.URIRef("urn:b"), rdflib.Literal("Аль-Баб", lang="ru"))
    graph.add(triple)
    assert plain.ask('ASK { GRAPH <urn:by-rdflib> { <urn:a> <urn:b> "Аль-Баб"@ru } }')
    assert set(graph) == {triple}
    graph.remove(triple)
    assert not plain.ask("ASK { GRAPH <urn:by-rdflib> { ?s ?p ?o } }")


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_asks_and_writes(server: str, plain: Endpoint) -> None:
    def curl(*arguments: str) -> str:
        done = subprocess.run(
            ["curl", "-sS", "-f", *arguments], capture_output=True, text=True, timeout=60, check=True
        )
        return done.stdout

    asked = curl(
        "--compressed",
        "-G",
        f"{server}/sparql",
        "-H",
        "Accept: text/csv",
        "--data-urlencode",
        f"query={STRIKES}",
    )
    assert "al-bab-strike" in asked
    bearer = ("-H", f"Authorization: Bearer {TOKEN}")
    curl(*bearer, f"{plain.address}/update", "--data-urlencode", "update=INSERT DATA { <urn:c> <urn:c> 1 }")
    put = ("-X", "PUT", "-H", "Content-Type: text/turtle", "--data", "<urn:c> <urn:d> 2 .")
    curl(*bearer, *put, f"{plain.address}/store?graph=urn:curl")
    assert plain.ask("ASK { <urn:c> <urn:c> 1 GRAPH <urn:curl> { <urn:c> <urn:d> 2 } }")


def test_oxigraphs_own_service_client_asks(server: str) -> None:
    rows: Any = ox.Store().query(f"SELECT ?e {{ SERVICE <{server}/sparql> {{ {A_STRIKE} }} }}")
    assert any("2017-01-22-al-bab-strike" in row["e"].value for row in rows)
    assert not ox.Store().query(f"ASK {{ SERVICE SILENT <{server}/sparql> {{ ?s <urn:none> ?o }} }}")


@pytest.mark.skipif(shutil.which("virtuoso-t") is None, reason="Virtuoso is not installed")
def test_virtuosos_own_service_client_asks(server: str, tmp_path: Path) -> None:
    nquads = tmp_path / "nothing.nq"
    nquads.write_text("<urn:a> <urn:b> <urn:c> <urn:g> .\n", encoding="utf-8")
    with virtuoso(nquads, tmp_path) as url:
        query = f"SELECT ?e {{ SERVICE <{server}/sparql> {{ {A_STRIKE} }} }}"
        answer = httpx.post(url, data={"query": query}, headers={"Accept": "text/csv"}, timeout=120)
    assert answer.status_code == 200, answer.text
    assert "2017-01-22-al-bab-strike" in answer.text
