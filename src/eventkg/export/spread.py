"""A picture of any network: nodes that are tied stand close, the same at every run."""

from __future__ import annotations

import random
import warnings
from typing import IO, TYPE_CHECKING

import igraph
import matplotlib as mpl
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D

from eventkg.export.look import CONTESTED, KIND_COLOURS, OTHER, PLAIN, colour_of, size_of
from eventkg.export.measures import SEED, simple
from eventkg.export.picture import above, drawable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from eventkg.export.network import Graph

    Places = dict[str, tuple[float, float]]

MOST = 2_000  # nodes that a page can show apart
_LABELLED, _CROWDED = 60, 300  # nodes that keep their labels: in full, and how many are drawn at most
_AGAINST = "#7a3e9d"


def draw(network: Graph, target: IO[bytes], *, form: str, foot: Sequence[str] = ()) -> None:
    """Write PNG or SVG: size by events, contested ties dashed and red, hostile ones violet."""
    places = layout(network)
    side = 9 + min(len(network), _CROWDED) / 40  # inches
    with (
        mpl.rc_context({"svg.hashsalt": "eventkg", "svg.fonttype": "none", "font.size": 8}),
        warnings.catch_warnings(),
    ):
        warnings.filterwarnings("ignore", "Glyph .* missing from font")  # a box is drawn, SVG keeps the text
        figure, picture = above(foot, side * 1.25, side)
        axes = picture.add_subplot()
        axes.set_axis_off()
        axes.margins(0.12)
        _draw_ties(network, places, axes)
        _draw_nodes(network, places, axes)
        picture.legend(handles=_legend(network), loc="outside lower center", ncols=5, frameon=False)
        figure.savefig(target, format=form, dpi=130, metadata={"Date": None} if form == "svg" else None)


def layout(network: Graph) -> Places:
    """Fruchterman and Reingold's forces (1991) from seeded places; in a grid where nothing is tied."""
    graph = simple(network)
    igraph.set_random_number_generator(random.Random(SEED))  # noqa: S311  (no secret)
    found = graph.layout("fr", niter=800) if graph.ecount() else graph.layout("grid")
    return {node: (x, y) for node, (x, y) in zip(graph.vs["name"], found.coords, strict=True)}


def _draw_ties(network: Graph, places: Places, axes: Axes) -> None:
    styles = {
        (True, False): (CONTESTED, "--"),
        (True, True): (CONTESTED, "--"),
        (False, True): (_AGAINST, "-"),
        (False, False): (PLAIN, "-"),
    }
    for style, (colour, dashes) in styles.items():
        found = [
            (source, target, data["weight"])
            for source, target, data in network.edges(data=True)
            if (data["contested"], data.get("sign", 0) < 0) == style
        ]
        lines = [(places[source], places[target]) for source, target, _ in found]
        widths = [0.6 + min(4.0, weight**0.5 / 2) for *_, weight in found]
        axes.add_collection(
            LineCollection(lines, colors=colour, linestyles=dashes, linewidths=widths, alpha=0.75, zorder=1)
        )


def _draw_nodes(network: Graph, places: Places, axes: Axes) -> None:
    nodes = list(places)
    axes.scatter(
        [places[node][0] for node in nodes],
        [places[node][1] for node in nodes],
        s=[size_of(network.nodes[node]) ** 1.6 for node in nodes],
        c=[colour_of(network.nodes[node]) for node in nodes],
        edgecolors="white",
        linewidths=0.6,
        zorder=3,
    )
    told = sorted(nodes, key=lambda node: (-network.degree(node), node))
    for node in told[: _LABELLED if len(nodes) > _CROWDED else _CROWDED]:
        axes.annotate(
            drawable(network.nodes[node]["label"])[:40],
            places[node],
            parse_math=False,
            xytext=(0, size_of(network.nodes[node]) / 2 + 2),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=7 if len(nodes) <= _LABELLED else 5.5,
            bbox={"color": "white", "pad": 0.4, "alpha": 0.7},
            zorder=4,
        )


def _legend(network: Graph) -> list[Line2D]:
    colours = {colour_of(data) for _, data in network.nodes(data=True)}
    kinds = [
        Line2D([], [], marker="o", linestyle="", color=colour, label=kind)
        for kind, colour in {**KIND_COLOURS, "other": OTHER}.items()
        if colour in colours
    ]
    signed = any("sign" in data for *_, data in network.edges(data=True))
    against = [Line2D([], [], color=_AGAINST, label="against, or opposed")] if signed else []
    return [
        *kinds,
        Line2D([], [], color=PLAIN, label="tie, uncontested"),
        *against,
        Line2D([], [], color=CONTESTED, linestyle="--", label="contested: one asserts it, another objects"),
    ]
