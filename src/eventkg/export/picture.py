"""A picture of an actor/event network in three columns: who acts, events by date, whom it concerns."""

from __future__ import annotations

import re
import textwrap
import warnings
from typing import IO, TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure, SubFigure
from matplotlib.lines import Line2D

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import networkx as nx
    from matplotlib.axes import Axes

    Places = dict[str, tuple[float, float]]

_ACTOR, _EVENT, _PLAIN, _CONTESTED = "#1f5673", "#d98324", "#8a8f92", "#b3261e"
_PASSIVE = {"target", "recipient"}
_WIDTH, _ROW = 12.0, 0.62  # inches: of the figure, of a node in its column
_LEFT, _MIDDLE, _RIGHT = -1.0, 0.0, 1.0
_LABEL = 0.24, 0.24  # about the width and height of a role in the units of the axes
_TRIES = (0.3, 0.2, 0.4, 0.14, 0.46)  # of the way from actor to event: where a role may stand
FOOT_LINE = 0.135  # inches
_LINE = 30  # characters of a label before it is wrapped
_DPI, _TALLEST = 150, 30_000  # pixels: an inch, a picture
# What SVG cannot hold, and what turns the direction of writing.
_UNDRAWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def draw(network: nx.MultiDiGraph[str], target: IO[bytes], *, form: str, foot: Sequence[str] = ()) -> None:
    """Write PNG or SVG above its foot; contested parts are dashed; the same network, the same picture."""
    places = layout(network)
    rows = max(
        (sum(x == column for x, _ in places.values()) for column in (_LEFT, _MIDDLE, _RIGHT)), default=1
    )
    height = max(3.0, _ROW * rows + 1.2)
    with (
        mpl.rc_context({"svg.hashsalt": "eventkg", "svg.fonttype": "none", "font.size": 9}),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # a box is drawn, SVG keeps the text
        figure, picture = above(foot, _WIDTH, height)
        axes = picture.add_subplot()
        axes.set_axis_off()
        _draw_edges(network, places, axes)
        _draw_nodes(network, places, axes)
        axes.set_xlim(-1.75, 1.75)
        axes.margins(y=0.12)
        picture.legend(handles=_legend(), loc="outside lower center", ncols=4, frameon=False)
        dpi = min(_DPI, _TALLEST / figure.get_figheight())
        figure.savefig(target, format=form, dpi=dpi, metadata={"Date": None} if form == "svg" else None)


def above(foot: Sequence[str], width: float, height: float) -> tuple[Figure, SubFigure]:
    """A figure whose foot says whose world it is and from where, and its part of so many inches above."""
    below = FOOT_LINE * (len(foot) + 1)
    figure = Figure(figsize=(width, height + below), layout="constrained")
    parts: Any = figure.subfigures(2, 1, height_ratios=[height, below])
    picture, told = parts
    text = "\n".join(map(drawable, foot))
    style = {"fontsize": 6.5, "color": "#444444", "linespacing": 1.3, "parse_math": False}
    told.text(0.01, 0.95, text, va="top", **style)
    return figure, picture


def layout(network: nx.MultiDiGraph[str]) -> Places:
    """Events in the middle by date; actors beside them, each near the events it has a part in."""
    nodes: dict[str, dict[str, str]] = {node: network.nodes[node] for node in network}
    events = [node for node, data in nodes.items() if data["bipartite"] == "event"]
    events.sort(key=lambda node: (nodes[node].get("first", ""), node))
    places = dict(_column(events, _MIDDLE))
    passive = {node for node in network if node not in places and _is_passive(node, network)}
    for column, actors in ((_LEFT, set(network) - set(places) - passive), (_RIGHT, passive)):
        heights = {actor: _mean(places[event][1] for event in network.successors(actor)) for actor in actors}
        places |= _column(sorted(actors, key=lambda actor: (-heights[actor], actor)), column)
    return places


def _column(nodes: list[str], x: float) -> Places:
    """From top to bottom, centred on zero."""
    return {node: (x, (len(nodes) - 1) / 2 - row) for row, node in enumerate(nodes)}


def _is_passive(actor: str, network: nx.MultiDiGraph[str]) -> bool:
    roles = {data["role"] for _, _, data in network.out_edges(actor, data=True)}
    return bool(roles) and roles <= _PASSIVE


def _mean(numbers: Iterable[float]) -> float:
    found = list(numbers)
    return sum(found) / len(found) if found else 0.0


def _draw_edges(network: nx.MultiDiGraph[str], places: Places, axes: Axes) -> None:
    taken: list[tuple[float, float]] = []
    for actor, event, data in sorted(
        network.edges(data=True), key=lambda edge: (edge[0], edge[1], edge[2]["role"])
    ):
        (x0, y0), (x1, y1) = places[actor], places[event]
        contested = data["contested"]
        axes.plot(
            [x0, x1],
            [y0, y1],
            color=_CONTESTED if contested else _PLAIN,
            linestyle="--" if contested else "-",
            linewidth=1.8 if contested else 1.1,
            zorder=1,
        )
        spots = [(x0 + (x1 - x0) * near, y0 + (y1 - y0) * near) for near in _TRIES]
        spot = next((spot for spot in spots if _is_free(spot, taken)), spots[0])
        taken.append(spot)
        axes.annotate(
            drawable(data["role"]),
            spot,
            parse_math=False,
            fontsize=6.5,
            color=_CONTESTED if contested else "#555555",
            ha="center",
            va="center",
            bbox={"color": "white", "pad": 0.6},
            zorder=2,
        )


def _draw_nodes(network: nx.MultiDiGraph[str], places: Places, axes: Axes) -> None:
    sides = {
        _LEFT: ("right", -9, "o", _ACTOR),
        _MIDDLE: ("center", 0, "s", _EVENT),
        _RIGHT: ("left", 9, "o", _ACTOR),
    }
    for node, (x, y) in places.items():
        anchor, shift, marker, colour = sides[x]
        axes.scatter([x], [y], s=110, marker=marker, color=colour, zorder=3)
        axes.annotate(
            _wrapped(network.nodes[node]["label"]),
            (x, y),
            parse_math=False,
            xytext=(shift, 9 if x == _MIDDLE else 0),
            textcoords="offset points",
            ha=anchor,
            va="bottom" if x == _MIDDLE else "center",
            bbox={"color": "white", "pad": 0.8, "alpha": 0.85},
            zorder=4,
        )


def _is_free(spot: tuple[float, float], taken: list[tuple[float, float]]) -> bool:
    width, height = _LABEL
    return not any(abs(spot[0] - x) < width and abs(spot[1] - y) < height for x, y in taken)


def drawable(text: str) -> str:
    """Text with a replacement character for each that a picture cannot hold."""
    return _UNDRAWABLE.sub("\ufffd", text)


def _wrapped(label: str) -> str:
    """Lines of about the same length; a word is broken only if it is longer than a line may be."""
    text = drawable(label)
    lines = max(1, -(-len(text) // _LINE))
    longest = max(map(len, text.split()), default=1)
    for width in (max(len(text) // lines + 4, longest), _LINE):
        wrapped = textwrap.wrap(text, min(width, _LINE), break_on_hyphens=False)
        if len(wrapped) <= lines:
            break
    return "\n".join(wrapped)


def _legend() -> list[Line2D]:
    return [
        Line2D([], [], marker="o", linestyle="", color=_ACTOR, label="actor"),
        Line2D([], [], marker="s", linestyle="", color=_EVENT, label="event"),
        Line2D([], [], color=_PLAIN, label="takes part, uncontested"),
        Line2D([], [], color=_CONTESTED, linestyle="--", label="contested: one asserts it, another objects"),
    ]
