"""Where nodes stand: together where tied, apart where not, and the same at every run."""

from __future__ import annotations

import itertools
import math

import networkx as nx
import pytest
from tests.export.networks import network, part

from eventkg.export.arranging import arrange

SHAPES = {
    "nothing": network(),
    "one tie": network(part()),
    "a star": network(*(part(actor=f"urn:a:{n}") for n in range(30))),
    "pairs": network(*(part(actor=f"urn:a:{n}", event=f"urn:e:{n}") for n in range(40))),
    "a star and pairs": network(
        *(part(actor=f"urn:a:{n}") for n in range(30)),
        *(part(actor=f"urn:b:{n}", event=f"urn:f:{n}") for n in range(9)),
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_every_node_has_a_place_of_its_own_and_keeps_it(name: str) -> None:
    graph = SHAPES[name]
    places = arrange(graph)
    assert places.keys() == set(graph)
    assert len(set(places.values())) == len(places)
    assert places == arrange(graph)


def test_no_two_components_overlap() -> None:
    graph = SHAPES["a star and pairs"]
    places = arrange(graph)
    boxes = [
        tuple(f(places[n][axis] for n in part) for axis in (0, 1) for f in (min, max))
        for part in nx.weakly_connected_components(graph)
    ]
    assert len(boxes) == 10
    for (a0, a1, b0, b1), (c0, c1, d0, d1) in itertools.combinations(boxes, 2):
        assert a1 < c0 or c1 < a0 or b1 < d0 or d1 < b0


def test_what_is_tied_stands_nearer_than_what_is_not() -> None:
    groups = [
        [part(actor=f"urn:{g}:{n}", event=f"urn:e:{g}:{m}") for n in range(5) for m in range(5)] for g in "xy"
    ]
    bridge = part(actor="urn:x:0", event="urn:e:y:0")
    graph = network(*groups[0], *groups[1], bridge)
    places = arrange(graph)
    same: list[float] = []
    other: list[float] = []
    for one, two in itertools.combinations(sorted(graph), 2):
        near = ("x" in one.split(":")) == ("x" in two.split(":"))
        (same if near else other).append(math.dist(places[one], places[two]))
    assert sum(same) / len(same) < sum(other) / len(other) / 1.5
