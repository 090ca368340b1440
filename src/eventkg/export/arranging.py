"""Where the nodes of a network of any size stand: what is tied stands together, the same at every run."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING

import igraph

from eventkg.export.measures import SEED, simple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from eventkg.export.network import Graph

    Place = tuple[float, float]

_ROUNDS, _FEWER, _MANY = (
    600,
    250,
    1_000,
)  # of the forces: for few nodes, for many; from how many they are many
_ROOM = 1.0  # side of the square that a node has for itself
_GAP = 1.0  # between two components
_WIDE = 1.9  # width of the whole over its height


def arrange(network: Graph) -> dict[str, Place]:
    """Each component by Fruchterman's and Reingold's forces (1991) from seeded places, the largest on top.

    The others lie in rows below it, so that no component drifts away and makes all else small.
    """
    graph = simple(network)
    igraph.set_random_number_generator(random.Random(SEED))  # noqa: S311  (no secret)
    parts = sorted(graph.connected_components(), key=lambda part: (-len(part), graph.vs[part[0]]["name"]))
    blocks = [_block(graph.induced_subgraph(part)) for part in parts]
    return {name: place for block in _rows(blocks) for name, place in block.items()}


def _block(part: igraph.Graph) -> dict[str, Place]:
    """A component with its lower left corner at zero."""
    rounds = _ROUNDS if part.vcount() < _MANY else _FEWER
    found = part.layout("fr", niter=rounds).coords if part.vcount() > 1 else [(0.0, 0.0)]
    left, low = min(x for x, _ in found), min(y for _, y in found)
    extent = max(max(x for x, _ in found) - left, max(y for _, y in found) - low) or 1.0
    scale = _ROOM * math.sqrt(part.vcount()) / extent
    places = [((x - left) * scale, (y - low) * scale) for x, y in found]
    return dict(zip(part.vs["name"], places, strict=True))


def _rows(blocks: Iterable[dict[str, Place]]) -> Iterator[dict[str, Place]]:
    """From top to bottom, each row filled from the left."""
    found = [(block, *_size(block)) for block in blocks]
    area = sum((wide + _GAP) * (high + _GAP) for _, wide, high in found)
    width = max([math.sqrt(area * _WIDE), *(wide for _, wide, _ in found)])
    left = top = tallest = 0.0
    for block, wide, high in found:
        if left and left + wide > width:
            left, top, tallest = 0.0, top - tallest - _GAP, 0.0
        yield {name: (left + x, top - high + y) for name, (x, y) in block.items()}
        left, tallest = left + wide + _GAP, max(tallest, high)


def _size(block: dict[str, Place]) -> Place:
    return max(x for x, _ in block.values()), max(y for _, y in block.values())
