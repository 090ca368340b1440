"""How nodes and edges look, the same in every picture and file: colours by kind, sizes by events."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# Colours that stay apart for colour-blind readers (Okabe & Ito 2008), darkened where text stands on them.
KIND_COLOURS = {
    "event": "#d98324",
    "place": "#2e7d5b",
    "equipment": "#8a6d00",
    "State": "#1f5673",
    "ArmedForce": "#0072b2",
    "Coalition": "#5b4b9a",
    "ArmedGroup": "#a23b72",
    "GovernmentBody": "#3a7ca5",
    "CommandPost": "#4f6d7a",
    "MediaOutlet": "#6b705c",
    "Person": "#7f5539",
}
OTHER = "#5f6b73"
PLAIN, CONTESTED = "#8a8f92", "#b3261e"
_SMALLEST, _LARGEST = 4.0, 40.0


def colour_of(data: Mapping[str, Any]) -> str:
    """Of a node: by what it is in a network of two kinds, by its class among actors."""
    side = data.get("bipartite", "actor")
    return KIND_COLOURS.get(data.get("kind", "") if side == "actor" else side, OTHER)


def size_of(data: Mapping[str, Any]) -> float:
    """Of a node: its area grows with the number of its events or claims."""
    number = data.get("events", data.get("claims", 1))
    return min(_LARGEST, _SMALLEST + 3 * math.sqrt(max(number, 1)))


def edge_colour(data: Mapping[str, Any]) -> str:
    """Of an edge: red where contested."""
    return CONTESTED if data.get("contested") else PLAIN


def rgb(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of `#rrggbb`, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
