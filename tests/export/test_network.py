"""Networks of actors and events, and whether the tools that analysts use can take them."""

from __future__ import annotations

import datetime as dt
import io
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from tests.export.networks import HOSTILE, network, row

from eventkg.errors import UsageError
from eventkg.export.network import query_name
from eventkg.model.naming import EKG, entity

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg import KnowledgeGraph

    Graph = nx.MultiDiGraph[str]

FILES: dict[str, tuple[Callable[[Any, Any], None], Callable[[Any], Any]]] = {
    "gexf": (nx.write_gexf, nx.read_gexf),
    "graphml": (nx.write_graphml, lambda stream: nx.read_graphml(stream, force_multigraph=True)),
}


def written(graph: Graph, form: str) -> io.BytesIO:
    stream = io.BytesIO()
    FILES[form][0](graph, stream)
    stream.seek(0)
    return stream


@pytest.mark.parametrize("form", FILES)
def test_the_bundled_network_comes_back_from_a_file(form: str, kg: KnowledgeGraph) -> None:
    graph = kg.to_networkx()
    read = FILES[form][1](written(graph, form))
    assert set(read) == set(graph)
    assert {n: data["label"] for n, data in read.nodes(data=True)} == nx.get_node_attributes(graph, "label")
    parts = sorted((a, e, data["role"], data["contested"]) for a, e, data in graph.edges(data=True))
    assert sorted((a, e, data["role"], data["contested"]) for a, e, data in read.edges(data=True)) == parts


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("label", HOSTILE)
def test_any_label_can_be_written_and_read_back(label: str, form: str) -> None:
    graph = network(row(actorLabel=HOSTILE[label], eventLabel=HOSTILE[label]))
    stream = written(graph, form)
    ET.fromstring(stream.getvalue())  # noqa: S314  (our own)
    assert set(FILES[form][1](stream)) == {"urn:a", "urn:e"}


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("rows", [[], [row()], [row(), row(actor="urn:b", date=None)]], ids=len)
def test_a_network_of_any_size_can_be_written(rows: list[dict[str, Any]], form: str) -> None:
    graph = network(*rows)
    assert len(FILES[form][1](written(graph, form))) == len(graph)


@pytest.mark.parametrize("form", FILES)
def test_a_date_that_python_knows_is_written_as_text(form: str) -> None:
    graph = network({**row(), "date": dt.date(2017, 1, 22)})
    assert graph.nodes["urn:e"]["date"] == "2017-01-22"
    assert b"2017-01-22" in written(graph, form).getvalue()


@pytest.mark.parametrize(
    ("given", "node", "attribute", "value"),
    [
        ({"symbol": "10031000"}, "urn:a", "symbol", "10031000"),
        ({"symbol": None}, "urn:a", "symbol", None),
        ({"date": None}, "urn:e", "date", None),
        ({"actorLabel": None}, "urn:a", "label", "urn:a"),
        ({"eventLabel": ""}, "urn:e", "label", "urn:e"),
        ({"actorKind": "urn:kind"}, "urn:a", "kind", "urn:kind"),
        ({}, "urn:a", "kind", "ArmedForce"),
        ({}, "urn:a", "bipartite", "actor"),
        ({}, "urn:e", "bipartite", "event"),
    ],
)
def test_a_node_says_what_is_known_of_it(
    given: dict[str, Any], node: str, attribute: str, value: str | None
) -> None:
    assert network(row(**given)).nodes[node].get(attribute) == value


def test_an_actor_may_have_two_parts_in_an_event() -> None:
    graph = network(row(), row(role=f"{EKG}supportedBy", status=f"{EKG}Contested"), row())
    parts = {(key, data["contested"]) for _, _, key, data in graph.edges(keys=True, data=True)}
    assert parts == {("ekg:performedBy", False), ("ekg:supportedBy", True)}


def test_the_contested_part_of_the_coalition_is_kept_and_marked(kg: KnowledgeGraph) -> None:
    edges = kg.to_networkx().get_edge_data(
        entity("actor", "us-led-coalition"), entity("event", "2017-01-22-al-bab-strike")
    )
    assert edges == {"ekg:performedBy": {"role": "performedBy", "status": "Contested", "contested": True}}


def test_every_edge_goes_from_an_actor_to_an_event(kg: KnowledgeGraph) -> None:
    graph = kg.to_networkx()
    sides = {(graph.nodes[a]["bipartite"], graph.nodes[e]["bipartite"]) for a, e in graph.edges()}
    assert sides == {("actor", "event")}


@pytest.mark.parametrize("kind", ["", "actors", "Actor-Event"])
def test_an_unknown_kind_is_named_with_those_there_are(kind: str) -> None:
    with pytest.raises(UsageError, match=f"network kind {kind!r} found, one of actor-event expected"):
        query_name(kind)
