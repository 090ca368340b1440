"""Measures equal networkx's own under the definitions stated, and contested events move them or do not."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from tests.export.networks import network, part

from eventkg.export import measures
from eventkg.export.measures import Bounds

if TYPE_CHECKING:
    from collections.abc import Callable

    from eventkg import KnowledgeGraph

    Plain = nx.Graph[str]


def tangle(seed: int, actors: int = 25, events: int = 60) -> nx.MultiDiGraph[str]:
    """Random parts of actors in events, in several components."""
    chance = random.Random(seed)  # noqa: S311  (no secret)
    parts = [
        part(f"a{chance.randrange(actors) if n % 4 else n % 3 + actors}", f"e{n}", role)
        for n in range(events)
        for role in ("performedBy", "supportedBy", "target")
        if chance.random() < 0.7
    ]
    return network(*parts, kind="actor-actor")


def plain(graph: nx.MultiDiGraph[str]) -> Plain:
    made: Plain = nx.Graph()
    made.add_nodes_from(graph)
    simple = measures.simple(graph)
    for edge in simple.es:
        ends = (simple.vs[edge.source]["name"], simple.vs[edge.target]["name"])
        made.add_edge(*ends, weight=edge["weight"], length=edge["length"])
    return made


def eigenvector(graph: Plain) -> dict[str, float]:
    largest = graph.subgraph(max(nx.connected_components(graph), key=len))
    return dict.fromkeys(graph, 0.0) | nx.eigenvector_centrality_numpy(largest, weight="weight")


THEIRS: dict[str, Callable[[Plain], dict[str, float]]] = {
    "degree": lambda graph: dict(graph.degree()),
    "weighted_degree": lambda graph: dict(graph.degree(weight="weight")),
    "betweenness": lambda graph: nx.betweenness_centrality(graph, weight="length"),
    "closeness": lambda graph: nx.closeness_centrality(graph, distance="length"),
    "eigenvector": eigenvector,
    "pagerank": lambda graph: nx.pagerank(graph, weight="weight", tol=1e-12, max_iter=1000),
    "core": nx.core_number,
}


def test_every_measure_is_compared() -> None:
    assert set(THEIRS) == set(measures.MEASURES)


@pytest.mark.parametrize("name", THEIRS)
@pytest.mark.parametrize("seed", range(3))
def test_a_measure_equals_that_of_networkx(name: str, seed: int) -> None:
    graph = tangle(seed)
    ours, theirs = measures.measure(graph, (name,)), THEIRS[name](plain(graph))
    assert {node: value[name] for node, value in ours.items()} == pytest.approx(theirs, abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_summary_equals_that_of_networkx(seed: int) -> None:
    graph = tangle(seed)
    told, other = measures.summary(graph), plain(graph)
    assert (told.nodes, told.edges) == (other.number_of_nodes(), other.number_of_edges())
    assert told.components == nx.number_connected_components(other)
    assert {frozenset(pair) for pair in told.bridges} == {frozenset(pair) for pair in nx.bridges(other)}


def test_assortativity_by_kind_equals_that_of_networkx(kg: KnowledgeGraph) -> None:
    graph = kg.to_networkx("actor-actor")
    other = plain(graph)
    nx.set_node_attributes(other, nx.get_node_attributes(graph, "kind"), "kind")
    theirs = nx.attribute_assortativity_coefficient(other, "kind")
    assert measures.summary(graph).assortativity == pytest.approx(theirs)


def test_communities_are_the_same_at_every_run() -> None:
    graph = measures.simple(tangle(4))
    assert measures.communities(graph) == measures.communities(graph)


def test_two_cliques_with_a_bridge_are_two_communities() -> None:
    parts = [part(f"{side}{n}", side) for side in "xy" for n in range(5)]
    told = measures.summary(network(*parts, part("x0", "between"), part("y0", "between"), kind="actor-actor"))
    assert (told.communities, told.bridges) == (2, (("x0", "y0"),))


def test_a_contested_tie_that_joins_two_sides_matters() -> None:
    graph = network(
        part("a", "e"), part("b", "e"), part("c", "f"), part("d", "f"),
        part("b", "disputed"), part("c", "disputed", status="Contested"), kind="actor-actor",
    )  # fmt: skip
    found = measures.bounds(graph, "betweenness")
    assert found["b"] == pytest.approx(Bounds(0.0, 2 / 3))
    assert found["a"] == Bounds(0.0, 0.0)


@pytest.mark.parametrize(
    "parts", [[], [part()], [part("a"), part("b", role="sideA")]], ids=["empty", "one", "untied"]
)
def test_a_network_of_any_size_has_measures(parts: list[object]) -> None:
    graph = network(*parts, kind="actor-event" if parts else "actor-actor")  # type: ignore[arg-type]
    assert set(measures.measure(graph)) == set(graph)
    assert measures.summary(graph).nodes == len(graph)


def test_a_role_may_be_left_out() -> None:
    graph = network(part("a"), part("b"), part("c", role="target"), kind="actor-actor")
    assert measures.measure(graph, ("degree",), skip=("against",))["c"]["degree"] == 0


def test_a_series_has_a_value_for_every_window() -> None:
    windows = [("2017-01-01", "2017-01-31"), ("2017-02-01", "2017-02-28")]
    networks = {
        windows[0]: network(part("a"), part("b"), kind="actor-actor"),
        windows[1]: network(kind="actor-actor"),
    }
    found = measures.series(lambda since, until: networks[since, until], windows, "degree")
    assert found == {"a": [1.0, 0.0], "b": [1.0, 0.0]}
