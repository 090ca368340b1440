"""Measures of a network by igraph, behind the networkx object; each equals networkx's under its definition.

The network is read as undirected and simple: the edges between two nodes count as one whose weight is the
number of events behind them. Weights say how close two nodes are, so for paths (betweenness, closeness) the
length of an edge is 1/weight (Opsahl, Agneessens & Skvoretz 2010, with alpha 1).
"""

from __future__ import annotations

import random
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import igraph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from eventkg.export.network import Graph

    Values = list[float]
    Make = Callable[[igraph.Graph], Values]

SEED = 20170122  # of the random numbers that Leiden draws


class Bounds(NamedTuple):
    """A measure of a node without the contested events, and with them."""

    without: float
    including: float


class Summary(NamedTuple):
    """Figures of the network as a whole."""

    nodes: int
    edges: int
    components: int
    communities: int
    modularity: float
    bridges: tuple[tuple[str, str], ...]
    assortativity: float | None  # by kind of node; None where all are of one kind or there is no edge


def simple(network: Graph, *, contested: bool = True, skip: Iterable[str] = ()) -> igraph.Graph:
    """The undirected network, one edge for each pair of nodes, `weight` the number of events behind it.

    `contested=False` leaves out events whose tie is contested, `skip` the edges of these roles; nodes stay.
    """
    left_out = set(skip)
    weights: dict[tuple[str, str], float] = defaultdict(float)
    for source, target, data in network.edges(data=True):
        weight = data["weight"] - (0 if contested else _contested(data))
        if source != target and weight > 0 and data["role"] not in left_out:
            weights[min(source, target), max(source, target)] += weight
    nodes = sorted(network)
    number = {node: index for index, node in enumerate(nodes)}
    pairs = sorted(weights)
    made = igraph.Graph(n=len(nodes), edges=[(number[a], number[b]) for a, b in pairs], directed=False)
    made.vs["name"] = nodes
    made.vs["kind"] = [str(network.nodes[node].get("kind", "")) for node in nodes]
    made.es["weight"] = [weights[pair] for pair in pairs]
    made.es["length"] = [1 / weights[pair] for pair in pairs]
    return made


def _contested(data: Mapping[str, Any]) -> int:
    number = data.get("contested_events", data.get("contested_claims", 0))
    return int(data["weight"] if data["contested"] else number)


def _shares(values: Iterable[float], nodes: int) -> Values:
    """Of all others that there are."""
    return [value / (nodes - 1) if nodes > 1 else 0.0 for value in values]


def _degree(graph: igraph.Graph) -> Values:
    return [float(value) for value in graph.degree()]


def _strength(graph: igraph.Graph) -> Values:
    return [float(value) for value in graph.strength(weights="weight")]


def _betweenness(graph: igraph.Graph) -> Values:
    pairs = (graph.vcount() - 1) * (graph.vcount() - 2) / 2
    return [value / pairs if pairs else 0.0 for value in graph.betweenness(weights="length")]


def _closeness(graph: igraph.Graph) -> Values:
    """Of each component in itself, times the share of nodes it reaches (Wasserman & Faust 1994)."""
    sizes = graph.connected_components()
    reached = [len(sizes[component]) - 1 for component in sizes.membership]
    values = graph.closeness(weights="length", normalized=True)
    shares = _shares(reached, graph.vcount())
    return [
        value * share if count else 0.0 for value, share, count in zip(values, shares, reached, strict=True)
    ]


def _eigenvector(graph: igraph.Graph) -> Values:
    """Of length 1, in the largest component alone: elsewhere zero, as nothing compares two components."""
    values = [0.0] * graph.vcount()
    if graph.ecount():
        members = max(graph.connected_components(), key=len)
        part = graph.induced_subgraph(members)
        found = part.eigenvector_centrality(weights="weight", scale=True)
        length = sum(value * value for value in found) ** 0.5
        for node, value in zip(sorted(members), found, strict=True):
            values[node] = value / length
    return values


def _pagerank(graph: igraph.Graph) -> Values:
    return list(graph.pagerank(weights="weight", damping=0.85)) if graph.vcount() else []


def _core(graph: igraph.Graph) -> Values:
    return [float(value) for value in graph.coreness()]


def communities(graph: igraph.Graph) -> list[int]:
    """Leiden's communities by modularity (Traag, Waltman & van Eck 2019), numbered by size, largest first."""
    if not graph.ecount():
        return list(range(graph.vcount()))
    igraph.set_random_number_generator(random.Random(SEED))  # noqa: S311  (no secret)
    found = graph.community_leiden(objective_function="modularity", weights="weight", n_iterations=-1)
    order = sorted(range(len(found)), key=lambda group: (-len(found[group]), min(found[group])))
    rank = {group: place for place, group in enumerate(order)}
    return [rank[group] for group in found.membership]


MEASURES: dict[str, Make] = {
    "degree": _degree,
    "weighted_degree": _strength,
    "betweenness": _betweenness,
    "closeness": _closeness,
    "eigenvector": _eigenvector,
    "pagerank": _pagerank,
    "core": _core,
}


def measure(
    network: Graph,
    names: Iterable[str] = tuple(MEASURES),
    *,
    contested: bool = True,
    skip: Iterable[str] = (),
) -> dict[str, dict[str, float]]:
    """Measures by node: {node: {measure: value}}; `contested` and `skip` as in `simple`."""
    graph = simple(network, contested=contested, skip=skip)
    columns = {name: MEASURES[name](graph) for name in names}
    return {
        node: {name: values[index] for name, values in columns.items()}
        for index, node in enumerate(graph.vs["name"])
    }


def bounds(network: Graph, name: str, skip: Iterable[str] = ()) -> dict[str, Bounds]:
    """A measure of every node without and with what is contested: whether a disputed claim matters."""
    without, including = (measure(network, (name,), contested=kept, skip=skip) for kept in (False, True))
    return {node: Bounds(without[node][name], including[node][name]) for node in network}


def summary(network: Graph, *, contested: bool = True, skip: Iterable[str] = ()) -> Summary:
    """Figures of the network as a whole; `contested` and `skip` as in `simple`."""
    graph = simple(network, contested=contested, skip=skip)
    groups = communities(graph)
    return Summary(
        nodes=graph.vcount(),
        edges=graph.ecount(),
        components=len(graph.connected_components()),
        communities=len(set(groups)),
        modularity=graph.modularity(groups, weights="weight") if graph.ecount() else 0.0,
        bridges=tuple(
            (graph.vs[graph.es[edge].source]["name"], graph.vs[graph.es[edge].target]["name"])
            for edge in sorted(graph.bridges())
        ),
        assortativity=_assortativity(graph),
    )


def _assortativity(graph: igraph.Graph) -> float | None:
    """Newman's coefficient (2003) by kind of node."""
    kinds = {kind: number for number, kind in enumerate(sorted(set(graph.vs["kind"])))}
    if len(kinds) < 2 or not graph.ecount():
        return None
    return float(graph.assortativity_nominal([kinds[kind] for kind in graph.vs["kind"]], directed=False))


def series(
    network_of: Callable[[str, str], Graph], windows: Iterable[tuple[str, str]], name: str
) -> dict[str, list[float]]:
    """A measure over time: {node: [value in each window]}, 0 where it is not in the network.

    `network_of(since, until)` makes the network of a window; windows are pairs of ISO days, both included.
    """
    found = [measure(network_of(since, until), (name,)) for since, until in windows]
    nodes = sorted({node for window in found for node in window})
    return {node: [window[node][name] if node in window else 0.0 for window in found] for node in nodes}
